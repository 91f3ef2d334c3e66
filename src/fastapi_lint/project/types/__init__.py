"""What kind of value an expression gives, as far as the code says."""

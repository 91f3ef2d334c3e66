"""What endpoints take from a request and make of a response."""

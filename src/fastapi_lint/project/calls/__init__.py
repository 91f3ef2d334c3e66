"""Who calls what, on which thread, and what is reached that way."""

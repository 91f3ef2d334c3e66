"""Sessions, queries, and the objects that they load."""

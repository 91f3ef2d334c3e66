"""The facts of all files, resolved: what the checks ask, in FastAPI's words."""

"""Rules of the group pydantic."""

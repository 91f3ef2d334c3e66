"""Rules of the group architecture."""

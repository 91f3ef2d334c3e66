"""Rules of the group database."""

"""Rules of the group background."""

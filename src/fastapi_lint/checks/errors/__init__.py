"""Rules of the group errors."""

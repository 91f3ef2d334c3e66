"""Rules of the group settings."""

"""Rules of the group deployment."""

"""Rules of the group routes."""

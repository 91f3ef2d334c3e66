"""Rules of the group health."""

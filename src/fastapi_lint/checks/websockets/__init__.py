"""Rules of the group websockets."""

"""Rules of the group concurrency."""

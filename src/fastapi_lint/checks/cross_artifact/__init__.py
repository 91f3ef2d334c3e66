"""Rules of the group cross_artifact."""

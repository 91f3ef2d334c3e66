"""The dependency graph, and what dependencies hand over and release."""

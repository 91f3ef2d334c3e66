"""Code and deployment files against each other."""

"""Health checks: which routes they are, and what they answer."""

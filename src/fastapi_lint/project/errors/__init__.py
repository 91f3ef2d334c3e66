"""Exceptions: where they are raised, caught, hidden and answered."""

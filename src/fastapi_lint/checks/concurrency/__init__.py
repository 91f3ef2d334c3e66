"""Async code and blocking calls."""

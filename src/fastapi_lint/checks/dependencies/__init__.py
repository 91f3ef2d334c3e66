"""Dependency injection."""

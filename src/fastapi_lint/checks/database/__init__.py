"""Engines and sessions."""

"""Pydantic models: their fields, options and defaults."""

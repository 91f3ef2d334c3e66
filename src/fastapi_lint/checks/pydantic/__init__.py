"""Pydantic models."""

"""Configuration with Pydantic settings."""

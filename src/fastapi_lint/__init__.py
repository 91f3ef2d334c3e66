"""Static linter and architecture checker for FastAPI projects and their deployment."""

__version__ = "0.1.0"

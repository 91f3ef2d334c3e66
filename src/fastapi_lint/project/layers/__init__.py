"""Roles of symbols, layers, and the project's layout."""

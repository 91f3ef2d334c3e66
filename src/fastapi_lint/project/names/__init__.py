"""Modules, scopes and symbols: what a name means."""

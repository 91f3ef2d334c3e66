"""The rules: one module each, with a function `check(project)` that yields findings."""

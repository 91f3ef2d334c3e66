"""What a module imports, and which module imports which."""

"""Project structure and the responsibilities of layers."""

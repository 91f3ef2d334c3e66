"""Settings: their classes, providers, fields and use, and the environment they read."""

"""Images, services and start commands."""

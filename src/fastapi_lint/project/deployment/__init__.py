"""What is started in production, in which files and environment, and whether the code is there."""

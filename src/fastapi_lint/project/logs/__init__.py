"""What is written to a log, and by whom."""

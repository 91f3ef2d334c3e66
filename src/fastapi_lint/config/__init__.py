"""What the user asked for: found, read, validated, and explained where it is wrong."""

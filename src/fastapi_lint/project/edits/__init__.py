"""Text edits that mend findings."""

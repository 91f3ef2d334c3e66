"""One module for each format of a report. A report is text; nothing here prints."""

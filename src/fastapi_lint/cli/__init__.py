"""The command line: parse, call, choose the exit code."""

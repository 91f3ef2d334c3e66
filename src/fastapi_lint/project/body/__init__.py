"""The inside of a function: its statements, its ways, and what stands around a place."""

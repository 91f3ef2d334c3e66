"""What endpoints do with their WebSocket."""

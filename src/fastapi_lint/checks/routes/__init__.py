"""Apps, routers and routes."""

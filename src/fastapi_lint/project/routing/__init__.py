"""The route table: which apps and routers there are, and every route with its full path, in order."""

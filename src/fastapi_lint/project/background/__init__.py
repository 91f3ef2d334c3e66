"""Tasks that outlive a request, and what they take along."""

"""Who is let in, and which secrets are given away."""

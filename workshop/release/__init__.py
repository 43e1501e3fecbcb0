"""A release: synthetic data with everything that a stranger needs to use them, and nothing that gives somebody away."""

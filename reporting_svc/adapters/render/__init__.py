"""A document written down: one renderer a format, in a registry."""

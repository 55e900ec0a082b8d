"""What the service does, a module a capability."""

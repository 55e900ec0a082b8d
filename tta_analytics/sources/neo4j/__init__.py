"""TTA's graph over Bolt: both models of sessions, and progress."""

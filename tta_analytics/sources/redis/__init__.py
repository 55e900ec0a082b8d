"""TTA's cache: running sessions and their analytics, by SCAN. Nothing is ever written there."""

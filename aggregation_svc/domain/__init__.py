"""Pure rules and mathematics: no I/O, no clock, no global state."""

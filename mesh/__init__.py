"""What every process shares: settings, server, channels, identity, errors, telemetry, database, bus."""

"""Alerts: from a signal to a stream, durable in PostgreSQL; how many a second; beside Alertmanager or the naive way."""

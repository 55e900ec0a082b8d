"""Signals and metrics in; durable alerts out."""

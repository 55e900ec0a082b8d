"""Releases in; documents and dashboards out."""

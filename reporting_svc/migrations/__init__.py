"""The schema of reporting, revision by revision."""

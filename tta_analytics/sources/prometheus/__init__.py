"""TTA's own Prometheus: chosen series as metrics for the detectors and the system reports."""

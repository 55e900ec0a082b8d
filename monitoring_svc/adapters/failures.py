"""Failures that must not stop the way of a signal: counted, logged without any text of a player."""

import logging

from mesh.telemetry import counter
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.routing import Channel

_LOG = logging.getLogger("monitoring_svc")
_FAILED = counter("monitoring_failures", "Failures that were survived, by what failed", ["what"])
_FINISHED = counter("notifications", "Messages that arrived or were given up", ["channel", "outcome"])
_ATTEMPTS = counter("notification_failed_attempts", "Attempts that failed", ["channel"])


class LoggedFailures:
    """Counts by name, logs the kind of the error."""

    def failed(self, what: str, error: Exception) -> None:
        """Count and log."""
        _FAILED.labels(what).inc()
        _LOG.warning("%s failed: %s", what, type(error).__name__, extra={"event": what})


class DeliveryFigures:
    """What operators see of deliveries."""

    def finished(self, channel: Channel, state: DeliveryState) -> None:
        """Count an outcome."""
        _FINISHED.labels(channel.value, state.value).inc()

    def failed_attempt(self, channel: Channel) -> None:
        """Count an attempt that failed."""
        _ATTEMPTS.labels(channel.value).inc()

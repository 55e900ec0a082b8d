"""Failures as log lines and a metric, without ids or text."""

import logging

from mesh.telemetry import counter
from reporting_svc.ports import Problems

_LOG = logging.getLogger(__name__)

FAILED = counter("reporting_failures", "Reports, deliveries and other work that failed", ["what"])


class LoggedProblems(Problems):
    """Tells operators what went wrong."""

    def failed(self, what: str, error: BaseException) -> None:
        """Note a failure."""
        FAILED.labels(what).inc()
        _LOG.warning("reporting_failed", exc_info=error, extra={"task": what})

"""Telling the operators that somebody was revealed: a line in the log stream and a counter to alert on."""

import logging

from mesh.telemetry import counter

_LOG = logging.getLogger(__name__)

REVEALED = counter("subjects_revealed", "Players whose sealed id was revealed to a permitted caller")


def notice() -> None:
    """Say that somebody was revealed; who by, and whom, is in the audit trail alone."""
    REVEALED.inc()
    _LOG.warning("subject_revealed")

"""Tokens that outlast a slow test: those of services last five minutes, which a slow machine needs for one wait."""

from datetime import timedelta

from mesh.identity import service_token
from mesh.settings import Settings

LIFETIME = timedelta(hours=2)
"""Longer than any test may take."""


def lasting_token(settings: Settings, name: str, role: str = "service") -> str:
    """Return a token of a caller for the whole of a test, streams that end with it included."""
    return service_token(settings, name, role=role, lifetime=LIFETIME)

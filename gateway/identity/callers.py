"""Whose token a request carries, for rates and pages. The services check it again, and they decide."""

from typing import Protocol

from mesh.identity import Caller
from mesh.refusal import Refusal


class Verifier(Protocol):
    """Checks access tokens."""

    async def caller(self, token: str) -> Caller:
        """Return the caller of a valid access token; raises a `Refusal` for any other."""


class Callers:
    """Tells whose token it is."""

    def __init__(self, verifier: Verifier | None) -> None:
        """Take what checks tokens; none while authentication is off, when nobody is told apart."""
        self._verifier = verifier

    async def read(self, token: str) -> Caller | None:
        """Return whose token it is; none where that cannot be told."""
        if self._verifier is None or not token:
            return None
        try:
            return await self._verifier.caller(token)
        except Refusal:
            return None  # the service behind says why; here it only means: not known

    async def name(self, token: str) -> str | None:
        """Return the name of a token's caller; none where it cannot be told."""
        caller = await self.read(token)
        return caller.name if caller else None

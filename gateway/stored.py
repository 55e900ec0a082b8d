"""Stored releases that a service has just shown to a caller, shown to the same caller again without asking it.

A stored release never changes. Who may see it the service decides, by the token and nothing else; what it decided holds
here for ten seconds and this very token, while the token does. A refusal is never kept.
"""

import weakref
from collections import OrderedDict
from collections.abc import Callable

from google.protobuf.message import Message

from gateway.bodies import Body
from gateway.caching import IMMUTABLE
from gateway.context import Context
from gateway.transcoding.image import Call

SECONDS = 10.0
"""How long a decision of the service holds."""
_KEPT = 4096

Key = tuple[str, str, bytes]


def key(call: Call, request: Message, known: Context) -> Key | None:
    """Return what an answer to a caller is known by; none where the service must be asked each time."""
    if call.path not in IMMUTABLE or not known.caller:
        return None
    return known.credentials.token, call.path, request.SerializeToString(deterministic=True)


class Shown:
    """Which bodies the service let which tokens see. It holds none of them: those that are not kept are asked for."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take the time in seconds from `clock`."""
        self._clock = clock
        self._bodies: OrderedDict[Key, tuple[weakref.ref[Body], float]] = OrderedDict()

    def get(self, key: Key) -> Body | None:
        """Return the body that was shown under `key` a moment ago."""
        body, until = self._bodies.get(key, (None, 0.0))
        return body() if body is not None and self._clock() < until else None

    def keep(self, key: Key, body: Body) -> None:
        """Remember that the service answered so, now."""
        self._bodies.pop(key, None)
        self._bodies[key] = weakref.ref(body), self._clock() + SECONDS
        if len(self._bodies) > _KEPT:
            self._bodies.popitem(last=False)

"""JSON of released data, kept: the same answer is rendered once, however often it is asked for.

What is kept follows from the answer alone; who may see it the service decides.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from gateway.caching import etag


@dataclass(slots=True, weakref_slot=True)
class Body:
    """An answer's JSON."""

    plain: bytes
    tag: str
    """Its weak validator."""
    gzipped: bytes = field(default=b"")
    """The same as gzip, once somebody took it so."""

    @classmethod
    def of(cls, plain: bytes) -> "Body":
        """Return the body of this JSON."""
        return cls(plain, etag(plain))


class Bodies:
    """The bodies rendered last, by call and answer."""

    def __init__(self, capacity: int = 4 << 20) -> None:
        """Keep answers of `capacity` bytes together; with their JSON that is about six times as much memory."""
        self._kept: OrderedDict[tuple[str, bytes], Body] = OrderedDict()
        self._capacity, self._held = capacity, 0

    async def get(self, call: str, answer: bytes, render: Callable[[], Awaitable[bytes]]) -> Body:
        """Return the body of a service's answer, rendered where it is new."""
        key = (call, answer)
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        body = Body.of(await render())
        if key not in self._kept:
            self._held += len(answer)
        self._kept[key] = body
        while self._held > self._capacity:
            (_, oldest), _ = self._kept.popitem(last=False)
            self._held -= len(oldest)
        return body

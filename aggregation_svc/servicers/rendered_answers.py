"""Answers kept as bytes: stored releases do not change, and thousands of figures take milliseconds to render.

Serialising them again for every call took a tenth of a millisecond of the event loop for 30 kB.
"""

from collections import OrderedDict
from typing import Any

Key = tuple[str, ...]
Serialised = Any
"""What a handler answers where it answers with bytes: the generated base classes know of messages only."""


class RenderedAnswers:
    """The answers asked for last, within two limits: the same in ever other words takes no more memory."""

    def __init__(self, *, most: int = 256, most_bytes: int = 16 << 20) -> None:
        """Keep at most `most` answers and `most_bytes` bytes of them."""
        self._most, self._most_bytes = most, most_bytes
        self._answers: OrderedDict[Key, bytes] = OrderedDict()
        self.bytes = 0
        """Bytes of what is kept."""

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._answers)

    def get(self, key: Key) -> bytes | None:
        """Return the answer kept under `key`."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def keep(self, key: Key, answer: bytes) -> None:
        """Keep a serialised answer; those nobody asked for longest leave where a limit is passed."""
        if key in self._answers:
            return
        self._answers[key] = answer
        self.bytes += len(answer)
        while len(self._answers) > self._most or self.bytes > self._most_bytes:
            self.bytes -= len(self._answers.popitem(last=False)[1])

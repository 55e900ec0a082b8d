"""Answers kept as protobuf: stored releases do not change, and thousands of figures take milliseconds to render."""

from collections import OrderedDict
from typing import Any

from google.protobuf.message import Message

Key = tuple[str, ...]


class RenderedAnswers:
    """The newest answers within two limits: whoever asks the same in ever other words takes no more memory."""

    def __init__(self, *, most: int = 256, most_bytes: int = 16 << 20) -> None:
        """Keep at most `most` answers and `most_bytes` bytes of them, serialised."""
        self._most, self._most_bytes = most, most_bytes
        self._answers: OrderedDict[Key, Message] = OrderedDict()
        self.bytes = 0
        """Bytes of what is kept."""

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._answers)

    def get(self, key: Key) -> Any:
        """Return the answer kept under `key`, or None."""
        return self._answers.get(key)

    def keep(self, key: Key, answer: Message) -> None:
        """Keep an answer; the oldest leave where a limit is passed."""
        if key in self._answers:
            return
        self._answers[key] = answer
        self.bytes += answer.ByteSize()
        while len(self._answers) > self._most or self.bytes > self._most_bytes:
            self.bytes -= self._answers.popitem(last=False)[1].ByteSize()

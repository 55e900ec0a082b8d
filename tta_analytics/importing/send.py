"""Lines of a file through the client's ingest; what the service refuses comes back by line and column."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from google.protobuf.message import Message

from tta_analytics.client.ingest import BATCH, Ingest, Sent
from tta_analytics.importing.rows import Reject

__all__ = ["BATCH", "Line", "Sender"]

_PLACE = re.compile(r"\b\w+\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Line:
    """A fact and the line that it came from."""

    number: int
    fact: Message


class Sender:
    """Sends lines of one kind and tells what became of them."""

    def __init__(self, ingest: Ingest, column: Callable[[str], str] = str) -> None:
        """Send through `ingest`; `column` names the file's column of a field."""
        self._ingest, self._column = ingest, column

    async def send(self, lines: Sequence[Line]) -> tuple[Sent, list[Reject]]:
        """Send lines until each is durable or rejected; answer the service's counts and the rejects.

        Raises:
            Refusal: What is no fault of a line: no permission, the service away, its limits.
        """
        sent = await self._ingest.send([line.fact for line in lines])
        rejects = [
            Reject(lines[one.index].number, self._column(one.field), _by_line(lines, one.reason))
            for one in sent.refused
        ]
        return sent, rejects


def _by_line(lines: Sequence[Line], reason: str) -> str:
    """Name other records by the lines that they came from."""
    return _PLACE.sub(
        lambda match: f"line {lines[int(match[1])].number}" if int(match[1]) < len(lines) else match[0], reason
    )

"""Records one by one into batches: the sender waits while the service is behind."""

from collections.abc import Iterable
from dataclasses import replace

from google.protobuf.message import Message

from tta_analytics.client.ingest import BATCH, Ingest, Sent


class Stream:
    """Collects records and sends each full batch; never holds more than one batch."""

    def __init__(self, ingest: Ingest) -> None:
        """Send through `ingest`."""
        self._ingest = ingest
        self._batch: list[Message] = []
        self._done = 0
        self.sent = Sent()
        """What became of the records so far; indexes count from the first record added."""

    async def add(self, record: Message) -> None:
        """Take a record; returns once there is room for the next. Raises Refusal as `Ingest.send` does."""
        self._batch.append(record)
        if len(self._batch) >= BATCH:
            await self.flush()

    async def extend(self, records: Iterable[Message]) -> None:
        """Take records, one after the other."""
        for record in records:
            await self.add(record)

    async def flush(self) -> None:
        """Send what is collected."""
        if not self._batch:
            return
        sent = await self._ingest.send(self._batch)
        counts = {name: self.sent.counts.get(name, 0) + count for name, count in sent.counts.items()}
        moved = tuple(replace(one, index=one.index + self._done) for one in sent.refused)
        self.sent = Sent(counts, self.sent.refused + moved)
        self._done += len(self._batch)
        self._batch = []

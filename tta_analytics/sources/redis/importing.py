"""One run over the cache: facts of sessions and progress, and a signal for each record that changed since the last."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

from google.protobuf.message import Message

from tta_analytics.client.ingest import KINDS, Ingest
from tta_analytics.importing.records import RecordParser
from tta_analytics.importing.rows import Row
from tta_analytics.sources.choices import Choices
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.players import Players, UnknownPlayer
from tta_analytics.sources.redis.cache import Read
from tta_analytics.sources.redis.records import Draft, Drafts, Malformed, Shape
from tta_analytics.sources.tally import Tally


class Records(Protocol):
    """Where records come from."""

    def records(self, pattern: str) -> AsyncIterator[list[Read]]:
        """Yield the records of the keys that match, some at a time."""
        ...


class CacheImport:
    """Imports the records of one family of keys after the other."""

    def __init__(
        self,
        cache: Records,
        players: Players,
        marks: Marks,
        open_ingest: Callable[[str], Ingest] | None,
        now: datetime,
        choices: Choices | None = None,
    ) -> None:
        """Read `cache` as of `now` and send to what `open_ingest` opens for a kind; none for a dry run."""
        self._choices = choices or Choices()
        self._cache, self._players, self._marks, self._open, self._now = cache, players, marks, open_ingest, now
        self._parsers = {kind: RecordParser(KINDS[kind].record, {}) for kind in ("sessions", "progress", "signals")}

    async def run(self, shape: Shape) -> Tally:
        """Import the records of a family. A signal is sent where its record changed since the mark.

        Raises:
            Refusal: The cache or a service is away; what was sent stays, and the mark does not move.
        """
        tally = Tally()
        since = newest = self._marks.get(shape.pattern)
        async for some in self._cache.records(shape.pattern):
            ready: dict[str, list[Message]] = {}
            for read in some:
                tally.read += 1
                found = self._drafts(shape, read, tally)
                if found is None:
                    continue
                if found.changed is not None and (newest is None or found.changed > newest):
                    newest = found.changed
                known = since is not None and found.changed is not None and found.changed <= since
                for kind, message in self._messages(found, tally):
                    if not (known and kind == "signals"):
                        tally.ready += 1
                        ready.setdefault(kind, []).append(message)
            for kind, messages in ready.items():
                await self._send(kind, messages, tally)
        if newest is not None and self._open is not None:
            self._marks.raise_to(shape.pattern, min(newest, self._now))
        return tally

    def _drafts(self, shape: Shape, read: Read, tally: Tally) -> Drafts | None:
        if read.expired:
            tally.expired += 1
        elif read.record is None:
            tally.refuse("", f"the value {read.wrong}")
        else:
            try:
                return shape.read(read.record)
            except Malformed as malformed:
                tally.refuse("", f"the record {malformed}")
        return None

    def _messages(self, found: Drafts, tally: Tally) -> Iterator[tuple[str, Message]]:
        try:
            player = self._players.canonical(found.player, found.named)
        except UnknownPlayer as unknown:
            tally.refuse("player", str(unknown))
            return
        for draft in found.drafts:
            if not self._choices.allow(player, draft.kind):
                tally.without_consent += 1
                continue
            message = self._message(player, draft)
            if isinstance(message, tuple):
                tally.refuse(*message)
            else:
                yield draft.kind, message

    def _message(self, player: str, draft: Draft) -> Any:
        parsed = self._parsers[draft.kind].parse(Row(1, {"user_id": player, **draft.values}), self._now)
        if isinstance(parsed, list):
            return parsed[0].field, parsed[0].reason
        for name, figure in draft.measures.items():
            parsed.measures[name] = figure  # type: ignore[attr-defined]
        return parsed

    async def _send(self, kind: str, messages: list[Message], tally: Tally) -> None:
        if self._open is None:
            return
        sent = await self._open(kind).send(messages)
        if kind == "signals":
            tally.stored += sent.counts["accepted"]
            tally.alerts += sent.counts["alerts_opened"] + sent.counts["alerts_repeated"]
        else:
            tally.count(sent)
            return
        for one in sent.refused:
            tally.refuse(one.field, one.reason)

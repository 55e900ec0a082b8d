"""Stored `PrivacySettings` of TTA's players into consent: a decision each, never over a newer one made here."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from tta.analytics.v1 import ingestion_pb2

from tta_analytics.client.connection import AsyncClient
from tta_analytics.importing.records import EARLIEST
from tta_analytics.importing.rows import Reject, Row
from tta_analytics.sources.choices import Decided, WrongTime, decided
from tta_analytics.sources.players import Players, UnknownPlayer
from tta_analytics.sources.tally import Tally

AT_ONCE = 50
"""Rows whose decisions are set by one call."""


class ConsentImport:
    """Sets consent by rows of settings."""

    def __init__(self, client: AsyncClient, players: Players, now: datetime) -> None:
        """Set it through `client`, whose caller must have `ingest`."""
        self._client, self._players, self._now = client, players, now

    async def run(self, rows: Iterable[Row | Reject]) -> Tally:
        """Set each player's consent; a player whose settings do not say when they were changed decided nothing.

        The service compares moments: rows may come in any order, and what was decided here later stands.

        Raises:
            Refusal: The service is away, or refuses the caller. What was set stays; the same run again is no harm.
        """
        tally = Tally()
        waiting = iter(rows)
        while some := list(islice(waiting, AT_ONCE)):
            tally.read += len(some)
            decisions = [_message(one) for row in some if (one := self._decided(row, tally)) is not None]
            if decisions:
                await self._set(decisions, tally)
        return tally

    def _decided(self, row: Row | Reject, tally: Tally) -> Decided | None:
        if isinstance(row, Reject):
            tally.refuse(row.field, row.reason)
            return None
        try:
            found = decided(row, self._players, self._now)
        except UnknownPlayer as unknown:
            tally.refuse("player_id", str(unknown))
            return None
        except WrongTime as wrong:
            tally.refuse("changed_at", str(wrong))
            return None
        if found is not None and found.changed < EARLIEST:
            tally.refuse("changed_at", "must not be before 2000-01-01")
            return None
        tally.unfinished += found is None
        return found

    async def _set(self, decisions: list[ingestion_pb2.ConsentDecision], tally: Tally) -> None:
        answer = await self._client.ingestion.SetConsents(ingestion_pb2.SetConsentsRequest(decisions=decisions))
        tally.stored += answer.changed
        tally.unchanged += answer.unchanged + answer.superseded
        for _ in range(answer.refused):
            tally.refuse("player_id", "was erased; only the player's own call lets them in again")


def _message(one: Decided) -> ingestion_pb2.ConsentDecision:
    message = ingestion_pb2.ConsentDecision(
        user_id=one.player, analytics=one.wanted.analytics, research=one.wanted.research
    )
    message.decided_at.FromDatetime(one.changed)
    return message

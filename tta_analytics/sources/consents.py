"""Stored `PrivacySettings` of TTA's players into consent: a decision each, never over a newer one made here."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice

from tta.analytics.v1 import ingestion_pb2, privacy_pb2

from tta_analytics.client.connection import AsyncClient
from tta_analytics.importing.rows import Reject, Row
from tta_analytics.sources.choices import Decided, WrongTime, decided
from tta_analytics.sources.players import Players, UnknownPlayer
from tta_analytics.sources.tally import Tally

AT_ONCE = 50
"""Players whose consent is looked up together and set by one call."""
LONGEST_HISTORY = 1_000
"""Decisions of one player that are looked through."""


class ConsentImport:
    """Sets consent by rows of settings."""

    def __init__(self, client: AsyncClient, players: Players, now: datetime) -> None:
        """Set it through `client`, whose caller must have `ingest` and `access_audit_logs`."""
        self._client, self._players, self._now = client, players, now

    async def run(self, rows: Iterable[Row | Reject]) -> Tally:
        """Set each player's consent; a player whose settings do not say when they were changed decided nothing.

        Raises:
            Refusal: The service is away, or refuses the caller. What was set stays; the same run again is no harm.
        """
        tally = Tally()
        waiting = iter(rows)
        while some := list(islice(waiting, AT_ONCE)):
            tally.read += len(some)
            newest: dict[str, Decided] = {}
            for row in some:
                if (found := self._decided(row, tally)) is None:
                    continue
                known = newest.get(found.player)
                tally.unchanged += known is not None
                if known is None or found.changed >= known.changed:
                    newest[found.player] = found
            wanted = await asyncio.gather(*(self._wanted(one) for one in newest.values()))
            decisions = [decision for decision in wanted if decision is not None]
            tally.unchanged += len(wanted) - len(decisions)
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
        tally.unfinished += found is None
        return found

    async def _wanted(self, one: Decided) -> ingestion_pb2.ConsentDecision | None:
        """Return what is to be set; None where it stands already."""
        standing = await self._client.privacy.GetConsent(privacy_pb2.GetConsentRequest(user_id=one.player))
        analytics, research = one.wanted.analytics, one.wanted.research
        if standing.HasField("changed_at") and standing.changed_at.ToDatetime(tzinfo=UTC) > one.changed:
            kept = await self._said_here_since(one) if standing.analytics or standing.research else frozenset[str]()
            # What stands may have been decided before and only recorded later: a no counts, a yes may be outdated.
            analytics = standing.analytics and (analytics or "analytics" in kept)
            research = standing.research and (research or "research" in kept)
        if (standing.analytics, standing.research) == (analytics, research):
            return None
        return ingestion_pb2.ConsentDecision(user_id=one.player, analytics=analytics, research=research)

    async def _set(self, decisions: list[ingestion_pb2.ConsentDecision], tally: Tally) -> None:
        answer = await self._client.ingestion.SetConsents(ingestion_pb2.SetConsentsRequest(decisions=decisions))
        tally.stored += answer.changed
        tally.unchanged += answer.unchanged
        for _ in range(answer.refused):
            tally.refuse("player_id", "was erased; only the player's own call lets them in again")

    async def _said_here_since(self, one: Decided) -> frozenset[str]:
        """Return the purposes that the player last decided here by their own call, later than the row."""
        asked = privacy_pb2.ListConsentHistoryRequest(user_id=one.player, page_size=LONGEST_HISTORY)
        newest: dict[str, privacy_pb2.ConsentChange] = {}
        for change in (await self._client.privacy.ListConsentHistory(asked)).changes:
            newest.setdefault(change.purpose, change)
        return frozenset(
            purpose
            for purpose, change in newest.items()
            if change.basis == "player" and change.changed_at.ToDatetime(tzinfo=UTC) > one.changed
        )

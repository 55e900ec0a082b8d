"""Stored `PrivacySettings` of TTA's players into consent: a decision each, never over a newer one made here."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from tta.analytics.v1 import ingestion_pb2, privacy_pb2

from mesh.refusal import FailedPrecondition
from tta_analytics.client.connection import AsyncClient
from tta_analytics.importing.records import LATEST_AHEAD
from tta_analytics.importing.rows import Reject, Row
from tta_analytics.sources.moments import moment
from tta_analytics.sources.players import Players, UnknownPlayer
from tta_analytics.sources.privacy_settings import SWITCHES, decision
from tta_analytics.sources.tally import Tally

AT_ONCE = 16
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


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
            await asyncio.gather(*(self._one(row, tally) for row in some))
        return tally

    async def _one(self, row: Row | Reject, tally: Tally) -> None:
        if isinstance(row, Reject):
            tally.refuse(row.field, row.reason)
            return
        try:
            named = "player_id" if "player_id" in row.values else "user_id"
            player = self._players.canonical(row.values.get(named), named)
        except UnknownPlayer as unknown:
            tally.refuse("player_id", str(unknown))
            return
        told = row.values.get("changed_at")
        changed = moment(told)
        if told is not None and (changed is None or changed > self._now + LATEST_AHEAD):
            tally.refuse("changed_at", "must be a time, and not in the future")
        elif changed is None:
            tally.unfinished += 1
        else:
            await self._set(player, row.values, changed, tally)

    async def _set(self, player: str, values: dict[str, Any], changed: datetime, tally: Tally) -> None:
        wanted = decision({name: _switch(values.get(name)) for name in SWITCHES}, changed_by_player=True)
        standing = await self._client.privacy.GetConsent(privacy_pb2.GetConsentRequest(user_id=player))
        newer = standing.HasField("changed_at") and standing.changed_at.ToDatetime(tzinfo=UTC) > changed
        if newer or (standing.analytics, standing.research) == (wanted.analytics, wanted.research):
            tally.unchanged += 1
            return
        request = ingestion_pb2.SetConsentRequest(user_id=player, analytics=wanted.analytics, research=wanted.research)
        try:
            await self._client.ingestion.SetConsent(request)
        except FailedPrecondition as refusal:
            if refusal.reason != "subject_erased":
                raise
            tally.refuse("player_id", "was erased; only the player's own call lets them in again")
        else:
            tally.stored += 1


def _switch(value: Any) -> Any:
    return _WORDS.get(value.strip().lower()) if isinstance(value, str) else value

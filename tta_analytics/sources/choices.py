"""Rows of `PrivacySettings` as decisions, and what they keep out of an import."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from tta_analytics.importing.records import LATEST_AHEAD
from tta_analytics.importing.rows import Reject, Row, UnreadableFile
from tta_analytics.sources.moments import moment
from tta_analytics.sources.players import Players, UnknownPlayer
from tta_analytics.sources.privacy_settings import SWITCHES, Decision, decision

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class WrongTime(Exception):
    """A row whose `changed_at` is no time, or in the future."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What one row says."""

    player: str
    """Canonical."""
    changed: datetime
    wanted: Decision


def decided(row: Row, players: Players, now: datetime) -> Decided | None:
    """Return what a row says; none where its player never changed the settings.

    Raises:
        UnknownPlayer: The row leads to no player.
        WrongTime: Its time cannot be read.
    """
    named = "player_id" if "player_id" in row.values else "user_id"
    player = players.canonical(row.values.get(named), named)
    told = row.values.get("changed_at")
    changed = moment(told)
    if told is not None and (changed is None or changed > now + LATEST_AHEAD):
        raise WrongTime("must be a time, and not in the future")
    if changed is None:
        return None
    switches = {name: _switch(row.values.get(name)) for name in SWITCHES}
    return Decided(player, changed, decision(switches, changed_by_player=True))


class Choices:
    """What players chose not to have sent. Everybody else's standing consent is the service's matter."""

    def __init__(self, decisions: Iterable[Decided] = ()) -> None:
        """Keep to the newest decision of each player."""
        newest: dict[str, Decided] = {}
        for one in decisions:
            if one.player not in newest or one.changed >= newest[one.player].changed:
                newest[one.player] = one
        self._excluded = {
            "sessions": frozenset(player for player, one in newest.items() if not one.wanted.sessions),
            "progress": frozenset(player for player, one in newest.items() if not one.wanted.outcomes),
        }

    @classmethod
    def read(cls, rows: Iterable[Row | Reject], players: Players, now: datetime) -> Self:
        """Read them from rows; a row that leads to nobody excludes nobody.

        Raises:
            UnreadableFile: A row cannot be read: it may be a no.
        """
        found = []
        for row in rows:
            try:
                if isinstance(row, Reject):
                    raise UnreadableFile(f"privacy settings, line {row.line}: {row.reason}")
                one = decided(row, players, now)
            except UnknownPlayer:
                continue
            except WrongTime as wrong:
                raise UnreadableFile(f"privacy settings, line {row.line}: changed_at {wrong}") from wrong
            if one is not None:
                found.append(one)
        return cls(found)

    def allow(self, player: str, kind: str) -> bool:
        """Return whether `sessions` or `progress` of a canonical player may be sent; signals always may, for safety."""
        return player not in self._excluded.get(kind, ())


def _switch(value: Any) -> Any:
    return _WORDS.get(value.strip().lower()) if isinstance(value, str) else value

"""Rolling statistics stay a player's while the keys of pseudonyms are rotated."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from monitoring_svc.domain.holding import Hold, Reading
from monitoring_svc.domain.rolling import Rolling
from monitoring_svc.domain.signal import Signal
from monitoring_svc.usecases.windows import Consents, WindowRows, Windows

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SIGNAL = Signal(NOW, engagement_score=0.5)


class Rows(WindowRows):
    def __init__(self) -> None:
        self.saved: dict[bytes, Rolling] = {}

    async def load(self) -> Mapping[bytes, Rolling]:
        return {}

    async def save(self, windows: Mapping[bytes, Rolling]) -> None:
        self.saved |= windows

    async def erased(self, since: datetime | None) -> tuple[datetime, Sequence[bytes]]:
        return NOW, ()


class Nobody(Consents):
    """Nobody has said no."""

    async def refused(self, user_ids: Iterable[str]) -> set[str]:
        return set()


async def test_a_window_moves_to_the_first_of_its_players_pseudonyms() -> None:
    rows = Rows()
    windows = Windows(rows, Nobody(), lambda _: None)
    windows.take([b"old"], "player", SIGNAL)
    assert windows.take([b"new", b"old"], "player", SIGNAL).statistics()["count"] == {"engagement_score": 2.0}
    await windows.checkpoint()
    assert set(rows.saved) == {b"new"}
    assert windows.take([b"old"], "player", SIGNAL).statistics()["count"] == {"engagement_score": 1.0}


def test_what_a_replica_tells_under_the_other_key_counts_before_and_after_the_player_was_heard_of() -> None:
    windows = Windows(Rows(), Nobody(), lambda _: None)
    at = NOW.timestamp()
    windows.note(Reading(b"old", "sad", "c", 1800, at, holds=True))
    windows.take([b"new", b"old"], "player", SIGNAL)
    windows.note(Reading(b"old", "sad", "c", 1800, at + 60, holds=True))
    assert windows.read(Reading(b"new", "sad", "c", 1800, at + 90, holds=True)) == Hold("c", at, at + 90)

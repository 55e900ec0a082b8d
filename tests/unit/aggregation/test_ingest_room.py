"""Room for facts that wait: one bound over all kinds, and a hint that follows the pace."""

import pytest

from aggregation_svc.usecases.ingest_room import IngestRoom
from mesh.refusal import ResourceExhausted
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(clock: Clock) -> IngestRoom:
    return IngestRoom(10_000, clock)


def hint(room: IngestRoom) -> float:
    """Return how long a sender is told to wait for whom there is no room."""
    with pytest.raises(ResourceExhausted) as refused:
        room.enter("outcomes", 10_000)
    assert refused.value.reason == "ingest_queue_full"
    assert refused.value.retry_after is not None
    return refused.value.retry_after


def test_all_kinds_share_one_room(room: IngestRoom) -> None:
    room.enter("sessions", 6_000)
    with room.held("progress", 3_000), pytest.raises(ResourceExhausted):
        room.enter("outcomes", 1_001)
    assert room.waiting == {"sessions": 6_000, "progress": 0, "outcomes": 0}
    room.enter("outcomes", 4_000)


def test_what_fails_leaves_as_well(room: IngestRoom) -> None:
    with pytest.raises(RuntimeError), room.held("outcomes", 10):
        raise RuntimeError("a bug")
    assert room.total == 0


def test_one_larger_message_passes_an_empty_room(room: IngestRoom) -> None:
    with room.held("progress", 50_000):
        assert room.total == 50_000


def test_the_hint_is_the_time_in_which_half_of_the_room_leaves(room: IngestRoom, clock: Clock) -> None:
    for _ in range(20):
        with room.held("progress", 2_000):
            clock.now += 1.0
    room.enter("progress", 10_000)
    assert hint(room) == pytest.approx(2.5, rel=0.05)


def test_time_in_which_nothing_waited_does_not_slow_the_pace(room: IngestRoom, clock: Clock) -> None:
    room.enter("sessions", 10_000)
    before = hint(room)
    room.leave("sessions", 10_000)
    clock.now += 3_600.0
    room.enter("sessions", 10_000)
    assert hint(room) <= before


def test_the_hint_has_bounds(room: IngestRoom, clock: Clock) -> None:
    with room.held("sessions", 1):
        clock.now += 3_600.0
    room.enter("sessions", 10_000)
    assert hint(room) == 10.0
    room.leave("sessions", 10_000)
    room.enter("sessions", 10_000)
    for _ in range(100):
        room.leave("sessions", 10_000)
        room.enter("sessions", 10_000)
    assert hint(room) == 0.5

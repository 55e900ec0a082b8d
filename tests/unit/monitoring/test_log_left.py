"""What may be assumed of the alert log without reading it."""

from datetime import UTC, datetime, timedelta

from monitoring_svc.adapters.store.log_left import MOST_NAMES, PAUSE_SECONDS, SECONDS, LogLeft
from tests.clock import Clock

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def left_at(clock: Clock, *fingerprints: str) -> LogLeft:
    """Return the memory of a process that has just written row 7 at head 3."""
    memory = LogLeft(clock)
    memory.keep(memory.note(7, 3, 1, NOW), fingerprints)
    return memory


def test_nothing_is_assumed_before_something_was_written() -> None:
    assert LogLeft(Clock()).assume(["a"]) is None


def test_what_was_left_is_assumed_and_the_databases_clock_goes_on() -> None:
    clock = Clock()
    memory = left_at(clock)
    clock.now += 2.5
    assumed = memory.assume(["a"])
    assert assumed is not None
    left, opening = assumed
    assert (left.row, opening.head, opening.arrangements_version, list(opening.alerts)) == (7, 3, 1, [])
    assert opening.now == NOW + timedelta(seconds=2.5)


def test_an_old_memory_is_not_trusted() -> None:
    clock = Clock()
    memory = left_at(clock)
    clock.now += SECONDS + 0.1
    assert memory.assume(["a"]) is None


def test_a_fingerprint_that_was_used_is_looked_for() -> None:
    memory = left_at(Clock(), "a")
    assert memory.assume(["b", "a"]) is None
    assert memory.assume(["b"]) is not None


def test_used_fingerprints_are_bounded() -> None:
    memory = left_at(Clock(), *(str(number) for number in range(MOST_NAMES + 1)))
    assert memory.assume(["0"]) is not None
    assert memory.assume(["1"]) is None


def test_after_another_replica_wrote_the_log_is_read_for_a_while() -> None:
    clock = Clock()
    memory = left_at(clock)
    assumed = memory.assume(["a"])
    assert assumed is not None
    memory.doubt(assumed[0])
    memory.keep(memory.note(8, 4, 1, NOW), ["a"])
    assert memory.assume(["b"]) is None
    clock.now += PAUSE_SECONDS
    assert memory.assume(["b"]) is not None


def test_where_only_the_alert_was_there_already_the_next_is_assumed_again() -> None:
    memory = left_at(Clock())
    assumed = memory.assume(["a"])
    assert assumed is not None
    memory.doubt(assumed[0])
    memory.keep(memory.note(7, 3, 1, NOW), ["a"])
    assert memory.assume(["b"]) is not None


def test_a_new_connection_may_be_to_an_older_log() -> None:
    memory = left_at(Clock())
    memory.forget()
    assert memory.assume(["a"]) is None

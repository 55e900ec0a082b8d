"""Group commit: what waits together is stored together, and each message stays all or nothing of its own."""

import asyncio
from collections.abc import Sequence

import pytest

from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.ports import Actor
from aggregation_svc.usecases.group_commit import ATTEMPTS, ROWS, GroupCommit, Stream
from aggregation_svc.usecases.ingest_room import IngestRoom
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message, PreparedSessions
from mesh.refusal import Aborted, AlreadyExists, ResourceExhausted
from tests.unit.aggregation.test_ingest_sessions import GAME, NOW


class FakeIngest(IngestSessions):
    """Notes what is stored together; refuses groups that hold a message of the actor `wrong`."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.in_the_way = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def store_together(self, messages: Sequence[Message]) -> list[IngestSummary]:
        await self.gate.wait()
        if self.in_the_way > 0:
            self.in_the_way -= 1
            raise Aborted("concurrent_change", "again")
        if any(message.actor.name == "wrong" for message in messages):
            raise AlreadyExists("session_exists", "no")
        if any(message.actor.name == "broken" for message in messages):
            raise RuntimeError("a bug")
        self.groups.append(len(messages))
        return [IngestSummary(received=message.prepared.received) for message in messages]


def message(actor: Actor = GAME, received: int = 500) -> Message:
    return Message(actor, PreparedSessions(received, (), NOW))


class Commit(GroupCommit):
    """Takes messages whose facts enter the room on the way."""

    def __init__(self, ingest: IngestSessions, room: IngestRoom | None = None) -> None:
        self.room = room or IngestRoom()
        super().__init__(ingest, self.room)

    def submit(self, message: Message, stream: Stream) -> "asyncio.Future[IngestSummary]":
        self.room.enter("sessions", message.prepared.received)
        return super().submit(message, stream)


@pytest.fixture
def ingest() -> FakeIngest:
    return FakeIngest()


async def test_what_waits_while_one_is_stored_goes_together(ingest: FakeIngest) -> None:
    commit = Commit(ingest)
    ingest.gate.clear()
    first = commit.submit(message(), Stream())
    await asyncio.sleep(0)
    others = [commit.submit(message(received=number), Stream()) for number in (1, 2, 3)]
    ingest.gate.set()
    assert [(await one).received for one in (first, *others)] == [500, 1, 2, 3]
    assert ingest.groups == [1, 3]


async def test_a_group_has_a_largest_size(ingest: FakeIngest) -> None:
    commit = Commit(ingest)
    await asyncio.gather(*(commit.submit(message(received=ROWS // 4), Stream()) for _ in range(6)))
    assert ingest.groups == [4, 2]


async def test_one_refused_message_does_not_take_the_others_with_it(ingest: FakeIngest) -> None:
    commit = Commit(ingest)
    outcomes = await asyncio.gather(
        commit.submit(message(), Stream()),
        commit.submit(message(Actor("wrong")), Stream()),
        commit.submit(message(), Stream()),
        return_exceptions=True,
    )
    assert [type(one) for one in outcomes] == [IngestSummary, AlreadyExists, IngestSummary]


async def test_nothing_of_a_stream_is_stored_after_its_refused_message(ingest: FakeIngest) -> None:
    commit, stream = Commit(ingest), Stream()
    outcomes = await asyncio.gather(
        commit.submit(message(Actor("wrong")), stream), commit.submit(message(), stream), return_exceptions=True
    )
    assert [type(one) for one in outcomes] == [AlreadyExists, Aborted]
    assert ingest.groups == []


async def test_an_unforeseen_error_reaches_its_sender_and_later_messages_go_on(ingest: FakeIngest) -> None:
    commit = Commit(ingest)
    with pytest.raises(RuntimeError):
        await commit.submit(message(Actor("broken")), Stream())
    assert (await commit.submit(message(), Stream())).received == 500


async def test_a_sender_who_went_away_stores_nothing(ingest: FakeIngest) -> None:
    commit = Commit(ingest)
    gone = commit.submit(message(), Stream())
    gone.cancel()
    assert (await commit.submit(message(), Stream())).received == 500
    assert ingest.groups == [1]


async def test_a_message_goes_again_when_another_replica_was_in_the_way(ingest: FakeIngest) -> None:
    ingest.in_the_way = 2
    commit = Commit(ingest)
    assert (await commit.submit(message(), Stream())).received == 500


async def test_a_message_that_always_meets_others_is_refused_in_the_end(ingest: FakeIngest) -> None:
    ingest.in_the_way = ATTEMPTS
    commit = Commit(ingest)
    with pytest.raises(Aborted):
        await commit.submit(message(), Stream())


async def test_what_is_stored_makes_room_for_what_was_refused(ingest: FakeIngest) -> None:
    room = IngestRoom(1000)
    commit = Commit(ingest, room)
    ingest.gate.clear()
    taken = [commit.submit(message(), Stream()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(ResourceExhausted):
        commit.submit(message(), Stream())
    assert room.waiting["sessions"] == 1000
    ingest.gate.set()
    await asyncio.gather(*taken)
    assert (await commit.submit(message(), Stream())).received == 500


async def test_nothing_is_counted_as_waiting_once_all_is_stored_or_refused(ingest: FakeIngest) -> None:
    room = IngestRoom()
    commit = Commit(ingest, room)
    first = commit.submit(message(), Stream())
    second = commit.submit(message(Actor("wrong")), Stream())
    await asyncio.gather(first, second, return_exceptions=True)
    await asyncio.sleep(0)
    assert room.total == 0


async def test_one_message_larger_than_the_queue_passes_an_empty_one(ingest: FakeIngest) -> None:
    commit = Commit(ingest, IngestRoom(100))
    assert (await commit.submit(message(), Stream())).received == 500

"""Sessions in: what is stored, what counts once, what is refused, and in which words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from aggregation_svc.domain.consent import Consent
from aggregation_svc.domain.facts import Session
from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Actor, Subject
from aggregation_svc.usecases.admitted import ConsentBasis
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message
from mesh.refusal import AlreadyExists, FailedPrecondition, InvalidArgument
from tests.unit.aggregation.fakes import FakeStore

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GAME = Actor("game")
ADMIN = Actor("ada", administrator=True)


class House:
    """The use case over a fake store, with a clock that can be set."""

    def __init__(self, *, anyone_may_assert: bool = False) -> None:
        self.store = FakeStore()
        self.now = NOW
        for number, (name, analytics) in enumerate((("ann", True), ("bob", True), ("no", False)), 1):
            self.store.held.people[name] = Subject(number, Consent(analytics=analytics, changed_at=1))
        self._ingest = IngestSessions(
            self.store,
            KeyedHash(b"k" * 32),
            canonical,
            lambda: self.now,
            grace=timedelta(hours=48),
            anyone_may_assert=anyone_may_assert,
        )

    async def ingest(
        self,
        sessions: Sequence[Session],
        actor: Actor = GAME,
        basis: ConsentBasis = ConsentBasis.REQUIRED,
        request_id: str = "",
    ) -> IngestSummary:
        return await self._ingest.store(Message(actor, await self._ingest.prepare(sessions), basis, request_id))


def canonical(user_id: str) -> str:
    if not user_id.strip():
        raise InvalidArgument("user_id_invalid", "is empty")
    return user_id.strip()


def session(
    user: str = "ann",
    name: str | None = "s1",
    minutes: float = 10.0,
    updated: timedelta | None = None,
    started: timedelta = timedelta(days=1),
) -> Session:
    updated_at = None if updated is None else micros(NOW - timedelta(hours=10) + updated)
    return Session(user, name, micros(NOW - started), minutes, updated_at=updated_at)


@pytest.fixture
def house() -> House:
    return House()


async def test_sessions_of_consenting_players_are_stored(house: House) -> None:
    summary = await house.ingest([session("ann"), session("bob")])
    assert summary == IngestSummary(received=2, stored=2)
    assert {key[0] for key in house.store.held.sessions} == {1, 2}


async def test_facts_without_consent_are_counted_and_not_stored(house: House) -> None:
    summary = await house.ingest([session("ann"), session("no"), session("stranger")])
    assert summary == IngestSummary(received=3, stored=1, refused=2)
    assert {key[0] for key in house.store.held.sessions} == {1}


async def test_an_empty_message_is_answered(house: House) -> None:
    assert await house.ingest([]) == IngestSummary()


async def test_the_same_session_again_changes_nothing(house: House) -> None:
    await house.ingest([session()])
    assert await house.ingest([session()]) == IngestSummary(received=1, unchanged=1)


async def test_a_session_without_a_name_counts_once_by_its_content(house: House) -> None:
    await house.ingest([session(name=None)])
    summary = await house.ingest([session(name=None), session(name=None, minutes=11)])
    assert summary == IngestSummary(received=2, stored=1, unchanged=1)


async def test_newer_content_wins_and_older_content_is_superseded(house: House) -> None:
    await house.ingest([session(updated=timedelta(hours=1))])
    newer = await house.ingest([session(minutes=20, updated=timedelta(hours=2))])
    older = await house.ingest([session(minutes=30, updated=timedelta(hours=0))])
    assert (newer, older) == (IngestSummary(received=1, updated=1), IngestSummary(received=1, superseded=1))
    assert [row[3] for row in house.store.held.sessions.values()] == [20]


async def test_a_later_confirmation_of_the_same_content_outdates_what_lies_between(house: House) -> None:
    await house.ingest([session(updated=timedelta(hours=1))])
    assert (await house.ingest([session(updated=timedelta(hours=3))])).unchanged == 1
    assert (await house.ingest([session(minutes=20, updated=timedelta(hours=2))])).superseded == 1


@pytest.mark.parametrize("updated", [None, timedelta(hours=1)], ids=["without", "with the same"])
async def test_other_content_without_a_newer_time_is_refused(house: House, updated: timedelta | None) -> None:
    await house.ingest([session(updated=timedelta(hours=1))])
    with pytest.raises(AlreadyExists) as refusal:
        await house.ingest([session("bob", "new"), session(minutes=20, updated=updated)])
    assert [(one.field, one.rule) for one in refusal.value.violations] == [("sessions[1].session_id", "already_exists")]
    assert len(house.store.held.sessions) == 1


async def test_newer_content_is_refused_once_the_period_is_closed(house: House) -> None:
    await house.ingest([session(updated=timedelta(hours=1))])
    house.now = datetime(2026, 12, 3, tzinfo=UTC)
    with pytest.raises(AlreadyExists) as refusal:
        await house.ingest([session(minutes=20, updated=timedelta(hours=2))])
    assert [one.rule for one in refusal.value.violations] == ["period_closed"]


async def test_repeats_within_one_message_count_once(house: House) -> None:
    summary = await house.ingest(
        [
            session(updated=timedelta(hours=1)),
            session(updated=timedelta(hours=1)),
            session(minutes=20, updated=timedelta(hours=2)),
            session(minutes=30, updated=timedelta(hours=0)),
        ]
    )
    assert summary == IngestSummary(received=4, stored=1, unchanged=1, superseded=2)
    assert [row[3] for row in house.store.held.sessions.values()] == [20]


async def test_contradictions_within_one_message_are_all_listed(house: House) -> None:
    with pytest.raises(AlreadyExists) as refusal:
        await house.ingest([session(), session(minutes=2), session("bob"), session("bob", minutes=2)])
    assert [one.field for one in refusal.value.violations] == ["sessions[1].session_id", "sessions[3].session_id"]


async def test_every_impossible_fact_is_listed_and_nothing_is_stored(house: House) -> None:
    facts = [
        session(),
        Session("ann", "1970", 0),
        Session("ann", "next year", micros(NOW + timedelta(days=365))),
        Session(" ", "nobody", micros(NOW)),
        Session("ann", "bell", micros(NOW), therapeutic_focus="a\x07b"),
        Session("ann", "update", micros(NOW), updated_at=micros(NOW + timedelta(minutes=6))),
    ]
    with pytest.raises(InvalidArgument) as refusal:
        await house.ingest(facts)
    assert {one.field for one in refusal.value.violations} == {
        "sessions[1].started_at",
        "sessions[2].started_at",
        "sessions[3].user_id",
        "sessions[4].therapeutic_focus",
        "sessions[5].updated_at",
    }
    assert house.store.held.sessions == {}


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=5)])
async def test_a_clock_five_minutes_ahead_is_believed(house: House, ahead: timedelta) -> None:
    assert (await house.ingest([session(started=-ahead)])).stored == 1


async def test_a_repeated_request_answers_as_the_first_did(house: House) -> None:
    first = await house.ingest([session()], request_id="r1")
    assert await house.ingest([session()], request_id="r1") == first == IngestSummary(received=1, stored=1)


async def test_a_request_id_is_for_one_content(house: House) -> None:
    await house.ingest([session()], request_id="r1")
    with pytest.raises(AlreadyExists):
        await house.ingest([session("bob")], request_id="r1")


async def test_a_request_id_is_for_one_basis_and_one_age_of_the_content(house: House) -> None:
    facts = [session("new")]
    assert (await house.ingest(facts, ADMIN, request_id="r1")).refused == 1
    with pytest.raises(AlreadyExists):
        await house.ingest(facts, ADMIN, ConsentBasis.ASSERTED, request_id="r1")
    assert (await house.ingest(facts, ADMIN, ConsentBasis.ASSERTED, request_id="r2")).stored == 1
    with pytest.raises(AlreadyExists):
        await house.ingest([facts[0]._replace(updated_at=micros(NOW))], ADMIN, request_id="r1")


async def test_an_administrator_may_vouch_for_players_who_never_decided(house: House) -> None:
    house.store.held.tombstones["erased"] = 0
    facts = [session("new"), session("no"), session("erased")]
    summary = await house.ingest(facts, ADMIN, ConsentBasis.ASSERTED)
    assert summary == IngestSummary(received=3, stored=1, refused=2)
    assert [act.action for act in house.store.held.acts] == ["consent_asserted"]
    assert [change.basis for _, change in house.store.held.history] == ["asserted"]


async def test_others_may_vouch_only_where_the_setting_says_so(house: House) -> None:
    with pytest.raises(FailedPrecondition) as refusal:
        await house.ingest([session("new")], GAME, ConsentBasis.ASSERTED)
    assert refusal.value.reason == "consent_assertion_off"
    summary = await House(anyone_may_assert=True).ingest([session("new")], GAME, ConsentBasis.ASSERTED)
    assert summary.stored == 1

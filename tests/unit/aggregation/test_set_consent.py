"""Consent: opt-in, kept with its history, reopened after an erasure by the player alone."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregation_svc.domain.consent import Basis, Consent
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Actor
from aggregation_svc.usecases.set_consent import ConsentTally, Decision, GetConsent, SetConsent
from mesh.refusal import AlreadyExists, FailedPrecondition, InvalidArgument
from tests.unit.aggregation.fakes import FakeStore

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GAME, ANN = Actor("game"), Actor("ann", player=True)


def ago(hours: float) -> int:
    return micros(NOW - timedelta(hours=hours))


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def set_consent(store: FakeStore) -> SetConsent:
    return SetConsent(store, KeyedHash(b"k" * 32), str.strip, lambda: NOW)


async def test_who_was_never_asked_consented_to_nothing(store: FakeStore) -> None:
    assert await GetConsent(store, str.strip)("ann") == Consent()


async def test_a_yes_stands_until_it_is_withdrawn(store: FakeStore, set_consent: SetConsent) -> None:
    await set_consent(GAME, "ann", analytics=True, research=None)
    assert await GetConsent(store, str.strip)(" ann ") == Consent(analytics=True, changed_at=micros(NOW))
    await set_consent(ANN, "ann", analytics=False, research=None)
    assert not (await GetConsent(store, str.strip)("ann")).analytics
    assert [(change.granted, change.basis) for _, change in store.held.history] == [
        (True, Basis.SERVICE),
        (False, Basis.PLAYER),
    ]
    assert [act.action for act in store.held.acts] == ["consent_set", "consent_set"]


async def test_a_first_no_is_kept(store: FakeStore, set_consent: SetConsent) -> None:
    await set_consent(GAME, "ann", analytics=False, research=None)
    assert "ann" in store.held.people


async def test_saying_again_what_stands_changes_nothing(store: FakeStore, set_consent: SetConsent) -> None:
    await set_consent(GAME, "ann", analytics=True, research=None)
    await set_consent(GAME, "ann", analytics=True, research=False)
    assert len(store.held.history) == len(store.held.acts) == 1


async def test_neither_purpose_is_an_error(set_consent: SetConsent) -> None:
    with pytest.raises(InvalidArgument):
        await set_consent(GAME, "ann", None, None)


async def test_only_the_players_own_yes_reopens_after_an_erasure(store: FakeStore, set_consent: SetConsent) -> None:
    store.held.tombstones["ann"] = 0
    with pytest.raises(FailedPrecondition) as refusal:
        await set_consent(GAME, "ann", analytics=True, research=None)
    assert refusal.value.reason == "subject_erased"
    assert (await set_consent(ANN, "ann", analytics=True, research=None)).analytics
    assert store.held.tombstones == {}


async def test_a_yes_that_was_held_up_does_not_overturn_a_later_no(store: FakeStore, set_consent: SetConsent) -> None:
    await set_consent.one(ANN, Decision("ann", analytics=False, research=None, decided_at=ago(2)))
    stands = await set_consent.one(ANN, Decision("ann", analytics=True, research=True, decided_at=ago(3)))
    assert (stands.analytics, stands.research) == (False, True)
    assert (await set_consent.one(ANN, Decision("ann", analytics=True, research=None, decided_at=ago(1)))).analytics
    assert [(change.granted, change.decided_at) for _, change in store.held.history] == [
        (False, ago(2)),
        (True, ago(3)),
        (True, ago(1)),
    ]
    assert "decided_at" in store.held.acts[-1].details


async def test_what_was_said_again_is_the_last_word_as_well(set_consent: SetConsent) -> None:
    for hours in (5, 2):
        await set_consent.one(ANN, Decision("ann", analytics=True, research=None, decided_at=ago(hours)))
    assert (await set_consent.one(ANN, Decision("ann", analytics=False, research=None, decided_at=ago(3)))).analytics


async def test_of_one_moment_a_no_counts(set_consent: SetConsent) -> None:
    for answers in ((True, False), (False, True)):
        for answer in answers:
            stands = await set_consent.one(ANN, Decision("ann", analytics=answer, research=None, decided_at=ago(1)))
        assert not stands.analytics


async def test_a_decision_without_a_moment_is_the_last_word_whatever_the_clocks_say(set_consent: SetConsent) -> None:
    ahead = ago(-4 / 60)
    assert (await set_consent.one(ANN, Decision("ann", analytics=True, research=None, decided_at=ahead))).analytics
    assert not (await set_consent(ANN, "ann", analytics=False, research=None)).analytics
    assert not (await set_consent.one(ANN, Decision("ann", analytics=True, research=None, decided_at=ago(1)))).analytics


@pytest.mark.parametrize(("hours", "rule"), [(-6 / 60, "time.lte"), (27 * 366 * 24, "time.gte")])
async def test_a_moment_that_cannot_be_true_is_refused(set_consent: SetConsent, hours: float, rule: str) -> None:
    wrong = Decision("ann", analytics=True, research=None, decided_at=ago(hours))
    with pytest.raises(InvalidArgument) as refusal:
        await set_consent.one(GAME, wrong)
    assert [(one.field, one.rule) for one in refusal.value.violations] == [("decided_at", rule)]
    with pytest.raises(InvalidArgument) as refusal:
        await set_consent.many(GAME, [Decision("bob", analytics=True, research=None), wrong])
    assert [(one.field, one.rule) for one in refusal.value.violations] == [("decisions[1].decided_at", rule)]


async def test_a_yes_from_before_the_erasure_does_not_reopen(store: FakeStore, set_consent: SetConsent) -> None:
    store.held.tombstones["ann"] = ago(2)
    with pytest.raises(FailedPrecondition):
        await set_consent.one(ANN, Decision("ann", analytics=True, research=None, decided_at=ago(3)))
    assert (await set_consent.one(ANN, Decision("ann", analytics=True, research=None, decided_at=ago(1)))).analytics
    stands = await set_consent.one(ANN, Decision("ann", analytics=None, research=True, decided_at=ago(3)))
    assert not stands.research, "it was decided before the erasure"


async def test_of_many_the_newest_stands_in_any_order(set_consent: SetConsent) -> None:
    no, yes = (
        Decision("ann", analytics=False, research=None, decided_at=ago(1)),
        Decision("ann", analytics=True, research=None, decided_at=ago(2)),
    )
    assert await set_consent.many(GAME, [no, yes]) == ConsentTally(changed=1, superseded=1)
    assert await set_consent.many(GAME, [yes, no]) == ConsentTally(unchanged=1, superseded=1)


async def test_a_request_sent_again_with_another_moment_is_another(set_consent: SetConsent) -> None:
    yes = Decision("ann", analytics=True, research=None, decided_at=ago(1))
    assert await set_consent.one(ANN, yes, "r") == await set_consent.one(ANN, yes, "r")
    with pytest.raises(AlreadyExists):
        await set_consent.one(ANN, Decision("ann", analytics=True, research=None, decided_at=ago(2)), "r")

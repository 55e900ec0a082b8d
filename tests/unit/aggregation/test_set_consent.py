"""Consent: opt-in, kept with its history, reopened after an erasure by the player alone."""

from datetime import UTC, datetime

import pytest

from aggregation_svc.domain.consent import Basis, Consent
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Actor
from aggregation_svc.usecases.set_consent import GetConsent, SetConsent
from mesh.refusal import FailedPrecondition, InvalidArgument
from tests.unit.aggregation.fakes import FakeStore

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GAME, ANN = Actor("game"), Actor("ann", player=True)


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
    store.held.tombstones.add("ann")
    with pytest.raises(FailedPrecondition) as refusal:
        await set_consent(GAME, "ann", analytics=True, research=None)
    assert refusal.value.reason == "subject_erased"
    assert (await set_consent(ANN, "ann", analytics=True, research=None)).analytics
    assert store.held.tombstones == set()

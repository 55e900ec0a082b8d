"""Progress and outcomes in: the same fact counts once, everything wrong is listed."""

from datetime import UTC, datetime

import pytest

from aggregation_svc.domain.consent import Consent
from aggregation_svc.domain.facts import Outcome, ProgressSnapshot
from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Actor, Subject
from aggregation_svc.usecases.admitted import ConsentBasis
from aggregation_svc.usecases.ingest_progress import IngestMoments
from mesh.refusal import AlreadyExists, InvalidArgument
from tests.unit.aggregation.fakes import FakeStore

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT = micros(NOW)
GAME = Actor("game")
REQUIRED = ConsentBasis.REQUIRED


@pytest.fixture
def store() -> FakeStore:
    store = FakeStore()
    store.held.people["ann"] = Subject(1, Consent(analytics=True, changed_at=1))
    return store


@pytest.fixture
def ingest(store: FakeStore) -> IngestMoments:
    return IngestMoments(store, KeyedHash(b"k" * 32), str.strip, lambda: NOW, anyone_may_assert=False)


async def test_the_same_snapshot_counts_once(ingest: IngestMoments) -> None:
    half = ProgressSnapshot("ann", AT, overall_progress=0.5)
    summary = await ingest.progress(GAME, [half, half, ProgressSnapshot("nobody", AT)], REQUIRED)
    assert summary == IngestSummary(received=3, stored=1, unchanged=1, refused=1)
    assert (await ingest.progress(GAME, [half], REQUIRED)).unchanged == 1


async def test_two_tests_of_one_moment_are_both_kept(ingest: IngestMoments, store: FakeStore) -> None:
    both = [Outcome("ann", AT, instrument="PHQ-9", score=4), Outcome("ann", AT, instrument="GAD-7", score=4)]
    assert (await ingest.outcomes(GAME, both, REQUIRED)).stored == 2
    assert sorted(row[5] for row in store.held.outcomes.values()) == ["GAD-7", "PHQ-9"]


async def test_everything_wrong_is_listed(ingest: IngestMoments) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        await ingest.outcomes(GAME, [Outcome("ann", 0), Outcome("ann", AT, instrument="a\0")], REQUIRED)
    assert [one.field for one in refusal.value.violations] == ["outcomes[0].recorded_at", "outcomes[1].instrument"]


async def test_a_repeated_request_answers_as_the_first_did(ingest: IngestMoments) -> None:
    half = [ProgressSnapshot("ann", AT, overall_progress=0.5)]
    first = await ingest.progress(GAME, half, REQUIRED, "r")
    assert await ingest.progress(GAME, half, REQUIRED, "r") == first


async def test_a_request_id_is_for_one_basis(ingest: IngestMoments) -> None:
    olga, half = Actor("olga", administrator=True), [ProgressSnapshot("new", AT, overall_progress=0.5)]
    assert (await ingest.progress(olga, half, REQUIRED, "r")).refused == 1
    with pytest.raises(AlreadyExists):
        await ingest.progress(olga, half, ConsentBasis.ASSERTED, "r")

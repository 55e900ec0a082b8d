"""The epsilon audit: an attacker sees whole answers over gRPC and knows everything but whether one player was there.

Trials are separate days with identical facts in one store; on half of them the worst player plays too, all caps hit, in
a cell of their own. Everything is charged to one statistic, so that the bound is as tight as it can be. The score of
an answer is its log likelihood ratio over every released integer; Clopper-Pearson bounds of its tails bound epsilon
from below.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.stats import beta
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2, facts_pb2, ingestion_pb2, ingestion_pb2_grpc

from aggregation_svc import bootstrap
from aggregation_svc.domain.bounding import PlayerFacts, SessionFacts, bounded_sums
from aggregation_svc.domain.cohorts import OTHER, UNSPECIFIED
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.privacy.accountant import Loss
from aggregation_svc.domain.privacy.measurement import statistics_of
from aggregation_svc.domain.privacy.noise import Drawn, Noise, OpenDpNoise
from aggregation_svc.domain.release_plan import Level, ReleasePlan
from aggregation_svc.settings import AggregationSettings
from mesh.channels import channel
from mesh.migrations import upgrade
from mesh.server import start
from tests.tokens import lasting_token

TRIALS = 2_000
EPSILON = 1.0
STATISTIC = "minutes"
FOCUSES = ("anxiety", "sleep")
FIRST = datetime(2010, 1, 1, tzinfo=UTC)
WRONG_ONCE_IN = 1e4
"""A right mechanism fails this audit about once in so many runs."""

ONE_STATISTIC = ReleasePlan("audit", {Level.COHORT: {STATISTIC: int(EPSILON * 1e6)}}, 0, 0.0)

USUAL = SessionFacts("anxiety", None, None, 40.0, 30, 2, 1, 0.5, 0.1)
WORST = SessionFacts("sleep", "daily", "high", 1440.0, 1_000_000, 1_000_000, 1_000_000, 1.0, 1.0)
PLAYERS = {"ann": [USUAL], "bob": [USUAL, USUAL]}
WORST_PLAYER = {"zed": [WORST] * 6}


class HalvedNoise(OpenDpNoise):
    """Half the noise, with the loss and scale of the whole: what the audit is there to find."""

    def laplace(self, values: Sequence[int], sensitivity: int, micro: int) -> Drawn:
        drawn = super().laplace(values, sensitivity, 2 * micro)
        return Drawn(drawn.values, 2 * drawn.scale, Loss(drawn.loss.epsilon / 2))


def days(side: int) -> list[datetime]:
    """Every second day: the trials of one side."""
    return [FIRST + timedelta(days=2 * trial + side) for trial in range(TRIALS)]


def exact(players: dict[str, list[SessionFacts]]) -> np.ndarray:
    """What the released integers of the cohorts are before noise, cell by cell."""
    sums = bounded_sums([PlayerFacts(sessions) for sessions in players.values()], Grain.DAY, 1)
    focuses = (*FOCUSES, UNSPECIFIED, OTHER)
    (statistic,) = (one for one in statistics_of(sums.tabulated(focuses)) if one.name == STATISTIC)
    table = np.zeros((len(focuses), 12, 3))
    for block, leaves in statistic.blocks(Level.COHORT).items():
        table[:, list(leaves)] = statistic.exact(Level.COHORT, block).reshape(len(focuses), -1, 3)
    return table.reshape(-1, 3)


def score(release: pb.Release, without: np.ndarray, with_player: np.ndarray) -> float:
    """The log likelihood ratio of the whole answer: every integer of every cell, under the scale that it declares."""
    cells = [cell for cell in release.cells if cell.level == pb.CELL_LEVEL_COHORT]
    assert len(cells) == len(without)
    drawn = np.array([cell.raw[0].values for cell in cells], dtype=float)
    scale = np.array([[cell.raw[0].scale] for cell in cells])
    return float(((np.abs(drawn - without) - np.abs(drawn - with_player)) / scale).sum())


def lower_bound(without: np.ndarray, with_player: np.ndarray) -> float:
    """A lower bound on epsilon, over events `score >= t` and `score <= t` for a fixed grid of t, all at once."""
    grid = np.linspace(-0.95, 0.95, 9) * EPSILON
    confidence = 1 / WRONG_ONCE_IN / (4 * len(grid))
    bounds = []
    for t in grid:
        for likely, rare in (
            ((with_player >= t).sum(), (without >= t).sum()),
            ((without <= t).sum(), (with_player <= t).sum()),
        ):
            least = beta.ppf(confidence, likely, TRIALS - likely + 1) if likely else 0.0
            most = beta.ppf(1 - confidence, rare + 1, TRIALS - rare) if rare < TRIALS else 1.0
            bounds.append(np.log(max(least, 1e-12) / most))
    return float(max(bounds))


async def audited(settings: AggregationSettings, noise: Noise | None) -> float:
    """Run all trials against a served process and return the lower bound on epsilon."""
    await upgrade(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
    foundation = await bootstrap.found(settings)
    server = await start(bootstrap.service(foundation, plan=ONE_STATISTIC, noise=noise), settings)
    try:
        admin = lasting_token(settings, "olga", role="admin")
        game = lasting_token(settings, "game", role="service")
        target = f"127.0.0.1:{server.port}"
        async with channel(target, settings, token=game) as sender, channel(target, settings, token=admin) as caller:
            await ingestion_pb2_grpc.IngestionServiceStub(sender).IngestSessions(messages(), timeout=1800)
            stub = aggregation_pb2_grpc.AggregationServiceStub(caller)
            turn = asyncio.Semaphore(4)
            truth = exact(PLAYERS), exact(PLAYERS | WORST_PLAYER)

            async def trial(day: datetime) -> float:
                async with turn:
                    request = pb.CreateReleaseRequest(grain=common_pb2.GRAIN_DAY)
                    request.period_start.FromDatetime(day)
                    created = await stub.CreateRelease(request, timeout=300)
                    whole = await stub.GetRelease(
                        pb.GetReleaseRequest(release_id=created.release_id, raw=True), timeout=300
                    )
                    assert whole.epsilon_micros == EPSILON * 1e6
                    return score(whole, *truth)

            sides = [await asyncio.gather(*(trial(day) for day in days(side))) for side in (0, 1)]
    finally:
        await server.stop(0)
    return lower_bound(np.array(sides[0]), np.array(sides[1]))


async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
    """All facts of all trials: the same people every day, and the worst player on the days of one side."""
    batch: list[facts_pb2.Session] = []
    for side in (0, 1):
        people = PLAYERS | WORST_PLAYER if side else PLAYERS
        for day in days(side):
            for name, sessions in people.items():
                batch += [message(name, day + timedelta(hours=hour), one) for hour, one in enumerate(sessions)]
            if len(batch) > 900:
                yield _request(batch)
                batch = []
    yield _request(batch)


def message(user: str, started: datetime, facts: SessionFacts) -> facts_pb2.Session:
    session = facts_pb2.Session(
        user_id=user,
        therapeutic_focus=facts.focus,
        session_frequency=facts.frequency,
        engagement_level=facts.level,
        duration_minutes=facts.minutes,
        interaction_count=facts.interactions,
        therapeutic_interventions_count=facts.interventions,
        progress_markers_count=facts.markers,
        engagement_score=facts.engagement,
        sentiment_score=facts.sentiment,
    )
    session.started_at.FromDatetime(started)
    return session


def _request(batch: list[facts_pb2.Session]) -> ingestion_pb2.IngestSessionsRequest:
    return ingestion_pb2.IngestSessionsRequest(sessions=batch, consent_basis=ingestion_pb2.CONSENT_BASIS_ASSERTED)


@pytest.fixture
def settings(sqlite_settings: AggregationSettings) -> AggregationSettings:
    """One store for all trials, its cap raised beyond what any deployment may set, nothing hidden."""
    changed = {
        "epsilon_budget": 4.0 * TRIALS,
        "focus_names": FOCUSES,
        "min_cohort": 0,
        "legacy_consent": "asserted",
        "numeric_workers": 0,
    }
    return sqlite_settings.model_copy(update=changed)


async def test_the_audit_accepts_the_release_at_its_epsilon(settings: AggregationSettings) -> None:
    found = await audited(settings, None)
    assert 0.6 * EPSILON < found <= EPSILON


async def test_the_audit_rejects_half_the_noise(settings: AggregationSettings) -> None:
    found = await audited(settings, HalvedNoise())
    assert found > EPSILON

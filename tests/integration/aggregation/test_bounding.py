"""The bounding plan on real engines: equal to its definition, and as sensitive as it declares."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.period_facts import bounded_sums
from aggregation_svc.adapters.tables import progress_snapshots, sessions, subjects, therapeutic_outcomes
from aggregation_svc.domain import bounding
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.bounding import PlayerFacts, ProgressFacts, SessionFacts
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.measurement import statistics_of
from aggregation_svc.domain.release_plan import OUTCOMES, Level
from mesh.database import Database

START = datetime(2026, 9, 1, tzinfo=UTC)
PERIOD = Period(START, Grain.MONTH)
FOCUSES = ("anxiety", "sleep", "other", "unspecified")

scores = st.none() | st.floats(0, 1).map(lambda x: round(x, 3))
counts = st.none() | st.integers(0, 400)
session_facts = st.builds(
    SessionFacts,
    focus=st.sampled_from([None, "anxiety", "sleep", "Ärger", "grief"]),
    frequency=st.sampled_from([None, None, "daily", "weekly", "occasional"]),
    level=st.sampled_from([None, None, "high", "medium", "low"]),
    minutes=st.none() | st.floats(0, 1440).map(lambda x: round(x, 2)),
    interactions=counts,
    interventions=counts,
    markers=counts,
    engagement=scores,
    sentiment=st.none() | st.floats(-1, 1).map(lambda x: round(x, 3)),
)
progress_facts = st.builds(
    ProgressFacts,
    overall_progress=scores,
    goal_completion=scores,
    level=st.sampled_from([None, None, "high", "medium", "low"]),
)
players = st.builds(
    PlayerFacts,
    sessions=st.lists(session_facts, max_size=45),
    progress=st.lists(progress_facts, max_size=4),
    outcomes=st.lists(
        st.tuples(st.integers(0, 3).map(lambda day: START.replace(day=1 + day)), st.sampled_from(OUTCOMES)),
        max_size=3,
        unique=True,
    ),
).filter(lambda player: player.sessions or player.progress or player.outcomes)


async def store(connection: AsyncConnection, subject_id: int, player: PlayerFacts, *, consent: bool = True) -> None:
    moment = micros(START)
    await connection.execute(
        subjects.insert(),
        {
            "subject_id": subject_id,
            "analytics_consent": consent,
            "research_consent": False,
            "consent_changed_at": 0,
            "created_at": 0,
        },
    )
    for i, one in enumerate(player.sessions):
        await connection.execute(
            sessions.insert(),
            {
                "subject_id": subject_id,
                "session_id": i,
                "started_at": moment + i,
                "duration_minutes": one.minutes,
                "interaction_count": one.interactions,
                "therapeutic_interventions_count": one.interventions,
                "progress_markers_count": one.markers,
                "engagement_score": one.engagement,
                "sentiment_score": one.sentiment,
                "therapeutic_focus": one.focus,
                "session_frequency": one.frequency,
                "engagement_level": one.level,
                "digest": 0,
            },
        )
    for i, snapshot in enumerate(player.progress):
        await connection.execute(
            progress_snapshots.insert(),
            {
                "subject_id": subject_id,
                "recorded_at": moment + i,
                "digest": i,
                "overall_progress": snapshot.overall_progress,
                "goal_completion_rate": snapshot.goal_completion,
                "engagement_level": snapshot.level,
            },
        )
    for i, (recorded, category) in enumerate(player.outcomes):
        await connection.execute(
            therapeutic_outcomes.insert(),
            {"subject_id": subject_id, "recorded_at": micros(recorded), "digest": i, "outcome_category": category},
        )


@dataclass
class Undo(Exception):
    """Takes an example's facts back."""


def table_of(sums: BoundedSums) -> dict[tuple[str, str, str], list[int]]:
    return {
        (str(c.focus), str(c.frequency), str(c.level)): [
            int(sums.players[i]),
            *sums.measures[i].ravel().tolist(),
            int(sums.capped[i]),
            *sums.outcomes[i].tolist(),
        ]
        for i, c in enumerate(sums.cells)
    }


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(population=st.lists(players, min_size=1, max_size=4))
async def test_sql_equals_the_definition_and_removing_a_player_moves_what_is_declared(
    database: Database, population: list[PlayerFacts]
) -> None:
    with pytest.raises(Undo):
        async with database.begin() as connection:
            for i, player in enumerate(population):
                await store(connection, i + 1, player)
            full = await bounded_sums(connection, PERIOD)
            expected = bounding.bounded_sums(population, Grain.MONTH, PERIOD.days)
            assert table_of(full) == table_of(expected)
            await connection.execute(sa.delete(subjects).where(subjects.c.subject_id == 1))
            assert_within_sensitivity(full, await bounded_sums(connection, PERIOD))
            raise Undo


def assert_within_sensitivity(full: BoundedSums, without: BoundedSums) -> None:
    """Before noise, the L1 change of each statistic at each level is at most what its noise is made for."""
    pairs = zip(statistics_of(full.tabulated(FOCUSES)), statistics_of(without.tabulated(FOCUSES)), strict=True)
    for before, after in pairs:
        for level in Level:
            touched = 0
            for block in before.blocks(level):
                change = int(np.abs(before.exact(level, block) - after.exact(level, block)).sum())
                assert change <= before.sensitivity(block)
                touched += change > 0
            assert touched <= 1, "blocks are disjoint: one player is in one of them"
    before_names, after_names = full.undeclared(("anxiety", "sleep")), without.undeclared(("anxiety", "sleep"))
    moved = sum(abs(before_names.get(n, 0) - after_names.get(n, 0)) for n in {*before_names, *after_names})
    assert moved <= 1


async def test_facts_outside_the_period_and_without_consent_are_not_read(database: Database) -> None:
    player = PlayerFacts(sessions=[SessionFacts(focus="anxiety", minutes=30.0)])
    async with database.begin() as connection:
        await store(connection, 1, player)
        await store(connection, 2, player, consent=False)
        assert (await bounded_sums(connection, PERIOD)).players.tolist() == [1]
        assert (await bounded_sums(connection, PERIOD.previous)).cells == ()
        assert (await bounded_sums(connection, PERIOD.next)).cells == ()


async def test_the_worst_player_moves_each_statistic_by_its_whole_sensitivity(database: Database) -> None:
    worst = SessionFacts("anxiety", "daily", "high", 1440.0, 100_000, 100_000, 100_000, 1.0, 1.0)
    player = PlayerFacts([worst] * 60, [ProgressFacts(1.0, 1.0)], [(START, "positive")])
    async with database.begin() as connection:
        await store(connection, 1, player)
        table = (await bounded_sums(connection, PERIOD)).tabulated(FOCUSES)
    for statistic in statistics_of(table):
        for level in Level:
            block = "daily" if len(statistic.blocks(level)) > 1 else "everybody"
            assert int(statistic.exact(level, block).sum()) == statistic.sensitivity(block)

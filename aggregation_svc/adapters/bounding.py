"""The bounding plan in SQL: one SQLAlchemy Core expression from facts to bounded sums by cohort.

The same rules as `domain.bounding`, for every consented subject with a fact in the period: grouped by subject and
focus, by subject, and by cohort. Integers leave as BIGINT sums. Constructs are limited to what SQLite, PostgreSQL and,
transpiled, Spark and DuckDB share.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa

from aggregation_svc.adapters.facts_by_subject import (
    AVERAGED,
    BIG,
    OUTCOME_PREFERENCES,
    PROGRESS_FACTS,
    SESSION_FACTS,
    Number,
    known_subjects,
    winner,
)
from aggregation_svc.adapters.sql_functions import whole
from aggregation_svc.domain.bounding import ROUNDING, TOO_LITTLE
from aggregation_svc.domain.cohorts import (
    DAILY_SESSIONS_PER_WEEK,
    FREQUENCIES,
    GIVEN_LEVELS,
    HIGH_ENGAGEMENT,
    LEVELS,
    MEDIUM_ENGAGEMENT,
    UNSPECIFIED,
    WEEKLY_SESSIONS_PER_WEEK,
)
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.patterns.release import MISSING
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.release_plan import MEASURES, OUTCOMES, RESOLUTION, Measure


def bounding_plan(period: Period) -> sa.Select[Any]:
    """Return the query of a period's bounded sums.

    Each row: focus, frequency, level, then the numbers of `BoundedSums.of_rows` in order.
    """
    return _plan(period.grain, period.days).params(first=micros(period.start), last=micros(period.end))


@cache
def _plan(grain: Grain, days: int) -> sa.Select[Any]:
    bounded = _bounded(_placed(known_subjects(), days), grain)
    numbers: list[Number] = [sa.func.count().label("players")]
    for measure in MEASURES:
        x = bounded.c[measure.name]
        numbers += [
            sa.func.count(x).label(f"{measure.name}_count"),
            _sum(x).label(f"{measure.name}_sum"),
            _sum(x * x).label(f"{measure.name}_squares"),
        ]
    numbers.append(_sum(bounded.c.capped).label("capped"))
    numbers += [
        _sum(sa.case((bounded.c.outcome == OUTCOME_PREFERENCES[category], 1), else_=0)).label(f"outcome_{category}")
        for category in OUTCOMES
    ]
    cohort = (bounded.c.focus, bounded.c.frequency, bounded.c.level)
    return sa.select(*cohort, *numbers).group_by(*cohort)


def rows_plan(period: Period) -> sa.Select[Any]:
    """Return the query of a period's players: an integer in [0, K] per measure, `MISSING` where there is none."""
    bounded = _bounded(_placed(known_subjects(), period.days), period.grain)
    columns: list[Number] = [
        sa.cast(sa.func.coalesce(bounded.c[measure.name], MISSING), sa.SmallInteger).label(measure.name)
        for measure in MEASURES
    ]
    plan = sa.select(*columns)
    return plan.params(first=micros(period.start), last=micros(period.end))


def _sum(value: Number) -> Number:
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), BIG)


def _placed(known: sa.Subquery, days: int) -> sa.CTE:
    """Each subject's cohort, totals and means."""
    played = sa.func.coalesce(known.c.sessions, 0)
    facts: dict[str, Number] = {name: known.c[name] for name in (*SESSION_FACTS, *PROGRESS_FACTS)}
    for name in AVERAGED:
        facts[name] = facts[name] / sa.cast(sa.func.nullif(known.c[f"{name}_n"], 0), sa.Double)
    placed = sa.select(
        sa.func.coalesce(known.c.focus, UNSPECIFIED).label("focus"),
        winner(known.c.frequency_ballot, FREQUENCIES, _frequency(played, days)).label("frequency"),
        winner(known.c.level_ballot, GIVEN_LEVELS, _level(facts["engagement"])).label("level"),
        known.c.outcome,
        sa.cast(played, sa.Double).label("sessions"),
        *(fact.label(name) for name, fact in facts.items()),
    )
    # Materialised: engines that inline a subquery compute its columns anew at each use of them.
    return placed.cte("placed").prefix_with("MATERIALIZED")


def _frequency(sessions_played: Number, days: int) -> Number:
    return sa.case(
        (sessions_played * 7 >= DAILY_SESSIONS_PER_WEEK * days, FREQUENCIES[0]),
        (sessions_played * 7 >= WEEKLY_SESSIONS_PER_WEEK * days, FREQUENCIES[1]),
        else_=FREQUENCIES[2],
    )


def _level(engagement: Number) -> Number:
    return sa.case(
        (engagement >= HIGH_ENGAGEMENT, LEVELS[0]),
        (engagement >= MEDIUM_ENGAGEMENT, LEVELS[1]),
        (engagement.is_not(None), LEVELS[2]),
        else_=UNSPECIFIED,
    )


def _bounded(placed: sa.CTE, grain: Grain) -> sa.CTE:
    """One row per subject with its cohort, an integer in [0, K] per measure, the capped flag and the outcome."""
    columns, cuts = [], []
    for measure in MEASURES:
        scaled = _scaled(placed.c[measure.name], measure, grain)
        reach = _reach(placed.c.frequency, measure)
        clamped = sa.case((scaled >= reach, reach), (scaled <= 0, 0), else_=whole(scaled + ROUNDING))
        columns.append(sa.case((placed.c[measure.name].is_not(None), sa.cast(clamped, sa.Integer))).label(measure.name))
        if measure.total:
            cuts.append(scaled > reach + TOO_LITTLE)
    bounded = sa.select(
        placed.c.focus,
        placed.c.frequency,
        placed.c.level,
        placed.c.outcome,
        *columns,
        sa.case((sa.or_(*cuts), 1), else_=0).label("capped"),
    )
    return bounded.cte("bounded").prefix_with("MATERIALIZED")


def _scaled(value: Number, measure: Measure, grain: Grain) -> Number:
    width = measure.caps[grain] - measure.floor
    return (value - measure.floor) * (RESOLUTION / width)


def _reach(frequency: Number, measure: Measure) -> Number:
    if not measure.total:
        return sa.literal(RESOLUTION, sa.Integer)
    return sa.case(*((frequency == name, measure.reach(name)) for name in FREQUENCIES), else_=0)

"""The bounding plan in SQL: one SQLAlchemy Core expression from facts to bounded sums by cohort.

The same rules as `domain.bounding`, for every consented subject with a fact in the period: grouped by subject and
focus, by subject, and by cohort. Integers leave as BIGINT sums. Constructs are limited to what SQLite, PostgreSQL and,
transpiled, Spark and DuckDB share.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from aggregation_svc.adapters.tables import progress_snapshots, sessions, subjects, therapeutic_outcomes
from aggregation_svc.adapters.weekly_retention import retention_counts
from aggregation_svc.domain.bounded import BoundedSums
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
from aggregation_svc.domain.patterns.release import MISSING, BoundedRows
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.release_plan import MEASURES, OUTCOMES, RESOLUTION, Measure
from aggregation_svc.release_ports import PeriodFacts
from mesh.database import Database

Number = sa.ColumnElement[Any]
BIG = sa.BigInteger()


PART = 2_000
"""Rows read at once."""


class whole(sa.sql.functions.GenericFunction[int]):  # noqa: N801
    """A number that is not negative with its fraction dropped."""

    type = sa.BigInteger()
    inherit_cache = True


class bytewise(sa.sql.functions.GenericFunction[str]):  # noqa: N801
    """A text that is compared byte by byte, whatever the database's language."""

    type = sa.Text()
    inherit_cache = True


@compiles(bytewise)
def _as_it_is(element: bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(bytewise, "postgresql")
def _collated(element: bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)}) COLLATE "C"'


@compiles(whole)
def _floor(element: whole, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor({compiler.process(element.clauses, **options)}) AS BIGINT)"


@compiles(whole, "sqlite")
def _truncate(element: whole, compiler: SQLCompiler, **options: Any) -> str:
    # SQLite's floor() is an optional extension; its cast drops the fraction.
    return f"CAST({compiler.process(element.clauses, **options)} AS INTEGER)"


_OF_SESSIONS = {
    "minutes": sessions.c.duration_minutes,
    "interactions": sessions.c.interaction_count,
    "interventions": sessions.c.therapeutic_interventions_count,
    "markers": sessions.c.progress_markers_count,
    "engagement": sessions.c.engagement_score,
    "sentiment": sessions.c.sentiment_score,
}
_OF_PROGRESS = {
    "overall_progress": progress_snapshots.c.overall_progress,
    "goal_completion": progress_snapshots.c.goal_completion_rate,
}
_AVERAGED = frozenset(measure.name for measure in MEASURES if not measure.total)

_FEWER_FIRST = 1_000_000_000_000
"""Minus a count of sessions: always 12 digits, so that texts that begin with it sort by falling count."""
_LATER_FIRST = 9_000_000_000_000_000
"""Minus microseconds since 1970: always 16 digits until the year 2200."""
_BALLOT = 2.0**17
"""Votes for three names are one float, a + b B + c B^2: exact up to 131,071 votes each, and no sum overflows."""


def bounding_plan(period: Period) -> sa.Select[Any]:
    """Return the query of a period's bounded sums.

    Each row: focus, frequency, level, then the numbers of `BoundedSums.of_rows` in order.
    """
    return _plan(period.grain, period.days).params(first=micros(period.start), last=micros(period.end))


@cache
def _plan(grain: Grain, days: int) -> sa.Select[Any]:
    bounded = _bounded(_placed(_known(), days), grain)
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
        _sum(sa.case((bounded.c.outcome == category, 1), else_=0)).label(f"outcome_{category}") for category in OUTCOMES
    ]
    cohort = (bounded.c.focus, bounded.c.frequency, bounded.c.level)
    return sa.select(*cohort, *numbers).group_by(*cohort)


def rows_plan(period: Period) -> sa.Select[Any]:
    """Return the query of a period's players: an integer in [0, K] per measure, `MISSING` where there is none."""
    bounded = _bounded(_placed(_known(), period.days), period.grain)
    plan = sa.select(*(sa.func.coalesce(bounded.c[measure.name], MISSING) for measure in MEASURES))
    return plan.params(first=micros(period.start), last=micros(period.end))


async def bounded_sums(connection: AsyncConnection, period: Period) -> BoundedSums:
    """Read the bounded sums of a period."""
    rows = (await connection.execute(bounding_plan(period))).all()
    return BoundedSums.of_rows((row[0], row[1], row[2], [int(number) for number in row[3:]]) for row in rows)


def _sum(value: Number) -> Number:
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), BIG)


def _within(column: Number) -> sa.ColumnElement[bool]:
    return sa.and_(column >= sa.bindparam("first", type_=BIG), column < sa.bindparam("last", type_=BIG))


def _small(count: Number) -> Number:
    # PostgreSQL adds up integers much faster than the big integers that counts are.
    return sa.cast(count, sa.Integer)


def _ballot(column: Number, names: Sequence[str]) -> Number:
    weights = (1.0, _BALLOT, _BALLOT**2)
    return sa.func.sum(sa.case(*((column == name, weight) for name, weight in zip(names, weights, strict=True))))


def _moments(facts: Mapping[str, Number]) -> dict[str, Number]:
    """Return the sum of each fact, and for what is averaged the number of facts."""
    sums: dict[str, Number] = {}
    for name, column in facts.items():
        sums[name] = sa.cast(sa.func.sum(column), sa.Double)
        if name in _AVERAGED:
            sums[f"{name}_n"] = _small(sa.func.count(column))
    return sums


def _played() -> sa.Select[Any]:
    """Sessions by subject and focus."""
    focus = sa.func.coalesce(sessions.c.therapeutic_focus, UNSPECIFIED)
    by_focus = (
        sa.select(
            sessions.c.subject_id,
            focus.label("focus"),
            _small(sa.func.count()).label("sessions"),
            *(number.label(name) for name, number in _moments(_OF_SESSIONS).items()),
            _ballot(sessions.c.session_frequency, FREQUENCIES).label("frequency_ballot"),
            _ballot(sessions.c.engagement_level, GIVEN_LEVELS).label("level_ballot"),
        )
        .where(_within(sessions.c.started_at))
        .group_by(sessions.c.subject_id, focus)
        .subquery("by_focus")
    )
    fewer = sa.cast(sa.literal(_FEWER_FIRST, BIG) - by_focus.c.sessions, sa.Text)
    return sa.select(*by_focus.c, (fewer + ":" + by_focus.c.focus).label("focus_vote"))


def _progressed() -> sa.Select[Any]:
    """Progress snapshots by subject."""
    table = progress_snapshots.c
    return (
        sa.select(
            table.subject_id,
            *(number.label(name) for name, number in _moments(_OF_PROGRESS).items()),
            _ballot(table.engagement_level, GIVEN_LEVELS).label("level_ballot"),
        )
        .where(_within(table.recorded_at))
        .group_by(table.subject_id)
    )


def _judged() -> sa.Select[Any]:
    """Outcomes, each as a text that sorts the later first and ends with its category."""
    table = therapeutic_outcomes.c
    later = sa.cast(sa.literal(_LATER_FIRST, BIG) - table.recorded_at, sa.Text)
    return sa.select(table.subject_id, (later + ":" + table.outcome_category).label("outcome_vote")).where(
        _within(table.recorded_at)
    )


_SUMMED = ("sessions", *_moments(_OF_SESSIONS), *_moments(_OF_PROGRESS), "frequency_ballot", "level_ballot")
_VOTED = ("focus_vote", "outcome_vote")


def _known() -> sa.Subquery:
    """One row per consented subject with a fact in the period: the three kinds of facts, stacked and added up.

    Stacking costs one grouping where joins would build an index on each side.
    """
    kinds = [kind.subquery() for kind in (_played(), _progressed(), _judged())]
    stacked = sa.union_all(
        *(
            sa.select(
                kind.c.subject_id,
                *(
                    (kind.c[name] if name in kind.c else sa.cast(sa.null(), _type(name))).label(name)
                    for name in (*_SUMMED, *_VOTED)
                ),
            )
            for kind in kinds
        )
    ).subquery("stacked")
    by_subject = (
        sa.select(
            stacked.c.subject_id,
            *(sa.func.sum(stacked.c[name]).label(name) for name in _SUMMED),
            *(sa.func.min(bytewise(stacked.c[name])).label(name) for name in _VOTED),
        )
        .group_by(stacked.c.subject_id)
        .subquery("by_subject")
    )
    return (
        sa.select(*by_subject.c)
        .join(subjects, subjects.c.subject_id == by_subject.c.subject_id)
        .where(subjects.c.analytics_consent)
        .subquery("known")
    )


def _type(name: str) -> sa.types.TypeEngine[Any]:
    if name in _VOTED:
        return sa.Text()
    return sa.Integer() if name == "sessions" or name.endswith("_n") else sa.Double()


def _placed(known: sa.Subquery, days: int) -> sa.CTE:
    """Each subject's cohort, totals and means."""
    played = sa.func.coalesce(known.c.sessions, 0)
    facts: dict[str, Number] = {name: known.c[name] for name in (*_OF_SESSIONS, *_OF_PROGRESS)}
    for name in _AVERAGED:
        facts[name] = facts[name] / sa.cast(sa.func.nullif(known.c[f"{name}_n"], 0), sa.Double)
    placed = sa.select(
        sa.func.coalesce(sa.func.substr(known.c.focus_vote, 14), UNSPECIFIED).label("focus"),
        _winner(known.c.frequency_ballot, FREQUENCIES, _frequency(played, days)).label("frequency"),
        _winner(known.c.level_ballot, GIVEN_LEVELS, _level(facts["engagement"])).label("level"),
        sa.func.substr(known.c.outcome_vote, 18).label("outcome"),
        sa.cast(played, sa.Double).label("sessions"),
        *(fact.label(name) for name, fact in facts.items()),
    )
    # Materialised: engines that inline a subquery compute its columns anew at each use of them.
    return placed.cte("placed").prefix_with("MATERIALIZED")


def _winner(ballot: Number, names: Sequence[str], otherwise: Number) -> Number:
    """Return the name with most votes, ties to the first; without any vote `otherwise`."""
    third = whole(ballot / _BALLOT**2)
    rest = ballot - third * _BALLOT**2
    second = whole(rest / _BALLOT)
    first = rest - second * _BALLOT
    return sa.case(
        (sa.and_(first > 0, first >= second, first >= third), names[0]),
        (sa.and_(second > 0, second >= third), names[1]),
        (third > 0, names[2]),
        else_=otherwise,
    )


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


class SqlPeriodFacts(PeriodFacts):
    """The facts of a period in one database."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def sums(self, period: Period) -> BoundedSums:
        """See the port: one statement, one moment."""
        async with self._database.read() as connection:
            return await bounded_sums(connection, period)

    async def retention(self, period: Period, weeks: int) -> list[int]:
        """See the port."""
        async with self._database.read() as connection:
            return await retention_counts(connection, period, weeks)

    async def rows(self, period: Period) -> BoundedRows:
        """See the port: one statement, one moment; read in parts, so that no other call waits for it."""
        parts = [np.empty((0, len(MEASURES)), dtype=np.int64)]
        async with self._database.read() as connection:
            result = await connection.stream(rows_plan(period))
            parts += [np.array([tuple(row) for row in part], dtype=np.int64) async for part in result.partitions(PART)]
        return BoundedRows(np.concatenate(parts))

"""A period's facts by subject, in SQL: sessions, progress snapshots and outcomes stacked and added up."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from aggregation_svc.adapters.sql_functions import bytewise, whole
from aggregation_svc.adapters.tables import progress_snapshots, sessions, subjects, therapeutic_outcomes
from aggregation_svc.domain.bounding import GRID
from aggregation_svc.domain.cohorts import FREQUENCIES, GIVEN_LEVELS, UNSPECIFIED
from aggregation_svc.domain.release_plan import MEASURES, OUTCOMES

Number = sa.ColumnElement[Any]
BIG = sa.BigInteger()
"""The integers that counts, moments and sums leave as."""

SESSION_FACTS: Mapping[str, Number] = {
    "minutes": sessions.c.duration_minutes,
    "interactions": sessions.c.interaction_count,
    "interventions": sessions.c.therapeutic_interventions_count,
    "markers": sessions.c.progress_markers_count,
    "engagement": sessions.c.engagement_score,
    "sentiment": sessions.c.sentiment_score,
}
PROGRESS_FACTS: Mapping[str, Number] = {
    "overall_progress": progress_snapshots.c.overall_progress,
    "goal_completion": progress_snapshots.c.goal_completion_rate,
}
AVERAGED = frozenset(measure.name for measure in MEASURES if not measure.total)
"""Facts of which a subject's mean counts; of the others, the total."""

_FEWER_FIRST = 1_000_000_000_000
"""Minus a count of sessions: always 12 digits, so that texts that begin with it sort by falling count."""
FOCUS_AT = 14
"""Where the name begins in a `focus_vote`: after 12 digits and a colon."""
_OUTCOME_BITS = 8
"""An `outcome_vote` is microseconds since 1970 times this, and the category's preference."""
OUTCOME_PREFERENCES = {name: at for at, name in enumerate(sorted(OUTCOMES, reverse=True))}
"""At one moment the first category by name counts: the one of the greatest preference."""
_BALLOT = 2.0**17
"""Votes for three names are one float, a + b B + c B^2: exact up to 131,071 votes each, and no sum overflows."""


def _within(column: Number) -> sa.ColumnElement[bool]:
    return sa.and_(column >= sa.bindparam("first", type_=BIG), column < sa.bindparam("last", type_=BIG))


def _small(count: Number) -> Number:
    # PostgreSQL adds up integers much faster than the big integers that counts are.
    return sa.cast(count, sa.Integer)


def _exact(column: Number) -> Number:
    """Return the number as `domain.bounding.on_grid` has it, so that its sums are the same in every order."""
    if isinstance(column.type, sa.Integer):
        return column
    grid = sa.literal(GRID, sa.Double)
    return (column + grid) - grid


def _ballot(column: Number, names: Sequence[str]) -> Number:
    weights = (1.0, _BALLOT, _BALLOT**2)
    return sa.func.sum(sa.case(*((column == name, weight) for name, weight in zip(names, weights, strict=True))))


def winner(ballot: Number, names: Sequence[str], otherwise: Number) -> Number:
    """Return the name with most votes of a ballot, ties to the first; without any vote `otherwise`."""
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


def _moments(facts: Mapping[str, Number]) -> dict[str, Number]:
    """Return the sum of each fact, and for what is averaged the number of facts."""
    sums: dict[str, Number] = {}
    for name, column in facts.items():
        sums[name] = sa.cast(sa.func.sum(_exact(column)), sa.Double)
        if name in AVERAGED:
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
            *(number.label(name) for name, number in _moments(SESSION_FACTS).items()),
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
            *(number.label(name) for name, number in _moments(PROGRESS_FACTS).items()),
            _ballot(table.engagement_level, GIVEN_LEVELS).label("level_ballot"),
        )
        .where(_within(table.recorded_at))
        .group_by(table.subject_id)
    )


def _judged() -> sa.Select[Any]:
    """Outcomes, each as a number that grows with its moment and ends with its category's preference."""
    table = therapeutic_outcomes.c
    preference = sa.case(*((table.outcome_category == name, number) for name, number in OUTCOME_PREFERENCES.items()))
    vote = table.recorded_at * sa.literal(_OUTCOME_BITS, BIG) + preference
    return sa.select(table.subject_id, vote.label("outcome_vote")).where(_within(table.recorded_at))


_SUMMED = ("sessions", *_moments(SESSION_FACTS), *_moments(PROGRESS_FACTS), "frequency_ballot", "level_ballot")
_VOTED = ("focus_vote", "outcome_vote")


def known_subjects() -> sa.Subquery:
    """One row per consented subject with a fact in the period: the three kinds of facts, stacked and added up.

    Stacking costs one grouping where joins would build an index on each side. Besides the sums: `focus`, and
    `outcome`, the preference of the last one's category.
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
            sa.func.min(bytewise(stacked.c.focus_vote)).label("focus_vote"),
            sa.func.max(stacked.c.outcome_vote).label("outcome_vote"),
        )
        .group_by(stacked.c.subject_id)
        .subquery("by_subject")
    )
    outcome = by_subject.c.outcome_vote.bitwise_and(_OUTCOME_BITS - 1).label("outcome")
    focus = sa.func.substr(by_subject.c.focus_vote, FOCUS_AT).label("focus")
    return (
        sa.select(*by_subject.c, focus, outcome)
        .join(subjects, subjects.c.subject_id == by_subject.c.subject_id)
        .where(subjects.c.analytics_consent)
        .subquery("known")
    )


def _type(name: str) -> sa.types.TypeEngine[Any]:
    if name in _VOTED:
        return BIG if name == "outcome_vote" else sa.Text()
    return sa.Integer() if name == "sessions" or name.endswith("_n") else sa.Double()

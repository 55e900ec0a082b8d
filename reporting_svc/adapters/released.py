"""Released statistics as the aggregation service answers them, and as this service thinks of them."""

from datetime import timedelta

from tta.analytics.v1 import aggregation_pb2, common_pb2

from mesh.protos import enum_name, to_datetime
from reporting_svc.domain.snapshot import (
    Cell,
    Estimate,
    Figures,
    Grain,
    Key,
    Release,
    Retention,
    Segment,
)

GRAINS = {Grain.DAY: common_pb2.GRAIN_DAY, Grain.WEEK: common_pb2.GRAIN_WEEK, Grain.MONTH: common_pb2.GRAIN_MONTH}

_MICROS = 1_000_000
"""Micro-epsilon in one epsilon."""


def estimate(message: common_pb2.Estimate) -> Estimate:
    """Return a figure."""
    return Estimate(message.value, message.lower, message.upper, message.privacy_margin, message.uninformative)


def release(message: aggregation_pb2.Release) -> Release:
    """Return a release with all its cells and segments."""
    grain = Grain(enum_name(common_pb2.Grain, message.period.grain))
    start = to_datetime(message.period.start)
    cells = {key_of(one): cell(one) for one in message.cells}
    segments = tuple(
        Segment(
            enum_name(common_pb2.PatternType, one.pattern_type),
            one.name,
            estimate(one.subjects),
            estimate(one.share),
            one.stability,
        )
        for one in message.patterns
    )
    epsilon = message.epsilon_micros / _MICROS
    end = {
        Grain.DAY: start + timedelta(days=1),
        Grain.WEEK: start + timedelta(weeks=1),
        Grain.MONTH: (start.replace(day=1) + timedelta(days=32)).replace(day=1),
    }[grain]
    return Release(message.release_id, grain, start, end, epsilon, cells, segments)


def key_of(message: aggregation_pb2.Cell) -> Key:
    """Return which group a cell is of."""
    return (message.therapeutic_focus, message.session_frequency, message.engagement_level)


def cell(message: aggregation_pb2.Cell) -> Cell:
    """Return a cell; a measure whose mean the noise swallowed has none."""
    figures = {
        enum_name(aggregation_pb2.Measure, one.measure): Figures(
            estimate(one.mean), max(one.spread, 0.0) or None, one.count.value
        )
        for one in message.measures
        if one.HasField("mean")
    }
    outcomes = {
        enum_name(common_pb2.OutcomeCategory, one.outcome_category): estimate(one.subjects) for one in message.outcomes
    }
    return Cell(key_of(message), estimate(message.subjects), figures, outcomes, message.hidden)


def retention(message: aggregation_pb2.Retention) -> Retention:
    """Return retention by week."""
    return Retention(
        message.release_id,
        to_datetime(message.period.start),
        estimate(message.subjects),
        tuple((one.week, estimate(one.share)) for one in message.weeks),
    )

"""AggregationLegacyService: the predecessor's aggregation paths, answered as their callers know them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from tta.analytics.v1 import common_pb2, legacy_aggregation_pb2_grpc
from tta.analytics.v1 import legacy_aggregation_pb2 as pb

from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.patterns.release import Pattern
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.release_plan import Level
from aggregation_svc.domain.release_statistics import Cell
from aggregation_svc.domain.releases import Release
from aggregation_svc.servicers import inline, rendering
from aggregation_svc.servicers.aggregation import segmented
from aggregation_svc.servicers.callers import actor
from aggregation_svc.usecases.aggregate_behavior import AggregateBehavior
from aggregation_svc.usecases.list_patterns import ListPatterns, PatternFilter
from aggregation_svc.usecases.query_cohorts import CellFilter, QueryCohorts
from mesh.interceptors.around import validates
from mesh.protos import enum_name, enum_value, timestamp

MOST = 1000
"""Cohorts in one answer."""
SOME = 50
"""Patterns in one answer where no limit is given."""


class LegacyServicer(legacy_aggregation_pb2_grpc.AggregationLegacyServiceServicer):
    """Parses, calls, renders."""

    def __init__(self, aggregate: AggregateBehavior, query: QueryCohorts, patterns: ListPatterns) -> None:
        """Take the use cases of the v1 twins."""
        self._aggregate, self._query, self._patterns = aggregate, query, patterns

    @validates
    async def LegacyAggregateBehavior(  # noqa: N802, D102
        self, request: pb.LegacyAggregateBehaviorRequest, context: Any
    ) -> pb.LegacyAggregateBehaviorResponse:
        facts = inline.validate_around(request, inline.legacy_sessions)
        level = enum_name(common_pb2.PrivacyLevel, request.privacy_level) or "high"
        found = await self._aggregate(actor(), map(inline.legacy_record, request.user_data), level, facts)
        return pb.LegacyAggregateBehaviorResponse(
            success=True,
            patterns_detected=0,
            cohorts_analyzed=found.cohorts,
            total_users=found.total_users,
            analysis_timestamp=timestamp(found.answered_at),
            left_out=rendering.violations(found.left_out),
        )

    async def LegacyListPatterns(  # noqa: N802, D102
        self, request: pb.LegacyListPatternsRequest, context: Any
    ) -> pb.LegacyListPatternsResponse:
        kind = segmented(request.pattern_type)
        found: Sequence[tuple[Release, Pattern]] = ()
        if kind or not request.pattern_type:
            which = PatternFilter(PatternKind(kind) if kind else None)
            found = (await self._patterns(which, None, request.limit or SOME)).found
        return pb.LegacyListPatternsResponse(
            patterns=[_pattern(release, one) for release, one in found],
            total_count=len(found),
            analysis_timestamp=timestamp(datetime.now(UTC)),
        )

    async def LegacyAnalyzeCohorts(  # noqa: N802, D102
        self, request: pb.LegacyAnalyzeCohortsRequest, context: Any
    ) -> pb.LegacyAnalyzeCohortsResponse:
        for grain in (Grain.MONTH, Grain.WEEK, Grain.DAY):
            periods = await self._query.periods(grain, None, None)
            if periods:
                break
        page = await self._query(periods, CellFilter(Level.COHORT), None, MOST)
        statistics = {cell.cohort.name: _statistics(cell) for _, cell in page.found if not cell.hidden}
        return pb.LegacyAnalyzeCohortsResponse(
            total_cohorts=len(statistics),
            cohort_statistics=statistics,
            analysis_timestamp=timestamp(datetime.now(UTC)),
        )


def _pattern(release: Release, pattern: Pattern) -> pb.LegacyPattern:
    segment, period = pattern.segment, release.question.period
    data: dict[str, Any] = {
        "name": segment.name,
        "user_count": _figure(segment.players),
        "share": _figure(segment.share),
        "centre": {one.name: {"standing": one.standing, **(_figure(one.value) or {})} for one in segment.centre},
        "period_start": f"{period.start:%Y-%m-%d}" if period else None,
        "grain": period.grain.value if period else None,
        "release_id": release.release_id,
    }
    return pb.LegacyPattern(
        pattern_id=rendering.pattern_id(release, pattern),
        pattern_type=common_pb2.PatternType.ValueType(enum_value(common_pb2.PatternType, pattern.kind.value)),
        pattern_data=ParseDict({name: value for name, value in data.items() if value is not None}, Struct()),
        confidence_score=pattern.stability,
        user_cohort=segment.name,
        created_at=timestamp(release.created_at),
    )


def _statistics(cell: Cell) -> Struct:
    cohort = cell.cohort
    values: dict[str, Any] = {
        "therapeutic_focus": cohort.focus,
        "session_frequency": cohort.frequency,
        "engagement_level": cohort.level,
        "user_count": _figure(cell.players),
        "uninformative": cell.uninformative,
        "success_rate": _figure(cell.success_rate),
    }
    for name, figures in cell.measures.items():
        values[f"mean_{name}"] = _figure(figures.mean)
    return ParseDict({name: value for name, value in values.items() if value is not None}, Struct())


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "value": figure.value,
        "lower": figure.lower,
        "upper": figure.upper,
        "noise_scale": figure.noise_scale,
        "uninformative": figure.uninformative,
    }

"""AggregationService: private statistics out."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2

from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.release_plan import Level
from aggregation_svc.domain.releases import Kind, Place, Release
from aggregation_svc.release_ports import ReleaseFilter
from aggregation_svc.servicers import findings, inline, progress_chart, rendering
from aggregation_svc.servicers.callers import actor
from aggregation_svc.servicers.rendered_answers import RenderedAnswers, Serialised
from aggregation_svc.usecases.aggregate_behavior import AggregateBehavior
from aggregation_svc.usecases.analyze_cohorts import AnalyzeCohorts
from aggregation_svc.usecases.compare_cohorts import CompareCohorts, Side
from aggregation_svc.usecases.create_release import CreateRelease
from aggregation_svc.usecases.create_retention import CreateRetention
from aggregation_svc.usecases.get_progress_viz import GetProgressViz
from aggregation_svc.usecases.get_release import GetRelease
from aggregation_svc.usecases.get_retention import GetRetention
from aggregation_svc.usecases.list_patterns import ListPatterns, PatternFilter
from aggregation_svc.usecases.list_releases import ListReleases
from aggregation_svc.usecases.one_request import OneRequest
from aggregation_svc.usecases.query_cohorts import CellFilter, QueryCohorts
from aggregation_svc.usecases.release_pages import Position
from mesh.interceptors.around import validates
from mesh.paging import decode_token, encode_token, filter_hash, page_size
from mesh.protos import enum_name, timestamp, to_datetime

PROGRESS_DAYS = 30
"""Days of a chart of progress where none are given."""


@dataclass(frozen=True, slots=True)
class StatisticsCalls:
    """What the calls need."""

    create: CreateRelease
    get: GetRelease
    listed: ListReleases
    query: QueryCohorts
    analyze: AnalyzeCohorts
    aggregate: AggregateBehavior
    compare: CompareCohorts
    create_retention: CreateRetention
    get_retention: GetRetention
    patterns: ListPatterns
    progress: GetProgressViz
    """The one call that is about a single player: their own progress."""
    once: OneRequest
    """Before all that spends budget."""


class AggregationServicer(aggregation_pb2_grpc.AggregationServiceServicer):
    """Parses, calls, renders."""

    def __init__(self, calls: StatisticsCalls) -> None:
        """Take the use cases."""
        self._calls = calls
        self._rendered = RenderedAnswers()

    @validates
    async def AggregateBehavior(  # noqa: N802, D102
        self, request: pb.AggregateBehaviorRequest, context: Any
    ) -> pb.AggregateBehaviorResponse:
        facts = inline.validate_around(request, lambda one: len(one.sessions))
        await self._tied("AggregateBehavior", request)
        level = enum_name(common_pb2.PrivacyLevel, request.privacy_level) or "high"
        found = await self._calls.aggregate(actor(), map(inline.record, request.user_data), level, facts)
        return pb.AggregateBehaviorResponse(
            success=True,
            patterns_detected=0,
            cohorts_analyzed=found.cohorts,
            total_users=found.total_users,
            analysis_timestamp=timestamp(found.answered_at),
            left_out=rendering.violations(found.left_out),
            release=pb.Release.FromString(await self._whole(found.release, raw=False)),
        )

    async def CreateRelease(self, request: pb.CreateReleaseRequest, context: Any) -> Serialised:  # noqa: N802, D102
        await self._tied("CreateRelease", request)
        create = self._calls.create_retention if request.kind == pb.RELEASE_KIND_RETENTION else self._calls.create
        release = await create(actor(), grain(request.grain), to_datetime(request.period_start), request.revision)
        return await self._whole(release, raw=False)

    async def _tied(self, call: str, request: pb.CreateReleaseRequest | pb.AggregateBehaviorRequest) -> None:
        if request.request_id:
            request_id = request.request_id
            request.ClearField("request_id")
            await self._calls.once(actor(), call, request_id, request.SerializeToString(deterministic=True).hex())

    async def GetRelease(self, request: pb.GetReleaseRequest, context: Any) -> Serialised:  # noqa: N802, D102
        known = self._rendered.get(("release", request.release_id, str(request.raw)))
        return known or await self._whole(await self._calls.get(request.release_id), raw=request.raw)

    async def ListReleases(  # noqa: N802, D102
        self, request: pb.ListReleasesRequest, context: Any
    ) -> pb.ListReleasesResponse:
        which = ReleaseFilter(
            Kind(enum_name(pb.ReleaseKind, request.kind)) if request.kind else None,
            grain(request.grain) if request.grain else None,
            moment(request, "since"),
            moment(request, "until"),
        )
        question = filter_hash(
            "ListReleases by place", kind=which.kind, grain=which.grain, since=which.since, until=which.until
        )
        position, count = decode_token(request.page_token, question), page_size(request.page_size)
        before = cast(Place, tuple(position["before"])) if position else None
        found, more = await self._calls.listed(which, before, count)
        return pb.ListReleasesResponse(
            releases=[rendering.head(release) for release in found],
            next_page_token=encode_token({"before": found[-1].place}, question) if more else "",
        )

    async def QueryCohorts(  # noqa: N802, D102
        self, request: pb.QueryCohortsRequest, context: Any
    ) -> Serialised:
        since, until = moment(request, "since"), moment(request, "until")
        periods = await self._calls.query.periods(grain(request.grain), since, until)
        key = ("cells", request.SerializeToString(deterministic=True).hex(), *(one.release_id for one in periods))
        answer = self._rendered.get(key)
        if answer is not None:
            return answer
        which = CellFilter(
            Level(enum_name(pb.CellLevel, request.level)) if request.level else None,
            Cohort(request.therapeutic_focus, request.session_frequency, request.engagement_level),
        )
        question = filter_hash("QueryCohorts by place", key=[request.grain, str(since), str(until)], which=str(which))
        page = await self._calls.query(
            periods, which, begin(request.page_token, question), page_size(request.page_size)
        )
        answer = await asyncio.to_thread(
            lambda: pb.QueryCohortsResponse(
                cohorts=[rendering.released_cell(release, cell) for release, cell in page.found],
                next_page_token=following(page.rest, question),
            ).SerializeToString()
        )
        self._rendered.keep(key, answer)
        return answer

    async def AnalyzeCohorts(  # noqa: N802, D102
        self, request: pb.AnalyzeCohortsRequest, context: Any
    ) -> pb.AnalyzeCohortsResponse:
        analysis = await self._calls.analyze(
            grain(request.grain),
            moment(request, "period_start"),
            Level(enum_name(pb.CellLevel, request.level)) if request.level else None,
            request.trend_releases or 12,
        )
        return await asyncio.to_thread(findings.analysis, analysis)

    async def CompareCohorts(  # noqa: N802, D102
        self, request: pb.CompareCohortsRequest, context: Any
    ) -> pb.CompareCohortsResponse:
        measure = enum_name(pb.Measure, request.measure) or None
        return findings.comparison(await self._calls.compare(_side(request.left), _side(request.right), measure))

    async def GetRetention(self, request: pb.GetRetentionRequest, context: Any) -> pb.Retention:  # noqa: N802, D102
        found = await self._calls.get_retention(grain(request.grain), moment(request, "period_start"))
        return rendering.retention(found)

    async def ListPatterns(  # noqa: N802, D102
        self, request: pb.ListPatternsRequest, context: Any
    ) -> pb.ListPatternsResponse:
        which = PatternFilter(
            PatternKind(kind) if (kind := segmented(request.pattern_type)) else None,
            request.release_id,
            moment(request, "since"),
            moment(request, "until"),
        )
        if request.pattern_type and which.kind is None:
            return pb.ListPatternsResponse()
        question = filter_hash(
            "ListPatterns by place", kind=which.kind, release=which.release_id, since=which.since, until=which.until
        )
        page = await self._calls.patterns(which, begin(request.page_token, question), page_size(request.page_size))
        return pb.ListPatternsResponse(
            patterns=[rendering.pattern(release, one) for release, one in page.found],
            next_page_token=following(page.rest, question),
        )

    async def GetProgressViz(  # noqa: N802, D102
        self, request: pb.GetProgressVizRequest, context: Any
    ) -> pb.ProgressViz:
        return progress_chart.chart(await self._calls.progress(request.user_id, request.days or PROGRESS_DAYS))

    async def _whole(self, release: Release, *, raw: bool) -> bytes:
        key = ("release", release.release_id, str(raw))
        answer = self._rendered.get(key)
        if answer is None:
            answer = await asyncio.to_thread(lambda: rendering.whole(release, raw=raw).SerializeToString())
            self._rendered.keep(key, answer)
        return answer


def segmented(value: common_pb2.PatternType.ValueType) -> str:
    """Parse a type of pattern that releases hold; empty where none is given or none is held."""
    name = enum_name(common_pb2.PatternType, value) if value else ""
    return name if name in set(PatternKind) else ""


def grain(value: common_pb2.Grain.ValueType) -> Grain:
    """Parse a grain; not given means month."""
    return Grain(enum_name(common_pb2.Grain, value) or "month")


def moment(request: Any, field: str) -> datetime | None:
    """Parse a time that may be missing."""
    value: Timestamp = getattr(request, field)
    return to_datetime(value) if request.HasField(field) else None


def begin(token: str, question: bytes) -> Position | None:
    """Return where a page of parts of releases begins; None at the first of them."""
    position = decode_token(token, question)
    return Position(str(position["release"]), int(position["parts"])) if position else None


def following(rest: Position | None, question: bytes) -> str:
    """Return the token of the next page of parts of releases; empty where there is none."""
    return encode_token({"release": rest.release_id, "parts": rest.parts}, question) if rest else ""


def _side(selector: pb.CohortSelector) -> Side:
    cohort = Cohort(
        selector.therapeutic_focus or None, selector.session_frequency or None, selector.engagement_level or None
    )
    return Side(grain(selector.grain), moment(selector, "period_start"), cohort)

"""AnalysisService on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tta.analytics.v1 import analysis_pb2, analysis_pb2_grpc

from mesh.protos import to_datetime
from mesh.refusal import InvalidArgument, Violation
from reporting_svc.domain.analysis import words
from reporting_svc.domain.analysis.series import Series, series
from reporting_svc.domain.snapshot import Grain
from reporting_svc.servicers.wire import fill, moment, named
from reporting_svc.usecases.analyse import Analyse, Selector, Told

DEFAULT_HORIZON = 3


@dataclass(frozen=True)
class AnalysisServicer(analysis_pb2_grpc.AnalysisServiceServicer):
    """Parses, calls, renders."""

    analyse: Analyse

    async def AnalyzeTrend(self, request: analysis_pb2.AnalyzeTrendRequest, context: Any) -> analysis_pb2.TrendAnalysis:
        """See the proto."""
        what = _what(request.selector, request.points)
        told, result = await self.analyse.trend(what, request.season_length)
        message = fill(analysis_pb2.TrendAnalysis(), result)
        message.verdict = words.trend(told.name, result, _writers(told)[1])
        return message

    async def CompareToBaseline(
        self, request: analysis_pb2.CompareToBaselineRequest, context: Any
    ) -> analysis_pb2.BaselineComparison:
        """See the proto."""
        if not request.baseline.statistic:
            request.baseline.statistic = request.selector.statistic
        current = _what(request.selector, request.points)
        baseline = _what(request.baseline, request.baseline_points)
        told, sides, result = await self.analyse.compare(current, baseline)
        message = fill(analysis_pb2.BaselineComparison(), result)
        message.summary = words.comparison(told.name, sides, result, *_writers(told))
        return message

    async def Forecast(self, request: analysis_pb2.ForecastRequest, context: Any) -> analysis_pb2.SeriesForecast:
        """See the proto."""
        what = _what(request.selector, request.points)
        horizon = request.horizon or DEFAULT_HORIZON
        told, result = await self.analyse.forecast(what, horizon, request.season_length)
        message = fill(analysis_pb2.SeriesForecast(), result)
        message.verdict = words.forecast(told.name, result, _writers(told)[0])
        return message


def _writers(told: Told) -> Any:
    if told.statistic is None:
        return words.number, words.number
    return told.statistic.write, told.statistic.write_change


def _what(selector: analysis_pb2.StatisticSelector, points: Sequence[analysis_pb2.SeriesPoint]) -> Selector | Series:
    """Return where the values come from; exactly one of both must be given."""
    if bool(selector.statistic) == bool(points):
        violation = Violation("points", "one_of", "send points, or name a statistic, not both")
        raise InvalidArgument("series_missing", f"points: {violation.description}.", violations=[violation])
    if points:
        return series(
            [to_datetime(one.time) for one in points],
            [one.value for one in points],
            [one.privacy_margin for one in points],
        )
    return Selector(
        selector.statistic,
        named(Grain, selector, "grain", Grain.MONTH),
        moment(selector, "range_start"),
        moment(selector, "range_end"),
        (selector.therapeutic_focus, selector.session_frequency, selector.engagement_level),
    )

"""MonitoringLegacyService: exactly the answers that callers of the predecessor know."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import grpc
from tta.analytics.v1 import legacy_monitoring_pb2 as pb
from tta.analytics.v1 import legacy_monitoring_pb2_grpc

from mesh.identity import current_caller
from mesh.pseudonyms import canonical_user_id
from monitoring_svc.domain.alert import Alert, AlertState
from monitoring_svc.domain.commands import Resolve
from monitoring_svc.domain.series import Point, Series
from monitoring_svc.domain.signal import Signal
from monitoring_svc.domain.thresholds import thresholds
from monitoring_svc.ports import AlertFilter, AlertLog, Alerts
from monitoring_svc.servicers import wire
from monitoring_svc.servicers.storable import storable
from monitoring_svc.usecases.judge_signals import Incoming, JudgeSignals
from monitoring_svc.usecases.metric_board import MetricBoard
from monitoring_svc.usecases.record_metrics import RecordMetrics, stale

Context = grpc.aio.ServicerContext[Any, Any]
MOST = 1000
"""Active alerts in one answer."""
OPEN = frozenset({AlertState.FIRING, AlertState.ACKNOWLEDGED})


class LegacyServicer(legacy_monitoring_pb2_grpc.MonitoringLegacyServiceServicer):
    """Serves callers of the predecessor."""

    def __init__(
        self,
        judge: JudgeSignals,
        metrics: RecordMetrics,
        board: MetricBoard,
        alerts: Alerts,
        log: AlertLog,
        clock: Callable[[], datetime],
        staleness: timedelta,
    ) -> None:
        """Answer from these."""
        self._judge = judge
        self._metrics = metrics
        self._board = board
        self._alerts = alerts
        self._log = log
        self._clock = clock
        self._staleness = staleness

    async def LegacyProcessMetric(  # noqa: N802, D102
        self, request: pb.LegacyProcessMetricRequest, context: Context
    ) -> pb.LegacyProcessMetricResponse:
        limits = None
        if request.HasField("warning_threshold") or request.HasField("critical_threshold"):
            limits = thresholds(
                request.warning_threshold if request.HasField("warning_threshold") else None,
                request.critical_threshold if request.HasField("critical_threshold") else None,
            )
        point = Point(storable("metric_name", request.metric_name), request.value, self._clock(), thresholds=limits)
        await self._metrics.record([point], current_caller().name)
        return pb.LegacyProcessMetricResponse(status="processed", metric=request.metric_name)

    async def LegacyProcessUser(  # noqa: N802, D102
        self, request: pb.LegacyProcessUserRequest, context: Context
    ) -> pb.LegacyProcessUserResponse:
        signal = Signal(
            self._clock(),
            request.engagement_score if request.HasField("engagement_score") else None,
            request.session_duration if request.HasField("session_duration") else None,
            request.sentiment_score if request.HasField("sentiment_score") else None,
        )
        incoming = Incoming(canonical_user_id(request.user_id), signal, tuple(request.recent_messages))
        await self._judge.judge([incoming])
        return pb.LegacyProcessUserResponse(status="processed", user_id=request.user_id)

    async def LegacyListActiveAlerts(  # noqa: N802, D102
        self, request: pb.LegacyListActiveAlertsRequest, context: Context
    ) -> pb.LegacyListActiveAlertsResponse:
        found, _ = await self._alerts.page(AlertFilter(OPEN), MOST, None)
        return pb.LegacyListActiveAlertsResponse(alerts=map(alert_proto, found), count=len(found))

    async def LegacyResolveAlert(  # noqa: N802, D102
        self, request: pb.LegacyResolveAlertRequest, context: Context
    ) -> pb.LegacyResolveAlertResponse:
        claim = f"resolved_by: {storable('resolved_by', request.resolved_by)}" if request.resolved_by else ""
        await self._log.submit(Resolve(storable("alert_id", request.alert_id), current_caller().name, claim))
        return pb.LegacyResolveAlertResponse(status="resolved", alert_id=request.alert_id)

    async def LegacyGetCurrentMetrics(  # noqa: N802, D102
        self, request: pb.LegacyGetCurrentMetricsRequest, context: Context
    ) -> pb.LegacyGetCurrentMetricsResponse:
        now = self._clock()
        answer = pb.LegacyGetCurrentMetricsResponse(timestamp=now.isoformat())
        answer.metrics.update(
            {_name(one): _metric(one, stale(one, now, self._staleness)) for one in await self._board.all()}
        )
        return answer


def alert_proto(alert: Alert) -> pb.LegacyAlert:
    """Return an alert as the predecessor printed it."""
    proto = pb.LegacyAlert(
        alert_id=alert.alert_id,
        alert_type=alert.alert_type.value,
        severity=alert.severity.label,
        title=alert.title,
        message=alert.message,
        data=wire.data_struct(alert),
        triggered_at=alert.triggered_at.isoformat(),
        is_resolved=alert.state is AlertState.RESOLVED,
        count=alert.count,
        state=alert.state.value,
    )
    if alert.user_cohort:
        proto.user_cohort = alert.user_cohort
    if alert.subject is not None:
        proto.subject_pseudonym = alert.subject.hex()
    if alert.resolved_at is not None:
        proto.resolved_at, proto.resolved_by = alert.resolved_at.isoformat(), alert.resolved_by
    return proto


def _name(series: Series) -> str:
    labels = ",".join(f'{name}="{value}"' for name, value in sorted(series.labels.items()))
    return f"{series.metric_name}{{{labels}}}" if labels else series.metric_name


def _metric(series: Series, is_stale: bool) -> dict[str, Any]:
    return {
        "value": series.value,
        "timestamp": series.recorded_at.isoformat(),
        "warning_threshold": series.thresholds.warning,
        "critical_threshold": series.thresholds.critical,
        "status": series.status.label,
        "stale": is_stale,
    }

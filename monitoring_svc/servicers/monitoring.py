"""MonitoringService."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import grpc
from tta.analytics.v1 import common_pb2, monitoring_pb2, monitoring_pb2_grpc

from mesh.identity import current_caller
from mesh.paging import decode_token, encode_token, filter_hash, page_size
from mesh.protos import enum_name, timestamp, to_datetime
from monitoring_svc.domain.alert import PAGING, AlertEvent
from monitoring_svc.domain.care import DurationFigures
from monitoring_svc.domain.cursor import Cursor
from monitoring_svc.domain.rollups import Window
from monitoring_svc.domain.thresholds import Status
from monitoring_svc.ports import AlertStream, CareRows, KeptRollup, RollupRows
from monitoring_svc.servicers import wire
from monitoring_svc.servicers.alerts import seconds_left
from monitoring_svc.servicers.metric_wire import metric_proto, point_of
from monitoring_svc.servicers.once import Keyed, Once
from monitoring_svc.servicers.storable import storable_texts
from monitoring_svc.usecases.judge_signals import JudgeSignals
from monitoring_svc.usecases.metric_board import MetricBoard
from monitoring_svc.usecases.receive_system_alerts import ReceiveSystemAlerts, SystemAlert
from monitoring_svc.usecases.record_metrics import RecordMetrics

Context = grpc.aio.ServicerContext[Any, Any]
HEARTBEAT_SECONDS = 15
OWN = "monitoring"
"""The sender of what the service measures of itself."""
FORWARDED_FOR = "x-tta-forwarded-for"
"""Metadata that another replica names the sender of a point in."""


class MonitoringServicer(monitoring_pb2_grpc.MonitoringServiceServicer):
    """Takes metrics and signals."""

    def __init__(
        self,
        judge: JudgeSignals,
        stream: AlertStream,
        metrics: RecordMetrics,
        board: MetricBoard,
        rollups: RollupRows,
        care: CareRows,
        system_alerts: ReceiveSystemAlerts,
        clock: Callable[[], datetime],
        staleness: timedelta,
        keyed: Keyed,
        once: Once,
    ) -> None:
        """Answer from these; a metric without a point for `staleness` is stale."""
        self._key = keyed
        self._once = once
        self._judge = judge
        self._stream = stream
        self._metrics = metrics
        self._board = board
        self._rollups = rollups
        self._care = care
        self._system_alerts = system_alerts
        self._clock = clock
        self._staleness = staleness
        self._ending = False

    def end(self) -> None:
        """Ask the streams of metrics to end."""
        self._ending = True

    async def ProcessMetric(  # noqa: N802, D102
        self, request: monitoring_pb2.ProcessMetricRequest, context: Context
    ) -> monitoring_pb2.ProcessMetricResponse:
        now, caller = self._clock(), current_caller()
        sender = dict(context.invocation_metadata() or ()).get(FORWARDED_FOR, "") if caller.role == "service" else ""
        # Alerts about the system's own figures are Alertmanager's, whichever replica owns the series.
        point = replace(point_of(request.metric, now), alarms=sender != OWN)
        (recorded,) = await self._metrics.record([point], str(sender) or caller.name, forwarded=bool(sender))
        metric = metric_proto(recorded.series, now, self._staleness)
        return monitoring_pb2.ProcessMetricResponse(metric=metric, alert_ids=recorded.alert_ids)

    async def IngestMetrics(  # noqa: N802, D102
        self, request_iterator: AsyncIterator[monitoring_pb2.IngestMetricsRequest], context: Context
    ) -> monitoring_pb2.IngestMetricsResponse:
        answer = monitoring_pb2.IngestMetricsResponse()
        async for request in request_iterator:
            part = await self._once.answer("IngestMetrics", request, type(answer), partial(self._ingest, request))
            answer.accepted += part.accepted
            answer.alerts += part.alerts
        return answer

    async def _ingest(self, request: monitoring_pb2.IngestMetricsRequest) -> monitoring_pb2.IngestMetricsResponse:
        now = self._clock()
        points = [point_of(one, now, f"metrics[{index}]") for index, one in enumerate(request.metrics)]
        recorded = await self._metrics.record(points, current_caller().name)
        return monitoring_pb2.IngestMetricsResponse(
            accepted=len(points), alerts=sum(len(one.alert_ids) for one in recorded)
        )

    async def ReceiveSystemAlerts(  # noqa: N802, D102
        self, request: monitoring_pb2.ReceiveSystemAlertsRequest, context: Context
    ) -> monitoring_pb2.ReceiveSystemAlertsResponse:
        received = [_system_alert(one, f"alerts[{place}]") for place, one in enumerate(request.alerts)]
        key = self._key("ReceiveSystemAlerts", request)
        return monitoring_pb2.ReceiveSystemAlertsResponse(alert_ids=await self._system_alerts(received, key))

    async def ListMetrics(  # noqa: N802, D102
        self, request: monitoring_pb2.ListMetricsRequest, context: Context
    ) -> monitoring_pb2.ListMetricsResponse:
        statuses = frozenset(Status(number) for number in request.statuses if number)
        question = filter_hash("ListMetrics", prefix=request.name_prefix, statuses=sorted(statuses))
        size, token = page_size(request.page_size), decode_token(request.page_token, question)
        after = ("", "") if token is None else (str(token["name"]), str(token["id"]))
        now = self._clock()
        found = await self._board.all(request.name_prefix, statuses)
        rest = [one for one in found if (one.metric_name, one.series_id) > after]
        answer = monitoring_pb2.ListMetricsResponse(
            metrics=[metric_proto(one, now, self._staleness) for one in rest[:size]]
        )
        if len(rest) > size:
            last = {"name": rest[size - 1].metric_name, "id": rest[size - 1].series_id}
            answer.next_page_token = encode_token(last, question)
        return answer

    async def ListMetricRollups(  # noqa: N802, D102
        self, request: monitoring_pb2.ListMetricRollupsRequest, context: Context
    ) -> monitoring_pb2.ListMetricRollupsResponse:
        window = Window(enum_name(monitoring_pb2.RollupWindow, request.window) or "hour")
        start = to_datetime(request.start) if request.HasField("start") else None
        end = to_datetime(request.end) if request.HasField("end") else None
        question = filter_hash(
            "ListMetricRollups", name=request.metric_name, window=window, start=str(start), end=str(end)
        )
        size, token = page_size(request.page_size), decode_token(request.page_token, question)
        after = None if token is None else (datetime.fromisoformat(token["at"]), int(token["id"]))
        rows = await self._rollups.rollups(request.metric_name, window, start, end, size, after)
        answer = monitoring_pb2.ListMetricRollupsResponse(rollups=[_rollup_proto(row) for row in rows])
        if len(rows) == size:
            last = {"at": rows[-1].window_start.isoformat(), "id": rows[-1].key}
            answer.next_page_token = encode_token(last, question)
        return answer

    async def WatchMetrics(  # noqa: N802, D102
        self, request: monitoring_pb2.WatchMetricsRequest, context: Context
    ) -> AsyncIterator[monitoring_pb2.WatchMetricsResponse]:
        shown: dict[str, monitoring_pb2.Metric] = {}
        interval = (request.interval_milliseconds or 1000) / 1000
        while not self._ending:
            now = self._clock()
            fresh = {
                one.series_id: metric_proto(one, now, self._staleness)
                for one in await self._board.all(request.name_prefix)
            }
            changed = [proto for name, proto in fresh.items() if shown.get(name) != proto]
            yield monitoring_pb2.WatchMetricsResponse(metrics=changed)
            shown = fresh
            await asyncio.sleep(interval)

    async def GetCareFigures(  # noqa: N802, D102
        self, request: monitoring_pb2.GetCareFiguresRequest, context: Context
    ) -> monitoring_pb2.GetCareFiguresResponse:
        end = to_datetime(request.end) if request.HasField("end") else self._clock()
        start = to_datetime(request.start) if request.HasField("start") else end - timedelta(days=30)
        care = await self._care.figures(start, end)
        answer = monitoring_pb2.GetCareFiguresResponse(
            time_to_acknowledge=_durations(care.time_to_acknowledge),
            time_to_resolve=_durations(care.time_to_resolve),
            interventions=care.interventions,
            notifications_delivered=care.notifications_delivered,
            notifications_dead=care.notifications_dead,
        )
        for one in care.alerts:
            answer.alerts.add(
                alert_type=common_pb2.AlertType.ValueType(wire.TYPES[one.alert_type]),
                severity=wire.severity_number(one.severity),
                state=one.state,
                count=one.count,
            )
        return answer

    async def ProcessSignal(  # noqa: N802, D102
        self, request: monitoring_pb2.ProcessSignalRequest, context: Context
    ) -> monitoring_pb2.ProcessSignalResponse:
        key = self._key("ProcessSignal", request)
        (judgement,) = await self._judge.judge([wire.incoming(request.signal, self._clock())], key)
        return wire.judgement_proto(judgement)

    async def IngestSignals(  # noqa: N802, D102
        self, request_iterator: AsyncIterator[monitoring_pb2.IngestSignalsRequest], context: Context
    ) -> monitoring_pb2.IngestSignalsResponse:
        answer = monitoring_pb2.IngestSignalsResponse()
        async for request in request_iterator:
            now = self._clock()
            batch = [wire.incoming(one, now) for one in request.signals]
            key = self._key("IngestSignals", request)
            judgements = await self._judge.judge(batch, key)
            answer.accepted += len(batch)
            for judgement in judgements:
                answer.crisis_rule_layer_only += judgement.rule_layer_only
                for one in judgement.fired:
                    answer.alerts_repeated += one.repeated
                    answer.alerts_opened += bool(one.alert_id) and not one.repeated
        return answer

    async def StreamInterventions(  # noqa: N802, D102
        self, request: monitoring_pb2.StreamInterventionsRequest, context: Context
    ) -> AsyncIterator[monitoring_pb2.StreamInterventionsResponse]:
        cursor = await self._stream.from_cursor(request.cursor)
        least = wire.severity_of(request.min_severity)
        yield monitoring_pb2.StreamInterventionsResponse(cursor=str(cursor))
        async for events in self._stream.after(cursor.position, HEARTBEAT_SECONDS, seconds_left(self._clock())):
            for event in events:
                if shown := event.kind in PAGING and bool(event.alert.intervention) and event.alert.severity >= least:
                    yield _intervention(event)
            cursor = Cursor.after(events[-1]) if events else cursor
            if not events or not shown:
                yield monitoring_pb2.StreamInterventionsResponse(cursor=str(cursor))
        yield monitoring_pb2.StreamInterventionsResponse(cursor=str(cursor), ending=True)


def _system_alert(proto: monitoring_pb2.SystemAlert, field: str) -> SystemAlert:
    return SystemAlert(
        proto.status == "firing",
        storable_texts(f"{field}.labels", proto.labels),
        storable_texts(f"{field}.annotations", proto.annotations),
    )


def _durations(figures: DurationFigures) -> monitoring_pb2.DurationFigures:
    return monitoring_pb2.DurationFigures(
        count=figures.count,
        median_seconds=figures.median,
        p90_seconds=figures.p90,
        maximum_seconds=figures.maximum,
    )


def _rollup_proto(row: KeptRollup) -> monitoring_pb2.MetricRollup:
    return monitoring_pb2.MetricRollup(
        metric_name=row.metric_name,
        labels=row.labels,
        window=monitoring_pb2.RollupWindow.Value(f"ROLLUP_WINDOW_{row.window.name}"),
        window_start=timestamp(row.window_start),
        count=row.rollup.count,
        mean=row.rollup.mean,
        minimum=row.rollup.minimum,
        maximum=row.rollup.maximum,
        last=row.rollup.last,
        standard_deviation=row.rollup.standard_deviation,
    )


def _intervention(event: AlertEvent) -> monitoring_pb2.StreamInterventionsResponse:
    alert = event.alert
    return monitoring_pb2.StreamInterventionsResponse(
        intervention=monitoring_pb2.Intervention(
            subject_pseudonym=alert.subject.hex() if alert.subject else "",
            intervention=alert.intervention,
            severity=wire.severity_number(alert.severity),
            rule_id=alert.rule_id,
            alert_id=alert.alert_id,
            requested_at=timestamp(event.occurred_at),
        ),
        cursor=str(Cursor.after(event)),
    )

"""Points and series as protos and back."""

from datetime import datetime, timedelta

from tta.analytics.v1 import monitoring_pb2

from mesh.protos import enum_name, timestamp, to_datetime
from mesh.refusal import InvalidArgument, Violation
from monitoring_svc.domain.series import Point, Series
from monitoring_svc.domain.thresholds import Thresholds, thresholds
from monitoring_svc.servicers.storable import storable, storable_texts
from monitoring_svc.servicers.wire import AHEAD, EARLIEST
from monitoring_svc.usecases.record_metrics import stale


def point_of(proto: monitoring_pb2.MetricPoint, now: datetime, field: str = "metric") -> Point:
    """Return a point as the domain has it, none later than now: a fast clock would hide what other senders say.

    Raises InvalidArgument for a time or a text that cannot be.
    """
    recorded_at = to_datetime(proto.recorded_at) if proto.HasField("recorded_at") else now
    if not EARLIEST <= recorded_at <= now + AHEAD:
        violation = Violation(f"{field}.recorded_at", "timestamp", "lies before 2000 or over 5 minutes ahead")
        raise InvalidArgument("time_out_of_range", f"recorded_at {violation.description}.", violations=[violation])
    limits: Thresholds | None = None
    if proto.HasField("warning_threshold") or proto.HasField("critical_threshold"):
        limits = thresholds(
            proto.warning_threshold if proto.HasField("warning_threshold") else None,
            proto.critical_threshold if proto.HasField("critical_threshold") else None,
            enum_name(monitoring_pb2.ThresholdDirection, proto.direction),
            proto.hysteresis if proto.HasField("hysteresis") else None,
        )
    unit, labels = storable(f"{field}.unit", proto.unit), storable_texts(f"{field}.labels", proto.labels)
    return Point(proto.metric_name, proto.value, min(recorded_at, now), unit, labels, limits)


def metric_proto(series: Series, now: datetime, staleness: timedelta) -> monitoring_pb2.Metric:
    """Return a series as the wire has it."""
    proto = monitoring_pb2.Metric(
        metric_name=series.metric_name,
        value=series.value,
        recorded_at=timestamp(series.recorded_at),
        unit=series.unit,
        labels=series.labels,
        status=monitoring_pb2.MetricStatus.ValueType(int(series.status)),
        approximate=series.approximate,
        stale=stale(series, now, staleness),
    )
    if series.thresholds.warning is not None:
        proto.warning_threshold = series.thresholds.warning
    if series.thresholds.critical is not None:
        proto.critical_threshold = series.thresholds.critical
    if series.score is not None:
        proto.anomaly_score = series.score
    return proto

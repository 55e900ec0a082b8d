"""A player's own progress over time, rendered."""

from google.protobuf.struct_pb2 import NULL_VALUE, Value
from tta.analytics.v1 import aggregation_pb2 as pb

from aggregation_svc.domain.progress_viz import ProgressViz
from mesh.protos import timestamp


def chart(viz: ProgressViz) -> pb.ProgressViz:
    """Render a chart; what is not known is null."""
    return pb.ProgressViz(
        time_buckets=[bucket.isoformat() for bucket in viz.buckets],
        series=[
            pb.ProgressSeries(
                name=name,
                data=[Value(null_value=NULL_VALUE) if value is None else Value(number_value=value) for value in values],
            )
            for name, values in viz.series.items()
        ],
        meta=pb.ProgressMeta(
            total_sessions=viz.total_sessions,
            avg_session_duration=viz.avg_session_duration,
            date_range=pb.DateRange(start=timestamp(viz.start), end=timestamp(viz.end)),
        ),
    )

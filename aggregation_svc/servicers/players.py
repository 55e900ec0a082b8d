"""AggregationService with the one call that is about a single player: their own progress."""

from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, Value
from tta.analytics.v1 import aggregation_pb2 as pb

from aggregation_svc.domain.progress_viz import ProgressViz
from aggregation_svc.servicers.aggregation import AggregationServicer
from aggregation_svc.usecases.get_progress_viz import GetProgressViz
from mesh.protos import timestamp

DEFAULT_DAYS = 30


class PlayersServicer(AggregationServicer):
    """Parses, calls, renders."""

    def __init__(self, progress: GetProgressViz, *statistics: Any) -> None:
        """Take the use case, and those of the statistics."""
        super().__init__(*statistics)
        self._progress = progress

    async def GetProgressViz(  # noqa: N802, D102
        self, request: pb.GetProgressVizRequest, context: Any
    ) -> pb.ProgressViz:
        return chart(await self._progress(request.user_id, request.days or DEFAULT_DAYS))


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

"""SubjectRightsService: this service's own part, for whoever orchestrates."""

from collections.abc import AsyncIterator
from typing import Any

from tta.analytics.v1 import subject_rights_pb2 as pb
from tta.analytics.v1 import subject_rights_pb2_grpc

from aggregation_svc.domain.rights import Records
from aggregation_svc.servicers.callers import actor
from aggregation_svc.servicers.rights import rendered
from aggregation_svc.usecases.erase_subject import ForgetHere
from aggregation_svc.usecases.export_subject import ExportSubject

RECORDS = 500
"""Records in one chunk."""


class SubjectRightsServicer(subject_rights_pb2_grpc.SubjectRightsServiceServicer):
    """Parses, calls, renders."""

    def __init__(self, forget: ForgetHere, export: ExportSubject) -> None:
        """Take the use cases."""
        self._forget, self._export = forget, export

    async def ForgetSubject(  # noqa: N802, D102
        self, request: pb.ForgetSubjectRequest, context: Any
    ) -> pb.ForgetSubjectResponse:
        done = await self._forget(actor(), request.user_id, request.erasure_id)
        return pb.ForgetSubjectResponse(done=done.done, removed=done.removed, kept=done.kept)

    async def CollectSubject(  # noqa: N802, D102
        self, request: pb.CollectSubjectRequest, context: Any
    ) -> AsyncIterator[pb.SubjectRecords]:
        for records in await self._export.here(request.user_id):
            for first in range(0, len(records.records), RECORDS):
                yield await rendered(Records(records.kind, records.records[first : first + RECORDS]))

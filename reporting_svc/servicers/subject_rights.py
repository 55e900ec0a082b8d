"""SubjectRightsService on the wire: reporting knows no player, and says so."""

from collections.abc import AsyncIterator
from typing import Any

from tta.analytics.v1 import subject_rights_pb2, subject_rights_pb2_grpc


class SubjectRightsServicer(subject_rights_pb2_grpc.SubjectRightsServiceServicer):
    """Answers for a service that holds statistics of releases and no record, id or pseudonym of anybody."""

    async def ForgetSubject(
        self, request: subject_rights_pb2.ForgetSubjectRequest, context: Any
    ) -> subject_rights_pb2.ForgetSubjectResponse:
        """Nothing is held, so nothing is left."""
        return subject_rights_pb2.ForgetSubjectResponse(done=True)

    async def CollectSubject(
        self, request: subject_rights_pb2.CollectSubjectRequest, context: Any
    ) -> AsyncIterator[subject_rights_pb2.SubjectRecords]:
        """Nothing is held: an empty stream."""
        nothing: tuple[subject_rights_pb2.SubjectRecords, ...] = ()
        for records in nothing:
            yield records

"""SubjectRightsService."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
from tta.analytics.v1 import subject_rights_pb2, subject_rights_pb2_grpc

from mesh.identity import current_caller
from mesh.pseudonyms import canonical_user_id
from monitoring_svc.usecases.subject_rights import SubjectRights

Context = grpc.aio.ServicerContext[Any, Any]


class SubjectRightsServicer(subject_rights_pb2_grpc.SubjectRightsServiceServicer):
    """Monitoring's part of erasure and export."""

    def __init__(self, rights: SubjectRights) -> None:
        """Answer from `rights`."""
        self._rights = rights

    async def ForgetSubject(  # noqa: N802, D102
        self, request: subject_rights_pb2.ForgetSubjectRequest, context: Context
    ) -> subject_rights_pb2.ForgetSubjectResponse:
        user_id = canonical_user_id(request.user_id)
        removed, kept = await self._rights.forget(user_id, request.erasure_id, current_caller().name)
        answer = subject_rights_pb2.ForgetSubjectResponse(done=kept == 0, removed=removed)
        if kept:
            answer.kept.append(f"The seals of {kept} unresolved safety alerts: they go when the alerts are resolved.")
        return answer

    async def CollectSubject(  # noqa: N802, D102
        self, request: subject_rights_pb2.CollectSubjectRequest, context: Context
    ) -> AsyncIterator[subject_rights_pb2.SubjectRecords]:
        async for kind, records in self._rights.collect(canonical_user_id(request.user_id)):
            answer = subject_rights_pb2.SubjectRecords(kind=kind)
            for record in records:
                answer.records.add().update(record)
            yield answer

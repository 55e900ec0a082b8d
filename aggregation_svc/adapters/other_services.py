"""The other services' part in the rights of a player, over gRPC with a token between services."""

from collections.abc import Sequence
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict
from tta.analytics.v1 import subject_rights_pb2 as pb
from tta.analytics.v1.subject_rights_pb2_grpc import SubjectRightsServiceStub

from aggregation_svc.domain.rights import Forgotten, Records
from aggregation_svc.rights_ports import OtherService
from mesh.channels import channel
from mesh.identity import service_token
from mesh.refusal import Unavailable
from mesh.settings import Settings

PATIENCE = 10.0
"""Seconds for one call."""


class RemoteService(OtherService):
    """One service behind a channel that is opened with the first call."""

    def __init__(self, name: str, settings: Settings) -> None:
        """Reach `name` where the settings say."""
        self.name = name
        self._settings = settings
        self._channel: grpc.aio.Channel | None = None

    async def forget(self, canonical_id: str, erasure_id: str) -> Forgotten:
        """Call ForgetSubject."""
        request = pb.ForgetSubjectRequest(user_id=canonical_id, erasure_id=erasure_id)
        try:
            answer = await self._stub().ForgetSubject(request, timeout=PATIENCE)
        except grpc.aio.AioRpcError as error:
            raise self._unreachable() from error
        return Forgotten(answer.done, dict(answer.removed), tuple(answer.kept))

    async def collect(self, canonical_id: str) -> Sequence[Records]:
        """Call CollectSubject."""
        found: dict[str, list[dict[str, Any]]] = {}
        call = self._stub().CollectSubject(pb.CollectSubjectRequest(user_id=canonical_id), timeout=PATIENCE)
        try:
            async for part in call:
                found.setdefault(part.kind, []).extend(MessageToDict(record) for record in part.records)
        except grpc.aio.AioRpcError as error:
            raise self._unreachable() from error
        finally:
            call.cancel()
        return [Records(kind, records) for kind, records in found.items()]

    async def close(self) -> None:
        """Close the channel."""
        if self._channel is not None:
            await self._channel.close()

    def _stub(self) -> Any:
        if self._channel is None:
            target = self._settings.target(self.name)
            self._channel = channel(target, self._settings, token=self._token, process=self.name)
        return SubjectRightsServiceStub(self._channel)

    def _token(self) -> str:
        return service_token(self._settings, "aggregation", role="admin", permissions=["access_audit_logs"])

    def _unreachable(self) -> Unavailable:
        return Unavailable("service_unreachable", f"The {self.name} service could not be asked.", retry_after=5.0)

"""PrivacyService, the rights of players and the audit trail."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from tta.analytics.v1 import ingestion_pb2, privacy_pb2_grpc, subject_rights_pb2
from tta.analytics.v1 import privacy_pb2 as pb

from aggregation_svc.domain.rights import Erasure, ErasurePart, HistoricConsent, Records
from aggregation_svc.servicers.callers import actor
from aggregation_svc.servicers.ingestion import consent, timestamp
from aggregation_svc.usecases.consent_history import ListConsentHistory
from aggregation_svc.usecases.erase_subject import EraseSubject
from aggregation_svc.usecases.export_subject import ExportSubject
from aggregation_svc.usecases.reveal_subject import RevealSubject
from aggregation_svc.usecases.set_consent import GetConsent
from mesh.audit import Head, Record, Verification
from mesh.audit_chain import head_of
from mesh.identity import current_caller
from mesh.paging import decode_token, encode_token, filter_hash, page_size
from mesh.protos import timestamp as moment
from mesh.protos import to_datetime
from mesh.refusal import InvalidArgument, Violation

AT_ONCE = 200
"""Records rendered before other calls get their turn: about 5 ms."""


@dataclass(frozen=True, slots=True)
class RightsCalls:
    """What the calls need."""

    get_consent: GetConsent
    history: ListConsentHistory
    reveal: RevealSubject
    export: ExportSubject
    erase: EraseSubject
    list_audit: Callable[..., Awaitable[Sequence[Record]]]
    """Filters of `AuditLog.list` -> entries."""
    verify_audit: Callable[[Head | None], Awaitable[Verification]]


class RightsServicer(privacy_pb2_grpc.PrivacyServiceServicer):
    """Parses, calls, renders."""

    def __init__(self, calls: RightsCalls) -> None:
        """Take the use cases."""
        self._calls = calls

    async def GetConsent(  # noqa: N802, D102
        self, request: pb.GetConsentRequest, context: Any
    ) -> ingestion_pb2.Consent:
        return consent(await self._calls.get_consent(request.user_id))

    async def ListConsentHistory(  # noqa: N802, D102
        self, request: pb.ListConsentHistoryRequest, context: Any
    ) -> pb.ListConsentHistoryResponse:
        question = filter_hash("ListConsentHistory", user_id=request.user_id)
        before, size = _before(request.page_token, question), page_size(request.page_size)
        found = await self._calls.history(request.user_id, before, size + 1)
        return pb.ListConsentHistoryResponse(
            changes=[_change(one) for one in found[:size]],
            next_page_token=_next([one.position for one in found], size, question),
        )

    async def RevealSubject(  # noqa: N802, D102
        self, request: pb.RevealSubjectRequest, context: Any
    ) -> pb.RevealSubjectResponse:
        by_pseudonym = request.WhichOneof("subject") == "pseudonym"
        user_id = await self._calls.reveal(
            actor(),
            request.purpose,
            second_factor=current_caller().mfa_verified,
            subject_id=None if by_pseudonym else _subject_id(request.subject_id),
            pseudonym=bytes.fromhex(request.pseudonym) if by_pseudonym else None,
            request_id=request.request_id,
        )
        return pb.RevealSubjectResponse(user_id=user_id)

    async def ExportSubject(self, request: pb.ExportSubjectRequest, context: Any) -> pb.SubjectExport:  # noqa: N802, D102
        export = await self._calls.export(actor(), request.user_id, request.request_id)
        parts = [
            pb.SubjectExportPart(service=service, records=[await rendered(one) for one in records])
            for service, records in export.parts.items()
        ]
        return pb.SubjectExport(user_id=export.user_id, exported_at=moment(export.exported_at), parts=parts)

    async def EraseSubject(self, request: pb.EraseSubjectRequest, context: Any) -> pb.Erasure:  # noqa: N802, D102
        return erasure(await self._calls.erase(actor(), request.user_id))

    async def EraseSubjects(  # noqa: N802, D102
        self, request: pb.EraseSubjectsRequest, context: Any
    ) -> pb.EraseSubjectsResponse:
        return pb.EraseSubjectsResponse(erasures=map(erasure, await self._calls.erase.many(actor(), request.user_ids)))

    async def GetErasure(self, request: pb.GetErasureRequest, context: Any) -> pb.Erasure:  # noqa: N802, D102
        return erasure(await self._calls.erase.report(request.erasure_id))

    async def ListAuditEntries(  # noqa: N802, D102
        self, request: pb.ListAuditEntriesRequest, context: Any
    ) -> pb.ListAuditEntriesResponse:
        filters = {
            "action": request.action or None,
            "actor": request.actor or None,
            "subject_id": request.subject_id or None,
            "since": to_datetime(request.since) if request.HasField("since") else None,
            "until": to_datetime(request.until) if request.HasField("until") else None,
        }
        question = filter_hash("ListAuditEntries", **filters)
        before, size = _before(request.page_token, question), page_size(request.page_size)
        found = await self._calls.list_audit(limit=size + 1, before=before, **filters)
        return pb.ListAuditEntriesResponse(
            entries=[_entry(one) for one in found[:size]],
            next_page_token=_next([one.position for one in found], size, question),
        )

    async def VerifyAuditLog(  # noqa: N802, D102
        self, request: pb.VerifyAuditLogRequest, context: Any
    ) -> pb.VerifyAuditLogResponse:
        verdict = await self._calls.verify_audit(_known_head(request.known_head))
        response = pb.VerifyAuditLogResponse(
            intact=verdict.intact,
            entries=verdict.checked,
            broken_position=verdict.position or 0,
            problem=PROBLEMS.get(verdict.problem or "", verdict.problem or ""),
            head=verdict.head.mac.hex(),
            position=verdict.head.position,
            signature=verdict.head.signature.hex(),
            signed_head=verdict.head.token(),
        )
        response.checked_at.GetCurrentTime()
        return response


PROBLEMS = {
    "changed": "an entry was changed",
    "missing": "an entry is missing, or entries were reordered",
    "cut": "the newest entries were cut off",
    "head_forged": "the signed head was changed",
    "known_forged": "known_head was not signed by this chain: is it of this service, and TTA_AUDIT_KEY the same?",
    "rolled_back": "the chain was put back or cut: known_head was signed later, or over other entries",
}
"""What `Verification.problem` means, in words."""


async def rendered(records: Records) -> subject_rights_pb2.SubjectRecords:
    """Render records of one kind, giving way to other calls in between."""
    message = subject_rights_pb2.SubjectRecords(kind=records.kind)
    for number, record in enumerate(records.records, 1):
        message.records.add().update(dict(record))
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    return message


def erasure(value: Erasure) -> pb.Erasure:
    """Render the report of an erasure."""
    finished = value.finished_at
    return pb.Erasure(
        erasure_id=value.erasure_id,
        state=_state(finished is not None),
        requested_at=timestamp(value.requested_at),
        finished_at=None if finished is None else timestamp(finished),
        parts=[_part(part) for part in value.parts],
    )


def _part(part: ErasurePart) -> pb.ErasurePart:
    return pb.ErasurePart(
        service=part.service,
        state=_state(part.done),
        removed=part.removed or {},
        kept=part.kept,
        tried_at=None if part.tried_at is None else timestamp(part.tried_at),
        failures=part.failures,
    )


def _state(done: bool) -> pb.ErasureState.ValueType:
    return pb.ERASURE_STATE_DONE if done else pb.ERASURE_STATE_RUNNING


def _known_head(token: str) -> Head | None:
    if not token:
        return None
    try:
        return head_of(token)
    except ValueError as error:
        sentence = "That is no signed head. Copy the field head of a line audit_head of the log stream, all of it."
        violations = [Violation("known_head", "audit_head", sentence)]
        raise InvalidArgument("known_head_invalid", sentence, violations=violations) from error


def _change(value: HistoricConsent) -> pb.ConsentChange:
    return pb.ConsentChange(
        purpose=value.purpose,
        granted=value.granted,
        basis=value.basis,
        changed_at=timestamp(value.recorded_at),
        decided_at=None if value.decided_at is None else timestamp(value.decided_at),
    )


def _entry(record: Record) -> pb.AuditEntry:
    return pb.AuditEntry(
        position=record.position,
        recorded_at=moment(record.at),
        actor=record.actor,
        action=record.action,
        subject_id=record.subject_id or "",
        details=ParseDict(record.details, Struct()),
        hash=record.mac.hex(),
    )


def _subject_id(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) >> 63:
        sentence = "is no subject id: a number below 2^63"
        raise InvalidArgument(
            "subject_id_invalid",
            f"subject_id {sentence}.",
            violations=[Violation("subject_id", "subject_id", sentence)],
        )
    return int(text)


def _before(token: str, question: bytes) -> int | None:
    position = decode_token(token, question)
    return None if position is None else int(position["before"])


def _next(positions: Sequence[int], size: int, question: bytes) -> str:
    return encode_token({"before": positions[size - 1]}, question) if len(positions) > size else ""

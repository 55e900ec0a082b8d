"""The rights of players, the audit trail, and the account that shares their gRPC service."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tta.analytics.v1 import privacy_pb2, privacy_pb2_grpc, subject_rights_pb2, subject_rights_pb2_grpc

from aggregation_svc.adapters import erasure_notice, reveal_notice
from aggregation_svc.adapters.erased_exports import ErasedExports
from aggregation_svc.adapters.housekeeping import regularly
from aggregation_svc.adapters.other_services import RemoteService
from aggregation_svc.adapters.rights_store import SqlRightsStore
from aggregation_svc.bootstrap.foundation import Foundation, new_id
from aggregation_svc.bootstrap.part import Part
from aggregation_svc.bootstrap.releases import Account
from aggregation_svc.servicers.privacy import PrivacyServicer
from aggregation_svc.servicers.rights import RightsCalls
from aggregation_svc.servicers.subject_rights import SubjectRightsServicer
from aggregation_svc.usecases.consent_history import ListConsentHistory
from aggregation_svc.usecases.erase_subject import EraseSubject, ForgetHere
from aggregation_svc.usecases.export_subject import ExportSubject
from aggregation_svc.usecases.reveal_subject import RevealSubject
from aggregation_svc.usecases.set_consent import GetConsent
from mesh.audit import Head, Record, Verification
from mesh.pseudonyms import canonical_user_id

ERASURES_EVERY = timedelta(seconds=10)
"""Between looks for erasures that are not done."""


def rights(on: Foundation, account: Account) -> tuple[Part, ...]:
    """Wire the rights of players, the audit trail, and the account that shares their gRPC service."""
    hashes, canonical = on.identity.hashes, canonical_user_id
    store = SqlRightsStore(on.store)
    remote = [RemoteService(name, on.settings) for name in on.settings.rights_services]
    exports = [] if on.settings.exports() is None else [ErasedExports(on.exports(), on.database)]
    erase = EraseSubject(store, [*remote, *exports], canonical, on.clock, new_id, erasure_notice.notice)
    export = ExportSubject(store, remote, hashes, canonical, on.clock)

    async def list_audit(**filters: Any) -> Sequence[Record]:
        async with on.database.read() as connection:
            return await on.audit.list(connection, **filters)

    async def verify_audit(known: Head | None) -> Verification:
        async with on.database.read() as connection:
            return await on.audit.verify(connection, known=known)

    calls = RightsCalls(
        GetConsent(on.store, canonical),
        ListConsentHistory(store, canonical),
        RevealSubject(store, hashes, reveal_notice.notice),
        export,
        erase,
        list_audit,
        verify_audit,
    )
    privacy = Part(
        privacy_pb2.DESCRIPTOR.services_by_name["PrivacyService"],
        privacy_pb2_grpc.add_PrivacyServiceServicer_to_server,
        PrivacyServicer(calls, *account),
        background=(regularly(on.database, "erasures", ERASURES_EVERY, erase.carry_on_all),),
        closing=(*(one.close for one in remote), *(one.close for one in exports)),
    )
    own = Part(
        subject_rights_pb2.DESCRIPTOR.services_by_name["SubjectRightsService"],
        subject_rights_pb2_grpc.add_SubjectRightsServiceServicer_to_server,
        SubjectRightsServicer(ForgetHere(store, canonical, exports, erasure_notice.notice), export),
    )
    return privacy, own

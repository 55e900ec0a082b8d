"""Rights of players over gRPC, on both databases: reveal, export, erasure, and what is left after."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import jwt
import pytest
import sqlalchemy as sa
from google.protobuf.json_format import MessageToDict
from tta.analytics.v1 import facts_pb2, ingestion_pb2, privacy_pb2, subject_rights_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub
from tta.analytics.v1.subject_rights_pb2_grpc import SubjectRightsServiceStub

from aggregation_svc.adapters.erasure_notice import notice
from aggregation_svc.adapters.fact_store import SqlStore
from aggregation_svc.adapters.rights_store import FORGOTTEN, SqlRightsStore
from aggregation_svc.adapters.tables import answered_requests, erasures, subject_keys
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.rights import Forgotten, Records
from aggregation_svc.ports import Actor
from aggregation_svc.rights_ports import OtherService
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.erase_subject import EraseSubject
from aggregation_svc.usecases.export_subject import ExportSubject
from aggregation_svc.usecases.set_consent import SetConsent
from mesh.channels import channel
from mesh.idempotency import Idempotency
from mesh.logs import JsonFormatter
from mesh.pseudonyms import canonical_user_id
from mesh.refusal import FailedPrecondition, Unavailable
from mesh.server import RunningServer
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import consent, error_info, ingest, session
from tests.tokens import LIFETIME

NOW = datetime.now(UTC)
PURPOSE = "called the hotline, must be reached"


class FakeService(OtherService):
    """Another service that is away until told otherwise."""

    name = "monitoring"

    def __init__(self) -> None:
        self.away = True
        self.asked: list[tuple[str, str]] = []
        self.answers = [Forgotten(done=True, removed={"alerts": 2})]

    async def forget(self, canonical_id: str, erasure_id: str) -> Forgotten:
        if self.away:
            raise Unavailable("service_unreachable", "away")
        self.asked.append((canonical_id, erasure_id))
        return self.answers.pop(0)

    async def collect(self, canonical_id: str) -> Sequence[Records]:
        if self.away:
            raise Unavailable("service_unreachable", "away")
        return [Records("alerts", [{"severity": "high"}])]


@pytest.fixture
def game(dial: Dial) -> Any:
    return IngestionServiceStub(dial())


@pytest.fixture
def admin(dial: Dial) -> Any:
    return PrivacyServiceStub(dial("admin", "ada"))


@pytest.fixture
def therapist(dial: Dial) -> Any:
    return PrivacyServiceStub(dial("therapist", "dr"))


async def filled(game: Any, user: str = "ann") -> None:
    await consent(game, user)
    await ingest(game, [session(user, "one", duration_minutes=5), session(user, "two")])
    snapshot = facts_pb2.ProgressSnapshot(user_id=user, overall_progress=0.5)
    snapshot.recorded_at.FromDatetime(NOW)
    await game.IngestProgress(ingestion_pb2.IngestProgressRequest(snapshots=[snapshot]))


async def rows_about_anybody(foundation: Foundation) -> int:
    async with foundation.database.read() as connection:
        counts = [
            (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for _, table in FORGOTTEN
        ]
    return sum(counts)


async def pseudonym(foundation: Foundation) -> str:
    async with foundation.database.read() as connection:
        found: bytes = (await connection.execute(sa.select(subject_keys.c.pseudonym))).scalar_one()
    return found.hex()


async def actions(admin: Any) -> list[str]:
    answer = await admin.ListAuditEntries(privacy_pb2.ListAuditEntriesRequest(page_size=100))
    return [entry.action for entry in answer.entries]


async def test_reveal_opens_the_seal_and_leaves_its_purpose(
    game: Any, therapist: Any, admin: Any, foundation: Foundation, caplog: pytest.LogCaptureFixture
) -> None:
    await filled(game, "Zoë")
    request = privacy_pb2.RevealSubjectRequest(pseudonym=await pseudonym(foundation), purpose=PURPOSE, request_id="r")
    for _ in range(2):
        assert (await therapist.RevealSubject(request)).user_id == "Zoë"
    entries = (await admin.ListAuditEntries(privacy_pb2.ListAuditEntriesRequest(action="subject_revealed"))).entries
    assert [(entry.actor, entry.details["purpose"]) for entry in entries] == [("dr", PURPOSE)]
    by_id = privacy_pb2.RevealSubjectRequest(subject_id=entries[0].subject_id, purpose=PURPOSE)
    assert (await therapist.RevealSubject(by_id)).user_id == "Zoë"
    assert "Zoë" not in caplog.text


async def test_reveal_needs_a_purpose_and_a_subject(therapist: Any) -> None:
    for request, code in (
        (privacy_pb2.RevealSubjectRequest(subject_id="1", purpose="why"), grpc.StatusCode.INVALID_ARGUMENT),
        (privacy_pb2.RevealSubjectRequest(subject_id="1", purpose="           "), grpc.StatusCode.INVALID_ARGUMENT),
        (privacy_pb2.RevealSubjectRequest(purpose=PURPOSE), grpc.StatusCode.INVALID_ARGUMENT),
        (privacy_pb2.RevealSubjectRequest(subject_id="x", purpose=PURPOSE), grpc.StatusCode.INVALID_ARGUMENT),
        (privacy_pb2.RevealSubjectRequest(subject_id="9" * 19, purpose=PURPOSE), grpc.StatusCode.INVALID_ARGUMENT),
        (privacy_pb2.RevealSubjectRequest(subject_id="1", purpose=PURPOSE), grpc.StatusCode.NOT_FOUND),
        (privacy_pb2.RevealSubjectRequest(pseudonym="0" * 64, purpose=PURPOSE), grpc.StatusCode.NOT_FOUND),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await therapist.RevealSubject(request)
        assert refusal.value.code() is code


async def test_reveal_is_refused_without_the_second_factor(
    game: Any, server: RunningServer, settings: AggregationSettings, foundation: Foundation
) -> None:
    await filled(game)
    claims = {"sub": "dr", "role": "therapist", "mfa_verified": False, "exp": datetime.now(UTC) + LIFETIME}
    token = jwt.encode(claims, settings.secret("auth_secret_key"), algorithm="HS256")
    async with channel(f"127.0.0.1:{server.port}", settings, token=token) as one:
        stub: Any = PrivacyServiceStub(one)
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await stub.RevealSubject(
                privacy_pb2.RevealSubjectRequest(pseudonym=await pseudonym(foundation), purpose=PURPOSE)
            )
    assert error_info(refusal.value).reason == "MFA_REQUIRED"


async def test_consent_has_a_history_in_pages(game: Any, admin: Any) -> None:
    await consent(game, "ann")
    await consent(game, "ann", analytics=False)
    await consent(game, "ann")
    first = await admin.ListConsentHistory(privacy_pb2.ListConsentHistoryRequest(user_id="ann", page_size=2))
    token = first.next_page_token
    rest = await admin.ListConsentHistory(
        privacy_pb2.ListConsentHistoryRequest(user_id="ann", page_size=2, page_token=token)
    )
    assert [change.granted for change in (*first.changes, *rest.changes)] == [True, False, True]
    assert rest.next_page_token == ""
    with pytest.raises(grpc.aio.AioRpcError):
        await admin.ListConsentHistory(privacy_pb2.ListConsentHistoryRequest(user_id="bob", page_token=token))
    assert (await admin.GetConsent(privacy_pb2.GetConsentRequest(user_id="ann"))).analytics
    assert not (await admin.GetConsent(privacy_pb2.GetConsentRequest(user_id="nobody"))).analytics


async def test_an_export_holds_all_that_is_stored_and_nothing_internal(game: Any, admin: Any) -> None:
    await filled(game)
    export = MessageToDict(
        await admin.ExportSubject(privacy_pb2.ExportSubjectRequest(user_id="ann")), preserving_proto_field_name=True
    )
    (part,) = export["parts"]
    kinds = {records["kind"]: records["records"] for records in part["records"]}
    assert {kind: len(records) for kind, records in kinds.items()} == {
        "subject": 1,
        "consents": 1,
        "consent_moments": 1,
        "sessions": 2,
        "progress": 1,
    }
    assert kinds["progress"][0]["overall_progress"] == 0.5
    assert all("subject_id" not in record for records in kinds.values() for record in records)
    assert not (await admin.ExportSubject(privacy_pb2.ExportSubjectRequest(user_id="nobody"))).parts[0].records


async def test_erasure_leaves_nothing_and_keeps_importers_from_bringing_the_player_back(
    game: Any, admin: Any, dial: Dial, foundation: Foundation
) -> None:
    await filled(game)
    await admin.ExportSubject(privacy_pb2.ExportSubjectRequest(user_id="ann", request_id="e1"))
    erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    assert erasure.state == privacy_pb2.ERASURE_STATE_DONE
    assert dict(erasure.parts[0].removed) == {
        "answers": 1,
        "subject": 1,
        "consents": 1,
        "consent_moments": 1,
        "sessions": 2,
        "progress": 1,
        "keys": 1,
        "seals": 1,
    }
    assert await rows_about_anybody(foundation) == 0
    importer: Any = IngestionServiceStub(dial("admin", "ada"))
    again = await ingest(importer, [session("ann", "one")], basis=ingestion_pb2.CONSENT_BASIS_ASSERTED)
    assert (again.stored, again.refused) == (0, 1)
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await consent(game, "ann")
    assert error_info(refusal.value).reason == "SUBJECT_ERASED"
    assert await rows_about_anybody(foundation) == 0
    repeated = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    assert repeated.erasure_id == erasure.erasure_id
    assert await admin.GetErasure(privacy_pb2.GetErasureRequest(erasure_id=erasure.erasure_id)) == repeated
    assert "subject_erased" in await actions(admin)


async def test_an_erasure_is_told_to_the_log_stream_by_the_number_that_a_backup_knows(
    game: Any, admin: Any, foundation: Foundation, caplog: pytest.LogCaptureFixture
) -> None:
    await filled(game)
    async with foundation.database.read() as connection:
        subject = (await connection.execute(sa.select(subject_keys.c.subject_id))).scalar_one()
    erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="nobody"))
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    (told,) = [line for line in lines if line["event"] == "subject_erased"]
    assert (told["erasure_id"], told["erased_subject"], told["level"]) == (erasure.erasure_id, str(subject), "warning")
    assert "ann" not in json.dumps(told)


async def test_a_player_may_erase_export_and_come_back_on_their_own(
    game: Any, server: RunningServer, settings: AggregationSettings
) -> None:
    await filled(game)
    token = jwt.encode(
        {"sub": "ann", "exp": datetime.now(UTC) + LIFETIME}, settings.secret("auth_secret_key"), algorithm="HS256"
    )
    async with channel(f"127.0.0.1:{server.port}", settings, token=token) as one:
        own: Any = PrivacyServiceStub(one)
        ingestion: Any = IngestionServiceStub(one)
        assert (await own.ExportSubject(privacy_pb2.ExportSubjectRequest(user_id="ann"))).parts[0].records
        await own.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await own.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="bob"))
        assert refusal.value.code() is grpc.StatusCode.PERMISSION_DENIED
        await ingestion.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ann", analytics=True))
    assert (await ingest(game, [session("ann", "new life")])).stored == 1


async def test_a_players_old_yes_that_is_sent_again_does_not_bring_them_back(
    server: RunningServer, settings: AggregationSettings
) -> None:
    claims = {"sub": "ann", "exp": datetime.now(UTC) + LIFETIME}
    token = jwt.encode(claims, settings.secret("auth_secret_key"), algorithm="HS256")
    old = ingestion_pb2.SetConsentRequest(user_id="ann", analytics=True, request_id="r1")
    async with channel(f"127.0.0.1:{server.port}", settings, token=token) as own:
        ingestion: Any = IngestionServiceStub(own)
        await ingestion.SetConsent(old)
        assert (await ingestion.SetConsent(old)).analytics
        await PrivacyServiceStub(own).EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
        for _ in range(2):
            with pytest.raises(grpc.aio.AioRpcError, match="older than the erasure") as refusal:
                await ingestion.SetConsent(old)
            assert refusal.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        old.request_id = "r2"
        assert (await ingestion.SetConsent(old)).analytics


async def test_a_players_old_yes_does_not_bring_them_back_however_late_it_is_sent_again(
    foundation: Foundation,
) -> None:
    now, ann = [NOW], Actor("ann", player=True)
    idempotency = Idempotency(answered_requests, key=b"k" * 32, now=lambda: now[0])
    store = SqlStore(foundation.database, foundation.identity, foundation.audit, idempotency)
    decide = SetConsent(store, foundation.identity.hashes, canonical_user_id, lambda: now[0])
    erase = EraseSubject(SqlRightsStore(store), [], canonical_user_id, lambda: now[0], lambda: "e1", notice)
    await decide(ann, "ann", True, None, "r1")
    now[0] += timedelta(hours=23, minutes=59)
    await erase(ann, "ann")
    for later in (timedelta(minutes=2), timedelta(days=365)):
        now[0] += later
        async with foundation.database.begin() as connection:
            await idempotency.expire(connection)
        with pytest.raises(FailedPrecondition, match="older than the erasure"):
            await decide(ann, "ann", True, None, "r1")
    assert (await decide(ann, "ann", True, None, "r2")).analytics


@pytest.mark.parametrize("role", ["admin", "service"])
async def test_nobody_else_brings_an_erased_player_back_whatever_player_they_are_themselves(
    role: str, game: Any, admin: Any, server: RunningServer, settings: AggregationSettings
) -> None:
    await filled(game)
    await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    claims = {"sub": "olga", "player_id": "olga-plays", "role": role, "exp": datetime.now(UTC) + LIFETIME}
    token = jwt.encode(claims, settings.secret("auth_secret_key"), algorithm="HS256")
    async with channel(f"127.0.0.1:{server.port}", settings, token=token) as staff:
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await IngestionServiceStub(staff).SetConsent(ingestion_pb2.SetConsentRequest(user_id="ann", analytics=True))
    assert refusal.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert (await ingest(game, [session("ann", "again")])).refused == 1


async def test_an_unknown_player_is_erased_too(admin: Any) -> None:
    erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="nobody"))
    assert erasure.state == privacy_pb2.ERASURE_STATE_DONE
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await admin.GetErasure(privacy_pb2.GetErasureRequest(erasure_id="none"))
    assert refusal.value.code() is grpc.StatusCode.NOT_FOUND


async def test_an_erasure_goes_on_until_every_service_is_done(game: Any, foundation: Foundation) -> None:
    await filled(game)
    other = FakeService()
    other.answers.insert(0, Forgotten(done=False, removed={"alerts": 1}, kept=("one open alert",)))
    now = [NOW]
    store = SqlRightsStore(foundation.store)
    erase = EraseSubject(store, [other], canonical_user_id, lambda: now[0], lambda: "e1", notice)
    first = await erase(Actor("ada", administrator=True), "ann")
    assert first.finished_at is None
    assert [(part.service, part.done, part.failures) for part in first.parts] == [
        ("aggregation", True, 0),
        ("monitoring", False, 1),
    ]
    other.away = False
    assert await erase.carry_on_all() == 0
    now[0] += timedelta(minutes=1)
    assert await erase.carry_on_all() == 1
    assert (await erase.report("e1")).parts[1].kept == ("one open alert",)
    now[0] += timedelta(hours=1)
    assert await erase.carry_on_all() == 1
    done = await erase.report("e1")
    assert done.finished_at is not None
    assert done.parts[1].removed == {"alerts": 3}
    assert other.asked == [("ann", "e1")] * 2
    async with foundation.database.read() as connection:
        assert (await connection.execute(sa.select(erasures.c.sealed))).scalar_one() is None


async def test_an_export_is_whole_or_not_at_all(foundation: Foundation) -> None:
    other = FakeService()
    hashes = foundation.identity.hashes
    export = ExportSubject(SqlRightsStore(foundation.store), [other], hashes, canonical_user_id, lambda: NOW)
    with pytest.raises(Unavailable):
        await export(Actor("ada"), "ann")
    other.away = False
    assert (await export(Actor("ada"), "ann")).parts["monitoring"] == [Records("alerts", [{"severity": "high"}])]


async def test_this_services_part_can_be_asked_for_by_another(game: Any, dial: Dial, foundation: Foundation) -> None:
    await filled(game)
    rights: Any = SubjectRightsServiceStub(dial("admin", "orchestrator"))
    request = subject_rights_pb2.CollectSubjectRequest(user_id="ann")
    assert {part.kind async for part in rights.CollectSubject(request)} >= {"sessions", "consents"}
    answer = await rights.ForgetSubject(subject_rights_pb2.ForgetSubjectRequest(user_id="ann", erasure_id="e"))
    assert answer.done
    assert answer.removed["sessions"] == 2
    assert await rows_about_anybody(foundation) == 0


async def test_a_long_export_is_whole(game: Any, admin: Any) -> None:
    await consent(game, "ann")
    for first in range(0, 3000, 1000):
        await ingest(game, [session("ann", str(number)) for number in range(first, first + 1000)])
    export = await admin.ExportSubject(privacy_pb2.ExportSubjectRequest(user_id="ann"))
    assert sum(len(records.records) for records in export.parts[0].records if records.kind == "sessions") == 3000

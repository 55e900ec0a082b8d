"""Whoever is erased is in no exported file when the erasure is finished, whatever computes releases by then."""

import asyncio
import importlib
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tta.analytics.v1 import privacy_pb2, subject_rights_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub
from tta.analytics.v1.subject_rights_pb2_grpc import SubjectRightsServiceStub

from aggregation_svc import bootstrap
from aggregation_svc.adapters.export_manifest import File
from aggregation_svc.adapters.file_locks import locked
from aggregation_svc.adapters.parquet_buckets import Buckets
from aggregation_svc.adapters.rights_store import SqlRights
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain import rights as domain_rights
from aggregation_svc.settings import AggregationSettings
from mesh.channels import channel
from mesh.server import start
from mesh.settings import SettingError
from tests.exported_facts import players_in
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import consent, ingest, session
from tests.tokens import lasting_token

DONE = privacy_pb2.ERASURE_STATE_DONE


@pytest.fixture
def settings(settings: AggregationSettings, tmp_path: Path) -> AggregationSettings:
    return settings.model_copy(update={"export_folder": tmp_path / "facts"})


@pytest.fixture
async def game(dial: Dial) -> Any:
    game = IngestionServiceStub(dial())
    for user in ("ann", "bob"):
        await consent(game, user)
        await ingest(game, [session(user, "one", duration_minutes=5)])
    return game


@pytest.fixture(autouse=True)
def carried_on_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for erasures that are not done five times a second, and ask again as soon."""
    wiring = importlib.import_module("aggregation_svc.bootstrap.rights")  # the package has a function of this name
    monkeypatch.setattr(wiring, "ERASURES_EVERY", timedelta(seconds=0.2))
    monkeypatch.setattr(domain_rights, "FIRST_WAIT", 100_000)


async def exported(foundation: Foundation) -> Path:
    exports = foundation.exports()
    for month in await exports.months():
        await exports.refresh(month)
    folder = foundation.settings.exports()
    assert len(players_in(folder)) == 2
    return folder


@pytest.mark.usefixtures("exports_awaited")
async def test_an_erasure_removes_the_player_from_every_exported_file(
    game: Any, dial: Dial, foundation: Foundation
) -> None:
    folder = await exported(foundation)
    admin = PrivacyServiceStub(dial("admin", "ada"))
    erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    assert [(part.service, part.state == DONE) for part in erasure.parts] == [("aggregation", True), ("exports", True)]
    assert len(players_in(folder)) == 1


async def test_an_erasure_stays_open_until_the_exports_are_written_again(
    game: Any, dial: Dial, foundation: Foundation
) -> None:
    folder = await exported(foundation)
    admin = PrivacyServiceStub(dial("admin", "ada"))
    (month,) = foundation.exports().exported()
    async with locked(foundation.exports().folder(month) / ".lock"):
        erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
        assert [(part.service, part.state == DONE) for part in erasure.parts] == [
            ("aggregation", True),
            ("exports", False),
        ]
        assert len(players_in(folder)) == 2
    look = privacy_pb2.GetErasureRequest(erasure_id=erasure.erasure_id)
    async with asyncio.timeout(60):
        while not (await admin.GetErasure(look)).HasField("finished_at"):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert len(players_in(folder)) == 1


@pytest.mark.usefixtures("exports_awaited")
async def test_another_service_that_erases_is_told_of_the_exports_too(
    game: Any, dial: Dial, foundation: Foundation
) -> None:
    folder = await exported(foundation)
    rights = SubjectRightsServiceStub(dial("admin", "ada"))
    answer = await rights.ForgetSubject(subject_rights_pb2.ForgetSubjectRequest(user_id="ann", erasure_id="e1"))
    assert answer.done
    assert len(players_in(folder)) == 1


async def test_a_withdrawal_leaves_the_exports_with_the_next_refresh(
    game: Any, dial: Dial, foundation: Foundation
) -> None:
    folder = await exported(foundation)
    await consent(game, "ann", analytics=False)
    await foundation.exports().refresh_exported()
    assert len(players_in(folder)) == 1


async def test_where_nothing_can_be_exported_exports_have_no_part_in_an_erasure(
    foundation: Foundation, settings: AggregationSettings
) -> None:
    alone = settings.model_copy(update={"export_folder": None, "aggregation_port": 0})
    running = await start(bootstrap.service(replace(foundation, settings=alone)), alone)
    token = lasting_token(alone, "ada", role="admin")
    async with channel(f"127.0.0.1:{running.port}", alone, token=token) as dialled:
        admin = PrivacyServiceStub(dialled)
        erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    await running.stop(0)
    expected = ["aggregation"] if foundation.database.dialect == "postgresql" else ["aggregation", "exports"]
    assert [part.service for part in erasure.parts] == expected
    assert erasure.state == DONE


async def test_releases_on_spark_are_refused_where_each_replica_would_have_files_of_its_own(
    foundation: Foundation, settings: AggregationSettings
) -> None:
    alone = settings.model_copy(update={"export_folder": None, "release_engine": "spark", "numeric_workers": 0})
    if foundation.database.dialect == "sqlite":
        assert alone.exports() == alone.data_dir / "exports" / "facts"
        return
    with pytest.raises(SettingError, match=r"^TTA_EXPORT_FOLDER: is not set"):
        bootstrap.service(replace(foundation, settings=alone))


async def test_an_erasure_waits_for_a_first_export_that_reads_the_player_while_it_is_being_deleted(
    game: Any, dial: Dial, foundation: Foundation, monkeypatch: pytest.MonkeyPatch
) -> None:
    (month,) = await foundation.exports().months()
    read, may_go = threading.Event(), threading.Event()
    files, forget = Buckets.files, SqlRights.forget
    exporting: list[asyncio.Task[Any]] = []

    def standing(self: Buckets, folder: Path) -> tuple[File, ...]:
        read.set()
        assert may_go.wait(60)
        return files(self, folder)

    async def meanwhile(self: SqlRights, subject_id: int) -> dict[str, int]:
        exporting.append(asyncio.create_task(foundation.exports().refresh(month)))
        await asyncio.to_thread(read.wait, 60)
        return await forget(self, subject_id)

    monkeypatch.setattr(Buckets, "files", standing)
    monkeypatch.setattr(SqlRights, "forget", meanwhile)
    admin = PrivacyServiceStub(dial("admin", "ada"))
    erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    assert [(part.service, part.state == DONE) for part in erasure.parts] == [("aggregation", True), ("exports", False)]
    may_go.set()
    await asyncio.gather(*exporting)
    look = privacy_pb2.GetErasureRequest(erasure_id=erasure.erasure_id)
    async with asyncio.timeout(60):
        while not (await admin.GetErasure(look)).HasField("finished_at"):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert len(players_in(foundation.settings.required_exports())) == 1

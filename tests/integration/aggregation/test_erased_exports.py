"""Whoever is erased is in no exported file when the erasure is finished, whatever computes releases by then."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tta.analytics.v1 import privacy_pb2, subject_rights_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub
from tta.analytics.v1.subject_rights_pb2_grpc import SubjectRightsServiceStub

from aggregation_svc.adapters.erased_exports import ErasedExports
from aggregation_svc.adapters.file_locks import locked
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.settings import AggregationSettings
from tests.exported_facts import players_in
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import consent, ingest, session

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


async def exported(foundation: Foundation) -> Path:
    exports = foundation.exports()
    for month in await exports.months():
        await exports.refresh(month)
    folder = foundation.settings.exports()
    assert len(players_in(folder)) == 2
    return folder


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


async def test_without_exports_they_have_no_part_in_an_erasure(game: Any, dial: Dial) -> None:
    admin = PrivacyServiceStub(dial("admin", "ada"))
    erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    assert [part.service for part in erasure.parts] == ["aggregation"]


async def test_where_releases_read_exports_they_have_a_part_before_the_first_month_is_written(
    foundation: Foundation,
) -> None:
    exports = ErasedExports(foundation.exports(), in_use=True)
    assert exports.holds_facts()
    assert (await exports.forget("ann", "e1")).done

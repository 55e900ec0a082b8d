"""When players decided, over gRPC and on both databases: what arrives late overturns nothing that is newer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import ingestion_pb2, privacy_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from aggregation_svc.adapters.tables import consent_moments, consents
from aggregation_svc.bootstrap import Foundation
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import error_info, ingest, session

NOW = datetime.now(UTC)
NO, YES = False, True


@pytest.fixture
def game(dial: Dial) -> Any:
    return IngestionServiceStub(dial())


@pytest.fixture
def ann(dial: Dial) -> Any:
    return IngestionServiceStub(dial("player", "ann"))


@pytest.fixture
def admin(dial: Dial) -> Any:
    return PrivacyServiceStub(dial("admin", "ada"))


def decision(answer: bool, hours_ago: float | None, kind: Any = ingestion_pb2.SetConsentRequest) -> Any:
    message = kind(user_id="ann", analytics=answer)
    if hours_ago is not None:
        message.decided_at.FromDatetime(NOW - timedelta(hours=hours_ago))
    return message


async def test_a_late_yes_leaves_the_no_and_the_history_tells_both_times(ann: Any, admin: Any) -> None:
    await ann.SetConsent(decision(NO, 2))
    assert not (await ann.SetConsent(decision(YES, 3))).analytics
    assert (await ann.SetConsent(decision(YES, 1))).analytics
    asked = privacy_pb2.ListConsentHistoryRequest(user_id="ann")
    changes = (await admin.ListConsentHistory(asked)).changes
    assert [change.decided_at.ToDatetime(tzinfo=UTC) for change in changes] == [
        NOW - timedelta(hours=1),
        NOW - timedelta(hours=2),
    ]
    assert all(change.changed_at.ToDatetime(tzinfo=UTC) >= NOW for change in changes)


async def test_of_many_the_older_are_counted_and_stay_out(game: Any) -> None:
    decisions = [decision(*one, ingestion_pb2.ConsentDecision) for one in ((NO, 1), (YES, 2), (NO, 1))]
    request = ingestion_pb2.SetConsentsRequest(decisions=decisions)
    answer = await game.SetConsents(request)
    assert (answer.changed, answer.superseded, answer.unchanged) == (1, 1, 1)
    again = await game.SetConsents(request)
    assert (again.changed, again.superseded, again.unchanged) == (0, 1, 2)


async def test_a_no_from_before_somebody_vouched_counts(ann: Any, dial: Dial) -> None:
    importer = IngestionServiceStub(dial("admin", "ada"))
    assert (await ingest(importer, [session("ann")], basis=ingestion_pb2.CONSENT_BASIS_ASSERTED)).stored == 1
    assert not (await ann.SetConsent(decision(NO, 24))).analytics


@pytest.mark.parametrize(
    ("basis", "stood", "said", "stands"),
    [
        ("player", NO, YES, NO),
        ("player", YES, NO, YES),
        ("service", NO, YES, NO),
        # Nobody knows when the player told the service: the no counts.
        ("service", YES, NO, NO),
    ],
)
async def test_what_was_recorded_before_there_were_moments(
    ann: Any, foundation: Foundation, basis: str, stood: bool, said: bool, stands: bool
) -> None:
    await ann.SetConsent(decision(stood, None))
    async with foundation.database.begin() as connection:
        await connection.execute(sa.delete(consent_moments))
        await connection.execute(sa.update(consents).values(decided_at=None, basis=basis))
    assert (await ann.SetConsent(decision(said, 1))).analytics is stands


async def test_a_yes_from_before_the_erasure_does_not_let_the_player_in(
    ann: Any, admin: Any, foundation: Foundation
) -> None:
    await ann.SetConsent(decision(YES, 2))
    await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="ann"))
    async with foundation.database.read() as connection:
        assert (await connection.execute(sa.select(consent_moments))).all() == []
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await ann.SetConsent(decision(YES, 1))
    assert error_info(refusal.value).reason == "SUBJECT_ERASED"
    assert (await ann.SetConsent(decision(YES, None))).analytics


async def test_a_moment_in_the_future_is_refused_by_its_field(ann: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await ann.SetConsent(decision(YES, -1))
    assert refusal.value.code() is grpc.StatusCode.INVALID_ARGUMENT

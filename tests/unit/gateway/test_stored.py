"""A stored release that the service has just shown to a caller is shown to them again, and to nobody else."""

import pytest
from google.protobuf.message import Message
from tta.analytics.v1 import aggregation_pb2 as pb

from gateway import stored
from gateway.bodies import Body
from gateway.context import Context
from gateway.identity.credentials import Credentials
from gateway.stored import SECONDS, Shown
from gateway.transcoding.image import Call, load
from tests.clock import Clock

CALLS = {call.name: call for call in load().calls}
RELEASE = pb.GetReleaseRequest(release_id="r-1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def key(
    token: str = "olga's", caller: str = "olga", request: Message = RELEASE, call: Call = CALLS["GetRelease"]
) -> stored.Key | None:
    return stored.key(call, request, Context("id", "trace", Credentials(token), caller))


def test_what_was_shown_is_shown_again_for_ten_seconds(clock: Clock) -> None:
    shown, body, asked = Shown(clock), Body.of(b"{}"), key()
    assert asked is not None
    shown.keep(asked, body)
    clock.now += SECONDS - 0.1
    assert shown.get(asked) is body
    clock.now += 0.1
    assert shown.get(asked) is None


def test_another_token_or_another_question_is_the_services_to_answer(clock: Clock) -> None:
    shown, body, asked = Shown(clock), Body.of(b"{}"), key()
    assert asked is not None
    shown.keep(asked, body)
    for other in (key("eve's"), key(request=pb.GetReleaseRequest(release_id="r-1", raw=True))):
        assert other is not None
        assert shown.get(other) is None


def test_a_token_that_does_not_hold_and_what_may_change_are_always_the_services_to_answer() -> None:
    assert key(caller="") is None
    assert key(call=CALLS["QueryCohorts"], request=pb.QueryCohortsRequest()) is None


def test_what_is_kept_no_longer_is_asked_for_again(clock: Clock) -> None:
    shown, body, asked = Shown(clock), Body.of(b"{}"), key()
    assert asked is not None
    shown.keep(asked, body)
    del body
    assert shown.get(asked) is None

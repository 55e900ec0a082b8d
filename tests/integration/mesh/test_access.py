import asyncio
from collections import Counter

import grpc
import pytest
from tta.analytics.v1 import alert_pb2, facts_pb2, ingestion_pb2

from mesh.identity import current_caller
from mesh.refusal import InvalidArgument, PermissionDenied, Unauthenticated
from mesh.settings import Settings
from mesh.statuses import from_error
from tests.integration.mesh.conftest import SECRET, token

ALERT = alert_pb2.GetAlertRequest(alert_id="1")


async def refusal_of(call):
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return from_error(error.value)


async def well(request):
    return alert_pb2.Alert(alert_id=request.alert_id)


async def test_without_a_token_nothing_opens(sample):
    refusal = await refusal_of(sample.alerts_as("").GetAlert(ALERT))
    assert (type(refusal), refusal.reason) == (Unauthenticated, "token_missing")


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: token(lasts=-1), "token_expired"),
        (lambda: token(exp=None), "token_incomplete"),
        (lambda: token(sub=None), "token_incomplete"),
        (lambda: token(type="refresh"), "token_type"),
        (lambda: token(secret="another secret of at least forty bytes!"), "token_invalid"),
        (lambda: token(secret=None, algorithm="none"), "token_algorithm"),
        (lambda: token(secret=SECRET * 2, algorithm="HS512"), "token_algorithm"),
        (lambda: token(role=["admin"]), "token_claims"),
        (lambda: "no.token.atall", "token_invalid"),
    ],
    ids=["expired", "without end", "nobody's", "refresh", "forged", "alg none", "HS512", "claims", "garbage"],
)
async def test_bad_tokens_are_refused(sample, made, reason):
    refusal = await refusal_of(sample.alerts_as(made()).GetAlert(ALERT))
    assert (type(refusal), refusal.reason) == (Unauthenticated, reason)


async def test_issuer_and_audience_are_enforced_where_set(serve, settings):
    sample = await serve(settings.model_copy(update={"auth_issuer": "tta", "auth_audience": "analytics"}))
    sample.alerts.get = well

    async def reason(**claims):
        return (await refusal_of(sample.alerts_as(token(**claims)).GetAlert(ALERT))).reason

    assert await reason(aud="analytics") == "token_incomplete"
    assert await reason(iss="tta") == "token_incomplete"
    assert await reason(iss="other", aud="analytics") == "token_issuer"
    assert await reason(iss="tta", aud="other") == "token_audience"
    assert (await sample.alerts_as(token(iss="tta", aud="analytics")).GetAlert(ALERT)).alert_id == "1"


async def test_a_role_without_the_permission_is_refused_and_told_which_it_needs(sample):
    refusal = await refusal_of(sample.alerts_as(token("researcher")).GetAlert(ALERT))
    assert (type(refusal), refusal.reason) == (PermissionDenied, "permission_missing")
    assert refusal.metadata == {"permissions": "access_crisis_protocols,subscribe_alerts"}


async def test_a_permission_listed_beyond_the_role_is_ignored(sample):
    listed = token("researcher", permissions=["access_crisis_protocols", "view_anonymized_data"])
    assert (await refusal_of(sample.alerts_as(listed).GetAlert(ALERT))).reason == "permission_missing"


async def test_a_permission_that_the_token_does_not_list_is_not_had(sample):
    listed = token("therapist", permissions=["view_anonymized_data"])
    assert (await refusal_of(sample.alerts_as(listed).GetAlert(ALERT))).reason == "permission_missing"


async def test_a_player_may_make_a_call_on_themselves_only(sample):
    callers = []

    async def consent(request):
        callers.append(current_caller())
        return facts_pb2.Consent() if hasattr(facts_pb2, "Consent") else ingestion_pb2.Consent()

    sample.ingestion.consent = consent
    stub = sample.ingestion_as(token(None, sub="account", player_id="Zoë-1"))
    await stub.SetConsent(ingestion_pb2.SetConsentRequest(user_id=" Zoe\u0308-1 ", analytics=True))
    assert (callers[0].role, callers[0].player_id) == ("player", "Zoë-1")
    assert callers[0].name.startswith("player:")
    assert "account" not in callers[0].name
    refusal = await refusal_of(stub.SetConsent(ingestion_pb2.SetConsentRequest(user_id="other", analytics=True)))
    assert (type(refusal), refusal.reason) == (PermissionDenied, "not_own_player")
    assert (await refusal_of(sample.alerts_as(token("player")).GetAlert(ALERT))).reason == "permission_missing"
    assert len(callers) == 1


async def test_permission_comes_before_validation(sample):
    empty = alert_pb2.GetAlertRequest()
    assert isinstance(await refusal_of(sample.alerts_as(token("player")).GetAlert(empty)), PermissionDenied)
    assert isinstance(await refusal_of(sample.alerts_as(token("admin")).GetAlert(empty)), InvalidArgument)


async def test_while_authentication_is_off_everybody_may_read_and_nobody_may_reveal(serve):
    sample = await serve(Settings(auth="off"))

    async def get(request):
        return alert_pb2.Alert(alert_id=current_caller().name)

    sample.alerts.get = get
    assert (await sample.alerts_as("").GetAlert(ALERT)).alert_id == "anonymous"
    request = alert_pb2.RevealAlertSubjectRequest(alert_id="1", purpose="to reach the player")
    refusal = await refusal_of(sample.alerts_as("").RevealAlertSubject(request))
    assert (type(refusal), refusal.reason) == (PermissionDenied, "needs_identity")


async def test_a_stream_ends_when_its_token_does(sample):
    async def stream(request):
        yield alert_pb2.StreamAlertsResponse(cursor="7")
        await asyncio.Event().wait()

    sample.alerts.stream = stream
    for lasts in (2.5, 25.0):  # where a busy machine takes longer than the first to open a stream
        call = sample.alerts_as(token(lasts=lasts)).StreamAlerts(alert_pb2.StreamAlertsRequest())
        answers = []
        with pytest.raises(grpc.aio.AioRpcError) as error:
            while True:
                answers.append((await call.read()).cursor)
        refusal = from_error(error.value)
        assert (type(refusal), refusal.reason) == (Unauthenticated, "token_expired")
        if answers:
            break
    assert answers == ["7"]


async def test_a_stream_of_requests_ends_when_its_token_does(sample):
    async def sessions(messages):
        return ingestion_pb2.IngestSummary(received=len([message async for message in messages]))

    async def for_ever():
        yield ingestion_pb2.IngestSessionsRequest()
        await asyncio.Event().wait()

    sample.ingestion.sessions = sessions
    stub = sample.ingestion_as(token("service", lasts=2.5))
    assert (await refusal_of(stub.IngestSessions(for_ever()))).reason == "token_expired"


async def test_refusals_of_permission_are_counted_by_caller_call_and_minute(serve, settings):
    sample = await serve(settings)
    stub = sample.alerts_as(token("researcher", sub="curious"))
    for _ in range(3):
        await refusal_of(stub.GetAlert(ALERT))
    await refusal_of(sample.alerts_as("").GetAlert(ALERT))
    await sample.running.stop(1.0)
    counted = Counter()  # another minute may begin between two calls
    for count in sample.refusals:
        counted[count.caller, count.call, count.reason] += count.count
    assert counted == {
        ("curious", "AlertService/GetAlert", "permission_missing"): 3,
        ("unknown", "AlertService/GetAlert", "token_missing"): 1,
    }
    assert len(sample.refusals) < 4

"""A player's export and erasure."""

from tta.analytics.v1 import alert_pb2, subject_rights_pb2

from tests.integration.monitoring.conftest import CRISIS, Running


async def test_forgetting_strips_everything_but_the_seal_of_an_unresolved_safety_alert(monitoring: Running) -> None:
    await monitoring.signal("player-1", engagement_score=0.1)
    crisis = (await monitoring.signal("player-1", CRISIS)).fired[0]
    await monitoring.signal("other", engagement_score=0.1)
    request = subject_rights_pb2.ForgetSubjectRequest(user_id="player-1", erasure_id="e1")
    first = await monitoring.rights.ForgetSubject(request)
    assert not first.done
    assert first.kept
    listed = await monitoring.alerts.ListAlerts(alert_pb2.ListAlertsRequest())
    assert {one.alert_id for one in listed.alerts if one.subject_pseudonym and one.state != 3} > {crisis.alert_id}
    await monitoring.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=crisis.alert_id))
    assert (await monitoring.rights.ForgetSubject(request)).done
    pseudonyms = {event.alert.subject_pseudonym for event in await monitoring.events(5)}
    assert len(pseudonyms - {""}) == 1


async def test_collecting_gives_the_players_alerts_and_no_one_elses(monitoring: Running) -> None:
    await monitoring.signal("player-1", engagement_score=0.1)
    await monitoring.signal("other", engagement_score=0.2)
    call = monitoring.rights.CollectSubject(subject_rights_pb2.CollectSubjectRequest(user_id="player-1"))
    chunks = {chunk.kind: list(chunk.records) async for chunk in call}
    assert [record["data"]["engagement_score"] for record in chunks["alerts"]] == [0.1]

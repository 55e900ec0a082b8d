"""Every call as every role, over REST and the real interceptors, against a table of who may do what."""

import re
import time
from typing import Any

import jwt
import pytest
from pydantic import SecretStr

from gateway.transcoding.bindings import Binding, bindings
from tests.gateway_services import IMAGE, Running, guarded_gateway
from tests.tokens import LIFETIME

SECRET = "a secret of at least thirty-two bytes"
LASTS = int(LIFETIME.total_seconds())
"""Seconds that a token holds: some are made when this file is read."""

ROLES = ("player", "moderator", "therapist", "researcher", "admin", "operator", "service", "scheduler")

TABLE = """
# what releases say
GetRelease ListReleases QueryCohorts ListPatterns AnalyzeCohorts CompareCohorts GetRetention: therapist researcher admin
AnalyzeTrend CompareToBaseline Forecast: therapist researcher admin
GetDashboard ListDashboards RenderDashboard PreviewDashboard ListPanelSources: therapist researcher admin
LegacyListPatterns LegacyAnalyzeCohorts: therapist researcher admin
# reports: those about operations are open to operators; the service looks at the kind
WatchReport GetReport ListReports DownloadReport: therapist researcher admin operator
GetLegacyReport ListLegacyReports: therapist researcher admin operator
GenerateReport CancelReport DeleteReport GenerateLegacyReport: therapist researcher admin
CreateSchedule GetSchedule ListSchedules UpdateSchedule DeleteSchedule: therapist researcher admin
RunNow ListScheduleRuns: therapist researcher admin
CreateDashboard UpdateDashboard DeleteDashboard: therapist researcher admin
# what spends budget, what trains
CreateRelease: admin scheduler
AggregateBehavior LegacyAggregateBehavior: service admin scheduler
TrainModel GetTraining WatchTraining CancelTraining: researcher admin
ListModels GetModel: therapist researcher admin
GetBudget: therapist researcher admin scheduler
# one player
PredictOutcome: therapist admin
GetProgressViz: therapist admin +player
GetConsent ListConsentHistory ExportSubject EraseSubject: admin +player
SetConsent: service admin +player
SetConsents: service admin
RevealSubject: therapist admin
GetErasure EraseSubjects RaiseBudget ListLedgerEntries ListAuditEntries VerifyAuditLog: admin
# crisis
StreamAlerts ListAlerts GetAlert ListAlertEvents LegacyListActiveAlerts: service therapist admin
CreateStreamTicket StreamInterventions: service therapist admin
AcknowledgeAlert ResolveAlert RevealAlertSubject LegacyResolveAlert: therapist admin
CreateSilence ListSilences DeleteSilence: therapist admin
CreateRule UpdateRule DeleteRule TestRule: admin
ListRules: therapist admin operator
CreateContact GetContact ListContacts UpdateContact DeleteContact TestChannel: admin
CreateRoute GetRoute ListRoutes UpdateRoute DeleteRoute: admin
CreateEscalationPolicy GetEscalationPolicy ListEscalationPolicies: admin
UpdateEscalationPolicy DeleteEscalationPolicy: admin
ListDeliveries RetryDelivery: admin operator
SendDocument: therapist researcher admin
# facts, metrics and signals in (an admin has every permission); operations out
IngestSessions IngestProgress RecordOutcomes: service admin
ProcessMetric IngestMetrics ProcessSignal IngestSignals ReceiveSystemAlerts: service admin
LegacyProcessMetric LegacyProcessUser: service admin
ListMetrics ListMetricRollups WatchMetrics GetCareFigures: therapist researcher admin operator
LegacyGetCurrentMetrics: therapist researcher admin operator
"""
"""Calls and the roles that may make them; `+player` where players may on themselves."""

CLOSED_WITHOUT_IDENTITY = """
RevealSubject RevealAlertSubject ExportSubject EraseSubject EraseSubjects GetErasure RaiseBudget CreateSilence
DeleteSilence
CreateRule UpdateRule DeleteRule TestRule CreateContact GetContact ListContacts UpdateContact DeleteContact
TestChannel CreateRoute GetRoute ListRoutes UpdateRoute DeleteRoute CreateEscalationPolicy GetEscalationPolicy
ListEscalationPolicies UpdateEscalationPolicy DeleteEscalationPolicy RetryDelivery
TrainModel GetTraining WatchTraining CancelTraining ListLedgerEntries ListAuditEntries VerifyAuditLog GetConsent
ListConsentHistory
"""
"""Calls that stay closed while authentication is off: those that need an identity, and what nobody is given then."""

ALLOWED = {
    call: roles.split()
    for line in TABLE.splitlines()
    if line and not line.startswith("#")
    for calls, _, roles in [line.partition(":")]
    for call in calls.split()
}
BINDINGS = [each for call in IMAGE.calls for each in bindings(call)]


def token(role: str) -> str:
    claims = {"sub": f"a-{role}", "player_id": "player-7", "role": role, "exp": int(time.time()) + LASTS}
    if role != "player":
        del claims["player_id"]
    return jwt.encode(claims, SECRET, algorithm="HS256")


async def status(running: Running, binding: Binding, user_id: str, bearer: str = "") -> int:
    path = re.sub(r"\{([^}]*)\}", lambda found: user_id if found[1] == "user_id" else "x-1", binding.template.text)
    body: dict[str, Any] | None = {} if binding.body else None
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    async with running.client.stream(binding.method, path, json=body, headers=headers) as answer:
        return answer.status_code


def test_the_table_knows_every_call_that_has_a_path():
    assert {binding.call.name for binding in BINDINGS} == set(ALLOWED)


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_may_make_its_calls_and_no_others(role: str):
    async with guarded_gateway(auth_secret_key=SecretStr(SECRET)) as running:
        bearer = token(role)
        wrong = []
        for binding in BINDINGS:
            roles = ALLOWED[binding.call.name]
            got = await status(running, binding, "player-7", bearer)
            allowed = role in roles or (role == "player" and "+player" in roles)
            if (got != 403) != allowed or got in (401, 500):
                wrong.append((binding.call.name, got, "allowed" if allowed else "refused"))
        assert wrong == []


async def test_a_player_may_not_ask_of_another():
    async with guarded_gateway(auth_secret_key=SecretStr(SECRET)) as running:
        for binding in BINDINGS:
            assert await status(running, binding, "player-8", token("player")) == 403, binding.call.name


@pytest.mark.parametrize(
    "bearer",
    [
        "",
        "not.a.token",
        jwt.encode({"sub": "x", "role": "admin", "exp": int(time.time()) - 1}, SECRET, algorithm="HS256"),
        jwt.encode({"sub": "x", "role": "admin", "exp": int(time.time()) + LASTS}, "x" * 32, algorithm="HS256"),
        jwt.encode({"sub": "x", "role": "admin", "exp": int(time.time()) + LASTS, "type": "refresh"}, SECRET),
        jwt.encode({"sub": "x", "role": "admin", "exp": int(time.time()) + LASTS}, "", algorithm="none"),
    ],
    ids=["none", "no token", "expired", "other secret", "refresh", "unsigned"],
)
async def test_nobody_gets_in_without_a_valid_token(bearer: str):
    async with guarded_gateway(auth_secret_key=SecretStr(SECRET)) as running:
        for binding in BINDINGS:
            assert await status(running, binding, "player-7", bearer) == 401, binding.call.name


async def test_with_authentication_off_identity_is_still_needed_where_it_counts():
    async with guarded_gateway(auth="off") as running:
        wrong = []
        for binding in BINDINGS:
            got = await status(running, binding, "player-7")
            if (got == 403) != (binding.call.name in CLOSED_WITHOUT_IDENTITY.split()):
                wrong.append((binding.call.name, got))
        assert wrong == []

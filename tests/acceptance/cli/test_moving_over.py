"""The predecessor's callers on its own ports: requests work as they are; what is answered differently is meant."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from websockets.sync.client import connect

from mesh.identity import make_token
from reporting_svc.servicers.legacy import PATIENCE
from tests.platform import Platform, running_platform
from tests.tokens import LIFETIME

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "moving-over.md").read_text()
AGGREGATION, REPORTING, MONITORING = range(3)


class Callers:
    """The predecessor's callers: each knows one port, and now sends a token."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.ports = platform.settings["TTA_GATEWAY_LEGACY_PORTS"].split(",")
        self.secret = next((platform.folder / "secrets").glob("auth*")).read_text().strip()

    def headers(self, role: str = "admin", subject: str = "caller") -> dict[str, str]:
        return {"Authorization": f"Bearer {make_token(self.secret, subject, role, LIFETIME)}"}

    def ask(self, process: int, method: str, path: str, *, role: str = "admin", **options: Any) -> httpx.Response:
        url = f"http://127.0.0.1:{self.ports[process]}{path}"
        return httpx.request(method, url, headers=self.headers(role), timeout=60, **options)

    def get(self, process: int, path: str, **options: Any) -> Any:
        answer = self.ask(process, "GET", path, **options)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def post(self, process: int, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.ask(process, "POST", path, json=body, **options)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    folder = tmp_path_factory.mktemp("moving")
    with running_platform(
        folder, TTA_LEGACY_CONSENT="asserted", TTA_CRISIS_SEMANTIC="off", TTA_FOCUS_NAMES="anxiety,grief"
    ) as platform:
        yield Callers(platform)


T = TypeVar("T")


def until(ask: Callable[[], T], holds: Callable[[T], bool]) -> T:
    """Return an answer of which something holds; asked for two minutes at most."""
    deadline = time.monotonic() + 120
    while not holds(answer := ask()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)
    return answer


USER_DATA = {
    "user_id": "ada",
    "therapeutic_focus": "anxiety",
    "session_frequency": "weekly",
    "engagement_level": "high",
    "sessions": [
        {
            "duration_minutes": 30,
            "interaction_count": 12,
            "therapeutic_interventions_count": 2,
            "progress_markers_count": 1,
        }
    ],
    "progress_data": {
        "overall_progress": 0.4,
        "goal_completion_rate": 0.5,
        "engagement_level": "high",
        "total_sessions": 7,
    },
    "therapeutic_metrics": {},
}


def test_a_batch_of_behaviour_is_answered_with_the_counts_that_its_callers_read(callers: Callers) -> None:
    body = {"user_data": [USER_DATA, USER_DATA | {"user_id": "bob"}], "privacy_level": "high"}
    answer = callers.post(AGGREGATION, "/aggregate/behavior", body)
    assert answer["success"] is True
    assert answer["total_users"] == 2
    assert {"patterns_detected", "cohorts_analyzed", "analysis_timestamp"} <= set(answer)


def test_a_malformed_record_is_left_out_and_named_where_the_predecessor_was_silent(callers: Callers) -> None:
    body = {"user_data": [USER_DATA, {"therapeutic_focus": "anxiety"}], "privacy_level": "low"}
    answer = callers.post(AGGREGATION, "/aggregate/behavior", body)
    assert [one["field"].partition(".")[0] for one in answer["left_out"]] == ["user_data[1]"]


def test_patterns_and_cohorts_are_read_from_the_last_release(callers: Callers) -> None:
    patterns = callers.get(AGGREGATION, "/patterns?pattern_type=engagement&limit=50")
    assert (patterns["patterns"], patterns["total_count"]) == ([], 0)
    cohorts = callers.get(AGGREGATION, "/cohorts/analysis")
    assert (cohorts["total_cohorts"], cohorts["cohort_statistics"]) == (0, {})
    assert {"analysis_timestamp"} <= set(patterns) & set(cohorts)


def test_a_report_is_made_read_and_listed(callers: Callers) -> None:
    body = {
        "report_type": "system_performance",
        "report_format": "html",
        "title": "Nightly",
        "description": "",
        "date_range_start": "2026-10-01T00:00:00",
        "date_range_end": "2026-11-01T00:00:00",
        "filters": {},
        "visualization_config": {},
    }
    began = time.monotonic()
    made = callers.post(REPORTING, "/reports/generate", body)
    assert set(made) >= {"report_id", "status", "message", "report_url"}
    # Who waited in vain for it, as long as the service does, asks for its url.
    assert made["status"] == "completed" or (made["status"], time.monotonic() - began >= PATIENCE) == (
        "processing",
        True,
    )
    document = until(
        lambda: callers.ask(REPORTING, "GET", f"/reports/{made['report_id']}?format=html"),
        lambda answer: answer.status_code == httpx.codes.OK,
    )
    assert document.headers["content-type"].startswith("text/html")
    assert "Nightly" in document.text
    listed = callers.get(REPORTING, "/reports")
    assert listed["total_count"] == 1
    assert set(listed["reports"][0]) >= {"report_id", "title", "type", "generated_at"}


def test_a_metric_is_processed_and_shown_with_its_thresholds(callers: Callers) -> None:
    body = {"metric_name": "response_time", "value": 2.5, "warning_threshold": 2.0, "critical_threshold": 5.0}
    assert callers.post(MONITORING, "/metrics/process", body) == {"status": "processed", "metric": "response_time"}
    shown = callers.get(MONITORING, "/metrics/current")
    metric = shown["metrics"]["response_time"]
    assert (metric["value"], metric["warning_threshold"], metric["status"]) == (2.5, 2.0, "warning")
    assert "timestamp" in shown


def test_a_signal_makes_an_alert_that_is_listed_streamed_and_resolved(callers: Callers) -> None:
    url = f"ws://127.0.0.1:{callers.ports[MONITORING]}/alerts/stream?cursor=0"
    body = {"user_id": "willow", "recent_messages": ["I am going to kill myself tonight"]}
    with connect(url, additional_headers=callers.headers(), open_timeout=60) as socket:
        assert callers.post(MONITORING, "/users/process", body) == {"status": "processed", "user_id": "willow"}
        socket.send("text frames are ignored")
        frame = json.loads(socket.recv(timeout=60))
        while frame["alert_type"] != "safety_concern":
            frame = json.loads(socket.recv(timeout=60))
    active = callers.get(MONITORING, "/alerts/active")
    assert active["count"] == len(active["alerts"])
    (alert,) = [one for one in active["alerts"] if one["alert_type"] == "safety_concern"]
    assert alert["alert_id"] == frame["alert_id"]
    assert (alert["severity"], alert["is_resolved"]) == ("critical", False)
    assert "willow" not in json.dumps(alert)
    path = f"/alerts/{alert['alert_id']}/resolve?resolved_by=dr"
    assert callers.post(MONITORING, path) == {"status": "resolved", "alert_id": alert["alert_id"]}
    assert callers.ask(MONITORING, "POST", "/alerts/none/resolve?resolved_by=dr").status_code == httpx.codes.NOT_FOUND


def test_health_is_told_by_port_and_needs_no_token(callers: Callers) -> None:
    def answers() -> list[Any]:
        return [httpx.get(f"http://127.0.0.1:{port}/health", timeout=60).json() for port in callers.ports]

    # A service that is too busy for a probe is told as such, for the second in which it is.
    told = until(answers, lambda found: {answer["status"] for answer in found} == {"healthy"})
    assert [answer["service"] for answer in told] == ["aggregation", "reporting", "monitoring"]


@pytest.mark.parametrize(
    ("process", "path", "body"),
    [
        (AGGREGATION, "/aggregate/behavior", {"user_data": [], "privacy_level": "none"}),
        (REPORTING, "/reports/generate", {"report_type": "nonsense"}),
        (MONITORING, "/metrics/process", {"metric_name": "x", "value": "high"}),
        (MONITORING, "/metrics/process", {"value": 1}),
        (MONITORING, "/users/process", {"engagement_score": 0.5}),
    ],
)
def test_a_wrong_request_is_refused_with_the_field_that_is_wrong(
    callers: Callers, process: int, path: str, body: Any
) -> None:
    answer = callers.ask(process, "POST", path, json=body)
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert answer.json()["violations"]


def test_without_a_token_with_a_foreign_one_or_without_permission_nothing_is_told(callers: Callers) -> None:
    url = f"http://127.0.0.1:{callers.ports[MONITORING]}/alerts/active"
    foreign = make_token("x" * 64, "caller", "admin", timedelta(minutes=5))
    assert httpx.get(url, timeout=60).status_code == httpx.codes.UNAUTHORIZED
    refused = httpx.get(url, headers={"Authorization": f"Bearer {foreign}"}, timeout=60)
    assert (refused.status_code, refused.json()["reason"]) == (httpx.codes.UNAUTHORIZED, "token_invalid")
    assert callers.ask(MONITORING, "GET", "/alerts/active", role="researcher").status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize(("days", "buckets"), [(7, 7), (30, 30), (90, None), (365, None)])
def test_the_frontend_s_chart_of_a_player_in_every_range(callers: Callers, days: int, buckets: int | None) -> None:
    url = f"{callers.platform.url}/api/v1/players/ada/progress/viz"
    player = httpx.get(url, params={"days": days}, headers=callers.headers("player", "ada"), timeout=60)
    assert player.status_code == httpx.codes.OK, player.text
    chart = player.json()
    assert set(chart) == {"time_buckets", "series", "meta"}
    assert set(chart["meta"]) == {"total_sessions", "avg_session_duration", "date_range"}
    span = chart["meta"]["date_range"]
    start, end = (datetime.fromisoformat(span[name]) for name in ("start", "end"))
    assert abs((end - start) - timedelta(days=days)) <= timedelta(days=8)
    assert end <= datetime.now(UTC) + timedelta(days=1)
    assert {len(one["data"]) for one in chart["series"]} == {len(chart["time_buckets"])}
    assert buckets in (None, len(chart["time_buckets"]))
    assert httpx.get(url, headers=callers.headers("player", "bob"), timeout=60).status_code == httpx.codes.FORBIDDEN
    assert httpx.get(url, headers=callers.headers("researcher"), timeout=60).status_code == httpx.codes.FORBIDDEN
    therapist = httpx.get(url, params={"days": days}, headers=callers.headers("therapist"), timeout=60).json()
    assert (therapist["time_buckets"], therapist["series"]) == (chart["time_buckets"], chart["series"])


def test_another_range_is_refused(callers: Callers) -> None:
    url = f"{callers.platform.url}/api/v1/players/ada/progress/viz"
    assert httpx.get(url, params={"days": 8}, headers=callers.headers("therapist"), timeout=60).status_code == 400


def test_the_guide_names_every_call_of_the_predecessor() -> None:
    for call in (
        "POST /aggregate/behavior",
        "GET /patterns",
        "GET /cohorts/analysis",
        "POST /reports/generate",
        "GET /reports",
        "POST /metrics/process",
        "POST /users/process",
        "GET /alerts/active",
        "POST /alerts/{id}/resolve",
        "GET /metrics/current",
        "WS /alerts/stream",
        "GET /health",
    ):
        assert re.search(rf"`{re.escape(call)}", PAGE), call

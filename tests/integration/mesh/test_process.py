import asyncio
import json
import os
import signal
import sys

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.servers import free_port

PROGRAM = """
from mesh.process import run
from mesh.server import Service, serve
from mesh.settings import Settings, load
import asyncio, sys

async def main():
    settings = load(Settings)
    async def ready():
        return True
    service = Service("monitoring", settings.monitoring_port, lambda server: None, (), ready)
    await serve(service, settings)

if __name__ == "__main__":
    run(main())
"""


@pytest.fixture
async def process(tmp_path):
    """A function that starts the program under an environment."""
    (tmp_path / "program.py").write_text(PROGRAM)
    started = []

    async def start(**environment):
        environment |= {"PYTHONPATH": ":".join(sys.path), "PATH": os.environ["PATH"]}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            str(tmp_path / "program.py"),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def test_a_process_serves_until_told_to_stop(process):
    port = free_port()
    child = await process(
        TTA_AUTH="off", TTA_MONITORING_PORT=str(port), TTA_MONITORING_HTTP_PORT="0", TTA_DRAIN_TIMEOUT="2s"
    )
    lines = []
    async with asyncio.timeout(60):
        while not lines or lines[-1]["event"] != "started":
            lines.append(json.loads(await child.stdout.readline()))
    assert lines[0]["event"] == "authentication_off"
    assert (lines[-1]["port"], lines[-1]["address"], lines[-1]["process"]) == (port, "127.0.0.1", "monitoring")
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    child.send_signal(signal.SIGTERM)
    output, errors = await asyncio.wait_for(child.communicate(), 120)
    assert child.returncode == 0
    assert json.loads(output.splitlines()[-1])["event"] == "stopped"
    assert errors.decode().startswith("WARNING: TTA_AUTH=off. Whoever reaches 127.0.0.1")
    assert errors.decode().count("\n") == 1


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({}, "TTA_AUTH_SECRET_KEY: is not set; set it or TTA_AUTH_JWKS_URL, or TTA_AUTH=off on a trusted network"),
        ({"TTA_AUTH": "off", "TTA_MAX_CONCURRENT_CALLS": "0"}, "TTA_MAX_CONCURRENT_CALLS: Input should be greater"),
    ],
)
async def test_a_wrong_setting_is_one_line_and_exit_code_2(process, environment, line):
    child = await process(**environment)
    output, errors = await asyncio.wait_for(child.communicate(), 120)
    assert child.returncode == 2
    assert errors.decode().startswith(line)
    assert errors.decode().count("\n") == 1
    assert output == b""

import asyncio
import os
import re
import signal
import subprocess
import sys

import grpc
import httpx
import psutil
import pytest
from tta.analytics.v1 import privacy_pb2, privacy_pb2_grpc

from mesh.channels import service_config
from tests.aggregation_process import aggregation
from tests.tokens import lasting_token

CONNECTIONS = 32
"""Of so many, that the kernel deals out by chance, one worker gets none in one of two thousand million runs."""
METHOD = "GetBudget"


def open_channels(target):
    """Channels that each have a connection of their own, with the client's usual retries."""
    options = [
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.service_config", service_config()),
        ("grpc.service_config_disable_resolution", 1),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 100),
    ]
    return [grpc.aio.insecure_channel(target, options) for _ in range(CONNECTIONS)]


class Callers:
    """Clients that ask over and over, each over its own connection."""

    def __init__(self, process):
        self._channels = open_channels(process.target)
        token = lasting_token(process.settings, "tests", role="admin")
        self._metadata = (("authorization", f"Bearer {token}"),)
        self._going = True
        self.answered = 0

    async def ask(self):
        await asyncio.gather(*(self._ask(channel) for channel in self._channels))

    async def _ask(self, channel):
        stub = privacy_pb2_grpc.PrivacyServiceStub(channel)
        await stub.GetBudget(privacy_pb2.GetBudgetRequest(), metadata=self._metadata, wait_for_ready=True, timeout=120)
        self.answered += 1

    async def keep_asking(self):
        while self._going:
            await self.ask()

    async def stop(self):
        self._going = False

    async def close(self):
        for channel in self._channels:
            await channel.close()


async def eventually(found, seconds=300.0):
    """Ask until there is an answer that is true, and return it."""
    async with asyncio.timeout(seconds):
        while not (answer := await found()):  # noqa: ASYNC110 another process's state has no event
            await asyncio.sleep(0.1)
        return answer


async def ready_workers(client, url):
    """Return the workers that say they are ready."""
    try:
        text = (await client.get(url)).text
    except httpx.TransportError:
        return set()
    return set(re.findall(r'^tta_analytics_ready\{worker="(\d)"\} 1\.0', text, re.MULTILINE))


async def asked_by_worker(client, url):
    """Return how many calls each worker had."""
    text = (await client.get(url)).text
    pattern = rf'^tta_analytics_grpc_requests_total\{{method="{METHOD}",.*worker="(\d)"\}} (\S+)'
    return {worker: float(count) for worker, count in re.findall(pattern, text, re.MULTILINE)}


def workers_of(parent):
    return [child for child in psutil.Process(parent).children() if "serve" in command_line(child)]


def command_line(process):
    """Return the words of a process's command; none of one that has just ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


async def both(client, process):
    async def found():
        return await ready_workers(client, process.metrics_url) == {"0", "1"}

    await eventually(found)


@pytest.fixture
async def client():
    async with httpx.AsyncClient(timeout=60) as found:
        yield found


@pytest.mark.kills
async def test_calls_spread_over_workers_and_one_that_is_killed_comes_back(postgres_url, client):
    with aggregation(postgres_url, workers=2, numeric_workers="0") as process:
        await both(client, process)
        callers = Callers(process)
        await callers.ask()
        spread = await asked_by_worker(client, process.metrics_url)
        assert set(spread) == {"0", "1"}
        assert sum(spread.values()) == CONNECTIONS

        before = {child.pid for child in workers_of(process.pid)}
        killed = min(before)
        os.kill(killed, signal.SIGKILL)

        async def replaced():
            now = {child.pid for child in workers_of(process.pid)}
            return len(now) == 2 and killed not in now

        await eventually(replaced)
        await both(client, process)
        await callers.ask()
        assert callers.answered == 2 * CONNECTIONS
        await callers.close()


@pytest.mark.kills
async def test_a_worker_that_drains_costs_no_caller_an_answer(postgres_url, client):
    with aggregation(postgres_url, workers=2, numeric_workers="0") as process:
        await both(client, process)
        callers = Callers(process)
        asking = asyncio.create_task(callers.keep_asking())
        drained = workers_of(process.pid)[0]
        drained.send_signal(signal.SIGTERM)

        async def gone():
            return drained.pid not in {worker.pid for worker in workers_of(process.pid)}

        await eventually(gone)
        await both(client, process)
        await callers.stop()
        await asking
        assert callers.answered >= CONNECTIONS
        await callers.close()


@pytest.mark.kills
async def test_sigterm_to_the_parent_ends_every_worker(postgres_url, client):
    with aggregation(postgres_url, workers=2, numeric_workers="0") as process:
        await both(client, process)
        workers = workers_of(process.pid)
        os.kill(process.pid, signal.SIGTERM)
        gone, alive = await asyncio.to_thread(psutil.wait_procs, workers, 120)
        assert (len(gone), alive) == (2, [])


def test_more_than_one_worker_on_sqlite_is_one_clear_line(tmp_path):
    environment = {"PYTHONPATH": ":".join(sys.path), "PATH": os.environ["PATH"], "TTA_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "tta_analytics", "serve", "aggregation", "--workers", "2"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 2
    assert done.stderr == "TTA_DATABASE_URL: SQLite has one writer; more than one worker needs PostgreSQL\n"

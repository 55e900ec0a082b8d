"""The client library against real services, and the examples of docs/clients.md as they stand."""

import asyncio
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tta.analytics.v1 import aggregation_pb2, facts_pb2

from mesh.refusal import PermissionDenied, Unavailable
from tests.importing import Services, command_environment, served, wire
from tta_analytics.client import AsyncClient
from tta_analytics.client.pace import Pace

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "clients.md").read_text()


def code(name: str) -> str:
    (found,) = re.findall(rf"```python {name}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


async def ran(services: Services, folder: Path, name: str) -> list[str]:
    script = folder / "example.py"
    script.write_text(code(name))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        env=command_environment(services),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, errors.decode()
    return out.decode().splitlines()


async def test_the_example_with_an_event_loop_runs(services: Services, tmp_path: Path):
    assert await ran(services, tmp_path, "async") == [
        "stored 1200",
        "refused 0 started_at",
        "refused ['user_id']",
    ]


async def test_the_example_without_an_event_loop_runs(services: Services, tmp_path: Path):
    lines = await ran(services, tmp_path, "blocking")
    assert lines[0] == "signals 1 alerts 1"
    assert lines[1].startswith("alert ")


def session(number: int) -> facts_pb2.Session:
    made = facts_pb2.Session(user_id="ada", session_id=f"s-{number}")
    made.started_at.FromDatetime(datetime(2026, 10, 1, tzinfo=UTC))
    return made


async def test_a_caller_without_permission_gets_the_service_s_own_refusal(services: Services):
    with pytest.raises(PermissionDenied):
        await services.client.aggregation.CreateRelease(aggregation_pb2.CreateReleaseRequest())


async def test_a_refused_record_is_named_by_its_place_and_the_rest_is_stored(services: Services):
    await services.consent("ada")
    records = [session(number) for number in range(1100)]
    records[700].duration_minutes = -1
    sent = await services.client.ingest("sessions").send(records)
    assert sent.counts["stored"] == 1099
    assert [(one.index, one.field) for one in sent.refused] == [(700, "duration_minutes")]


async def test_a_batch_whose_answer_was_lost_is_sent_again_and_counts_once(services: Services):
    await services.consent("ada")
    port = int(services.settings.aggregation_target.rpartition(":")[2])  # type: ignore[union-attr]
    async with wire(port) as line:
        line.cut_after = 400
        settings = services.settings.model_copy(update={"aggregation_target": f"127.0.0.1:{line.port}"})

        async def mend(seconds: float) -> None:
            line.cut_after = None
            await asyncio.sleep(seconds)

        async with AsyncClient(settings, name="importer") as client:
            sent = await client.ingest("sessions", pace=Pace(sleep=mend)).send([session(n) for n in range(500)])
    assert (sent.counts["stored"], sent.counts["unchanged"]) in {(500, 0), (0, 500)}
    again = await services.client.ingest("sessions").send([session(n) for n in range(500)])
    assert again.counts["unchanged"] == 500


async def test_a_service_that_is_away_is_refused_after_the_patience(services: Services):
    settings = services.settings.model_copy(update={"aggregation_target": "127.0.0.1:1"})
    async with AsyncClient(settings, name="importer") as client:
        with pytest.raises(Unavailable):
            await client.ingest("sessions", pace=Pace(patience=0.5)).send([session(1)])


async def test_senders_that_together_are_too_fast_slow_down_and_lose_nothing(tmp_path: Path):
    async with served(tmp_path, alerts=False, ingest_queue=1000) as services:
        await services.consent("ada")
        waits: list[float] = []

        async def sleep(seconds: float) -> None:
            waits.append(seconds)
            await asyncio.sleep(seconds)

        async def send(first: int) -> dict[str, int]:
            ingest = services.client.ingest("sessions", pace=Pace(sleep=sleep))
            return (await ingest.send([session(number) for number in range(first, first + 500)])).counts

        counts = await asyncio.gather(*(send(first) for first in range(0, 6000, 500)))
    assert sum(one["stored"] for one in counts) == 6000
    assert waits

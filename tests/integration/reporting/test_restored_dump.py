"""Reporting's database from a dump: reports and their files are what they were."""

import asyncio
import subprocess

import asyncpg
import pytest
from tta.analytics.v1 import report_pb2, report_pb2_grpc

from mesh.channels import channel
from mesh.protos import timestamp
from mesh.server import start
from reporting_svc import bootstrap
from tests.integration.reporting.test_reports import END, JSON, OUTCOMES, START, downloaded, finished
from tests.prepared import prepared
from tests.servers import alone, postgres_binaries
from tests.tokens import lasting_token

RESTORED = "reporting_restored"


@pytest.fixture
def database_url(postgres_url):
    """On PostgreSQL, where the files of reports are in the database too."""
    return postgres_url


@pytest.fixture
async def restored(postgres_server):
    server = await asyncpg.connect(postgres_server.url())
    await server.execute(f"CREATE DATABASE {RESTORED} TEMPLATE template0")
    yield postgres_server.url(RESTORED)
    await alone(server, f"DROP DATABASE {RESTORED} WITH (FORCE)")
    await server.close()


async def run(program, *arguments):
    command = [str(postgres_binaries() / program), *arguments]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


async def test_a_report_is_in_the_restored_database_with_its_file(
    dial, settings, postgres_url, restored, sources, post, workshop, tmp_path
):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    spec = report_pb2.ReportSpec(report_type=OUTCOMES, formats=[JSON])
    request = report_pb2.GenerateReportRequest(spec=spec, range_start=timestamp(START), range_end=timestamp(END))
    report = await stub.GenerateReport(request)
    await finished(stub, report.report_id)
    written = await downloaded(stub, report.report_id, JSON)
    dump = str(tmp_path / "reporting.dump")
    await run("pg_dump", "--format=custom", "--no-owner", "--file", dump, postgres_url)
    await run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", restored, dump)
    again = settings.model_copy(update={"database_url": restored})
    await prepared(restored, "reporting_svc")
    wired = await bootstrap.bootstrap(again, bootstrap.Parts(sources=sources, post=post, workshop=workshop))
    running = await start(wired.service, again)
    token = lasting_token(again, "ada", role="researcher")
    try:
        async with channel(f"127.0.0.1:{running.port}", again, token=token) as connection:
            there = report_pb2_grpc.ReportServiceStub(connection)
            kept = await there.GetReport(report_pb2.GetReportRequest(report_id=report.report_id))
            assert kept.state == report_pb2.REPORT_STATE_DONE
            assert await downloaded(there, report.report_id, JSON) == written
    finally:
        await running.stop(1)

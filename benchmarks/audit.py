"""Verification of an audit chain of a million entries, and what one audited act costs."""

import asyncio
import json
import os
import platform
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from benchmarks.asked import command_line
from mesh.audit import AuditLog, Entry, audit_table
from mesh.database import SCHEMA, Database
from tests.servers import running_postgres

RESULTS = Path(__file__).parent / "results" / "audit.json"
METADATA = sa.MetaData()
TABLE = audit_table(METADATA, "benchmark_audit")
BATCH = 10_000
ACTS = 200
TARGET_SECONDS = 10.0


def entry(number: int) -> Entry:
    return Entry("reporting", "release.read", f"subject-{number}", {"release": f"r{number}", "purpose": "review"})


async def measured(url: str, entries: int) -> dict[str, float]:
    database, log = Database(url), AuditLog(TABLE, b"k" * 32)
    async with database.begin() as connection:
        if database.dialect == "postgresql":
            await connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
        await connection.run_sync(METADATA.create_all)
    for first in range(0, entries, BATCH):
        async with database.begin() as connection:
            await log.append(connection, *(entry(number) for number in range(first, first + BATCH)))
    began, computed = time.perf_counter(), time.process_time()
    async with database.read() as connection:
        found = await log.verify(connection)
    figures = {"verify_s": time.perf_counter() - began, "verify_cpu_s": time.process_time() - computed}
    if not found.intact or found.checked != entries:
        raise AssertionError(f"the chain is not what was written: {found}")
    began = time.perf_counter()
    for number in range(ACTS):
        async with database.begin() as connection:
            await log.append(connection, entry(number))
    figures["acts_per_s"] = ACTS / (time.perf_counter() - began)
    await database.close()
    return figures


def main(entries: int) -> None:
    """Print the table and write the JSON."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as folder:
        results = {"sqlite": asyncio.run(measured(f"sqlite:///{folder}/audit.db", entries))}
    with running_postgres() as server:
        results["postgresql"] = asyncio.run(measured(server.url(), entries))
    print(f"Audit chain of {entries:,} entries, {machine}")
    for name, figures in results.items():
        verdict = "meets" if figures["verify_s"] < TARGET_SECONDS else "MISSES"
        print(
            f"{name:12} verified in {figures['verify_s']:6.1f} s ({figures['verify_cpu_s']:.1f} s of CPU): "
            f"{verdict} {TARGET_SECONDS:.0f} s; {figures['acts_per_s']:,.0f} acts/s, each its own transaction"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "entries": entries, "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    parser = command_line("benchmarks.audit", __doc__)
    parser.add_argument("entries", nargs="?", type=int, default=1_000_000, help="how many are verified (%(default)s)")
    main(parser.parse_args().entries)

"""Reports: time and memory of each format, twenty at once, a large export, and schedules on four replicas.

Prints a table, writes `benchmarks/results/reports.json`. Run: `python -m benchmarks.reports [PART...]`.
"""

import asyncio
import json
import multiprocessing
import os
import platform
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from benchmarks.asked import command_line

RESULTS = Path(__file__).parent / "results"
SIX = ("players", "minutes", "overall_progress", "goal_completion", "engagement", "success_rate")
GOALS = {"html": 0.5, "pdf": 1.5, "excel": 1.0}


def _brief() -> Any:
    from reporting_svc.domain.builders import Brief
    from reporting_svc.domain.panels import Panel, PanelKind
    from reporting_svc.domain.report import ReportType

    panels = tuple(Panel(f"p-{name}", "", PanelKind.CHART, name, row=4 * row) for row, name in enumerate(SIX))
    return Brief(ReportType.CUSTOM_DASHBOARD, panels=panels)


def packed_year() -> tuple[Any, tuple[bytes, ...], tuple[bytes, ...]]:
    """A year of weekly releases as a worker gets it, and further releases that fill what a worker keeps unpacked."""
    import pickle

    from benchmarks.report_snapshots import snapshot
    from reporting_svc.adapters.parcels import KEPT
    from reporting_svc.domain.snapshot import Grain

    year = snapshot(Grain.WEEK, 52)
    packed = tuple(pickle.dumps(one, pickle.HIGHEST_PROTOCOL) for one in year.releases)
    more = tuple(
        pickle.dumps(replace(one, release_id=f"{one.release_id}-{copy}"), pickle.HIGHEST_PROTOCOL)
        for copy in range(-(-KEPT // len(packed)))
        for one in year.releases
    )
    return replace(year, releases=()), packed, more[: KEPT - len(packed)]


def _megabytes() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what work returns, and its seconds of wall and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - wall, time.process_time() - cpu


def _worked(
    year: Any, packed: tuple[bytes, ...], more: tuple[bytes, ...], formats: list[str], repeats: int, answers: Any
) -> None:
    """In a process of its own: what a worker does for a report, from the packed snapshot to the file.

    Tells seconds of wall and CPU of each step, and the peak of memory in MB, by format and with every release unpacked
    that a worker keeps.
    """
    from reporting_svc.adapters import workshop
    from reporting_svc.adapters.parcels import unpack
    from reporting_svc.adapters.render.theme import Theme
    from reporting_svc.domain.report import ReportFormat

    theme, brief, rows = Theme(), _brief(), {}
    workshop.warm()
    before = psutil.Process().memory_info().rss / 2**20
    unpack(more)
    (content, _), *first = _timed(lambda: workshop.compose(year, packed, brief, theme))
    composed = [_timed(lambda: workshop.compose(year, packed, brief, theme))[1:] for _ in range(repeats)]
    for name in formats:
        workshop.render_json(content, ReportFormat(name), theme)
        done = [_timed(partial(workshop.render_json, content, ReportFormat(name), theme)) for _ in range(repeats)]
        seconds, cpus = zip(*(one[1:] for one in done), strict=True)
        rows[name] = {
            "compose_seconds": statistics.median(one for one, _ in composed),
            "render_seconds": statistics.median(seconds),
            "cpu_seconds": statistics.median(one for _, one in composed) + statistics.median(cpus),
            "kilobytes": len(done[0][0]) // 1024,
            "peak_megabytes": _megabytes(),
        }
    answers.put({"formats": rows, "first_compose_seconds": first[0], "warm_megabytes": before})


def in_process(target: Callable[..., None], *arguments: Any) -> Any:
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=target, args=(*arguments, answers))
    process.start()
    answer = answers.get(timeout=300)
    process.join()
    return answer


def render() -> dict[str, Any]:
    from reporting_svc.adapters.render import pdf

    formats = ["json", "html", "excel", "csv"] + ([] if pdf.missing() else ["pdf"])
    answer: dict[str, Any] = in_process(_worked, *packed_year(), formats, 7)
    print("six charts, 52 weekly releases, in a warm worker: read, composed, rendered")
    for name, row in answer["formats"].items():
        row["seconds"] = row["compose_seconds"] + row["render_seconds"]
        goal = f"goal {GOALS[name]} s" if name in GOALS else ""
        print(
            f"  {name:6} {row['seconds']:.2f} s, {row['render_seconds']:.2f} of them rendering "
            f"({row['cpu_seconds']:.2f} s CPU) {row['kilobytes']:5} kB  "
            f"peak so far {row['peak_megabytes']:.0f} MB  {goal}"
        )
    answer["peak_megabytes"] = max(row["peak_megabytes"] for row in answer["formats"].values())
    print(
        f"  first report of a worker: {answer['first_compose_seconds']:.2f} s to read and compose; memory of the "
        f"worker {answer['warm_megabytes']:.0f} MB before, {answer['peak_megabytes']:.0f} MB at most, "
        "with 160 releases unpacked (goal 200)"
    )
    return answer


def large_document() -> bytes:
    """The JSON of a report with a table of 100,000 rows."""
    from reporting_svc.adapters.render import json_document
    from reporting_svc.adapters.render.theme import Theme
    from reporting_svc.domain.report import Column, ColumnKind, Document, ReportType, Section, Table

    when = datetime(2026, 1, 1, tzinfo=UTC)
    columns = (
        Column("day", "Day", ColumnKind.DATE),
        Column("group", "Group", ColumnKind.TEXT),
        Column("value", "Value", ColumnKind.NUMBER),
        Column("lower", "From", ColumnKind.NUMBER),
        Column("upper", "To", ColumnKind.NUMBER),
    )
    rows = tuple(("2026-01-01", f"group {row % 50}", row * 0.5, row * 0.4, row * 0.6) for row in range(100_000))
    table = Table("large", "Large", columns, rows)
    document = Document(
        *(ReportType.COHORT_ANALYSIS, "Large", "", when, when, when, when, ()),
        *((Section("large", "Large", "", tables=(table,)),), (), (), (), ()),
    )
    return json_document.render(document, Theme())


def _exported(content: bytes, answers: Any) -> None:
    """In a process of its own: a worker's way from the JSON of 100,000 rows to the workbook."""
    from reporting_svc.adapters import workshop
    from reporting_svc.adapters.render import excel  # noqa: F401 a warm worker has loaded it
    from reporting_svc.adapters.render.theme import Theme
    from reporting_svc.domain.report import ReportFormat

    workshop.warm()
    before = psutil.Process().memory_info().rss / 2**20
    made, seconds, cpu = _timed(lambda: workshop.render_json(content, ReportFormat.EXCEL, Theme()))
    answers.put((seconds, cpu, len(made) // 1024, before, _megabytes()))


def large() -> dict[str, Any]:
    seconds, cpu, kilobytes, before, peak = in_process(_exported, large_document())
    print(
        f"Excel of 100,000 rows, from its JSON: {seconds:.1f} s ({cpu:.1f} s CPU), {kilobytes} kB, memory of the "
        f"worker {before:.0f} MB before, {peak:.0f} MB at most: the export takes {peak - before:.0f} MB (goal 100)"
    )
    names = ("seconds", "cpu_seconds", "kilobytes", "warm_megabytes", "peak_megabytes")
    return dict(zip(names, (seconds, cpu, kilobytes, before, peak), strict=True))


class _Simulated:
    """Stands for the other services: a year of weekly releases."""

    def __init__(self) -> None:
        from benchmarks.report_snapshots import snapshot
        from reporting_svc.domain.snapshot import Grain

        self._whole = snapshot(Grain.WEEK, 52)

    async def snapshot(self, needs: Any, start: Any, end: Any, filters: Any, notices: Any) -> Any:
        return replace(self._whole, filters=filters, notices=notices)


def _called(port: int, token: str, pdf: bool, answers: Any) -> None:
    """In a process of its own: ask for reports, watch them, and ask for health and lists meanwhile."""
    answers.put(asyncio.run(_call(port, token, pdf)))


async def _call(port: int, token: str, pdf: bool) -> dict[str, Any]:
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from tta.analytics.v1 import report_model_pb2, report_pb2, report_pb2_grpc

    from mesh.channels import channel
    from reporting_svc.settings import ReportingSettings

    async with channel(f"127.0.0.1:{port}", ReportingSettings(auth="off"), token=token) as calls:
        stub = report_pb2_grpc.ReportServiceStub(calls)
        health = health_pb2_grpc.HealthStub(calls)
        formats = [report_model_pb2.REPORT_FORMAT_HTML, report_model_pb2.REPORT_FORMAT_EXCEL]
        formats += [report_model_pb2.REPORT_FORMAT_PDF] if pdf else []
        spec = report_pb2.ReportSpec(
            report_type=report_model_pb2.REPORT_TYPE_CUSTOM_DASHBOARD,
            formats=formats,
            filters=report_model_pb2.ReportFilters(grain=2, statistics=list(SIX)),
        )

        async def one() -> None:
            report = await stub.GenerateReport(report_pb2.GenerateReportRequest(spec=spec))
            async for _ in stub.WatchReport(report_pb2.WatchReportRequest(report_id=report.report_id)):
                pass

        await asyncio.gather(one(), one())
        waits: list[float] = []
        service = psutil.Process().parent()
        assert service is not None
        # The tracker of shared resources and this process are children too, but use next to nothing.
        workers = [child for child in service.children() if child.pid != os.getpid()]

        def spent(processes: list[psutil.Process]) -> float:
            return sum(sum(process.cpu_times()[:2]) for process in processes)

        used, own, began = spent(workers), spent([service]), time.perf_counter()
        work = asyncio.gather(*(one() for _ in range(20)))
        while not work.done():
            for call in (
                lambda: health.Check(health_pb2.HealthCheckRequest()),
                lambda: stub.ListReports(report_pb2.ListReportsRequest(page_size=50)),
            ):
                start_call = time.perf_counter()
                await call()
                waits.append(time.perf_counter() - start_call)
            await asyncio.sleep(0.05)
        await work
        seconds = time.perf_counter() - began
        states = [one.state for one in (await stub.ListReports(report_pb2.ListReportsRequest())).reports]
        waits.sort()
        return {
            "reports": 20,
            "formats": len(formats),
            "done": states.count(report_pb2.REPORT_STATE_DONE) - 2,
            "seconds": seconds,
            "worker_cpu_seconds": spent(workers) - used,
            "service_cpu_seconds": spent([service]) - own,
            "load": os.getloadavg()[0],
            "call_p50_ms": 1000 * waits[len(waits) // 2],
            "call_p99_ms": 1000 * waits[int(len(waits) * 0.99)],
            "call_most_ms": 1000 * waits[-1],
            "calls": len(waits),
        }


async def _watch(holds: list[float]) -> None:
    """Note every 10 ms how late this loop comes back, in seconds."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        holds.append(max(0.0, time.perf_counter() - began - 0.01))


async def _busy() -> dict[str, Any]:
    from mesh.identity import service_token
    from mesh.migrations import upgrade
    from mesh.process import collect_rarely
    from mesh.server import start
    from reporting_svc import bootstrap
    from reporting_svc.adapters.render import pdf
    from reporting_svc.settings import ReportingSettings

    with tempfile.TemporaryDirectory() as folder:
        settings = ReportingSettings(
            data_dir=Path(folder),
            auth_secret_key=secrets.token_hex(32),
            audit_key=secrets.token_hex(32),
            reporting_port=0,
            reporting_http_port=0,
            bind="127.0.0.1",
            report_workers=2,
        )
        await upgrade(settings.database("reporting"), "reporting_svc")
        wired = await bootstrap.bootstrap(settings, bootstrap.Parts(sources=_Simulated()))  # type: ignore[arg-type]
        running = await start(wired.service, settings)
        token = service_token(settings, "bench", role="admin")
        collect_rarely()
        holds: list[float] = []
        watching = asyncio.create_task(_watch(holds))
        answer: dict[str, Any] = await asyncio.to_thread(in_process, _called, running.port, token, not pdf.missing())
        watching.cancel()
        holds.sort()
        answer |= {"hold_p99_ms": 1000 * holds[int(len(holds) * 0.99)], "hold_most_ms": 1000 * holds[-1]}
        await running.stop(1)
    print(
        f"20 reports at once ({answer['formats']} formats each): {answer['done']} done in {answer['seconds']:.1f} s "
        f"(goal 20 s), "
        f"{answer['worker_cpu_seconds']:.1f} s of CPU in two workers, "
        f"{answer['service_cpu_seconds']:.1f} s in the service, "
        f"load of the machine {answer['load']:.1f}; "
        f"health and lists meanwhile p50 {answer['call_p50_ms']:.0f} ms, p99 {answer['call_p99_ms']:.0f} ms, "
        f"longest of {answer['calls']} {answer['call_most_ms']:.0f} ms (goal 50); "
        f"the service's loop was held p99 {answer['hold_p99_ms']:.0f} ms, {answer['hold_most_ms']:.0f} ms at most"
    )
    return answer


def busy() -> dict[str, Any]:
    import uvloop

    return uvloop.run(_busy())


def ticks() -> dict[str, Any]:
    from benchmarks.report_ticks import measured

    return asyncio.run(measured())


PARTS = {"render": render, "large": large, "busy": busy, "ticks": ticks}


def main(names: list[str]) -> None:
    file = RESULTS / "reports.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    for name in names or PARTS:
        results[name] = PARTS[name]()
    results["machine"] = {
        "cores": os.cpu_count(),
        "memory_gigabytes": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "load_before_end": round(os.getloadavg()[0], 1),
    }
    RESULTS.mkdir(exist_ok=True)
    file.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main(command_line("benchmarks.reports", __doc__, PARTS).parse_args().parts)

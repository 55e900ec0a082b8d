"""Reports: time and memory of each format, twenty at once, a large export, and schedules on four replicas.

Prints a table, writes `benchmarks/results/reports.json`. Run: `python -m benchmarks.reports [render large busy ticks]`.
"""

import asyncio
import json
import multiprocessing
import os
import platform
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

RESULTS = Path(__file__).parent / "results"
SIX = ("players", "minutes", "overall_progress", "goal_completion", "engagement", "success_rate")
GOALS = {"html": 0.5, "pdf": 1.5, "excel": 1.0}


def six_charts() -> bytes:
    """A six-chart report of a year of weekly releases, composed."""
    from benchmarks.report_snapshots import snapshot
    from reporting_svc.adapters.render import json_document
    from reporting_svc.adapters.render.theme import Theme
    from reporting_svc.domain.builders import Brief, build
    from reporting_svc.domain.panels import Panel, PanelKind
    from reporting_svc.domain.report import ReportType
    from reporting_svc.domain.snapshot import Grain

    panels = tuple(Panel(f"p-{name}", "", PanelKind.CHART, name, row=4 * row) for row, name in enumerate(SIX))
    document = build(snapshot(Grain.WEEK, 52), Brief(ReportType.CUSTOM_DASHBOARD, panels=panels))
    return json_document.render(document, Theme())


def _rendered(content: bytes, formats: list[str], repeats: int, answers: Any) -> None:
    """In a process of its own: render warm, and tell seconds of wall and CPU, bytes, and the peak of memory in MB."""
    from reporting_svc.adapters.render.theme import Theme
    from reporting_svc.adapters.workshop import render_json
    from reporting_svc.domain.report import ReportFormat

    rows = {}
    for name in formats:
        render_json(content, ReportFormat(name), Theme())
        walls, cpus = [], []
        for _ in range(repeats):
            wall, cpu = time.perf_counter(), time.process_time()
            made = render_json(content, ReportFormat(name), Theme())
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        rows[name] = {
            "seconds": statistics.median(walls),
            "cpu_seconds": statistics.median(cpus),
            "kilobytes": len(made) // 1024,
        }
    import resource

    answers.put((rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


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
    rows, peak = in_process(_rendered, six_charts(), formats, 7)
    print("six charts, 52 weekly releases, warm worker")
    for name, row in rows.items():
        goal = f"goal {GOALS[name]} s" if name in GOALS else ""
        print(f"  {name:6} {row['seconds']:.2f} s ({row['cpu_seconds']:.2f} s CPU) {row['kilobytes']:5} kB  {goal}")
    print(f"  peak memory of the worker {peak:.0f} MB (goal 200)")
    return {"formats": rows, "peak_megabytes": peak}


def _exported(answers: Any) -> None:
    """In a process of its own: a workbook of 100,000 rows."""
    import resource

    from reporting_svc.adapters.render import excel
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
    start = time.perf_counter()
    made = excel.render(document, Theme())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answers.put((time.perf_counter() - start, len(made) // 1024, peak))


def large() -> dict[str, Any]:
    seconds, kilobytes, peak = in_process(_exported)
    print(f"Excel of 100,000 rows: {seconds:.1f} s, {kilobytes} kB, peak memory {peak:.0f} MB (goal 100)")
    return {"seconds": seconds, "kilobytes": kilobytes, "peak_megabytes": peak}


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


def main(names: tuple[str, ...] = ()) -> None:
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
    main(tuple(sys.argv[1:]))

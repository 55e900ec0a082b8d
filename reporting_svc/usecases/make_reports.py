"""The work behind a report.

Claimed, gathered, composed, rendered, stored, finished. Survives the death of any worker.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from mesh.refusal import Aborted, FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, Refusal, Unavailable
from reporting_svc.domain.builders import Brief
from reporting_svc.domain.job import Claim, Failure, Rendition, Report
from reporting_svc.domain.panels import Panel, shows_metrics
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.ports import Files, Needs, Problems, Sources, Wakes, Workshop
from reporting_svc.store_ports import Dashboards, Reports
from reporting_svc.usecases.ask_reports import rendered

LOOK_EVERY = 1.0
"""Seconds between looks for work, where no wake-up comes."""

AGAIN_AFTER = timedelta(seconds=5)
"""First pause before a report is tried again; grows with its attempts."""


_LASTING = (InvalidArgument, NotFound, FailedPrecondition, PermissionDenied)
"""Refusals that another try would meet again."""


class _LostHold(Exception):
    """The report is no longer ours."""


@dataclass(frozen=True, slots=True)
class MakeReports:
    """One worker; a process runs several."""

    reports: Reports
    dashboards: Dashboards
    sources: Sources
    files: Files
    workshop: Workshop
    wakes: Wakes
    problems: Problems
    holder: str
    lease: timedelta
    most_attempts: int
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        """Make reports, one after the other, until the process ends."""
        async for _ in self.wakes.watch_queue(LOOK_EVERY):
            while not self.ending.is_set() and await self.make_one():
                pass

    async def make_one(self) -> bool:
        """Make the report that has waited longest; False where none waits."""
        claim = await self.reports.claim(self.holder, self.lease, self.most_attempts)
        if claim is None:
            return False
        await self.wakes.changed(claim.report.report_id)
        try:
            async with self._kept(claim):
                await self._make(claim)
        except _LostHold:
            await self._give_up(claim)
        except Refusal as error:
            await self._fail(claim, error)
        except Exception as error:  # noqa: BLE001 whatever a renderer raises, the report must not stay running
            self.problems.failed("report", error)
            reason = Failure(
                "render_failed", "The report could not be written down; operators see the cause in the log."
            )
            await self.reports.fail(claim, reason, None)
        await self.wakes.changed(claim.report.report_id)
        await self.wakes.queue_changed()
        return True

    async def _make(self, claim: Claim) -> None:
        report = claim.report
        await self._advance(claim, 0.05, "Reading releases and metrics")
        panels = report.panels or await self._panels(report)
        operational = report.operational or shows_metrics(panels)
        needs = needs_of(report.spec.report_type, panels)
        snapshot = await self.sources.snapshot(
            needs, report.range_start, report.range_end, report.spec.filters, report.notices
        )
        await self._advance(claim, 0.3, "Working out the figures")
        composed = await self.workshop.compose(snapshot, brief_of(report, panels))
        wanted = [one for one in dict.fromkeys(report.spec.formats) if one is not ReportFormat.JSON]
        folder = _folder(claim)
        renditions = [await self._store(report, ReportFormat.JSON, composed.content, folder)]
        for index, format_ in enumerate(wanted):
            await self._advance(claim, 0.5 + 0.5 * index / max(len(wanted), 1), f"Writing {format_.value}")
            content = await self.workshop.render(composed.content, format_)
            renditions.append(await self._store(report, format_, content, folder))
        if not await self.reports.finish(claim, renditions, composed.data_as_of, operational=operational):
            raise _LostHold

    async def _panels(self, report: Report) -> tuple[Panel, ...]:
        """The panels of a scheduled dashboard, as they are when its report is made, if its owner still may see it."""
        if report.spec.report_type is not ReportType.CUSTOM_DASHBOARD or not report.spec.dashboard_id:
            return ()
        dashboard = await self.dashboards.get(report.spec.dashboard_id)
        if not (report.spec.any_dashboard or dashboard.open_to(report.created_by)):
            raise NotFound("dashboard_not_found", "The dashboard that it shows is no longer shared.")
        return dashboard.panels

    async def _store(self, report: Report, format_: ReportFormat, content: bytes, folder: str) -> Rendition:
        rendition = rendered(self.workshop, report, format_, content, folder)
        await self.files.put(rendition.key, content)
        return rendition

    async def _advance(self, claim: Claim, progress: float, stage: str) -> None:
        if not await self.reports.advance(claim, progress, stage, self.lease):
            raise _LostHold
        await self.wakes.changed(claim.report.report_id)

    @asynccontextmanager
    async def _kept(self, claim: Claim) -> AsyncIterator[None]:
        """Renew the hold while the block runs; end the block where the hold is lost."""
        lost = False
        task = asyncio.current_task()

        async def beat() -> None:
            nonlocal lost
            while True:
                await asyncio.sleep(self.lease.total_seconds() / 3)
                try:
                    held = await self.reports.advance(claim, -1.0, "", self.lease)
                except (Unavailable, Aborted):
                    continue
                if not held and task is not None:
                    lost = True
                    task.cancel()
                    return

        heart = asyncio.create_task(beat(), name="report lease")
        try:
            yield
        except asyncio.CancelledError:
            if lost and task is not None and task.uncancel() == 0:
                raise _LostHold from None
            raise
        finally:
            heart.cancel()

    async def _give_up(self, claim: Claim) -> None:
        """Leave a report that is no longer ours, with its files unless it was finished with them.

        The answer to our own last word may be lost or late: a beat then finds the report done.
        """
        folder = _folder(claim)
        with suppress(NotFound):
            report = await self.reports.get(claim.report.report_id)
            if any(one.key.startswith(f"{folder}/") for one in report.renditions):
                return
        self.problems.failed("report_given_up", Aborted("report_given_up", "Cancelled, or its hold was lost."))
        await self.files.forget([folder])

    async def _fail(self, claim: Claim, error: Refusal) -> None:
        self.problems.failed("report", error)
        passing = not isinstance(error, _LASTING) and claim.report.attempts < self.most_attempts
        again = AGAIN_AFTER * claim.report.attempts if passing else None
        ours = isinstance(error, FailedPrecondition | NotFound)
        reason = error.reason if ours else "source_unavailable"
        told = error.message if ours else f"A source did not answer: {error.message}"
        await self.reports.fail(claim, Failure(reason, told), again)


def _folder(claim: Claim) -> str:
    """Where one attempt at a report keeps its files: a late one can't touch those of another."""
    return f"{claim.report.report_id}/{claim.token}"


def brief_of(report: Report, panels: tuple[Panel, ...]) -> Brief:
    """Return what a report asks its builder for."""
    spec = report.spec
    return Brief(spec.report_type, spec.title, spec.description, spec.forecast_periods, panels)


def needs_of(report_type: ReportType, panels: tuple[Panel, ...]) -> Needs:
    """Return what a report is made from."""
    match report_type:
        case ReportType.SYSTEM_PERFORMANCE:
            return Needs(releases=False, operations=True)
        case ReportType.USER_ENGAGEMENT:
            return Needs(segments=True, retention=True)
        case ReportType.CUSTOM_DASHBOARD:
            shown = {panel.source_id for panel in panels}
            return Needs(segments="segments" in shown, retention="retention" in shown, operations=shows_metrics(panels))
        case _:
            return Needs()

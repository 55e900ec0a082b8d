"""Schedules: kept, ticked once whatever the number of replicas, their reports sent."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mesh.refusal import Aborted, NotFound, Refusal, Unavailable
from reporting_svc.domain.job import Failure, Report, State, Viewer, check_spec
from reporting_svc.domain.panels import Panel, shows_metrics
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.schedule import (
    ATTACHED_AT_MOST,
    EYES,
    Delivery,
    Run,
    RunState,
    Schedule,
    check_deliveries,
    covered,
    decide,
)
from reporting_svc.ports import (
    Attachment,
    Calendar,
    Clock,
    NewId,
    Once,
    Page,
    Post,
    Problems,
    RunClaim,
    Schedules,
    Wakes,
)
from reporting_svc.usecases.ask_reports import AskReports

LOOK_EVERY = 0.5
"""Seconds between looks for due ticks."""

AT_ONCE = 100
"""Schedules that are looked at in one transaction."""

MOST_DUE = 1000
"""Ticks of one schedule that are worked off in one look."""

MOST_ATTEMPTS = 10
"""How often a delivery is tried before its run fails."""


@dataclass(frozen=True, slots=True)
class RunSchedules:
    """What callers and the clock do with schedules."""

    schedules: Schedules
    asking: AskReports
    calendar: Calendar
    post: Post
    wakes: Wakes
    problems: Problems
    clock: Clock
    new_id: NewId
    holder: str
    lease: timedelta

    async def create(self, schedule: Schedule, viewer: Viewer, once: Once) -> Schedule:
        """Keep a new schedule."""
        await self._check(schedule, viewer)
        now = self.clock()
        made = replace(
            schedule, schedule_id=self.new_id(), version=1, created_by=viewer.name, created_at=now, updated_at=now
        )
        return await self.schedules.get(await self.schedules.add(made, self._next(made, now), once))

    async def get(self, schedule_id: str, viewer: Viewer) -> Schedule:
        """Return a schedule of the viewer's; any for an admin."""
        schedule = await self.schedules.get(schedule_id)
        if not viewer.owns(schedule.created_by):
            raise NotFound("schedule_not_found", "No schedule of that id. List them with ListSchedules.")
        return schedule

    async def list(self, viewer: Viewer, page: Page) -> Sequence[Schedule]:
        """Return the viewer's schedules, newest first."""
        return await self.schedules.list(None if viewer.manages_all else viewer.name, page)

    async def save(self, schedule: Schedule, viewer: Viewer, once: Once) -> Schedule:
        """Replace a schedule. A version of 0 takes whatever is the present one."""
        present = await self.get(schedule.schedule_id, viewer)
        await self._check(schedule, viewer)
        expected = schedule.version or present.version
        now = self.clock()
        saved = replace(
            schedule,
            version=expected + 1,
            created_by=present.created_by,
            created_at=present.created_at,
            updated_at=now,
        )
        await self.schedules.save(saved, self._next(saved, now), expected, once)
        return await self.schedules.get(schedule.schedule_id)

    async def delete(self, schedule_id: str, viewer: Viewer, once: Once) -> None:
        """Delete a schedule."""
        await self.get(schedule_id, viewer)
        await self.schedules.remove(schedule_id, viewer.name, once)

    async def run_now(self, schedule_id: str, viewer: Viewer, once: Once) -> Run:
        """Run a schedule now, beside its ticks."""
        schedule = await self.get(schedule_id, viewer)
        panels = await self.asking.panels(schedule.spec, viewer)
        now = self.clock()
        run = Run(self.new_id(), schedule_id, now, RunState.RUNNING, report_id=self.new_id(), manual=True)
        run_id = await self.schedules.run_now(run, self._report(schedule, run, panels, now), once)
        await self.wakes.queue_changed()
        return await self.schedules.run(run_id)

    async def runs(self, schedule_id: str, viewer: Viewer, page: Page) -> Sequence[Run]:
        """Return the runs of a schedule, newest first."""
        await self.get(schedule_id, viewer)
        return await self.schedules.runs(schedule_id, page)

    def next_runs(self, schedule: Schedule, count: int = 3) -> tuple[datetime, ...]:
        """Return the next ticks of a schedule; none while it is paused."""
        found: tuple[datetime, ...] = ()
        moment: datetime | None = self.clock()
        while not schedule.paused and len(found) < count and moment is not None:
            moment = self.calendar.after(schedule.cron, schedule.time_zone, moment)
            found += (moment,) if moment else ()
        return found

    async def _check(self, schedule: Schedule, viewer: Viewer) -> None:
        self.calendar.check(schedule.cron, schedule.time_zone)
        panels = await self.asking.panels(schedule.spec, viewer)
        operational = shows_metrics(panels)
        check_spec(schedule.spec, viewer, operational=operational)
        check_deliveries(schedule.spec, schedule.deliveries, operational=operational)
        self.asking.workshop.require([one.format for one in schedule.deliveries])

    def _next(self, schedule: Schedule, now: datetime) -> datetime | None:
        return None if schedule.paused else self.calendar.after(schedule.cron, schedule.time_zone, now)

    def _report(self, schedule: Schedule, run: Run, panels: tuple[Panel, ...], now: datetime) -> Report:
        formats = dict.fromkeys(
            (ReportFormat.JSON, *schedule.spec.formats, *(one.format for one in schedule.deliveries))
        )
        spec = replace(schedule.spec, formats=tuple(formats))
        start, end = covered(run.tick, schedule.range_periods or 12, schedule.range_grain)
        return Report(
            *(run.report_id or "", spec, start, end, panels, (), schedule.created_by, now, now + self.asking.kept),
            schedule_id=schedule.schedule_id,
            run_id=run.run_id,
            operational=spec.report_type is ReportType.SYSTEM_PERFORMANCE or shows_metrics(panels),
        )

    def plan(
        self, schedule: Schedule, next_tick: datetime, now: datetime
    ) -> tuple[Sequence[tuple[Run, Report | None]], datetime | None]:
        """Decide what happens to the due ticks of one schedule.

        A dashboard's panels are read when its report is made.
        """
        ticks = [next_tick]
        while len(ticks) < MOST_DUE:
            following = self.calendar.after(schedule.cron, schedule.time_zone, ticks[-1])
            if following is None or following > now:
                break
            ticks.append(following)
        runs: list[tuple[Run, Report | None]] = []
        for tick, goes in decide(ticks, now, schedule.catch_up):
            if goes:
                run = Run(self.new_id(), schedule.schedule_id, tick, RunState.RUNNING, report_id=self.new_id())
                runs.append((run, self._report(schedule, run, (), now)))
            else:
                runs.append((Run(self.new_id(), schedule.schedule_id, tick, RunState.SKIPPED, finished_at=now), None))
        return runs, self.calendar.after(schedule.cron, schedule.time_zone, ticks[-1])

    async def tick(self) -> None:
        """Record due ticks, for ever."""
        while True:
            while await self.schedules.due(self.plan, AT_ONCE):
                await self.wakes.queue_changed()
            await asyncio.sleep(LOOK_EVERY)

    async def deliver(self) -> None:
        """Send the reports of finished runs, for ever."""
        async for _ in self.wakes.watch_queue(1.0):
            while await self.deliver_one():
                pass

    async def deliver_one(self) -> bool:
        """Send what one finished run made; False where none waits."""
        claim = await self.schedules.claim_finished(self.holder, self.lease)
        if claim is None:
            return False
        try:
            failure = await self._deliver(claim)
        except Refusal as error:
            self.problems.failed("delivery", error)
            passing = isinstance(error, Unavailable | Aborted) and claim.attempts < MOST_ATTEMPTS
            again = timedelta(seconds=min(5 * 2**claim.attempts, 600)) if passing else None
            await self.schedules.settle(claim, Failure("delivery_failed", error.message), again)
            return True
        await self.schedules.settle(claim, failure, None)
        return True

    async def _deliver(self, claim: RunClaim) -> Failure | None:
        report, schedule = claim.report, claim.schedule
        if report.state is not State.DONE:
            return report.failure or Failure("report_cancelled", "The report was cancelled.")
        for index, delivery in enumerate(schedule.deliveries if schedule else ()):
            if index < claim.run.handed_over or schedule is None:
                continue
            if not EYES[delivery.recipient_role].sees(report.spec.report_type, operational=report.operational):
                return Failure("recipient_may_not_see", f"A {delivery.recipient_role} may not see what this shows now.")
            await self._send(f"{claim.run.run_id}-{index}", schedule, delivery, report)
            if not await self.schedules.handed_over(claim, index + 1, self.lease):
                raise Aborted("run_lost", "Another replica goes on with this run.")
        return None

    async def _send(self, request_id: str, schedule: Schedule, delivery: Delivery, report: Report) -> None:
        eyes = Viewer("recipient", exports=True, operates=True)
        rendition, content = await self.asking.download(report.report_id, delivery.format, eyes)
        document = await self.asking.document(report.report_id, eyes)
        lines = [f"{document.title}", ""]
        lines += [f"- {finding.text}" for finding in document.summary]
        lines += ["", f"Data as of {document.data_as_of:%Y-%m-%d %H:%M} UTC.", "", *document.privacy_notes[:1]]
        attachment: Attachment | None = Attachment(rendition.file_name, rendition.media_type, content)
        if len(content) > ATTACHED_AT_MOST:
            attachment = None
            lines.append("The document is too large for a message; it waits on the reports page.")
        await self.post.send(
            *(request_id, delivery.contact_id, delivery.email_address, schedule.name[:200]),
            "\n".join(lines)[:10_000],
            attachment,
        )

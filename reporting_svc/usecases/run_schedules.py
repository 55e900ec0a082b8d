"""Schedules: kept, ticked once whatever the number of replicas, their reports sent."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mesh.refusal import (
    Aborted,
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Refusal,
)
from reporting_svc.domain.job import Failure, Report, State, Viewer, check_spec
from reporting_svc.domain.panels import Panel, shows_metrics
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.schedule import (
    ATTACHED_AT_MOST,
    EYES,
    MOST_CAUGHT_UP,
    ON_TIME,
    CatchUp,
    Delivery,
    Run,
    RunState,
    Schedule,
    check_deliveries,
    check_name,
    covered,
    decide,
)
from reporting_svc.ports import Attachment, Calendar, Clock, NewId, Post, Problems, Wakes
from reporting_svc.store_ports import Most, Once, Page, RunClaim, Schedules
from reporting_svc.usecases.ask_reports import AskReports

LOOK_EVERY = 0.5
"""Seconds between looks for due ticks."""

SCHEDULES_AT_ONCE = 100
"""Schedules that are looked at in one transaction."""

TICKS_AT_ONCE = 500
"""Ticks that are recorded in one transaction."""

MOST_ATTEMPTS = 10
"""How often a delivery is tried before its run fails."""

_LASTING = (InvalidArgument, NotFound, AlreadyExists, FailedPrecondition, PermissionDenied)
"""Refusals that another try would meet again."""


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
            schedule,
            schedule_id=self.new_id(),
            spec=replace(schedule.spec, any_dashboard=viewer.manages_all),
            version=1,
            created_by=viewer.name,
            created_at=now,
            updated_at=now,
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
        own = viewer.name == present.created_by
        now = self.clock()
        saved = replace(
            schedule,
            spec=replace(schedule.spec, any_dashboard=viewer.manages_all if own else present.spec.any_dashboard),
            version=expected + 1,
            created_by=present.created_by,
            created_at=present.created_at,
            updated_at=now,
        )
        await self.schedules.save(saved, self._next(saved, now), expected, once)
        return await self.schedules.get(schedule.schedule_id)

    async def delete(self, schedule_id: str, viewer: Viewer, once: Once) -> None:
        """Delete a schedule."""
        try:
            await self.get(schedule_id, viewer)
        except NotFound:
            if await self.schedules.answered(once) is None:
                raise
            return
        await self.schedules.remove(schedule_id, viewer.name, once)

    async def run_now(self, schedule_id: str, viewer: Viewer, once: Once) -> Run:
        """Run a schedule now, beside its ticks."""
        if (known := await self.schedules.answered(once)) is not None:
            return await self.schedules.run(known)
        schedule = await self.get(schedule_id, viewer)
        panels = await self._check(schedule, viewer)
        await self.asking.require_room()
        now = self.clock()
        run = replace(self._run(schedule, now), manual=True)
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

    async def _check(self, schedule: Schedule, viewer: Viewer) -> tuple[Panel, ...]:
        """Raise where a schedule can't run, or would make or send what the viewer may not; return its panels."""
        check_name(schedule.name)
        self.calendar.check(schedule.cron, schedule.time_zone)
        panels = await self.asking.panels(schedule.spec, viewer)
        operational = shows_metrics(panels)
        check_spec(replace(schedule.spec, formats=_formats(schedule)), viewer, operational=operational)
        check_deliveries(schedule.spec, schedule.deliveries, viewer, operational=operational)
        self.asking.workshop.require([one.format for one in schedule.deliveries])
        return panels

    def _next(self, schedule: Schedule, now: datetime) -> datetime | None:
        return None if schedule.paused else self.calendar.after(schedule.cron, schedule.time_zone, now)

    def _run(self, schedule: Schedule, tick: datetime) -> Run:
        return Run(
            *(self.new_id(), schedule.schedule_id, tick, RunState.RUNNING),
            report_id=self.new_id(),
            deliveries=schedule.deliveries,
        )

    def _report(self, schedule: Schedule, run: Run, panels: tuple[Panel, ...], now: datetime) -> Report:
        spec = replace(schedule.spec, formats=_formats(schedule))
        start, end = covered(run.tick, schedule.range_periods or 12, schedule.range_grain)
        return Report(
            *(run.report_id or "", spec, start, end, panels, (), schedule.created_by, now, now + self.asking.kept),
            schedule_id=schedule.schedule_id,
            run_id=run.run_id,
            operational=spec.report_type is ReportType.SYSTEM_PERFORMANCE or shows_metrics(panels),
        )

    def plan(
        self, schedule: Schedule, next_tick: datetime, now: datetime, ticks: int, reports: int
    ) -> tuple[Sequence[tuple[Run, Report | None]], datetime | None]:
        """Decide what happens to the due ticks of one schedule, at most so many, with at most so many reports.

        A dashboard's panels are read when its report is made.
        """
        due, following = self._due(schedule, next_tick, now, ticks)
        more = following is not None and following <= now
        runs: list[tuple[Run, Report | None]] = []
        for tick, goes in decide(
            due, now, schedule.catch_up, more=more, made_up_from=self._made_up_from(schedule, due[0], now)
        ):
            if not goes:
                runs.append((Run(self.new_id(), schedule.schedule_id, tick, RunState.SKIPPED, finished_at=now), None))
                continue
            if reports == 0:
                return runs, tick
            reports -= 1
            run = self._run(schedule, tick)
            runs.append((run, self._report(schedule, run, (), now)))
        return runs, following

    def _due(
        self, schedule: Schedule, next_tick: datetime, now: datetime, most: int
    ) -> tuple[tuple[datetime, ...], datetime | None]:
        """Return the oldest due ticks, and the one that follows them."""
        due, following = [next_tick], self.calendar.after(schedule.cron, schedule.time_zone, next_tick)
        while len(due) < most and following is not None and following <= now:
            due.append(following)
            following = self.calendar.after(schedule.cron, schedule.time_zone, following)
        return tuple(due), following

    def _made_up_from(self, schedule: Schedule, first: datetime, now: datetime) -> datetime | None:
        late = now - ON_TIME
        if schedule.catch_up is not CatchUp.ALL or first >= late:
            return None
        return self.calendar.back(schedule.cron, schedule.time_zone, late, MOST_CAUGHT_UP, first)

    async def tick(self) -> None:
        """Record due ticks, for ever."""
        while True:
            while await self.look():
                await self.wakes.queue_changed()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> int:
        """Record some of the ticks that are due; return how many, 0 where none is left or the queue is full."""
        most = Most(SCHEDULES_AT_ONCE, TICKS_AT_ONCE, self.asking.most_waiting)
        return await self.schedules.due(self.plan, most)

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
        except Exception as error:  # noqa: BLE001 whatever a store of files raises, the run must not stay running
            self.problems.failed("delivery", error)
            passing = not isinstance(error, _LASTING) and claim.attempts < MOST_ATTEMPTS
            again = timedelta(seconds=min(5 * 2**claim.attempts, 600)) if passing else None
            told = error.message if isinstance(error, Refusal) else "Operators see the cause in the log."
            await self.schedules.settle(claim, Failure("delivery_failed", told), again)
            return True
        await self.schedules.settle(claim, failure, None)
        return True

    async def _deliver(self, claim: RunClaim) -> Failure | None:
        report, schedule = claim.report, claim.schedule
        if report.state is not State.DONE:
            return report.failure or Failure("report_cancelled", "The report was cancelled.")
        if schedule is None:
            return None
        kept = claim.run.deliveries
        for index, delivery in enumerate(schedule.deliveries if kept is None else kept):
            if index < claim.run.handed_over:
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


def _formats(schedule: Schedule) -> tuple[ReportFormat, ...]:
    """Return every format that a report of a schedule is made in."""
    delivered = (one.format for one in schedule.deliveries)
    return tuple(dict.fromkeys((ReportFormat.JSON, *schedule.spec.formats, *delivered)))

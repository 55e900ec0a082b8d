"""ScheduleService on the wire."""

from dataclasses import dataclass
from typing import Any

from google.protobuf import empty_pb2
from tta.analytics.v1 import schedule_pb2, schedule_pb2_grpc

from mesh.idempotency import Idempotency
from mesh.paging import filter_hash
from reporting_svc.domain.schedule import Run, Schedule
from reporting_svc.servicers.specs import schedule_of
from reporting_svc.servicers.wire import fill, following, once, page, viewer
from reporting_svc.usecases.run_schedules import RunSchedules


@dataclass(frozen=True)
class ScheduleServicer(schedule_pb2_grpc.ScheduleServiceServicer):
    """Parses, calls, renders."""

    running: RunSchedules
    idempotency: Idempotency

    def _message(self, schedule: Schedule) -> schedule_pb2.Schedule:
        message = fill(schedule_pb2.Schedule(), schedule)
        for tick in self.running.next_runs(schedule):
            message.next_runs.add().FromDatetime(tick)
        return message

    async def CreateSchedule(self, request: schedule_pb2.CreateScheduleRequest, context: Any) -> schedule_pb2.Schedule:
        """See the proto."""
        act = once("CreateSchedule", request, self.idempotency.fingerprint(request))
        return self._message(await self.running.create(schedule_of(request.schedule, ""), viewer(), act))

    async def GetSchedule(self, request: schedule_pb2.GetScheduleRequest, context: Any) -> schedule_pb2.Schedule:
        """See the proto."""
        return self._message(await self.running.get(request.schedule_id, viewer()))

    async def ListSchedules(
        self, request: schedule_pb2.ListSchedulesRequest, context: Any
    ) -> schedule_pb2.ListSchedulesResponse:
        """See the proto."""
        asked = filter_hash("ListSchedules")
        wanted = page(request, asked)
        found = await self.running.list(viewer(), wanted)
        response = schedule_pb2.ListSchedulesResponse(schedules=[self._message(one) for one in found])
        if found:
            last = found[-1]
            response.next_page_token = following(wanted, len(found), last.created_at, last.schedule_id, asked)
        return response

    async def UpdateSchedule(self, request: schedule_pb2.UpdateScheduleRequest, context: Any) -> schedule_pb2.Schedule:
        """See the proto."""
        act = once("UpdateSchedule", request, self.idempotency.fingerprint(request))
        schedule = schedule_of(request.schedule, request.schedule_id)
        return self._message(await self.running.save(schedule, viewer(), act))

    async def DeleteSchedule(self, request: schedule_pb2.DeleteScheduleRequest, context: Any) -> empty_pb2.Empty:
        """See the proto."""
        act = once("DeleteSchedule", request, self.idempotency.fingerprint(request))
        await self.running.delete(request.schedule_id, viewer(), act)
        return empty_pb2.Empty()

    async def RunNow(self, request: schedule_pb2.RunNowRequest, context: Any) -> schedule_pb2.ScheduleRun:
        """See the proto."""
        act = once("RunNow", request, self.idempotency.fingerprint(request))
        return run_message(await self.running.run_now(request.schedule_id, viewer(), act))

    async def ListScheduleRuns(
        self, request: schedule_pb2.ListScheduleRunsRequest, context: Any
    ) -> schedule_pb2.ListScheduleRunsResponse:
        """See the proto."""
        asked = filter_hash("ListScheduleRuns", schedule=request.schedule_id)
        wanted = page(request, asked)
        found = await self.running.runs(request.schedule_id, viewer(), wanted)
        response = schedule_pb2.ListScheduleRunsResponse(runs=[run_message(one) for one in found])
        if found:
            last = found[-1]
            response.next_page_token = following(wanted, len(found), last.tick, last.run_id, asked)
        return response


def run_message(run: Run) -> schedule_pb2.ScheduleRun:
    """Return a run."""
    message = fill(schedule_pb2.ScheduleRun(), run)
    message.deliveries_handed_over = run.handed_over
    return message

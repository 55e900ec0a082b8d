"""Cron expressions in IANA time zones.

A time that daylight saving skips runs right after, one that it repeats runs once.
"""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from mesh.refusal import InvalidArgument, Violation
from reporting_svc.ports import Calendar

_FIELDS = (5, 6)


@dataclass(frozen=True, slots=True)
class CronCalendar(Calendar):
    """Reads cron expressions with cronsim."""

    def check(self, cron: str, time_zone: str) -> None:
        """Raise InvalidArgument with what is wrong."""
        violations = []
        try:
            zone = _zone(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            violations.append(Violation("schedule.time_zone", "iana", "is no IANA time zone; write Europe/Berlin"))
            zone = ZoneInfo("UTC")
        try:
            if len(cron.split()) not in _FIELDS:
                raise CronSimError("needs five fields: minute hour day month weekday")
            next(CronSim(cron, datetime(2026, 1, 1, tzinfo=zone)))
        except CronSimError as error:
            violations.append(Violation("schedule.cron", "cron", f"can't be read: {error}"))
        except StopIteration:
            violations.append(Violation("schedule.cron", "cron", "never comes"))
        if violations:
            told = "; ".join(f"{one.field} {one.description}" for one in violations)
            raise InvalidArgument("schedule_invalid", f"{told}.", violations=violations)

    def after(self, cron: str, time_zone: str, moment: datetime) -> datetime | None:
        """Return the first tick after a moment, UTC."""
        try:
            return next(CronSim(cron, moment.astimezone(_zone(time_zone)))).astimezone(UTC)
        except StopIteration:
            return None

    def back(self, cron: str, time_zone: str, moment: datetime, count: int, oldest: datetime) -> datetime | None:
        """Return the tick that lies `count` ticks back from a moment, none before `oldest`."""
        ticks = CronSim(cron, (moment + timedelta(microseconds=1)).astimezone(_zone(time_zone)), reverse=True)
        last = deque(islice(takewhile(lambda tick: tick >= oldest, ticks), count), maxlen=1)
        return last[0].astimezone(UTC) if last else None


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")

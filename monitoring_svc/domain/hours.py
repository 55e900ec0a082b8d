"""Hours of a week by the clocks of one place, also on the days on which those clocks are put forward or back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
_DAYS = 9
"""Days that hold every weekday, one of them twice: hours that begin in the night of a change may not be there once."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a week in a time zone."""

    time_zone: str
    weekdays: frozenset[int]
    """1 Monday to 7 Sunday; none for all."""
    start_minute: int
    end_minute: int
    """Less than the start for hours that cross midnight; those belong to the day on which they start."""

    def contain(self, moment: datetime) -> bool:
        """Return whether the moment lies within."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        minute, weekday = local.hour * 60 + local.minute, local.isoweekday()
        if self.start_minute < self.end_minute:
            inside = self.start_minute <= minute < self.end_minute
        else:
            inside = minute >= self.start_minute or minute < self.end_minute
            if minute < self.end_minute:
                weekday = 7 if weekday == 1 else weekday - 1
        return inside and (not self.weekdays or weekday in self.weekdays)

    def begin(self, after: datetime) -> datetime | None:
        """Return when they begin next, at `after` or later, in UTC; None where they do not within nine days."""
        today = after.astimezone(ZoneInfo(self.time_zone)).date()
        for day in (today + timedelta(days=number) for number in range(_DAYS)):
            if self.weekdays and day.isoweekday() not in self.weekdays:
                continue
            begins = [moment for moment in self._begin_on(day) if moment >= after]
            if begins:
                return begins[0]
        return None

    def _begin_on(self, day: date) -> list[datetime]:
        """Return the moments of one day at which they begin, in order: two where the clocks are put back over one."""
        local = datetime.combine(day, time(*divmod(self.start_minute, 60)), ZoneInfo(self.time_zone))
        first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
        if first <= second:
            return sorted({first, second})
        # The clocks are put forward over the start: they begin at the first minute that is there and lies within.
        skipped = (second + number * _MINUTE for number in range((first - second) // _MINUTE + 1))
        return [moment for moment in skipped if self.contain(moment)][:1]

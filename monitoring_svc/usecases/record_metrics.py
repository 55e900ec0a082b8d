"""Records points of metrics: thresholds and anomalies in, alerts out. A shard of series has one owner."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Protocol

from mesh.refusal import InvalidArgument, Refusal, ResourceExhausted
from monitoring_svc.domain.commands import Fire
from monitoring_svc.domain.detectors import StormGate
from monitoring_svc.domain.firing import Firing, fingerprint
from monitoring_svc.domain.rollups import Rollup
from monitoring_svc.domain.series import Checkpoint, Point, Recorded, Series, shard_of
from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.domain.thresholds import Status
from monitoring_svc.ports import AlertLog, Failures

TELL_EVERY = timedelta(seconds=10)
"""A value that stays past its threshold is told to its alert so often."""
AUTO_RESOLVE_SECONDS = 300


class SeriesRows(Protocol):
    """Checkpoints of series."""

    async def load(self, series_ids: Sequence[str]) -> Mapping[str, Series]:
        """Return the series of these ids that were checkpointed."""

    async def load_shard(self, shard: int) -> Mapping[str, Series]:
        """Return every series of a shard."""

    async def count(self, caller: str) -> int:
        """Return how many series a caller has."""

    async def save(self, checkpoints: Sequence[Checkpoint], fences: Mapping[int, int]) -> Sequence[int]:
        """Keep checkpoints and roll-ups under the fences of their shards; return the shards that were lost."""


class Ownership(Protocol):
    """Which shards are ours."""

    async def owns(self, shard: int) -> bool:
        """Return whether the shard is ours, claiming it where nobody owns it."""

    @property
    def fences(self) -> Mapping[int, int]:
        """Shard -> fence of those that are ours."""

    async def hand_on(self, shard: int, points: Sequence[Point], caller: str) -> Sequence[Recorded] | None:
        """Have the shard's owner record points; None where the owner cannot be reached."""

    def lost(self, shard: int) -> None:
        """Take note that somebody else owns the shard."""


class RecordMetrics:
    """The way from a point to an alert."""

    def __init__(
        self, rows: SeriesRows, ownership: Ownership, log: AlertLog, failures: Failures, series_limit: int
    ) -> None:
        """Keep checkpoints in `rows`; a caller may have `series_limit` series."""
        self._rows = rows
        self._ownership = ownership
        self._log = log
        self._failures = failures
        self._limit = series_limit
        self._storm = StormGate()
        self._series: dict[str, Series] = {}
        self._counts: dict[str, int] = {}
        self._ready: dict[int, int] = {}
        """Shard -> fence under which its series were read into memory."""
        self._loading: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.changed: dict[str, Series] = {}
        """Series that changed since somebody last looked."""

    async def record(self, points: Sequence[Point], caller: str, *, forwarded: bool = False) -> list[Recorded]:
        """Record points in order; raises ResourceExhausted where the caller's series are used up.

        A batch of new series is refused whole. Alerts that follow are durable on return.
        """
        by_shard: dict[int, list[Point]] = {}
        for point in points:
            by_shard.setdefault(shard_of(point.series_id), []).append(point)
        done: dict[int, list[Recorded]] = {}
        for shard, some in by_shard.items():
            done[shard] = list(await self._record_shard(shard, some, caller, forwarded=forwarded))
        return [done[shard_of(point.series_id)].pop(0) for point in points]

    async def _record_shard(
        self, shard: int, points: list[Point], caller: str, *, forwarded: bool
    ) -> Sequence[Recorded]:
        if await self._holds(shard):
            return await self._take(points, caller, self._series)
        if not forwarded:
            handed_on = await self._ownership.hand_on(shard, points, caller)
            if handed_on is not None:
                return handed_on
            if await self._holds(shard):  # its owner may have given it back, or its term may be over
                return await self._take(points, caller, self._series)
        self._ready.pop(shard, None)
        checkpoints = dict(await self._rows.load([point.series_id for point in points]))
        for series in checkpoints.values():
            series.approximate = True
        return await self._take(points, caller, checkpoints, approximate=True)

    async def _holds(self, shard: int) -> bool:
        """Return whether the shard is ours, with its series in memory as its last owner left them."""
        while await self._ownership.owns(shard):
            async with self._loading[shard]:
                fence = self._ownership.fences.get(shard)
                if fence is not None and self._ready.get(shard) != fence:
                    loaded = await self._rows.load_shard(shard)
                    for name in [name for name in self._series if shard_of(name) == shard]:
                        del self._series[name]
                    self._series.update(loaded)
                    self._ready[shard] = fence
            if fence is not None and self._ownership.fences.get(shard) == fence:
                return True
        return False

    async def _take(
        self, points: list[Point], caller: str, among: dict[str, Series], *, approximate: bool = False
    ) -> list[Recorded]:
        await self._admit({point.series_id for point in points} - set(among), caller)
        firings: list[Firing] = []
        cleared: list[str] = []
        taken: list[tuple[Series, int, tuple[float, float] | None]] = []
        for point in points:
            series = among.get(point.series_id)
            if series is None:
                series = among[point.series_id] = _new(point, caller)
                series.approximate = approximate
            before = len(firings)
            anomaly = self._judge(series, point, firings, cleared)
            self.changed[series.series_id] = series
            taken.append((series, len(firings) - before, anomaly))
        try:
            fired = iter(await self._log.submit(Fire(tuple(firings), tuple(cleared))) if firings or cleared else ())
        except BaseException:
            for series, _, anomaly in taken:
                series.untold(anomaly)
            raise
        return [
            Recorded(series, tuple(one.alert_id for _ in range(count) if (one := next(fired)).alert_id))
            for series, count, _ in taken
        ]

    async def _admit(self, fresh: set[str], caller: str) -> None:
        if not fresh:
            return
        if caller not in self._counts:
            self._counts.setdefault(caller, await self._rows.count(caller))
        if self._counts[caller] + len(fresh) > self._limit:
            raise ResourceExhausted(
                "series_exhausted",
                f"You have {self._counts[caller]} series of at most {self._limit}; use fewer labels.",
            )
        self._counts[caller] += len(fresh)

    def _judge(
        self, series: Series, point: Point, firings: list[Firing], cleared: list[str]
    ) -> tuple[float, float] | None:
        """Add what follows from a point; return value and score of the anomaly that is told."""
        before = series.status
        alarm = series.take(point)
        if not point.alarms:
            return None
        if series.status is not Status.NORMAL and (
            series.status > before or series.told_at is None or point.recorded_at - series.told_at >= TELL_EVERY
        ):
            series.told_at, series.threshold_open = point.recorded_at, True
            firings.append(_past_threshold(series))
        elif series.status is Status.NORMAL and series.threshold_open:
            series.told_at, series.threshold_open = None, False
            cleared.append(_fingerprint("threshold", series))
        anomaly = series.owed
        if alarm and self._storm.passes(point.recorded_at.timestamp()):
            anomaly = (series.value, series.score or 0.0)
        if anomaly is not None:
            series.anomaly_open, series.owed = True, None
            firings.append(_anomaly(series, *anomaly))
        elif series.anomaly_open and point.recorded_at.timestamp() - series.episode.last >= series.episode.quiet:
            series.anomaly_open = False
            cleared.append(_fingerprint("anomaly", series))
        return anomaly

    async def checkpoint(self) -> None:
        """Keep what changed since the last checkpoint; shards that somebody else owns by now are let go of.

        Raises Unavailable where the database is away; nothing is lost then.
        """
        checkpoints = []
        for series in self._series.values():
            if series.dirty:
                checkpoints.append(Checkpoint(series, series.rollups))
                series.rollups, series.dirty = {}, False
        if not checkpoints:
            return
        # Those that the series were read under: one that was had since is of another owner's series.
        fences = dict(self._ready)
        for shard in await self._save(checkpoints, fences):
            if self._ready.get(shard) == fences.get(shard):
                self._ownership.lost(shard)
                self._ready.pop(shard, None)

    async def _save(self, checkpoints: Sequence[Checkpoint], fences: Mapping[int, int]) -> Sequence[int]:
        """Keep checkpoints, but one that cannot be stored, and return the shards that were lost."""
        parts, lost = [checkpoints], list[int]()
        while parts:
            part = parts.pop()
            try:
                lost += await self._rows.save(part, fences)
            except InvalidArgument as error:
                half = len(part) // 2
                if half:
                    parts += [part[:half], part[half:]]
                else:
                    self._failures.failed("series_unstorable", error)
            except Refusal:
                for one in chain(part, *parts):
                    _put_back(one)
                raise
        return lost

    def held(self) -> Sequence[Series]:
        """Return the series that are kept here, but those of shards that somebody else may own by now."""
        fences = self._ownership.fences
        ours = {shard for shard, fence in self._ready.items() if fences.get(shard) == fence}
        return [series for name, series in self._series.items() if shard_of(name) in ours]

    async def measured(self, points: Sequence[Point], caller: str) -> None:
        """Record what the service measures of itself; a refusal is told and survived."""
        try:
            await self.record(points, caller)
        except Refusal as error:
            self._failures.failed("own_metrics", error)


def _new(point: Point, caller: str) -> Series:
    return Series(
        point.series_id, point.metric_name, dict(point.labels), caller, point.unit, point.value, point.recorded_at
    )


def _put_back(checkpoint: Checkpoint) -> None:
    series = checkpoint.series
    for key, part in checkpoint.parts.items():
        part.merge(series.rollups.get(key, Rollup()))
        series.rollups[key] = part
    series.dirty = True


def _fingerprint(rule_id: str, series: Series) -> str:
    return fingerprint(rule_id, None, {"metric_name": series.metric_name, **series.labels})


def _past_threshold(series: Series) -> Firing:
    critical = series.status is Status.CRITICAL
    limit = series.thresholds.critical if critical else series.thresholds.warning
    side = "below" if series.thresholds.below else "above"
    return Firing(
        _fingerprint("threshold", series),
        "threshold",
        AlertType.SYSTEM_PERFORMANCE,
        Severity.CRITICAL if critical else Severity.MEDIUM,
        f"{series.metric_name} is {series.status.label}"[:200],
        f"The value is {side} its {series.status.label} threshold.",
        labels={"metric_name": series.metric_name, **series.labels},
        data={"value": series.value, "threshold": limit if limit is not None else series.value},
        auto_resolve_seconds=AUTO_RESOLVE_SECONDS,
    )


def _anomaly(series: Series, value: float, score: float) -> Firing:
    return Firing(
        _fingerprint("anomaly", series),
        "anomaly",
        AlertType.ANOMALY_DETECTION,
        Severity.MEDIUM,
        f"{series.metric_name} is unusual"[:200],
        "The value is unlike what this series has shown so far.",
        labels={"metric_name": series.metric_name, **series.labels},
        data={"value": value, "anomaly_score": score},
        auto_resolve_seconds=AUTO_RESOLVE_SECONDS,
    )


def stale(series: Series, now: datetime, staleness: timedelta) -> bool:
    """Return whether nothing arrived for longer than `staleness`."""
    return now - series.recorded_at > staleness

"""The default detector: how far is a value from every value that the series is known to take?

It needs no tuning and one threshold serves all series. Distances are in units of the series' own variation. A quarter
of the same novelty is added for what is left of the value when the usual at that hour of the day is taken away,
smoothed: a value that is usual at noon is unusual at night. Only scores above a fading maximum are passed, so that an
episode alarms once. A change of level or trend towards values seen before is not novel: `CumulativeSum` and `Trend` see
those.
"""

from typing import Any, ClassVar, Self

from monitoring_svc.domain.detectors.detector import State, refuse_unusable
from monitoring_svc.domain.detectors.hour_profile import HourProfile
from monitoring_svc.domain.detectors.running_maximum import RunningMaximum
from monitoring_svc.domain.detectors.running_scale import RunningScale
from monitoring_svc.domain.detectors.value_memory import ValueMemory

REACHES = (0.2, 0.25, 0.3)
"""How far from all others a value is remembered as new, in standard deviations; novelty is the mean over them."""
RESIDUAL_REACH = 0.1
"""The same for what the hour of the day leaves unexplained."""
RESIDUAL_WEIGHT = 0.25
"""Weight of that residual's novelty."""
SMOOTHING = 0.1
"""Rate at which the residual is smoothed."""
SCALE_RATE = 0.0005
"""Rate at which the scale of a series is forgotten."""
SCALE_SHARE = 0.8
"""Share of spread, and of the mean step, in the unit of distances."""
WARM_UP = 50
"""Points that are learned before anything is called novel."""
HALF_LIFE = 50
"""Points in which the fading maximum halves."""


class Novelty:
    """Mean distance from the remembered values, in units of the series' variation, over several reaches."""

    __slots__ = ("memories", "reaches", "scale")

    def __init__(self, reaches: tuple[float, ...]) -> None:
        """Start with nothing remembered, one memory a reach."""
        self.reaches = reaches
        self.scale = RunningScale(SCALE_RATE)
        self.memories = [ValueMemory() for _ in reaches]

    def meet(self, value: float) -> float:
        """Return the novelty of `value` and learn it."""
        scale = self.scale
        spread = scale.spread
        distance = 0.0
        for memory, reach in zip(self.memories, self.reaches, strict=True):
            distance += memory.meet(value, reach * spread)
        unit = max(SCALE_SHARE * (spread + scale.step), scale.floor)
        # The unit is that of the points before: a wild value would widen its own and hide how wild it is.
        scale.learn(value)
        return distance / (len(self.memories) * unit) if scale.count > WARM_UP else 0.0


class ValueNovelty:
    """Novelty of values, and of values for their hour."""

    kind: ClassVar[str] = "value_novelty"
    version: ClassVar[int] = 1
    threshold: ClassVar[float] = 0.25

    __slots__ = ("_maximum", "_profile", "_residual", "_residuals", "_values")

    def __init__(self) -> None:
        """Start with nothing known."""
        self._values = Novelty(REACHES)
        self._residuals = Novelty((RESIDUAL_REACH,))
        self._profile = HourProfile()
        self._residual = 0.0
        self._maximum = RunningMaximum(HALF_LIFE)

    def score(self, value: float, at: float) -> float:
        """Return the novelty of `value` where it exceeds what was passed lately, else 0."""
        refuse_unusable(value, at)
        self._residual += SMOOTHING * (self._profile.residual(value, at) - self._residual)
        novelty = self._values.meet(value) + RESIDUAL_WEIGHT * self._residuals.meet(self._residual)
        return self._maximum.exceeding(novelty)

    def snapshot(self) -> dict[str, Any]:
        """Return memories, scales, profile and maximum."""
        return {
            "kind": self.kind,
            "version": self.version,
            "values": _novelty_state(self._values),
            "residuals": _novelty_state(self._residuals),
            "profile": [self._profile.level, list(self._profile.deviations), list(self._profile.counts)],
            "residual": self._residual,
            "maximum": self._maximum.height,
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """Continue from a snapshot."""
        detector = cls()
        _restore_novelty(detector._values, state["values"])
        _restore_novelty(detector._residuals, state["residuals"])
        level, deviations, counts = state["profile"]
        detector._profile = HourProfile(level, list(deviations), list(counts))
        detector._residual = state["residual"]
        detector._maximum.height = state["maximum"]
        return detector


def _novelty_state(novelty: Novelty) -> dict[str, Any]:
    scale = novelty.scale
    return {
        "scale": [scale.mean, scale.variance, scale.step, scale.last, scale.count],
        "memories": [[list(memory.values), list(memory.turns), memory.turn] for memory in novelty.memories],
    }


def _restore_novelty(novelty: Novelty, state: State) -> None:
    novelty.scale = RunningScale(SCALE_RATE, *state["scale"])
    novelty.memories = [ValueMemory(list(values), list(turns), turn) for values, turns, turn in state["memories"]]

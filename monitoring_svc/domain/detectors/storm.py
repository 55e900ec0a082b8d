"""From scores to alarms that do not flood: one alarm an episode, and a bounded number over many series.

Neither may stand before a safety concern: they gate anomalies of metrics only.
"""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Episode:
    """One series' present run of high scores: alarms when it begins and whenever it has become twice as bad."""

    threshold: float
    """Score from which a point is an alarm."""
    quiet: float = 600.0
    """Seconds without a high score after which the next one is a new episode."""
    worst: float = 0.0
    """Highest score that alarmed in this episode; 0 between episodes."""
    last: float = 0.0
    """Time of the last high score, seconds since 1970."""

    def alarms(self, score: float, at: float) -> bool:
        """Tell whether this score is to be alarmed."""
        if score < self.threshold:
            return False
        if self.worst and at - self.last >= self.quiet:
            self.worst = 0.0
        self.last = at
        if score < 2.0 * self.worst:
            return False
        self.worst = score
        return True


@dataclass(slots=True)
class StormGate:
    """Lets through at most `burst` alarms in any `window` seconds over all series, and counts the rest."""

    burst: int = 20
    window: float = 60.0
    passed: deque[float] = field(default_factory=deque)
    """Times of the alarms let through within the window, seconds since 1970."""
    held: int = 0
    """Alarms held back since the last one that passed."""

    def passes(self, at: float) -> bool:
        """Tell whether an alarm at `at` passes; one that does not is counted in `held`."""
        while self.passed and at - self.passed[0] >= self.window:
            self.passed.popleft()
        if len(self.passed) >= self.burst:
            self.held += 1
            return False
        self.passed.append(at)
        return True

    def summary(self) -> int:
        """Return how many alarms were held back since the last summary, and start counting anew."""
        held, self.held = self.held, 0
        return held

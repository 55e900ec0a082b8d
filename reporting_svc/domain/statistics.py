"""The statistics that releases carry, and how to read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reporting_svc.domain.analysis.words import number, percent, points
from reporting_svc.domain.report import AxisScale, ColumnKind
from reporting_svc.domain.snapshot import Cell, Estimate

SUCCESSES = ("positive", "excellent", "good")
"""Categories of outcome that count as success, as in the releases."""

OUTCOMES = ("excellent", "positive", "good", "moderate", "neutral", "needs_attention")


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic of a cell."""

    name: str
    title: str
    unit: str
    meaning: str
    share: bool = False
    """Whether it is shown in percent."""
    whole: bool = False
    """Whether it counts."""

    @property
    def spoken(self) -> str:
        """What a sentence about it begins with."""
        if self.whole:
            return f"The number of {self.title.lower()}"
        return f"Mean {self.title.lower()}" if self.title.endswith(" a player") else self.title

    @property
    def scale(self) -> AxisScale:
        """Scale of its axis."""
        return AxisScale.SHARE if self.share else AxisScale.NUMBER

    @property
    def column(self) -> ColumnKind:
        """Kind of its column."""
        return ColumnKind.SHARE if self.share else ColumnKind.INTEGER if self.whole else ColumnKind.NUMBER

    @property
    def write(self) -> Callable[[float], str]:
        """Write a value for people."""
        if self.share:
            return percent
        return (lambda value: f"{value:,.0f}") if self.whole else number

    @property
    def write_change(self) -> Callable[[float], str]:
        """Write a difference of two values for people."""
        return points if self.share else self.write

    def of(self, cell: Cell | None) -> Estimate | None:
        """Return the figure of a cell; None where it has none."""
        if cell is None or cell.hidden:
            return None
        if self.name == "players":
            return cell.players
        if self.name == "success_rate":
            return success_rate(cell)
        figures = cell.figures.get(self.name)
        return None if figures is None else figures.mean


STATISTICS = {
    one.name: one
    for one in (
        Statistic("players", "Players", "players", "Players with at least one session in the period.", whole=True),
        Statistic("sessions", "Sessions a player", "sessions", "Mean over players of the sessions begun."),
        Statistic("minutes", "Minutes a player", "minutes", "Mean over players of the minutes played."),
        Statistic("interactions", "Interactions a player", "interactions", "Mean over players of the interactions."),
        Statistic("interventions", "Interventions a player", "interventions", "Mean of therapeutic interventions."),
        Statistic("markers", "Progress markers a player", "markers", "Mean over players of the progress markers."),
        Statistic("engagement", "Engagement score", "score", "Mean over players of their mean score, 0 to 1."),
        Statistic("sentiment", "Sentiment score", "score", "Mean over players of their mean score, -1 to 1."),
        Statistic(
            *("overall_progress", "Overall progress", "share"),
            "Mean over players of the progress of their snapshots.",
            share=True,
        ),
        Statistic(
            *("goal_completion", "Goal completion", "share"),
            "Mean over players of the share of their goals that they completed.",
            share=True,
        ),
        Statistic(
            *("success_rate", "Success rate", "share"),
            "Share of players whose latest outcome is positive, excellent or good, of those who have one.",
            share=True,
        ),
    )
}
"""By name, in the order of a menu."""


def success_rate(cell: Cell) -> Estimate | None:
    """Return the share of players with a good outcome; None where noise leaves no outcomes.

    The interval adds both parts to first order: noise of the counts, and binomial variation between players.
    """
    if not cell.outcomes:
        return None
    total = sum(one.value for one in cell.outcomes.values())
    if total <= 1:
        return None
    good = sum(one.value for name, one in cell.outcomes.items() if name in SUCCESSES)
    rate = min(max(good / total, 0.0), 1.0)
    return share(rate, total, cell.outcomes, SUCCESSES)


def share(rate: float, total: float, counts: Mapping[str, Estimate], of: tuple[str, ...]) -> Estimate:
    """Return a share with its interval, from the released counts by category and the categories it is made of."""
    noise = sum(
        (one.privacy_margin * ((1 - rate) if name in of else rate) / total) ** 2 for name, one in counts.items()
    )
    between = 1.96**2 * max(rate * (1 - rate), 0.25 / total) / total
    half = float((noise + between) ** 0.5)
    return Estimate(rate, max(rate - half, 0.0), min(rate + half, 1.0), float(noise**0.5), half > 0.4)


def outcome_shares(cell: Cell) -> dict[str, Estimate]:
    """Return the share of each category of outcome; empty where noise leaves no outcomes."""
    total = sum(one.value for one in cell.outcomes.values())
    if total <= 1:
        return {}
    return {
        name: share(min(max(cell.outcomes[name].value / total, 0.0), 1.0), total, cell.outcomes, (name,))
        for name in OUTCOMES
        if name in cell.outcomes
    }

"""Create a retention release: its own kind, its own charge."""

from datetime import datetime, timedelta
from typing import Any

from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.privacy.retention import RetentionStatistics
from aggregation_svc.domain.releases import Answer, Kind, Question, Release
from aggregation_svc.ports import Actor
from aggregation_svc.release_ports import Computed, Mechanism, PeriodFacts, Releases
from aggregation_svc.usecases.answered_once import AnsweredOnce
from aggregation_svc.usecases.create_release import ReleaseTerms, require_next, require_right_to_revise


class CreateRetention:
    """Answer how many of those who began in a period came back: the stored answer, or a new one that is charged."""

    def __init__(
        self,
        releases: Releases,
        facts: PeriodFacts,
        mechanism: Mechanism,
        terms: ReleaseTerms,
        once: AnsweredOnce,
        *,
        weeks: int,
    ) -> None:
        """Take what `CreateRelease` takes, and the weeks since the first session that are looked at."""
        self._releases, self._facts, self._mechanism, self._terms = releases, facts, mechanism, terms
        self._once, self._weeks = once, weeks

    async def __call__(self, actor: Actor, grain: Grain, period_start: datetime, revision: int = 0) -> Release:
        """Create or return the release; refuses as `CreateRelease`, until the last week of the last entry is over."""
        period = Period.aligned(grain, period_start)
        question = Question(Kind.RETENTION, period, revision)
        require_right_to_revise(actor, revision)
        return await self._once(actor, question, lambda: self._compute(question, period))

    async def _compute(self, question: Question, period: Period) -> Computed:
        await require_next(self._releases, question)
        period.require_closed(await self._releases.now(), self._terms.grace + timedelta(weeks=self._weeks))
        micro = self._terms.plan.retention_micro
        await self._once.set_aside(question, micro)
        counts = await self._facts.retention(period, self._weeks)
        statistics = await self._mechanism.retention(counts, micro)
        answer = Answer(
            plan_version=self._terms.plan.version,
            epsilon_micro=statistics.epsilon_micro,
            delta=0.0,
            content=content_of(statistics),
        )
        return Computed(answer)


def content_of(statistics: RetentionStatistics) -> dict[str, Any]:
    """Return what is stored of a retention, as JSON values."""
    return {
        "players": _values(statistics.players),
        "active": [_values(figure) for figure in statistics.active],
        "shares": [_values(figure) for figure in statistics.shares],
        "raw": list(statistics.raw),
        "scale": statistics.scale,
    }


def _values(figure: Figure | None) -> list[Any] | None:
    if figure is None:
        return None
    return [getattr(figure, name) for name in Figure.__dataclass_fields__]

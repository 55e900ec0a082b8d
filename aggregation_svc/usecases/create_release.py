"""Create a release: the one way in which players' facts become published figures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregation_svc.domain.patterns import release
from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.patterns.segmentation import Segmentation
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.release import Terms
from aggregation_svc.domain.release_plan import ReleasePlan
from aggregation_svc.domain.release_statistics import Statistics
from aggregation_svc.domain.releases import Answer, Kind, Question, Release
from aggregation_svc.ports import Actor
from aggregation_svc.release_ports import Computed, Mechanism, PeriodFacts, Releases
from aggregation_svc.usecases.answered_once import AnsweredOnce
from mesh.refusal import InvalidArgument, PermissionDenied, Violation


@dataclass(frozen=True, slots=True)
class ReleaseTerms:
    """What the settings fix for every release."""

    plan: ReleasePlan
    focus_names: tuple[str, ...]
    min_cohort: int
    grace: timedelta

    def of(self, grain: Grain, plan: ReleasePlan | None = None) -> Terms:
        """Return the public side of a computation."""
        return Terms(grain, plan or self.plan, self.focus_names, self.min_cohort)


class CreateRelease:
    """Answer a question about a closed period: the stored answer, or a new one that is charged."""

    def __init__(
        self, releases: Releases, facts: PeriodFacts, mechanism: Mechanism, terms: ReleaseTerms, once: AnsweredOnce
    ) -> None:
        """Take the ports, what the settings fix, and what answers the questions of this process."""
        self._releases, self._facts, self._mechanism, self._terms = releases, facts, mechanism, terms
        self._once = once

    async def __call__(self, actor: Actor, grain: Grain, period_start: datetime, revision: int = 0) -> Release:
        """Create or return the release.

        Every refusal follows from the request, the settings or the ledger; what depends on players is in the answer.

        Raises:
            InvalidArgument: the period does not start there; the revision is not the next one.
            PermissionDenied: a revision by somebody who is no administrator.
            FailedPrecondition: the period is open.
            ResourceExhausted: the cap would be passed; nothing was read.
        """
        period = Period.aligned(grain, period_start)
        question = Question(Kind.COHORTS, period, revision)
        require_right_to_revise(actor, revision)
        return await self._once(actor, question, lambda: self._compute(question, period))

    async def _compute(self, question: Question, period: Period) -> Computed:
        await require_next(self._releases, question)
        period.require_closed(await self._releases.now(), self._terms.grace)
        plan, grain = self._terms.plan, period.grain
        await self._once.set_aside(question, plan.cohorts_micro)
        sums, rows = await self._facts.both(period) if plan.patterns_micro else (await self._facts.sums(period), None)
        answer = answer_of(await self._mechanism.statistics(sums, self._terms.of(grain)), plan, self._terms)
        if rows is not None:
            answer = with_patterns(answer, await self._mechanism.patterns(rows, plan.patterns_micro, grain), plan)
        return Computed(answer)


def require_right_to_revise(actor: Actor, revision: int) -> None:
    """Raise PermissionDenied where somebody who is no administrator asks for a revision."""
    if revision and not actor.administrator:
        raise PermissionDenied(
            "revision_for_administrators",
            "A revision spends budget on a question that is answered; only an administrator may ask for one.",
        )


async def require_next(releases: Releases, question: Question) -> None:
    """Raise InvalidArgument where the revision is not the next one of its period."""
    last = await releases.last_revision(question)
    following = 0 if last is None else last + 1
    if question.revision > following:
        sentence = f"is {question.revision}; the next one of this period is {following}"
        raise InvalidArgument(
            "revision_not_next",
            f"revision {sentence}.",
            violations=[Violation("revision", "revision.next", sentence)],
        )


def answer_of(statistics: Statistics, plan: ReleasePlan, terms: ReleaseTerms) -> Answer:
    """Return what is stored of computed statistics, with the words a reader needs."""
    notes = [f"Cells with a noisy count of players below {terms.min_cohort} are hidden."] if terms.min_cohort else []
    if statistics.selection_threshold is not None:
        notes.append(
            "Focus names that are not declared are shown from a noisy count of about "
            f"{statistics.selection_threshold} players on; all others are in `other`."
        )
    return Answer(
        plan_version=plan.version,
        epsilon_micro=statistics.epsilon_micro,
        delta=statistics.delta,
        cells=statistics.cells,
        notes=tuple(notes),
        content={"focus_names": list(terms.focus_names), "selected": list(statistics.selected)},
    )


def with_patterns(answer: Answer, found: Mapping[PatternKind, Segmentation], plan: ReleasePlan) -> Answer:
    """Return the answer with the period's segments, or why there are none, and with what they cost."""
    return replace(
        answer,
        epsilon_micro=answer.epsilon_micro + plan.patterns_micro,
        patterns=tuple(release.patterns(found)),
        notes=(*answer.notes, *release.notes(found)),
        content={**answer.content, "patterns": release.summary(found)},
    )

"""Judges what services report of players: rules and crisis language in, durable alerts out."""

import asyncio
import hashlib
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitoring_svc.domain.alert import AlertEvent, AlertState
from monitoring_svc.domain.book import Fired
from monitoring_svc.domain.commands import Fire
from monitoring_svc.domain.crisis_assessment import ALERT_SEVERITY, CrisisAssessment, CrisisLayer
from monitoring_svc.domain.firing import Firing, fingerprint
from monitoring_svc.domain.holding import read
from monitoring_svc.domain.rule import CRISIS_LANGUAGE, Rule
from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.domain.signal import Signal
from monitoring_svc.ports import AlertLog, RequestKey
from monitoring_svc.usecases.crisis_assessment import BatchTurns, CrisisAssessor
from monitoring_svc.usecases.rule_book import ActiveRule, RuleBook
from monitoring_svc.usecases.windows import Consents, Windows

LOOKS_AT_ONCE = 20
"""Signals of a batch that rules look at before everything else has its turn: some 2 ms under ten rules."""
NOTHING: Mapping[str, Mapping[str, float]] = {}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A signal as it arrived: with the player's id and messages, in memory only."""

    user_id: str = field(repr=False)
    """Canonical."""
    signal: Signal
    messages: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What followed from one signal."""

    fired: tuple[Fired, ...]
    crisis: CrisisAssessment | None

    @property
    def rule_layer_only(self) -> bool:
        """Whether the semantic layer had no say."""
        return self.crisis is not None and self.crisis.semantic_layer not in (
            CrisisLayer.DECIDED,
            CrisisLayer.NOT_NEEDED,
        )


@dataclass(slots=True)
class OpenConditions:
    """Which rules have an alert open for which player, so that a condition that clears is noticed.

    Until the alert is resolved: a repeat after the condition cleared makes no event that would tell of it.
    """

    holding: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    """Player -> rules, each once. Not a set: there is an entry for each player with an open alert."""

    def follow(self, event: AlertEvent) -> None:
        """Take in an event of the log, of this replica or another."""
        alert = event.alert
        if alert.subject is None or alert.auto_resolve_seconds == 0:
            return
        if alert.state is AlertState.RESOLVED:
            self.forget(alert.subject, alert.rule_id)
        else:
            self.add(alert.subject, alert.rule_id)

    def add(self, subject: bytes, rule_id: str) -> None:
        """Wait for that condition to clear."""
        rules = self.holding.get(subject, ())
        if rule_id not in rules:
            self.holding[subject] = (*rules, sys.intern(rule_id))

    def forget(self, subject: bytes, rule_id: str) -> None:
        """Stop waiting for that condition to clear."""
        left = tuple(one for one in self.holding.get(subject, ()) if one != rule_id)
        if left:
            self.holding[subject] = left
        else:
            self.holding.pop(subject, None)


@dataclass(slots=True)
class _Look:
    """What the rules say of one signal."""

    firings: list[Firing] = field(default_factory=list)
    pending: list[Fired] = field(default_factory=list)


class JudgeSignals:
    """The way from a signal to an alert."""

    def __init__(
        self,
        log: AlertLog,
        rules: RuleBook,
        crisis: CrisisAssessor,
        pseudonyms: Callable[[str], Sequence[bytes]],
        over_budget: Callable[[Rule], None],
        windows: Windows,
        consents: Consents,
    ) -> None:
        """Write alerts to `log`; `over_budget` hears of a rule that takes too long.

        `pseudonyms` are those of a player under every key that is known: the first is used, the others still found.
        """
        self._log = log
        self._rules = rules
        self._crisis = crisis
        self._pseudonyms = pseudonyms
        self._over_budget = over_budget
        self._windows = windows
        self._consents = consents
        self._turns = BatchTurns()
        self.open = OpenConditions()

    async def judge(self, batch: Sequence[Incoming], request: RequestKey | None = None) -> list[Judgement]:
        """Return what followed from each signal; its alerts are durable on return.

        The batch is all or none, but for its safety concerns: they do not wait until others' consent is asked for.
        """
        assessments = await self._assess(batch)
        cleared: list[str] = []
        looks: list[_Look] = []
        for one, said in zip(batch, assessments, strict=True):
            if looks and len(looks) % LOOKS_AT_ONCE == 0:
                await asyncio.sleep(0)
            looks.append(self._look(one, said, cleared))
        firings = [firing for look in looks for firing in look.firings]
        crises = [firing for firing in firings if _about_safety(firing)]
        made: dict[int, Fired] = {}
        if crises:
            made |= await self._fire(crises, (), request and _part(request, "crises"))
        await self._respect_refusals(looks)
        rest = [firing for look in looks for firing in look.firings if id(firing) not in made]
        if rest or cleared:
            made |= await self._fire(rest, cleared, request)
        return [
            Judgement((*(made[id(one)] for one in look.firings if id(one) in made), *look.pending), said)
            for look, said in zip(looks, assessments, strict=True)
        ]

    async def _fire(
        self, firings: Sequence[Firing], cleared: Sequence[str], request: RequestKey | None
    ) -> dict[int, Fired]:
        """Return what became of each firing, by the firing's identity.

        A repeated request is told what became of the first, in which other firings may have been left out: by their
        fingerprints, in order. One that was not among them has no answer, but where it is about safety: what was late
        or unknown then has its alert now.
        """
        found = await self._submit(firings, cleared, request)
        missed = [one for one in firings if id(one) not in found and _about_safety(one)]
        if missed and request is not None:
            names = hashlib.sha256(" ".join(one.fingerprint for one in missed).encode()).hexdigest()[:32]
            found |= await self._submit(missed, (), _part(request, names))
        return found

    async def _submit(
        self, firings: Sequence[Firing], cleared: Sequence[str], request: RequestKey | None
    ) -> dict[int, Fired]:
        known: defaultdict[str, deque[Fired]] = defaultdict(deque)
        for became in await self._log.submit(Fire(tuple(firings), tuple(cleared)), request):
            known[became.fingerprint].append(became)
        found: dict[int, Fired] = {}
        for firing in firings:
            # The first may have been told under another key.
            name = next((one for one in (firing.fingerprint, *firing.elsewhere) if known[one]), None)
            if name is not None:
                found[id(firing)] = known[name].popleft()
        return found

    async def _assess(self, batch: Sequence[Incoming]) -> list[CrisisAssessment | None]:
        """Return what the crisis recogniser says of each signal; signals without messages cost nothing.

        Between two signals of a batch everything else has its turn, a lone crisis for one.
        """
        spoken = [place for place, one in enumerate(batch) if one.messages]
        said: list[CrisisAssessment | None] = [None] * len(batch)
        if len(spoken) == 1:
            said[spoken[0]] = await self._crisis.assess(batch[spoken[0]].messages)
        elif spoken:
            under_way: dict[int, asyncio.Task[CrisisAssessment | None]] = {}
            async with asyncio.TaskGroup() as together:
                for place in spoken:
                    under_way[place] = together.create_task(self._crisis.assess(batch[place].messages, self._turns))
                    await asyncio.sleep(0)
            for place, task in under_way.items():
                said[place] = task.result()
        return said

    async def _respect_refusals(self, looks: Sequence[_Look]) -> None:
        """Leave only safety concerns to players who said no to analytics."""
        asked = [firing.user_id or "" for look in looks for firing in look.firings if not _about_safety(firing)]
        if not asked:
            return
        refused = await self._consents.refused(asked)
        if refused:
            for look in looks:
                look.firings = [
                    firing for firing in look.firings if _about_safety(firing) or firing.user_id not in refused
                ]

    def _look(self, one: Incoming, assessment: CrisisAssessment | None, cleared: list[str]) -> _Look:
        look = _Look()
        signal = one.signal
        if assessment is not None and assessment.decision is not None:
            decision = assessment.decision
            signal = replace(signal, crisis_severity=decision.severity.label, crisis_category=decision.category.value)
        subjects = self._pseudonyms(one.user_id)
        window = self._windows.take(subjects, one.user_id, signal) if self._rules.rolling else None
        statistics = NOTHING if window is None else window.statistics()
        holding = {rule_id for subject in subjects for rule_id in self.open.holding.get(subject, ())}
        for active in self._rules.active:
            holds = self._holds(active, signal, statistics)
            rule = active.rule
            if not self._lasts(rule, subjects[0], signal, holds):
                look.pending.append(_pending(rule))
            elif holds:
                look.firings.append(_firing(rule, signal, subjects, one.user_id, assessment))
            elif holds is False and rule.rule_id in holding:
                cleared.extend(fingerprint(rule.rule_id, subject, {}) for subject in subjects)
        return look

    def _holds(self, active: ActiveRule, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> bool | None:
        if active.rule.built_in:
            return active.condition.holds(signal, statistics)
        holds = active.look(signal, statistics)
        if active.over_budget():
            self._over_budget(active.rule)
        return holds

    def _lasts(self, rule: Rule, subject: bytes, signal: Signal, holds: bool | None) -> bool:
        """Return whether the duration that a rule asks for is over, where its condition holds; else True."""
        if not rule.for_seconds or holds is None:
            return True
        hold = self._windows.read(read(rule, subject, signal.observed_at.timestamp(), holds=holds))
        return not holds or (hold is not None and hold.lasts(rule.for_seconds))

    def forget(self, subject: bytes) -> None:
        """Drop what memory holds of a player."""
        self._windows.forget(subject)
        self.open.holding.pop(subject, None)


def _part(request: RequestKey, name: str) -> RequestKey:
    """Return the key of a part of a request, which is answered by itself."""
    return replace(request, call=f"{request.call}, {name}")


def _about_safety(firing: Firing) -> bool:
    return firing.alert_type is AlertType.SAFETY_CONCERN


def _pending(rule: Rule) -> Fired:
    return Fired(rule.rule_id, "", rule.severity, rule.alert_type, rule.intervention, held_back_by="pending")


def _firing(
    rule: Rule, signal: Signal, subjects: Sequence[bytes], user_id: str, assessment: CrisisAssessment | None
) -> Firing:
    severity, title = rule.severity, rule.title
    if rule.rule_id == CRISIS_LANGUAGE and assessment is not None and assessment.decision is not None:
        severity = ALERT_SEVERITY[assessment.decision.severity]
        title = f"{rule.title}: {assessment.decision.category.value.replace('_', ' ')}"
    this, *elsewhere = (fingerprint(rule.rule_id, subject, {}) for subject in subjects)
    return Firing(
        this,
        rule.rule_id,
        rule.alert_type,
        Severity(severity),
        title,
        rule.description,
        rule.intervention,
        subjects[0],
        user_id,
        {},
        signal.facts(),
        rule.cooldown_seconds,
        rule.auto_resolve_seconds,
        tuple(elsewhere),
    )

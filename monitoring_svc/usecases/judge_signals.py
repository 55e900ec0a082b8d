"""Judges what services report of players: rules and crisis language in, durable alerts out."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from time import perf_counter

from monitoring_svc.domain.alert import AlertEvent, AlertState
from monitoring_svc.domain.book import Fired
from monitoring_svc.domain.commands import Fire
from monitoring_svc.domain.crisis_decision import ALERT_SEVERITY, CrisisAssessment, CrisisLayer
from monitoring_svc.domain.firing import Firing, fingerprint
from monitoring_svc.domain.rolling import Rolling
from monitoring_svc.domain.rule import CRISIS_LANGUAGE, Rule
from monitoring_svc.domain.severity import Severity
from monitoring_svc.domain.signal import Signal
from monitoring_svc.ports import AlertLog, RequestKey
from monitoring_svc.usecases.crisis_assessment import CrisisAssessor
from monitoring_svc.usecases.rule_book import ActiveRule, RuleBook

MAX_WINDOWS = 100_000
"""Players whose rolling statistics are kept in memory; the least recently seen go first."""
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
        return self.crisis is not None and self.crisis.semantic_layer is not CrisisLayer.DECIDED


@dataclass(slots=True)
class OpenConditions:
    """Which rules have an alert open for which player, so that a condition that clears is noticed."""

    holding: dict[bytes, set[str]] = field(default_factory=dict)

    def follow(self, event: AlertEvent) -> None:
        """Take in an event of the log, of this replica or another."""
        alert = event.alert
        if alert.subject is None or alert.auto_resolve_seconds == 0:
            return
        if alert.state is AlertState.RESOLVED:
            self.forget(alert.subject, alert.rule_id)
        elif alert.cleared_at is None:
            self.holding.setdefault(alert.subject, set()).add(alert.rule_id)

    def forget(self, subject: bytes, rule_id: str) -> None:
        """Stop waiting for that condition to clear."""
        rules = self.holding.get(subject)
        if rules is not None:
            rules.discard(rule_id)
            if not rules:
                del self.holding[subject]


class JudgeSignals:
    """The way from a signal to an alert."""

    def __init__(
        self,
        log: AlertLog,
        rules: RuleBook,
        crisis: CrisisAssessor,
        pseudonym: Callable[[str], bytes],
        over_budget: Callable[[Rule], None],
    ) -> None:
        """Write alerts to `log`; `over_budget` hears of a rule that takes too long."""
        self._log = log
        self._rules = rules
        self._crisis = crisis
        self._pseudonym = pseudonym
        self._over_budget = over_budget
        self._windows: OrderedDict[bytes, Rolling] = OrderedDict()
        self.open = OpenConditions()

    async def judge(self, batch: Sequence[Incoming], request: RequestKey | None = None) -> list[Judgement]:
        """Return what followed from each signal. The batch is all or none; its alerts are durable on return."""
        assessments = [await self._crisis.assess(one.messages) for one in batch]
        firings: list[Firing] = []
        cleared: list[str] = []
        looks: list[tuple[int, list[Fired]]] = []
        for one, assessment in zip(batch, assessments, strict=True):
            before, pending = len(firings), list[Fired]()
            self._look(one, assessment, firings, pending, cleared)
            looks.append((len(firings) - before, pending))
        fired: tuple[Fired, ...] = ()
        if firings or cleared:
            fired = await self._log.submit(Fire(tuple(firings), tuple(cleared)), request)
        results = iter(fired)
        return [
            Judgement((*islice(results, count), *pending), crisis)
            for (count, pending), crisis in zip(looks, assessments, strict=True)
        ]

    def _look(
        self,
        one: Incoming,
        assessment: CrisisAssessment | None,
        firings: list[Firing],
        pending: list[Fired],
        cleared: list[str],
    ) -> None:
        signal = one.signal
        if assessment is not None and assessment.decision is not None:
            decision = assessment.decision
            signal = replace(signal, crisis_severity=decision.severity.label, crisis_category=decision.category.value)
        subject = self._pseudonym(one.user_id)
        window = self._window(subject, signal) if self._rules.rolling else None
        statistics = NOTHING if window is None else window.statistics()
        holding = self.open.holding.get(subject)
        for active in self._rules.active:
            holds = self._holds(active, signal, statistics)
            rule = active.rule
            if holds and window is not None and rule.for_seconds and not _long_enough(window, rule, signal):
                pending.append(_pending(rule))
            elif holds:
                firings.append(_firing(rule, signal, subject, one.user_id, assessment))
            elif holds is False:
                if window is not None:
                    window.held_since.pop(rule.rule_id, None)
                if holding is not None and rule.rule_id in holding:
                    cleared.append(fingerprint(rule.rule_id, subject, {}))
                    self.open.forget(subject, rule.rule_id)

    def _holds(self, active: ActiveRule, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> bool | None:
        if active.rule.built_in:
            return active.condition.holds(signal, statistics)
        began = perf_counter()
        holds = active.condition.holds(signal, statistics)
        if active.over_budget(perf_counter() - began):
            self._over_budget(active.rule)
        return holds

    def _window(self, subject: bytes, signal: Signal) -> Rolling:
        window = self._windows.get(subject)
        if window is None:
            window = self._windows[subject] = Rolling()
            if len(self._windows) > MAX_WINDOWS:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(subject)
        window.add(signal)
        return window

    def forget(self, subject: bytes) -> None:
        """Drop what memory holds of a player."""
        self._windows.pop(subject, None)
        self.open.holding.pop(subject, None)


def _long_enough(window: Rolling, rule: Rule, signal: Signal) -> bool:
    now = signal.observed_at.timestamp()
    return now - window.held_since.setdefault(rule.rule_id, now) >= rule.for_seconds


def _pending(rule: Rule) -> Fired:
    return Fired(rule.rule_id, "", rule.severity, rule.alert_type, rule.intervention, held_back_by="pending")


def _firing(rule: Rule, signal: Signal, subject: bytes, user_id: str, assessment: CrisisAssessment | None) -> Firing:
    severity, title = rule.severity, rule.title
    if rule.rule_id == CRISIS_LANGUAGE and assessment is not None and assessment.decision is not None:
        severity = ALERT_SEVERITY[assessment.decision.severity]
        title = f"{rule.title}: {assessment.decision.category.value.replace('_', ' ')}"
    return Firing(
        fingerprint(rule.rule_id, subject, {}),
        rule.rule_id,
        rule.alert_type,
        Severity(severity),
        title,
        rule.description,
        rule.intervention,
        subject,
        user_id,
        {},
        signal.facts(),
        rule.cooldown_seconds,
        rule.auto_resolve_seconds,
    )

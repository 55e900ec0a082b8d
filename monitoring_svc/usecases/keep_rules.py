"""Creates, changes and tries rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from mesh.refusal import Aborted, FailedPrecondition, InvalidArgument, Refusal, Violation
from monitoring_svc.domain.book import SYSTEM
from monitoring_svc.domain.commands import Fire
from monitoring_svc.domain.firing import Firing, fingerprint
from monitoring_svc.domain.rolling import Rolling
from monitoring_svc.domain.rule import BUILT_IN, CRISIS_LANGUAGE, Rule
from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.ports import AlertLog, ConditionCompiler, Failures, Rules, StoredRule
from monitoring_svc.usecases.crisis_assessment import CrisisAssessor
from monitoring_svc.usecases.judge_signals import Incoming
from monitoring_svc.usecases.rule_book import RuleBook

_BUILT_IN = frozenset(rule.rule_id for rule in BUILT_IN)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would do."""

    holds: bool
    missing_fields: tuple[str, ...]
    nodes: int
    microseconds: float


class KeepRules:
    """The rules as people change them."""

    def __init__(
        self,
        rules: Rules,
        book: RuleBook,
        compiler: ConditionCompiler,
        crisis: CrisisAssessor,
        log: AlertLog,
        failures: Failures,
    ) -> None:
        """Keep them in `rules`; `book` reads them again after each change."""
        self._rules = rules
        self._book = book
        self._compiler = compiler
        self._crisis = crisis
        self._log = log
        self._failures = failures

    async def all(self) -> Sequence[StoredRule]:
        """Return every rule by id."""
        _, rules = await self._rules.all()
        return rules

    async def create(self, rule: Rule, actor: str) -> StoredRule:
        """Keep a new rule; raises InvalidArgument with the place where its condition is wrong, and AlreadyExists."""
        self._compiler.compile(rule.condition)
        stored = await self._rules.create(rule, actor)
        await self._book.refresh()
        return stored

    async def replace(self, rule_id: str, rule: Rule, version: int, actor: str) -> StoredRule:
        """Replace a rule; raises InvalidArgument, NotFound, Aborted, and FailedPrecondition for crisis language."""
        if rule.rule_id != rule_id:
            violation = Violation("definition.rule_id", "equal", "differs from the rule that the path names")
            raise InvalidArgument("rule_id_differs", f"rule_id {violation.description}.", violations=[violation])
        if rule_id == CRISIS_LANGUAGE and not rule.enabled:
            raise FailedPrecondition("crisis_language_always_on", "Crisis language cannot be switched off.")
        if rule_id == CRISIS_LANGUAGE and rule.for_seconds:
            raise FailedPrecondition("crisis_language_at_once", "Crisis language fires at once; leave for_seconds 0.")
        if rule_id not in _BUILT_IN:
            self._compiler.compile(rule.condition)
        stored = await self._rules.replace(rule, version, actor)
        await self._book.refresh()
        return stored

    async def delete(self, rule_id: str, actor: str) -> None:
        """Remove a rule; raises NotFound, and FailedPrecondition for a built-in one."""
        if rule_id in _BUILT_IN:
            raise FailedPrecondition("rule_built_in", "A built-in rule cannot be deleted; switch it off instead.")
        await self._rules.delete(rule_id)
        await self._book.refresh()

    async def test(self, rule: Rule, incoming: Incoming) -> Trial:
        """Try a rule on a signal; nothing is stored."""
        condition = self._compiler.compile(rule.condition)
        assessment = await self._crisis.assess(incoming.messages)
        signal = incoming.signal
        if assessment is not None and assessment.decision is not None:
            signal = replace(signal, crisis_severity=assessment.decision.severity.label)
        window = Rolling()
        window.add(signal)
        statistics = window.statistics()
        began = perf_counter()
        holds = condition.holds(signal, statistics)
        elapsed = perf_counter() - began
        present = set(signal.facts()) | {f"measures.{name}" for name in signal.measures}
        present |= {f"{name}.{one}" for name, fields in statistics.items() for one in fields}
        missing = tuple(sorted(condition.fields - present))
        return Trial(holds is True, missing, condition.nodes, elapsed * 1e6)

    async def disable_over_budget(self, rule: Rule) -> None:
        """Tell people by an alert that a rule takes too long, then switch it off: never one that nobody was told of."""
        off = replace(rule, enabled=False, disabled_reason="over_budget")
        try:
            _, stored = await self._rules.all()
            if not any(one.rule == rule for one in stored):
                return  # somebody changed or switched it off already
            await self._log.submit(Fire((_over_budget(rule),)))
            await self._rules.replace(off, rule.version, SYSTEM)
        except Aborted:
            return  # somebody changed it just now
        except Refusal as error:
            self._failures.failed("rule_over_budget", error)
            return
        await self._book.refresh()


def _over_budget(rule: Rule) -> Firing:
    labels = {"rule_id": rule.rule_id}
    return Firing(
        fingerprint("rule_over_budget", None, labels),
        "rule_over_budget",
        AlertType.SYSTEM_PERFORMANCE,
        Severity.HIGH,
        "A rule was switched off",
        "The rule's condition took longer than its time budget. Make it simpler and switch it on again.",
        labels=labels,
    )

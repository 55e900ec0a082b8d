"""The rules that are looked at now, compiled; the same in every replica within a second."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter, thread_time

from mesh.refusal import Refusal
from monitoring_svc.domain.rule import CRISIS_LANGUAGE, PREDICATES, Predicate, Rule
from monitoring_svc.domain.signal import Signal
from monitoring_svc.ports import Condition, ConditionCompiler, Failures, Rules, StoredRule

BUDGET_SECONDS = 0.001
"""What one look at a condition may take on average."""
WATCHED = 200
"""Over so many looks."""


class CompiledPredicate:
    """A built-in rule's condition."""

    nodes = 1
    rolling = False

    def __init__(self, predicate: Predicate) -> None:
        """Wrap a predicate."""
        self.fields: frozenset[str] = frozenset()
        self._predicate = predicate

    def holds(self, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> bool | None:
        """Return whether it holds; None where the signal lacks what it needs."""
        return self._predicate(signal)


@dataclass(slots=True)
class ActiveRule:
    """A rule that is looked at, and how long that takes."""

    rule: Rule
    condition: Condition
    clock: Callable[[], float] = perf_counter
    """The cheap one, until it finds the rule too slow: it also counts while a busy machine does something else."""
    looks: int = 0
    seconds: float = 0.0

    def look(self, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> bool | None:
        """Return whether the condition holds; None where the signal lacks what it needs."""
        began = self.clock()
        holds = self.condition.holds(signal, statistics)
        self.seconds += self.clock() - began
        self.looks += 1
        return holds

    def over_budget(self) -> bool:
        """Return whether 200 looks were too slow on average by the clock, and the next 200 by processor time."""
        if self.looks < WATCHED:
            return False
        slow = self.seconds / self.looks > BUDGET_SECONDS
        told = slow and self.clock is thread_time
        self.clock = thread_time if slow and not told else perf_counter
        self.looks, self.seconds = 0, 0.0
        return told


@dataclass(slots=True)
class RuleBook:
    """Every rule and the compiled conditions of those that are enabled."""

    rules: Rules
    compiler: ConditionCompiler
    failures: Failures
    stored: Sequence[StoredRule] = ()
    """As they were read: a version alone is that of other rules where the database went back."""
    known: Mapping[str, Rule] = field(default_factory=dict)
    active: Sequence[ActiveRule] = ()
    rolling: bool = False
    """Whether any active rule asks for rolling statistics or a duration."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self) -> None:
        """Read the rules and compile them; one after the other, so that no late answer undoes a change."""
        async with self._turn:
            _, stored = await self.rules.all()
        if stored != self.stored:
            self._take(stored)

    def _take(self, stored: Sequence[StoredRule]) -> None:
        active = []
        for rule in (one.rule for one in stored):
            if not rule.enabled and rule.rule_id != CRISIS_LANGUAGE:
                continue
            try:
                active.append(ActiveRule(rule, self._compiled(rule)))
            except Refusal as error:
                self.failures.failed("rule_does_not_compile", error)
        self.known = {one.rule.rule_id: one.rule for one in stored}
        self.active = tuple(active)
        self.rolling = any(one.condition.rolling or one.rule.for_seconds for one in active)
        self.stored = stored

    def _compiled(self, rule: Rule) -> Condition:
        if rule.built_in:
            return CompiledPredicate(PREDICATES[rule.rule_id])
        return self.compiler.compile(rule.condition)

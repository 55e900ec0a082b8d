"""A rule that takes too long is switched off only once people are told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from time import sleep, thread_time
from typing import Any

import pytest

from mesh.refusal import AlreadyExists, NotFound, Unavailable
from monitoring_svc.adapters.cel_conditions import CelCompiler
from monitoring_svc.adapters.no_semantic_layer import NoSemanticLayer
from monitoring_svc.adapters.rule_layer import RuleLayer
from monitoring_svc.domain.commands import Fire
from monitoring_svc.domain.rule import BUILT_IN, Rule
from monitoring_svc.domain.signal import Signal
from monitoring_svc.ports import AlertLog, Failures, RequestKey, Rules, StoredRule
from monitoring_svc.usecases.crisis_assessment import CrisisAssessor
from monitoring_svc.usecases.keep_rules import KeepRules
from monitoring_svc.usecases.rule_book import ActiveRule, RuleBook

SLOW = replace(BUILT_IN[1], version=3)


class Kept(Rules):
    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    async def all(self) -> tuple[int, Sequence[StoredRule]]:
        return self.rule.version, [StoredRule(self.rule, None, "")]

    async def replace(self, rule: Rule, expected: int, actor: str) -> StoredRule:
        self.rule = replace(rule, version=expected + 1)
        return StoredRule(self.rule, None, actor)

    async def create(self, rule: Rule, actor: str) -> StoredRule:
        raise AlreadyExists("rule_exists", "There is one rule here.")

    async def delete(self, rule_id: str) -> None:
        raise NotFound("rule_not_found", "There is one rule here.")


class Log(AlertLog):
    """Refuses the first commands."""

    def __init__(self, rules: Kept, refusals: int = 0) -> None:
        self.rules = rules
        self.refusals = refusals
        self.told: list[tuple[str, bool]] = []

    async def submit(self, command: Any, request: RequestKey | None = None) -> Any:
        assert isinstance(command, Fire)
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("database_unavailable", "The database is away.")
        self.told += [(one.labels["rule_id"], self.rules.rule.enabled) for one in command.firings]
        return ()


class Noted(Failures):
    def __init__(self) -> None:
        self.names: list[str] = []

    def failed(self, what: str, error: Exception) -> None:
        self.names.append(what)


def keeping(rules: Kept, log: Log, failures: Noted) -> KeepRules:
    compiler = CelCompiler()
    crisis = CrisisAssessor(RuleLayer(), NoSemanticLayer(), failures, 1.0)
    return KeepRules(rules, RuleBook(rules, compiler, failures), compiler, crisis, log, failures)


async def test_people_are_told_before_the_rule_is_off() -> None:
    rules = Kept(SLOW)
    log = Log(rules)
    await keeping(rules, log, Noted()).disable_over_budget(SLOW)
    assert log.told == [(SLOW.rule_id, True)]
    assert (rules.rule.enabled, rules.rule.disabled_reason) == (False, "over_budget")


async def test_a_rule_stays_on_where_nobody_can_be_told_and_is_switched_off_the_next_time() -> None:
    rules, failures = Kept(SLOW), Noted()
    log = Log(rules, refusals=1)
    keep = keeping(rules, log, failures)
    await keep.disable_over_budget(SLOW)
    assert rules.rule.enabled
    assert failures.names == ["rule_over_budget"]
    await keep.disable_over_budget(SLOW)
    assert not rules.rule.enabled
    assert log.told


async def test_nobody_is_told_of_a_rule_that_somebody_changed_meanwhile() -> None:
    rules = Kept(replace(SLOW, version=4))
    log = Log(rules)
    await keeping(rules, log, Noted()).disable_over_budget(SLOW)
    assert not log.told
    assert rules.rule.enabled


async def test_other_rules_of_the_same_version_are_looked_at_where_the_database_went_back() -> None:
    rules = Kept(SLOW)
    book = RuleBook(rules, CelCompiler(), Noted())
    await book.refresh()
    rules.rule = replace(SLOW, intervention="another")
    await book.refresh()
    assert [one.rule.intervention for one in book.active] == ["another"]


class Waits:
    """A condition that looks for three milliseconds; the machine does something else meanwhile."""

    def holds(self, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> bool | None:
        sleep(0.003)
        return True


class Works(Waits):
    """A condition that takes the processor for as long."""

    def holds(self, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> bool | None:
        until = thread_time() + 0.003
        while thread_time() < until:
            pass
        return True


@pytest.mark.parametrize(("condition", "found"), [(Waits(), [False] * 4), (Works(), [False, True, False, True])])
def test_a_rule_is_over_its_budget_by_the_time_of_the_processor(condition: Any, found: list[bool]) -> None:
    active = ActiveRule(SLOW, condition)
    signal = Signal(datetime(2026, 10, 1, tzinfo=UTC))

    def over() -> bool:
        active.look(signal, {})
        return active.over_budget()

    assert [sum(over() for _ in range(200)) for _ in range(4)] == found

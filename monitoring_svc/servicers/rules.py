"""RuleService."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import grpc
from tta.analytics.v1 import common_pb2, rule_pb2, rule_pb2_grpc

from mesh.identity import current_caller
from mesh.paging import decode_token, encode_token, filter_hash, page_size
from mesh.protos import timestamp
from monitoring_svc.domain.rule import Rule
from monitoring_svc.domain.severity import Severity
from monitoring_svc.ports import StoredRule
from monitoring_svc.servicers import wire
from monitoring_svc.usecases.keep_rules import KeepRules

Context = grpc.aio.ServicerContext[Any, Any]
SHIPPED = datetime(2026, 1, 1, tzinfo=UTC)
"""When a built-in rule that nobody changed was changed last."""


class RuleServicer(rule_pb2_grpc.RuleServiceServicer):
    """Creates, changes, tries and lists rules."""

    def __init__(self, rules: KeepRules, clock: Callable[[], datetime]) -> None:
        """Answer from `rules`."""
        self._rules = rules
        self._clock = clock

    async def CreateRule(self, request: rule_pb2.CreateRuleRequest, context: Context) -> rule_pb2.Rule:  # noqa: N802, D102
        rule = definition_of(request.definition)
        return _proto(await self._rules.create(rule, current_caller().name))

    async def UpdateRule(self, request: rule_pb2.UpdateRuleRequest, context: Context) -> rule_pb2.Rule:  # noqa: N802, D102
        rule = definition_of(request.definition)
        stored = await self._rules.replace(request.rule_id, rule, request.version, current_caller().name)
        return _proto(stored)

    async def DeleteRule(self, request: rule_pb2.DeleteRuleRequest, context: Context) -> rule_pb2.DeleteRuleResponse:  # noqa: N802, D102
        await self._rules.delete(request.rule_id, current_caller().name)
        return rule_pb2.DeleteRuleResponse()

    async def ListRules(self, request: rule_pb2.ListRulesRequest, context: Context) -> rule_pb2.ListRulesResponse:  # noqa: N802, D102
        question = filter_hash("ListRules")
        size, token = page_size(request.page_size), decode_token(request.page_token, question)
        after = "" if token is None else str(token["id"])
        rules = [one for one in await self._rules.all() if one.rule.rule_id > after]
        answer = rule_pb2.ListRulesResponse(rules=map(_proto, rules[:size]))
        if len(rules) > size:
            answer.next_page_token = encode_token({"id": rules[size - 1].rule.rule_id}, question)
        return answer

    async def TestRule(self, request: rule_pb2.TestRuleRequest, context: Context) -> rule_pb2.TestRuleResponse:  # noqa: N802, D102
        trial = await self._rules.test(definition_of(request.definition), wire.incoming(request.signal, self._clock()))
        return rule_pb2.TestRuleResponse(
            holds=trial.holds,
            missing_fields=trial.missing_fields,
            nodes=trial.nodes,
            evaluation_microseconds=trial.microseconds,
        )


def definition_of(proto: rule_pb2.RuleDefinition) -> Rule:
    """Return a rule as the domain has it."""
    (alert_type,) = wire.types_of([proto.alert_type])
    return Rule(
        proto.rule_id,
        proto.title,
        proto.description,
        proto.condition,
        Severity(proto.severity),
        alert_type,
        proto.intervention,
        proto.for_seconds,
        proto.cooldown_seconds,
        proto.auto_resolve_seconds,
        proto.enabled,
    )


def _proto(stored: StoredRule) -> rule_pb2.Rule:
    rule = stored.rule
    return rule_pb2.Rule(
        definition=rule_pb2.RuleDefinition(
            rule_id=rule.rule_id,
            title=rule.title,
            description=rule.description,
            condition=rule.condition,
            for_seconds=rule.for_seconds,
            cooldown_seconds=rule.cooldown_seconds,
            severity=wire.severity_number(rule.severity),
            alert_type=common_pb2.AlertType.ValueType(wire.TYPES[rule.alert_type]),
            intervention=rule.intervention,
            enabled=rule.enabled,
            auto_resolve_seconds=rule.auto_resolve_seconds,
        ),
        built_in=rule.built_in,
        version=rule.version,
        updated_at=timestamp(stored.updated_at or SHIPPED),
        updated_by=stored.updated_by,
        disabled_reason=rule.disabled_reason,
    )

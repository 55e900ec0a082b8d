"""Rules as rows: the built-in ones as far as people changed them, and all others whole."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from mesh.refusal import Aborted, AlreadyExists, NotFound
from monitoring_svc.adapters.store.tables import alert_log, rules
from monitoring_svc.domain.rule import BUILT_IN, Rule
from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.ports import StoredRule

_OWN = {rule.rule_id: rule for rule in BUILT_IN}
_CHANGEABLE = ("enabled", "cooldown_seconds", "for_seconds", "intervention", "disabled_reason")
"""What may change of a built-in rule."""


class RuleStore:
    """Every rule, the same in every replica."""

    def __init__(self, database: Database) -> None:
        """Keep rules in `database`."""
        self._database = database

    async def all(self) -> tuple[int, Sequence[StoredRule]]:
        """Return the version of the whole and every rule by id, the built-in ones too."""
        async with self._database.read() as connection:
            version = (await connection.execute(sa.select(alert_log.c.rules_version))).scalar_one()
            found = (await connection.execute(sa.select(rules))).mappings().all()
        stored = {row["rule_id"]: _stored(row) for row in found}
        known = {name: StoredRule(rule, None, "") for name, rule in _OWN.items()} | stored
        return version, [known[name] for name in sorted(known)]

    async def create(self, rule: Rule, actor: str) -> StoredRule:
        """Keep a new rule; raises AlreadyExists."""
        async with self._database.begin() as connection:
            if rule.rule_id in _OWN or await _find(connection, rule.rule_id) is not None:
                raise AlreadyExists("rule_exists", f"There is a rule `{rule.rule_id}` already; choose another id.")
            now = await self._database.now(connection)
            await connection.execute(sa.insert(rules).values(**_row(rule, actor, now)))
            await _changed(connection)
        return StoredRule(rule, now, actor)

    async def replace(self, rule: Rule, expected: int, actor: str) -> StoredRule:
        """Replace a rule of that version (0 for whichever); raises NotFound and Aborted."""
        async with self._database.begin() as connection:
            before = await self._before(connection, rule.rule_id)
            if expected not in (0, before.version):
                raise Aborted(
                    "rule_changed", f"The rule is of version {before.version} now, not {expected}; read it again."
                )
            if before.built_in:
                rule = replace(before, **{name: getattr(rule, name) for name in _CHANGEABLE})
            rule = replace(rule, version=before.version + 1)
            now = await self._database.now(connection)
            await connection.execute(sa.delete(rules).where(rules.c.rule_id == rule.rule_id))
            await connection.execute(sa.insert(rules).values(**_row(rule, actor, now)))
            await _changed(connection)
        return StoredRule(rule, now, actor)

    async def delete(self, rule_id: str) -> None:
        """Remove a rule; raises NotFound."""
        async with self._database.begin() as connection:
            gone = await connection.execute(sa.delete(rules).where(rules.c.rule_id == rule_id))
            if gone.rowcount == 0:
                raise _not_found()
            await _changed(connection)

    async def _before(self, connection: AsyncConnection, rule_id: str) -> Rule:
        row = await _find(connection, rule_id)
        if row is not None:
            return _stored(row).rule
        if rule_id not in _OWN:
            raise _not_found()
        return _OWN[rule_id]


async def _find(connection: AsyncConnection, rule_id: str) -> sa.RowMapping | None:
    return (await connection.execute(sa.select(rules).where(rules.c.rule_id == rule_id))).mappings().first()


async def _changed(connection: AsyncConnection) -> None:
    await connection.execute(sa.update(alert_log).values(rules_version=alert_log.c.rules_version + 1))


def _not_found() -> NotFound:
    return NotFound("rule_not_found", "No rule of that id. List them with ListRules.")


def _row(rule: Rule, actor: str, now: datetime) -> dict[str, Any]:
    definition = asdict(rule) | {"severity": int(rule.severity), "alert_type": rule.alert_type.value}
    return {
        "rule_id": rule.rule_id,
        "definition": definition,
        "version": rule.version,
        "updated_at": now,
        "updated_by": actor,
    }


def _stored(row: sa.RowMapping) -> StoredRule:
    definition = dict(row["definition"])
    definition["severity"] = Severity(definition["severity"])
    definition["alert_type"] = AlertType(definition["alert_type"])
    own = _OWN.get(row["rule_id"])
    rule = Rule(**definition)
    if own is not None:
        rule = replace(own, version=rule.version, **{name: getattr(rule, name) for name in _CHANGEABLE})
    return StoredRule(rule, row["updated_at"], row["updated_by"])

"""What people arranged - contacts, routes, policies, silences - kept in memory until its version changes."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from monitoring_svc.adapters.store.tables import alert_log, contacts, policies, routes, silences
from monitoring_svc.domain.escalation import Policy, Step
from monitoring_svc.domain.hours import Hours
from monitoring_svc.domain.matchers import Matcher, Silence
from monitoring_svc.domain.routing import Arrangements, Channel, Contact, Route
from monitoring_svc.domain.severity import AlertType, Severity

Row = Mapping[str, Any] | sa.RowMapping


async def changed(connection: AsyncConnection) -> None:
    """Tell every replica, in the transaction of the change, to read the arrangements again."""
    await connection.execute(sa.update(alert_log).values(arrangements_version=alert_log.c.arrangements_version + 1))


async def load(connection: AsyncConnection, version: int) -> Arrangements:
    """Read everything."""
    rows = {table: (await connection.execute(sa.select(table))).mappings().all() for table in TABLES}
    return arranged(rows, version)


def arranged(rows: Mapping[sa.Table, Sequence[Row]], version: int) -> Arrangements:
    """Return what the rows of `TABLES` say."""
    return Arrangements(
        version=version,
        contacts={row["contact_id"]: contact_of(row) for row in rows[contacts]},
        routes=tuple(route_of(row) for row in sorted(rows[routes], key=lambda row: str(row["name"]))),
        policies={row["policy_id"]: policy_of(row) for row in rows[policies]},
        silences=tuple(silence_of(row) for row in rows[silences]),
    )


TABLES = (contacts, routes, policies, silences)


def contact_of(row: Row) -> Contact:
    """Return the contact of a row; its secret stays sealed."""
    definition = row["definition"]
    return Contact(
        row["contact_id"],
        row["name"],
        Channel(definition["channel"]),
        definition["address"],
        definition["cleared_for_personal_data"],
        definition["enabled"],
        row["secret"],
    )


def contact_definition(contact: Contact) -> dict[str, Any]:
    """Return what a contact's row holds as JSON."""
    return {
        "channel": contact.channel.value,
        "address": contact.address,
        "cleared_for_personal_data": contact.cleared_for_personal_data,
        "enabled": contact.enabled,
    }


def matchers_to_json(matchers: tuple[Matcher, ...]) -> list[dict[str, Any]]:
    """Return matchers as JSON."""
    return [{"attribute": one.attribute, "values": list(one.values), "negate": one.negate} for one in matchers]


def matchers_of(stored: list[dict[str, Any]]) -> tuple[Matcher, ...]:
    """Return matchers from JSON."""
    return tuple(Matcher(one["attribute"], tuple(one["values"]), one["negate"]) for one in stored)


def route_of(row: Row) -> Route:
    """Return the route of a row."""
    definition = row["definition"]
    hours = definition["hours"]
    return Route(
        row["route_id"],
        row["name"],
        tuple(definition["contact_ids"]),
        frozenset(AlertType(name) for name in definition["alert_types"]),
        Severity(definition["min_severity"]),
        matchers_of(definition["matchers"]),
        None
        if hours is None
        else Hours(hours["time_zone"], frozenset(hours["weekdays"]), hours["start_minute"], hours["end_minute"]),
        definition["policy_id"],
        definition["enabled"],
        definition["group_seconds"],
    )


def route_definition(route: Route) -> dict[str, Any]:
    """Return what a route's row holds as JSON."""
    hours = route.hours
    return {
        "contact_ids": list(route.contact_ids),
        "alert_types": sorted(one.value for one in route.alert_types),
        "min_severity": int(route.min_severity),
        "matchers": matchers_to_json(route.matchers),
        "hours": None
        if hours is None
        else {
            "time_zone": hours.time_zone,
            "weekdays": sorted(hours.weekdays),
            "start_minute": hours.start_minute,
            "end_minute": hours.end_minute,
        },
        "policy_id": route.policy_id,
        "enabled": route.enabled,
        "group_seconds": route.group_seconds,
    }


def policy_of(row: Row) -> Policy:
    """Return the escalation policy of a row."""
    definition = row["definition"]
    steps = tuple(Step(step["after_seconds"], tuple(step["contact_ids"])) for step in definition["steps"])
    return Policy(row["policy_id"], row["name"], steps, Severity(definition["min_severity"]))


def policy_definition(policy: Policy) -> dict[str, Any]:
    """Return what a policy's row holds as JSON."""
    return {
        "steps": [{"after_seconds": one.after_seconds, "contact_ids": list(one.contact_ids)} for one in policy.steps],
        "min_severity": int(policy.min_severity),
    }


def silence_of(row: Row) -> Silence:
    """Return the silence of a row."""
    return Silence(
        row["silence_id"],
        matchers_of(row["matchers"]),
        row["starts_at"],
        row["ends_at"],
        row["comment"],
        row["created_by"],
        row["created_at"],
    )

"""The one statement that writes to the log on PostgreSQL, and commits by itself.

It takes the log's one row first, and writes only where the row is the one that was read, or that this process left: its
`xmin`, the transaction that wrote it, tells, since every write to the log writes that row. Each table's rows travel as
one array a column, so that every group size shares the same few prepared statements.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa

from mesh.database import SCHEMA
from monitoring_svc.adapters.store.tables import alert_events, alerts, deliveries, requests, timers
from monitoring_svc.adapters.store.writing import CHANGING

_TYPES: tuple[tuple[type[Any], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.SmallInteger, "smallint"),
    (sa.BigInteger, "bigint"),
    (sa.Integer, "integer"),
    (sa.LargeBinary, "bytea"),
    (sa.JSON, "jsonb"),
    (sa.DateTime, "timestamptz"),
)


def _type(column: sa.Column[Any]) -> str:
    kind = column.type
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl_instance
    return next((name for known, name in _TYPES if isinstance(kind, known)), "text")


class Rows:
    """Rows of one table within the one statement, from one array a column."""

    def __init__(self, table: sa.Table, columns: Sequence[str], statement: str) -> None:
        """Write `columns` of `table` by `statement`, in which `{source}` stands for the arrays."""
        self.columns = tuple(columns)
        self._types = tuple(_type(table.c[name]) for name in columns)
        self._names = ", ".join(f'"{name}"' for name in columns)
        self._statement = statement.replace("{table}", f"{SCHEMA}.{table.name}").replace("{names}", self._names)

    def sql(self, first: int) -> str:
        """Return the statement, its arrays numbered from `first`."""
        arrays = (f"${first + place}::{kind}[]" for place, kind in enumerate(self._types))
        return self._statement.replace("{source}", f"unnest({', '.join(arrays)}) AS fresh({self._names})")

    def arrays(self, rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
        """Return the rows as one list a column."""
        rows = list(rows)
        return [
            [orjson.dumps(row[name]).decode() for row in rows] if kind == "jsonb" else [row[name] for row in rows]
            for name, kind in zip(self.columns, self._types, strict=True)
        ]


def _columns(table: sa.Table, *without: str) -> list[str]:
    return [column.name for column in table.columns if column.name not in without]


_HELD = "EXISTS (SELECT FROM held)"
"""That the log's row is still the one that was read, and ours until the commit."""
_INSERT = f"INSERT INTO {{table}} ({{names}}) SELECT {{names}} FROM {{source}} WHERE {_HELD}"  # noqa: S608 our names
_GONE = "old.erase_when_resolved AND fresh.is_resolved"
"""Whose player was erased while it was open: nothing that tells of one outlives the alert's end."""
_ERASED = {"subject": "NULL", "sealed_subject": "NULL", "data": "'{}'"}
_SET = ", ".join(
    [f'"{name}" = fresh."{name}"' for name in CHANGING if name not in _ERASED]
    + [
        f"{name} = CASE WHEN {_GONE} THEN {nothing} ELSE {'fresh' if name in CHANGING else 'old'}.{name} END"
        for name, nothing in _ERASED.items()
    ]
)
PARTS = (
    Rows(alerts, _columns(alerts, "erase_when_resolved"), _INSERT),
    Rows(
        alerts,
        ("alert_id", *CHANGING),
        f"UPDATE {{table}} AS old SET {_SET} FROM {{source}} WHERE old.alert_id = fresh.alert_id AND {_HELD}",  # noqa: S608 our names
    ),
    Rows(alert_events, _columns(alert_events), _INSERT),
    Rows(
        timers,
        _columns(timers),
        f"{_INSERT} ON CONFLICT (alert_id) DO UPDATE SET step = excluded.step, due_at = excluded.due_at",
    ),
    Rows(
        timers,
        ("alert_id",),
        f"DELETE FROM {{table}} AS old USING {{source}} WHERE old.alert_id = fresh.alert_id AND {_HELD}",  # noqa: S608 our names
    ),
    Rows(deliveries, _columns(deliveries, "sealed_address", "attachments", "delivered_at"), _INSERT),
    Rows(requests, _columns(requests, "subject_id"), _INSERT),
)
"""What a transaction may write: alerts made, alerts changed, events, timers started and stopped, messages, answers."""

CURRENT = "(NOT alert.is_resolved OR alert.quiet_until > clock_timestamp())"
"""Which alert of a fingerprint counts: one that is not resolved, or still keeps its rule quiet."""
_NEW = f"""
AND NOT EXISTS (SELECT FROM {SCHEMA}.realtime_alerts AS alert WHERE alert.fingerprint = ANY($3::text[]) AND {CURRENT})
AND NOT EXISTS (SELECT FROM {SCHEMA}.monitoring_requests WHERE request_id = ANY($4::text[]))
"""  # noqa: S608 the names are those of our own tables
"""That there is nothing yet of these fingerprints and request ids."""


@cache
def write_statement(present: tuple[bool, ...], *, new: bool) -> str:
    """Return the statement that writes these of `PARTS`: what is empty costs nothing, and there are few different ones.

    $1 is the log's new head, $2 its row; with `new`, $3 and $4 are the fingerprints and request ids of which there may
    be nothing yet. Its one row is the log's row and the time after the write; there is none where nothing was written.
    """
    held = f"UPDATE {SCHEMA}.alert_log SET head = $1 WHERE xmin = $2 {_NEW if new else ''} RETURNING xmin AS log_row"  # noqa: S608 our names
    parts, first = [f"held AS ({held})"], 5 if new else 3
    for number, (part, there) in enumerate(zip(PARTS, present, strict=True)):
        if there:
            parts.append(f"part_{number} AS ({part.sql(first)})")
            first += len(part.columns)
    return f"WITH {', '.join(parts)} SELECT log_row, clock_timestamp() AS log_now FROM held"  # noqa: S608 our names


@cache
def json_columns(table: sa.Table) -> tuple[str, ...]:
    """Return the columns that the driver leaves as text."""
    return tuple(column.name for column in table.columns if _type(column) == "jsonb")

"""Players whom silences and routes name by their pseudonyms: through a rotation of keys they stay meant."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from mesh.database import Database
from monitoring_svc.adapters.store import arrangements
from monitoring_svc.adapters.store.tables import routes, silences

NAMED = "subject_pseudonym"
"""The attribute of matchers."""


class NamedPlayers:
    """Finds and renames players in silences and routes."""

    def __init__(self, database: Database) -> None:
        """Look in `database`."""
        self._database = database

    async def pseudonyms(self) -> frozenset[str]:
        """Return every pseudonym that is named."""
        async with self._database.read() as connection:
            held = list((await connection.execute(sa.select(silences.c.matchers))).scalars())
            held += [one["matchers"] for one in (await connection.execute(sa.select(routes.c.definition))).scalars()]
        return frozenset(value for each in held for one in each if one["attribute"] == NAMED for value in one["values"])

    async def rename(self, renamed: Mapping[str, str], named: frozenset[str]) -> None:
        """Have what names a player by the older of two pseudonyms name it by the newer one as well.

        By both: alerts that are not moved yet have the older one.
        """
        newer = {old: new for old, new in renamed.items() if old in named and new != old}
        if not newer:
            return
        async with self._database.begin() as connection:
            rows = (await connection.execute(sa.select(silences).with_for_update())).mappings().all()
            for row in rows:
                if (matchers := _named_anew(row["matchers"], newer)) is not None:
                    this = silences.c.silence_id == row["silence_id"]
                    await connection.execute(sa.update(silences).where(this).values(matchers=matchers))
            rows = (await connection.execute(sa.select(routes).with_for_update())).mappings().all()
            for row in rows:
                if (matchers := _named_anew(row["definition"]["matchers"], newer)) is not None:
                    definition = row["definition"] | {"matchers": matchers}
                    this = routes.c.route_id == row["route_id"]
                    await connection.execute(sa.update(routes).where(this).values(definition=definition))
            await arrangements.changed(connection)


def _named_anew(matchers: Sequence[Mapping[str, Any]], newer: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """Return matchers with the newer pseudonyms beside the older ones; None where they have them."""
    fresh = [dict(one) for one in matchers]
    for one in fresh:
        if one["attribute"] == NAMED:
            more = (newer[value] for value in one["values"] if value in newer)
            one["values"] = list(dict.fromkeys((*one["values"], *more)))
    return fresh if fresh != [dict(one) for one in matchers] else None

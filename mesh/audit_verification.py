"""Walks along an audit chain and says where it was changed, if it was."""

import hmac
from contextlib import aclosing
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.audit_chain import ChainKey, Head
from mesh.audit_rows import Row, chunks


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found."""

    intact: bool
    checked: int
    """Entries that were walked along."""
    head: Head
    """The signed head as stored."""
    problem: str | None = None
    """`changed`, `missing`, `cut`, `head_forged`, `known_forged`, `rolled_back`; none where intact."""
    position: int | None = None
    """Where the first problem is."""


class Walk:
    """One walk from the checkpoint of a chain to its signed head."""

    def __init__(self, table: sa.Table, key: ChainKey, head: Head) -> None:
        """Begin at the checkpoint of `head`."""
        self._table, self._key, self._head = table, key, head
        self._position, self._mac = head.cut_position, head.cut_mac

    async def verify(self, connection: AsyncConnection, newest: int, known: Head | None, size: int) -> Verification:
        """Check the heads, then `size` entries at a time; `newest` is the last position, seen before the head was."""
        head = self._head
        if not hmac.compare_digest(head.signature, self._key.signature(head)):
            return self._broken("head_forged", head.position)
        if newest > head.position:
            return self._broken("changed", newest)
        if known is not None and (problem := await self._against(connection, known)):
            return self._broken(problem, known.position)
        # From the very first row: what is left below the checkpoint was put there by somebody else.
        below = sa.select(sa.func.min(self._table.c.position))
        first = (await connection.execute(below)).scalar_one()
        if first is not None and first <= head.cut_position:
            return self._broken("changed", first)
        async with aclosing(chunks(connection, self._table, self._position, size)) as rows:
            async for chunk in rows:
                if (broken := self._step(chunk)) is not None:
                    return broken
                if self._position >= head.position:
                    break
        if self._position < head.position:
            return self._broken("cut", self._position + 1)
        if self._mac != head.mac:
            return self._broken("changed", head.position)
        return Verification(True, self._checked(), head)

    def _step(self, chunk: list[Row]) -> Verification | None:
        """Walk along one chunk, up to the head: entries that are appended meanwhile are not looked at."""
        link, last = self._key.link, self._head.position
        mac, position = self._mac, self._position
        problem = None
        for row in chunk:
            if position == last:
                break
            if row[0] != position + 1:
                problem = "missing"
                break
            linked = link(mac, row[:6])
            if linked != row[6]:
                problem = "changed"
                break
            mac, position = linked, position + 1
        self._mac, self._position = mac, position
        return None if problem is None else self._broken(problem, position + 1)

    async def _against(self, connection: AsyncConnection, known: Head) -> str | None:
        """Compare with a head from the log stream."""
        if not hmac.compare_digest(known.signature, self._key.signature(known)):
            return "known_forged"
        if known.position > self._head.position or known.cut_position > self._head.cut_position:
            return "rolled_back"
        if known.position == self._head.cut_position:
            return None if known.mac == self._head.cut_mac else "rolled_back"
        query = sa.select(self._table.c.mac).where(self._table.c.position == known.position)
        mac = (await connection.execute(query)).scalar_one_or_none()
        return "rolled_back" if mac is not None and mac != known.mac else None

    def _checked(self) -> int:
        return self._position - self._head.cut_position

    def _broken(self, problem: str, position: int) -> Verification:
        return Verification(False, self._checked(), self._head, problem, position)

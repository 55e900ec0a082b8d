"""The random keys of one store: made once, kept sealed, the same through every rotation of the settings' keys."""

import secrets
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.bulk import insert_new
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.tables import store_keys, subject_keys, subject_seals
from mesh.database import Database
from mesh.pseudonyms import Sealer
from mesh.refusal import FailedPrecondition
from mesh.settings import SettingError

PROVEN_BY = 5
"""Players that are tried for one whose seal opens, when a key is compared with what is stored under it."""


async def store_key(
    database: Database, sealer: Sealer, name: str, *, new: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """Return the 32-byte key of that name, made at the first call on this store.

    Raises:
        FailedPrecondition: `TTA_SEAL_KEY` lacks the version that the key is sealed under.
    """
    sealed = sealer.seal(new(32).hex(), f"store key {name}")
    async with database.begin() as connection:
        await insert_new(connection, store_keys, [(name, sealer.version(sealed), sealed)])
        held = await connection.execute(sa.select(store_keys.c.sealed).where(store_keys.c.name == name))
        kept: bytes = held.scalar_one()
    return bytes.fromhex(sealer.open(kept, f"store key {name}"))


async def require_keys(database: Database, identity: Identity) -> None:
    """See that every player's seal can be opened, and that every player is found by a pseudonym.

    Raises:
        SettingError: a version is missing that players are still under, or is another secret than theirs; says which.
    """
    known = identity.pseudonyms.known
    async with database.read() as connection:
        seals = await _held(connection)
        if shut := [version for version in seals if version not in identity.sealer.known]:
            raise SettingError(
                "TTA_SEAL_KEY",
                f"lacks the key of version {shut[0]}, which players are sealed under; add it until keys_rotated",
            )
        lacking = await _lacking(connection, known)
        replaced = [version for version in known if not await _proven(connection, identity, version)]
    if lacking is not None:
        raise SettingError(
            "TTA_PSEUDONYM_KEY", f"lacks version {lacking}, under which players are kept; add it until keys_rotated"
        )
    if replaced:
        raise SettingError(
            "TTA_PSEUDONYM_KEY",
            f"version {replaced[0]} is another secret than the one that players are kept under; "
            "put that back, and add the new one as a version of its own",
        )


async def _held(connection: AsyncConnection) -> list[int]:
    """Return every version that players are sealed under, by one look at the index for each."""
    held: list[int] = []
    while True:
        last = held[-1] if held else -1
        beyond = sa.select(sa.func.min(subject_seals.c.key_version)).where(subject_seals.c.key_version > last)
        found = (await connection.execute(beyond)).scalar_one()
        if found is None:
            return held
        held.append(found)


async def _lacking(connection: AsyncConnection, known: Sequence[int]) -> int | None:
    """Return the version of a pseudonym of a player whom none of the known versions finds."""
    kept = subject_keys.alias("kept")
    found = sa.exists(
        sa.select(kept.c.subject_id).where(
            kept.c.subject_id == subject_keys.c.subject_id, kept.c.key_version.in_(known)
        )
    )
    unfound = (
        sa.select(subject_keys.c.key_version)
        .join(subject_seals, subject_seals.c.subject_id == subject_keys.c.subject_id)
        .where(subject_keys.c.key_version.not_in(known), ~found)
        .limit(1)
    )
    version: int | None = (await connection.execute(unfound)).scalar_one_or_none()
    return version


async def _proven(connection: AsyncConnection, identity: Identity, version: int) -> bool:
    """Return whether the pseudonym of the first player whose seal opens is the one that this version makes."""
    some = (
        sa.select(subject_keys.c.pseudonym, subject_seals.c.sealed, subject_seals.c.subject_id)
        .join(subject_seals, subject_seals.c.subject_id == subject_keys.c.subject_id)
        .where(subject_keys.c.key_version == version)
        .limit(PROVEN_BY)
    )
    for row in (await connection.execute(some)).all():
        try:
            canonical = identity.unseal(row.sealed, row.subject_id)
        except FailedPrecondition:
            continue  # A broken seal is counted by the rotation.
        return bool(identity.pseudonyms.all(canonical)[version] == row.pseudonym)
    return True

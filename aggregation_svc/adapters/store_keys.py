"""The random keys of one store: made once, kept sealed, the same through every rotation of the settings' keys."""

import secrets
from collections.abc import Callable

import sqlalchemy as sa

from aggregation_svc.adapters.bulk import insert_new
from aggregation_svc.adapters.tables import store_keys
from mesh.database import Database
from mesh.pseudonyms import Sealer


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

"""Files of reports in an object store that speaks S3, for replicas that share no folder.

Needs the package `obstore` (`pip install tta-analytics[s3]`), the binding of Apache Arrow's `object_store`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mesh.refusal import Unavailable
from reporting_svc.adapters.files import gone
from reporting_svc.ports import Files

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class BucketFiles(Files):
    """Objects in a bucket. An object is there whole or not at all, which is all that reports need."""

    store: "S3Store"

    async def put(self, key: str, content: bytes) -> None:
        """Write or replace an object."""
        with _answered():
            await self.store.put_async(key, content)

    async def get(self, key: str) -> bytes:
        """Return an object."""
        with _answered():
            try:
                return bytes(await (await self.store.get_async(key)).bytes_async())
            except FileNotFoundError as error:
                raise gone() from error

    async def forget(self, folders: Sequence[str]) -> None:
        """Remove the objects under each folder; those that are gone already do not matter."""
        with _answered():
            for folder in folders:
                async for found in self.store.list(prefix=f"{folder}/"):
                    await self.store.delete_async([one["path"] for one in found])


def open_bucket(
    bucket: str, *, endpoint: str | None, region: str, key_id: str | None, secret: str | None
) -> BucketFiles:
    """Open a bucket, `name` or `name/prefix`; nothing is asked of it yet.

    Without an endpoint it is Amazon's. Without a key, what the machine has is used: `AWS_*` variables, or
    the role of the pod or the machine.

    Raises:
        ValueError: The endpoint is neither https nor on loopback.
        ImportError: The package is not installed.
    """
    from obstore.store import S3Store

    plain = False
    if endpoint is not None:
        address = urlsplit(endpoint)
        plain = address.scheme == "http" and address.hostname in LOOPBACK
        if not plain and (address.scheme != "https" or not address.hostname):
            raise ValueError("needs https; http is for loopback alone")
    name, _, prefix = bucket.partition("/")
    config: S3Config = {"region": region}
    if endpoint is not None:
        config["endpoint"] = endpoint
        config["virtual_hosted_style_request"] = False
    if key_id is not None and secret is not None:
        config |= {"access_key_id": key_id, "secret_access_key": secret}
    store = S3Store(
        name,
        prefix=prefix or None,
        config=config,
        client_options={"allow_http": plain, "timeout": timedelta(seconds=30)},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )
    return BucketFiles(store)


@contextmanager
def _answered() -> Iterator[None]:
    """Turn the store's errors into refusals: a report whose store is away is tried again."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        raise Unavailable(
            "files_unavailable", "The object store of reports does not answer or refuses; try again.", retry_after=5.0
        ) from error

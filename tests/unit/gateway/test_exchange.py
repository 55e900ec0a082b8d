"""An answer that is written while its caller leaves."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from uvicorn.protocols.utils import ClientDisconnected

from gateway.exchange import Exchange

SCOPE = {"method": "GET", "path": "/", "query_string": b"", "headers": []}


async def closed(message: MutableMapping[str, Any]) -> None:
    """Refuse as uvloop does."""
    raise RuntimeError("unable to perform operation on a transport; the handler is closed")


async def test_a_caller_who_left_a_moment_ago_is_no_failure():
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientDisconnected):
        await Exchange(SCOPE, receive, closed).answer(200, [], b"late")


async def test_a_write_that_fails_while_the_caller_is_there_stays_an_error():
    async def receive() -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(RuntimeError, match="handler is closed"):
        await Exchange(SCOPE, receive, closed).answer(200, [], b"wrong")

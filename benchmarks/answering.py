"""A process of a benchmark's own that is asked by lines of JSON and answers by them."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from typing import Any, Self


class Answering:
    """`python -m module`, for the length of a block; its first question is what it needs to begin."""

    def __init__(self, module: str, first: Any) -> None:
        """Start nothing yet."""
        self._module, self._first = module, first
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        command = (sys.executable, "-m", self._module)
        self._process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=2**28)
        await self.ask(self._first)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def ask(self, what: Any) -> Any:
        """Send a question and return its answer. Raises RuntimeError where the process has ended."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        answer = await self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self._module} ended; what it said stands above")
        return json.loads(answer)

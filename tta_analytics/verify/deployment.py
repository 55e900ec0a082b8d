"""The deployment that is checked, as its callers see it."""

import time
from typing import Any

import httpx

from tta_analytics.verify.checks import Failed, Skipped


class Deployment:
    """Calls over HTTP with one token; keeps how long each answer took."""

    def __init__(self, url: str, token: str | None, *, timeout_seconds: float = 30.0) -> None:
        """Call `url`, the gateway's address, without a path."""
        self.url = url.rstrip("/")
        self.token = token
        self.headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self.times: dict[str, list[float]] = {}
        """Method and path -> seconds of each answer."""
        self._client = httpx.AsyncClient(
            base_url=self.url, headers=self.headers, timeout=timeout_seconds, follow_redirects=False
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Return whatever the deployment answers."""
        began = time.perf_counter()
        answer = await self._client.request(method, path, **options)
        self.times.setdefault(f"{method} {path.partition('?')[0]}", []).append(time.perf_counter() - began)
        return answer

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Return the JSON answer of a call that must succeed.

        Raises:
            Skipped: the token may not make the call.
            Failed: it was answered with anything else but success.
        """
        answer = await self.raw(method, path, json=body, **options)
        if answer.status_code in (401, 403):
            raise Skipped(f"the token may not {method} {path} ({answer.status_code})")
        if answer.status_code >= 400:
            raise Failed(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer.json() if answer.content else {}

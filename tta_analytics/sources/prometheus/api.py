"""Prometheus' HTTP API: one range query, bounded in time and size, every value checked."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx

from mesh.refusal import FailedPrecondition, InvalidArgument, Unavailable

MAX_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one series."""

    labels: dict[str, str]
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Samples:
    """What a query gave, in order of time."""

    samples: tuple[Sample, ...]
    unusable: int
    """Values that are no finite number, or lie outside the time asked for."""


class Prometheus:
    """A client of one server. Open it with `async with`."""

    def __init__(self, url: str, *, token: str | None, timeout: float) -> None:
        """Ask `url`; each answer must come within `timeout` seconds. Redirects are not followed."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def range(self, expression: str, start: datetime, end: datetime, step: timedelta) -> Samples:
        """Return the values of an expression from `start` to `end`, one each `step`.

        Raises:
            Unavailable: The server hangs, went away, or answers something that is no answer of Prometheus.
            InvalidArgument: It refuses the expression.
            FailedPrecondition: It refuses the caller, or the answer is larger than 32 MB.
        """
        asked = {
            "query": expression,
            "start": f"{start.timestamp():.3f}",
            "end": f"{end.timestamp():.3f}",
            "step": f"{step.total_seconds():g}",
        }
        answer = await self._answer(asked)
        if answer.get("status") == "error" and answer.get("errorType") == "bad_data":
            raise InvalidArgument("prometheus_query", f"Prometheus refuses the expression: {answer.get('error')}")
        try:
            if answer["status"] != "success" or answer["data"]["resultType"] != "matrix":
                raise _unavailable(f"failed with {answer.get('errorType') or 'an answer that is no range'}")
            return _samples(answer["data"]["result"], start, end)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise _unavailable("gave an answer of another shape") from error

    async def _answer(self, asked: dict[str, str]) -> Any:
        body = bytearray()
        try:
            async with self._client.stream("POST", "/api/v1/query_range", data=asked) as answer:
                if answer.status_code in (401, 403):
                    raise FailedPrecondition(
                        "prometheus_refuses", f"Prometheus refuses the caller ({answer.status_code})."
                    )
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MAX_BYTES:
                        raise FailedPrecondition(
                            "prometheus_too_much", "The answer is larger than 32 MB; sum over fewer labels."
                        )
            parsed = json.loads(body)
        except httpx.HTTPError as error:
            raise _unavailable(f"failed with {type(error).__name__}") from error
        except (ValueError, RecursionError) as error:
            raise _unavailable("gave an answer that is no JSON") from error
        if not isinstance(parsed, dict):
            raise _unavailable("gave an answer of another shape")
        return parsed


def _samples(series: Any, start: datetime, end: datetime) -> Samples:
    found: list[Sample] = []
    unusable = 0
    for one in series:
        labels = {str(name): str(value) for name, value in one["metric"].items() if name != "__name__"}
        for seconds, text in one["values"]:
            value = float(text)
            at = datetime.fromtimestamp(float(seconds), UTC)
            if math.isfinite(value) and start <= at <= end:
                found.append(Sample(labels, at, value))
            else:
                unusable += 1
    return Samples(tuple(sorted(found, key=lambda sample: sample.at)), unusable)


def _unavailable(said: str) -> Unavailable:
    return Unavailable(
        "prometheus_unavailable",
        f"The server at TTA_PROMETHEUS_URL {said}. What was read stays; the next run goes on.",
    )

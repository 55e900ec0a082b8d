"""What a check is, how checks are run one after another, and what came of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

CHECK_SECONDS = 90.0
"""After so long a check has failed that says nothing else."""


class Outcome(StrEnum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Failed(Exception):
    """The deployment does not do what it should; the message says what it did."""


class Unsure(Failed):
    """The deployment could not say whether it did what it was asked."""


class Missing(Failed):
    """The deployment knows no such thing."""


class Skipped(Exception):
    """The check does not apply; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that a deployment must do."""

    area: str
    """`health`, `calls`, `alerts`, ...: the test suite of the JUnit report."""
    name: str
    """A sentence that is true where it passes."""
    run: Callable[[], Awaitable[str]]
    """Returns a figure or a word to show. Raises Failed or Skipped."""
    seconds: float = CHECK_SECONDS
    """After so long it has failed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one check."""

    area: str
    name: str
    outcome: Outcome
    detail: str
    seconds: float


async def run_all(checks: Sequence[Check], seen: Callable[[Result], None]) -> list[Result]:
    """Run the checks in order, whatever fails; `seen` hears of each at once."""
    results = []
    for check in checks:
        began = time.perf_counter()
        outcome, detail = await _outcome(check)
        results.append(Result(check.area, check.name, outcome, detail, time.perf_counter() - began))
        seen(results[-1])
    return results


async def _outcome(check: Check) -> tuple[Outcome, str]:
    try:
        async with asyncio.timeout(check.seconds):
            return Outcome.PASSED, await check.run()
    except Skipped as reason:
        return Outcome.SKIPPED, str(reason)
    except Failed as failure:
        return Outcome.FAILED, str(failure)
    except TimeoutError:
        return Outcome.FAILED, f"not done within {check.seconds:.0f} s"
    except Exception as error:  # noqa: BLE001 an answer of any other shape fails its check, and no other
        return Outcome.FAILED, f"{type(error).__name__}: {error}"[:300]

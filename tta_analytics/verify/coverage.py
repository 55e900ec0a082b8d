"""Whether every call that the deployment describes was made."""

import re

from tta_analytics.verify.checks import Skipped
from tta_analytics.verify.run import Run

NAMED = 5
"""So many are named."""

_VARIABLE = re.compile(r"\{[^}]+\}")


async def every_call(run: Run) -> str:
    """Pass where each operation of the API's description was called in this run; Skipped names those that were not."""
    document = await run.at.call("GET", "/api/v1/openapi.json")
    operations = {(method.upper(), path) for path, found in document["paths"].items() for method in found}
    missing = uncalled(operations, run.at.called)
    if missing:
        listed = ", ".join(f"{method} {path}" for method, path in missing[:NAMED])
        more = f" and {len(missing) - NAMED} others" if len(missing) > NAMED else ""
        raise Skipped(f"{len(missing)} of {len(operations)} were not called: {listed}{more}")
    return f"{len(operations)} operations"


def uncalled(operations: set[tuple[str, str]], called: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the operations (method, path with variables in braces) that none of the calls (method, path) is of."""
    return sorted(
        (method, path)
        for method, path in operations
        if not any(method == each and _pattern(path).fullmatch(where) for each, where in called)
    )


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/:]+".join(re.escape(part) for part in _VARIABLE.split(path)))

"""Write docs/settings.md from the settings classes; with --check, fail where it is stale."""

import importlib
import sys
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from mesh.settings import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
MODULES = (
    "aggregation_svc.settings",
    "monitoring_svc.settings",
    "reporting_svc.settings",
    "gateway.settings",
    "tta_analytics.settings",
)
HEAD = """# Settings

Every process reads the same names from its environment and checks them at start: a wrong value stops it with one line.
A secret may stand in a file: `TTA_X_FILE` names the file that holds what `TTA_X` would. Durations are written `200ms`,
`30s`, `15min`, `48h` or `7d`. This table is made from the code by `make docs`.

| setting | default | read by | meaning |
|---|---|---|---|
"""


def shown_default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is None or isinstance(value, SecretStr):
        return "not set"
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
            if seconds >= size and seconds % size == 0:
                return f"`{seconds / size:.0f}{unit}`"
        return f"`{seconds * 1000:.0f}ms`"
    if isinstance(value, tuple):
        return f"`{','.join(str(item) for item in value)}`" if value else "empty"
    return f"`{value}`"


def readers() -> dict[str, tuple[FieldInfo, list[str]]]:
    """Map every variable to its field and to the processes that read it."""
    found: dict[str, tuple[FieldInfo, list[str]]] = {
        name: (field, ["all"]) for name, field in Settings.model_fields.items()
    }
    for module in MODULES:
        process = module.split(".")[0].removesuffix("_svc").replace("tta_analytics", "command line")
        for item in vars(importlib.import_module(module)).values():
            if isinstance(item, type) and issubclass(item, Settings) and item.__module__ == module:
                for name, field in item.model_fields.items():
                    if name not in Settings.model_fields:
                        found.setdefault(name, (field, []))[1].append(process)
    return found


def page() -> str:
    rows = [
        f"| `TTA_{name.upper()}` | {shown_default(field)} | {', '.join(processes)} | {field.description} |\n"
        for name, (field, processes) in sorted(readers().items())
    ]
    return HEAD + "".join(rows)


def main() -> None:
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        sys.exit("docs/settings.md is stale; run `make docs`")


if __name__ == "__main__":
    main()

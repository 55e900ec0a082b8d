"""Importers and commands speak to the services by the client library, and by nothing else."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3] / "tta_analytics"
MODULES = sorted(path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] != "client")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_other_module_opens_a_channel_or_makes_a_stub(path: Path):
    used = imported(path)
    assert not {name for name in used if name.startswith("mesh.channels")}
    assert not {name for name in used if name.startswith("tta.") and name.endswith("_pb2_grpc")}


def test_every_command_that_calls_a_service_opens_the_client():
    commands = {path.stem for path in MODULES if "open_client(" in path.read_text()}
    assert {"import_facts", "import_sources", "import_metrics", "import_consents", "releases", "reports", "alerts"} <= (
        commands
    )

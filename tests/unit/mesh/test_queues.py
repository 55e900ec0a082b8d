"""Every queue that the operations guide names has its gauge."""

import importlib
import re
from pathlib import Path

from mesh.telemetry import REGISTRY

GUIDE = Path(__file__).parents[3] / "docs" / "operations.md"
MODULES = (
    "aggregation_svc.bootstrap.releases",
    "aggregation_svc.servicers.ingestion",
    "mesh.interceptors.metrics",
    "mesh.redis_bus",
    "mesh.workers",
    "monitoring_svc.adapters.care_figures",
    "monitoring_svc.adapters.crisis_worker",
    "monitoring_svc.adapters.store.log",
    "reporting_svc.adapters.queue_figures",
)
"""Gauges register themselves when their modules are read."""


def test_each_queue_of_the_guide_shows_how_much_waits_in_it() -> None:
    for module in MODULES:
        importlib.import_module(module)
    table = GUIDE.read_text(encoding="utf-8").partition("| queue | bound |")[2].partition("\n\n")[0]
    named = set(re.findall(r"\| `(\w+)` \|$", table, flags=re.MULTILINE))
    shown = {family.name.removeprefix("tta_analytics_") for family in REGISTRY.collect() if family.type == "gauge"}
    assert len(named) == 10
    assert named <= shown

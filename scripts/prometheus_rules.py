"""Writes the rules of deploy/observability as PrometheusRule objects: one source for files and operator.

python scripts/prometheus_rules.py           # write
python scripts/prometheus_rules.py --check   # fail where the objects are stale
"""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
RULES = ROOT / "deploy/observability/prometheus/rules"
OBJECTS = ROOT / "deploy/k8s/components/prometheus-rules/rules.yaml"
HEADER = "# Made by scripts/prometheus_rules.py from deploy/observability/prometheus/rules: change those.\n"


def objects() -> str:
    """Return one PrometheusRule for each file of rules, named after it."""
    made = [
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {"name": f"tta-analytics-{file.stem}"},
            "spec": yaml.safe_load(file.read_text()),
        }
        for file in sorted(RULES.glob("*.yml"))
    ]
    text: str = yaml.safe_dump_all(made, sort_keys=False, width=1000)
    return HEADER + text


def main() -> None:
    if "--check" not in sys.argv[1:]:
        OBJECTS.write_text(objects())
    elif OBJECTS.read_text() != objects():
        sys.exit(f"{OBJECTS.relative_to(ROOT)} is stale: python scripts/prometheus_rules.py")


if __name__ == "__main__":
    main()

"""The metrics of several processes in one answer: every series gets the label `worker`, and none is added up here."""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector


class _Given(Collector):
    """Families that are there already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        """Return them."""
        yield from self._families


def merged(own: CollectorRegistry, texts: Mapping[str, str]) -> bytes:
    """Return the metrics of `own`, labelled `worker="parent"`, and of the workers' texts, labelled by their keys."""
    families: dict[str, Metric] = {}
    for worker, text in {"parent": generate_latest(own).decode(), **texts}.items():
        for family in text_string_to_metric_families(text):
            whole = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                whole.add_sample(sample.name, {**sample.labels, "worker": worker}, sample.value)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Given(families.values()))
    return generate_latest(registry)

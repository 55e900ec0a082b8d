"""Kinds of operators, whose schemas are not Kubernetes' own: the version and the fields that these manifests may use.

From the operators' references: cert-manager.io/docs/reference/api-docs, external-secrets.io/latest/api/spec and
prometheus-operator.dev/docs/api-reference/api.
"""

from collections.abc import Iterator
from typing import Any

FIELDS = {
    "Certificate": (
        "cert-manager.io/v1",
        "commonName dnsNames duration isCA issuerRef.kind issuerRef.name privateKey.algorithm "
        "privateKey.rotationPolicy privateKey.size renewBefore secretName usages",
    ),
    "Issuer": ("cert-manager.io/v1", "ca.secretName selfSigned"),
    "ExternalSecret": (
        "external-secrets.io/v1",
        "data.remoteRef.key data.secretKey refreshInterval secretStoreRef.kind secretStoreRef.name "
        "target.creationPolicy target.name",
    ),
    "ServiceMonitor": (
        "monitoring.coreos.com/v1",
        "endpoints.interval endpoints.path endpoints.port endpoints.scrapeTimeout jobLabel selector.matchLabels.*",
    ),
    "PrometheusRule": (
        "monitoring.coreos.com/v1",
        "groups.interval groups.name groups.rules.alert groups.rules.annotations.* groups.rules.expr groups.rules.for "
        "groups.rules.keep_firing_for groups.rules.labels.* groups.rules.record",
    ),
}


def fields(value: Any, above: str = "") -> Iterator[str]:
    """Return the paths of all fields below, as `groups.rules.expr`; of maps that people fill, as `labels.*`."""
    if isinstance(value, dict) and value:
        free = above.rpartition(".")[2] in ("labels", "annotations", "matchLabels")
        for name, held in value.items():
            yield from fields(held, f"{above}.{'*' if free else name}".lstrip("."))
    elif isinstance(value, list):
        for each in value:
            yield from fields(each, above)
    else:
        yield above

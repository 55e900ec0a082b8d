"""Alerts about the system, as Alertmanager routes them: the same incident is the same alert, and clears with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitoring_svc.domain.commands import Fire
from monitoring_svc.domain.firing import OF_THE_SYSTEM, Firing, fingerprint
from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.ports import AlertLog, RequestKey

AUTO_RESOLVE_SECONDS = 1
"""Alertmanager has waited long enough before it says that an alert is over."""

_SEVERITIES = {"critical": Severity.CRITICAL, "high": Severity.HIGH, "warning": Severity.MEDIUM}
_MOST_LABELS, _LONGEST = 16, 200


@dataclass(frozen=True, slots=True)
class SystemAlert:
    """One alert of Alertmanager."""

    firing: bool
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


class ReceiveSystemAlerts:
    """Fold what Alertmanager sends into the log of alerts."""

    def __init__(self, log: AlertLog) -> None:
        """Write to `log`."""
        self._log = log

    async def __call__(self, received: Sequence[SystemAlert], request: RequestKey | None = None) -> Sequence[str]:
        """Return the ids of the alerts that fire, in order, once they are durable."""
        firings = tuple(_firing(alert) for alert in received if alert.firing)
        cleared = tuple(_fingerprint(alert) for alert in received if not alert.firing)
        fired = await self._log.submit(Fire(firings, cleared), request) if firings or cleared else ()
        return [one.alert_id for one in fired if one.alert_id]


def _fingerprint(alert: SystemAlert) -> str:
    return fingerprint(OF_THE_SYSTEM, None, alert.labels)


def _firing(alert: SystemAlert) -> Firing:
    name = alert.labels.get("alertname", "SystemAlert")
    shown = dict(list(alert.labels.items())[:_MOST_LABELS])
    runbook = alert.annotations.get("runbook_url", "")
    return Firing(
        _fingerprint(alert),
        OF_THE_SYSTEM,
        AlertType.SYSTEM_PERFORMANCE,
        _SEVERITIES.get(alert.labels.get("severity", ""), Severity.LOW),
        alert.annotations.get("summary", name)[:_LONGEST],
        alert.annotations.get("description", f"Alertmanager reports {name}."),
        labels={key: value[:_LONGEST] for key, value in shown.items()},
        data={"runbook_url": runbook} if runbook else {},
        auto_resolve_seconds=AUTO_RESOLVE_SECONDS,
    )

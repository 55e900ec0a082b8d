"""The checks, in their order: look first, then write under names of our own, clean up last."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from tta_analytics.verify import (
    alerts,
    analysis,
    coverage,
    dashboards,
    facts,
    looking,
    notifications,
    predecessor,
    predictions,
    privacy,
    released,
    reports,
    rules,
    signals,
)
from tta_analytics.verify.checks import Check, Failed, Result, run_all
from tta_analytics.verify.cleaning import clean_up
from tta_analytics.verify.deployment import Deployment
from tta_analytics.verify.observability import in_grafana, in_prometheus
from tta_analytics.verify.run import Run

Checking = Callable[[Run], Awaitable[str]]

LOOKS: tuple[tuple[str, str, Checking], ...] = (
    ("health", "the gateway and all services are healthy", looking.healthy),
    ("health", "pages are served", looking.pages),
    ("access", "a call without a token is refused", looking.no_token),
    ("calls", "the API describes itself", looking.described),
    ("calls", "every reading call answers", looking.reads),
    ("calls", "a wrong request is told what is wrong", looking.wrong_request),
    ("privacy", "the spent budget is within its cap", privacy.budget),
    ("privacy", "the audit chain is whole", privacy.audit),
    ("privacy", "nobody is revealed without a purpose or a player", privacy.reveal),
    ("releases", "a release answers by its id and is not charged twice", released.by_id),
    ("releases", "cohorts, patterns and retention come from releases", released.cohorts),
    ("releases", "what must not be released is refused and costs nothing", released.refusals),
    ("analysis", "a rise is found with its slope", analysis.trend),
    ("analysis", "a difference is told with its size", analysis.comparison),
    ("analysis", "a rise is forecast", analysis.forecast),
    ("predecessor", "the predecessor's paths answer", predecessor.reads),
)
"""Area, sentence and check of what writes nothing."""
WRITES: tuple[tuple[str, str, Checking], ...] = (
    ("facts", "consent, a session and progress are taken in and read back", facts.taken_in),
    ("facts", "decisions of many are set and told", facts.consents),
    ("facts", "a player's export holds what was sent", facts.exported),
    ("predictions", "models tell their quality, and an outlook needs one", predictions.models),
    ("predictions", "what can't be trained is refused", predictions.trainings),
    ("signals", "a signal is judged and its answer is durable", signals.judged),
    ("signals", "crisis language is recognised in a dry run", signals.dry_run),
    ("signals", "interventions are streamed", signals.interventions),
    ("signals", "a metric is listed, streamed and rolled up", signals.measured),
    ("alerts", "a silence holds back what is told of this check", alerts.silenced),
    ("alerts", "an alert arrives over WebSocket and SSE, is acknowledged and resolved", alerts.delivered),
    ("alerts", "a ticket opens one stream", alerts.by_ticket),
    ("alerts", "an alert of Alertmanager's comes and clears", alerts.of_the_system),
    ("alerts", "the figures of care count them", alerts.care),
    ("rules", "a rule is made, changed and deleted", rules.kept),
    ("notifications", "contacts, routes and escalation policies are kept", notifications.kept),
    ("notifications", "deliveries are listed, and none is made without need", notifications.deliveries),
    ("reports", "a report is made, downloaded and deleted", reports.made),
    ("reports", "a report is cancelled", reports.cancelled),
    ("reports", "a schedule runs when it is told", reports.scheduled),
    ("dashboards", "a dashboard is built, rendered and deleted", dashboards.kept),
    ("predecessor", "the predecessor's metrics, signals and alerts work", predecessor.signals),
    ("predecessor", "the predecessor's reports work", predecessor.report),
)
"""Area, sentence and check of what writes under names of its own."""
CLEANUP_SECONDS = 900.0
"""Each thing that goes has a limit of its own; this one is for all."""


class Suite:
    """Checks of one deployment, with what they leave behind until they are cleaned up."""

    def __init__(
        self,
        at: Deployment,
        *,
        run_id: str,
        slow_seconds: float,
        prometheus: str | None = None,
        grafana: str | None = None,
    ) -> None:
        """Mark everything with `run_id`; an answer slower than `slow_seconds` (95th percentile) is a failure."""
        self._slow, self._prometheus, self._grafana = slow_seconds, prometheus, grafana
        self.run = Run(at, run_id)

    async def checked(self, seen: Callable[[Result], None], tell: Callable[[str], None]) -> list[Result]:
        """Run all checks; where they are stopped, take back what they wrote so far and tell what would not go."""
        try:
            return await run_all(self.checks(), seen)
        except BaseException:
            try:
                # In a task of its own: in this one, which was cancelled, time limits would not count.
                await asyncio.create_task(clean_up(self.run))
            except Failed as reason:
                tell(f"Stopped, and still there: {reason}")
            raise

    def checks(self) -> list[Check]:
        """Return all checks in the order to run them, each with its limit of time."""
        patience = self.run.at.patience
        return [replace(check, seconds=check.seconds * patience) for check in self._checks()]

    def _checks(self) -> list[Check]:
        observed = "Prometheus reads all processes and evaluates the rules"
        return [
            *(Check(area, name, partial(check, self.run)) for area, name, check in (*LOOKS, *WRITES)),
            Check("integration", observed, partial(in_prometheus, self._prometheus)),
            Check("integration", "Grafana is well", partial(in_grafana, self._grafana)),
            Check("cleanup", "nothing that was written is left", partial(clean_up, self.run), CLEANUP_SECONDS),
            Check("calls", "every call of the API was made", partial(coverage.every_call, self.run)),
            Check(
                "speed", f"95 of 100 answers come within {self._slow:g} s", partial(looking.fast, self.run, self._slow)
            ),
        ]

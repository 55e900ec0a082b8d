"""The wiring of signals: rules, crisis language, consent, and the way from a signal to the log."""

from dataclasses import dataclass
from functools import partial

from mesh.identity import service_token
from monitoring_svc.adapters.cel_conditions import CelCompiler
from monitoring_svc.adapters.consents import AggregationConsents
from monitoring_svc.adapters.crisis_semantic_layer import WorkerSemanticLayer
from monitoring_svc.adapters.crisis_worker import CrisisWorker
from monitoring_svc.adapters.no_semantic_layer import NoSemanticLayer
from monitoring_svc.adapters.rule_layer import RuleLayer
from monitoring_svc.adapters.store.rules import RuleStore
from monitoring_svc.adapters.store.windows import WindowStore
from monitoring_svc.bootstrap.alerts import Alerting
from monitoring_svc.bootstrap.parts import Parts
from monitoring_svc.bootstrap.readings import SharedReadings
from monitoring_svc.domain.rule import Rule
from monitoring_svc.settings import MonitoringSettings, thresholds_of
from monitoring_svc.usecases.crisis_assessment import CrisisAssessor
from monitoring_svc.usecases.judge_signals import JudgeSignals
from monitoring_svc.usecases.keep_rules import KeepRules
from monitoring_svc.usecases.rule_book import RuleBook
from monitoring_svc.usecases.windows import Windows


@dataclass(frozen=True, slots=True)
class Judging:
    """What judges signals."""

    book: RuleBook
    keep_rules: KeepRules
    windows: Windows
    readings: SharedReadings
    consents: AggregationConsents
    worker: CrisisWorker | None
    judge: JudgeSignals


async def judging(settings: MonitoringSettings, parts: Parts, alerts: Alerting) -> Judging:
    """Wire rules and crisis language to the log, and take up what was under way."""
    compiler, rules = CelCompiler(), RuleStore(alerts.database)
    book = RuleBook(rules, compiler, alerts.failures)
    await book.refresh()
    worker = CrisisWorker(thresholds_of(settings)) if settings.crisis_semantic == "on" else None
    crisis = CrisisAssessor(
        parts.recogniser or RuleLayer(),
        parts.semantic or (WorkerSemanticLayer(worker) if worker else NoSemanticLayer()),
        alerts.failures,
        settings.crisis_deadline.total_seconds(),
    )
    keep_rules = KeepRules(rules, book, compiler, crisis, alerts.log, alerts.failures)

    def over_budget(rule: Rule) -> None:
        alerts.errands.run(keep_rules.disable_over_budget(rule))

    consents = AggregationConsents(
        settings,
        partial(service_token, settings, "monitoring", role="admin", permissions=("access_audit_logs",)),
        required=settings.signal_consent == "required",
    )
    asked = parts.consents or consents
    readings = SharedReadings(alerts.bus, alerts.errands)
    windows = Windows(WindowStore(alerts.database, alerts.keys.pseudonyms.active), asked, readings.tell)
    await windows.load()
    judge = JudgeSignals(alerts.log, book, crisis, alerts.keys.all, over_budget, windows, asked)
    alerts.stream.listen(judge.open.follow)
    await alerts.stream.start()
    for subject, rule_id in await alerts.reader.waiting_to_clear():
        judge.open.add(subject, rule_id)
    return Judging(book, keep_rules, windows, readings, consents, worker, judge)

// Made by scripts/typescript_client.py from the OpenAPI document. Do not edit.
import { Refused, Runtime } from "./runtime.mjs";

export { Refused };

export class Client {
  #runtime;

  constructor(options) {
    this.#runtime = new Runtime(options);
  }

  listAlerts(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/alerts", "query": ["page_size", "page_token", "states", "alert_types", "min_severity", "subject_pseudonym", "triggered_after", "triggered_before"]}, params, undefined, options);
  }

  streamAlerts(params = {}, options) {
    return this.#runtime.stream({"method": "GET", "path": "/api/v1/alerts/stream", "query": ["cursor", "alert_types", "min_severity", "kinds", "subject_pseudonym", "heartbeat_seconds"], "resumes": true}, params, options);
  }

  getAlert(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/alerts/{alert_id}", "query": []}, params, undefined, options);
  }

  listAlertEvents(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/alerts/{alert_id}/events", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  acknowledgeAlert(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/alerts/{alert_id}:acknowledge", "query": []}, params, body, options);
  }

  resolveAlert(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/alerts/{alert_id}:resolve", "query": []}, params, body, options);
  }

  revealAlertSubject(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/alerts/{alert_id}:reveal", "query": []}, params, body, options);
  }

  compareToBaseline(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/baselines:compare", "query": ["selector.statistic", "selector.grain", "selector.range_start", "selector.range_end", "selector.therapeutic_focus", "selector.session_frequency", "selector.engagement_level", "baseline.statistic", "baseline.grain", "baseline.range_start", "baseline.range_end", "baseline.therapeutic_focus", "baseline.session_frequency", "baseline.engagement_level"]}, params, undefined, options);
  }

  compareToBaseline2(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/baselines:compare", "query": []}, {}, body, options);
  }

  aggregateBehavior(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/behavior:aggregate", "query": []}, {}, body, options);
  }

  getCareFigures(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/care", "query": ["start", "end"]}, params, undefined, options);
  }

  queryCohorts(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/cohorts", "query": ["grain", "since", "until", "level", "therapeutic_focus", "session_frequency", "engagement_level", "page_size", "page_token"]}, params, undefined, options);
  }

  analyzeCohorts(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/cohorts:analyze", "query": ["period_start", "grain", "level", "trend_releases"]}, params, undefined, options);
  }

  compareCohorts(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/cohorts:compare", "query": ["left.period_start", "left.grain", "left.therapeutic_focus", "left.session_frequency", "left.engagement_level", "right.period_start", "right.grain", "right.therapeutic_focus", "right.session_frequency", "right.engagement_level", "measure"]}, params, undefined, options);
  }

  getConsent(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/consents/{user_id}", "query": []}, params, undefined, options);
  }

  setConsent(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "PUT", "path": "/api/v1/consents/{user_id}", "query": []}, params, body, options);
  }

  listConsentHistory(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/consents/{user_id}/history", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  setConsents(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/consents:batchSet", "query": []}, {}, body, options);
  }

  listContacts(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/contacts", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  createContact(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/contacts", "query": []}, {}, body, options);
  }

  getContact(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/contacts/{contact_id}", "query": []}, params, undefined, options);
  }

  updateContact(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "PUT", "path": "/api/v1/contacts/{contact_id}", "query": []}, params, body, options);
  }

  deleteContact(params = {}, options) {
    return this.#runtime.request({"method": "DELETE", "path": "/api/v1/contacts/{contact_id}", "query": ["request_id"]}, params, undefined, options);
  }

  testChannel(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/contacts/{contact_id}:test", "query": []}, params, body, options);
  }

  listDashboards(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/dashboards", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  createDashboard(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/dashboards", "query": []}, {}, body, options);
  }

  getDashboard(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/dashboards/{dashboard_id}", "query": ["version"]}, params, undefined, options);
  }

  updateDashboard(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "PUT", "path": "/api/v1/dashboards/{dashboard_id}", "query": []}, params, body, options);
  }

  deleteDashboard(params = {}, options) {
    return this.#runtime.request({"method": "DELETE", "path": "/api/v1/dashboards/{dashboard_id}", "query": ["request_id"]}, params, undefined, options);
  }

  renderDashboard(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/dashboards/{dashboard_id}:render", "query": ["version", "format"], "raw": true}, params, undefined, options);
  }

  previewDashboard(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/dashboards:preview", "query": []}, {}, body, options);
  }

  listDeliveries(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/deliveries", "query": ["page_size", "page_token", "states", "alert_id"]}, params, undefined, options);
  }

  retryDelivery(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/deliveries/{delivery_id}:retry", "query": []}, params, body, options);
  }

  sendDocument(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/documents:send", "query": []}, {}, body, options);
  }

  listEscalationPolicies(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/escalation-policies", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  createEscalationPolicy(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/escalation-policies", "query": []}, {}, body, options);
  }

  getEscalationPolicy(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/escalation-policies/{policy_id}", "query": []}, params, undefined, options);
  }

  updateEscalationPolicy(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "PUT", "path": "/api/v1/escalation-policies/{policy_id}", "query": []}, params, body, options);
  }

  deleteEscalationPolicy(params = {}, options) {
    return this.#runtime.request({"method": "DELETE", "path": "/api/v1/escalation-policies/{policy_id}", "query": ["request_id"]}, params, undefined, options);
  }

  forecast(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/forecasts", "query": ["selector.statistic", "selector.grain", "selector.range_start", "selector.range_end", "selector.therapeutic_focus", "selector.session_frequency", "selector.engagement_level", "season_length", "horizon"]}, params, undefined, options);
  }

  forecast2(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/forecasts", "query": []}, {}, body, options);
  }

  streamInterventions(params = {}, options) {
    return this.#runtime.stream({"method": "GET", "path": "/api/v1/interventions/stream", "query": ["cursor", "min_severity"], "resumes": true}, params, options);
  }

  listMetrics(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/metrics", "query": ["page_size", "page_token", "name_prefix", "statuses"]}, params, undefined, options);
  }

  processMetric(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/metrics", "query": []}, {}, body, options);
  }

  watchMetrics(params = {}, options) {
    return this.#runtime.stream({"method": "GET", "path": "/api/v1/metrics/stream", "query": ["name_prefix", "interval_milliseconds"], "resumes": false}, params, options);
  }

  listMetricRollups(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/metrics/{metric_name}/rollups", "query": ["window", "start", "end", "page_size", "page_token"]}, params, undefined, options);
  }

  ingestMetrics(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/metrics:ingest", "query": []}, {}, body, options);
  }

  listModels(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/models", "query": ["model_name", "state", "page_size", "page_token"]}, params, undefined, options);
  }

  getModel(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/models/{model_id}", "query": []}, params, undefined, options);
  }

  trainModel(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/models:train", "query": []}, {}, body, options);
  }

  recordOutcomes(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/outcomes:record", "query": []}, {}, body, options);
  }

  listPanelSources(options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/panel-sources", "query": []}, {}, undefined, options);
  }

  listPatterns(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/patterns", "query": ["pattern_type", "release_id", "since", "until", "page_size", "page_token"]}, params, undefined, options);
  }

  getProgressViz(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/players/{user_id}/progress/viz", "query": ["days"]}, params, undefined, options);
  }

  predictOutcome(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/predictions:subject", "query": []}, {}, body, options);
  }

  listAuditEntries(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/privacy/audit", "query": ["action", "actor", "subject_id", "since", "until", "page_size", "page_token"]}, params, undefined, options);
  }

  verifyAuditLog(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/privacy/audit:verify", "query": ["known_head"]}, params, undefined, options);
  }

  getBudget(options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/privacy/budget", "query": []}, {}, undefined, options);
  }

  raiseBudget(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/privacy/budget:raise", "query": []}, {}, body, options);
  }

  getErasure(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/privacy/erasures/{erasure_id}", "query": []}, params, undefined, options);
  }

  listLedgerEntries(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/privacy/ledger", "query": ["kind", "since", "until", "page_size", "page_token"]}, params, undefined, options);
  }

  eraseSubject(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/privacy/subjects/{user_id}:erase", "query": []}, params, body, options);
  }

  exportSubject(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/privacy/subjects/{user_id}:export", "query": []}, params, body, options);
  }

  eraseSubjects(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/privacy/subjects:erase", "query": []}, {}, body, options);
  }

  revealSubject(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/privacy/subjects:reveal", "query": []}, {}, body, options);
  }

  ingestProgress(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/progress:ingest", "query": []}, {}, body, options);
  }

  listReleases(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/releases", "query": ["kind", "grain", "since", "until", "page_size", "page_token"]}, params, undefined, options);
  }

  createRelease(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/releases", "query": []}, {}, body, options);
  }

  getRelease(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/releases/{release_id}", "query": ["raw"]}, params, undefined, options);
  }

  listReports(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/reports", "query": ["page_size", "page_token", "report_type", "state", "schedule_id", "mine"]}, params, undefined, options);
  }

  generateReport(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/reports", "query": []}, {}, body, options);
  }

  getReport(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/reports/{report_id}", "query": ["include_document", "include_figures"]}, params, undefined, options);
  }

  deleteReport(params = {}, options) {
    return this.#runtime.request({"method": "DELETE", "path": "/api/v1/reports/{report_id}", "query": ["request_id"]}, params, undefined, options);
  }

  downloadReport(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/reports/{report_id}/content", "query": ["format"], "raw": true}, params, undefined, options);
  }

  watchReport(params = {}, options) {
    return this.#runtime.stream({"method": "GET", "path": "/api/v1/reports/{report_id}/progress", "query": [], "resumes": false}, params, options);
  }

  cancelReport(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/reports/{report_id}:cancel", "query": []}, params, body, options);
  }

  getRetention(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/retention", "query": ["period_start", "grain"]}, params, undefined, options);
  }

  listRoutes(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/routes", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  createRoute(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/routes", "query": []}, {}, body, options);
  }

  getRoute(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/routes/{route_id}", "query": []}, params, undefined, options);
  }

  updateRoute(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "PUT", "path": "/api/v1/routes/{route_id}", "query": []}, params, body, options);
  }

  deleteRoute(params = {}, options) {
    return this.#runtime.request({"method": "DELETE", "path": "/api/v1/routes/{route_id}", "query": ["request_id"]}, params, undefined, options);
  }

  listRules(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/rules", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  createRule(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/rules", "query": []}, {}, body, options);
  }

  updateRule(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "PUT", "path": "/api/v1/rules/{rule_id}", "query": []}, params, body, options);
  }

  deleteRule(params = {}, options) {
    return this.#runtime.request({"method": "DELETE", "path": "/api/v1/rules/{rule_id}", "query": ["request_id"]}, params, undefined, options);
  }

  testRule(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/rules:test", "query": []}, {}, body, options);
  }

  listSchedules(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/schedules", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  createSchedule(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/schedules", "query": []}, {}, body, options);
  }

  getSchedule(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/schedules/{schedule_id}", "query": []}, params, undefined, options);
  }

  updateSchedule(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "PUT", "path": "/api/v1/schedules/{schedule_id}", "query": []}, params, body, options);
  }

  deleteSchedule(params = {}, options) {
    return this.#runtime.request({"method": "DELETE", "path": "/api/v1/schedules/{schedule_id}", "query": ["request_id"]}, params, undefined, options);
  }

  listScheduleRuns(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/schedules/{schedule_id}/runs", "query": ["page_size", "page_token"]}, params, undefined, options);
  }

  runNow(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/schedules/{schedule_id}:run", "query": []}, params, body, options);
  }

  ingestSessions(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/sessions:ingest", "query": []}, {}, body, options);
  }

  processSignal(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/signals", "query": []}, {}, body, options);
  }

  ingestSignals(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/signals:ingest", "query": []}, {}, body, options);
  }

  listSilences(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/silences", "query": ["page_size", "page_token", "active_only"]}, params, undefined, options);
  }

  createSilence(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/silences", "query": []}, {}, body, options);
  }

  deleteSilence(params = {}, options) {
    return this.#runtime.request({"method": "DELETE", "path": "/api/v1/silences/{silence_id}", "query": ["request_id"]}, params, undefined, options);
  }

  createStreamTicket(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/stream-tickets", "query": []}, {}, body, options);
  }

  getTraining(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/trainings/{training_id}", "query": []}, params, undefined, options);
  }

  watchTraining(params = {}, options) {
    return this.#runtime.stream({"method": "GET", "path": "/api/v1/trainings/{training_id}/progress", "query": [], "resumes": false}, params, options);
  }

  cancelTraining(params = {}, body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/trainings/{training_id}:cancel", "query": []}, params, body, options);
  }

  analyzeTrend(params = {}, options) {
    return this.#runtime.request({"method": "GET", "path": "/api/v1/trends", "query": ["selector.statistic", "selector.grain", "selector.range_start", "selector.range_end", "selector.therapeutic_focus", "selector.session_frequency", "selector.engagement_level", "season_length"]}, params, undefined, options);
  }

  analyzeTrend2(body = {}, options) {
    return this.#runtime.request({"method": "POST", "path": "/api/v1/trends", "query": []}, {}, body, options);
  }
}

// Made by scripts/typescript_client.py from the OpenAPI document. Do not edit.

/** A call that the platform refused. */
export declare class Refused extends Error {
  /** Its RFC 9457 document; a proxy's answer has a status and a reason alone. */
  readonly problem: Partial<Problem> & { status: number };
  readonly status: number;
  /** Stable, for programs. */
  readonly reason: string;
  readonly violations: NonNullable<Problem["violations"]>;
}

export interface ClientOptions {
  /** Address of the gateway: `http://localhost:8098`. */
  baseUrl: string;
  /** A bearer token, or what makes a fresh one for each call. */
  token?: string | (() => string | Promise<string>);
  /** Another `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** How often a call that is refused for now is repeated; 3 when left out. */
  retries?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Makes a repeated write count once; one is made for each write when left out. */
  idempotencyKey?: string;
}

/** An RFC 9457 problem document. */
export interface Problem {
  /** `urn:tta-analytics:problem:` and the reason. */
  type: string;
  /** The phrase of the status. */
  title: string;
  status: number;
  /** What was wrong and what to do, for people. */
  detail: string;
  /** Stable, for programs. */
  reason: string;
  /** Each field that was refused. */
  violations?: {
    /** Path from the root, `sessions[3].started_at`; empty for the whole. */
    field: string;
    rule?: string;
    description: string;
  }[];
  metadata?: Record<string, string>;
  retry_after_seconds?: number;
  request_id?: string;
  trace_id?: string;
}

/** Who looks at which alert. */
export interface AcknowledgeAlertRequest {
  /** Anything worth keeping. Write no names of players. */
  note?: string;
  /** Makes a retried write count once. */
  request_id?: string;
}

/** Players' records inline. */
export interface AggregateBehaviorRequest {
  /** At most 1,000 records with 50,000 sessions in all. A malformed one is left out and listed. */
  user_data?: UserRecordInput[];
  /** The price and the noise. Missing: high. */
  privacy_level?: "low" | "medium" | "high" | "maximum";
  /** Makes a repeated request answer as the first did. At most 128 characters. */
  request_id?: string;
}

/** The answer to an inline batch. */
export interface AggregateBehaviorResponse {
  /** The batch was recorded and answered. */
  success: boolean;
  /** Segments found. */
  patterns_detected: number;
  /** Cohorts in the answer. */
  cohorts_analyzed: number;
  /** Distinct player ids of the request, malformed records included. */
  total_users: number;
  /** When it was answered, UTC. */
  analysis_timestamp?: string;
  /** Malformed records that were left out, and why. */
  left_out: Violation[];
  /** The stored answer: an inline release with its cells and patterns. */
  release?: Release;
}

/** A durable record that someone must look. */
export interface Alert {
  /** Its id. */
  alert_id: string;
  /** What kind of concern it is. */
  alert_type?: "therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern";
  /** How much it matters. */
  severity?: "low" | "medium" | "high" | "critical";
  /** Where it is in its life. */
  state?: "firing" | "acknowledged" | "resolved";
  /** One line for people. Never holds a player's id or text. */
  title: string;
  /** A sentence or two for people. Never holds a player's id or text. */
  message: string;
  /** The player as pseudonym in hexadecimal; empty for alerts about the system. */
  subject_pseudonym: string;
  /** The rule that fired, or `threshold` or `anomaly`. */
  rule_id: string;
  /** What the game should do. Empty for nothing. */
  intervention: string;
  /** What is one incident: alerts of equal fingerprint are one while it is not resolved. */
  fingerprint: string;
  /** How often it fired. */
  count: number;
  /** The numbers that made it fire. */
  data: Record<string, unknown>;
  /** The player's cohort, where the sender gave it. Empty otherwise. */
  user_cohort: string;
  /** When it fired first, by the database's clock. */
  triggered_at?: string;
  /** When it fired last. */
  last_fired_at?: string;
  /** When it was acknowledged; missing while nobody looks. */
  acknowledged_at?: string;
  /** Who acknowledged it. */
  acknowledged_by: string;
  /** When it was resolved. */
  resolved_at?: string;
  /** Who resolved it; `auto` where its condition has cleared. */
  resolved_by: string;
  /** Which step of its escalation policy was notified last, from 0. */
  escalation_step: number;
  /** Whether a silence, or the hours of all its routes, held back its notifications when it fired last. */
  silenced: boolean;
}

/** Alerts of one kind. */
export interface AlertCount {
  /** What kind. */
  alert_type?: "therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern";
  /** How severe. */
  severity?: "low" | "medium" | "high" | "critical";
  /** `firing`, `acknowledged` or `resolved`. */
  state: string;
  /** How many. */
  count: number;
}

/** A change of an alert. */
export interface AlertEvent {
  /** Its place in the log: positions have no gaps and follow the order of commits. */
  position: number;
  /** The alert. */
  alert_id: string;
  /** What happened. */
  kind?: "opened" | "repeated" | "severity_raised" | "reopened" | "acknowledged" | "escalated" | "resolved" | "revealed";
  /** When, by the database's clock. */
  occurred_at?: string;
  /** Who did it: a caller's name, or `monitoring`. */
  actor: string;
  /** What the actor wrote. */
  note: string;
  /** The alert as it was after this event. */
  alert?: Alert;
}

/** The cohorts of one period. */
export interface AnalyzeCohortsResponse {
  /** The release that they come from. */
  release_id: string;
  /** Its period. */
  period?: Period;
  /** Cohorts in the answer. */
  total_cohorts: number;
  /** One entry a cell. */
  cohorts: CohortAnalysis[];
  /** When this answer was put together, UTC. */
  analysis_timestamp?: string;
}

/** The series to analyse: from the releases, or as sent. */
export interface AnalyzeTrendRequest {
  /** From the releases. */
  selector?: StatisticSelectorInput;
  /** As sent: at most 10,000, in order of time. */
  points?: SeriesPointInput[];
  /** Values of one season: 7 for days with a week. Not given: found among 7 and 365 for days, 52 for weeks, 12 for months. 1: none. */
  season_length?: number;
}

/** A file that goes with a message. */
export interface AttachmentInput {
  /** Its name. */
  filename: string;
  /** Its media type: `application/pdf`. */
  content_type: string;
  /** Its bytes, at most 3 MB. */
  content?: string;
}

/** One act. */
export interface AuditEntry {
  /** Its place in the chain, from 1 without gaps. */
  position: number;
  /** When, UTC. */
  recorded_at?: string;
  /** Who: the caller's name. */
  actor: string;
  /** What: `release_created`, `subject_revealed`. */
  action: string;
  /** About whom; empty where it is about nobody. */
  subject_id: string;
  /** What belongs to it. Never an id of a player, a count of players or a text. */
  details: Record<string, unknown>;
  /** Its link of the chain, hexadecimal. */
  hash: string;
}

/** A comparison with its uncertainty. */
export interface BaselineComparison {
  /** The side in question. */
  current?: Interval;
  /** The baseline. */
  baseline?: Interval;
  /** current - baseline. */
  difference?: Interval;
  /** Difference as share of the baseline; absent where the baseline is near zero. */
  relative_change?: Interval;
  /** Difference in standard deviations (Hedges' g); absent where the spread is not known. */
  effect_size?: Interval;
  /** How sure. */
  verdict?: "higher" | "lower" | "similar" | "undecided";
  /** In words, without overclaiming. */
  summary: string;
  /** What limits the answer: the same players on both sides, noise, few values. */
  cautions: string[];
}

/** The account of privacy loss. Every figure is in millionths of epsilon. */
export interface Budget {
  /** What may be spent in any window of the length below. */
  cap_micros: number;
  /** The length of the window, days. */
  window_days: number;
  /** Spent in the window that ends now, by basic composition. */
  spent_micros: number;
  /** What is left of the cap now. */
  left_micros: number;
  /** Spent since the store exists. */
  lifetime_spent_micros: number;
  /** Spent in the window by kind of release. */
  spent_by_kind: SpentByKind[];
  /** What the plan of releases will spend in the periods ahead. */
  planned: PlannedRelease[];
  /** The window's loss by tighter accounting, for information: the cap is kept by basic composition. */
  tighter_bounds: TighterBound[];
}

/** Players whose predicted probability fell into one bin. */
export interface CalibrationBin {
  /** The mean predicted probability. */
  predicted: number;
  /** The share that had the outcome. */
  observed: number;
  /** The bin's share of all players. */
  weight: number;
}

/** Which report to stop. */
export interface CancelReportRequest {
  /** Makes a retry count once for 24 h. At most 128 characters. */
  request_id?: string;
}

/** Which training. */
export interface CancelTrainingRequest {
}

/** The statistics of one group of players in one period. */
export interface Cell {
  /** How finely it is cut. */
  level?: "all" | "focus" | "cohort";
  /** The focus: a declared name, a selected one, `unspecified`, or `other` for undeclared names below the threshold. Empty at level all. */
  therapeutic_focus: string;
  /** daily, weekly, occasional or unspecified. Empty above level cohort. */
  session_frequency: string;
  /** low, medium, high or unspecified. Empty above level cohort. */
  engagement_level: string;
  /** Players in it. */
  subjects?: Estimate;
  /** One entry a measure. Empty where hidden. */
  measures: MeasureFigures[];
  /** Players by the category of their latest outcome of the period. Empty where hidden. */
  outcomes: OutcomeCount[];
  /** Its noisy count of players is below the smallest cohort that may be shown. */
  hidden: boolean;
  /** The noise on its count of players is so large that the cell says nothing. */
  uninformative: boolean;
  /** The share of players of whom a declared cap cut at least one measure, 0 to 1 before noise. Missing where there are too few. */
  capped_share?: Estimate;
  /** What was drawn, where it was asked for. Empty where hidden. */
  raw: RawMeasurement[];
}

/** A moment at which the level changed, with trend and season taken out. */
export interface ChangePoint {
  /** First moment of the new level. */
  time?: string;
  /** Size of the step, in the unit of the series. */
  shift?: Interval;
}

/** A chart: drawn by Plotly in the browser and as SVG on paper, from the same values. */
export interface Chart {
  /** Stable within the report. */
  chart_id: string;
  /** What it shows. */
  title: string;
  /** The finding in one sentence: the alternative text. */
  finding: string;
  /** How to read it: axes, bands, where the values come from. */
  description: string;
  /** How it is drawn. */
  kind?: "line" | "bar" | "interval" | "stacked";
  /** The horizontal axis; the rows of an interval chart. */
  x_axis?: ChartAxis;
  /** The axis of the values. */
  y_axis?: ChartAxis;
  /** At most eight. */
  series: ChartSeries[];
  /** Marked places. */
  marks: ChartMark[];
  /** The table with the same values, in the same section. */
  table_id: string;
  /** Plotly figure (`data`, `layout`), where asked for with `include_figures`. */
  figure: Record<string, unknown>;
}

/** One axis. */
export interface ChartAxis {
  /** What it shows. */
  title: string;
  /** What it measures. */
  scale?: "number" | "time" | "category" | "share";
  /** Unit of the numbers; may be empty. */
  unit: string;
}

/** A moment or category that is marked in a chart: a change point, the start of a forecast. */
export interface ChartMark {
  /** Where, as in `ChartPoint.x`. */
  x: string;
  /** What it marks. */
  label: string;
}

/** One value of a series with its interval. */
export interface ChartPoint {
  /** Category name, or RFC 3339 moment on a time axis. */
  x: string;
  /** The value; absent where the period or cohort has none. */
  y?: number;
  /** Lower end of the 95 % interval, privacy noise included. */
  lower?: number;
  /** Upper end of the 95 % interval, privacy noise included. */
  upper?: number;
}

/** Points that belong together. */
export interface ChartSeries {
  /** Name in the legend. */
  name: string;
  /** What it is. */
  role?: "observed" | "fitted" | "forecast" | "baseline";
  /** In the order of x. */
  points: ChartPoint[];
}

/** One cohort: figures, outcomes, trend. */
export interface CohortAnalysis {
  /** A name for people: `anxiety / daily / high`. */
  name: string;
  /** The released statistics. */
  cell?: Cell;
  /** Shares of players by category of outcome, of those who have one. */
  outcome_shares: OutcomeShare[];
  /** The share of players with a positive, excellent or good outcome, of those who have one; missing where nobody has. */
  success_rate?: Estimate;
  /** One entry a measure over the releases before. */
  trends: MeasureTrend[];
}

/** Two cohorts side by side. */
export interface CompareCohortsResponse {
  /** The one. */
  left?: ReleasedCell;
  /** The other. */
  right?: ReleasedCell;
  /** One entry a measure. */
  comparisons: MeasureComparison[];
  /** The difference of the success rates, right minus left; missing where a side has no outcomes. */
  success_rate_difference?: Estimate;
  /** The two sides may share players, because they are two periods; their difference is then not that of independent groups. */
  may_share_players: boolean;
  /** What the figures say and what they do not, in words. */
  summary: string;
}

/** What to compare with what. */
export interface CompareToBaselineRequest {
  /** The side in question: a statistic over a range. */
  selector?: StatisticSelectorInput;
  /** The baseline: another range, or another cohort. An empty `statistic` repeats the selector's. */
  baseline?: StatisticSelectorInput;
  /** Or figures as sent. */
  points?: SeriesPointInput[];
  /** Baseline figures as sent. */
  baseline_points?: SeriesPointInput[];
}

/** A player's standing consent. */
export interface Consent {
  /** Facts may be part of private releases. False where never set. */
  analytics: boolean;
  /** Facts may train models for research. False where never set. */
  research: boolean;
  /** When it last changed; missing where it was never set. */
  changed_at?: string;
}

/** One decision about one purpose. */
export interface ConsentChange {
  /** `analytics` or `research`. */
  purpose: string;
  /** Yes or no. */
  granted: boolean;
  /** Who set it: `player`, `service`, or `asserted` by a sender who vouched. */
  basis: string;
  /** When it was recorded, UTC. */
  changed_at?: string;
  /** When the player decided, UTC; as recorded where the sender did not say. Missing where a sender vouched, and in older entries. */
  decided_at?: string;
}

/** What one of many players decided. */
export interface ConsentDecisionInput {
  /** The player, 1 to 256 characters. */
  user_id: string;
  /** May the player's facts be part of private releases? Missing: as it stands. */
  analytics?: boolean;
  /** May the player's facts train models for research? Missing: as it stands. */
  research?: boolean;
  /**
   * When the player decided, UTC. Not before 2000 and at most 5 minutes ahead of this service's clock; a moment ahead of it counts as now.
   * Missing: the decision counts as made when it arrives, after all that came before it.
   */
  decided_at?: string;
}

/** A contact as kept. */
export interface Contact {
  /** Its id. */
  contact_id: string;
  /** What it says, without its secret. */
  definition?: ContactDefinition;
  /** Whether it has a secret. */
  has_secret: boolean;
  /** When it was changed last. */
  updated_at?: string;
}

/** A channel with an address. */
export interface ContactDefinition {
  /** Name for people. */
  name: string;
  /** The channel. */
  channel?: "email" | "sms" | "slack" | "pagerduty" | "webhook";
  /** The address: an e-mail address; a phone number with country code; an https URL. Loopback may be http. */
  address: string;
  /** The channel's secret: webhook signing key, PagerDuty routing key, provider URL of Apprise for SMS. Written, never read. */
  secret: string;
  /** Whether the channel may carry a player's pseudonym and the alert's numbers. Without it, only that there is an alert. */
  cleared_for_personal_data: boolean;
  /** Whether it is used. */
  enabled: boolean;
}

/** A channel with an address. */
export interface ContactDefinitionInput {
  /** Name for people. */
  name: string;
  /** The channel. */
  channel: "email" | "sms" | "slack" | "pagerduty" | "webhook";
  /** The address: an e-mail address; a phone number with country code; an https URL. Loopback may be http. */
  address: string;
  /** The channel's secret: webhook signing key, PagerDuty routing key, provider URL of Apprise for SMS. Written, never read. */
  secret?: string;
  /** Whether the channel may carry a player's pseudonym and the alert's numbers. Without it, only that there is an alert. */
  cleared_for_personal_data?: boolean;
  /** Whether it is used. */
  enabled?: boolean;
}

/** A request to create a contact. */
export interface CreateContactRequest {
  /** Makes a retried write count once. */
  request_id?: string;
  /** What it says. */
  definition: ContactDefinitionInput;
}

/** A dashboard to create. */
export interface CreateDashboardRequest {
  /** Without what is assigned. */
  dashboard: DashboardInput;
  /** Makes a retry count once for 24 h. At most 128 characters. */
  request_id?: string;
}

/** A request to create an escalation policy. */
export interface CreateEscalationPolicyRequest {
  /** Makes a retried write count once. */
  request_id?: string;
  /** What it says. */
  definition: EscalationPolicyDefinitionInput;
}

/** Which period, of which kind. */
export interface CreateReleaseRequest {
  /** The first moment of the period, UTC. */
  period_start: string;
  /** The length of the period. Missing: month. */
  grain?: "day" | "week" | "month";
  /** What to answer. Missing: cohorts. An inline release is made by AggregateBehavior only. */
  kind?: "cohorts" | "retention";
  /**
   * 0 is the first answer for a period; a higher number computes and charges it anew with the facts as they are now. It must
   * be the next free number or one that exists. Administrators only. 0 to 1,000.
   */
  revision?: number;
  /**
   * Makes a repeated request answer as the first did; with another question it is refused for 24 hours
   * (REQUEST_ID_REUSED). At most 128 characters.
   */
  request_id?: string;
}

/** A request to create a route. */
export interface CreateRouteRequest {
  /** Makes a retried write count once. */
  request_id?: string;
  /** What it says. */
  definition: RouteDefinitionInput;
}

/** A request to create a rule. */
export interface CreateRuleRequest {
  /** Makes a retried write count once. */
  request_id?: string;
  /** What it says. */
  definition: RuleDefinitionInput;
}

/** A schedule to create. */
export interface CreateScheduleRequest {
  /** Without what is assigned. */
  schedule: ScheduleInput;
  /** Makes a retry count once for 24 h. At most 128 characters. */
  request_id?: string;
}

/** A request to hold back notifications. */
export interface CreateSilenceRequest {
  /** Makes a retried write count once. */
  request_id?: string;
  /** What it holds back: all of these must match. */
  matchers: MatcherInput[];
  /** From when on; without it, now. */
  starts_at?: string;
  /** Until when: after its start, at most 30 days. */
  ends_at: string;
  /** Why. */
  comment: string;
}

/** A request for a ticket. */
export interface CreateStreamTicketRequest {
  /** Makes a retried write count once. */
  request_id?: string;
}

/** A ticket. */
export interface CreateStreamTicketResponse {
  /** Pass it as `?ticket=`. It is a secret until it is used. */
  ticket: string;
  /** When it is of no more use. */
  expires_at?: string;
}

/** What the crisis recogniser said of the signal's messages. */
export interface CrisisAssessment {
  /** The danger. Unspecified where none was recognised. */
  category?: "self_harm" | "suicidal_ideation" | "abuse" | "substance" | "eating_disorder" | "medical";
  /** How near it is. */
  severity?: "moderate" | "high" | "imminent";
  /** Confidence, 0 to 1. It is no probability. */
  score: number;
  /** What decided. */
  spans: CrisisSpan[];
  /** What became of the rule layer. */
  rule_layer?: "decided" | "late" | "missing" | "overloaded" | "failed" | "not_needed";
  /** What became of the semantic layer. */
  semantic_layer?: "decided" | "late" | "missing" | "overloaded" | "failed" | "not_needed";
}

/** Words that decided, as a place in the request's own messages. Never stored. */
export interface CrisisSpan {
  /** Which message, from 0. */
  message_index: number;
  /** First character, from 0. */
  start: number;
  /** The character after the last. */
  end: number;
  /** The rule that matched, or the kind of score that was passed. */
  reason: string;
}

/** A saved arrangement of panels. */
export interface Dashboard {
  /** Id; assigned on creation. */
  dashboard_id: string;
  /** Title, at most 200 characters. */
  title: string;
  /** What it is for, at most 2000 characters. */
  description: string;
  /** At most 60; they may not overlap nor leave the grid. */
  panels: Panel[];
  /** Periods of `range_grain` that it shows, back from now, 0 to 520. 0 is 12. */
  range_periods: number;
  /** Grain of the range and of its statistics. Not given: month. */
  range_grain?: "day" | "week" | "month";
  /** Who may see it. */
  visibility?: "private" | "shared";
  /** Counts saves, from 1. Assigned. */
  version: number;
  /** Its owner. Assigned. */
  created_by: string;
  /** When it was created. Assigned. */
  created_at?: string;
  /** When this version was saved. Assigned. */
  updated_at?: string;
  /** The caller may save and delete it. Assigned. */
  may_manage: boolean;
}

/** A saved arrangement of panels. */
export interface DashboardInput {
  /** Id; assigned on creation. */
  dashboard_id?: string;
  /** Title, at most 200 characters. */
  title: string;
  /** What it is for, at most 2000 characters. */
  description?: string;
  /** At most 60; they may not overlap nor leave the grid. */
  panels?: PanelInput[];
  /** Periods of `range_grain` that it shows, back from now, 0 to 520. 0 is 12. */
  range_periods?: number;
  /** Grain of the range and of its statistics. Not given: month. */
  range_grain?: "day" | "week" | "month";
  /** Who may see it. */
  visibility?: "private" | "shared";
  /** Counts saves, from 1. Assigned. */
  version?: number;
  /** Its owner. Assigned. */
  created_by?: string;
  /** When it was created. Assigned. */
  created_at?: string;
  /** When this version was saved. Assigned. */
  updated_at?: string;
  /** The caller may save and delete it. Assigned. */
  may_manage?: boolean;
}

/** A half-open range of time. */
export interface DateRange {
  /** The first moment, UTC. */
  start?: string;
  /** The first moment after it, UTC. */
  end?: string;
}

/** The contact is gone. */
export interface DeleteContactResponse {
}

/** The escalation policy is gone. */
export interface DeleteEscalationPolicyResponse {
}

/** The route is gone. */
export interface DeleteRouteResponse {
}

/** The rule is gone. */
export interface DeleteRuleResponse {
}

/** The silence has ended. */
export interface DeleteSilenceResponse {
}

/** A message that leaves, has left, or was given up. */
export interface Delivery {
  /** Its id; also the key that the receiver sees (Message-ID, Idempotency-Key, dedup_key). */
  delivery_id: string;
  /** The alert that it tells of; empty for a document. */
  alert_id: string;
  /** The contact; empty for a plain e-mail address. */
  contact_id: string;
  /** The channel. */
  channel?: "email" | "sms" | "slack" | "pagerduty" | "webhook";
  /** What became of it. */
  state?: "pending" | "delivered" | "dead" | "dropped";
  /** How often it was tried. */
  attempts: number;
  /** What went wrong last. Never holds an address or a secret. */
  last_error: string;
  /** When it was queued. */
  created_at?: string;
  /** When it is tried next; missing where it is not. */
  next_attempt_at?: string;
  /** When it arrived. */
  delivered_at?: string;
}

/** How long something took, in seconds. */
export interface DurationFigures {
  /** How many. */
  count: number;
  /** The median. */
  median_seconds: number;
  /** The 90th percentile. */
  p90_seconds: number;
  /** The longest. */
  maximum_seconds: number;
}

/** Whom to erase. */
export interface EraseSubjectRequest {
  /** Makes a repeated request the same erasure; its answer is never kept. At most 128 characters. */
  request_id?: string;
}

/** Whom to erase. */
export interface EraseSubjectsRequest {
  /** 1 to 200 players, each of 1 to 256 characters. */
  user_ids: string[];
  /** Makes a repeated request the same erasures; its answer is never kept. At most 128 characters. */
  request_id?: string;
}

/** The erasures that were begun, or stood already. */
export interface EraseSubjectsResponse {
  /** One a player, in the order of the request. */
  erasures: Erasure[];
}

/** The report of an erasure. */
export interface Erasure {
  /** Its id. */
  erasure_id: string;
  /** Where it is. */
  state?: "running" | "done";
  /** When it was asked for, UTC. */
  requested_at?: string;
  /** When the last service was done, UTC; missing while it runs. */
  finished_at?: string;
  /** One entry a service. */
  parts: ErasurePart[];
}

/** One service's part of an erasure. */
export interface ErasurePart {
  /** aggregation, monitoring, reporting; exports, where facts were exported as files. */
  service: string;
  /** Where it is. */
  state?: "running" | "done";
  /** Records removed, by kind. */
  removed: Record<string, number>;
  /** What had to stay for now and until when, in words. */
  kept: string[];
  /** When this part was last tried, UTC; missing before the first time. */
  tried_at?: string;
  /** Tries that failed since the last that did not. */
  failures: number;
}

/** An escalation policy as kept. */
export interface EscalationPolicy {
  /** Its id. */
  policy_id: string;
  /** What it says. */
  definition?: EscalationPolicyDefinition;
  /** When it was changed last. */
  updated_at?: string;
}

/** Whom to tell next when nobody acknowledges. The last step repeats until somebody does. */
export interface EscalationPolicyDefinition {
  /** Name for people. */
  name: string;
  /** The steps, in order. */
  steps: EscalationStep[];
  /** Only alerts of this severity or a higher one escalate. */
  min_severity?: "low" | "medium" | "high" | "critical";
}

/** Whom to tell next when nobody acknowledges. The last step repeats until somebody does. */
export interface EscalationPolicyDefinitionInput {
  /** Name for people. */
  name: string;
  /** The steps, in order. */
  steps: EscalationStepInput[];
  /** Only alerts of this severity or a higher one escalate. */
  min_severity?: "low" | "medium" | "high" | "critical";
}

/** One step of an escalation policy. */
export interface EscalationStep {
  /** How long after the step before nobody may have acknowledged, in seconds. The first step counts from the alert. */
  after_seconds: number;
  /** Who is told then; none for those of the matching routes. */
  contact_ids: string[];
}

/** One step of an escalation policy. */
export interface EscalationStepInput {
  /** How long after the step before nobody may have acknowledged, in seconds. The first step counts from the alert. */
  after_seconds: number;
  /** Who is told then; none for those of the matching routes. */
  contact_ids?: string[];
}

/** A published figure with the two parts of its uncertainty. */
export interface Estimate {
  /** The value. Counts and sums are signed: noise may take a small one below zero. */
  value: number;
  /** The lower end of the 95 % interval of both parts. */
  lower: number;
  /** The upper end of the 95 % interval of both parts. */
  upper: number;
  /** Half the width of the 95 % interval of the privacy noise alone, in the value's unit. */
  privacy_margin: number;
  /** Half the width of the 95 % interval of the variation between players alone, in the value's unit. */
  sampling_margin: number;
  /** True where the noise is so large that the value says nothing. */
  uninformative: boolean;
  /** The standard deviation of the privacy noise in the value, in the value's unit, after all levels were made consistent. */
  noise_scale: number;
}

/** Whose export. */
export interface ExportSubjectRequest {
  /** Makes a repeated request leave one audit entry; its answer is never kept. At most 128 characters. */
  request_id?: string;
}

/** How far one feature moved. */
export interface FeatureDrift {
  /** Its name, with its unit. */
  name: string;
  /** Population stability index. */
  stability: number;
}

/** How much a feature matters. */
export interface FeatureImportance {
  /** Its name, with its unit. */
  name: string;
  /** How much the AUC falls when it is shuffled. */
  importance: number;
}

/** One sentence that the figures carry. */
export interface Finding {
  /** The sentence. */
  text: string;
  /** How far the data carry it. */
  strength?: "descriptive" | "supported" | "undecided";
}

/** A rule that fired. */
export interface FiredRule {
  /** The rule. */
  rule_id: string;
  /** The alert that it opened or repeated. Empty where the rule's cooldown or its duration held it back. */
  alert_id: string;
  /** How much it matters. */
  severity?: "low" | "medium" | "high" | "critical";
  /** What kind of concern it is. */
  alert_type?: "therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern";
  /** What the game should do, in the rule's words. Empty for nothing. */
  intervention: string;
  /** True where the alert was open already and its count went up. */
  repeated: boolean;
  /**
   * What held it back: `silenced` (the alert is there, nobody is told), `cooldown`, `pending` (its duration is not over).
   * Empty for nothing.
   */
  held_back_by: string;
}

/** One value ahead. */
export interface ForecastPoint {
  /** When, UTC. */
  time?: string;
  /** Expected value with its 95 % prediction interval. */
  value?: Interval;
}

/** The series to forecast. */
export interface ForecastRequest {
  /** From the releases. */
  selector?: StatisticSelectorInput;
  /** As sent: at most 10,000, in order of time. */
  points?: SeriesPointInput[];
  /** As in `AnalyzeTrendRequest`. */
  season_length?: number;
  /** Values ahead, 0 to 365; 0 is 3. */
  horizon?: number;
}

/** A report to make. */
export interface GenerateLegacyReportRequestTolerant {
  /** Kind of report. */
  report_type: "therapeutic_outcomes" | "user_engagement" | "system_performance" | "cohort_analysis" | "trend_analysis" | "custom_dashboard";
  /** Format to prepare. Not given: json. */
  report_format?: "json" | "html" | "pdf" | "excel" | "csv";
  /** Title, at most 200 characters. */
  title?: string;
  /** Description, at most 2000 characters. */
  description?: string;
  /** First moment of the data, inclusive; naive times are UTC. */
  date_range_start?: string;
  /** End of the data, exclusive; naive times are UTC. */
  date_range_end?: string;
  /**
   * Filters by name: `therapeutic_focus`, `session_frequency`, `engagement_level`, `statistics`, `metrics`, `grain`. Others are named
   * in the report's notices as ignored.
   */
  filters?: Record<string, unknown>;
  /** Kept for its callers; this platform chooses charts by what they show. */
  visualization_config?: Record<string, unknown>;
}

/** What became of it. */
export interface GenerateLegacyReportResponse {
  /** Id. */
  report_id: string;
  /** `completed`, `processing` or `failed`. */
  status: string;
  /** For people. */
  message: string;
  /** Path of the document. */
  report_url: string;
}

/** A report to make. */
export interface GenerateReportRequest {
  /** What it holds. */
  spec: ReportSpecInput;
  /** First moment of the data, UTC, inclusive. Not given: a year before the end. */
  range_start?: string;
  /** End of the data, UTC, exclusive; after the start, at most ten years. Not given: now. */
  range_end?: string;
  /** Makes a retry count once for 24 h. At most 128 characters. */
  request_id?: string;
}

/** How well we care. */
export interface GetCareFiguresResponse {
  /** Alerts that were triggered in the time, by type, severity and present state. */
  alerts: AlertCount[];
  /** From trigger to first acknowledgement, of those acknowledged. */
  time_to_acknowledge?: DurationFigures;
  /** From trigger to resolution, of those resolved. */
  time_to_resolve?: DurationFigures;
  /** Interventions asked for. */
  interventions: number;
  /** Notifications that reached their channel. */
  notifications_delivered: number;
  /** Notifications given up. */
  notifications_dead: number;
}

/** Hours of a week, in a time zone. */
export interface Hours {
  /** IANA name: `Europe/Berlin`. */
  time_zone: string;
  /** Days, 1 Monday to 7 Sunday; none for all. */
  weekdays: number[];
  /** First minute of the day, 0 to 1439. */
  start_minute: number;
  /** The minute after the last, 1 to 1440. Less than the start for hours that cross midnight. */
  end_minute: number;
}

/** Hours of a week, in a time zone. */
export interface HoursInput {
  /** IANA name: `Europe/Berlin`. */
  time_zone: string;
  /** Days, 1 Monday to 7 Sunday; none for all. */
  weekdays?: number[];
  /** First minute of the day, 0 to 1439. */
  start_minute?: number;
  /** The minute after the last, 1 to 1440. Less than the start for hours that cross midnight. */
  end_minute: number;
}

/** A batch of points. */
export interface IngestMetricsRequest {
  /** Makes a retried batch count once. */
  request_id?: string;
  /** The points, in order of time within one series. */
  metrics: MetricPointInput[];
}

/** What followed from all batches of one stream. */
export interface IngestMetricsResponse {
  /** Points recorded. */
  accepted: number;
  /** Alerts opened or repeated. */
  alerts: number;
}

/** A batch of progress snapshots. */
export interface IngestProgressRequest {
  /** At most 1,000. */
  snapshots?: ProgressSnapshotInput[];
  /** Makes a repeated request answer as the first did, for 24 hours. At most 128 characters. */
  request_id?: string;
  /** How the sender knows of consent. */
  consent_basis?: "required" | "asserted";
}

/** A batch of sessions. */
export interface IngestSessionsRequest {
  /** At most 1,000. */
  sessions?: SessionInput[];
  /** Makes a repeated message answer as the first did, for 24 hours. At most 128 characters. */
  request_id?: string;
  /** How the sender knows of consent. */
  consent_basis?: "required" | "asserted";
}

/** A batch of signals. */
export interface IngestSignalsRequest {
  /** Makes a retried batch count once. */
  request_id?: string;
  /** The signals, in order of time within one player. */
  signals: SignalInput[];
}

/** What followed from all batches of one stream. */
export interface IngestSignalsResponse {
  /** Signals judged. */
  accepted: number;
  /** Alerts opened. */
  alerts_opened: number;
  /** Alerts that were open already and were counted up. */
  alerts_repeated: number;
  /** Signals whose semantic crisis layer was late, missing or overloaded, so that the rule layer's decision stands. */
  crisis_rule_layer_only: number;
}

/** What became of the facts of one request or stream. The five counts below `received` add up to it. */
export interface IngestSummary {
  /** Facts that arrived. */
  received: number;
  /** New facts that are now stored. */
  stored: number;
  /** Known sessions whose content was replaced by a newer one. */
  updated: number;
  /** Facts that were stored before with the same content. */
  unchanged: number;
  /** Facts of players without consent to analytics, not stored. Which ones is not told. */
  refused: number;
  /** Sessions older than what is stored of them, by `updated_at`; the stored one stays. */
  superseded: number;
}

/** A number with its 95 % interval. */
export interface Interval {
  /** The estimate. */
  value: number;
  /** Lower end. */
  lower: number;
  /** Upper end. */
  upper: number;
}

/** Something the game should do for a player. */
export interface Intervention {
  /** The player, as pseudonym in hexadecimal. */
  subject_pseudonym: string;
  /** What to do, in the rule's words. */
  intervention: string;
  /** How much it matters. */
  severity?: "low" | "medium" | "high" | "critical";
  /** Why: the rule. */
  rule_id: string;
  /** The alert behind it. */
  alert_id: string;
  /** When the alert asked for it. */
  requested_at?: string;
}

/** One number of weight. */
export interface KeyFigure {
  /** Stable within the report. */
  key_figure_id: string;
  /** What it is. */
  label: string;
  /** The value as published; absent where nothing is known. */
  value?: number;
  /** Lower end of the 95 % interval, privacy noise included. */
  lower?: number;
  /** Upper end of the 95 % interval, privacy noise included. */
  upper?: number;
  /** Unit of all four numbers: `players`, `minutes`, `share` (0 to 1), `score` (0 to 1), `seconds`, ... May be empty. */
  unit: string;
  /** How to read it, one short sentence. */
  note: string;
  /** True where the noise is so large that the value says nothing. */
  uninformative: boolean;
}

/** One charge. */
export interface LedgerEntry {
  /** Its id. */
  ledger_entry_id: string;
  /** The kind of release that it paid for. */
  kind?: "cohorts" | "retention" | "inline";
  /** The period; missing for an inline batch. */
  period?: Period;
  /** The revision of the period's answer. */
  revision: number;
  /** Millionths of epsilon. */
  epsilon_micros: number;
  /** The delta. */
  delta: number;
  /** The release. */
  release_id: string;
  /** Who asked: the caller's name. */
  actor: string;
  /** When, UTC. */
  charged_at?: string;
}

/** Players' records as the predecessor's callers send them. */
export interface LegacyAggregateBehaviorRequestTolerant {
  /**
   * At most 1,000 records: user_id, therapeutic_focus, session_frequency, engagement_level, sessions[], progress_data,
   * therapeutic_metrics. A malformed one is left out and listed. At most 1,000 sessions a record and 50,000 in all.
   */
  user_data?: Record<string, unknown>[];
  /** The price and the noise. Missing: high. */
  privacy_level?: "low" | "medium" | "high" | "maximum";
}

/** How many cohorts and patterns. */
export interface LegacyAggregateBehaviorResponse {
  /** The batch was recorded and answered. */
  success: boolean;
  /** Segments found. */
  patterns_detected: number;
  /** Cohorts in the answer. */
  cohorts_analyzed: number;
  /** Distinct player ids of the request. */
  total_users: number;
  /** When it was answered, UTC. */
  analysis_timestamp?: string;
  /** Malformed records that were left out, and why. */
  left_out: Violation[];
}

/** An alert as the predecessor printed it. */
export interface LegacyAlert {
  /** Its id. */
  alert_id: string;
  /** Its type, as short lower-case name. */
  alert_type: string;
  /** Its severity, as short lower-case name. */
  severity: string;
  /** One line for people. */
  title: string;
  /** A sentence or two for people. */
  message: string;
  /** The numbers that made it fire. */
  data: Record<string, unknown>;
  /** The player's cohort; missing where unknown. */
  user_cohort?: string;
  /** When it fired first: ISO 8601, UTC. */
  triggered_at: string;
  /** Whether it is resolved. */
  is_resolved: boolean;
  /** When it was resolved: ISO 8601, UTC. */
  resolved_at?: string;
  /** Who resolved it. */
  resolved_by?: string;
  /** How often it fired. */
  count: number;
  /** Where it is in its life: `firing`, `acknowledged`, `resolved`. */
  state: string;
  /** The player as pseudonym in hexadecimal; missing for alerts about the system. */
  subject_pseudonym?: string;
}

/** Cohorts in the predecessor's shape. */
export interface LegacyAnalyzeCohortsResponse {
  /** Cohorts in this answer. */
  total_cohorts: number;
  /** By the cohort's name: count, means, noise. */
  cohort_statistics: Record<string, Record<string, unknown>>;
  /** When it was answered, UTC. */
  analysis_timestamp?: string;
}

/** The last values. */
export interface LegacyGetCurrentMetricsResponse {
  /** Name -> `{value, timestamp, warning_threshold, critical_threshold, status}`. */
  metrics: Record<string, unknown>;
  /** When they were read: ISO 8601, UTC. */
  timestamp: string;
}

/** The alerts that are not resolved. */
export interface LegacyListActiveAlertsResponse {
  /** The alerts. */
  alerts: LegacyAlert[];
  /** How many. */
  count: number;
}

/** Patterns in the predecessor's shape. */
export interface LegacyListPatternsResponse {
  /** Newest first. */
  patterns: LegacyPattern[];
  /** Patterns in this answer. */
  total_count: number;
  /** When it was answered, UTC. */
  analysis_timestamp?: string;
}

/** One pattern in the predecessor's shape. */
export interface LegacyPattern {
  /** Its id. */
  pattern_id: string;
  /** What it describes. */
  pattern_type?: "engagement" | "therapeutic_progress" | "session_behavior" | "outcome_prediction";
  /** Name, centre, size and period. */
  pattern_data: Record<string, unknown>;
  /** The segment's stability, 0 to 1. */
  confidence_score: number;
  /** The segment's name. */
  user_cohort: string;
  /** When it was computed, UTC. */
  created_at?: string;
}

/** One point of a metric. */
export interface LegacyProcessMetricRequestTolerant {
  /** Name of the metric. */
  metric_name: string;
  /** The value. */
  value?: number;
  /** The warning threshold. */
  warning_threshold?: number;
  /** The critical threshold. */
  critical_threshold?: number;
}

/** The point was processed. */
export interface LegacyProcessMetricResponse {
  /** `processed`. */
  status: string;
  /** Name of the metric. */
  metric: string;
}

/** One signal of one player. */
export interface LegacyProcessUserRequestTolerant {
  /** The player's id. */
  user_id: string;
  /** Engagement, 0 to 1. */
  engagement_score?: number;
  /** Length of the session so far, in minutes. */
  session_duration?: number;
  /** Sentiment. */
  sentiment_score?: number;
  /** The player's last messages, oldest first. Never stored. */
  recent_messages?: string[];
}

/** The signal was processed. */
export interface LegacyProcessUserResponse {
  /** `processed`. */
  status: string;
  /** The player's id, as it was sent. */
  user_id: string;
}

/** One report. */
export interface LegacyReport {
  /** Id. */
  report_id: string;
  /** Title. */
  title: string;
  /** Kind of report. */
  type?: "therapeutic_outcomes" | "user_engagement" | "system_performance" | "cohort_analysis" | "trend_analysis" | "custom_dashboard";
  /** When it was done. */
  generated_at?: string;
}

/** The alert is resolved. */
export interface LegacyResolveAlertResponse {
  /** `resolved`. */
  status: string;
  /** The alert. */
  alert_id: string;
}

/** A page of events, oldest first. */
export interface ListAlertEventsResponse {
  /** The events. */
  events: AlertEvent[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A page of alerts, newest first. */
export interface ListAlertsResponse {
  /** The alerts. */
  alerts: Alert[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
  /** The cursor of the log when the page was read: stream from here to miss nothing. */
  cursor: string;
}

/** A page of the trail. */
export interface ListAuditEntriesResponse {
  /** Newest first. */
  entries: AuditEntry[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** A page of the history. */
export interface ListConsentHistoryResponse {
  /** Newest first. */
  changes: ConsentChange[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** A page of contacts, by name. */
export interface ListContactsResponse {
  /** The contacts. */
  contacts: Contact[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A page of dashboards, each in its newest version. */
export interface ListDashboardsResponse {
  /** By time of creation, newest first. */
  dashboards: Dashboard[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** A page of deliveries, newest first. */
export interface ListDeliveriesResponse {
  /** The deliveries. */
  deliveries: Delivery[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A page of escalation policies, by name. */
export interface ListEscalationPoliciesResponse {
  /** The policies. */
  policies: EscalationPolicy[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A page of the ledger. */
export interface ListLedgerEntriesResponse {
  /** Newest first. */
  entries: LedgerEntry[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** The reports. */
export interface ListLegacyReportsResponse {
  /** Newest first. */
  reports: LegacyReport[];
  /** How many there are. */
  total_count: number;
}

/** A page of roll-ups, newest first. */
export interface ListMetricRollupsResponse {
  /** The roll-ups. */
  rollups: MetricRollup[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A page of metrics, by name. */
export interface ListMetricsResponse {
  /** The metrics. */
  metrics: Metric[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A page of models. */
export interface ListModelsResponse {
  /** Newest first. */
  models: Model[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** What panels can show. */
export interface ListPanelSourcesResponse {
  /** In the order of a menu. */
  sources: PanelSource[];
}

/** A page of patterns. */
export interface ListPatternsResponse {
  /** Newest period first, larger segments first. */
  patterns: Pattern[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** A page of releases. */
export interface ListReleasesResponse {
  /** Newest period first, without cells, patterns and retention. */
  releases: Release[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** A page of reports, without documents. */
export interface ListReportsResponse {
  /** Newest first. */
  reports: Report[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** A page of routes, by name. */
export interface ListRoutesResponse {
  /** The routes. */
  routes: Route[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A page of rules, by id. */
export interface ListRulesResponse {
  /** The rules. */
  rules: Rule[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A page of runs. */
export interface ListScheduleRunsResponse {
  /** Newest first. */
  runs: ScheduleRun[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** A page of schedules. */
export interface ListSchedulesResponse {
  /** By time of creation, newest first. */
  schedules: Schedule[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** A page of silences, newest first. */
export interface ListSilencesResponse {
  /** The silences. */
  silences: Silence[];
  /** Where the next page starts; empty on the last one. */
  next_page_token: string;
}

/** A condition on one attribute of an alert. All matchers of a silence or route must hold. */
export interface Matcher {
  /** What to compare: `alert_type`, `severity`, `rule_id`, `subject_pseudonym`, `metric_name`, or `label.NAME`. */
  attribute: string;
  /** Any of these values, exactly. */
  values: string[];
  /** True for none of the values. */
  negate: boolean;
}

/** A condition on one attribute of an alert. All matchers of a silence or route must hold. */
export interface MatcherInput {
  /** What to compare: `alert_type`, `severity`, `rule_id`, `subject_pseudonym`, `metric_name`, or `label.NAME`. */
  attribute: string;
  /** Any of these values, exactly. */
  values: string[];
  /** True for none of the values. */
  negate?: boolean;
}

/** The difference of one measure. */
export interface MeasureComparison {
  /** Which measure. */
  measure?: "sessions" | "minutes" | "interactions" | "interventions" | "markers" | "engagement" | "sentiment" | "overall_progress" | "goal_completion";
  /** The mean of the left side. */
  left?: Estimate;
  /** The mean of the right side. */
  right?: Estimate;
  /** Right minus left. */
  difference?: Estimate;
  /** The difference in standard deviations between players (Cohen's d). */
  effect_size?: Estimate;
  /** higher, lower, or no clear difference. */
  verdict: string;
}

/** One measure of one cell. */
export interface MeasureFigures {
  /** Which. */
  measure?: "sessions" | "minutes" | "interactions" | "interventions" | "markers" | "engagement" | "sentiment" | "overall_progress" | "goal_completion";
  /** Players who have a value of it. */
  count?: Estimate;
  /** The sum over players of each player's clamped total or mean. */
  sum?: Estimate;
  /** The mean over players. Missing where too few have a value to divide by. */
  mean?: Estimate;
  /** The standard deviation between players, from the noisy sum of squares; never below zero. Missing as the mean. */
  spread?: number;
  /** The cap that a player's value was clamped to, in the measure's unit. */
  cap: number;
}

/** How a mean moved over released periods. */
export interface MeasureTrend {
  /** Which measure. */
  measure?: "sessions" | "minutes" | "interactions" | "interventions" | "markers" | "engagement" | "sentiment" | "overall_progress" | "goal_completion";
  /** The change of the mean per period, with its interval. */
  slope?: Estimate;
  /** Releases that it rests on. */
  releases: number;
  /** rising, falling, or no clear change. */
  verdict: string;
}

/** The last value of a series. */
export interface Metric {
  /** Name of the metric. */
  metric_name: string;
  /** The value, in `unit`. */
  value: number;
  /** When it was measured. */
  recorded_at?: string;
  /** The unit. */
  unit: string;
  /** The labels. */
  labels: Record<string, string>;
  /** The warning threshold. */
  warning_threshold?: number;
  /** The critical threshold. */
  critical_threshold?: number;
  /** What the value means. */
  status?: "normal" | "warning" | "critical";
  /** How unusual the value is for its series: 0 as ever, from 1 on an anomaly. Missing while the series is too young. */
  anomaly_score?: number;
  /** True where another replica owns the series and was away, so that the score comes from its last checkpoint. */
  approximate: boolean;
  /** True where nothing arrived for longer than the staleness setting. */
  stale: boolean;
}

/** One measured value of a series. A series is a name with its labels. */
export interface MetricPointInput {
  /** Name of the metric, with its unit where that is customary: `http_request_duration_seconds`. */
  metric_name: string;
  /** The value, in `unit`. */
  value?: number;
  /** When it was measured. At most 5 minutes ahead of the server's clock, and then it counts as now; without it, now. */
  recorded_at?: string;
  /** The unit: `seconds`, `percent`, `bytes`. */
  unit?: string;
  /** What tells series of one name apart. Never a player's id. */
  labels?: Record<string, string>;
  /** From here on a warning: an alert of severity medium. */
  warning_threshold?: number;
  /** From here on critical: an alert of severity critical. */
  critical_threshold?: number;
  /** On which side the trouble lies. */
  direction?: "above" | "below";
  /**
   * How far back inside a threshold the value must come before its alert may clear, as a fraction of the threshold. Without
   * it 0.05.
   */
  hysteresis?: number;
}

/** One window of one series. */
export interface MetricRollup {
  /** Name of the metric. */
  metric_name: string;
  /** The labels. */
  labels: Record<string, string>;
  /** The window's length. */
  window?: "hour" | "day" | "week" | "month";
  /** The window's first moment, UTC. */
  window_start?: string;
  /** Points in it. */
  count: number;
  /** Their mean. */
  mean: number;
  /** The least. */
  minimum: number;
  /** The greatest. */
  maximum: number;
  /** The last. */
  last: number;
  /** Standard deviation of the points; 0 for one. */
  standard_deviation: number;
}

/** One trained model and how good it is. */
export interface Model {
  /** Its id. */
  model_id: string;
  /** The family. */
  model_name: string;
  /** Counts from 1 within the family. */
  version: number;
  /** What it may be used for. */
  state?: "rejected" | "active" | "stale" | "retired";
  /** `logistic_regression`, `gradient_boosting`, or `average` of the two; the first is the baseline to be beaten. */
  algorithm: string;
  /** Days of facts that its features use. */
  observation_days: number;
  /** Outcomes that count as success. */
  positive_categories: ("positive" | "neutral" | "needs_attention" | "excellent" | "good" | "moderate")[];
  /** Its quality, by measure and by way of evaluation. */
  metrics: ModelMetric[];
  /** Predicted against observed, in bins of the predicted probability. */
  calibration: CalibrationBin[];
  /** The names of its features, the most important first. */
  features: FeatureImportance[];
  /**
   * How far the scores of recent players are from those it learned from, as population stability index; above 0.25 is
   * far. 0 before the first watch.
   */
  drift: number;
  /** Why it is in its state, in words. */
  note: string;
  /** When it was trained, UTC. */
  created_at?: string;
  /** What the watch over recent players found; missing before there are enough of them. */
  watch?: ModelDrift;
}

/** How recent players differ from those a model learned from, and how well it does on them. */
export interface ModelDrift {
  /** Population stability index of the predicted probabilities: below 0.1 stable, above 0.25 far. */
  score_stability: number;
  /** The same of the features that moved most, the farthest first. */
  features: FeatureDrift[];
  /** The mean squared error on recent players whose outcome is known; missing where they are too few. */
  recent_brier?: number;
  /** The same as measured by time when the model was trained, or by subject where there was no time to test on. */
  trained_brier: number;
  /** Whether it should be trained anew, and why, in words. */
  verdict: string;
  /** When it was watched last, UTC. */
  checked_at?: string;
}

/** One measure of quality. */
export interface ModelMetric {
  /** accuracy, precision, recall, f1, auc, brier, calibration_error, margin (over the majority class). */
  name: string;
  /** `by_subject` (cross-validation over players) or `by_time` (trained on earlier players, tested on later ones). */
  evaluation: string;
  /** The value, 0 to 1; the margin may be negative. */
  value: number;
  /** The lower end of its 95 % interval. */
  lower: number;
  /** The upper end of its 95 % interval. */
  upper: number;
  /** What always answering the majority class gives; missing where that has no meaning. */
  majority?: number;
  /** What the baseline, logistic regression, gives; missing where it was not judged. */
  baseline?: number;
}

/** Players with one category of outcome. */
export interface OutcomeCount {
  /** The category. */
  outcome_category?: "positive" | "neutral" | "needs_attention" | "excellent" | "good" | "moderate";
  /** Players whose latest outcome of the period has it. */
  subjects?: Estimate;
}

/** The share of one category of outcome. */
export interface OutcomeShare {
  /** The category. */
  outcome_category?: "positive" | "neutral" | "needs_attention" | "excellent" | "good" | "moderate";
  /** The share, 0 to 1 before noise. */
  share?: Estimate;
}

/** One panel on a grid of 12 columns. */
export interface Panel {
  /** Unique within the dashboard. */
  panel_id: string;
  /** Heading, at most 200 characters. Not given: the source's. */
  title: string;
  /** What it looks like. */
  kind?: "key_figure" | "chart" | "table" | "text";
  /** What it shows, from `ListPanelSources`. Not for text. */
  source_id: string;
  /** Over what it is drawn, where the source is a statistic. */
  breakdown?: "period" | "focus" | "cohort";
  /** What to keep. */
  filters?: ReportFilters;
  /** Words of a text panel, at most 4000 characters; plain text. */
  text: string;
  /** Left column, 0 to 11. */
  column: number;
  /** Top row, 0 to 999. */
  row: number;
  /** Width in columns, 1 to 12. */
  width: number;
  /** Height in rows, 1 to 100. */
  height: number;
}

/** One panel on a grid of 12 columns. */
export interface PanelInput {
  /** Unique within the dashboard. */
  panel_id: string;
  /** Heading, at most 200 characters. Not given: the source's. */
  title?: string;
  /** What it looks like. */
  kind: "key_figure" | "chart" | "table" | "text";
  /** What it shows, from `ListPanelSources`. Not for text. */
  source_id?: string;
  /** Over what it is drawn, where the source is a statistic. */
  breakdown?: "period" | "focus" | "cohort";
  /** What to keep. */
  filters?: ReportFiltersInput;
  /** Words of a text panel, at most 4000 characters; plain text. */
  text?: string;
  /** Left column, 0 to 11. */
  column?: number;
  /** Top row, 0 to 999. */
  row?: number;
  /** Width in columns, 1 to 12. */
  width: number;
  /** Height in rows, 1 to 100. */
  height: number;
}

/** Something that a panel can show. */
export interface PanelSource {
  /** Id for `Panel.source_id`. */
  source_id: string;
  /** What it is. */
  title: string;
  /** How to read it. */
  description: string;
  /** Unit of its values; may be empty. */
  unit: string;
  /** What a panel of it may look like. */
  kinds: ("key_figure" | "chart" | "table" | "text")[];
  /** Over what it can be drawn; empty where it has its own form. */
  breakdowns: ("period" | "focus" | "cohort")[];
}

/** A segment of players that private k-means found within a release. */
export interface Pattern {
  /** Its id. */
  pattern_id: string;
  /** What it describes. */
  pattern_type?: "engagement" | "therapeutic_progress" | "session_behavior" | "outcome_prediction";
  /** A name that follows from the released centre: `high minutes, low engagement`. */
  name: string;
  /** The release that it belongs to. */
  release_id: string;
  /** The period of the release; missing for an inline batch. */
  period?: Period;
  /** Players in it. */
  subjects?: Estimate;
  /** Its share of the players that were segmented, 0 to 1 before noise. */
  share?: Estimate;
  /** The centre, one entry a feature. */
  features: PatternFeature[];
  /** How well the segmentation holds when it is redrawn from the released figures with their noise, 0 to 1. */
  stability: number;
  /** When it was computed, UTC. */
  created_at?: string;
}

/** One coordinate of a segment's centre. */
export interface PatternFeature {
  /** The feature, with its unit: `minutes`, `engagement_score`. */
  name: string;
  /** The centre's value. */
  value?: Estimate;
  /** low, medium or high beside the other segments of the same release. */
  standing: string;
}

/** A period of one grain. */
export interface Period {
  /** The first moment, UTC. */
  start?: string;
  /** The length. */
  grain?: "day" | "week" | "month";
}

/** A release that the plan foresees. */
export interface PlannedRelease {
  /** The kind. */
  kind?: "cohorts" | "retention" | "inline";
  /** The period. */
  period?: Period;
  /** What it will cost in millionths of epsilon. */
  epsilon_micros: number;
  /** It fits under the cap at its time if everything planned before it is made. */
  fits: boolean;
}

/** Whose outlook. */
export interface PredictOutcomeRequest {
  /** The player, 1 to 256 characters. */
  user_id: string;
  /** The family of models; empty: `outcome`. At most 64 characters. */
  model_name?: string;
}

/** One player's outlook. A figure to talk about, never a decision. */
export interface Prediction {
  /** The probability of success, calibrated, 0 to 1. */
  probability: number;
  /** The lower end of its 95 % interval. */
  lower: number;
  /** The upper end of its 95 % interval. */
  upper: number;
  /** What moved it most, the strongest first. */
  reasons: PredictionReason[];
  /** The model that said so. */
  model_id: string;
  /** Its version. */
  model_version: number;
  /** The model waits to be retrained. */
  model_stale: boolean;
  /** Up to when the player's facts were used, UTC. */
  known_until?: string;
}

/** One reason of a prediction. */
export interface PredictionReason {
  /** The feature, with its unit. */
  feature: string;
  /** The player's value; missing where it is not known. */
  value?: number;
  /** How it moved the log-odds of success. */
  contribution: number;
  /** The same in words. */
  description: string;
}

/** Panels to build. */
export interface PreviewDashboardRequest {
  /** The dashboard as it stands in the builder; its id may be empty. */
  dashboard: DashboardInput;
  /** Also answer each chart as Plotly figure. */
  include_figures?: boolean;
}

/** A request to record one point. */
export interface ProcessMetricRequest {
  /** Makes a retried write count once: any string that is new for each write, kept 24 hours. */
  request_id?: string;
  /** The point. */
  metric: MetricPointInput;
}

/** What followed from one point. */
export interface ProcessMetricResponse {
  /** The series as it is now. */
  metric?: Metric;
  /** The alerts that this point opened or repeated. */
  alert_ids: string[];
}

/** A request to judge one signal. */
export interface ProcessSignalRequest {
  /** Makes a retried write count once: any string that is new for each write, kept 24 hours. */
  request_id?: string;
  /** The signal. */
  signal: SignalInput;
}

/** What followed from one signal. */
export interface ProcessSignalResponse {
  /** The rules that fired. */
  fired: FiredRule[];
  /** What the crisis recogniser said. Missing where the signal had no messages. */
  crisis?: CrisisAssessment;
}

/** The figures beside the chart. */
export interface ProgressMeta {
  /** Sessions in the range. */
  total_sessions: number;
  /** Minutes a session, of the sessions whose duration is known; 0 where none is. */
  avg_session_duration: number;
  /** The range. */
  date_range?: DateRange;
}

/** One line of the chart. */
export interface ProgressSeries {
  /** sessions, minutes, interactions, engagement, sentiment, overall_progress, goal_completion_rate. */
  name: string;
  /** One number a bucket; null where nothing is known. */
  data: unknown[];
}

/** Where one player stands at one moment. */
export interface ProgressSnapshotInput {
  /** The player, as the source knows them: 1 to 256 characters. */
  user_id: string;
  /** When it was so, UTC. Not before 2000 and at most 5 minutes ahead of this service's clock. */
  recorded_at: string;
  /** The whole way, 0 to 1. */
  overall_progress?: number;
  /** The share of goals that are reached, 0 to 1. */
  goal_completion_rate?: number;
  /** How engaged the player is, as the sender judges: low, medium, high, unspecified. */
  engagement_level?: "low" | "medium" | "high" | "unspecified";
  /** Sessions of the player until then, as the sender counts, 0 to 1,000,000. */
  total_sessions?: number;
}

/** Progress over time, as TTA's frontend charts it. */
export interface ProgressViz {
  /** The days (7 and 30), ISO weeks by their Monday (90) or months by their first day (365), UTC, as `2026-11-22`. */
  time_buckets: string[];
  /** One entry a line of the chart. */
  series: ProgressSeries[];
  /** The figures beside the chart. */
  meta?: ProgressMeta;
}

/** A page of cells. */
export interface QueryCohortsResponse {
  /** Newest period first; within a period all, then by focus, then by cohort. */
  cohorts: ReleasedCell[];
  /** For the next page; empty on the last. */
  next_page_token: string;
}

/** The new cap. */
export interface RaiseBudgetRequest {
  /** The cap for any 365 days in millionths of epsilon, above the present one, at most 100,000,000. */
  cap_micros: number;
  /** Why, for the audit trail: 1 to 500 characters. */
  purpose: string;
  /** Makes a repeated request answer as the first did, for 24 hours. At most 128 characters. */
  request_id?: string;
}

/** Noisy integers of one statistic of one cell, signed, as drawn. */
export interface RawMeasurement {
  /** players, capped, outcomes, or the name of a measure. */
  statistic: string;
  /** The scale of the integer Laplace noise, in the unit of the values. */
  scale: number;
  /** By how much one player moves all values together, in L1. */
  sensitivity: number;
  /**
   * players and capped: one count. outcomes: six counts in the order of OutcomeCategory. A measure, with x a player's value in
   * thousandths of the cap and c the largest x of the cell: the sums of x^2, of 2x(c - x), of (c - x)^2.
   */
  values: number[];
}

/** A group of Alertmanager. */
export interface ReceiveSystemAlertsRequestTolerant {
  /** The alerts of the group. */
  alerts?: SystemAlertInputTolerant[];
  /** Makes a retried write count once. */
  request_id?: string;
}

/** What became of a group. */
export interface ReceiveSystemAlertsResponse {
  /** The alerts that those firing fold into, in their order. */
  alert_ids: string[];
}

/** A batch of outcomes. */
export interface RecordOutcomesRequest {
  /** At most 1,000. */
  outcomes?: TherapeuticOutcomeInput[];
  /** Makes a repeated request answer as the first did, for 24 hours. At most 128 characters. */
  request_id?: string;
  /** How the sender knows of consent. */
  consent_basis?: "required" | "asserted";
}

/** The private statistics of one period: computed once, charged once. */
export interface Release {
  /** Its id. */
  release_id: string;
  /** What it answers. */
  kind?: "cohorts" | "retention" | "inline";
  /** The period; missing for an inline batch. */
  period?: Period;
  /** 0 for the first answer of the period. */
  revision: number;
  /** The version of the release plan: caps, shares of epsilon, levels, names. */
  plan_version: string;
  /** What it cost in millionths of epsilon. */
  epsilon_micros: number;
  /** The delta of the selection of undeclared focus names; 0 where none was made. */
  delta: number;
  /** The entry of the ledger that paid for it. */
  ledger_entry_id: string;
  /** When it was computed, UTC. */
  created_at?: string;
  /** The cells of all levels. Empty in lists. */
  cells: Cell[];
  /** The behaviour segments. Empty in lists. */
  patterns: Pattern[];
  /** Retention, where the kind is retention. Missing in lists. */
  retention?: Retention;
  /** What a reader must know, in words: too few players for segments, undeclared names below the threshold. */
  notes: string[];
}

/** A cell with where it comes from. */
export interface ReleasedCell {
  /** The release. */
  release_id: string;
  /** Its period. */
  period?: Period;
  /** The statistics. */
  cell?: Cell;
}

/** One format of a report as a file. */
export interface Rendition {
  /** Format. */
  format?: "json" | "html" | "pdf" | "excel" | "csv";
  /** Media type. */
  media_type: string;
  /** Name to save it under. */
  file_name: string;
  /** Size in bytes. */
  size_bytes: number;
  /** SHA-256 of its bytes, hexadecimal. */
  sha256: string;
}

/** A report and where it is in its life. */
export interface Report {
  /** Id. */
  report_id: string;
  /** What it holds. */
  spec?: ReportSpec;
  /** First moment of the data, UTC, inclusive. */
  range_start?: string;
  /** End of the data, UTC, exclusive. */
  range_end?: string;
  /** Where it is. */
  state?: "queued" | "running" | "done" | "failed" | "cancelled";
  /** Share of the work that is done, 0 to 1. */
  progress: number;
  /** What is being done, for people. */
  stage: string;
  /** Set where the state is failed. */
  failure?: ReportFailure;
  /** Who asked for it. */
  created_by: string;
  /** When it was asked for. */
  created_at?: string;
  /** When a worker first took it. */
  started_at?: string;
  /** When it was done, failed or cancelled. */
  finished_at?: string;
  /** When it and its files are removed. */
  expires_at?: string;
  /** The newest moment that any figure knows of; set when done. */
  data_as_of?: string;
  /** Files that are ready. */
  renditions: Rendition[];
  /** The schedule that asked for it. */
  schedule_id?: string;
  /** How often a worker has taken it, 0 while queued. More than 1 after a crash. */
  attempts: number;
  /** The document; only from `GetReport` with `include_document`, when done. */
  document?: ReportDocument;
  /** The caller may download excel and csv. */
  may_export: boolean;
  /** The caller may cancel and delete it. */
  may_manage: boolean;
}

/** A word and what it means here. */
export interface ReportDefinition {
  /** The word. */
  term: string;
  /** What it means. */
  meaning: string;
}

/** A whole report, frozen: the same snapshot gives the same document. */
export interface ReportDocument {
  /** Kind of report. */
  report_type?: "therapeutic_outcomes" | "user_engagement" | "system_performance" | "cohort_analysis" | "trend_analysis" | "custom_dashboard";
  /** Title. */
  title: string;
  /** What the person who asked wrote about it; may be empty. */
  description: string;
  /** First moment of the data, UTC, inclusive. */
  range_start?: string;
  /** End of the data, UTC, exclusive. */
  range_end?: string;
  /** The newest moment that any figure knows of. */
  data_as_of?: string;
  /** When the snapshot was taken. */
  generated_at?: string;
  /** What matters most, at most five. */
  summary: Finding[];
  /** The parts. */
  sections: ReportSection[];
  /** Words used. */
  definitions: ReportDefinition[];
  /** How players are protected and what that does to the figures. */
  privacy_notes: string[];
  /** What was left out and why: filters that match nothing, periods without a release. */
  notices: string[];
  /** Where the figures come from. */
  sources: ReportSource[];
}

/** Why a report could not be made. */
export interface ReportFailure {
  /** Stable, for machines: `source_unavailable`, `render_failed`, `took_too_long`, `pdf_unavailable`. */
  reason: string;
  /** For people: what was wrong and what to do. */
  message: string;
}

/** Which cohorts, statistics and services a report keeps. Empty lists keep all. */
export interface ReportFilters {
  /** Length of the periods. Not given: month. */
  grain?: "day" | "week" | "month";
  /** Therapeutic focus names. */
  therapeutic_focus: string[];
  /** Session frequency names. */
  session_frequency: string[];
  /** Engagement level names. */
  engagement_level: string[];
  /** Names of statistics, as releases carry them. */
  statistics: string[];
  /** Names of service metrics, for system performance. */
  metrics: string[];
}

/** Which cohorts, statistics and services a report keeps. Empty lists keep all. */
export interface ReportFiltersInput {
  /** Length of the periods. Not given: month. */
  grain?: "day" | "week" | "month";
  /** Therapeutic focus names. */
  therapeutic_focus?: string[];
  /** Session frequency names. */
  session_frequency?: string[];
  /** Engagement level names. */
  engagement_level?: string[];
  /** Names of statistics, as releases carry them. */
  statistics?: string[];
  /** Names of service metrics, for system performance. */
  metrics?: string[];
}

/** The state of a report at one moment. */
export interface ReportProgress {
  /** Id. */
  report_id: string;
  /** Where it is. */
  state?: "queued" | "running" | "done" | "failed" | "cancelled";
  /** Share of the work that is done, 0 to 1; never falls within an attempt. */
  progress: number;
  /** What is being done, for people. */
  stage: string;
  /** Set where the state is failed. */
  failure?: ReportFailure;
  /** When this was observed. */
  observed_at?: string;
}

/** A part of a report under one heading. */
export interface ReportSection {
  /** Stable within the report. */
  section_id: string;
  /** Heading. */
  title: string;
  /** What the section answers, one or two sentences. */
  lead: string;
  /** Numbers of weight. */
  key_figures: KeyFigure[];
  /** What the section found. */
  findings: Finding[];
  /** Charts, each with its table in `tables`. */
  charts: Chart[];
  /** Tables. */
  tables: Table[];
  /** What a reader must know to read the section rightly. */
  footnotes: string[];
}

/** Where the figures come from. */
export interface ReportSource {
  /** `release` or `metric`. */
  kind: string;
  /** Id of the release or name of the metric. */
  source_id: string;
  /** What it is, in words: `Month 2026-01`. */
  description: string;
}

/** What a report is to hold. Also what a schedule repeats. */
export interface ReportSpec {
  /** Kind of report. */
  report_type?: "therapeutic_outcomes" | "user_engagement" | "system_performance" | "cohort_analysis" | "trend_analysis" | "custom_dashboard";
  /** Title, at most 200 characters. Not given: one that follows from type and range. */
  title: string;
  /** What the reader should know, at most 2000 characters. */
  description: string;
  /** What to keep. */
  filters?: ReportFilters;
  /** Formats to prepare; others are rendered when first downloaded. Empty: json and html. */
  formats: ("json" | "html" | "pdf" | "excel" | "csv")[];
  /** The dashboard whose panels a custom_dashboard shows. Not given: panels over all statistics. */
  dashboard_id?: string;
  /** Periods ahead that trend analysis forecasts, 0 to 24. Not given: 3. */
  forecast_periods?: number;
}

/** What a report is to hold. Also what a schedule repeats. */
export interface ReportSpecInput {
  /** Kind of report. */
  report_type: "therapeutic_outcomes" | "user_engagement" | "system_performance" | "cohort_analysis" | "trend_analysis" | "custom_dashboard";
  /** Title, at most 200 characters. Not given: one that follows from type and range. */
  title?: string;
  /** What the reader should know, at most 2000 characters. */
  description?: string;
  /** What to keep. */
  filters?: ReportFiltersInput;
  /** Formats to prepare; others are rendered when first downloaded. Empty: json and html. */
  formats?: ("json" | "html" | "pdf" | "excel" | "csv")[];
  /** The dashboard whose panels a custom_dashboard shows. Not given: panels over all statistics. */
  dashboard_id?: string;
  /** Periods ahead that trend analysis forecasts, 0 to 24. Not given: 3. */
  forecast_periods?: number;
}

/** Which alert is over. */
export interface ResolveAlertRequest {
  /** Anything worth keeping. Write no names of players. */
  note?: string;
  /** Makes a retried write count once. */
  request_id?: string;
}

/** How many players came back. */
export interface Retention {
  /** The release that it comes from. */
  release_id: string;
  /** The period of the first sessions. */
  period?: Period;
  /** Players whose first session lies in the period. */
  subjects?: Estimate;
  /** One entry a week since each player's own first session, from 0. */
  weeks: RetentionWeek[];
}

/** One week since the first session. */
export interface RetentionWeek {
  /** The week: 0 holds the first session and the six days after it. */
  week: number;
  /** Players active in it. */
  active?: Estimate;
  /** Their share of the players, 0 to 1 before noise. */
  share?: Estimate;
}

/** Which delivery to send again. */
export interface RetryDeliveryRequest {
  /** Makes a retried write count once. */
  request_id?: string;
}

/** Whose player to tell, and why. */
export interface RevealAlertSubjectRequest {
  /** Why the player must be reached. Kept in the audit log. */
  purpose: string;
  /** Makes a retried write count once; kept for ever. */
  request_id?: string;
}

/** Who the player is. */
export interface RevealAlertSubjectResponse {
  /** The player's canonical id. */
  user_id: string;
  /** The place of the audit entry. */
  audit_position: number;
}

/** Whom to reveal, and why. */
export interface RevealSubjectRequest {
  /** The subject id, at most 64 characters. */
  subject_id?: string;
  /** The pseudonym: 64 hexadecimal digits. */
  pseudonym?: string;
  /** Why, for the audit trail: 10 to 500 characters. */
  purpose: string;
  /** Makes a repeated request leave one audit entry; its answer is never kept. At most 128 characters. */
  request_id?: string;
}

/** Who it is. */
export interface RevealSubjectResponse {
  /** The player's canonical id. */
  user_id: string;
}

/** A route as kept. */
export interface Route {
  /** Its id. */
  route_id: string;
  /** What it says. */
  definition?: RouteDefinition;
  /** When it was changed last. */
  updated_at?: string;
}

/** Which alerts go to whom. Every route that matches sends; a contact gets one message. */
export interface RouteDefinition {
  /** Name for people. */
  name: string;
  /** Only alerts of these types; none for all. */
  alert_types: ("therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern")[];
  /** Only alerts of this severity or a higher one. */
  min_severity?: "low" | "medium" | "high" | "critical";
  /** Further conditions: all must match. */
  matchers: Matcher[];
  /**
   * Only within these hours; without it always. Where nobody would be told of an alert at its hour, it waits until the
   * hours of the first of its routes begin; one that is critical, and a safety concern of severity high, is told at once
   * by all its routes.
   */
  hours?: Hours;
  /** Who is told. */
  contact_ids: string[];
  /** How it goes on when nobody acknowledges; empty for the default policy of the severity. */
  policy_id: string;
  /** Whether it is used. */
  enabled: boolean;
  /** Alerts of one player within so many seconds share a message, below severity high. 0 for none. */
  group_seconds: number;
}

/** Which alerts go to whom. Every route that matches sends; a contact gets one message. */
export interface RouteDefinitionInput {
  /** Name for people. */
  name: string;
  /** Only alerts of these types; none for all. */
  alert_types?: ("therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern")[];
  /** Only alerts of this severity or a higher one. */
  min_severity?: "low" | "medium" | "high" | "critical";
  /** Further conditions: all must match. */
  matchers?: MatcherInput[];
  /**
   * Only within these hours; without it always. Where nobody would be told of an alert at its hour, it waits until the
   * hours of the first of its routes begin; one that is critical, and a safety concern of severity high, is told at once
   * by all its routes.
   */
  hours?: HoursInput;
  /** Who is told. */
  contact_ids?: string[];
  /** How it goes on when nobody acknowledges; empty for the default policy of the severity. */
  policy_id?: string;
  /** Whether it is used. */
  enabled?: boolean;
  /** Alerts of one player within so many seconds share a message, below severity high. 0 for none. */
  group_seconds?: number;
}

/** A rule. */
export interface Rule {
  /** What it says. */
  definition?: RuleDefinition;
  /** Whether it came with the service. Its condition is then a compiled predicate, shown here in words. */
  built_in: boolean;
  /** Goes up with each change. */
  version: number;
  /** When it was changed last. */
  updated_at?: string;
  /** Who changed it last. */
  updated_by: string;
  /** Why the service switched it off: `over_budget`. Empty otherwise. */
  disabled_reason: string;
}

/** What a rule says. */
export interface RuleDefinition {
  /** Its id, chosen by its author: lower case, digits, underscores and hyphens. */
  rule_id: string;
  /** One line for people; becomes the alert's title. */
  title: string;
  /** Why it exists and what to do; becomes the alert's message. */
  description: string;
  /**
   * The condition in CEL, at most 50 nodes: comparisons, arithmetic and logic over `engagement_score`,
   * `session_duration_minutes`, `sentiment_score`, `interaction_count`, `emotional_state` (a short name),
   * `requires_therapeutic_intervention`, `crisis_severity` (a short name), `measures.NAME`, and the rolling statistics of the
   * player's own signals of the last 24 hours `mean.FIELD`, `minimum.FIELD`, `maximum.FIELD`, `last.FIELD`, `count.FIELD`.
   * A condition that needs a field that the signal lacks does not hold.
   */
  condition: string;
  /**
   * How long the condition must have held, over signals of one player, before it fires. 0 for at once, as crisis language
   * does. It begins anew after a signal in which the condition does not hold, after half an hour (or the duration, if that
   * is longer) without one in which it does, and when the condition is changed. While Redis is away each replica goes by the
   * signals that it received itself.
   */
  for_seconds: number;
  /**
   * How long after an alert was resolved the rule stays quiet for the same player. Never applies to safety concerns of
   * severity high or critical.
   */
  cooldown_seconds: number;
  /** Severity of its alerts. */
  severity?: "low" | "medium" | "high" | "critical";
  /** Type of its alerts. Those of safety concerns speak of every player, all others of those who agreed to analytics. */
  alert_type?: "therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern";
  /** What the game should do. Empty for nothing. */
  intervention: string;
  /** Whether it is looked at. */
  enabled: boolean;
  /** How long the condition must not have held before its alert resolves by itself; 0 for never. */
  auto_resolve_seconds: number;
}

/** What a rule says. */
export interface RuleDefinitionInput {
  /** Its id, chosen by its author: lower case, digits, underscores and hyphens. */
  rule_id: string;
  /** One line for people; becomes the alert's title. */
  title: string;
  /** Why it exists and what to do; becomes the alert's message. */
  description?: string;
  /**
   * The condition in CEL, at most 50 nodes: comparisons, arithmetic and logic over `engagement_score`,
   * `session_duration_minutes`, `sentiment_score`, `interaction_count`, `emotional_state` (a short name),
   * `requires_therapeutic_intervention`, `crisis_severity` (a short name), `measures.NAME`, and the rolling statistics of the
   * player's own signals of the last 24 hours `mean.FIELD`, `minimum.FIELD`, `maximum.FIELD`, `last.FIELD`, `count.FIELD`.
   * A condition that needs a field that the signal lacks does not hold.
   */
  condition: string;
  /**
   * How long the condition must have held, over signals of one player, before it fires. 0 for at once, as crisis language
   * does. It begins anew after a signal in which the condition does not hold, after half an hour (or the duration, if that
   * is longer) without one in which it does, and when the condition is changed. While Redis is away each replica goes by the
   * signals that it received itself.
   */
  for_seconds?: number;
  /**
   * How long after an alert was resolved the rule stays quiet for the same player. Never applies to safety concerns of
   * severity high or critical.
   */
  cooldown_seconds?: number;
  /** Severity of its alerts. */
  severity: "low" | "medium" | "high" | "critical";
  /** Type of its alerts. Those of safety concerns speak of every player, all others of those who agreed to analytics. */
  alert_type: "therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern";
  /** What the game should do. Empty for nothing. */
  intervention?: string;
  /** Whether it is looked at. */
  enabled?: boolean;
  /** How long the condition must not have held before its alert resolves by itself; 0 for never. */
  auto_resolve_seconds?: number;
}

/** Which schedule to run. */
export interface RunNowRequest {
  /** Makes a retry count once for 24 h. At most 128 characters. */
  request_id?: string;
}

/** Reports that come by themselves. */
export interface Schedule {
  /** Id; assigned on creation. */
  schedule_id: string;
  /** Name, at most 200 characters, not only blanks: the title of what is sent. */
  name: string;
  /** Five fields: minute, hour, day of month, month, day of week. A sixth in front is seconds. */
  cron: string;
  /** IANA name: `Europe/Berlin`. Not given: `UTC`. */
  time_zone: string;
  /** What each report holds. */
  spec?: ReportSpec;
  /** Length of the range in periods of `range_grain` before the tick, complete ones only, 1 to 520. Not given: 12. */
  range_periods: number;
  /** Grain of the range. Not given: month. */
  range_grain?: "day" | "week" | "month";
  /** Where each report is sent, at most 20. */
  deliveries: ScheduleDelivery[];
  /** What happens to ticks that passed while nothing ran. */
  catch_up?: "skip" | "latest" | "all";
  /** Does not tick while true. */
  paused: boolean;
  /** Counts changes, from 1. Assigned. */
  version: number;
  /** Who created it. Assigned. */
  created_by: string;
  /** When it was created. Assigned. */
  created_at?: string;
  /** When it was last changed. Assigned. */
  updated_at?: string;
  /** The next three runs, in the schedule's zone shown as UTC moments. Assigned; empty while paused. */
  next_runs: string[];
}

/** Where a report is sent. */
export interface ScheduleDelivery {
  /** A contact of the monitoring service; its channel decides between e-mail and webhook. Either this or an address. */
  contact_id: string;
  /** An e-mail address. Either this or a contact. */
  email_address: string;
  /** Format that is sent. */
  format?: "json" | "html" | "pdf" | "excel" | "csv";
  /**
   * What the recipient may see, no more than whoever makes the schedule. A delivery that passes it is refused on
   * creation.
   */
  recipient_role?: "therapist" | "researcher" | "admin" | "operator";
}

/** Where a report is sent. */
export interface ScheduleDeliveryInput {
  /** A contact of the monitoring service; its channel decides between e-mail and webhook. Either this or an address. */
  contact_id?: string;
  /** An e-mail address. Either this or a contact. */
  email_address?: string;
  /** Format that is sent. */
  format: "json" | "html" | "pdf" | "excel" | "csv";
  /**
   * What the recipient may see, no more than whoever makes the schedule. A delivery that passes it is refused on
   * creation.
   */
  recipient_role?: "therapist" | "researcher" | "admin" | "operator";
}

/** Reports that come by themselves. */
export interface ScheduleInput {
  /** Id; assigned on creation. */
  schedule_id?: string;
  /** Name, at most 200 characters, not only blanks: the title of what is sent. */
  name: string;
  /** Five fields: minute, hour, day of month, month, day of week. A sixth in front is seconds. */
  cron: string;
  /** IANA name: `Europe/Berlin`. Not given: `UTC`. */
  time_zone?: string;
  /** What each report holds. */
  spec: ReportSpecInput;
  /** Length of the range in periods of `range_grain` before the tick, complete ones only, 1 to 520. Not given: 12. */
  range_periods?: number;
  /** Grain of the range. Not given: month. */
  range_grain?: "day" | "week" | "month";
  /** Where each report is sent, at most 20. */
  deliveries?: ScheduleDeliveryInput[];
  /** What happens to ticks that passed while nothing ran. */
  catch_up?: "skip" | "latest" | "all";
  /** Does not tick while true. */
  paused?: boolean;
  /** Counts changes, from 1. Assigned. */
  version?: number;
  /** Who created it. Assigned. */
  created_by?: string;
  /** When it was created. Assigned. */
  created_at?: string;
  /** When it was last changed. Assigned. */
  updated_at?: string;
  /** The next three runs, in the schedule's zone shown as UTC moments. Assigned; empty while paused. */
  next_runs?: string[];
}

/** One tick of a schedule. */
export interface ScheduleRun {
  /** Id. */
  run_id: string;
  /** The schedule. */
  schedule_id: string;
  /** The moment it stands for; unique within the schedule. */
  tick?: string;
  /** Where it is. */
  state?: "queued" | "running" | "done" | "failed" | "skipped";
  /** Its report, once there is one. */
  report_id?: string;
  /** Set where the state is failed. */
  failure?: ReportFailure;
  /** Deliveries handed over so far. */
  deliveries_handed_over: number;
  /** When it was finished. */
  finished_at?: string;
  /** Asked for by a person with `RunNow`. */
  manual: boolean;
}

/** A pattern that repeats. */
export interface Seasonality {
  /** Values of one season. */
  season_length: number;
  /** Share of the variation around the trend that the season explains, 0 to 1. */
  strength: number;
  /** Probability of such a season by chance, 0 to 1. */
  p_value: number;
  /** Deviation from the trend by place in the season, in the unit of the series, from the place of the first value on. */
  profile: number[];
}

/** A document to send. */
export interface SendDocumentRequest {
  /** Makes a retried write count once: required, since a document sent twice is read twice. */
  request_id: string;
  /** Contacts to send it to. */
  contact_ids?: string[];
  /** E-mail addresses to send it to. */
  email_addresses?: string[];
  /** Subject line. */
  title: string;
  /** Plain text above the document. */
  text?: string;
  /** The document. Channels that carry no files get the text only. */
  attachments?: AttachmentInput[];
}

/** What was queued. */
export interface SendDocumentResponse {
  /** One delivery for each contact and address. */
  delivery_ids: string[];
}

/** What a series will do if it goes on as it did. */
export interface SeriesForecast {
  /** Values ahead. */
  points: ForecastPoint[];
  /** Name of the method. */
  method: string;
  /** Mean absolute error one step ahead on the past, in the unit of the series; absent where too short to try. */
  backtest_error?: number;
  /** The same for repeating the last value (or season): what a forecast must beat. */
  naive_error?: number;
  /** In words, with what it assumes. */
  verdict: string;
  /** What limits the answer. */
  cautions: string[];
  /** False where the data cannot say; there are no points then. */
  conclusive: boolean;
}

/** One value of a series. */
export interface SeriesPointInput {
  /** When, UTC. Strictly increasing. */
  time: string;
  /** The value. */
  value?: number;
  /** Half the width of the 95 % interval of the privacy noise, 0 where there is none. */
  privacy_margin?: number;
}

/** One play session of one player. Only who and when must be given; what is missing stays missing. */
export interface SessionInput {
  /** The player, as the source knows them: 1 to 256 characters, case kept, trimmed, Unicode NFC. Never stored as it is. */
  user_id: string;
  /**
   * The sender's own name for the session, unique per player, at most 256 characters. Missing: follows from the content, so
   * that a retry counts once.
   */
  session_id?: string;
  /** When the session began, UTC. Not before 2000 and at most 5 minutes ahead of this service's clock. */
  started_at: string;
  /** How long it took, minutes, 0 to 1440. */
  duration_minutes?: number;
  /** Turns or clicks of the player, 0 to 1,000,000. */
  interaction_count?: number;
  /** Therapeutic interventions that the game offered, 0 to 1,000,000. */
  therapeutic_interventions_count?: number;
  /** Marks of progress that the session reached, 0 to 1,000,000. */
  progress_markers_count?: number;
  /** How engaged the player was, 0 (not at all) to 1 (fully). */
  engagement_score?: number;
  /** The tone of what the player wrote, -1 (bad) to 1 (good). */
  sentiment_score?: number;
  /** What the session worked on, at most 128 characters; missing counts as `unspecified`. */
  therapeutic_focus?: string;
  /**
   * How often the player plays, as the sender judges: daily (or high), weekly (or medium), occasional (or low, monthly),
   * unspecified. Missing: derived from the player's own sessions of the period.
   */
  session_frequency?: "daily" | "weekly" | "occasional" | "unspecified" | "high" | "medium" | "low" | "monthly";
  /**
   * How engaged the player is, as the sender judges: low, medium, high, unspecified. Missing: derived from the player's own
   * engagement scores of the period.
   */
  engagement_level?: "low" | "medium" | "high" | "unspecified";
  /**
   * When the sender last changed this record, UTC. Other content for a known session wins where this is newer, until the
   * session's period closes.
   */
  updated_at?: string;
}

/** A player's decision. */
export interface SetConsentRequest {
  /** May the player's facts be part of private releases? Missing: as it stands. */
  analytics?: boolean;
  /** May the player's facts train models for research? Missing: as it stands. */
  research?: boolean;
  /** Makes a repeated request answer as the first did, for 24 hours. At most 128 characters. */
  request_id?: string;
  /**
   * When the player decided, UTC. Not before 2000 and at most 5 minutes ahead of this service's clock; a moment ahead of it counts as now.
   * Missing: the decision counts as made when it arrives, after all that came before it.
   */
  decided_at?: string;
}

/** What many players decided. */
export interface SetConsentsRequest {
  /** 1 to 1000 decisions, in order: of two on one player the later stands, where both say when, the later decided. */
  decisions: ConsentDecisionInput[];
  /** Makes a repeated request answer as the first did, for 24 hours. At most 128 characters. */
  request_id?: string;
}

/** What became of the decisions. */
export interface SetConsentsResponse {
  /** Decisions that changed what stood. */
  changed: number;
  /** Decisions that said what stood already. */
  unchanged: number;
  /** Decisions on players who were erased: only their own call lets them in again. */
  refused: number;
  /** Decisions that changed nothing because a newer one stands. */
  superseded: number;
}

/** What a service reports of one player now. All but the player's id may be missing; what is missing fires nothing. */
export interface SignalInput {
  /** The player's canonical id: trimmed, case kept. */
  user_id: string;
  /**
   * When it was observed. Ahead of the server's clock or before 2000 it counts as now: no wrong clock keeps a signal from
   * being judged. Without it, now.
   */
  observed_at?: string;
  /** Engagement, 0 (none) to 1. */
  engagement_score?: number;
  /** Length of the present session so far, in minutes. */
  session_duration_minutes?: number;
  /** Sentiment, -1 (very negative) to 1. */
  sentiment_score?: number;
  /** Interactions in the present session so far. */
  interaction_count?: number;
  /** How the player feels, in the game's judgement. */
  emotional_state?: "calm" | "engaged" | "anxious" | "overwhelmed" | "distressed" | "crisis";
  /** Whether the game itself asks for an intervention. */
  requires_therapeutic_intervention?: boolean;
  /** Further numbers that rules may use, by name. */
  measures?: Record<string, number>;
  /** The player's last messages, oldest first. Read in memory by the crisis recogniser, never stored. The last 50 count. */
  recent_messages?: string[];
}

/** What holds back notifications. */
export interface Silence {
  /** Its id. */
  silence_id: string;
  /** What it holds back: all of these must match. */
  matchers: Matcher[];
  /** From when on. */
  starts_at?: string;
  /** Until when. */
  ends_at?: string;
  /** Why. */
  comment: string;
  /** Who made it. */
  created_by: string;
  /** When it was made. */
  created_at?: string;
  /** Whether it holds back now. */
  active: boolean;
}

/** What one kind of release spent. */
export interface SpentByKind {
  /** The kind. */
  kind?: "cohorts" | "retention" | "inline";
  /** Millionths of epsilon. */
  epsilon_micros: number;
  /** Releases. */
  releases: number;
}

/** Which values to take from the releases. */
export interface StatisticSelectorInput {
  /** Name of the statistic, as releases carry it. Not given: the points of the request are used. */
  statistic?: string;
  /** Length of the periods. Not given: month. */
  grain?: "day" | "week" | "month";
  /** First moment, UTC, inclusive. Not given: the first release. */
  range_start?: string;
  /** End, UTC, exclusive. Not given: the last release. */
  range_end?: string;
  /** Only this focus. Not given: all players. */
  therapeutic_focus?: string;
  /** Only this frequency, with a focus. */
  session_frequency?: string;
  /** Only this level, with a focus. */
  engagement_level?: string;
}

/** An event, or a heartbeat. */
export interface StreamAlertsResponse {
  /** The event. Missing in a heartbeat. */
  event?: AlertEvent;
  /** Resume from here. Also moves over what filters hide. */
  cursor: string;
  /** True in the last message of a stream that the server ends in good order. */
  ending: boolean;
}

/** An intervention, or a heartbeat. */
export interface StreamInterventionsResponse {
  /** The intervention. Missing in a heartbeat. */
  intervention?: Intervention;
  /** Resume from here. Also moves over what filters hide. */
  cursor: string;
  /** True in the last message of a stream that the server ends in good order. */
  ending: boolean;
}

/** Everything that is held about a player. */
export interface SubjectExport {
  /** The player's canonical id. */
  user_id: string;
  /** When it was collected, UTC. */
  exported_at?: string;
  /** One entry a service. */
  parts: SubjectExportPart[];
}

/** What one service holds. */
export interface SubjectExportPart {
  /** aggregation, monitoring, reporting. */
  service: string;
  /** Its records, by kind. */
  records: SubjectRecords[];
}

/** Records of one kind about one player. */
export interface SubjectRecords {
  /** What they are: `sessions`, `consents`, `alerts`. */
  kind: string;
  /** The records with the field names of the facts. */
  records: Record<string, unknown>[];
}

/** One alert of Alertmanager. */
export interface SystemAlertInputTolerant {
  /** `firing` or `resolved`. */
  status?: "firing" | "resolved";
  /** Its labels; `alertname` names it, `severity` is critical, high, warning or anything else for low. */
  labels?: Record<string, string>;
  /** Its annotations; `summary` and `description` are shown, `runbook_url` is kept. */
  annotations?: Record<string, string>;
  /** Alertmanager's own fingerprint of the labels. */
  fingerprint?: string;
}

/** A table. */
export interface Table {
  /** Stable within the report. */
  table_id: string;
  /** What it holds. */
  title: string;
  /** From left to right. */
  columns: TableColumn[];
  /** From top to bottom: a cell a column, in their order. Words, days and moments are strings; null where nothing is known. */
  rows: unknown[][];
}

/** One column. */
export interface TableColumn {
  /** Stable within the table; the header of CSV. */
  column_id: string;
  /** What it holds, for people. */
  title: string;
  /** Type of its cells. */
  kind?: "text" | "integer" | "number" | "share" | "date" | "time";
  /** Unit of the numbers; may be empty. */
  unit: string;
}

/** Which contact to try. */
export interface TestChannelRequest {
  /** Makes a retried write count once. */
  request_id?: string;
}

/** How the trial went. */
export interface TestChannelResponse {
  /** How long it took, in seconds. */
  elapsed_seconds: number;
  /** The delivery's key, as the receiver sees it. */
  delivery_key: string;
}

/** What to try on what. */
export interface TestRuleRequest {
  /** The rule to try; it need not exist. */
  definition: RuleDefinitionInput;
  /** The signal to try it on. Its messages are judged too. */
  signal: SignalInput;
}

/** What the rule would do. */
export interface TestRuleResponse {
  /** Whether the condition holds. */
  holds: boolean;
  /** What it needs and the signal lacks. */
  missing_fields: string[];
  /** Nodes of the expression; at most 50 are allowed. */
  nodes: number;
  /** How long it took, in microseconds. */
  evaluation_microseconds: number;
}

/** How one course of therapy, or one test, went. */
export interface TherapeuticOutcomeInput {
  /** The player, as the source knows them: 1 to 256 characters. */
  user_id: string;
  /** When it was judged, UTC. Not before 2000 and at most 5 minutes ahead of this service's clock. */
  recorded_at: string;
  /** The sender's judgement. */
  outcome_category?: "positive" | "neutral" | "needs_attention" | "excellent" | "good" | "moderate";
  /** Goals of therapy that were reached, 0 to 10,000. */
  therapeutic_goals_achieved?: number;
  /** The test that gave the score, for example `PHQ-9`, at most 64 characters. */
  instrument?: string;
  /** The score in the instrument's own unit, -1,000,000 to 1,000,000. */
  score?: number;
}

/** The loss of the window by privacy loss distributions. */
export interface TighterBound {
  /** At this delta. */
  delta: number;
  /** The epsilon that holds. */
  epsilon: number;
  /** How it was computed. */
  method: string;
}

/** What to learn. */
export interface TrainModelRequest {
  /** A name for the family of models, 1 to 64 characters; versions count within it. Empty: `outcome`. */
  model_name?: string;
  /** Outcomes that count as success. Empty: positive, excellent, good. */
  positive_categories?: ("positive" | "neutral" | "needs_attention" | "excellent" | "good" | "moderate")[];
  /** Features use what was known this many days after the player's first fact, 1 to 730; 0 means 90. */
  observation_days?: number;
  /** Only outcomes recorded before this moment, UTC; missing: all. */
  outcomes_until?: string;
  /** Only players whose first fact lies at this moment or later, UTC; missing: all. */
  entered_since?: string;
  /** Makes a repeated request answer as the first did, for 24 hours. At most 128 characters. */
  request_id?: string;
}

/** One run of training. */
export interface Training {
  /** Its id. */
  training_id: string;
  /** Where it is. */
  state?: "pending" | "running" | "succeeded" | "failed" | "cancelled";
  /** How far, 0 to 1. */
  progress: number;
  /** What happens now, or why it failed, in words. */
  message: string;
  /** The model, once there is one. */
  model_id: string;
  /** When it was asked for, UTC. */
  created_at?: string;
  /** When it ended, UTC. */
  finished_at?: string;
  /** Why it failed, for programs: `outcomes_of_one_kind`, `too_few_players`, `interrupted`; empty otherwise. */
  reason: string;
  /** The family of the model. */
  model_name: string;
}

/** What a series says. */
export interface TrendAnalysis {
  /** Values used. */
  points: number;
  /** Days between values (the median); slopes per day follow by division. */
  step_days: number;
  /** Change a step by least squares; interval by errors that allow for autocorrelation. */
  slope?: Interval;
  /** Change a step by Theil and Sen: little moved by outliers. */
  robust_slope?: Interval;
  /** Change from the first to the last value by the fitted line. */
  total_change?: Interval;
  /** Correlation of neighbouring residuals, -1 to 1. */
  autocorrelation: number;
  /** How many independent values the series is worth. */
  effective_points: number;
  /** Which way it goes. */
  direction?: "rising" | "falling" | "steady" | "undecided";
  /** Set where a season was found. */
  seasonality?: Seasonality;
  /** In order of time; empty where none can be told. */
  change_points: ChangePoint[];
  /** The fitted line with season, a value a point. */
  fitted: number[];
  /** The whole in words, without overclaiming. */
  verdict: string;
  /** What limits the answer: few values, gaps, noise, outliers. */
  cautions: string[];
  /** False where the data cannot say; the numbers above then hold what could be computed. */
  conclusive: boolean;
}

/** A request to replace a contact. */
export interface UpdateContactRequest {
  /** What it says from now on. */
  definition: ContactDefinitionInput;
  /** Makes a retried write count once. */
  request_id?: string;
}

/** A dashboard as it shall be. */
export interface UpdateDashboardRequest {
  /** All of it; `version` not 0 must be the present one. */
  dashboard: DashboardInput;
  /** Makes a retry count once for 24 h. At most 128 characters. */
  request_id?: string;
}

/** A request to replace an escalation policy. */
export interface UpdateEscalationPolicyRequest {
  /** What it says from now on. */
  definition: EscalationPolicyDefinitionInput;
  /** Makes a retried write count once. */
  request_id?: string;
}

/** A request to replace a route. */
export interface UpdateRouteRequest {
  /** What it says from now on. */
  definition: RouteDefinitionInput;
  /** Makes a retried write count once. */
  request_id?: string;
}

/** A request to replace a rule. */
export interface UpdateRuleRequest {
  /** What it says from now on. Its id must be the same. */
  definition: RuleDefinitionInput;
  /** The version that the author read; 0 for whichever. */
  version?: number;
  /** Makes a retried write count once. */
  request_id?: string;
}

/** A schedule as it shall be. */
export interface UpdateScheduleRequest {
  /** All of it; `version` not 0 must be the present one. */
  schedule: ScheduleInput;
  /** Makes a retry count once for 24 h. At most 128 characters. */
  request_id?: string;
}

/** Progress inline. */
export interface UserProgressInput {
  /** 0 to 1. */
  overall_progress?: number;
  /** 0 to 1. */
  goal_completion_rate?: number;
  /** low, medium, high. */
  engagement_level?: string;
  /** 0 to 1,000,000. */
  total_sessions?: number;
  /** When it was so, UTC. Missing: when the request arrived. */
  recorded_at?: string;
}

/** What a caller knows of one player. Ranges are those of the facts; a record out of range is left out, not the request refused. */
export interface UserRecordInput {
  /** The player, 1 to 256 characters. */
  user_id?: string;
  /** What the player works on, at most 128 characters. */
  therapeutic_focus?: string;
  /** daily, weekly, occasional, or a synonym. */
  session_frequency?: string;
  /** low, medium, high. */
  engagement_level?: string;
  /** The player's sessions, at most 1,000; a record with more is left out. */
  sessions?: UserSessionInput[];
  /** Where the player stands. */
  progress_data?: UserProgressInput;
  /** Further figures by name, for example emotional_regulation_score. Taken so that known callers work; neither stored nor aggregated. */
  therapeutic_metrics?: Record<string, unknown>;
}

/** One session inline. */
export interface UserSessionInput {
  /** The sender's name for it, unique per player. Missing: follows from the request and the position. */
  session_id?: string;
  /** When it began, UTC. Missing: when the request arrived. */
  started_at?: string;
  /** Minutes, 0 to 1440. */
  duration_minutes?: number;
  /** 0 to 1,000,000. */
  interaction_count?: number;
  /** 0 to 1,000,000. */
  therapeutic_interventions_count?: number;
  /** 0 to 1,000,000. */
  progress_markers_count?: number;
  /** 0 to 1. */
  engagement_score?: number;
  /** -1 to 1. */
  sentiment_score?: number;
}

/** The verdict on the chain. */
export interface VerifyAuditLogResponse {
  /** No entry is changed, missing or reordered. */
  intact: boolean;
  /** Entries that were checked. */
  entries: number;
  /** The first place where the chain breaks; 0 where it is intact. */
  broken_position: number;
  /** What is wrong there, in words. */
  problem: string;
  /** The last link, hexadecimal: the `hash` of the newest entry. */
  head: string;
  /** When it was checked, UTC. */
  checked_at?: string;
  /** Position of the newest entry, as the signed head tells it; 0 where there is none. */
  position: number;
  /** The head's signature, hexadecimal: `signature` of the line `audit_head` of the same position. */
  signature: string;
  /** The whole head as the log stream has it, `head` of that line: keep it outside of the database and give it as `known_head` another time. */
  signed_head: string;
}

/** Why a record or a field was refused. Never holds a player's id or text. */
export interface Violation {
  /** The path of the field from the request's root, with indexes from 0: `sessions[3].duration_minutes`. */
  field: string;
  /** The rule that it broke, for machines: `double.gte`, `already_exists`. */
  rule: string;
  /** What is wrong and what would be right, for people. */
  description: string;
}

/** The metrics that changed since the last message. Empty as a heartbeat. */
export interface WatchMetricsResponse {
  /** The metrics. */
  metrics: Metric[];
}

/** Every call of the platform over HTTP. */
export declare class Client {
  constructor(options: ClientOptions);

  /**
   * Lists alerts, newest first.
   *
   * Needs `subscribe_alerts` or `access_crisis_protocols`.
   */
  listAlerts(params?: {
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
      /** Only alerts in these states; none for all. */
      states?: ("firing" | "acknowledged" | "resolved")[];
      /** Only alerts of these types; none for all. */
      alert_types?: ("therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern")[];
      /** Only alerts of this severity or a higher one. */
      min_severity?: "low" | "medium" | "high" | "critical";
      /** Only alerts of this player, as pseudonym in hexadecimal. */
      subject_pseudonym?: string;
      /** Only alerts triggered at or after this moment. */
      triggered_after?: string;
      /** Only alerts triggered before this moment. */
      triggered_before?: string;
    }, options?: CallOptions): Promise<ListAlertsResponse>;

  /**
   * Streams alert events from a cursor on: at least once, in order, with heartbeats that carry the cursor.
   *
   * A slow reader
   * catches up from the database. OUT_OF_RANGE for a cursor older than retention; the error's metadata `oldest_cursor` is
   * the oldest valid one.
   *
   * Needs `subscribe_alerts` or `access_crisis_protocols`.
   */
  streamAlerts(params?: {
      /**
       * Start after this cursor; empty for from now on, `0` for all that is kept. Where the log has lost the event of the cursor
       * (it was restored, or a standby took over), the stream starts before all that it may hold instead.
       */
      cursor?: string;
      /** Only alerts of these types; none for all. */
      alert_types?: ("therapeutic_intervention" | "system_performance" | "user_engagement" | "anomaly_detection" | "safety_concern")[];
      /** Only alerts of this severity or a higher one. */
      min_severity?: "low" | "medium" | "high" | "critical";
      /** Only these kinds of events; none for all. */
      kinds?: ("opened" | "repeated" | "severity_raised" | "reopened" | "acknowledged" | "escalated" | "resolved" | "revealed")[];
      /** Only alerts of this player, as pseudonym in hexadecimal. */
      subject_pseudonym?: string;
      /** Seconds between heartbeats while nothing happens; 0 for 15. */
      heartbeat_seconds?: number;
    }, options?: Pick<CallOptions, 'signal'>): AsyncGenerator<StreamAlertsResponse, void, undefined>;

  /**
   * Returns one alert.
   *
   * NOT_FOUND where there is none of that id.
   *
   * Needs `subscribe_alerts` or `access_crisis_protocols`.
   */
  getAlert(params: {
      /** The alert. */
      alert_id: string;
    }, options?: CallOptions): Promise<Alert>;

  /**
   * Lists what happened to one alert and who did it, oldest first.
   *
   * Needs `subscribe_alerts` or `access_crisis_protocols`.
   */
  listAlertEvents(params: {
      /** The alert. */
      alert_id: string;
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListAlertEventsResponse>;

  /**
   * Says that someone is looking: stops escalation.
   *
   * An acknowledged alert stays as it is. FAILED_PRECONDITION once resolved.
   *
   * Needs `access_crisis_protocols`.
   */
  acknowledgeAlert(params: {
      /** The alert. */
      alert_id: string;
    }, body?: AcknowledgeAlertRequest, options?: CallOptions): Promise<Alert>;

  /**
   * Says that nobody need look any more.
   *
   * A resolved alert stays as it is; what fires again opens a new one.
   *
   * Needs `access_crisis_protocols`.
   */
  resolveAlert(params: {
      /** The alert. */
      alert_id: string;
    }, body?: ResolveAlertRequest, options?: CallOptions): Promise<Alert>;

  /**
   * Tells who the player is, to a person who must reach them.
   *
   * Needs a purpose, and a second factor where the token says
   * whether there was one. Written to the audit log before the answer leaves. FAILED_PRECONDITION where the alert has no
   * player or the seal is gone.
   *
   * Needs `access_crisis_protocols`.
   */
  revealAlertSubject(params: {
      /** The alert. */
      alert_id: string;
    }, body: RevealAlertSubjectRequest, options?: CallOptions): Promise<RevealAlertSubjectResponse>;

  /**
   * Compare a period or cohort to a baseline: difference with interval, effect size, verdict in words.
   *
   * Errors: INVALID_ARGUMENT, NOT_FOUND (`release_not_found`: one side has no release).
   *
   * Needs `view_anonymized_data`.
   */
  compareToBaseline(params?: {
      /** Name of the statistic, as releases carry it. Not given: the points of the request are used. */
      "selector.statistic"?: string;
      /** Length of the periods. Not given: month. */
      "selector.grain"?: "day" | "week" | "month";
      /** First moment, UTC, inclusive. Not given: the first release. */
      "selector.range_start"?: string;
      /** End, UTC, exclusive. Not given: the last release. */
      "selector.range_end"?: string;
      /** Only this focus. Not given: all players. */
      "selector.therapeutic_focus"?: string;
      /** Only this frequency, with a focus. */
      "selector.session_frequency"?: string;
      /** Only this level, with a focus. */
      "selector.engagement_level"?: string;
      /** Name of the statistic, as releases carry it. Not given: the points of the request are used. */
      "baseline.statistic"?: string;
      /** Length of the periods. Not given: month. */
      "baseline.grain"?: "day" | "week" | "month";
      /** First moment, UTC, inclusive. Not given: the first release. */
      "baseline.range_start"?: string;
      /** End, UTC, exclusive. Not given: the last release. */
      "baseline.range_end"?: string;
      /** Only this focus. Not given: all players. */
      "baseline.therapeutic_focus"?: string;
      /** Only this frequency, with a focus. */
      "baseline.session_frequency"?: string;
      /** Only this level, with a focus. */
      "baseline.engagement_level"?: string;
    }, options?: CallOptions): Promise<BaselineComparison>;

  /**
   * Compare a period or cohort to a baseline: difference with interval, effect size, verdict in words.
   *
   * Errors: INVALID_ARGUMENT, NOT_FOUND (`release_not_found`: one side has no release).
   *
   * Needs `view_anonymized_data`.
   */
  compareToBaseline2(body?: CompareToBaselineRequest, options?: CallOptions): Promise<BaselineComparison>;

  /**
   * Record players' facts like any ingest and answer statistics of this batch alone, charged at the level's epsilon.
   *
   * The same batch again is the same question: one answer, one charge. Malformed records are left out and listed; whether somebody
   * lacked consent is not told. Permission: `ingest`; what it spends stays under the same cap as releases.
   * Errors: INVALID_ARGUMENT, RESOURCE_EXHAUSTED (`budget_exceeded`; `budget_set_aside`, `ingest_queue_full` and `questions_wait` with the time to wait).
   *
   * Needs `ingest` or `manage_releases`.
   */
  aggregateBehavior(body?: AggregateBehaviorRequest, options?: CallOptions): Promise<AggregateBehaviorResponse>;

  /**
   * Tells how well we care: time to acknowledge and to resolve, alerts by state and severity, interventions delivered.
   *
   * About the service, never by cohort or player.
   *
   * Needs `view_operations` or `view_anonymized_data`.
   */
  getCareFigures(params?: {
      /** From here; without it the last 30 days. */
      start?: string;
      /** Until here; without it until now. */
      end?: string;
    }, options?: CallOptions): Promise<GetCareFiguresResponse>;

  /**
   * Cells of stored releases, newest period first, of the highest revision of each period.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `view_anonymized_data`.
   */
  queryCohorts(params?: {
      /** Periods of this grain; missing: month. */
      grain?: "day" | "week" | "month";
      /** Only periods that start at this moment or later, UTC. With neither bound: the latest released period. */
      since?: string;
      /** Only periods that start before this moment, UTC. */
      until?: string;
      /** Only this level; missing: all levels. */
      level?: "all" | "focus" | "cohort";
      /** Only this focus. At most 128 characters. */
      therapeutic_focus?: string;
      /** Only this frequency. At most 32 characters. */
      session_frequency?: string;
      /** Only this level of engagement. At most 32 characters. */
      engagement_level?: string;
      /** Cells on a page, 0 to 1,000; 0 means 50. */
      page_size?: number;
      /** From the page before; empty for the first. */
      page_token?: string;
    }, options?: CallOptions): Promise<QueryCohortsResponse>;

  /**
   * The cohorts of one released period, with outcome shares, success rates, and the trend over the releases before it.
   *
   * Errors: NOT_FOUND (`release_not_found`) where no such period is released.
   *
   * Needs `view_anonymized_data`.
   */
  analyzeCohorts(params?: {
      /** The first moment of the period, UTC; missing: the latest released one. */
      period_start?: string;
      /** The length; missing: month. */
      grain?: "day" | "week" | "month";
      /** Only this level; missing: all levels. */
      level?: "all" | "focus" | "cohort";
      /** How many releases before this one the trends look at, 0 to 60; 0 means 12. */
      trend_releases?: number;
    }, options?: CallOptions): Promise<AnalyzeCohortsResponse>;

  /**
   * Two cohorts, or one cohort in two periods, side by side.
   *
   * Errors: NOT_FOUND (`release_not_found`, `cell_not_found`), INVALID_ARGUMENT (`same_cohort`).
   *
   * Needs `view_anonymized_data`.
   */
  compareCohorts(params?: {
      /** The first moment of the period, UTC; missing: the latest released one. */
      "left.period_start"?: string;
      /** The length; missing: month. */
      "left.grain"?: "day" | "week" | "month";
      /** The focus; empty: all players. At most 128 characters. */
      "left.therapeutic_focus"?: string;
      /** The frequency; empty with an empty level of engagement: all players of the focus. At most 32 characters. */
      "left.session_frequency"?: string;
      /** The level of engagement. At most 32 characters. */
      "left.engagement_level"?: string;
      /** The first moment of the period, UTC; missing: the latest released one. */
      "right.period_start"?: string;
      /** The length; missing: month. */
      "right.grain"?: "day" | "week" | "month";
      /** The focus; empty: all players. At most 128 characters. */
      "right.therapeutic_focus"?: string;
      /** The frequency; empty with an empty level of engagement: all players of the focus. At most 32 characters. */
      "right.session_frequency"?: string;
      /** The level of engagement. At most 32 characters. */
      "right.engagement_level"?: string;
      /** Only this measure; missing: all. */
      measure?: "sessions" | "minutes" | "interactions" | "interventions" | "markers" | "engagement" | "sentiment" | "overall_progress" | "goal_completion";
    }, options?: CallOptions): Promise<CompareCohortsResponse>;

  /**
   * A player's standing consent.
   *
   * An unknown player has none: that is an answer, not an error.
   *
   * Needs `access_audit_logs`; players may make it on themselves.
   */
  getConsent(params: {
      /** The player, 1 to 256 characters. */
      user_id: string;
    }, options?: CallOptions): Promise<Consent>;

  /**
   * Set a player's standing consent, per purpose.
   *
   * Also the player's own call.
   *
   * Consent is opt-in: without a call nothing of the player is stored. Withdrawal takes the player out of every later release.
   * A yes after an erasure lets the player in again as somebody new; only the player's own call can give that one.
   * A message that was held up overturns nothing: by `decided_at`, a decision older than the last one on a purpose leaves that purpose as it stands,
   * and at the same moment a no counts. The answer tells what stands.
   * Errors: INVALID_ARGUMENT where neither purpose is given or `decided_at` cannot be true, FAILED_PRECONDITION (`subject_erased`; also the
   * player's own yes that was decided before the erasure).
   *
   * Needs `ingest`; players may make it on themselves.
   */
  setConsent(params: {
      /** The player, 1 to 256 characters. */
      user_id: string;
    }, body?: SetConsentRequest, options?: CallOptions): Promise<Consent>;

  /**
   * Every change of a player's consent, newest first.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `access_audit_logs`; players may make it on themselves.
   */
  listConsentHistory(params: {
      /** The player, 1 to 256 characters. */
      user_id: string;
      /** Entries on a page, 0 to 1,000; 0 means 50. */
      page_size?: number;
      /** From the page before; empty for the first. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListConsentHistoryResponse>;

  /**
   * Set what many players decided, as SetConsent does for one, without holding up facts that arrive meanwhile.
   *
   * Decisions are stored in parts of 50; each part is all or nothing. After a failure send the same request again: what is set already is
   * unchanged then. Players who were erased stay so and are counted as refused. Of decisions with `decided_at` the order does not matter: the
   * newest on each purpose stands, also against what others set meanwhile.
   *
   * Errors: INVALID_ARGUMENT with every wrong id and moment (nothing is set).
   *
   * Needs `ingest`.
   */
  setConsents(body: SetConsentsRequest, options?: CallOptions): Promise<SetConsentsResponse>;

  /**
   * Lists contacts by name, without their secrets.
   *
   * Needs `manage_notifications`.
   */
  listContacts(params?: {
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListContactsResponse>;

  /**
   * Creates a contact: a channel with an address.
   *
   * Needs `manage_notifications`.
   */
  createContact(body: CreateContactRequest, options?: CallOptions): Promise<Contact>;

  /**
   * Returns one contact, without its secret.
   *
   * NOT_FOUND where there is none of that id.
   *
   * Needs `manage_notifications`.
   */
  getContact(params: {
      /** The contact. */
      contact_id: string;
    }, options?: CallOptions): Promise<Contact>;

  /**
   * Replaces a contact.
   *
   * An empty `secret` keeps the one it has.
   *
   * Needs `manage_notifications`.
   */
  updateContact(params: {
      /** The contact. */
      contact_id: string;
    }, body: UpdateContactRequest, options?: CallOptions): Promise<Contact>;

  /**
   * Deletes a contact.
   *
   * FAILED_PRECONDITION while a route or policy names it.
   *
   * Needs `manage_notifications`.
   */
  deleteContact(params: {
      /** The contact. */
      contact_id: string;
      /** Makes a retried write count once. */
      request_id?: string;
    }, options?: CallOptions): Promise<DeleteContactResponse>;

  /**
   * Sends a trial message to a contact and waits for the outcome.
   *
   * FAILED_PRECONDITION (`channel_failed`) with what the
   * channel said where it failed.
   *
   * Needs `manage_notifications`.
   */
  testChannel(params: {
      /** The contact. */
      contact_id: string;
    }, body?: TestChannelRequest, options?: CallOptions): Promise<TestChannelResponse>;

  /**
   * List the dashboards that the caller may see.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `view_anonymized_data`.
   */
  listDashboards(params?: {
      /** At most so many, 0 to 1000; 0 is 50. */
      page_size?: number;
      /** From the page before. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListDashboardsResponse>;

  /**
   * Create a dashboard.
   *
   * Errors: INVALID_ARGUMENT (unknown panel source, panels that overlap, field violations).
   *
   * Needs `manage_reports`.
   */
  createDashboard(body: CreateDashboardRequest, options?: CallOptions): Promise<Dashboard>;

  /**
   * Read a dashboard: its newest version, or an older one.
   *
   * Errors: NOT_FOUND (also where it is private and not the caller's).
   *
   * Needs `view_anonymized_data`.
   */
  getDashboard(params: {
      /** Id. */
      dashboard_id: string;
      /** Version, from 1. Not given: the newest. */
      version?: number;
    }, options?: CallOptions): Promise<Dashboard>;

  /**
   * Save a dashboard as a new version.
   *
   * Owners, and admins.
   *
   * Errors: NOT_FOUND, PERMISSION_DENIED, ABORTED (`version_conflict`: somebody saved in between), and those of creation.
   *
   * Needs `manage_reports`.
   */
  updateDashboard(params: {
      /** Id. */
      dashboard_id: string;
    }, body: UpdateDashboardRequest, options?: CallOptions): Promise<Dashboard>;

  /**
   * Delete a dashboard with all its versions.
   *
   * Owners, and admins.
   *
   * Errors: NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION (`dashboard_in_use`: a schedule shows it).
   *
   * Needs `manage_reports`.
   */
  deleteDashboard(params: {
      /** Id. */
      dashboard_id: string;
      /** Makes a retry count once for 24 h. At most 128 characters. */
      request_id?: string;
    }, options?: CallOptions): Promise<Record<string, unknown>>;

  /**
   * Render a dashboard as json, html or pdf, in chunks of at most 64 KiB; the first carries the media type.
   *
   * Errors: NOT_FOUND, INVALID_ARGUMENT, FAILED_PRECONDITION (`pdf_unavailable`), UNAVAILABLE (a source does not answer).
   *
   * Needs `view_anonymized_data`.
   */
  renderDashboard(params: {
      /** Id. */
      dashboard_id: string;
      /** Version, from 1. Not given: the newest. */
      version?: number;
      /** json, html or pdf. Not given: json. */
      format?: "json" | "html" | "pdf";
    }, options?: CallOptions): Promise<Response>;

  /**
   * Build the document of panels that need not be saved: what a builder shows while it is used.
   *
   * Errors: INVALID_ARGUMENT as creation, UNAVAILABLE (a source does not answer).
   *
   * Needs `view_anonymized_data`.
   */
  previewDashboard(body: PreviewDashboardRequest, options?: CallOptions): Promise<ReportDocument>;

  /**
   * Lists deliveries, newest first: what waits, what arrived, what was given up.
   *
   * Needs `manage_notifications` or `view_operations`.
   */
  listDeliveries(params?: {
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
      /** Only deliveries in these states; none for all. */
      states?: ("pending" | "delivered" | "dead" | "dropped")[];
      /** Only deliveries of this alert. */
      alert_id?: string;
    }, options?: CallOptions): Promise<ListDeliveriesResponse>;

  /**
   * Sends a delivery that was given up again, under the same key.
   *
   * FAILED_PRECONDITION where it arrived or still waits.
   *
   * Needs `manage_notifications` or `view_operations`.
   */
  retryDelivery(params: {
      /** The delivery. */
      delivery_id: string;
    }, body?: RetryDeliveryRequest, options?: CallOptions): Promise<Delivery>;

  /**
   * Queues a document for contacts or e-mail addresses: how reporting sends what was scheduled.
   *
   * The same `request_id` queues
   * it once, whatever it holds: a report that was drawn again after a crash differs in its bytes, and is not sent again. Open while authentication is off, as schedules are, whose deliveries it carries.
   *
   * Needs `manage_reports` or `manage_notifications`.
   */
  sendDocument(body: SendDocumentRequest, options?: CallOptions): Promise<SendDocumentResponse>;

  /**
   * Lists escalation policies by name.
   *
   * Needs `manage_notifications`.
   */
  listEscalationPolicies(params?: {
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListEscalationPoliciesResponse>;

  /**
   * Creates an escalation policy: whom to tell next when nobody acknowledges.
   *
   * Needs `manage_notifications`.
   */
  createEscalationPolicy(body: CreateEscalationPolicyRequest, options?: CallOptions): Promise<EscalationPolicy>;

  /**
   * Returns one escalation policy.
   *
   * NOT_FOUND where there is none of that id.
   *
   * Needs `manage_notifications`.
   */
  getEscalationPolicy(params: {
      /** The policy. */
      policy_id: string;
    }, options?: CallOptions): Promise<EscalationPolicy>;

  /**
   * Replaces an escalation policy.
   *
   * Timers that run already keep their due time and follow the new steps.
   *
   * Needs `manage_notifications`.
   */
  updateEscalationPolicy(params: {
      /** The policy. */
      policy_id: string;
    }, body: UpdateEscalationPolicyRequest, options?: CallOptions): Promise<EscalationPolicy>;

  /**
   * Deletes an escalation policy.
   *
   * Needs `manage_notifications`.
   */
  deleteEscalationPolicy(params: {
      /** The policy. */
      policy_id: string;
      /** Makes a retried write count once. */
      request_id?: string;
    }, options?: CallOptions): Promise<DeleteEscalationPolicyResponse>;

  /**
   * Forecast a series with 95 % prediction intervals.
   *
   * Errors: INVALID_ARGUMENT as `AnalyzeTrend`.
   *
   * Needs `view_anonymized_data`.
   */
  forecast(params?: {
      /** Name of the statistic, as releases carry it. Not given: the points of the request are used. */
      "selector.statistic"?: string;
      /** Length of the periods. Not given: month. */
      "selector.grain"?: "day" | "week" | "month";
      /** First moment, UTC, inclusive. Not given: the first release. */
      "selector.range_start"?: string;
      /** End, UTC, exclusive. Not given: the last release. */
      "selector.range_end"?: string;
      /** Only this focus. Not given: all players. */
      "selector.therapeutic_focus"?: string;
      /** Only this frequency, with a focus. */
      "selector.session_frequency"?: string;
      /** Only this level, with a focus. */
      "selector.engagement_level"?: string;
      /** As in `AnalyzeTrendRequest`. */
      season_length?: number;
      /** Values ahead, 0 to 365; 0 is 3. */
      horizon?: number;
    }, options?: CallOptions): Promise<SeriesForecast>;

  /**
   * Forecast a series with 95 % prediction intervals.
   *
   * Errors: INVALID_ARGUMENT as `AnalyzeTrend`.
   *
   * Needs `view_anonymized_data`.
   */
  forecast2(body?: ForecastRequest, options?: CallOptions): Promise<SeriesForecast>;

  /**
   * Streams interventions back to the game: who (as pseudonym), what, how severe.
   *
   * At least once from the cursor.
   * OUT_OF_RANGE for a cursor older than retention; the error's metadata `oldest_cursor` is the oldest valid one.
   *
   * Needs `subscribe_alerts` or `access_crisis_protocols`.
   */
  streamInterventions(params?: {
      /**
       * Start after this cursor; empty for from now on, `0` for all that is kept. Where the log has lost the event of the cursor
       * (it was restored, or a standby took over), the stream starts before all that it may hold instead.
       */
      cursor?: string;
      /** Only interventions of this severity or a higher one. */
      min_severity?: "low" | "medium" | "high" | "critical";
    }, options?: Pick<CallOptions, 'signal'>): AsyncGenerator<StreamInterventionsResponse, void, undefined>;

  /**
   * Lists the last value of every series with its thresholds, state and age.
   *
   * Needs `view_operations` or `view_anonymized_data`.
   */
  listMetrics(params?: {
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
      /** Only names that start so. */
      name_prefix?: string;
      /** Only series in one of these states. */
      statuses?: ("normal" | "warning" | "critical")[];
    }, options?: CallOptions): Promise<ListMetricsResponse>;

  /**
   * Records one point of a metric, compares it with its thresholds and scores it against the series' own past.
   *
   * RESOURCE_EXHAUSTED where the caller's series or label sets are used up.
   *
   * Needs `ingest`.
   */
  processMetric(body: ProcessMetricRequest, options?: CallOptions): Promise<ProcessMetricResponse>;

  /**
   * Streams the current metrics: all of them first, then those that changed.
   *
   * A slow reader gets the newest values only.
   *
   * Needs `view_operations` or `view_anonymized_data`.
   */
  watchMetrics(params?: {
      /** Only names that start so. */
      name_prefix?: string;
      /** At most one message in so many milliseconds; 0 for 1000. */
      interval_milliseconds?: number;
    }, options?: Pick<CallOptions, 'signal'>): AsyncGenerator<WatchMetricsResponse, void, undefined>;

  /**
   * Lists rolled-up values of one metric: by hour, day, week or month in UTC.
   *
   * Needs `view_operations` or `view_anonymized_data`.
   */
  listMetricRollups(params: {
      /** Name of the metric. */
      metric_name: string;
      /** Over how long. */
      window?: "hour" | "day" | "week" | "month";
      /** Only windows that start at or after this moment. */
      start?: string;
      /** Only windows that start before this moment. */
      end?: string;
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListMetricRollupsResponse>;

  /**
   * Records points in batches.
   *
   * Each message is all or none; a refused message ends the stream and names every violation.
   *
   * Needs `ingest`.
   */
  ingestMetrics(body: IngestMetricsRequest, options?: CallOptions): Promise<IngestMetricsResponse>;

  /**
   * Models with their measured quality, newest first.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `train_models` or `view_patient_progress`.
   */
  listModels(params?: {
      /** Only this family. At most 64 characters. */
      model_name?: string;
      /** Only this state; missing: all. */
      state?: "rejected" | "active" | "stale" | "retired";
      /** Models on a page, 0 to 1,000; 0 means 50. */
      page_size?: number;
      /** From the page before; empty for the first. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListModelsResponse>;

  /**
   * One model with its measured quality.
   *
   * Errors: NOT_FOUND (`model_not_found`).
   *
   * Needs `train_models` or `view_patient_progress`.
   */
  getModel(params: {
      /** Its id, 1 to 64 characters. */
      model_id: string;
    }, options?: CallOptions): Promise<Model>;

  /**
   * Start training; returns at once.
   *
   * Errors: FAILED_PRECONDITION (`training_running` while another trains).
   *
   * Needs `train_models`.
   */
  trainModel(body?: TrainModelRequest, options?: CallOptions): Promise<Training>;

  /**
   * Store outcomes.
   *
   * The same outcome again is a no-op.
   *
   * Errors: INVALID_ARGUMENT with every violation, FAILED_PRECONDITION (`consent_assertion_off`), RESOURCE_EXHAUSTED
   * (`ingest_queue_full`, with the time to wait).
   *
   * Needs `ingest`.
   */
  recordOutcomes(body?: RecordOutcomesRequest, options?: CallOptions): Promise<IngestSummary>;

  /**
   * List what a panel can show: every statistic and every chart of the reports.
   *
   * Errors: none of its own.
   *
   * Needs `view_anonymized_data`.
   */
  listPanelSources(options?: CallOptions): Promise<ListPanelSourcesResponse>;

  /**
   * Behaviour segments of stored releases, newest period first.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `view_anonymized_data`.
   */
  listPatterns(params?: {
      /** Only this type; missing: all. */
      pattern_type?: "engagement" | "therapeutic_progress" | "session_behavior" | "outcome_prediction";
      /** Only of this release. At most 64 characters. */
      release_id?: string;
      /** Only of periods that start at this moment or later, UTC. */
      since?: string;
      /** Only of periods that start before this moment, UTC. */
      until?: string;
      /** Patterns on a page, 0 to 1,000; 0 means 50. */
      page_size?: number;
      /** From the page before; empty for the first. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListPatternsResponse>;

  /**
   * One player's own progress, in the shape that TTA's frontend charts.
   *
   * Exact, and only for the player and their therapist.
   *
   * A player of whom nothing is stored gives empty series. Errors: INVALID_ARGUMENT where days is not 7, 30, 90 or 365.
   *
   * Needs `view_patient_progress`; players may make it on themselves.
   */
  getProgressViz(params: {
      /** The player, 1 to 256 characters. */
      user_id: string;
      /** How far back: 7, 30, 90 or 365 days; 0 means 30. */
      days?: 0 | 7 | 30 | 90 | 365;
    }, options?: CallOptions): Promise<ProgressViz>;

  /**
   * The outlook of one player, with its interval and its main reasons.
   *
   * Each answer leaves an audit entry.
   *
   * Errors: NOT_FOUND (`subject_not_found`), FAILED_PRECONDITION (`consent_missing`, `no_active_model`,
   * `too_little_known` before the model's days of observation have passed, `outcome_known` where the course has ended).
   *
   * Needs `view_patient_progress`.
   */
  predictOutcome(body: PredictOutcomeRequest, options?: CallOptions): Promise<Prediction>;

  /**
   * The audit trail of this service, newest first.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `access_audit_logs`.
   */
  listAuditEntries(params?: {
      /** Only this action, for example `release_created`. At most 64 characters. */
      action?: string;
      /** Only by this caller. At most 256 characters. */
      actor?: string;
      /** Only about this subject. At most 64 characters. */
      subject_id?: string;
      /** Only from this moment on, UTC. */
      since?: string;
      /** Only before this moment, UTC. */
      until?: string;
      /** Entries on a page, 0 to 1,000; 0 means 50. */
      page_size?: number;
      /** From the page before; empty for the first. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListAuditEntriesResponse>;

  /**
   * Check the whole audit chain for changed, missing and reordered entries, and with `known_head` for a chain that was put back to an earlier state.
   *
   * Whoever can write the database can put yesterday's entries and yesterday's signed head back: that chain is whole in itself. What the log
   * stream kept tells: give the field `head` of the newest line `audit_head`, chain `privacy_audit_log`.
   * Errors: INVALID_ARGUMENT (`known_head_invalid`) where that is no head.
   *
   * Needs `access_audit_logs`.
   */
  verifyAuditLog(params?: {
      /** The field `head` of a line `audit_head` of the log stream, or `signed_head` of an earlier answer: 150 characters. Empty: nothing to compare with. */
      known_head?: string;
    }, options?: CallOptions): Promise<VerifyAuditLogResponse>;

  /**
   * What privacy loss was spent, is left and is planned.
   *
   * Needs `view_anonymized_data` or `access_audit_logs` or `manage_releases`.
   */
  getBudget(options?: CallOptions): Promise<Budget>;

  /**
   * Raise the cap on what may be spent in any 365 days.
   *
   * Audited.
   *
   * Errors: INVALID_ARGUMENT (`budget_not_raised`) where the cap is not above the present one.
   *
   * Needs `access_audit_logs`.
   */
  raiseBudget(body: RaiseBudgetRequest, options?: CallOptions): Promise<Budget>;

  /**
   * How far an erasure is, and what had to stay.
   *
   * Errors: NOT_FOUND (`erasure_not_found`).
   *
   * Needs `access_audit_logs`.
   */
  getErasure(params: {
      /** Its id, 1 to 64 characters. */
      erasure_id: string;
    }, options?: CallOptions): Promise<Erasure>;

  /**
   * The charges of the ledger, newest first.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `access_audit_logs`.
   */
  listLedgerEntries(params?: {
      /** Only of this kind; missing: all. */
      kind?: "cohorts" | "retention" | "inline";
      /** Only from this moment on, UTC. */
      since?: string;
      /** Only before this moment, UTC. */
      until?: string;
      /** Entries on a page, 0 to 1,000; 0 means 50. */
      page_size?: number;
      /** From the page before; empty for the first. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListLedgerEntriesResponse>;

  /**
   * Erase a player over all services.
   *
   * Recorded before it begins, carried on until it is done, whatever is restarted. Audited.
   *
   * Repeating it returns the same erasure. A player who is not known is erased too: a tombstone keeps importers from bringing them in.
   *
   * Needs `access_audit_logs`; players may make it on themselves.
   */
  eraseSubject(params: {
      /** The player, 1 to 256 characters. */
      user_id: string;
    }, body?: EraseSubjectRequest, options?: CallOptions): Promise<Erasure>;

  /**
   * Everything that all services hold about a player.
   *
   * Audited. Also the player's own call.
   *
   * An unknown player gets an export without records.
   * Errors: UNAVAILABLE (`service_unreachable`) where a service could not be asked: an export is whole or not at all.
   *
   * Needs `access_audit_logs`; players may make it on themselves.
   */
  exportSubject(params: {
      /** The player, 1 to 256 characters. */
      user_id: string;
    }, body?: ExportSubjectRequest, options?: CallOptions): Promise<SubjectExport>;

  /**
   * Erase many players, as EraseSubject does one, without holding up facts that arrive meanwhile.
   *
   * They are forgotten here, in parts of 20, before this answers; the other services follow within a minute, see GetErasure. Audited.
   * Repeating it returns the same erasures.
   *
   * Errors: INVALID_ARGUMENT with every wrong id (nobody is erased).
   *
   * Needs `access_audit_logs`.
   */
  eraseSubjects(body: EraseSubjectsRequest, options?: CallOptions): Promise<EraseSubjectsResponse>;

  /**
   * The player behind a subject id or a pseudonym, for a stated purpose.
   *
   * Audited, and reported to the log stream.
   *
   * Errors: NOT_FOUND (`subject_not_found`), PERMISSION_DENIED (`mfa_required`) where the token says that no second factor was used.
   *
   * Needs `access_crisis_protocols`.
   */
  revealSubject(body: RevealSubjectRequest, options?: CallOptions): Promise<RevealSubjectResponse>;

  /**
   * Store progress snapshots.
   *
   * The same snapshot again is a no-op.
   *
   * Errors: INVALID_ARGUMENT with every violation, FAILED_PRECONDITION (`consent_assertion_off`), RESOURCE_EXHAUSTED
   * (`ingest_queue_full`, with the time to wait).
   *
   * Needs `ingest`.
   */
  ingestProgress(body?: IngestProgressRequest, options?: CallOptions): Promise<IngestSummary>;

  /**
   * Stored releases, newest period first, without their cells, patterns and retention.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `view_anonymized_data`.
   */
  listReleases(params?: {
      /** Only this kind; missing: all but inline. */
      kind?: "cohorts" | "retention" | "inline";
      /** Only this grain; missing: all. */
      grain?: "day" | "week" | "month";
      /** Only periods that start at this moment or later, UTC. */
      since?: string;
      /** Only periods that start before this moment, UTC. */
      until?: string;
      /** Entries on a page, 0 to 1,000; 0 means 50. */
      page_size?: number;
      /** From the page before; empty for the first. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListReleasesResponse>;

  /**
   * Compute, charge and store the release of a closed period, or return the one that exists.
   *
   * Errors: INVALID_ARGUMENT (`unknown_grain`, `period_start` not at the start of a period), FAILED_PRECONDITION (`period_open`),
   * RESOURCE_EXHAUSTED (`budget_exceeded`, with what would fit instead; `questions_wait`, with the time to wait), PERMISSION_DENIED for
   * a revision by others than administrators.
   *
   * Needs `manage_releases`.
   */
  createRelease(body: CreateReleaseRequest, options?: CallOptions): Promise<Release>;

  /**
   * One stored release with all its cells.
   *
   * Errors: NOT_FOUND (`release_not_found`).
   *
   * Needs `view_anonymized_data`.
   */
  getRelease(params: {
      /** Its id, 1 to 64 characters. */
      release_id: string;
      /** Also the noisy integers of each cell as they were drawn, before all levels were made consistent. */
      raw?: boolean;
    }, options?: CallOptions): Promise<Release>;

  /**
   * List reports that the caller may see, newest first.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `view_anonymized_data` or `view_operations`.
   */
  listReports(params?: {
      /** At most so many, 0 to 1000; 0 is 50. */
      page_size?: number;
      /** From the page before. */
      page_token?: string;
      /** Only this type. */
      report_type?: "therapeutic_outcomes" | "user_engagement" | "system_performance" | "cohort_analysis" | "trend_analysis" | "custom_dashboard";
      /** Only this state. */
      state?: "queued" | "running" | "done" | "failed" | "cancelled";
      /** Only what this schedule asked for. */
      schedule_id?: string;
      /** Only the caller's own. */
      mine?: boolean;
    }, options?: CallOptions): Promise<ListReportsResponse>;

  /**
   * Ask for a report.
   *
   * Answers at once with its id; the work goes on in the background and survives restarts.
   *
   * Errors: INVALID_ARGUMENT with field violations, NOT_FOUND (`dashboard_not_found`), PERMISSION_DENIED (system performance needs
   * `view_operations`; excel and csv need `export_anonymized_data`), FAILED_PRECONDITION (`pdf_unavailable`, naming the packages),
   * RESOURCE_EXHAUSTED (`queue_full`).
   *
   * Needs `manage_reports`.
   */
  generateReport(body: GenerateReportRequest, options?: CallOptions): Promise<Report>;

  /**
   * Read a report's state and, where asked for, its document.
   *
   * Errors: NOT_FOUND, PERMISSION_DENIED.
   *
   * Needs `view_anonymized_data` or `view_operations`.
   */
  getReport(params: {
      /** Id. */
      report_id: string;
      /** Also answer the document. */
      include_document?: boolean;
      /** Also answer each chart as Plotly figure; needs `include_document`. */
      include_figures?: boolean;
    }, options?: CallOptions): Promise<Report>;

  /**
   * Delete a report with its files.
   *
   * A running one is cancelled first. Owners, and admins.
   *
   * Errors: NOT_FOUND, PERMISSION_DENIED.
   *
   * Needs `manage_reports`.
   */
  deleteReport(params: {
      /** Id. */
      report_id: string;
      /** Makes a retry count once for 24 h. At most 128 characters. */
      request_id?: string;
    }, options?: CallOptions): Promise<Record<string, unknown>>;

  /**
   * Download a report in one format, in chunks of at most 64 KiB; the first carries the media type.
   *
   * A format that was not asked for is rendered now and kept. Excel and csv need `export_anonymized_data`.
   * Errors: NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION (`report_not_done`, `report_failed`, `report_expired`, `pdf_unavailable`).
   *
   * Needs `view_anonymized_data` or `view_operations`.
   */
  downloadReport(params: {
      /** Id. */
      report_id: string;
      /** Format. Not given: json. */
      format?: "json" | "html" | "pdf" | "excel" | "csv";
    }, options?: CallOptions): Promise<Response>;

  /**
   * Follow a report until it is done, failed or cancelled.
   *
   * The first message is its present state, so that a reconnect misses nothing.
   *
   * Errors: NOT_FOUND.
   *
   * Needs `view_anonymized_data` or `view_operations`.
   */
  watchReport(params: {
      /** Id. */
      report_id: string;
    }, options?: Pick<CallOptions, 'signal'>): AsyncGenerator<ReportProgress, void, undefined>;

  /**
   * Stop a report that is queued or running.
   *
   * A finished one stays as it is. Owners, and admins.
   *
   * Errors: NOT_FOUND, PERMISSION_DENIED.
   *
   * Needs `manage_reports`.
   */
  cancelReport(params: {
      /** Id. */
      report_id: string;
    }, body?: CancelReportRequest, options?: CallOptions): Promise<Report>;

  /**
   * How many players of a released entry period came back, by week since their first session.
   *
   * Errors: NOT_FOUND (`release_not_found`).
   *
   * Needs `view_anonymized_data`.
   */
  getRetention(params?: {
      /** The first moment of the entry period, UTC; missing: the latest released one. */
      period_start?: string;
      /** The length; missing: month. */
      grain?: "day" | "week" | "month";
    }, options?: CallOptions): Promise<Retention>;

  /**
   * Lists routes by name.
   *
   * Needs `manage_notifications`.
   */
  listRoutes(params?: {
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListRoutesResponse>;

  /**
   * Creates a route: which alerts go to whom.
   *
   * Needs `manage_notifications`.
   */
  createRoute(body: CreateRouteRequest, options?: CallOptions): Promise<Route>;

  /**
   * Returns one route.
   *
   * NOT_FOUND where there is none of that id.
   *
   * Needs `manage_notifications`.
   */
  getRoute(params: {
      /** The route. */
      route_id: string;
    }, options?: CallOptions): Promise<Route>;

  /**
   * Replaces a route.
   *
   * Needs `manage_notifications`.
   */
  updateRoute(params: {
      /** The route. */
      route_id: string;
    }, body: UpdateRouteRequest, options?: CallOptions): Promise<Route>;

  /**
   * Deletes a route.
   *
   * Needs `manage_notifications`.
   */
  deleteRoute(params: {
      /** The route. */
      route_id: string;
      /** Makes a retried write count once. */
      request_id?: string;
    }, options?: CallOptions): Promise<DeleteRouteResponse>;

  /**
   * Lists rules by id, the built-in ones too.
   *
   * Needs `manage_rules` or `access_crisis_protocols` or `view_operations`.
   */
  listRules(params?: {
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListRulesResponse>;

  /**
   * Creates a rule.
   *
   * INVALID_ARGUMENT with the place in the expression where it is wrong, too long or asks for what rules may
   * not see. ALREADY_EXISTS where the id is taken.
   *
   * Needs `manage_rules`.
   */
  createRule(body: CreateRuleRequest, options?: CallOptions): Promise<Rule>;

  /**
   * Replaces a rule.
   *
   * Of a built-in rule only `enabled`, `cooldown_seconds`, `for_seconds` and `intervention` can change, and
   * crisis language can neither be switched off nor wait for a duration. ABORTED where `version` is not the present one.
   *
   * Needs `manage_rules`.
   */
  updateRule(params: {
      /** The rule. */
      rule_id: string;
    }, body: UpdateRuleRequest, options?: CallOptions): Promise<Rule>;

  /**
   * Deletes a rule.
   *
   * FAILED_PRECONDITION for a built-in one.
   *
   * Needs `manage_rules`.
   */
  deleteRule(params: {
      /** The rule. */
      rule_id: string;
      /** Makes a retried write count once. */
      request_id?: string;
    }, options?: CallOptions): Promise<DeleteRuleResponse>;

  /**
   * Tries a rule on a signal.
   *
   * Nothing is stored and no alert is made.
   *
   * Needs `manage_rules`.
   */
  testRule(body: TestRuleRequest, options?: CallOptions): Promise<TestRuleResponse>;

  /**
   * List the caller's schedules; an admin's list holds all.
   *
   * Errors: INVALID_ARGUMENT (`page_token`).
   *
   * Needs `manage_reports`.
   */
  listSchedules(params?: {
      /** At most so many, 0 to 1000; 0 is 50. */
      page_size?: number;
      /** From the page before. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListSchedulesResponse>;

  /**
   * Create a schedule.
   *
   * Errors: INVALID_ARGUMENT (cron expression or time zone with what is wrong, field violations), PERMISSION_DENIED,
   * NOT_FOUND (`dashboard_not_found`).
   *
   * Needs `manage_reports`.
   */
  createSchedule(body: CreateScheduleRequest, options?: CallOptions): Promise<Schedule>;

  /**
   * Read a schedule with its next three runs.
   *
   * Errors: NOT_FOUND.
   *
   * Needs `manage_reports`.
   */
  getSchedule(params: {
      /** Id. */
      schedule_id: string;
    }, options?: CallOptions): Promise<Schedule>;

  /**
   * Replace a schedule.
   *
   * Ticks that were claimed before go on as they were.
   *
   * Errors: NOT_FOUND, ABORTED (`version_conflict`), and those of creation.
   *
   * Needs `manage_reports`.
   */
  updateSchedule(params: {
      /** Id. */
      schedule_id: string;
    }, body: UpdateScheduleRequest, options?: CallOptions): Promise<Schedule>;

  /**
   * Delete a schedule.
   *
   * Reports that it made stay until they expire.
   *
   * Errors: NOT_FOUND, PERMISSION_DENIED.
   *
   * Needs `manage_reports`.
   */
  deleteSchedule(params: {
      /** Id. */
      schedule_id: string;
      /** Makes a retry count once for 24 h. At most 128 characters. */
      request_id?: string;
    }, options?: CallOptions): Promise<Record<string, unknown>>;

  /**
   * List the runs of a schedule, newest first.
   *
   * Errors: NOT_FOUND, INVALID_ARGUMENT (`page_token`).
   *
   * Needs `manage_reports`.
   */
  listScheduleRuns(params: {
      /** Id of the schedule. */
      schedule_id: string;
      /** At most so many, 0 to 1000; 0 is 50. */
      page_size?: number;
      /** From the page before. */
      page_token?: string;
    }, options?: CallOptions): Promise<ListScheduleRunsResponse>;

  /**
   * Run a schedule now, beside its ticks: makes the report and sends it.
   *
   * Errors: NOT_FOUND, PERMISSION_DENIED (also where the caller lacks what a delivery needs), RESOURCE_EXHAUSTED
   * (`queue_full`).
   *
   * Needs `manage_reports`.
   */
  runNow(params: {
      /** Id. */
      schedule_id: string;
    }, body?: RunNowRequest, options?: CallOptions): Promise<ScheduleRun>;

  /**
   * Store sessions: a stream of batches, answered once at its end; over REST a POST of one batch.
   *
   * The answer comes when all of it is durable. The same session again is a no-op. Other content for a known session wins where
   * its `updated_at` is newer, until its period closes; otherwise it is a violation `already_exists`. Nothing of a stream is
   * stored after its first refused message.
   * Errors: INVALID_ARGUMENT with the violations of the first message that is refused, ALREADY_EXISTS, FAILED_PRECONDITION
   * (`consent_assertion_off`), RESOURCE_EXHAUSTED (`ingest_queue_full`, with the time to wait). The metadata of a refusal tells `accepted_messages`: how many messages before it are stored.
   *
   * Needs `ingest`.
   */
  ingestSessions(body?: IngestSessionsRequest, options?: CallOptions): Promise<IngestSummary>;

  /**
   * Judges one signal of one player by the rules.
   *
   * OK means that every alert that follows from it is in the database.
   * Message texts are read in memory and never stored.
   *
   * Needs `ingest`.
   */
  processSignal(body: ProcessSignalRequest, options?: CallOptions): Promise<ProcessSignalResponse>;

  /**
   * Judges signals in batches.
   *
   * Each message is all or none; the answer comes once the last alert is durable.
   *
   * Needs `ingest`.
   */
  ingestSignals(body: IngestSignalsRequest, options?: CallOptions): Promise<IngestSignalsResponse>;

  /**
   * Lists silences, newest first.
   *
   * Needs `manage_silences` or `access_crisis_protocols`.
   */
  listSilences(params?: {
      /** At most so many; 0 for 50. */
      page_size?: number;
      /** Where the last page ended. */
      page_token?: string;
      /** Only those that hold back now. */
      active_only?: boolean;
    }, options?: CallOptions): Promise<ListSilencesResponse>;

  /**
   * Holds back notifications of alerts that match, until it ends.
   *
   * A safety concern of severity high or critical is never
   * held back, whatever the matchers say.
   *
   * Needs `manage_silences`.
   */
  createSilence(body: CreateSilenceRequest, options?: CallOptions): Promise<Silence>;

  /**
   * Ends a silence now.
   *
   * NOT_FOUND where there is none of that id.
   *
   * Needs `manage_silences`.
   */
  deleteSilence(params: {
      /** The silence. */
      silence_id: string;
      /** Makes a retried write count once. */
      request_id?: string;
    }, options?: CallOptions): Promise<DeleteSilenceResponse>;

  /**
   * Makes a ticket that opens one WebSocket or SSE stream without a header: one use, 30 seconds.
   *
   * Needs `subscribe_alerts` or `access_crisis_protocols`.
   */
  createStreamTicket(body?: CreateStreamTicketRequest, options?: CallOptions): Promise<CreateStreamTicketResponse>;

  /**
   * How far a training is.
   *
   * Errors: NOT_FOUND (`training_not_found`).
   *
   * Needs `train_models`.
   */
  getTraining(params: {
      /** Its id, 1 to 64 characters. */
      training_id: string;
    }, options?: CallOptions): Promise<Training>;

  /**
   * The state of a training now and after every change, until it ends.
   *
   * Errors: NOT_FOUND (`training_not_found`).
   *
   * Needs `train_models`.
   */
  watchTraining(params: {
      /** Its id, 1 to 64 characters. */
      training_id: string;
    }, options?: Pick<CallOptions, 'signal'>): AsyncGenerator<Training, void, undefined>;

  /**
   * Stop a training; one that has ended stays as it is.
   *
   * Errors: NOT_FOUND (`training_not_found`).
   *
   * Needs `train_models`.
   */
  cancelTraining(params: {
      /** Its id, 1 to 64 characters. */
      training_id: string;
    }, body?: CancelTrainingRequest, options?: CallOptions): Promise<Training>;

  /**
   * Estimate the trend, the season and the change points of a series.
   *
   * Errors: INVALID_ARGUMENT (neither a statistic nor points; times that repeat or are not in order; unknown statistic).
   *
   * Needs `view_anonymized_data`.
   */
  analyzeTrend(params?: {
      /** Name of the statistic, as releases carry it. Not given: the points of the request are used. */
      "selector.statistic"?: string;
      /** Length of the periods. Not given: month. */
      "selector.grain"?: "day" | "week" | "month";
      /** First moment, UTC, inclusive. Not given: the first release. */
      "selector.range_start"?: string;
      /** End, UTC, exclusive. Not given: the last release. */
      "selector.range_end"?: string;
      /** Only this focus. Not given: all players. */
      "selector.therapeutic_focus"?: string;
      /** Only this frequency, with a focus. */
      "selector.session_frequency"?: string;
      /** Only this level, with a focus. */
      "selector.engagement_level"?: string;
      /** Values of one season: 7 for days with a week. Not given: found among 7 and 365 for days, 52 for weeks, 12 for months. 1: none. */
      season_length?: number;
    }, options?: CallOptions): Promise<TrendAnalysis>;

  /**
   * Estimate the trend, the season and the change points of a series.
   *
   * Errors: INVALID_ARGUMENT (neither a statistic nor points; times that repeat or are not in order; unknown statistic).
   *
   * Needs `view_anonymized_data`.
   */
  analyzeTrend2(body?: AnalyzeTrendRequest, options?: CallOptions): Promise<TrendAnalysis>;
}

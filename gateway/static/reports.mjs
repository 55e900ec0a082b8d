// Reports: asks for them, shows how far they are, schedules them.
import { call, renew, tell } from "./page.mjs";

const DAY = 86_400_000;
const form = document.getElementById("make-report");
const planned = document.getElementById("make-schedule");
const preview = document.getElementById("preview");
const made = document.getElementById("reports");
const listed = new Intl.ListFormat("en", { type: "conjunction" });

/** The moment after a day, both in UTC: people name the last day that belongs, the API the first that does not. */
const after = (day) => new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString();

function spec(fields) {
  const found = { report_type: fields.get("report_type"), title: fields.get("title") ?? "", formats: [fields.get("format")] };
  if (found.report_type === "custom_dashboard" && fields.get("dashboard_id")) {
    found.dashboard_id = fields.get("dashboard_id");
    found.title ||= document.querySelector(`option[value="${CSS.escape(found.dashboard_id)}"]`).textContent;
  }
  if (fields.get("grain")) found.filters = { grain: fields.get("grain"), therapeutic_focus: fields.getAll("focus") };
  return found;
}

function asked(fields) {
  const body = { spec: spec(fields) };
  if (fields.get("since")) body.range_start = `${fields.get("since")}T00:00:00Z`;
  if (fields.get("until")) body.range_end = after(fields.get("until"));
  return body;
}

function scheduled(fields) {
  const email = fields.get("email").trim();
  return {
    schedule: {
      name: fields.get("name"),
      cron: fields.get("cron") || fields.get("own"),
      time_zone: fields.get("time_zone"),
      spec: { ...spec(fields), filters: { grain: fields.get("range_grain") } },
      range_periods: Number(fields.get("range_periods")),
      range_grain: fields.get("range_grain"),
      catch_up: fields.get("catch_up"),
      deliveries: email ? [{ email_address: email, format: fields.get("format"), recipient_role: fields.get("recipient_role") }] : [],
    },
  };
}

/** How many released periods a report would be made of: said before it is made. */
function covered({ spec, range_start, range_end }) {
  if (spec.report_type === "system_performance") return "";
  const grain = spec.filters.grain;
  const end = range_end ? Date.parse(range_end) : Date.now();
  const start = range_start ? Date.parse(range_start) : end - 366 * DAY;
  if (start >= end) return " The last day lies before the first.";
  const count = JSON.parse(form.dataset.released)[grain].filter((each) => Date.parse(each) >= start && Date.parse(each) < end).length;
  if (!count) return ` No released ${grain} lies in this range: the report would be empty.`;
  return count === 1 ? ` One released ${grain} lies in this range.` : ` ${count} released ${grain}s lie in this range.`;
}

function show() {
  const body = asked(new FormData(form));
  const { report_type: type, format, since, until } = form.elements;
  const range = since.value || until.value
    ? `, ${since.value ? `from ${since.value}` : "from a year before"}${until.value ? ` to ${until.value}` : " to today"}`
    : ", over the last year";
  const focus = body.spec.filters.therapeutic_focus;
  const whose = focus.length ? `, for ${listed.format(focus)}` : "";
  preview.textContent = `${type.selectedOptions[0].text}${range}${whose}, as ${format.selectedOptions[0].text}.${covered(body)}`;
  form.querySelector("[data-answer]").textContent = type.selectedOptions[0].dataset.answers;
}

function showChoices(place) {
  for (const each of place.querySelectorAll("[data-for]")) each.hidden = each.dataset.for !== place.elements.report_type.value;
}

function showOwn() {
  const own = !planned.elements.cron.value;
  planned.querySelector("[data-own]").hidden = !own;
  planned.elements.own.required = own;
}

function send(place, work) {
  place.addEventListener("input", () => showChoices(place));
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    const says = place.querySelector(".says");
    says.textContent = "";
    try {
      await work(new FormData(place));
    } catch (error) {
      says.textContent = error.message;
    }
  });
  showChoices(place);
}

if (form) {
  send(form, async (fields) => {
    await call("POST", "/api/v1/reports", asked(fields));
    tell("The report is being made.");
    await showMade();
  });
  send(planned, async (fields) => {
    await call("POST", "/api/v1/schedules", scheduled(fields));
    location.reload();
  });
  form.addEventListener("input", show);
  planned.elements.cron.addEventListener("change", showOwn);
  planned.elements.time_zone.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.getElementById("zones").append(...Intl.supportedValuesOf("timeZone").map((zone) => new Option(zone, zone)));
  show();
  showOwn();
}

for (const button of document.querySelectorAll("[data-pause]")) {
  button.addEventListener("click", async () => {
    const schedule = JSON.parse(button.dataset.pause);
    try {
      await call("PUT", `/api/v1/schedules/${encodeURIComponent(schedule.schedule_id)}`, { schedule: { ...schedule, paused: !schedule.paused } });
      location.reload();
    } catch (error) {
      tell(error.message);
    }
  });
}

const EVERY = 1500;
const SELDOM = 15_000;
let pause = EVERY;
let next;

const underWay = () => [...document.querySelectorAll("tr[data-state=queued], tr[data-state=running]")];

function follow() {
  if (underWay().length) next ??= setTimeout(look, pause);
}

/**
 * Looks how far the reports are that are being made: all in one call, because a browser has six connections, and with a
 * stream for each report no button would work until some are done. Goes on, less often, while the service is away.
 */
async function look() {
  next = undefined;
  try {
    if (!document.hidden) await showSteps();
    pause = EVERY;
  } catch (error) {
    tell(error.message);
    if (error.status === 401 || error.status === 403) return;
    pause = Math.min(2 * pause, SELDOM);
  }
  follow();
}

async function showSteps() {
  const asked = new URLSearchParams({ page_size: 25, page_token: new URLSearchParams(location.search).get("page") ?? "" });
  const { reports } = await call("GET", `/api/v1/reports?${asked}`);
  const known = new Map(reports.map((each) => [each.report_id, each]));
  let over = false;
  for (const row of underWay()) {
    const report = known.get(row.dataset.report);
    const going = ["queued", "running"].includes(report?.state);
    if (going) row.querySelector(".step").textContent = `${Math.round(100 * report.progress)} % ${report.stage}`;
    else if (report) tell(`The report is ${report.state}.`);
    over ||= !going;
  }
  if (over) await showMade();
}

/** When a report is made, the list alone is read again, not the forms. */
async function showMade() {
  await renew(made);
  follow();
}

follow();

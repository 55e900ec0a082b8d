// Reports: asks for them, shows how far they are, schedules them.
import { call, tell } from "./page.mjs";

const form = document.getElementById("make-report");
const preview = document.getElementById("preview");

function read(fields) {
  const body = { spec: { report_type: fields.get("report_type"), title: fields.get("title") ?? "", formats: [fields.get("format")] } };
  if (fields.get("since")) body.range_start = `${fields.get("since")}T00:00:00Z`;
  if (fields.get("until")) body.range_end = `${fields.get("until")}T00:00:00Z`;
  return body;
}

function show() {
  const fields = new FormData(form);
  const about = fields.get("report_type").replaceAll("_", " ");
  const from = fields.get("since") ? ` from ${fields.get("since")}` : "";
  const until = fields.get("until") ? ` until ${fields.get("until")}` : "";
  preview.textContent = `A report about ${about}${from}${until}, as ${form.elements.format.selectedOptions[0].text}.`;
}

function send(place, work) {
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    const says = place.querySelector(".says");
    says.textContent = "";
    try {
      await work(new FormData(place));
      location.reload();
    } catch (error) {
      says.textContent = error.message;
    }
  });
}

send(form, (fields) => call("POST", "/api/v1/reports", read(fields)));
send(document.getElementById("make-schedule"), (fields) =>
  call("POST", "/api/v1/schedules", {
    schedule: {
      name: fields.get("name"),
      cron: fields.get("cron"),
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      spec: { report_type: fields.get("report_type"), formats: [fields.get("format")] },
      range_periods: 6,
      range_grain: "month",
    },
  }),
);
form.addEventListener("input", show);
show();

for (const row of document.querySelectorAll("tr[data-state=queued], tr[data-state=running]")) {
  const steps = new EventSource(`/api/v1/reports/${encodeURIComponent(row.dataset.report)}/progress`);
  steps.addEventListener("message", (event) => {
    const step = JSON.parse(event.data);
    row.querySelector(".step").textContent = `${Math.round(100 * step.progress)} % ${step.stage}`;
    if (["done", "failed", "cancelled"].includes(step.state)) {
      steps.close();
      tell(`The report is ${step.state}.`);
      location.reload();
    }
  });
}

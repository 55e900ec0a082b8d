// The live list of alerts: a WebSocket from a cursor on, that comes back by itself.
import { call, renew, tell } from "./page.mjs";

const place = document.getElementById("alerts");
const live = document.getElementById("live");
let cursor = place?.dataset.cursor ?? "";
let wait = 1000;
let silent;

function stale(why = "The live connection was lost; what you see may be old. Trying again.") {
  live.textContent = why;
  live.className = "live stale";
}

let pending;

function soon() {
  pending ??= setTimeout(async () => {
    pending = undefined;
    await renew(place).catch((error) => stale(error.message));
  }, 150);
}

function heard() {
  clearTimeout(silent);
  silent = setTimeout(stale, 45_000);
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const from = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
  const socket = new WebSocket(`${scheme}://${location.host}/api/v1/alerts/stream${from}`);
  socket.addEventListener("open", () => {
    wait = 1000;
    live.textContent = "Live.";
    live.className = "live soft";
    heard();
  });
  socket.addEventListener("message", (event) => {
    heard();
    const frame = JSON.parse(event.data);
    if (frame.cursor) cursor = frame.cursor;
    const alert = frame.event?.alert ?? frame.alert;
    if (!alert) return;
    if (frame.event?.kind === "opened") tell(`New alert: ${alert.title}`);
    soon();
  });
  socket.addEventListener("close", () => {
    clearTimeout(silent);
    stale();
    setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, 30_000);
  });
}

/** Where the alerts could not be read, looks now and then whether they can be again: a wall has nobody to press a key. */
function comeBack() {
  setInterval(async () => {
    const answer = await fetch(location.href).catch(() => undefined);
    if (answer?.ok && (await answer.text()).includes('id="alerts"')) location.reload();
  }, 5000);
}

if (place && live) connect();
else if (document.querySelector(".state.failed")) comeBack();

document.getElementById("silence")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const fields = new FormData(form);
  const now = new Date();
  const ends = new Date(now.getTime() + Number(fields.get("hours")) * 3_600_000);
  try {
    await call("POST", "/api/v1/silences", {
      matchers: [{ attribute: "alert_type", values: [fields.get("alert_type")] }],
      starts_at: now.toISOString(),
      ends_at: ends.toISOString(),
      comment: fields.get("comment"),
    });
    location.reload();
  } catch (error) {
    form.querySelector(".says").textContent = error.message;
  }
});

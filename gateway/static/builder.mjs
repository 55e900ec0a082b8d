// The builder of a dashboard: add, move, resize, change and remove panels, by mouse or by keyboard, and save.
import { add, move, reading, remove, resize, told } from "./arrange.mjs";
import { lay } from "./board.mjs";
import { drawAll } from "./chart.mjs";
import { drag } from "./drag.mjs";
import { call, tell } from "./page.mjs";
import { ask, offer } from "./panel_form.mjs";

const board = document.getElementById("board");
const save = document.getElementById("save");
const state = document.getElementById("state");
const failed = document.getElementById("failed");
let dashboard = JSON.parse(board.dataset.dashboard);
let panels = reading(dashboard.panels);
let changed = false;
let changing;

offer(JSON.parse(board.dataset.sources));

const at = (id) => panels.find((panel) => panel.panel_id === id);
const place = (id) => document.getElementById(id);
const name = (id) => document.getElementById(`${id}-title`).textContent;

function show(now) {
  for (const panel of now) lay(place(panel.panel_id), panel);
}

/** Takes an arrangement: the page shows it, reads in its order, and keeps the focus where it was. */
function take(now, said) {
  panels = now;
  show(now);
  const focused = document.activeElement;
  for (const [index, panel] of now.entries()) {
    if (board.children[index] !== place(panel.panel_id)) board.insertBefore(place(panel.panel_id), board.children[index] ?? null);
  }
  if (focused !== document.activeElement && board.contains(focused)) focused.focus();
  document.getElementById("none").hidden = now.length > 0;
  changed = true;
  state.textContent = `Not saved yet. The last saved version is ${dashboard.version}.`;
  tell(said);
}

const STEPS = {
  left: (id) => move(panels, id, -1, 0),
  right: (id) => move(panels, id, 1, 0),
  up: (id) => move(panels, id, 0, -1),
  down: (id) => move(panels, id, 0, 1),
  narrower: (id) => resize(panels, id, -1, 0),
  wider: (id) => resize(panels, id, 1, 0),
  shorter: (id) => resize(panels, id, 0, -1),
  taller: (id) => resize(panels, id, 0, 1),
};
const KEYS = { ArrowLeft: ["left", "narrower"], ArrowRight: ["right", "wider"], ArrowUp: ["up", "shorter"], ArrowDown: ["down", "taller"] };

function step(id, what) {
  const now = STEPS[what](id);
  const where = `${name(id)}: ${told(now.find((panel) => panel.panel_id === id))}.`;
  take(now, where);
  document.getElementById("place").textContent = where;
}

board.addEventListener("keydown", (event) => {
  const keys = KEYS[event.key];
  if (!keys || !event.target.closest("[data-handle]")) return;
  event.preventDefault();
  step(event.target.closest(".panel").id, keys[event.shiftKey ? 1 : 0]);
});

board.addEventListener("pointerdown", (event) => {
  if (!event.target.closest("[data-handle], .corner") || event.button !== 0) return;
  const { id } = event.target.closest(".panel");
  const before = panels;
  drag(event, board, before, id, {
    show,
    done: (now) => (now === before ? show(before) : take(now, `${name(id)}: ${told(now.find((each) => each.panel_id === id))}.`)),
  });
});

/** Asks the server for the panel as it would look, and puts it on the board. */
async function fetchPanel(panel) {
  const answer = await fetch("/dashboards/panels", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...dashboard, panels: [panel] }),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".panel");
  lay(found, panel);
  return found;
}

async function renew(panel) {
  const fresh = await fetchPanel(panel);
  const old = place(panel.panel_id);
  if (old) old.replaceWith(fresh);
  else board.append(fresh);
  await drawAll(fresh);
}

async function put(panel, now, said) {
  await renew(panel);
  take(now, said(name(panel.panel_id)));
}

function unused() {
  let number = panels.length + 1;
  while (at(`panel-${number}`)) number += 1;
  return `panel-${number}`;
}

document.getElementById("add").addEventListener("click", () => {
  const blank = { panel_id: unused(), title: "", kind: "chart", source_id: "", width: 6, height: 4, column: 0, row: 0 };
  ask(blank, "Add a panel", true, async (panel) => {
    const sized = panel.kind === "key_figure" ? { ...panel, width: 3, height: 2 } : panel;
    const now = add(panels, sized);
    await put(now.find((each) => each.panel_id === panel.panel_id), now, (title) => `${title} added.`);
    return place(panel.panel_id).querySelector("[data-handle]");
  });
});

board.addEventListener("click", (event) => {
  const { id } = event.target.closest(".panel") ?? {};
  if (event.target.closest("[data-change]")) {
    changing = id;
    document.getElementById("place").textContent = `${told(at(id))}.`;
    ask(at(id), `Change ${name(id)}`, false, async (panel) => {
      const { column, row, width, height } = at(id);
      const now = { ...panel, column, row, width, height };
      await put(now, panels.map((each) => (each.panel_id === id ? now : each)), (title) => `${title} changed.`);
      return place(id).querySelector("[data-change]");
    });
  }
  if (event.target.closest("[data-remove]")) {
    const said = `${name(id)} removed.`;
    const next = panels.findIndex((each) => each.panel_id === id);
    place(id).remove();
    take(remove(panels, id), said);
    const beside = panels[Math.min(next, panels.length - 1)];
    (beside ? place(beside.panel_id).querySelector("[data-remove]") : document.getElementById("add")).focus();
  }
});

for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => step(changing, button.dataset.step));
}
for (const button of document.querySelectorAll("dialog [data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

const about = document.getElementById("about-form");
document.getElementById("about").addEventListener("click", () => {
  const { title, description, range_periods, range_grain, visibility } = dashboard;
  const values = { title, description, range_periods: range_periods || 12, range_grain: range_grain ?? "month", visibility: visibility ?? "private" };
  for (const [field, value] of Object.entries(values)) about.elements[field].value = value;
  document.getElementById("about-dialog").showModal();
});
about.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(about));
  const range = (dashboard.range_periods || 12) !== Number(fields.range_periods) || (dashboard.range_grain ?? "month") !== fields.range_grain;
  dashboard = { ...dashboard, ...fields, range_periods: Number(fields.range_periods) };
  document.querySelector("h1").textContent = dashboard.title;
  document.getElementById("about-dialog").close();
  take(panels, "Applied. Save to keep it.");
  if (!range) return;
  try {
    await Promise.all(panels.map(renew));
    tell("The panels show the new range.");
  } catch (error) {
    failed.textContent = error.message;
  }
});

function asked(text) {
  const dialog = document.getElementById("conflict-dialog");
  document.getElementById("conflict-text").textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector('[value=""]').focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

async function conflict(path) {
  const theirs = await call("GET", path);
  const answer = await asked(`There is a version ${theirs.version} now; yours began as version ${dashboard.version}.`);
  if (answer === "theirs") {
    changed = false;
    location.reload();
  }
  if (answer === "mine") {
    dashboard = { ...dashboard, version: theirs.version };
    await keep();
  }
}

async function keep() {
  const path = `/api/v1/dashboards/${encodeURIComponent(dashboard.dashboard_id)}`;
  failed.textContent = "";
  save.setAttribute("aria-disabled", "true");
  try {
    dashboard = await call("PUT", path, { dashboard: { ...dashboard, panels } });
    changed = false;
    state.textContent = `Version ${dashboard.version}, saved.`;
    tell("Saved.");
  } catch (error) {
    if (error.status === 409) await conflict(path);
    else failed.textContent = error.message;
  } finally {
    save.removeAttribute("aria-disabled");
  }
}

save.addEventListener("click", () => save.getAttribute("aria-disabled") || keep());
addEventListener("beforeunload", (event) => changed && event.preventDefault());

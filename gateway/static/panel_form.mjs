// The dialog in which a panel is chosen and changed.

const WORDS = { source_id: "", title: "Words of your own", description: "Plain text, as you write it.", kinds: ["text"], breakdowns: [] };
const NAMES = { key_figure: "the newest figure", chart: "a chart", table: "a table", text: "words", period: "time", focus: "therapeutic focus, newest period", cohort: "cohort, newest period" };

const dialog = document.getElementById("panel-dialog");
const form = document.getElementById("panel-form");
const says = form.querySelector(".says");
const fields = form.elements;
const list = (text) => text.split(",").map((each) => each.trim()).filter(Boolean);

let sources = [];

export function offer(found) {
  sources = [...found, WORDS];
  fields.source_id.replaceChildren(...sources.map((each) => new Option(each.title, each.source_id)));
}

const source = () => sources.find((each) => each.source_id === fields.source_id.value) ?? WORDS;

function options(select, names, chosen) {
  select.replaceChildren(...names.map((name) => new Option(NAMES[name] ?? name, name)));
  if (names.includes(chosen)) select.value = chosen;
}

/** Shows the fields that this source has, with what was chosen where it still fits. */
function fit(kind = fields.kind.value, breakdown = fields.breakdown.value) {
  const { kinds, breakdowns, description, source_id } = source();
  document.getElementById("meaning").textContent = description;
  options(fields.kind, kinds, kinds.includes(kind) ? kind : kinds.includes("chart") ? "chart" : kinds[0]);
  options(fields.breakdown, breakdowns, breakdown);
  const shown = {
    kind: kinds.length > 1,
    breakdown: breakdowns.length > 0 && fields.kind.value !== "key_figure",
    focus: breakdowns.length > 0,
    metrics: source_id === "metrics",
    text: kinds[0] === "text",
  };
  for (const [name, visible] of Object.entries(shown)) {
    const part = form.querySelector(`[data-for="${name}"]`);
    part.hidden = !visible;
    for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !visible;
  }
  fields.text.required = shown.text;
}

fields.source_id.addEventListener("change", () => fit());
fields.kind.addEventListener("change", () => fit());

function read(panel) {
  const { focus, metrics, text } = fields;
  return {
    ...panel,
    title: fields.title.value.trim(),
    kind: fields.kind.value,
    source_id: fields.source_id.value,
    ...(fields.breakdown.disabled ? {} : { breakdown: fields.breakdown.value }),
    filters: { therapeutic_focus: focus.disabled ? [] : list(focus.value), metrics: metrics.disabled ? [] : list(metrics.value) },
    text: text.disabled ? "" : text.value,
  };
}

function write(panel) {
  fields.source_id.value = panel.kind === "text" ? "" : panel.source_id || sources[0].source_id;
  fields.title.value = panel.title;
  fields.focus.value = (panel.filters?.therapeutic_focus ?? []).join(", ");
  fields.metrics.value = (panel.filters?.metrics ?? []).join(", ");
  fields.text.value = panel.text ?? "";
  fit(panel.kind, panel.breakdown);
}

/** Opens the dialog; `keep` takes the changed panel, returns what gets the focus, and may throw what is wrong. */
export function ask(panel, heading, isNew, keep) {
  document.getElementById("panel-title").textContent = heading;
  document.getElementById("where").hidden = isNew;
  says.textContent = "";
  write(panel);
  form.onsubmit = async (event) => {
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    try {
      const next = await keep(read(panel));
      dialog.close();
      next.focus();
    } catch (error) {
      says.textContent = error.message;
    } finally {
      form.removeAttribute("aria-busy");
    }
  };
  dialog.showModal();
}

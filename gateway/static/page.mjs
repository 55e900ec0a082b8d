// What every page does in the browser: local times, theme, menu, forms that call the API, charts.

const told = document.getElementById("told");

export function tell(text) {
  told.textContent = text;
}

let session;

async function csrf() {
  session ??= fetch("/api/session").then((answer) => answer.json());
  return (await session).csrf_token ?? "";
}

/** Calls the API as the reader; throws an Error whose message says what was wrong and where. */
export async function call(method, path, body) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": await csrf() };
  const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  const found = text ? JSON.parse(text) : {};
  if (!answer.ok) {
    const fields = (found.violations ?? []).map((each) => `${each.field}: ${each.description}`);
    const said = [found.detail ?? found.title ?? `The call failed with ${answer.status}.`, ...fields].join(" ");
    throw Object.assign(new Error(said), { status: answer.status });
  }
  return found;
}

export function localTime(moment, day = false) {
  const style = day ? { dateStyle: "medium", timeZone: "UTC" } : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(undefined, style).format(new Date(moment));
}

export function showTimes(root = document) {
  for (const each of root.querySelectorAll("time[datetime]:not([data-shown])")) {
    const moment = each.getAttribute("datetime");
    each.title = moment;
    each.textContent = localTime(moment, "day" in each.dataset);
    each.dataset.shown = "";
  }
}

/** Shows anew what an element of this page holds, and leaves the focus where it was. */
export async function renew(place) {
  const answer = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(place.id);
  if (!fresh) throw new Error("This could not be read again, and may be old. Reload the page.");
  const focused = place.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
  place.replaceChildren(...fresh.childNodes);
  showTimes(place);
  if (focused) place.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
}

function kind(field, text) {
  if (field.type === "number") return text === "" ? undefined : Number(text);
  if (field.type === "datetime-local" || field.type === "date") return text ? new Date(`${text}Z`.replace("ZZ", "Z")).toISOString() : undefined;
  return text === "" ? undefined : text;
}

/** Reads a form into a request: names with dots nest, a checkbox is true or false, what is empty is left out. */
export function request(form) {
  const out = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled) continue;
    if (field.type === "radio" && !field.checked) continue;
    const value = field.type === "checkbox" ? field.checked : kind(field, field.value.trim());
    if (value === undefined) continue;
    const path = field.name.split(".");
    const last = path.pop();
    const target = path.reduce((at, name) => (at[name] ??= {}), out);
    target[last] = value;
  }
  return out;
}

async function submit(form, button) {
  const [method, template] = form.dataset.call.split(" ");
  const body = request(form);
  const path = template.replace(/\{(\w+)\}/g, (_, name) => {
    const value = body[name];
    delete body[name];
    return encodeURIComponent(value);
  });
  const says = form.querySelector(".says");
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("disabled", "");
  try {
    const answer = await call(method, path, method === "DELETE" ? undefined : body);
    says && (says.textContent = "");
    const done = form.dataset.done ?? "Done.";
    tell(done);
    form.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: answer }));
    if (form.dataset.then === "reload") location.reload();
    else if (form.dataset.then) location.assign(form.dataset.then.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(answer[name])));
  } catch (error) {
    if (says) says.textContent = error.message;
    else tell(error.message);
  } finally {
    form.removeAttribute("aria-busy");
    button?.removeAttribute("disabled");
  }
}

addEventListener("submit", (event) => {
  if (event.target.matches("form[data-call]")) {
    event.preventDefault();
    const { sure } = event.target.dataset;
    if (!sure || confirm(sure)) submit(event.target, event.submitter);
  }
});

const menu = document.querySelector(".menu");
menu?.addEventListener("click", () => {
  menu.setAttribute("aria-expanded", String(menu.getAttribute("aria-expanded") !== "true"));
});

const theme = document.getElementById("theme");

function wear(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}

if (theme) {
  theme.value = localStorage.getItem("theme") ?? "";
  wear(theme.value);
  theme.addEventListener("change", () => {
    localStorage.setItem("theme", theme.value);
    wear(theme.value);
    dispatchEvent(new Event("themechange"));
  });
}

showTimes();
if (document.querySelector("[data-plot]")) import("/static/chart.mjs").then((charts) => charts.drawAll());

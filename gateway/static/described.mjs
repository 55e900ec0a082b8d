// An answer of a call in words: names and values instead of JSON.

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

function words(value) {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (typeof value === "number") return value.toLocaleString();
  if (typeof value === "string" && INSTANT.test(value))
    return new Date(value).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return String(value).replaceAll("_", " ");
}

/** Returns an element that tells a value of any shape; what is empty is left out. */
export function described(value) {
  if (Array.isArray(value)) return element("ul", ...value.map((each) => element("li", described(each))));
  if (value === null || typeof value !== "object") return document.createTextNode(words(value));
  const told = Object.entries(value).filter(([, each]) => each !== "" && each !== null && !(Array.isArray(each) && !each.length));
  const rows = told.flatMap(([name, each]) => [element("dt", words(name)), element("dd", described(each))]);
  return rows.length ? element("dl", ...rows) : document.createTextNode("Done.");
}

// One player's prediction: the chance with its interval, and the main reasons.
import "./page.mjs";

const percent = new Intl.NumberFormat(undefined, { style: "percent" });

document.getElementById("prediction")?.addEventListener("answered", (event) => {
  const found = event.detail;
  const said = document.createElement("p");
  said.textContent =
    `The chance of a good outcome is about ${percent.format(found.probability)} ` +
    `(${percent.format(found.lower)} to ${percent.format(found.upper)}), by model version ${found.model_version}.`;
  const reasons = document.createElement("ul");
  for (const each of found.reasons) {
    const item = document.createElement("li");
    item.textContent = each.description ?? each.feature ?? each.name;
    reasons.append(item);
  }
  document.getElementById("predicted").replaceChildren(said, reasons);
});

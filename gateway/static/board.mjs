// Puts the panels of a dashboard into their places on the grid; without it they stand below each other.
import "./page.mjs";

const NAMES = ["column", "row", "width", "height"];

export function lay(place, panel) {
  for (const name of NAMES) {
    place.dataset[name] = panel[name];
    place.style.setProperty(`--${name}`, panel[name]);
  }
}

for (const place of document.querySelectorAll(".panel")) lay(place, place.dataset);

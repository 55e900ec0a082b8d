// The filter of the reference: narrows the list of operations while the reader types. The page works without it.
const filter = document.querySelector("#filter");
const status = document.querySelector("#found");

function narrow() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of document.querySelectorAll("[data-group]")) {
    let shown = 0;
    for (const item of group.querySelectorAll("[data-text]")) {
      item.hidden = !words.every((word) => item.dataset.text.includes(word));
      if (!item.hidden) shown += 1;
    }
    group.hidden = shown === 0;
    found += shown;
  }
  status.textContent = words.length ? `${found} found` : "";
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

filter.addEventListener("input", narrow);
addEventListener("hashchange", openTarget);
openTarget();

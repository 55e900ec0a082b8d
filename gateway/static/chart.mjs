// Draws the charts of a page with the Plotly that the server ships, in the colours of the theme.

// Plotly writes its styles into the page, which our content policy forbids. Elements of these ids keep it from trying:
// what we need of the styles is in pages.css, and maps are not drawn.
const STYLES = ["plotly.js-style-global", "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53"];

function loaded() {
  if (window.Plotly) return Promise.resolve();
  for (const id of STYLES) {
    const held = document.createElement("meta");
    held.id = id;
    held.className = "no-inline-styles";
    document.head.append(held);
  }
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/static/plotly.min.js";
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error("The chart library could not be loaded.")));
    document.head.append(script);
  });
}

/** Intervals are drawn in the colour of words, so that they stand out on what they measure. */
function withIntervals(trace) {
  const ink = getComputedStyle(document.documentElement).getPropertyValue("--chart-ink").trim();
  const named = ["error_x", "error_y"].filter((name) => trace[name]);
  return { ...trace, ...Object.fromEntries(named.map((name) => [name, { color: ink, ...trace[name] }])) };
}

function layout(given) {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--chart-ink").trim();
  const line = style.getPropertyValue("--chart-line").trim();
  const axis = { gridcolor: line, zerolinecolor: line, automargin: true, separatethousands: true };
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: ink, family: "system-ui, sans-serif", size: 13 },
    margin: { t: 16, r: 16, b: 40, l: 48 },
    height: 320,
    ...given,
    shapes: (given.shapes ?? []).map((shape) => ({ ...shape, line: { color: ink, ...shape.line } })),
    xaxis: { ...axis, ...given.xaxis },
    yaxis: { ...axis, ...given.yaxis },
  };
}

const wantsDark = matchMedia("(prefers-color-scheme: dark)");
const dark = () => (document.documentElement.dataset.theme ?? (wantsDark.matches ? "dark" : "light")) === "dark";

/** Mixes a colour with white, so that what is drawn for paper stands out on a dark page too. */
function lighter(colour) {
  const mixed = [1, 3, 5].map((at) => Math.round(0.65 * parseInt(colour.slice(at, at + 2), 16) + 0.35 * 255));
  return `#${mixed.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

async function draw(place) {
  const text = place.dataset.plot;
  const plot = JSON.parse(dark() ? text.replace(/#[0-9a-f]{6}(?=")/gi, lighter) : text);
  const config = { displayModeBar: false, responsive: true };
  const given = "fill" in place.dataset ? { ...plot.layout, height: place.clientHeight } : (plot.layout ?? {});
  await window.Plotly.react(place, plot.data.map(withIntervals), layout(given), config);
}

// A chart that fills its place follows it when the place gets another size.
const followed = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    if (target.classList.contains("js-plotly-plot") && target.clientHeight)
      window.Plotly.relayout(target, { width: target.clientWidth, height: target.clientHeight });
  }
});

export async function drawAll(root = document) {
  const places = [...root.querySelectorAll("[data-plot]")];
  if (!places.length) return;
  try {
    await loaded();
    await Promise.all(places.map(draw));
  } catch (error) {
    for (const place of places) {
      place.textContent = `The chart could not be drawn: ${error.message} Its figures are in the table.`;
      place.classList.add("undrawn");
    }
  }
  for (const place of places) if ("fill" in place.dataset) followed.observe(place);
}

addEventListener("themechange", () => drawAll());
wantsDark.addEventListener("change", () => drawAll());

// Draws the charts of a page with the Plotly that the server ships, in the colours of the theme.

function loaded() {
  if (window.Plotly) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/static/plotly.min.js";
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error("The chart library could not be loaded.")));
    document.head.append(script);
  });
}

function layout(given) {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--chart-ink").trim();
  const line = style.getPropertyValue("--chart-line").trim();
  const axis = { gridcolor: line, zerolinecolor: line, automargin: true };
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: ink, family: "system-ui, sans-serif", size: 13 },
    margin: { t: 16, r: 16, b: 40, l: 48 },
    height: 320,
    ...given,
    xaxis: { ...axis, ...given.xaxis },
    yaxis: { ...axis, ...given.yaxis },
  };
}

async function draw(place) {
  const plot = JSON.parse(place.dataset.plot);
  const config = { displayModeBar: false, responsive: true };
  await window.Plotly.react(place, plot.data, layout(plot.layout ?? {}), config);
}

export async function drawAll(root = document) {
  const places = [...root.querySelectorAll("[data-plot]")];
  if (!places.length) return;
  await loaded();
  await Promise.all(places.map(draw));
}

addEventListener("themechange", () => drawAll());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());

// How a chart looks, in the tokens of the stylesheet.
const still = matchMedia("(prefers-reduced-motion: reduce), print"); // paper does not wait for what moves

// On paper the tokens are those of the light, whatever the screen has: see @media print.
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["pain", "soreness", "band", "usual", "session", "grid", "text", "surface", "faint"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--chart-${name}`).trim()]));
}

// One score as a line: dots only where there is room for them, hollow where remembered later.
export function dataset(label, points, colour, roomy, surface, more = {}) {
  return {
    label,
    data: points,
    borderColor: colour,
    borderWidth: 2,
    borderJoinStyle: "round",
    pointRadius: roomy ? 3 : 0,
    clip: 5, // a dot at the edge is whole: the latest entry stands there
    pointHoverRadius: 5,
    pointHitRadius: 12,
    pointBorderWidth: 1.5,
    pointBorderColor: colour,
    pointHoverBorderColor: colour,
    pointBackgroundColor: roomy ? ({ raw }) => (raw?.late ? surface : colour) : colour,
    pointHoverBackgroundColor: colour,
    ...more,
  };
}

export function options({ axis }, look, x, y) {
  const ink = { color: look.text, font: { size: 12, family: getComputedStyle(document.body).fontFamily } };
  return {
    animation: still.matches ? false : { duration: 200 },
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    interaction: { mode: "nearest", axis: "x", intersect: false },
    layout: { padding: { top: 2, right: 8 } },
    scales: {
      x: {
        type: "linear",
        ...x,
        grid: { display: false },
        border: { color: look.grid },
        ticks: { maxRotation: 0, autoSkipPadding: 12, ...ink, ...x.ticks },
        title: { ...ink, ...x.title },
      },
      y: {
        ...y,
        grid: { color: ({ tick }) => (tick.value < 0 || tick.value > 10 ? "transparent" : look.grid) },
        border: { display: false },
        afterBuildTicks: (scale) => (scale.ticks = [0, 2, 4, 6, 8, 10].map((value) => ({ value }))),
        ticks: { ...ink },
        title: { display: true, text: axis, ...ink },
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: look.text,
        titleColor: look.surface,
        bodyColor: look.surface,
        displayColors: false,
        padding: 10,
        callbacks: { title: ([item]) => item && item.chart.data.heading(item), label: (item) => item.chart.data.reading(item) },
      },
    },
  };
}

// The key names only what is drawn.
export function keys(canvas, shown) {
  for (const item of canvas.closest("figure").querySelectorAll("[data-key]")) item.hidden = !shown[item.dataset.key];
}

export const fill = (words, facts) => words.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

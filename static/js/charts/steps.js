// From point to point, by thumb, mouse or keyboard: a slider below each chart.
import { isoDay } from "./days.js";

// Where a point leads: to its entry; a stretch of days to those days; for who has no page of the entry, nowhere.
function way({ dataset: { span }, raw }, { words }) {
  if (span) {
    const [since, until] = [raw.x - span / 2, raw.x + span / 2 - 1].map((at) => isoDay(words.zone, at));
    return { href: `?since=${since}&until=${until}`, label: words.days };
  }
  return words.entry ? { href: words.entry.replace(/0(?=\/$)/, raw.minute ?? raw.x / 60_000), label: words.open } : {};
}

export function stepThrough(canvas, chart, page) {
  const { datasets, heading, reading } = chart.data;
  const scrub = canvas.closest("figure").querySelector("[data-scrub]");
  const [slider, readout] = scrub.children;
  const [words, link] = readout.children;
  const leading = datasets.findIndex(({ told }) => told);
  const points = datasets[leading].data.filter(({ y }) => !Number.isNaN(y));
  scrub.hidden = points.length === 0;
  if (scrub.hidden) return;

  // All that is said of one moment: pain, and soreness where it was answered.
  const at = ({ x }) =>
    datasets.flatMap((dataset, datasetIndex) => {
      const index = dataset.told ? dataset.data.findIndex((point) => point.x === x) : -1;
      return index < 0 ? [] : [{ datasetIndex, index, dataset, raw: dataset.data[index] }];
    });

  function tell(place) {
    const items = at(points[place]);
    slider.value = place;
    words.textContent = `${heading(items[0])}: ${items.map(reading).join(", ")}`;
    slider.setAttribute("aria-valuetext", words.textContent);
    const { href, label } = way(items[0], page);
    link.hidden = !href;
    if (href) Object.assign(link, { href, textContent: label });
    return items;
  }

  function light(items) {
    chart.setActiveElements(items);
    chart.tooltip.setActiveElements(items, { x: 0, y: 0 });
    chart.update("none");
  }

  slider.max = points.length - 1;
  slider.oninput = () => light(tell(slider.value));
  slider.onblur = () => light([]);
  slider.onkeydown = ({ key }) => {
    if (key === "Enter" && !link.hidden) link.click();
  };
  tell(points.length - 1);

  // A mouse sees what it is over before it presses; a finger does not: its first tap tells, the second opens.
  const nearest = (event) => chart.getElementsAtEventForMode(event, "nearest", { intersect: false }, false)[0];
  const placeOf = ({ datasetIndex, index }) => points.findIndex(({ x }) => x === datasets[datasetIndex].data[index].x);
  let told = null;
  canvas.onpointerdown = ({ pointerType }) => (told = pointerType === "mouse" ? null : Number(slider.value));
  canvas.onpointermove = (event) => {
    const hit = nearest(event);
    canvas.style.cursor = hit && (!datasets[hit.datasetIndex].told || !link.hidden) ? "pointer" : "";
    if (hit && datasets[hit.datasetIndex].told) tell(placeOf(hit));
  };
  canvas.onclick = (event) => {
    const hit = nearest(event);
    if (!hit) return;
    const { told: ours, number } = datasets[hit.datasetIndex];
    if (!ours) return number && page.choose(number);
    const place = placeOf(hit);
    tell(place);
    if (!link.hidden && (told === null || told === place)) link.click();
  };
}

// Draws what the page already says in words and tables: without this file nothing is lost but the picture.
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * 24; // hours: as far as a course after a session is drawn
const GAP = 2 * DAY; // further apart, nobody knows what lay between: no line
const APART = 1.5; // pixels an entry needs to be told from the next
const DOT = 6; // and to have a dot of its own
const MARK = 26; // pixels from one flag to the next that can be hit apart
const still = matchMedia("(prefers-reduced-motion: reduce)");
// The pages say days as Britain does: "2 March", 16:30.
const { lang } = document.documentElement;
const language = lang === "en" ? "en-GB" : lang;

// ---- Numbers

// Columns as charts.series() writes them: each minute but the first is the difference to the one before.
function readings({ minutes, pain, soreness, late }) {
  let minute = 0;
  const rows = minutes.map((difference, place) => ({ x: (minute += difference) * 60_000, pain: pain[place], soreness: soreness[place], late: Boolean(late[place]) }));
  return rows.sort((one, other) => one.x - other.x);
}

const answered = (rows, score) => rows.filter((row) => row[score] !== null).map(({ x, late, [score]: y }) => ({ x, y, late }));

// The same points with NaN, which lifts the pen, wherever two are too far apart.
function parted(points, gap) {
  const line = [];
  for (const point of points) {
    const last = line.at(-1);
    if (last && point.x - last.x > gap) line.push({ x: (point.x + last.x) / 2, y: NaN });
    line.push(point);
  }
  return line;
}

const SPANS = [1, 2, 4, 7, 14, 28, 56]; // days
const median = (sorted) => (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;

// Ten years on a phone: what lies too close to be told apart becomes stretches of days, each with its middle, lowest
// and highest score.
function summed(points, from, to, columns) {
  const span = (SPANS.find((days) => (to - from) / (days * DAY) <= columns / 4) ?? 112) * DAY;
  const stretches = new Map();
  for (const { x, y } of points) {
    const place = Math.floor((x - from) / span);
    stretches.has(place) ? stretches.get(place).push(y) : stretches.set(place, [y]);
  }
  const rows = [...stretches].map(([place, scores]) => {
    const sorted = scores.sort((one, other) => one - other);
    return { x: from + (place + 0.5) * span, middle: median(sorted), low: sorted[0], high: sorted.at(-1) };
  });
  return { span, rows };
}

// ---- Days, on the clock of the patient, whoever reads

const formats = new Map();
function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, ...options }));
  return formats.get(key);
}

const CLOCK = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23", calendar: "gregory", numberingSystem: "latn" };
function clock(zone, instant) {
  const parts = format(zone, CLOCK).formatToParts(instant);
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
}

// The instant at which a day begins there; twice, for the day on which the clock changes.
function midnight(zone, year, month, day) {
  const wanted = Date.UTC(year, month, day);
  let instant = wanted;
  for (let twice = 0; twice < 2; twice++) {
    const there = clock(zone, instant);
    instant += wanted - Date.UTC(there.year, there.month - 1, there.day, there.hour, there.minute, there.second);
  }
  return instant;
}

const STEPS = [1, 2, 7, 14]; // days
const MONTHS = [1, 2, 3, 6, 12, 24, 60];
function ticks(zone, from, to, room) {
  const { year, month, day } = clock(zone, from);
  const days = (to - from) / DAY;
  const step = STEPS.find((step) => days / step <= room);
  const months = step ? 0 : (MONTHS.find((months) => days / 30.4 / months <= room) ?? 120);
  const first = months ? [year, Math.floor((month - 1) / months) * months, 1] : [year, month - 1, day];
  const found = [];
  for (let place = 0, at = 0; at <= to; place++) {
    at = months ? midnight(zone, first[0], first[1] + place * months, 1) : midnight(zone, first[0], first[1], first[2] + place * step);
    if (at >= from && at <= to) found.push({ value: at });
  }
  const spelled = (at) => {
    if (!months) return { day: "numeric", month: "short" };
    return clock(zone, at).month === 1 ? { year: "numeric" } : { month: "short" };
  };
  return found.map(({ value }) => ({ value, label: format(zone, spelled(value)).format(value) }));
}

// ---- Looks

// On paper the tokens are those of the light, whatever the screen has: see @media print.
function colours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["pain", "soreness", "band", "usual", "session", "grid", "text", "surface", "faint"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--chart-${name}`).trim()]));
}

// One score as a line: dots only where there is room for them, hollow where remembered later.
function dataset(label, points, colour, roomy, surface, more = {}) {
  return {
    label,
    data: points,
    borderColor: colour,
    borderWidth: 2,
    borderJoinStyle: "round",
    pointRadius: roomy ? 3 : 0,
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

function options({ axis }, look, x, y) {
  const ink = { color: look.text, font: { size: 12, family: getComputedStyle(document.body).fontFamily } };
  return {
    animation: still.matches ? false : { duration: 200 },
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    interaction: { mode: "nearest", axis: "x", intersect: false },
    layout: { padding: { top: 2, right: 8 } },
    scales: {
      x: { type: "linear", ...x, grid: { display: false }, border: { color: look.grid }, ticks: { maxRotation: 0, autoSkipPadding: 12, ...ink, ...x.ticks }, title: { ...ink, ...x.title } },
      y: { ...y, grid: { color: ({ tick }) => (tick.value < 0 || tick.value > 10 ? "transparent" : look.grid) }, border: { display: false }, afterBuildTicks: (scale) => (scale.ticks = [0, 2, 4, 6, 8, 10].map((value) => ({ value }))), ticks: { ...ink }, title: { display: true, text: axis, ...ink } },
    },
    plugins: {
      legend: { display: false },
      tooltip: { backgroundColor: look.text, titleColor: look.surface, bodyColor: look.surface, displayColors: false, padding: 10, callbacks: { title: ([item]) => item && item.chart.data.heading(item), label: (item) => item.chart.data.reading(item) } },
    },
  };
}

// What lies under the curves: stretches of the usual, sessions, two days. In the units of the scales.
const band = (from, to, low, high, { band }) => ({ kind: "band", from, to, low, high, colour: band });
const rule = (from, to, low, high, colour, dash = []) => ({ kind: "rule", from, to, low, high, colour, dash });
const text = (from, high, words, colour) => ({ kind: "text", from, high, words, colour });

const PEN = {
  // To whole pixels, so that no seam shows between neighbours, and never thinner than can be seen.
  band: (pen, left, top, right, bottom) => pen.fillRect(Math.round(left), top - 1, Math.round(right) - Math.round(left), bottom - top + 2),
  rule(pen, left, top, right, bottom, { dash }) {
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(left, top);
    pen.lineTo(right, bottom);
    pen.stroke();
  },
  text: (pen, left, top, _right, _bottom, { words }) => pen.fillText(words, left, top),
};

const ground = {
  id: "ground",
  beforeDatasetsDraw({ ctx: pen, chartArea, data, scales: { x, y } }) {
    pen.save();
    pen.beginPath();
    pen.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
    pen.clip();
    pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const mark of data.ground) {
      pen.fillStyle = pen.strokeStyle = mark.colour;
      PEN[mark.kind](pen, x.getPixelForValue(mark.from), y.getPixelForValue(mark.high), x.getPixelForValue(mark.to), y.getPixelForValue(mark.low), mark);
    }
    pen.restore();
  },
};

const usual = ({ from, to, low, high }, look) => (high === null ? [] : [band(from, to, low, high, look), rule(from, to, low, low, look.usual)]);
const fill = (words, facts) => words.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

// ---- Over time

// Sessions too close to be told apart are left out: the chart below and its table have them.
function sessionMarks(sessions, { from, to, columns, dense }, look) {
  const apart = sessions.length > 1 ? ((sessions.at(-1).at - sessions[0].at) / (to - from) / (sessions.length - 1)) * columns : columns;
  if (apart < 8) return [];
  return sessions.flatMap(({ number, at, until, low, high }) => [
    ...(dense ? [] : usual({ from: at, to: until, low, high }, look)),
    rule(at, at, -0.3, 10.3, look.session, [2, 3]),
    ...(number && apart > 26 ? [text(at, -0.8, String(number), look.session)] : []),
  ]);
}

// Each flag is a link over the picture: the list below holds its words, its shape and its address. Of flags too close
// to be hit apart, the one that matters most has the mark; the list has them all.
function flagMarks(box, chart, marks) {
  box.querySelectorAll(".chart-flag").forEach((link) => link.remove());
  const { x, y } = chart.scales;
  const places = [];
  for (const mark of marks) {
    const left = x.getPixelForValue(mark.at);
    const last = places.at(-1);
    if (!last || left - last.left >= MARK) places.push({ ...mark, left });
    else if (mark.level >= last.level) Object.assign(last, mark);
  }
  for (const { left, level, link } of places) {
    const mark = document.createElement("a");
    mark.href = link.href;
    mark.className = `chart-flag chart-flag-${level}`;
    mark.title = link.textContent.trim().replace(/\s+/g, " ");
    mark.setAttribute("aria-label", mark.title);
    mark.append(link.querySelector("svg").cloneNode(true));
    mark.style.left = `${left + chart.canvas.offsetLeft}px`;
    mark.style.top = `${y.getPixelForValue(10.9) + chart.canvas.offsetTop}px`;
    box.append(mark);
  }
}

// Every entry where there is room; else its stretch of days, as the middle score over a shade from lowest to highest.
function drawn(label, points, { from, to, columns, dense, roomy }, colour, surface, more) {
  if (!dense) return { line: dataset(label, parted(points, GAP), colour, roomy, surface, more), shade: [] };
  const { span, rows } = summed(points, from, to, columns);
  const middles = rows.map((row) => ({ ...row, y: row.middle }));
  const tint = { band: Chart.helpers.color(colour).alpha(0.22).rgbString() };
  return {
    line: dataset(label, parted(middles, GAP + span), colour, false, surface, { ...more, borderWidth: 2, span }),
    shade: rows.map(({ x, low, high }) => band(x - span / 2, x + span / 2, low, high, tint)),
  };
}

// The key names only what is drawn.
function keys(canvas, shown) {
  for (const item of canvas.closest("figure").querySelectorAll("[data-key]")) item.hidden = !shown[item.dataset.key];
}

function overTime(canvas, { rows, courses, earlier, marks, words, now, since, until }, look) {
  const to = Math.min(now, until ?? now);
  const columns = canvas.parentElement.clientWidth;
  const from = since ?? Math.min(rows[0].x - DAY / 2, to - DAY);
  const room = { from, to, columns, dense: rows.length * APART > columns, roomy: rows.length * DOT < columns };
  const sore = answered(rows, "soreness");
  const pain = drawn(words.pain, answered(rows, "pain"), room, look.pain, look.surface, { told: true });
  const soreness = drawn(words.soreness, sore, room, look.soreness, look.surface, { told: true, borderWidth: 1.5, borderDash: [5, 3], ...(room.roomy && { pointRadius: 2 }) });
  const datasets = sore.length ? [pain.line, soreness.line] : [pain.line];
  const sessions = sessionMarks(earlier.concat(courses), room, look);
  keys(canvas, { late: room.roomy, session: sessions.length, band: sessions.some(({ kind }) => kind === "band"), shade: room.dense });
  const x = { min: from, max: to + (to - from) / 100, afterBuildTicks: (scale) => (scale.ticks = ticks(words.zone, from, to, columns / 70)), ticks: { callback: (_, place, all) => all[place].label } };
  const y = { min: sessions.length ? -1.2 : -0.4, max: marks.length ? 11.5 : 10.4 };
  const day = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  const heading = ({ raw: { x, late }, dataset: { span } }) => {
    if (span) return format(words.zone, { day: "numeric", month: "short", year: "numeric" }).formatRange(x - span / 2, x + span / 2 - 1);
    return format(words.zone, { ...day, hour: "2-digit", minute: "2-digit" }).format(x) + (late ? ` (${words.late})` : "");
  };
  const reading = ({ dataset, raw }) => `${dataset.label} ${dataset.span ? fill(words.range, raw) : raw.y}`;
  const flags = { id: "flags", afterLayout: (chart) => flagMarks(canvas.parentElement, chart, marks) };
  return { type: "line", data: { datasets, ground: [...pain.shade, ...soreness.shade, ...sessions], heading, reading }, options: options(words, look, x, y), plugins: [ground, flags] };
}

// ---- After each session

const inBold = ({ courses, bold }) => courses.find(({ number }) => number === bold) ?? courses.at(-1);

function afterEachSession(canvas, page, look) {
  const { courses, words } = page;
  const bold = inBold(page);
  const faint = Chart.helpers.color(look.faint).alpha(Math.max(0.4, 1 - courses.length / 30)).rgbString();
  const curves = courses.map(({ number, curve }) => {
    const chosen = number === bold.number;
    const more = { number, told: chosen, ...(chosen ? { borderWidth: 3, order: 0 } : { borderWidth: 1.25, order: 1, pointRadius: 0 }) };
    const points = curve.filter(({ x }) => x <= WEEK);
    return dataset(fill(words.session, { number }), parted(points, GAP / HOUR), chosen ? look.pain : faint, chosen, look.surface, more);
  });
  keys(canvas, { usual: bold.high !== null });
  const longest = Math.max(72, ...curves.flatMap(({ data }) => data.map(({ x }) => x)));
  const max = Math.ceil(longest / 24) * 24;
  const marks = [...usual({ from: 0, to: max, low: bold.low, high: bold.high }, look), rule(48, 48, -0.4, 10.3, look.usual, [2, 3]), text(48, 10.75, words.two, look.text)];
  const x = { min: 0, max, ticks: { stepSize: 24 }, title: { display: true, text: words.hours } };
  const heading = ({ dataset, raw }) => `${dataset.label}, ${fill(words.after, { hours: Math.round(raw.x) })}`;
  const reading = ({ raw }) => `${words.pain} ${raw.y}`;
  return { type: "line", data: { datasets: curves, ground: marks, heading, reading }, options: options(words, look, x, { min: -0.4, max: 11.2 }), plugins: [ground] };
}

// ---- From point to point, by thumb, mouse or keyboard: a slider below each chart

function isoDay(zone, at) {
  const { year, month, day } = clock(zone, at);
  return [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
}

// Where a point leads: to its entry; a stretch of days to those days; for who has no page of the entry, nowhere.
function way({ dataset: { span }, raw }, { words }) {
  if (span) return { href: `?since=${isoDay(words.zone, raw.x - span / 2)}&until=${isoDay(words.zone, raw.x + span / 2 - 1)}`, label: words.days };
  return words.entry ? { href: words.entry.replace(/0(?=\/$)/, raw.minute ?? raw.x / 60_000), label: words.open } : {};
}

function stepThrough(canvas, chart, page) {
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

// ---- The page

const KINDS = { time: overTime, courses: afterEachSession };
const seconds = (text) => (text === undefined ? null : Number(text) * 1000);

function told(section) {
  const courses = [...section.querySelectorAll("[data-course]")].map(({ dataset: { course, at, until, usual, risen, curve, said } }) => ({
    number: Number(course),
    said,
    at: seconds(at),
    until: seconds(until),
    low: usual === undefined ? null : Number(usual),
    high: risen === undefined ? null : Number(risen),
    curve: curve.split(" ").filter(Boolean).map((point) => point.split(",").map(Number)).map(([after, y]) => ({ x: after / 60, y, minute: Math.floor(at / 60) + after })),
  }));
  const marks = [...section.querySelectorAll("[data-flag]")].map((link) => ({ at: seconds(link.dataset.flag), level: Number(link.dataset.level), link }));
  return {
    words: section.dataset,
    now: seconds(section.dataset.now),
    since: seconds(section.dataset.since),
    until: seconds(section.dataset.until),
    earlier: (section.dataset.earlier ?? "").split(" ").filter(Boolean).map((at) => ({ at: seconds(at), high: null })),
    courses: courses.sort((one, other) => one.at - other.at),
    marks: marks.sort((one, other) => one.at - other.at),
  };
}

function draw(canvas, page, look) {
  Chart.getChart(canvas)?.destroy();
  stepThrough(canvas, new Chart(canvas, KINDS[canvas.dataset.chart](canvas, page, look)), page);
  canvas.dataset.drawn = "yes";
}

// Which session is bold is chosen from a list, or by pressing its curve; the sentence and the key follow.
function choosing(section, page) {
  const canvas = section.querySelector("[data-chart=courses]");
  const box = section.querySelector("[data-bold]");
  if (!box) return;
  const select = box.querySelector("select");
  box.hidden = false;
  select.value = page.courses.at(-1).number;
  page.choose = (number) => {
    select.value = page.bold = number;
    const { said } = inBold(page);
    section.querySelector("[data-told]").textContent = said;
    section.querySelector("[data-key-bold]").textContent = fill(page.words.session, { number });
    canvas.setAttribute("aria-label", said);
    draw(canvas, page, colours());
  };
  select.onchange = () => page.choose(Number(select.value));
}

function drawAll(section, page) {
  const look = colours();
  for (const canvas of section.querySelectorAll("canvas[data-chart]")) {
    draw(canvas, page, look);
  }
}

// A phone turned on its side has room for other ticks, dots and marks.
function redrawnWhenTurned(section, page) {
  let width = section.clientWidth;
  new ResizeObserver(() => {
    if (section.clientWidth === width) return;
    width = section.clientWidth;
    requestAnimationFrame(() => drawAll(section, page));
  }).observe(section);
}

function giveUp(section) {
  for (const box of section.querySelectorAll(".chart-box")) box.hidden = true;
  for (const note of section.querySelectorAll("[data-failed]")) note.hidden = false;
  for (const details of section.querySelectorAll("details")) details.open = true;
}

// The tables lie folded below their charts; paper cannot be unfolded.
function foldTables(section) {
  const folds = [...section.querySelectorAll("details[data-fold]")];
  let opened = [];
  for (const details of folds) details.open = false;
  addEventListener("beforeprint", () => {
    opened = folds.filter((details) => !details.open);
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}

async function start(section) {
  foldTables(section);
  try {
    const answer = await fetch(section.dataset.trend, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = { ...told(section), rows: readings(await answer.json()) };
    drawAll(section, page);
    choosing(section, page);
    redrawnWhenTurned(section, page);
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "print"]) {
      matchMedia(query).addEventListener("change", () => drawAll(section, page));
    }
  } catch (error) {
    console.warn(error);
    giveUp(section);
  }
}

// Modules run before the document is done; the libraries stand after them, deferred.
addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-trend]").forEach(start));

// Draws what the page already says in words and tables: without this script nothing is lost but the picture.
import { afterEachSession, inBold } from "./courses.js";
import { colours, fill } from "./looks.js";
import { readings } from "./numbers.js";
import { stepThrough } from "./steps.js";
import { overTime } from "./time.js";

const KINDS = { time: overTime, courses: afterEachSession };
const seconds = (text) => (text === undefined ? null : Number(text) * 1000);
const listed = (text) => (text ?? "").split(" ").filter(Boolean);

// A course as its table says it: hours, minutes of the clock, scores.
function course({ course, at, until, usual, risen, curve, said }) {
  const points = listed(curve).map((point) => point.split(",").map(Number));
  return {
    number: Number(course),
    said,
    at: seconds(at),
    until: seconds(until),
    low: usual === undefined ? null : Number(usual),
    high: risen === undefined ? null : Number(risen),
    curve: points.map(([after, y]) => ({ x: after / 60, y, minute: Math.floor(at / 60) + after })),
  };
}

function told(section) {
  const courses = [...section.querySelectorAll("[data-course]")].map(({ dataset }) => course(dataset));
  const marks = [...section.querySelectorAll("[data-flag]")].map((link) => {
    return { at: seconds(link.dataset.flag), level: Number(link.dataset.level), link };
  });
  return {
    words: section.dataset,
    now: seconds(section.dataset.now),
    since: seconds(section.dataset.since),
    until: seconds(section.dataset.until),
    earlier: listed(section.dataset.earlier).map((at) => ({ at: seconds(at), high: null })),
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

document.querySelectorAll("[data-trend]").forEach(start);

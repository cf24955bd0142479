// Pain and soreness over time, with the sessions, what was usual, and the flags.
import { format, ticks } from "./days.js";
import { band, ground, rule, text, usual } from "./ground.js";
import { dataset, fill, keys, options } from "./looks.js";
import { answered, DAY, GAP, parted, summed } from "./numbers.js";

const APART = 1.5; // pixels an entry needs to be told from the next
const DOT = 6; // and to have a dot of its own
const MARK = 26; // pixels from one flag to the next that can be hit apart

// Sessions too close to be told apart are left out: the chart below and its table have them.
function sessionMarks(sessions, { from, to, columns, dense }, look) {
  const between = (sessions.at(-1)?.at - sessions[0]?.at) / (sessions.length - 1);
  const apart = sessions.length > 1 ? (between / (to - from)) * columns : columns;
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

export function overTime(canvas, { rows, courses, earlier, marks, words, now, since, until }, look) {
  const to = Math.min(now, until ?? now);
  const columns = canvas.parentElement.clientWidth;
  const treated = earlier.concat(courses);
  const first = Math.min(rows[0].x, treated[0]?.at ?? to); // a session may come before the first entry
  const from = since ?? Math.min(first - DAY / 2, to - DAY);
  const room = { from, to, columns, dense: rows.length * APART > columns, roomy: rows.length * DOT < columns };
  const sore = answered(rows, "soreness");
  const pain = drawn(words.pain, answered(rows, "pain"), room, look.pain, look.surface, { told: true });
  const thinner = { told: true, borderWidth: 1.5, borderDash: [5, 3], ...(room.roomy && { pointRadius: 2 }) };
  const soreness = drawn(words.soreness, sore, room, look.soreness, look.surface, thinner);
  const datasets = sore.length ? [pain.line, soreness.line] : [pain.line];
  const sessions = sessionMarks(treated, room, look);
  keys(canvas, { late: room.roomy, session: sessions.length, band: sessions.some(({ kind }) => kind === "band"), shade: room.dense });
  const x = {
    min: from,
    max: to + (to - from) / 100,
    afterBuildTicks: (scale) => (scale.ticks = ticks(words.zone, from, to, columns / 70)),
    ticks: { callback: (_, place, all) => all[place].label },
  };
  const y = { min: sessions.length ? -1.2 : -0.4, max: marks.length ? 11.5 : 10.4 };
  const day = { day: "numeric", month: "short", year: "numeric" };
  const heading = ({ raw: { x, late }, dataset: { span } }) => {
    if (span) return format(words.zone, day).formatRange(x - span / 2, x + span / 2 - 1);
    return format(words.zone, { weekday: "short", ...day, hour: "2-digit", minute: "2-digit" }).format(x) + (late ? ` (${words.late})` : "");
  };
  const reading = ({ dataset, raw }) => `${dataset.label} ${dataset.span ? fill(words.range, raw) : raw.y}`;
  const flags = { id: "flags", afterLayout: (chart) => flagMarks(canvas.parentElement, chart, marks) };
  const under = [...pain.shade, ...soreness.shade, ...sessions];
  return { type: "line", data: { datasets, ground: under, heading, reading }, options: options(words, look, x, y), plugins: [ground, flags] };
}

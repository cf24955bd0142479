// Each session's course laid over the others, by hours since it: one in bold.
import { ground, rule, text, usual } from "./ground.js";
import { dataset, fill, keys, options } from "./looks.js";
import { GAP, HOUR, parted } from "./numbers.js";

const WEEK = 7 * 24; // hours: as far as a course after a session is drawn

export const inBold = ({ courses, bold }) => courses.find(({ number }) => number === bold) ?? courses.at(-1);

export function afterEachSession(canvas, page, look) {
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
  const marks = [
    ...usual({ from: 0, to: max, low: bold.low, high: bold.high }, look),
    rule(48, 48, -0.4, 10.3, look.usual, [2, 3]),
    text(48, 10.75, words.two, look.text),
  ];
  const x = { min: 0, max, ticks: { stepSize: 24 }, title: { display: true, text: words.hours } };
  const heading = ({ dataset, raw }) => `${dataset.label}, ${fill(words.after, { hours: Math.round(raw.x) })}`;
  const reading = ({ raw }) => `${words.pain} ${raw.y}`;
  const y = { min: -0.4, max: 11.2 };
  return { type: "line", data: { datasets: curves, ground: marks, heading, reading }, options: options(words, look, x, y), plugins: [ground] };
}

// What the page holds, as points of a line.
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const GAP = 2 * DAY; // further apart, nobody knows what lay between: no line

// Columns as charts.series() writes them: each minute but the first is the difference to the one before.
export function readings({ minutes, pain, soreness, late }) {
  let minute = 0;
  const rows = minutes.map((difference, place) => ({
    x: (minute += difference) * 60_000,
    pain: pain[place],
    soreness: soreness[place],
    late: Boolean(late[place]),
  }));
  return rows.sort((one, other) => one.x - other.x);
}

export const answered = (rows, score) => rows.filter((row) => row[score] !== null).map(({ x, late, [score]: y }) => ({ x, y, late }));

// The same points with NaN, which lifts the pen, wherever two are too far apart.
export function parted(points, gap) {
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
export function summed(points, from, to, columns) {
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

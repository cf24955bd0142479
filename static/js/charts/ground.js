// What lies under the curves: stretches of the usual, sessions, two days. In the units of the scales.
export const band = (from, to, low, high, { band }) => ({ kind: "band", from, to, low, high, colour: band });
export const rule = (from, to, low, high, colour, dash = []) => ({ kind: "rule", from, to, low, high, colour, dash });
export const text = (from, high, words, colour) => ({ kind: "text", from, high, words, colour });

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

export const ground = {
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
      const [left, right] = [mark.from, mark.to].map((value) => x.getPixelForValue(value));
      const [top, bottom] = [mark.high, mark.low].map((value) => y.getPixelForValue(value));
      PEN[mark.kind](pen, left, top, right, bottom, mark);
    }
    pen.restore();
  },
};

export const usual = ({ from, to, low, high }, look) => (high === null ? [] : [band(from, to, low, high, look), rule(from, to, low, low, look.usual)]);

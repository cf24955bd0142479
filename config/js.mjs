// `npm run js`: Chart.js cut to the parts that static/js/charts.js draws with, as one small file (static/built/chart.js).
// Whole, it is three quarters of what a page with charts may weigh.
import { statSync } from "node:fs";
import { build } from "esbuild";

const OUTPUT = "static/built/chart.js";
const PARTS = "LinearScale, LineController, LineElement, PointElement, Tooltip";
const USED = `
  import { Chart, ${PARTS} } from "chart.js";
  import { color } from "chart.js/helpers";
  Chart.register(${PARTS});
  globalThis.Chart = Object.assign(Chart, { helpers: { color } });
`;

await build({
  stdin: { contents: USED, resolveDir: "." },
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome111", "firefox113", "safari16.4"],
  legalComments: "inline", // the licence stays with what it is of
  outfile: OUTPUT,
});
console.log(`${OUTPUT}: ${statSync(OUTPUT).size} bytes`);

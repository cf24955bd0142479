// `npm run js`: what browsers run, as small files in static/built/. chart.js is Chart.js cut to the parts we draw with (whole,
// it is three quarters of what a page with charts may weigh); charts.js is our own, from static/js/charts/. Apart, since the
// first hardly ever changes, and stays with the browser when the second does. Every other script is its source without comments
// and blanks: in the source they are for who reads it, on the wire they were a tenth of Today.
import { readdirSync, statSync } from "node:fs";
import { build } from "esbuild";

const OUTPUT = "static/built";
const PARTS = "LinearScale, LineController, LineElement, PointElement, Tooltip";
const USED = `
  import { Chart, ${PARTS} } from "chart.js";
  import { color } from "chart.js/helpers";
  Chart.register(${PARTS});
  globalThis.Chart = Object.assign(Chart, { helpers: { color } });
`;

async function write(filename, source) {
  await build({
    ...source,
    minify: true,
    target: ["chrome111", "firefox113", "safari16.4"],
    legalComments: "inline", // a licence stays with what it is of
    outfile: `${OUTPUT}/${filename}`,
  });
  console.log(`${OUTPUT}/${filename}: ${statSync(`${OUTPUT}/${filename}`).size} bytes`);
}

const ONE_FILE = { bundle: true, format: "iife" };
await write("chart.js", { ...ONE_FILE, stdin: { contents: USED, resolveDir: "." } });
await write("charts.js", { ...ONE_FILE, entryPoints: ["static/js/charts/page.js"] });
for (const file of readdirSync("static/js").filter((name) => name.endsWith(".js"))) await write(file, { entryPoints: [`static/js/${file}`] });

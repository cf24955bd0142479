// `npm run js`: what draws charts, as two small files. chart.js is Chart.js cut to the parts we draw with (whole, it is three
// quarters of what a page with charts may weigh); charts.js is our own, from static/js/charts/. Apart, since the first hardly
// ever changes, and stays with the browser when the second does.
import { statSync } from "node:fs";
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
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome111", "firefox113", "safari16.4"],
    legalComments: "inline", // a licence stays with what it is of
    outfile: `${OUTPUT}/${filename}`,
  });
  console.log(`${OUTPUT}/${filename}: ${statSync(`${OUTPUT}/${filename}`).size} bytes`);
}

await write("chart.js", { stdin: { contents: USED, resolveDir: "." } });
await write("charts.js", { entryPoints: ["static/js/charts/page.js"] });

// `npm run css`: Bootstrap's CSS cut to what our pages use, then our own, as one small file (static/built/site.css).
// Whole, Bootstrap weighs more than everything else that a first page may weigh.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { transform } from "lightningcss";
import { PurgeCSS } from "purgecss";

const SOURCES = "static/css";
const OUTPUT = "static/built";
// What no template of ours spells out: widgets drawn by Django, fields drawn by crispy-forms.
const DRAWN_ELSEWHERE = [
  ..."html body input select textarea option optgroup fieldset legend label button form [hidden]".split(" "),
  ..."form-text mb-3 visually-hidden".split(" "),
];
// Names that our own stylesheet gives a look of its own, states that a colour alone would tell, and widgets we do not use.
const LEFT_OUT = [
  /^\.?(btn|table|nav|lead|col|row|page|form-control|form-select|panel|note|progress)\b/,
  /valid/,
  /data-bs-theme/,
  /form-(floating|range|switch)|btn-group|input-group|modal/,
];

// Class names stand in class="…" of templates, in css_class= and "class": of forms, in className and classList of scripts; tags after "<".
const WRITTEN = /class(?:Name)?["']?\s*[:=]\s*["']([^"']*)|classList\.\w+\(["']([^"']*)|<([a-z][a-z0-9]*)/g;

function names(content) {
  return [...content.matchAll(WRITTEN)].flatMap((found) => (found[1] ?? found[2] ?? found[3]).split(/[^\w-]+/)).filter(Boolean);
}

async function bootstrap() {
  const [cut] = await new PurgeCSS().purge({
    css: ["node_modules/bootstrap/dist/css/bootstrap.css"],
    content: ["templates/**/*.html", "diary/**/*.py", "static/js/**/*.js"],
    defaultExtractor: names,
    safelist: DRAWN_ELSEWHERE,
    blocklist: LEFT_OUT,
    keyframes: true,
  });
  return cut.css.replace(/@charset[^;]*;/, "");
}

// What only some pages need is a file of its own, loaded by these: every other page is the lighter for it.
const APART = {
  "charts.css": ["60-charts.css"],
  "practice.css": ["65-background.css", "70-practice.css", "75-rules.css"],
  "report.css": ["65-background.css", "80-report.css"],
};

function joined(files) {
  return files.map((file) => readFileSync(`${SOURCES}/${file}`, "utf8")).join("\n");
}

function own() {
  const apart = Object.values(APART).flat();
  return joined(readdirSync(SOURCES).filter((file) => !apart.includes(file)).sort());
}

// A variable that nothing reads any more is weight: Bootstrap declares some 150 of them.
function withoutUnread(css) {
  const read = new Set([...css.matchAll(/var\((--[\w-]+)/g)].map((found) => found[1]));
  return css.replace(/(--bs-[\w-]+)\s*:[^;{}]*;/g, (whole, name) => (read.has(name) ? whole : ""));
}

const css = withoutUnread(withoutUnread(`@layer bootstrap {\n${await bootstrap()}\n}\n${own()}`));

// What stands above the content of a page, for its first frame: Today carries this in its head and asks for the whole below its
// heading, which so stands there while the form is still laid out. Nothing for print, and no state that a hand brings about.
const FRAME = [
  ..."html body h1 p a ul li svg strong summary hidden aria-current".split(" "),
  ..."skip demo site-head site-head-in brand nav nav-bar menu page flow page-head lead meta note attention messages".split(" "),
];
const BY_HAND = new Set(["hover", "focus", "focus-visible", "active", "disabled"]);
const BELOW = /-(edit|button|wrapper|inner|decoration)/; // parts of fields, and fields come below
const later = (part) => BY_HAND.has(part.kind) || BELOW.test(part.name ?? part.kind);
const STILL = {
  Rule: {
    style: ({ value }) => (value.selectors.every((selector) => selector.some(later)) ? [] : undefined),
    media: ({ value }) => (value.query.mediaQueries.every(({ mediaType }) => mediaType === "print") ? [] : undefined),
    page: () => [],
  },
};

async function frame() {
  const [cut] = await new PurgeCSS().purge({
    css: [`${OUTPUT}/site.css`],
    content: [{ raw: FRAME.join(" "), extension: "html" }],
    variables: true,
  });
  return cut.css.replace(/:root\{--bs[^}]*\}/, ""); // Bootstrap's own numbers: ours come after them
}

function write(filename, css, visitor = {}) {
  const { code } = transform({ filename, code: Buffer.from(css), minify: true, visitor, targets: { chrome: 111 << 16, firefox: 113 << 16, safari: (16 << 16) | (4 << 8) } });
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(`${OUTPUT}/${filename}`, code);
  console.log(`${OUTPUT}/${filename}: ${code.length} bytes`);
}

write("site.css", css);
write("frame.css", await frame(), STILL);
for (const [filename, files] of Object.entries(APART)) write(filename, joined(files));

// Days on the clock of the patient, whoever reads.
import { DAY } from "./numbers.js";

// The pages say days as Britain does: "2 March", 16:30.
const { lang } = document.documentElement;
const language = lang === "en" ? "en-GB" : lang;

const formats = new Map();
export function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, ...options }));
  return formats.get(key);
}

const PARTS = ["year", "month", "day", "hour", "minute", "second"].map((part) => [part, "numeric"]);
const CLOCK = { ...Object.fromEntries(PARTS), hourCycle: "h23", calendar: "gregory", numberingSystem: "latn" };
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
export function ticks(zone, from, to, room) {
  const { year, month, day } = clock(zone, from);
  const days = (to - from) / DAY;
  const step = STEPS.find((step) => days / step <= room);
  const months = step ? 0 : (MONTHS.find((months) => days / 30.4 / months <= room) ?? 120);
  const first = months ? [year, Math.floor((month - 1) / months) * months, 1] : [year, month - 1, day];
  const found = [];
  for (let place = 0, at = 0; at <= to; place++) {
    const [year, month, day] = first;
    at = months ? midnight(zone, year, month + place * months, 1) : midnight(zone, year, month, day + place * step);
    if (at >= from && at <= to) found.push({ value: at });
  }
  const spelled = (at) => {
    if (!months) return { day: "numeric", month: "short" };
    return clock(zone, at).month === 1 ? { year: "numeric" } : { month: "short" };
  };
  return found.map(({ value }) => ({ value, label: format(zone, spelled(value)).format(value) }));
}

export function isoDay(zone, at) {
  const { year, month, day } = clock(zone, at);
  return [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
}

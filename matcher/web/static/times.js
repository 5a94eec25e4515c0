// Stretches of time in forms, and moments on the clock of a time zone.
import { copy, post } from "./staff.js";

const { lang } = document.documentElement;
const language = lang === "en" ? "en-GB" : lang;

// Adds a row to a list of stretches; the next day or break is likely to look like the last.
function add(list, values = {}) {
  const row = copy("stretch");
  const last = list.querySelector(".stretch:last-child");
  for (const field of row.querySelectorAll("[data-part]")) {
    const name = field.dataset.part;
    if (name in values) field.value = values[name];
    else if (name === "day" && last) field.value = last.querySelector("[data-part=day]").value;
  }
  for (const only of row.querySelectorAll("[data-only]")) {
    only.hidden = only.dataset.only !== list.dataset.list;
  }
  row.querySelector(".remove").addEventListener("click", () => row.remove());
  list.querySelector(".rows-of-times").append(row);
}

// Makes the lists of a form work; one day is there from the start.
export function prepare(form) {
  for (const list of form.querySelectorAll("[data-list]")) {
    list.querySelector(".add").addEventListener("click", () => add(list));
    if (list.dataset.list === "days") add(list, { from: "09:00", to: "12:30" });
  }
}

const stretches = (form, name) => [...form.querySelectorAll(`[data-list=${name}] .stretch`)].map((row) => {
  const { day, from, to, title } = Object.fromEntries(
    [...row.querySelectorAll("[data-part]")].map((field) => [field.dataset.part, field.value]));
  return `${day} ${from}-${to}${name === "breaks" ? ` ${title}` : ""}`;
});

// Slots and breaks that the form describes, as the service divides them.
export const divided = (form, zone) => post("/events:slots", {
  zone,
  days: stretches(form, "days"),
  breaks: stretches(form, "breaks"),
  minutes: Number(form.elements.minutes.value),
  pause: Number(form.elements.pause.value),
});

const cached = new Map();

function formatter(zone, options) {
  const key = JSON.stringify([zone, options]);
  if (!cached.has(key)) cached.set(key, new Intl.DateTimeFormat(language, { ...options, timeZone: zone }));
  return cached.get(key);
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const clock = (instant, zone) => formatter(zone, CLOCK).format(new Date(instant));

export const dayOf = (instant, zone) => formatter(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(new Date(instant));

// Whatever has a start, by the day that it begins on, in the given order.
export function byDay(moments, zone) {
  const days = new Map();
  for (const one of moments) {
    const day = dayOf(one.start, zone);
    days.set(day, [...(days.get(day) ?? []), one]);
  }
  return days;
}

export const hours = ({ start, end }, zone) => `${clock(start, zone)}–${clock(end, zone)}`;

// "Kyiv (UTC+2)", as it is at that moment.
export function zoneName(zone, instant) {
  const parts = formatter(zone, { timeZoneName: "shortOffset", hour: "numeric" }).formatToParts(new Date(instant));
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value.replace("GMT", "UTC");
  return `${zone.split("/").at(-1).replaceAll("_", " ")} (${offset})`;
}

// When and where an event meets, and what it is called.
import { change, now } from "./event_state.js";
import { complain, copy, part, word } from "./staff.js";
import { byDay, dayOf, divided, hours, prepare } from "./times.js";

const about = part("about");

export function show() {
  part("days").replaceChildren(...days());
  const { places } = now.event;
  part("places-count").textContent = places.length;
  part("places").replaceChildren(...places.map(place));
  for (const option of part("place").elements.kind.options) option.textContent = word(option.value);
  const { title, venue, zone, spare, office, email } = about.elements;
  title.value = now.event.title;
  venue.value = now.event.venue ?? "";
  zone.value = now.event.zone;
  spare.value = Math.round(100 * now.event.spare_share);
  office.value = now.event.organiser?.name ?? "";
  email.value = now.event.organiser?.email ?? "";
}

function days() {
  const { slots, breaks, zone } = now.event;
  return [...byDay(slots, zone)].map(([day, these]) => {
    const line = document.createElement("li");
    const pauses = breaks.filter((pause) => dayOf(pause.start, zone) === day);
    const times = `${hours({ start: these[0].start, end: these.at(-1).end }, zone)}`;
    line.textContent = [
      word("day", { day, count: these.length }),
      times,
      ...pauses.map((pause) => `${pause.title} ${hours(pause, zone)}`),
    ].join(" · ");
    return line;
  });
}

function place(one) {
  const item = copy("wish-row");
  item.querySelector("span").textContent = [one.name, word(one.kind), one.link].filter(Boolean).join(" · ");
  item.querySelector("button").addEventListener("click", () => {
    change({ places: now.event.places.filter((other) => other !== one) }, word("saved"));
  });
  return item;
}

function addPlace({ name, kind, link }) {
  const taken = new Set(now.event.places.map((one) => one.id));
  let number = 1;
  while (taken.has(`${kind.value}-${number}`)) number += 1;
  const one = { id: `${kind.value}-${number}`, name: name.value, kind: kind.value, link: link.value || null };
  change({ places: [...now.event.places, one] }, word("saved"));
}

async function replaceTimes(form) {
  try {
    const { slots, breaks } = await divided(form, now.event.zone);
    if (now.schedule && !confirm(word("sure times"))) return;
    await change({ slots, breaks }, word("saved"));
  } catch (error) {
    complain(error);
  }
}

function describe({ title, venue, zone, spare, office, email }) {
  change({
    title: title.value,
    venue: venue.value || null,
    zone: zone.value,
    spare_share: Number(spare.value) / 100,
    organiser: office.value && email.value ? { name: office.value, email: email.value } : null,
  }, word("saved"));
}

export function listen() {
  prepare(part("times"));
  part("times").addEventListener("submit", (event) => { event.preventDefault(); replaceTimes(event.target); });
  part("place").addEventListener("submit", (event) => { event.preventDefault(); addPlace(event.target.elements); event.target.reset(); });
  about.addEventListener("submit", (event) => { event.preventDefault(); describe(about.elements); });
}

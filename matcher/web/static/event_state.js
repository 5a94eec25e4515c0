// The event of the page as it was last read, and changes of it from that version.
import { act, part, read, seen, send } from "./staff.js";

export const id = part("event").dataset.event;
export const path = `/events/${encodeURIComponent(id)}`;
export const now = { event: null, schedule: null, version: 0, names: new Map() };

export async function load() {
  Object.assign(now, await read(path));
  now.names = new Map(now.event.participants.map((one) => [one.id, one.name]));
  now.slots = new Map(now.event.slots.map((slot) => [slot.id, slot]));
  now.places = new Map(now.event.places.map((place) => [place.id, place]));
}

// Whether all that the schedule names is still there, so that it can be shown and changed by hand.
export const isWhole = () => Boolean(now.schedule) && now.schedule.meetings.every(({ a, b, slot, place }) =>
  now.names.has(a) && now.names.has(b) && now.slots.has(slot) && now.places.has(place));

export const nameOf = (key) => now.names.get(key) ?? key;

export const pairName = ({ a, b }) => `${nameOf(a)} × ${nameOf(b)}`;

// Replaces parts of the event.
export const change = (parts, done) => act(
  () => send("PUT", path, { ...now.event, ...parts }, seen(now.version)), done);

// Puts the participants into each list to choose from, and keeps what was chosen.
export function fillChoices() {
  const byName = [...now.event.participants].sort((a, b) => a.name.localeCompare(b.name));
  for (const select of document.querySelectorAll("[data-people]")) {
    const chosen = select.value;
    const people = "present" in select.dataset ? byName.filter((one) => !one.cancelled && !one.waiting) : byName;
    const first = [...select.options].filter((option) => option.value === "");
    select.replaceChildren(...first, ...people.map((one) => new Option(one.name, one.id)));
    if (chosen && now.names.has(chosen)) select.value = chosen;
  }
}

// The timetable as a table: slots by places, or participants by slots.
import { nameOf, now } from "./event_state.js";
import { made, word } from "./staff.js";
import { dayOf, hours } from "./times.js";

function head(corner, titles) {
  const row = made("tr");
  for (const title of [corner, ...titles]) {
    const cell = made("th", title);
    cell.scope = "col";
    row.append(cell);
  }
  const part = made("thead");
  part.append(row);
  return part;
}

function line(title, cells) {
  const row = made("tr");
  const first = made("th", title);
  first.scope = "row";
  row.append(first, ...cells);
  return row;
}

function across(title, columns) {
  const row = made("tr", "", "day");
  const cell = made("th", title);
  cell.colSpan = columns;
  cell.scope = "rowgroup";
  row.append(cell);
  return row;
}

// A cell that says in words, on narrow screens, which column it stands in.
function cell(label, meeting, texts) {
  const found = made("td", "", meeting ? "taken" : "free");
  found.dataset.label = label;
  if (!meeting) return found;
  found.dataset.pair = `${meeting.a} ${meeting.b}`;
  found.append(...texts.map((text) => made("span", text)));
  return found;
}

const usedPlaces = () => {
  const used = new Set(now.schedule.meetings.map((meeting) => meeting.place));
  return now.event.places.filter((place) => used.has(place.id));
};

// What happens in order of time: slots, and the breaks between them.
const turns = () => [...now.event.slots, ...now.event.breaks].sort((x, y) => x.start.localeCompare(y.start));

export function byPlace() {
  const { zone } = now.event;
  const at = new Map(now.schedule.meetings.map((one) => [`${one.slot} ${one.place}`, one]));
  const places = usedPlaces();
  const table = made("table", "", "by-place");
  table.append(head(word("slot"), places.map((place) => place.name)));
  let day = "";
  const body = made("tbody");
  for (const turn of turns()) {
    if (dayOf(turn.start, zone) !== day) {
      day = dayOf(turn.start, zone);
      body.append(across(day, places.length + 1));
    }
    const time = hours(turn, zone);
    if (!turn.id) {
      body.append(across(`${time} · ${turn.title}`, places.length + 1));
      body.lastChild.className = "pause";
      continue;
    }
    body.append(line(time, places.map((place) => {
      const meeting = at.get(`${turn.id} ${place.id}`);
      return cell(place.name, meeting, meeting ? [nameOf(meeting.a), nameOf(meeting.b)] : []);
    })));
  }
  table.append(body);
  return table;
}

export function byPerson() {
  const { slots, zone } = now.event;
  const at = new Map();
  for (const meeting of now.schedule.meetings) {
    at.set(`${meeting.a} ${meeting.slot}`, meeting);
    at.set(`${meeting.b} ${meeting.slot}`, meeting);
  }
  const several = new Set(slots.map((slot) => dayOf(slot.start, zone))).size > 1;
  const title = (slot) => (several ? `${dayOf(slot.start, zone)} ${hours(slot, zone)}` : hours(slot, zone));
  const table = made("table", "", "by-person");
  table.append(head(word("participant"), slots.map(title)));
  const body = made("tbody");
  for (const one of now.event.participants) {
    body.append(line(one.name, slots.map((slot) => {
      const meeting = at.get(`${one.id} ${slot.id}`);
      if (!meeting) return cell(title(slot), null, []);
      const other = meeting.a === one.id ? meeting.b : meeting.a;
      return cell(title(slot), meeting, [nameOf(other), now.places.get(meeting.place)?.name ?? ""]);
    })));
  }
  table.append(body);
  return table;
}

// Lets the meetings of one participant stand out.
export function mark(table, key) {
  for (const one of table.querySelectorAll("td.taken")) {
    const hit = key !== "" && one.dataset.pair.split(" ").includes(key);
    one.classList.toggle("marked", hit);
    one.classList.toggle("dimmed", key !== "" && !hit);
  }
}

export const when = (meeting) => {
  const slot = now.slots.get(meeting.slot);
  const time = slot ? hours(slot, now.event.zone) : meeting.slot;
  return word("at", { time, place: now.places.get(meeting.place)?.name ?? meeting.place });
};

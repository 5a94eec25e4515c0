// Agendas: one to look at and print, and all of them as files.
import { id, nameOf, now, path } from "./event_state.js";
import { download, made, part, word } from "./staff.js";
import { byDay, dayOf, hours, zoneName } from "./times.js";

const language = document.documentElement.lang;
const whose = part("whose");

export function show() {
  const fits = Boolean(now.schedule) && now.misfits.length === 0;
  part("with-agendas").hidden = !fits;
  part("no-agendas").hidden = fits;
  if (fits) agenda();
}

// Both local times where the participant lives by another clock than the event.
const zones = (one) => [...new Set([now.event.zone, one?.zone ?? now.event.zone])];

function agenda() {
  const one = now.event.participants.find((other) => other.id === whose.value);
  const clocks = zones(one);
  const mine = now.schedule.meetings.filter(({ a, b }) => [a, b].includes(whose.value));
  const first = now.event.slots[0].start;
  const page = part("agenda");
  page.replaceChildren(
    made("p", `${now.event.title} · ${word(now.schedule.state)}`, "role"),
    made("h3", nameOf(whose.value)),
    made("p", [now.event.venue, word("meetings", { count: mine.length })].filter(Boolean).join(" · "), "hint"),
    ...[...days(mine)].flatMap(([day, entries]) => [made("h4", day), list(entries, clocks, first)]),
  );
  if (!mine.length) page.append(made("p", word("no meetings")));
}

// Meetings and breaks of the days on which there are meetings, in order of time.
function days(mine) {
  const { zone } = now.event;
  const day = ({ start }) => dayOf(start, zone);
  const meetings = mine.map((meeting) => ({ ...now.slots.get(meeting.slot), meeting }));
  const busy = new Set(meetings.map(day));
  const all = [...meetings, ...now.event.breaks.filter((pause) => busy.has(day(pause)))];
  return byDay(all.sort((x, y) => x.start.localeCompare(y.start)), zone);
}

function list(entries, clocks, first) {
  const found = made("ol", "", "entries");
  found.append(...entries.map((entry) => {
    const item = made("li", "", entry.meeting ? "" : "pause");
    const times = made("p", "", "times-of");
    for (const zone of clocks) {
      const line = made("span", hours(entry, zone));
      if (clocks.length > 1) line.append(" ", made("small", zoneName(zone, first)));
      times.append(line);
    }
    item.append(times, what(entry));
    return item;
  }));
  return found;
}

function what({ meeting, title }) {
  const text = made("p");
  if (!meeting) {
    text.textContent = title;
    return text;
  }
  const other = meeting.a === whose.value ? meeting.b : meeting.a;
  const place = now.places.get(meeting.place);
  text.append(made("b", nameOf(other)), made("span", place.name));
  if (place.link) {
    const link = made("a", place.link);
    link.href = place.link;
    text.append(link);
  }
  return text;
}

export function listen() {
  whose.addEventListener("change", agenda);
  part("zip").addEventListener("click", () => download(`${path}/agendas?language=${language}`, `${id}.zip`));
  part("pdf").addEventListener("click", () => download(`${path}/agendas?format=pdf&language=${language}`, `${id}.pdf`));
  part("print").addEventListener("click", () => {
    document.body.classList.add("print-agenda");
    print();
    document.body.classList.remove("print-agenda");
  });
  for (const button of document.querySelectorAll("#agendas [data-form]")) {
    const { form } = button.dataset;
    button.addEventListener("click", () => download(
      `${path}/agendas/${whose.value}?format=${form}&language=${language}`, `${whose.value}.${form}`));
  }
}

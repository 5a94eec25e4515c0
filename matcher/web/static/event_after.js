// After the meetings: what each side says, and what came of it in figures.
import { id, nameOf, now, pairName } from "./event_state.js";
import { number } from "./figures.js";
import { act, copy, part, post, read, word } from "./staff.js";
import { when } from "./timetable.js";

let reports = new Map();
const open = new Set();
const key = ({ a, b, by }) => `${a} ${b} ${by}`;

export async function show() {
  const meetings = now.schedule?.meetings ?? [];
  part("with-meetings").hidden = meetings.length === 0;
  part("no-meetings").hidden = meetings.length > 0;
  const answer = await read(`/feedback?${new URLSearchParams({ event_id: id })}`);
  reports = new Map(answer.reports.map((one) => [key(one), one]));
  figures(answer.figures);
  list();
}

const sides = (meeting) => [meeting.a, meeting.b].filter((by) => reports.has(key({ ...meeting, by })));

// A meeting that was told of counts even when it was withdrawn afterwards.
function figures(found) {
  const untold = (now.schedule?.meetings ?? []).filter((meeting) => sides(meeting).length === 0).length;
  const told = {
    told: `${found.told} / ${found.told + untold}`,
    held: found.held,
    rating: found.rating === null ? "–" : number(found.rating, 1),
    again: found.again,
    mou: found.outcomes.mou,
    project: found.outcomes.project,
  };
  for (const [name, value] of Object.entries(told)) {
    document.querySelector(`[data-outcome=${name}]`).textContent = value;
  }
}

function list() {
  const whose = part("of").value;
  const meetings = (now.schedule?.meetings ?? []).filter(({ a, b }) => !whose || [a, b].includes(whose));
  part("meetings").replaceChildren(...meetings.map(row));
}

function row(meeting) {
  const item = copy("meeting-row");
  const pair = `${meeting.a} ${meeting.b}`;
  const told = sides(meeting).length;
  item.querySelector(".pair").textContent = pairName(meeting);
  item.querySelector(".when").textContent = [when(meeting), told && word("told", { count: told })].filter(Boolean).join(" · ");
  const details = item.querySelector("details");
  details.addEventListener("toggle", () => {
    open[details.open ? "add" : "delete"](pair);
    const columns = details.querySelector(".columns");
    if (details.open && !columns.children.length) columns.append(...[meeting.a, meeting.b].map((by) => side(meeting, by)));
  });
  details.open = open.has(pair);
  return item;
}

function side({ a, b }, by) {
  const form = copy("report");
  form.querySelector("h3").textContent = nameOf(by);
  const said = reports.get(key({ a, b, by }));
  const { attended, rating, outcome, again } = form.elements;
  const fit = () => { for (const field of [rating, outcome]) field.disabled = attended.value === "no"; };
  if (said) {
    attended.value = said.attended ? "yes" : "no";
    rating.value = said.rating ?? "";
    outcome.value = said.outcome ?? "";
    again.value = said.second_meeting === null ? "" : said.second_meeting ? "yes" : "no";
  }
  fit();
  attended.addEventListener("change", fit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const came = attended.value === "yes";
    act(() => post("/feedback", {
      event_id: id,
      a,
      b,
      by,
      attended: came,
      rating: came && rating.value ? Number(rating.value) : null,
      outcome: (came && outcome.value) || null,
      second_meeting: again.value ? again.value === "yes" : null,
    }), word("saved"));
  });
  return form;
}

export function listen() {
  part("of").addEventListener("change", list);
}

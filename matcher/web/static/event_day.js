// The day of an event: who is there, meetings by hand, what is over, and who must be told.
import { compare, plan } from "./event_schedule.js";
import { id, isWhole, nameOf, now, pairName, path } from "./event_state.js";
import { act, complain, download, made, part, post, read, ROOT, say, seen, send, word } from "./staff.js";
import { dayOf, hours } from "./times.js";
import { when } from "./timetable.js";

const presence = part("cancel");
const byHand = part("by-hand");
let label = "";

export function show() {
  part("day").hidden = !isWhole();
  if (part("day").hidden) return;
  fillSlots();
  fillMeetings();
  untold();
  part("board").href = `${ROOT}board/${now.board}`;
  part("openings").replaceChildren();
  hideOthers(presence, presence.elements.what.value);
  hideOthers(byHand, byHand.elements.kind.value);
  forget();
}

function slotName(slot) {
  const { slots, zone } = now.event;
  const several = dayOf(slots[0].start, zone) !== dayOf(slots.at(-1).start, zone);
  return several ? `${dayOf(slot.start, zone)} ${hours(slot, zone)}` : hours(slot, zone);
}

function choose(select, options) {
  const { value } = select;
  const first = [...select.options].filter((option) => option.value === "");
  select.replaceChildren(...first, ...options.map(([text, key]) => new Option(text, key)));
  if (options.some(([, key]) => key === value)) select.value = value;
}

function fillSlots() {
  const { slots, places, participants } = now.event;
  for (const select of document.querySelectorAll("#day [data-slots]")) {
    choose(select, slots.map((slot) => [slotName(slot), slot[select.dataset.slots]]));
  }
  choose(byHand.elements.place, places.map((place) => [place.name, place.id]));
  choose(presence.elements.instead, participants.filter((one) => one.waiting).map((one) => [one.name, one.id]));
  const ends = [...slots.map((slot) => [word("before", { time: slotName(slot) }), slot.start]), [word("all of it"), slots.at(-1).end]];
  choose(part("over"), ends);
  part("over").value = isOver(ends) ?? "";
}

// What is over by the clock while the event runs, or was declared to be.
function isOver(ends) {
  const { slots } = now.event;
  const clock = new Date().toISOString();
  const runs = slots[0].start <= clock && clock < slots.at(-1).end;
  const settled = now.schedule.settled ?? "";
  const moment = runs && clock > settled ? clock : settled;
  return moment && ends.find(([, start]) => start >= moment)?.[1];
}

function fillMeetings() {
  const options = now.schedule.meetings.map((one) => [`${when(one)}: ${pairName(one)}${one.fixed ? ` (${word("pinned")})` : ""}`, `${one.a} ${one.b}`]);
  for (const select of document.querySelectorAll("#day [data-meetings]")) choose(select, options);
}

function hideOthers(form, kind) {
  for (const field of form.querySelectorAll("[data-for]")) field.hidden = !field.dataset.for.split(" ").includes(kind);
  const instead = presence.elements.instead;
  if (instead.options.length === 1) instead.closest("[data-for]").hidden = true;
  const button = presence.querySelector("button");
  label ||= button.textContent;
  button.textContent = presence.elements.what.value === "gone" ? label : word("work it in");
}

const noticeLine = ({ name, fresh, moved, gone }) => made("li", [
  name,
  ...[["new", fresh], ["moved", moved], ["off", gone]]
    .filter(([, meetings]) => meetings.length)
    .map(([key, meetings]) => word(key, { count: meetings.length })),
].join(" · "));

function untold() {
  const due = now.to_tell;
  part("untold").hidden = due.length === 0;
  part("untold-says").textContent = word("must be told", { count: due.length });
  part("untold-list").replaceChildren(...due.map(noticeLine));
}

const over = () => (part("over").value ? { not_before: part("over").value } : {});

// The times of somebody's presence that lie after or before a moment.
function clipped(one, from, until) {
  const whole = [{ start: now.event.slots[0].start, end: now.event.slots.at(-1).end }];
  return (one.available ?? whole)
    .map(({ start, end }) => ({ start: [from, start].sort()[1], end: until ? [until, end].sort()[0] : end }))
    .filter(({ start, end }) => start < end);
}

function change({ who, what, instead, from, until, refill }) {
  const one = now.event.participants.find((person) => person.id === who.value);
  const windows = {
    late: () => clipped(one, from.value, null),
    early: () => clipped(one, "", until.value),
    back: () => one.available,
  };
  const wish = { refill: refill.checked, ...over() };
  if (what.value !== "gone") return { ...wish, presence: [{ id: one.id, available: windows[what.value]() }] };
  if (!instead.value) return { ...wish, cancel: [one.id] };
  const { available } = now.event.participants.find((person) => person.id === instead.value);
  return { ...wish, refill: true, cancel: [one.id], presence: [{ id: instead.value, available }] };
}

async function workIn(fields) {
  const who = fields.who.value;
  const gone = fields.what.value === "gone";
  if (!who || (gone && !confirm(word("sure cancel", { name: nameOf(who) })))) return;
  const before = now.schedule.meetings;
  const { version } = now;
  await act(() => plan({ seconds: Number(part("run").elements.seconds.value), ...change(fields) }));
  if (now.version === version) return;
  compare(gone ? word("is cancelled", { name: nameOf(who) }) : word("is worked in", { name: nameOf(who) }), before);
}

function wanted() {
  const { kind, meeting, other, a, b, slot, place } = byHand.elements;
  const [first, second] = kind.value === "add" ? [a.value, b.value] : meeting.value.split(" ");
  const wish = { kind: kind.value, a: first, b: second };
  if (["add", "move"].includes(kind.value)) Object.assign(wish, { slot: slot.value, place: place.value || null });
  if (kind.value === "swap") [wish.c, wish.d] = other.value.split(" ");
  return wish;
}

function forget() {
  part("comes-to").hidden = true;
  part("make").hidden = true;
}

const problem = ({ where, message }) => made("li", `${where}: ${message}`);

async function preview() {
  say("");
  forget();
  try {
    const found = await post(`${path}/meetings`, { ...wanted(), ...over(), preview: true }, seen(now.version));
    const parts = [["breaks", found.refused, problem], ["costs", found.costs, problem], ["to tell", found.to_tell, noticeLine]];
    part("comes-to").replaceChildren(...parts.filter(([, list]) => list.length).flatMap(([key, list, line]) => {
      const items = made("ul", "", "points");
      items.append(...list.map(line));
      return [made("p", word(key)), items];
    }));
    if (!part("comes-to").hasChildNodes()) part("comes-to").append(made("p", word("costs nothing")));
    part("comes-to").hidden = false;
    part("make").hidden = found.refused.length > 0;
  } catch (error) {
    complain(error);
  }
}

const make = (wish) => act(() => post(`${path}/meetings`, { ...wish, ...over() }, seen(now.version)), word("saved"));

async function couldMeet() {
  say("");
  try {
    const { meetings } = await read(`${path}/openings?${new URLSearchParams(over())}`);
    part("openings").replaceChildren(...meetings.map((one) => {
      const line = made("li", `${when(one)}: ${pairName(one)} `);
      const button = made("button", word("add"), "plain");
      button.addEventListener("click", () => make({ kind: "add", a: one.a, b: one.b, slot: one.slot, place: one.place }));
      line.append(button);
      return line;
    }));
    if (!meetings.length) part("openings").append(made("li", word("nobody could")));
  } catch (error) {
    complain(error);
  }
}

async function tell() {
  let told = null;
  const { lang } = document.documentElement;
  await act(async () => {
    told = await send("POST", `${path}/notices`, { language: lang }, seen(now.version));
  });
  if (!told) return;
  const letters = Object.values(told.letters).reduce((sum, count) => sum + count, 0);
  say(word("told by", { letters }), told.without.map((one) => made("li", word("no address", { name: one.name }))));
}

export function listen() {
  presence.addEventListener("submit", (event) => { event.preventDefault(); workIn(presence.elements); });
  presence.elements.what.addEventListener("change", ({ target }) => hideOthers(presence, target.value));
  byHand.addEventListener("change", () => { hideOthers(byHand, byHand.elements.kind.value); forget(); });
  byHand.addEventListener("submit", (event) => { event.preventDefault(); preview(); });
  part("make").addEventListener("click", () => make(wanted()));
  part("could-meet").addEventListener("click", couldMeet);
  part("tell").addEventListener("click", tell);
  part("settle").addEventListener("click", () => {
    if (part("over").value) act(() => plan({ freeze: true, ...over() }), word("is settled"));
  });
  part("badges").addEventListener("click", () => {
    download(`${path}/badges?${new URLSearchParams({ language: document.documentElement.lang })}`, `${id}-badges.pdf`);
  });
}

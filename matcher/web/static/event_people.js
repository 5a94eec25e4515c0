// Participants and wishes of an event, by hand.
import { change, nameOf, now } from "./event_state.js";
import { copy, part, word } from "./staff.js";
import { dayOf, hours } from "./times.js";

const person = part("person");

let first = true;

export function show() {
  part("people-count").textContent = now.event.participants.length;
  if (first) part("who").open = !now.schedule;  // once there is a schedule, it matters more
  first = false;
  part("list-of-people").replaceChildren(...now.event.participants.map(row));
  sieve();
  const { wishes } = now.event;
  part("wishes-count").textContent = wishes.length;
  part("wishes").replaceChildren(...wishes.map(wish));
  for (const option of part("wish").elements.kind.options) option.textContent = word(option.value);
}

function facts(one) {
  const { zone } = now.event;
  const there = one.available?.map((window) => `${dayOf(window.start, zone)} ${hours(window, zone)}`).join(", ");
  return [
    one.country,
    ...one.delegates,
    word("limits", one),
    there,
    one.remote && word("online"),
    one.cancelled && word("cancelled"),
    one.waiting && word("on the waiting list"),
  ].filter(Boolean).join(" · ");
}

function row(one) {
  const item = copy("person-row");
  item.dataset.text = `${one.name} ${one.id} ${one.country ?? ""}`.toLowerCase();
  item.querySelector(".name").textContent = one.name;
  item.classList.toggle("cancelled", one.cancelled);
  item.querySelector(".facts").textContent = facts(one);
  const [edit, remove] = item.querySelectorAll("button");
  for (const button of [edit, remove]) button.setAttribute("aria-label", `${button.textContent}: ${one.name}`);
  edit.addEventListener("click", () => fill(one));
  remove.addEventListener("click", () => {
    if (confirm(word("sure remove", { name: one.name }))) leaveOut(one.id);
  });
  return item;
}

function fill(one) {
  for (const name of ["name", "id", "country", "zone", "minimum", "maximum"]) {
    person.elements[name].value = one[name] ?? "";
  }
  person.elements.remote.checked = one.remote;
  person.elements.waiting.checked = one.waiting;
  person.closest("details").open = true;
  person.elements.name.focus();
}

function leaveOut(gone) {
  const { participants, wishes, met_before: met, fixed } = now.event;
  change({
    participants: participants.filter((one) => one.id !== gone),
    wishes: wishes.filter((one) => one.by !== gone && one.about !== gone),
    met_before: met.filter((pair) => !pair.includes(gone)),
    fixed: fixed.filter((one) => one.a !== gone && one.b !== gone),
  }, word("saved"));
}

function keep() {
  const { name, id: key, country, zone, minimum, maximum, remote, waiting } = person.elements;
  const before = now.event.participants.find((one) => one.id === key.value);
  const one = {
    ...before,
    id: key.value,
    name: name.value,
    country: country.value.toUpperCase() || null,
    zone: zone.value || null,
    minimum: Number(minimum.value),
    maximum: Number(maximum.value),
    remote: remote.checked,
    waiting: waiting.checked,
  };
  const others = now.event.participants;
  change({ participants: before ? others.map((old) => (old === before ? one : old)) : [...others, one] }, word("saved"));
}

function wish(one) {
  const item = copy("wish-row");
  item.querySelector("span").textContent = `${nameOf(one.by)} → ${nameOf(one.about)}: ${word(one.kind)}`;
  item.querySelector("button").addEventListener("click", () => {
    change({ wishes: now.event.wishes.filter((other) => other !== one) }, word("saved"));
  });
  return item;
}

function addWish({ by, kind, about }) {
  const one = { by: by.value, about: about.value, kind: kind.value };
  const others = now.event.wishes.filter((old) => old.by !== one.by || old.about !== one.about);
  change({ wishes: [...others, one] }, word("saved"));
}

// Shows only those who have the text in their name, id or country.
function sieve() {
  const text = part("filter").value.trim().toLowerCase();
  for (const item of part("list-of-people").children) item.hidden = !item.dataset.text.includes(text);
}

export function listen() {
  part("filter").addEventListener("input", sieve);
  person.addEventListener("submit", (event) => { event.preventDefault(); keep(); });
  part("wish").addEventListener("submit", (event) => { event.preventDefault(); addWish(event.target.elements); });
}

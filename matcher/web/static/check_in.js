// Who has arrived, on the phone of whoever stands at the door.
import { act, copy, part, read, send, start, word } from "./staff.js";

const path = `/events/${encodeURIComponent(part("event").dataset.event)}/arrivals`;

async function show() {
  const { title, guests } = await read(path);
  part("heading").textContent = title;
  part("arrived-count").textContent = word("arrived", { here: guests.filter((one) => one.since).length, all: guests.length });
  part("guests").replaceChildren(...guests.map(row));
  sieve();
}

function row(one) {
  const item = copy("guest");
  item.dataset.text = `${one.name} ${one.country ?? ""}`.toLowerCase();
  item.classList.toggle("cancelled", one.cancelled);
  item.querySelector(".name").textContent = one.name;
  item.querySelector(".facts").textContent = [
    one.country,
    one.cancelled && word("cancelled"),
    one.waiting && word("on the waiting list"),
  ].filter(Boolean).join(" · ");
  const button = item.querySelector("button");
  button.textContent = word(one.since ? "is here" : "not here");
  button.setAttribute("aria-pressed", String(Boolean(one.since)));
  button.setAttribute("aria-label", `${button.textContent}: ${one.name}`);
  button.addEventListener("click", () => act(() => send("PUT", `${path}/${encodeURIComponent(one.id)}`, { here: !one.since })));
  return item;
}

function sieve() {
  const text = part("filter").value.trim().toLowerCase();
  for (const item of part("guests").children) item.hidden = !item.dataset.text.includes(text);
}

part("filter").addEventListener("input", sieve);
start(show);

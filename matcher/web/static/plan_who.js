// Who takes part in a programme: taken over from an event, or from a list of names.
import { complain, made, part, read, word } from "./staff.js";

const sides = [...document.querySelectorAll(".side-wishes")];
const boxes = sides.flatMap((side) => [...side.querySelectorAll(".tree input[type=checkbox]")]);
const plain = (text) => text.trim().toLocaleLowerCase();

function choose(chosen) {
  for (const box of chosen) box.checked = true;
  for (const side of sides) {
    if (!chosen.some((box) => side.contains(box))) continue;
    const some = side.querySelector("[type=radio][value=some]");
    some.checked = true;
    some.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// The one box that a name or id stands for; none where several clusters go by that name.
function named(text) {
  const wanted = plain(text);
  const found = boxes.filter((box) => plain(box.value) === wanted || plain(box.nextElementSibling.textContent) === wanted);
  return found.length === 1 ? found[0] : null;
}

// A name that no box has: what may be meant is offered, never guessed.
async function stranger(text) {
  const address = new URL(part("take-over").dataset.names, location);
  address.searchParams.set("q", text);
  const near = (await (await fetch(address)).json()).map(({ id }) => boxes.find((box) => box.value === id)).filter(Boolean);
  const line = made("li", `${text}: `);
  for (const box of near.slice(0, 3)) {
    const button = made("button", box.nextElementSibling.textContent, "plain");
    button.type = "button";
    button.addEventListener("click", () => { choose([box]); line.remove(); });
    line.append(button, " ");
  }
  if (near.length === 0) line.append(word("unknown"));
  return line;
}

async function take(names) {
  const lines = [...new Set(names.map((name) => name.trim()).filter(Boolean))];
  const found = lines.map(named);
  choose(found.filter(Boolean));
  const strange = await Promise.all(lines.filter((_, place) => !found[place]).map(stranger));
  part("taken").textContent = word("taken", { count: found.filter(Boolean).length, all: lines.length });
  part("strangers").replaceChildren(...strange);
}

part("names").addEventListener("change", () => take(part("names").value.split("\n")).catch(complain));
part("from-event").addEventListener("change", async ({ target: { value } }) => {
  if (!value) return;
  try {
    const { event } = await read(`/events/${value}`);
    await take(event.participants.filter((one) => !one.cancelled).map(({ id, name }) => (boxes.some((box) => box.value === id) ? id : name)));
  } catch (error) {
    complain(error);
  }
});

export async function offerEvents() {
  const { events } = await read("/events");
  const choice = part("from-event");
  choice.replaceChildren(choice.options[0], ...events.map(({ id, title }) => new Option(title, id)));
}

// The list of events, and a new one by form and file.
import { act, complain, copy, download, part, post, read, seen, send, start, word } from "./staff.js";
import { divided, prepare } from "./times.js";

const form = part("new");

async function show() {
  const { events } = await read("/events");
  part("events").replaceChildren(...events.map(card));
  part("none").hidden = events.length > 0;
  if (!events.length) part("new-event").open = true;
  part("count").textContent = word("count", { count: events.length });
}

const addressOf = (id) => copy("event-card").querySelector("a").getAttribute("href").replace("EVENT", id);

function card(one) {
  const item = copy("event-card");
  const link = item.querySelector("a");
  link.href = addressOf(one.id);
  link.textContent = one.title;
  item.querySelector(".hint").textContent = word("line", { count: one.participants, zone: one.zone });
  const mark = item.querySelector(".mark");
  mark.textContent = word(one.schedule ?? "no schedule");
  mark.classList.toggle("met", one.schedule === "frozen");
  item.querySelector(".delete").addEventListener("click", () => {
    if (!confirm(word("sure", { title: one.title }))) return;
    act(() => send("DELETE", `/events/${one.id}`, undefined, seen(one.version)), word("deleted"));
  });
  return item;
}

const numbered = (count, prefix, text, more) => Array.from({ length: count }, (_, n) => (
  { id: `${prefix}-${n + 1}`, name: word(text, { count: n + 1 }), ...more }));

async function make() {
  const { title, id, zone, venue, tables, rooms, spare, file } = form.elements;
  const { slots, breaks } = await divided(form, zone.value);
  const made = await post("/events", {
    id: id.value,
    title: title.value,
    zone: zone.value,
    venue: venue.value || null,
    slots,
    breaks,
    places: [
      ...numbered(Number(tables.value), "table", "table", { kind: "table" }),
      ...numbered(Number(rooms.value), "room", "room", { kind: "online" }),
    ],
    spare_share: Number(spare.value) / 100,
    participants: [],
  });
  let told = null;
  if (file.files.length) {
    const body = new FormData();
    body.append("file", file.files[0]);
    try {
      const { problems, headings } = await post(`/events/${made.event.id}/tables`, body, seen(made.version));
      told = { problems, headings };
    } catch (error) {
      told = { message: `${word("made, file refused")} ${error.message}`, problems: error.errors ?? [], headings: error.headings ?? [] };
    }
  }
  if (told) sessionStorage.setItem(`told-${made.event.id}`, JSON.stringify(told));
  location.assign(addressOf(made.event.id));
}

// "Brussels 2026" suggests brussels-2026.
form.elements.title.addEventListener("input", ({ target }) => {
  const plain = target.value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  form.elements.id.value = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await make();
  } catch (error) {
    complain(error);
    part("message").scrollIntoView({ block: "center" });
  }
});
for (const button of document.querySelectorAll("[data-figures]")) {
  button.addEventListener("click", () => {
    const format = button.dataset.figures;
    const { lang } = document.documentElement;
    download(`/figures?${new URLSearchParams({ format, language: lang })}`, `figures.${format}`);
  });
}
prepare(form);
start(show);

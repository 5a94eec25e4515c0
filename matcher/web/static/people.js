// Contact persons: reads them from the API, keeps consents, exports and erases.
import "./names.js";
import { act, copy, download, made, part, post, read, say, send, start, word } from "./staff.js";

const today = () => new Date().toISOString().slice(0, 10);
let all = [];

async function show() {
  all = (await read("/people")).people;
  part("count").textContent = word("count", { count: all.length });
  part("none").hidden = all.length > 0;
  part("given_on").value ||= today();
  sort();
}

function sort() {
  const wanted = part("filter").value.trim().toLocaleLowerCase();
  const here = all.filter((one) => `${one.name} ${one.cluster_name}`.toLocaleLowerCase().includes(wanted));
  part("people").replaceChildren(...here.map(card));
}

function card(one) {
  const item = copy("person");
  const find = (selector) => item.querySelector(selector);
  find("h2").textContent = one.name;
  find(".of").textContent = [one.position, one.cluster_name].filter(Boolean).join(", ");
  link(find(".mail"), "mailto:", one.email);
  link(find(".call"), "tel:", one.phone);
  find(".consents").append(...one.consents.map((purpose) => made("li", word(purpose), "label")));
  find(".lapsed").hidden = one.consents.length > 0;
  correct(one, find(".correct"));
  consents(one, find(".give"), find(".end"));
  find(".export").addEventListener("click", () => download(`/people/${one.id}`, `person-${one.id}.json`));
  find(".keeping").addEventListener("toggle", () => doubt(one, find(".doubtful")), { once: true });
  find(".erase").addEventListener("submit", (event) => {
    event.preventDefault();
    const also = new URLSearchParams(new FormData(event.target));
    act(() => post(`/people/${one.id}/erasure?${also}`, {}), word("erased"));
  });
  return item;
}

async function doubt(one, place) {
  const { doubtful } = await read(`/people/${one.id}`);
  place.hidden = doubtful.length === 0;
  place.append(...doubtful.map((mention) => {
    const label = made("label", "", "check");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "also", value: mention.place });
    label.append(box, " ", made("span", mention.text));
    return label;
  }));
}

function link(place, scheme, text) {
  place.hidden = !text;
  place.textContent = text;
  place.href = scheme + encodeURI(text);
}

function correct(one, form) {
  for (const field of ["name", "email", "position", "phone"]) form.elements[field].value = one[field];
  form.elements.cluster.value = one.cluster_id;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(() => send("PUT", `/people/${one.id}`, Object.fromEntries(new FormData(form))), word("corrected"));
  });
}

function consents(one, give, end) {
  give.elements.given_on.value = today();
  give.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = Object.fromEntries(new FormData(give));
    act(() => post(`/people/${one.id}/consents`, body), word("given"));
  });
  end.hidden = one.consents.length === 0;
  const titles = new Map([...give.elements.purpose.options].map((option) => [option.value, option.text]));
  end.elements.purpose.append(...one.consents.map((purpose) => new Option(titles.get(purpose), purpose)));
  end.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = Object.fromEntries(new FormData(end));
    act(() => post(`/people/${one.id}/withdrawals`, body), word("ended"));
  });
}

part("add").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const { purpose, given_by, given_on, ...person } = Object.fromEntries(new FormData(form));
  act(async () => {
    await post("/people", { ...person, consent: { purpose, given_by, given_on } });
    form.reset();
    part("adding").open = false;
  }, word("added"));
});
part("import").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  let found;
  await act(async () => {
    found = await post("/people:import", new FormData(form));
    form.reset();
  });
  if (!found) return;
  const { entered, problems } = found;
  const lines = problems.map(({ where, field, message }) => made("li", `${[where, field].filter(Boolean).join(", ")}: ${message}`));
  say([word("taken in", { count: entered }), lines.length ? word("left out") : ""].join(" "), lines);
});
part("filter").addEventListener("input", sort);
start(show);

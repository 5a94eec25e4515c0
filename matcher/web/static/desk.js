// Introductions: reads them from the API and notes steps, with the token of this tab.
import "./names.js";
import { day, fill, percent } from "./figures.js";
import { ROOT, act, complain, copy, download, made, part, post, read, seen, start, word } from "./staff.js";
import { offer, pickable, repick, stepOf, together } from "./steps.js";

let all = [];
let waiting = new Set();

async function show() {
  const listed = async (query) => (await read(`/introductions${query}`)).introductions;
  const [every, due, figures] = await Promise.all([
    listed(""), listed("?due=true"), read("/introductions:conversion"),
  ]);
  all = every;
  waiting = new Set(due.map((one) => one.id));
  part("count").textContent = word("count", { count: all.length });
  part("none").hidden = all.length > 0;
  converted(figures);
  repick(all);
  sort();
}

function sort() {
  const wanted = part("filter").value.trim().toLocaleLowerCase();
  const shown = all.filter((one) => `${one.name_a} ${one.name_b} ${one.purpose}`.toLocaleLowerCase().includes(wanted));
  for (const stage of document.querySelectorAll("[data-state]")) {
    const { state } = stage.dataset;
    const here = shown.filter((one) => (waiting.has(one.id) ? "due" : one.state) === state);
    stage.hidden = here.length === 0 || ![state, ""].includes(part("state").value);
    stage.querySelector(".number").textContent = here.length;
    stage.querySelector("ul").replaceChildren(...here.map(card));
  }
}

function converted({ reached, share }) {
  const ours = part("ours");
  fill(ours.querySelector(".you"), share ?? 0);
  ours.querySelector("b").textContent = share === null ? "–" : percent(share);
  ours.querySelector("small").textContent = share === null ? word("no meetings") : word("meetings", { count: reached.met });
  const most = Math.max(1, ...Object.values(reached));
  for (const step of document.querySelectorAll("[data-reached]")) {
    const count = reached[step.dataset.reached];
    step.querySelector("b").textContent = count;
    step.style.setProperty("--share", count / most);
  }
}

function card(one) {
  const item = copy("card");
  const find = (selector) => item.querySelector(selector);
  find("h3").textContent = `${one.name_a} × ${one.name_b}`;
  find(".purpose").textContent = one.purpose;
  find(".when").textContent = when(one);
  find(".look").href = `${ROOT}pairs/${one.a}/${one.b}`;
  pickable(find(".pick"), one);
  find(".moves").append(...one.moves.map(step));
  find(".brief").addEventListener("click", () => brief(one));
  find(".send").hidden = !["draft", "vetted", "asked_a", "asked_b"].includes(one.state);
  find(".send").addEventListener("click", () => together("send", [one], { language: part("language").value }));
  find(".undo").hidden = !one.may_undo;
  find(".undo").addEventListener("click", () => together("undo", [one]));
  find(".letters").addEventListener("click", () => letters(one, find(".letters"), find(".texts")));
  prepare(find("form"), one);
  return item;
}

function when(one) {
  const days = [word("when", { id: one.id, since: day(one.since) })];
  if (one.reminder_on) days.push(word("remind", { day: day(one.reminder_on) }));
  if (one.expires_on) days.push(word("expire", { day: day(one.expires_on) }));
  return days.join("; ");
}

const title = (list, key) => part("card").content.querySelector(`[name=${list}] [value="${key}"]`).textContent;

function step(move) {
  const what = document.querySelector(`[data-state="${move.to}"] h2`).textContent;
  const said = [
    move.answer && title("answer", move.answer), move.outcome && title("outcome", move.outcome), move.reason,
  ].filter(Boolean).join(": ");
  const told = word("move", { day: day(move.on), role: title("role", move.role), step: what });
  const line = said ? `${told} (${said})` : told;
  return made("li", move.who ? word("entered", { step: line, name: move.who }) : line);
}

function prepare(form, one) {
  form.parentElement.hidden = one.legal_moves.length === 0;
  offer(form, one.legal_moves);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(() => post(`/introductions/${one.id}/moves`, stepOf(form), seen(one.version)), word("noted"));
  });
}

function brief(one) {
  const form = part("format").value;
  const asked = new URLSearchParams({ language: part("language").value, format: form });
  return download(`/introductions/${one.id}/brief?${asked}`, `${one.a}--${one.b}.${form}`);
}

async function letters(one, button, shown) {
  if (!shown.hidden) return close(button, shown);
  const asked = new URLSearchParams({ language: part("language").value, sender: part("sender").value });
  try {
    const found = await read(`/introductions/${one.id}/letters?${asked}`);
    shown.replaceChildren(...Object.entries(found).filter(([, text]) => text).map(letter));
    shown.hidden = false;
    button.setAttribute("aria-expanded", "true");
  } catch (error) {
    complain(error);
  }
}

function close(button, shown) {
  shown.hidden = true;
  button.setAttribute("aria-expanded", "false");
}

function letter([to, { subject, text }]) {
  const item = copy("letter");
  const [heading, field, button] = ["h4", "textarea", "button"].map((tag) => item.querySelector(tag));
  heading.textContent = word(to);
  field.value = `${subject}\n\n${text}`;
  field.setAttribute("aria-label", `${word(to)}: ${subject}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = word("copied");
    } catch {  // not over plain http, not without permission
      field.focus();
      field.select();
      button.textContent = word("selected");
    }
  });
  return item;
}

part("draft").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const body = Object.fromEntries(new FormData(form));
  act(async () => { await post("/introductions", body); form.reset(); }, word("drafted"));
});
part("filter").addEventListener("input", sort);
part("state").addEventListener("change", () => {
  for (const stage of document.querySelectorAll("[data-state]")) stage.open ||= stage.dataset.state === part("state").value;
  sort();
});
start(show);

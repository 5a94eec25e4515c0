// Introductions: reads them from the API and notes steps, with the token of this tab.
import "./names.js";
import { day, fill, percent } from "./figures.js";
import { ROOT, act, complain, copy, download, made, part, post, read, seen, send, start, word } from "./staff.js";
import { offer, pickable, repick, stepOf, together } from "./steps.js";

let all = [];
let waiting = new Set();

async function show() {
  const listed = async (query) => (await read(`/introductions${query}`)).introductions;
  const [every, due, figures, settled] = await Promise.all([
    listed(""), listed("?due=true"), read("/introductions:conversion"), read("/programme"),
  ]);
  all = every;
  waiting = new Set(due.map((one) => one.id));
  part("count").textContent = word("count", { count: all.length });
  part("none").hidden = all.length > 0;
  converted(figures);
  settle(settled);
  repick(all);
  sort();
}

// Shows what is wanted: cards by where they stand, or one table with a line for each.
function sort() {
  const wanted = part("filter").value.trim().toLocaleLowerCase();
  const shown = all.filter((one) => `${one.name_a} ${one.name_b} ${one.purpose}`.toLocaleLowerCase().includes(wanted));
  const lines = [];
  for (const stage of document.querySelectorAll("[data-state]")) {
    const { state } = stage.dataset;
    const asked = [state, ""].includes(part("state").value);
    const here = shown.filter((one) => asked && (waiting.has(one.id) ? "due" : one.state) === state);
    const inTable = part("as-table").checked;
    if (inTable) lines.push(...here.map(line));
    stage.hidden = inTable || here.length === 0;
    stage.querySelector(".number").textContent = here.length;
    stage.querySelector("ul").replaceChildren(...(inTable ? [] : here.map(card)));
  }
  part("lines").hidden = lines.length === 0;
  part("lines").querySelector("tbody").replaceChildren(...lines);
}

// Shows what is settled of the programme, unless that is what the form was made from.
function settle({ programme, version }) {
  const form = part("programme");
  if (form.dataset.version === String(version)) return;
  form.dataset.version = version;
  for (const [name, value] of Object.entries(programme)) form.elements[name].value = value ?? "";
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

function line(one) {
  const row = copy("line");
  const button = row.querySelector("button");
  const { role, who } = one.moves.at(-1);
  const next = [...one.legal_moves.slice(0, 1).map((to) => title("to", to)), ...days(one)];
  const told = [
    waiting.has(one.id) ? `${stateOf(one.state)} · ${stateOf("due")}` : stateOf(one.state),
    day(one.since), next.join("; ") || "–", who ? colleague(who) : title("role", role),
  ];
  row.querySelectorAll("[data-label]").forEach((cell, place) => { cell.textContent = told[place]; });
  pickable(row.querySelector(".pick"), one);
  button.textContent = `${one.name_a} × ${one.name_b}`;
  button.addEventListener("click", () => unfold(row, button, one));
  return row;
}

// Shows all of an introduction below its line, or hides it again.
function unfold(row, button, one) {
  const shown = row.nextElementSibling?.matches(".unfolded");
  button.setAttribute("aria-expanded", String(!shown));
  if (shown) return row.nextElementSibling.remove();
  const [below, cell, list, all] = [made("tr", "", "unfolded"), made("td"), made("ul", "", "cards"), card(one)];
  cell.colSpan = row.children.length;
  all.querySelector(".pick").remove();
  list.append(all);
  cell.append(list);
  below.append(cell);
  row.after(below);
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

const when = (one) => [word("when", { id: one.id, since: day(one.since) }), ...days(one)].join("; ");

const days = ({ reminder_on: remind, expires_on: expire }) => [
  remind && word("remind", { day: day(remind) }), expire && word("expire", { day: day(expire) }),
].filter(Boolean);

const stateOf = (state) => document.querySelector(`[data-state="${state}"] h2`).textContent;

// Who of the staff that was; of an account that is no more, its number alone is known.
function colleague(who) {
  const [, number] = /^account (\d+)$/.exec(who) ?? [];
  return number ? word("former", { number }) : who;
}

const title = (list, key) => part("card").content.querySelector(`[name=${list}] [value="${key}"]`).textContent;

function step(move) {
  const said = [
    move.answer && title("answer", move.answer), move.outcome && title("outcome", move.outcome), move.reason,
  ].filter(Boolean).join(": ");
  const told = word("move", { day: day(move.on), role: title("role", move.role), step: stateOf(move.to) });
  const line = said ? `${told} (${said})` : told;
  return made("li", move.who ? word("entered", { step: line, name: colleague(move.who) }) : line);
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
  const asked = new URLSearchParams({ language: part("language").value });
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

function letter([to, { subject, text, to: addresses }]) {
  const item = copy("letter");
  const [heading, field, button] = ["h4", "textarea", "button"].map((tag) => item.querySelector(tag));
  heading.textContent = word(to);
  field.value = [...(addresses.length ? [addresses.join(", ")] : []), subject, "", text].join("\n");
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
part("programme").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = [...new FormData(event.target)].filter(([, value]) => value);
  const version = seen(event.target.dataset.version);
  act(() => send("PUT", "/programme", Object.fromEntries(given), version), word("settled"));
});
part("filter").addEventListener("input", sort);
part("as-table").addEventListener("change", sort);
part("state").addEventListener("change", () => {
  for (const stage of document.querySelectorAll("[data-state]")) stage.open ||= stage.dataset.state === part("state").value;
  sort();
});
start(show);

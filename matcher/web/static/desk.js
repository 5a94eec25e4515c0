// Introductions: reads them from the API and notes steps, with the token of this tab.
import { act, complain, copy, download, made, part, post, read, seen, start } from "./staff.js";

async function show() {
  const listed = async (query) => (await read(`/introductions${query}`)).introductions;
  const [all, due] = await Promise.all([listed(""), listed("?due=true")]);
  const waiting = new Set(due.map((one) => one.id));
  for (const section of document.querySelectorAll("[data-state]")) {
    const { state } = section.dataset;
    const here = all.filter((one) => (waiting.has(one.id) ? "due" : one.state) === state);
    section.hidden = here.length === 0;
    section.querySelector("ul").replaceChildren(...here.map(card));
  }
  part("count").textContent = `${all.length} introductions`;
}

function card(one) {
  const item = copy("card");
  const find = (selector) => item.querySelector(selector);
  find("h3").textContent = `${one.name_a} × ${one.name_b}`;
  find(".purpose").textContent = one.purpose;
  find(".when").textContent = when(one);
  find(".moves").append(...one.moves.map(step));
  find(".brief").addEventListener("click", () => download(`/introductions/${one.id}/brief`, `${one.a}--${one.b}.pdf`));
  find(".letters").addEventListener("click", () => letters(one, find(".texts")));
  prepare(find("form"), one);
  return item;
}

function when(one) {
  const title = document.querySelector(`[data-state=${one.state}] h2`).textContent;
  const days = [`No. ${one.id}: ${title}, since ${one.since}`];
  if (one.reminder_on) days.push(`remind on ${one.reminder_on}`);
  if (one.expires_on) days.push(`expires on ${one.expires_on}`);
  return days.join("; ");
}

function step(move) {
  const said = [move.answer, move.outcome, move.reason].filter(Boolean).join(": ");
  return made("li", `${move.on}, ${move.role}: ${move.to}${said ? ` (${said})` : ""}`);
}

function prepare(form, one) {
  form.hidden = one.legal_moves.length === 0;
  for (const option of [...form.elements.to.options]) {
    if (!one.legal_moves.includes(option.value)) option.remove();
  }
  const fit = () => {
    for (const field of form.querySelectorAll("[data-for]")) {
      field.hidden = field.dataset.for !== form.elements.to.value;
    }
  };
  form.elements.to.addEventListener("change", fit);
  fit();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(() => note(form.elements, one), "The step is noted.");
  });
}

function note({ to, role, reason, answer, outcome }, one) {
  const body = { to: to.value, role: role.value, reason: reason.value };
  if (to.value === "declined") body.answer = answer.value;
  if (to.value === "outcome") body.outcome = outcome.value;
  return post(`/introductions/${one.id}/moves`, body, seen(one.version));
}

async function letters(one, shown) {
  try {
    const found = await read(`/introductions/${one.id}/letters`);
    const texts = [found.ask_a, found.ask_b, found.joint].filter(Boolean);
    shown.querySelector("textarea").value = texts.map(({ subject, text }) => `${subject}\n\n${text}`).join("\n\n――――\n\n");
    shown.hidden = false;
  } catch (error) {
    complain(error);
  }
}

part("draft").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const body = Object.fromEntries(new FormData(form));
  act(async () => { await post("/introductions", body); form.reset(); }, "The draft is noted.");
});
start(show);

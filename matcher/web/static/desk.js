// The staff desk: reads introductions from the API and notes steps, with the token of this tab.
const API = "/api/v1/introductions";
const KEY = "staff-token";
const part = (id) => document.getElementById(id);

function say(text) {
  part("message").textContent = text;
  part("message").hidden = !text;
}

async function ask(path, options = {}) {
  const headers = { ...options.headers, Authorization: `Bearer ${sessionStorage.getItem(KEY)}` };
  const answer = await fetch(API + path, { ...options, headers });
  if (answer.ok) return answer;
  const problem = await answer.json();
  if (answer.status === 401 || answer.status === 403) leave();
  throw new Error(problem.detail);
}

const post = (path, body, headers = {}) => ask(path, {
  method: "POST",
  headers: { ...headers, "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

// Runs what a click asked for, tells what went wrong, and reads everything again.
async function act(work, done) {
  say("");
  try {
    await work();
    if (done) say(done);
  } catch (error) {
    say(error.message);
  }
  if (sessionStorage.getItem(KEY)) await show();
}

function leave() {
  sessionStorage.removeItem(KEY);
  part("desk").hidden = true;
  part("enter").hidden = false;
}

async function show() {
  const read = async (query) => (await (await ask(query)).json()).introductions;
  let all, due;
  try {
    [all, due] = await Promise.all([read(""), read("?due=true")]);
  } catch (error) {
    say(error.message);
    return;
  }
  const waiting = new Set(due.map((one) => one.id));
  for (const section of document.querySelectorAll("[data-state]")) {
    const { state } = section.dataset;
    const here = all.filter((one) => (waiting.has(one.id) ? "due" : one.state) === state);
    section.hidden = here.length === 0;
    section.querySelector("ul").replaceChildren(...here.map(card));
  }
  part("count").textContent = `${all.length} introductions`;
  part("enter").hidden = true;
  part("desk").hidden = false;
}

function card(one) {
  const item = part("card").content.firstElementChild.cloneNode(true);
  const find = (selector) => item.querySelector(selector);
  find("h3").textContent = `${one.name_a} × ${one.name_b}`;
  find(".purpose").textContent = one.purpose;
  find(".when").textContent = when(one);
  find(".moves").append(...one.moves.map(step));
  find(".brief").addEventListener("click", () => download(one));
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
  const line = document.createElement("li");
  const said = [move.answer, move.outcome, move.reason].filter(Boolean).join(": ");
  line.textContent = `${move.on}, ${move.role}: ${move.to}${said ? ` (${said})` : ""}`;
  return line;
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
  return post(`/${one.id}/moves`, body, { "If-Match": `"${one.version}"` });
}

async function download(one) {
  try {
    const file = await (await ask(`/${one.id}/brief`)).blob();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${one.a}--${one.b}.pdf`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    say(error.message);
  }
}

async function letters(one, shown) {
  try {
    const found = await (await ask(`/${one.id}/letters`)).json();
    const texts = [found.ask_a, found.ask_b, found.joint].filter(Boolean);
    shown.querySelector("textarea").value = texts.map(({ subject, text }) => `${subject}\n\n${text}`).join("\n\n――――\n\n");
    shown.hidden = false;
  } catch (error) {
    say(error.message);
  }
}

part("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, part("token").value.trim());
  part("token").value = "";
  say("");
  show();
});
part("draft").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const body = Object.fromEntries(new FormData(form));
  act(async () => { await post("", body); form.reset(); }, "The draft is noted.");
});
part("reload").addEventListener("click", () => act(async () => {}));
part("leave").addEventListener("click", () => { say(""); leave(); });
if (sessionStorage.getItem(KEY)) show();

// What the pages for staff share: the token of the tab, asking the API, telling how it went.
import { finePercent } from "./figures.js";

// The service may stand under a path, which this script is in as well.
export const ROOT = new URL("..", import.meta.url).pathname;
const API = `${ROOT}api/v1`;
const KEY = "staff-token";
const PAUSE = 700;
let show = async () => {};
let signedIn = "signedIn" in document.getElementById("enter").dataset;

export const part = (id) => document.getElementById(id);

// A text of the page in the reader's language, its {places} filled in.
export function word(key, values = {}) {
  const text = document.querySelector(`.words [data-word="${CSS.escape(key)}"]`)?.textContent ?? key;
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

// A new element with a text; `className` may be left out.
export function made(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

export const copy = (template) => part(template).content.firstElementChild.cloneNode(true);

export function say(text, lines = []) {
  const list = made("ul", "", "points");
  list.append(...lines);
  part("said").replaceChildren(made("p", text), ...(lines.length ? [list] : []));
  part("message").hidden = !text;
}

const wrong = ({ where, field, message }) =>
  made("li", [[where, field].filter(Boolean).join(", "), message].filter(Boolean).join(": "));

// A cluster that may have been meant, as a button that puts it into the field in question.
const meant = (field) => ({ id, name }) => {
  const line = made("li");
  const button = made("button", name, "plain");
  button.addEventListener("click", () => {
    field.value = id;
    field.focus();
    say("");
  });
  line.append(field ? button : name, " ", made("small", id));
  return line;
};

export function complain({ message, errors = [], suggestions = [], asked }) {
  const field = [...document.querySelectorAll("input[list]")].find((one) => one.value.trim() === asked);
  say(message, [...errors.map(wrong), ...suggestions.map(meant(field))]);
}

const unreachable = () => ({ detail: word("unreachable") });

export async function ask(path, options = {}) {
  const token = sessionStorage.getItem(KEY);
  // A header takes no letters such as ї: the service refuses what is put in their place.
  const bearer = token && { Authorization: `Bearer ${encodeURI(token)}` };
  const headers = { "Accept-Language": document.documentElement.lang, ...options.headers, ...bearer };
  const answer = await fetch(path.startsWith(API) ? path : API + path, { ...options, headers })
    .catch(() => { throw failure(unreachable()); });
  if (answer.ok) return answer;
  if (answer.status === 401 || answer.status === 403) leave();
  if (answer.status === 401) throw failure({ detail: word("no token") });
  throw failure(await answer.json().catch(unreachable));  // a proxy in front has answered
}

// The problem that the API told, as an error; in the reader's language first, where that is another.
function failure(problem) {
  const told = document.querySelector(`#problem-types [data-problem="${CSS.escape(problem.type)}"]`)?.textContent;
  const { type, detail, errors, suggestions, asked, headings } = problem;
  return Object.assign(new Error(told ? `${told} (${detail})` : detail), { type, errors, suggestions, asked, headings });
}

export const read = async (path) => (await ask(path)).json();

// The version that a change is made from.
export const seen = (version) => ({ "If-Match": `"${version}"` });

export async function send(method, path, body, headers = {}) {
  const sent = body instanceof FormData
    ? { body, headers }
    : { body: JSON.stringify(body), headers: { ...headers, "Content-Type": "application/json" } };
  return (await ask(path, { method, ...sent })).json();
}

export const post = (path, body, headers) => send("POST", path, body, headers);

// Shows how far a job has come in the bar of that name; the button beside it cancels the job.
export const progress = (key) => ({ id, state, share, message, gap }) => {
  part(key).hidden = state === "done" || state === "failed";
  part(key).querySelector("progress").value = share;
  const open = gap === null ? "" : ` · ${word("gap", { share: finePercent(gap) })}`;
  part(`${key}-says`).textContent = word(message) + open;
  part(`${key}-cancel`).onclick = () => send("DELETE", `/jobs/${id}`).catch(complain);
};

// Waits for what comes of long work; `tell` hears of the job as it goes on.
export async function follow(job, tell) {
  for (;;) {
    tell(job);
    if (job.state === "done") return job.result;
    if (job.state === "failed") throw failure(job.problem);
    await new Promise((wake) => setTimeout(wake, PAUSE));
    job = await read(`/jobs/${job.id}`);
  }
}

// Starts long work and waits for what comes of it.
export const work = async (path, body, headers, tell) => follow(await post(path, body, headers), tell);

export async function download(path, name, options = {}) {
  say("");
  try {
    const link = made("a");
    link.href = URL.createObjectURL(await (await ask(path, options)).blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    complain(error);
  }
}

// Runs what a click asked for, reads everything again, and tells how it went once the page shows it.
export async function act(task, done) {
  say("");
  let tell = () => { if (done) say(done); };
  try {
    await task();
  } catch (error) {
    tell = () => complain(error);
  }
  if (!mayRead() || await open()) tell();
}

// Whether the tab has a token, or its reader has signed in as staff.
const mayRead = () => Boolean(sessionStorage.getItem(KEY)) || signedIn;

export function leave() {
  sessionStorage.removeItem(KEY);
  signedIn = false;
  part("desk").hidden = true;
  part("enter").hidden = false;
}

// Shows the desk as it is now; false, and told why, when it could not be read.
async function open() {
  try {
    await show();
  } catch (error) {
    complain(error);
    return false;
  }
  part("enter").hidden = true;
  part("desk").hidden = false;
  return true;
}

// Opens the desk as soon as there is a token; `reading` reads what it shows and puts it there.
export function start(reading) {
  show = reading;
  part("enter").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, part("token").value.trim());
    part("token").value = "";
    say("");
    open();
  });
  part("close").addEventListener("click", () => say(""));
  part("reload").addEventListener("click", () => act(async () => {}));
  part("leave").addEventListener("click", () => { say(""); leave(); });
  if (mayRead()) open();
}

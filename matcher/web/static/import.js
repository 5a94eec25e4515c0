// Imports: a file is read, its columns put right, every change shown; then it is saved, or taken back.
import { address, meant, showColumns } from "./mapping.js";
import "./names.js";
import { act, complain, copy, made, part, post, read, say, start, word } from "./staff.js";

const MOST = 200;
let checked = [];  // what the columns were said to mean when the changes were shown
const title = (field) => document.querySelector(`[data-column="${CSS.escape(field)}"]`)?.textContent ?? field;
const shown = (value) => (Array.isArray(value) ? value.join("; ") : String(value ?? "")) || word("empty");

async function show() {
  const { imports } = await read("/imports");
  part("count").textContent = word("count", { count: imports.length });
  part("none").hidden = imports.length > 0;
  part("imports").replaceChildren(...imports.map(past));
}

function past(one) {
  const item = copy("past");
  const find = (selector) => item.querySelector(selector);
  const when = new Date(one.at).toLocaleString(document.documentElement.lang);
  find("b").textContent = one.action === "join" ? word("join", { detail: one.detail }) : one.detail;
  find("p").textContent = word("when", { when, who: one.who });
  find(".undo").hidden = Boolean(one.undone);
  find(".done").hidden = !one.undone;
  find(".undo").addEventListener("click", () => {
    if (confirm(word("sure undo"))) takeBack(one.id);
  });
  find(".show").addEventListener("click", async () => {
    const list = find(".details");
    list.hidden = !list.hidden;
    if (list.hidden || list.children.length) return;
    try {
      list.replaceChildren(...cut((await read(`/imports/${one.id}`)).changes, change));
    } catch (error) {
      complain(error);
    }
  });
  return item;
}

async function takeBack(id) {
  let told = "";
  await act(async () => {
    const { restored, removed, left } = await post(`/imports/${id}/undo`, {});
    told = word("undone", { restored: restored.length, removed: removed.length, left: left.length });
  });
  if (told) say(told);
}

// The first elements, and how many more there are.
function cut(list, element) {
  const rest = list.length - MOST;
  const first = list.slice(0, MOST).map(element);
  return rest > 0 ? [...first, made("li", word("more", { count: rest }))] : first;
}

function change(one) {
  const item = copy("change");
  item.querySelector("h3").textContent = one.name;
  item.querySelector("dl").append(...one.fields.flatMap(({ field, before, after, empties }) => {
    const value = made("dd", "", empties ? "empties" : "");
    if (one.action !== "added") value.append(made("del", shown(before)), " → ");
    value.append(made("ins", shown(after)));
    return [made("dt", title(field)), value];
  }));
  return item;
}

const addressed = (path, mapping) => address(path, mapping) + (part("replace").checked ? "&replace=true" : "");

function body() {
  const form = new FormData();
  form.set("file", part("file").files[0]);
  return form;
}

const told = ({ where, field, message }) => made("li", [[where, field].filter(Boolean).join(", "), message].join(": "));

function list(id, items, element) {
  part(id).hidden = items.length === 0;
  part(id).querySelector("ul").replaceChildren(...cut(items, element));
  const number = part(id).querySelector(".number");
  if (number) number.textContent = items.length;
}

function report(answer) {
  const of = (action) => answer.changes.filter((one) => one.action === action);
  const [added, changed] = [of("added"), of("changed")];
  const counts = { added: added.length, changed: changed.length, unchanged: of("unchanged").length };
  part("summary").textContent = word("summary", { good: answer.profiles.length, rows: answer.rows, ...counts });
  list("bad", answer.problems, told);
  list("remarks", answer.warnings, told);
  list("changed", changed, change);
  list("added", added, (one) => made("li", `${one.name} (${one.id})`));
  part("import").hidden = added.length + changed.length === 0;
  part("import").disabled = false;
  part("result").hidden = false;
  part("summary").focus();
}

async function check(mapping) {
  say("");
  checked = mapping;
  part("result").hidden = true;
  try {
    const answer = await post(addressed("/profiles:check", mapping), body());
    showColumns(answer.headings, mapping);
    report(answer);
  } catch (error) {
    showColumns(error.headings ?? [], mapping);
    complain(error);
  }
}

async function save() {
  let done = "";
  await act(async () => {
    const { added, changed } = await post(addressed("/profiles:import", checked), body());
    done = word("imported", { added, changed });
    part("file-form").reset();
    part("columns").hidden = part("result").hidden = true;
  });
  if (done) say(done);
}

part("file-form").addEventListener("submit", (event) => {
  event.preventDefault();
  check([]);
});
// What was shown holds for the file and the columns as they were then.
for (const id of ["file-form", "columns"]) {
  part(id).addEventListener("change", () => { part("import").disabled = true; });
}
part("again").addEventListener("click", () => check(meant()));
part("import").addEventListener("click", save);
part("join").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  act(async () => {
    await post("/clusters:join", Object.fromEntries(new FormData(form)));
    form.reset();
  }, word("joined"));
});
start(show);

// Steps of introductions: the fields of one, and the same step for many that are selected.
import { act, complain, made, part, post, say, word } from "./staff.js";

const bulk = part("bulk");
const choices = [...bulk.elements.to.options];
let picked = new Map();

// Shows of the fields of a step those that belong to it.
function fit({ currentTarget: select }) {
  for (const field of select.form.querySelectorAll("[data-for]")) {
    field.hidden = field.dataset.for !== select.value;
  }
}

// Offers these steps alone.
export function offer(form, steps) {
  const select = form.elements.to;
  const before = select.value;
  const found = steps.map((step) => choices.find((one) => one.value === step)).filter(Boolean);
  select.replaceChildren(...found.map((one) => one.cloneNode(true)));
  if (steps.includes(before)) select.value = before;
  select.onchange = fit;
  fit({ currentTarget: select });
}

export function stepOf({ elements: { to, role, reason, answer, outcome } }) {
  const step = { to: to.value, role: role.value, reason: reason.value };
  if (to.value === "declined") step.answer = answer.value;
  if (to.value === "outcome") step.outcome = outcome.value;
  return step;
}

// Lets an introduction be selected by the box in a label.
export function pickable(label, one) {
  const box = label.querySelector("input");
  label.hidden = one.legal_moves.length === 0;
  label.querySelector("span").textContent = word("pick", { pair: `${one.name_a} × ${one.name_b}` });
  box.checked = picked.has(one.id);
  box.addEventListener("change", () => {
    if (box.checked) picked.set(one.id, one);
    else picked.delete(one.id);
    tell();
  });
}

// Keeps of the selection what is still there, as it is now.
export function repick(all) {
  picked = new Map(all.filter((one) => picked.has(one.id) && one.legal_moves.length).map((one) => [one.id, one]));
  tell();
}

function tell() {
  const found = [...picked.values()];
  bulk.hidden = found.length === 0;
  part("picked").textContent = word("picked", { count: found.length });
  offer(bulk, (found[0]?.legal_moves ?? []).filter((step) => found.every((one) => one.legal_moves.includes(step))));
}

const DONE = { move: "moved", send: "written", undo: "taken back" };

// Does the same with many, tells of how many it was true, and offers to take a step back at once.
export async function together(what, many, more = {}, then = () => {}) {
  const introductions = many.map(({ id, version }) => ({ id, version }));
  let answer;
  await act(async () => {
    answer = await post(`/introductions:${what}`, { ...more, introductions });
    then();
  });
  if (!answer) return;
  const { moved, refused, withdrawn, gone } = answer;
  const lines = refused.map(({ where, message }) => made("li", `${where}: ${message}`));
  const parts = [word(DONE[what], { count: moved.length })];
  if (withdrawn) parts.push(word("withdrawn", { count: withdrawn }));
  if (gone) parts.push(word("gone", { count: gone }));
  if (refused.length) parts.push(word("not moved", { count: refused.length }));
  say(parts.join(" "), lines);
  if (what === "move" && moved.length) {
    const button = made("button", word("undo"), "plain");
    const done = introductions.filter(({ id }) => moved.includes(id));
    button.addEventListener("click", () => together("undo", done.map(({ id, version }) => ({ id, version: version + 1 }))));
    part("said").append(button);
  }
}

// What is selected stays so where the service did not answer.
const withPicked = (what, more) => together(what, [...picked.values()], more, () => {
  picked.clear();
  bulk.reset();
  tell();
});

const boxes = (stage) => [...stage.querySelectorAll(".pick input")].filter((box) => !box.closest(".pick").hidden);

for (const button of document.querySelectorAll(".pick-all")) {
  button.addEventListener("click", () => {
    for (const box of boxes(button.closest(".stage"))) if (!box.checked) box.click();
  });
}
part("none-picked").addEventListener("click", () => {
  for (const box of boxes(document)) if (box.checked) box.click();
  picked.clear();
  tell();
});
bulk.addEventListener("submit", (event) => {
  event.preventDefault();
  withPicked("move", stepOf(bulk)).catch(complain);
});
part("send-picked").addEventListener("click", () => {
  withPicked("send", { language: part("language").value }).catch(complain);
});

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
  select.replaceChildren(...choices.map((one) => one.cloneNode(true)).filter((one) => steps.includes(one.value)));
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
  offer(bulk, choices.map((one) => one.value).filter((step) => found.every((one) => one.legal_moves.includes(step))));
}

async function record() {
  const introductions = [...picked.values()].map(({ id, version }) => ({ id, version }));
  let answer;
  await act(async () => {
    answer = await post("/introductions:move", { ...stepOf(bulk), introductions });
    picked.clear();
  });
  if (!answer) return;
  bulk.reset();
  const { moved, refused } = answer;
  const lines = refused.map(({ where, message }) => made("li", `${where}: ${message}`));
  const parts = [word("moved", { count: moved.length })];
  if (refused.length) parts.push(word("not moved", { count: refused.length }));
  say(parts.join(" "), lines);
}

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
  record().catch(complain);
});

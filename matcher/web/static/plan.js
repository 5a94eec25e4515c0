// A programme of introductions: what is wished, the plan, and what is made of its pairs.
import { fill, finePercent, number, percent, time } from "./figures.js";
import { offerEvents } from "./plan_who.js";
import { ROOT, complain, copy, download, made, part, progress, read, say, start, word, work } from "./staff.js";

const SHOWN = 40;
const LANGUAGE = `?language=${document.documentElement.lang}`;
const FIGURES = {
  one: (value) => number(value, 1), two: (value) => number(value, 2), whole: (value) => number(value), share: percent,
};
const wishes = part("wishes");
const pins = { fixed: new Map(), never: new Map() };
let plan = null;

// What is wished.

for (const side of document.querySelectorAll(".side-wishes")) {
  const tree = side.querySelector(".tree");
  const boxes = [...tree.querySelectorAll("input[type=checkbox]")];
  side.addEventListener("change", (event) => {
    if (event.target.type === "radio") tree.hidden = event.target.value === "all";
    count(side, boxes);
  });
  for (const button of tree.querySelectorAll(".every")) {
    button.addEventListener("click", () => {
      const own = [...button.parentElement.querySelectorAll("label:not([hidden]) input")];
      const all = own.every((box) => box.checked);
      for (const box of own) box.checked = !all;
      count(side, boxes);
    });
  }
  tree.querySelector(".narrow-list").addEventListener("input", (event) => narrow(tree, event.target.value));
}

function count(side, boxes) {
  const chosen = boxes.filter((box) => box.checked).length;
  side.querySelector(".chosen").textContent = chosen ? word("some", { count: chosen }) : "";
  for (const country of side.querySelectorAll(".countries details")) {
    const here = country.querySelectorAll("input:checked").length;
    const mark = country.querySelector("summary span");
    mark.textContent = here;
    mark.hidden = here === 0;
  }
}

function narrow(tree, text) {
  const wanted = text.trim().toLocaleLowerCase();
  for (const country of tree.querySelectorAll("details")) {
    const labels = [...country.querySelectorAll("label")];
    for (const label of labels) label.hidden = !label.textContent.toLocaleLowerCase().includes(wanted);
    country.hidden = labels.every((label) => label.hidden);
    country.open = wanted !== "" && !country.hidden;
  }
}

function side(name) {
  const all = wishes.elements[`${name}-who`].value === "all";
  const ids = [...wishes.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value);
  if (!all && ids.length === 0) throw new Error(word("nobody"));
  return {
    [name]: all ? [] : ids,
    [`${name.slice(0, -1)}_limits`]: {
      at_least: Number(wishes.elements[`${name}-least`].value),
      at_most: Number(wishes.elements[`${name}-most`].value),
    },
  };
}

function wished() {
  return {
    ...side("askers"),
    ...side("targets"),
    objective: wishes.elements.objective.value,
    total: Number(wishes.elements.total.value) || null,
    least_value: Number(wishes.elements["least-value"].value) / 100,
    intent: wishes.elements.intent.value || null,
    allow_known: wishes.elements.allow_known.checked,
    fixed: [...pins.fixed.values()].map(({ a, b }) => [a.id, b.id]),
    never: [...pins.never.values()].map(({ a, b }) => [a.id, b.id]),
  };
}

wishes.addEventListener("submit", (event) => {
  event.preventDefault();
  busy(wishes, async () => {
    const made = await work(`/introductions:plan${LANGUAGE}`, wished(), {}, progress("planning"));
    present(made);
    part("summary").focus();
    await earlier();
  });
});

// Does long work of a form that must not be sent twice meanwhile.
async function busy(form, task) {
  const button = form.querySelector("button:not([type=button])");
  say("");
  button.disabled = true;
  try {
    await task();
  } catch (error) {
    complain(error);
  } finally {
    button.disabled = false;
    for (const bar of ["planning", "drafting", "asking"]) part(bar).hidden = true;
  }
}

// The plan.

function present(found) {
  // Plans of earlier versions tell of no pairs below.
  const below = found.below ?? [];
  plan = { ...found, chosen: new Set(found.introductions.map(key)), listed: [...found.introductions, ...below], below };
  part("result").hidden = false;
  const { spread, naive, gap } = plan;
  part("summary").textContent = word("summary", {
    count: number(spread.introductions), value: number(plan.total_value, 1),
  });
  part("proof").textContent = word(plan.method, { gap: finePercent(gap) });
  tellBelow();
  part("too-few").replaceChildren(...plan.too_few.map(({ cluster, ...rest }) =>
    made("li", word("too few", { name: cluster.name, ...rest }))));
  for (const row of document.querySelectorAll("[data-figure]")) {
    const [ours, theirs] = row.querySelectorAll("td");
    ours.textContent = FIGURES[row.dataset.kind](spread[row.dataset.figure]);
    theirs.textContent = FIGURES[row.dataset.kind](naive[row.dataset.figure]);
  }
  const most = Math.max(1, ...[spread, naive].flatMap((one) => one.most_asked.map(({ times }) => times)));
  asked(part("most-plan"), spread.most_asked, most);
  asked(part("most-naive"), naive.most_asked, most);
  leftOut();
  list(SHOWN);
  offer();
  part("drafts").hidden = true;
  part("because").replaceChildren();
}

// The truth about pairs that are worth less than was asked for.
function tellBelow() {
  const { request: { total }, introductions, below } = plan;
  const said = [];
  if (total && introductions.length < total) said.push(word("short", { total, count: introductions.length }));
  if (below.length) said.push(word("below", { count: below.length, best: percent(below[0].value) }));
  part("below-says").textContent = said.join(" ");
  part("below-says").hidden = below.length === 0;
}

const name = ({ a, b }) => `${a.name} × ${b.name}`;

// What a pair is told from others by: two clusters may go by one name.
const key = ({ a, b }) => `${a.id} ${b.id}`;

function asked(place, clusters, most) {
  place.replaceChildren(...clusters.slice(0, 6).map(({ cluster, times }) => {
    const item = copy("asked");
    item.querySelector("span").textContent = cluster.name;
    item.querySelector("b").textContent = times;
    fill(item.querySelector(".you"), times / most);
    return item;
  }));
}

function leftOut() {
  part("nobody-left").hidden = plan.left_out.length > 0;
  for (const box of document.querySelectorAll("#left-out details")) {
    const here = plan.left_out.filter((one) => one.side === box.dataset.side);
    box.hidden = here.length === 0;
    box.querySelector("small").textContent = here.length;
    box.querySelector("dl").replaceChildren(...here.flatMap(({ cluster, reason }) =>
      [made("dt", cluster.name), made("dd", reason)]));
  }
}

function list(most) {
  const shown = plan.listed.slice(0, most);
  part("pairs").replaceChildren(...shown.map(line));
  part("more").hidden = plan.listed.length <= most;
  told();
}

function line(pair) {
  const item = copy("pair");
  const find = (selector) => item.querySelector(selector);
  const box = find("input");
  find(".pair-name").append(
    made("b", pair.a.name), " × ", made("b", pair.b.name), " ", made("small", word("value", { value: percent(pair.value) })),
    ...(plan.below.includes(pair) ? [" ", made("small", word("lower"), "mark not_met")] : []),
  );
  const [forA, forB] = item.querySelectorAll(".gauge b");
  forA.textContent = percent(pair.fit_for_a);
  forB.textContent = percent(pair.fit_for_b);
  const [mine, theirs] = ["you", "them"].map((side) => find(`.${side}`));
  mine.setAttribute("x", 99.5 * (1 - pair.fit_for_a));
  mine.setAttribute("width", 99.5 * pair.fit_for_a);
  theirs.setAttribute("width", 99.5 * pair.fit_for_b);
  find("a").href = `${ROOT}pairs/${pair.a.id}/${pair.b.id}`;
  box.checked = plan.chosen.has(key(pair));
  box.addEventListener("change", () => {
    plan.chosen[box.checked ? "add" : "delete"](key(pair));
    told();
  });
  for (const button of item.querySelectorAll(".pin")) {
    button.setAttribute("aria-pressed", String(pins[button.dataset.pin].has(key(pair))));
    button.addEventListener("click", () => pin(button.dataset.pin, pair));
  }
  return item;
}

// Keeps or leaves out a pair when it is planned again.
function pin(kind, pair) {
  const had = pins[kind].has(key(pair));
  for (const each of Object.values(pins)) each.delete(key(pair));
  if (!had) pins[kind].set(key(pair), pair);
  pinned();
}

function pinned() {
  part("pins").replaceChildren(...Object.entries(pins).flatMap(([kind, pairs]) => [...pairs.values()].map((pair) => {
    const item = made("li", word(kind, { pair: name(pair) }), kind);
    const button = made("button", word("lift"), "plain");
    button.type = "button";
    button.addEventListener("click", () => pin(kind, pair));
    item.append(" ", button);
    return item;
  })));
  part("pins").hidden = part("pins").children.length === 0;
  if (plan) list(part("pairs").children.length);
}

// What is made of the chosen pairs.

const chosen = () => plan.listed.filter((pair) => plan.chosen.has(key(pair)));

function told() {
  const most = Number(part("most-briefs").value);
  const count = chosen().length;
  part("chosen").textContent = word("chosen", { count, all: plan.listed.length });
  part("briefs-hint").textContent = word("most", { count: most });
  part("briefs-hint").hidden = count <= most;
  part("make-briefs").querySelector("button").disabled = count === 0 || count > most;
  part("make-drafts").querySelector("button").disabled = count === 0;
}

function choose(pairs) {
  plan.chosen = new Set(pairs.map(key));
  list(part("pairs").children.length);
}

part("choose-all").addEventListener("click", () => choose(plan.introductions));
part("choose-none").addEventListener("click", () => choose([]));
part("more").addEventListener("click", () => list(plan.listed.length));

const ids = () => chosen().map(({ a, b }) => [a.id, b.id]);

part("make-drafts").addEventListener("submit", (event) => {
  event.preventDefault();
  const purpose = part("purpose").value.trim() || null;
  busy(event.target, async () => {
    const body = { pairs: ids(), purpose, intent: plan.request.intent };
    const found = await work(`/introductions:draft${LANGUAGE}`, body, {}, progress("drafting"));
    const names = new Map(plan.listed.map((pair) => [key(pair), name(pair)]));
    const [head, left] = part("drafts").children;
    const link = made("a", word("see"));
    link.href = document.querySelector(".desk-nav a").href;
    head.replaceChildren(word("drafted", { count: found.drafted.length }), " ", link);
    left.replaceChildren(...found.left_out.map(({ a, b, reason }) =>
      made("li", word(reason, { pair: names.get(`${a} ${b}`) }))));
    part("drafts").hidden = false;
  });
});

part("make-briefs").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = { pairs: ids(), intent: plan.request.intent };
  busy(event.target, () => download(`/introductions:briefs?language=${part("language").value}`, "briefs.zip", {
    method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
  }));
});

// Why a pair is not in the plan.

// Ids by what the two fields offer: a name, and the id beside it where several have that name.
const offered = {};

function offer() {
  for (const [field, which] of [["a", "askers"], ["b", "targets"]]) {
    const wanted = new Set(plan.request[which]);
    const boxes = [...wishes.querySelectorAll(`input[name=${which}]`)]
      .filter((box) => wanted.size === 0 || wanted.has(box.value));
    const names = boxes.map((box) => box.nextElementSibling.textContent);
    const several = new Set(names.filter((one, place) => names.indexOf(one) < place));
    offered[field] = new Map(boxes.map(({ value }, place) =>
      [several.has(names[place]) ? `${names[place]} (${value})` : names[place], value]));
    part(`why-${field}-names`).replaceChildren(...[...offered[field].keys()].map((text) => new Option("", text)));
  }
}

part("why").addEventListener("submit", (event) => {
  event.preventDefault();
  const { elements } = event.target;
  const who = (field) => offered[field].get(elements[field].value) ?? elements[field].value;
  busy(event.target, async () => {
    part("because").replaceChildren();
    const body = { programme: plan.request, a: who("a"), b: who("b") };
    const { sentences } = await work(`/introductions:why-not${LANGUAGE}`, body, {}, progress("asking"));
    part("because").replaceChildren(...sentences.map((text) => made("li", text)));
  });
});

// Plans that were made before.

async function earlier() {
  const { jobs } = await read("/jobs");
  const plans = jobs.filter(({ action, state }) => action === "plan programme" && state === "done");
  part("earlier").hidden = plans.length === 0;
  part("earlier").querySelector("ul").replaceChildren(...plans.map(past));
}

function past({ id, begun, detail }) {
  // An earlier version may have planned by an objective that is no longer offered.
  const title = wishes.querySelector(`[name=objective][value="${CSS.escape(detail)}"] + span b`);
  const objective = title?.textContent ?? detail;
  const button = made("button", word("earlier", { time: time(begun), objective }), "plain");
  button.type = "button";
  button.addEventListener("click", async () => {
    try {
      present((await read(`/jobs/${id}`)).result);
      part("summary").focus();
    } catch (error) {
      complain(error);
    }
  });
  const item = made("li");
  item.append(button);
  return item;
}

start(() => Promise.all([earlier(), offerEvents()]));

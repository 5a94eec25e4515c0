// The schedule of an event: made with visible progress, looked at, changed and frozen.
import { id, isWhole, now, pairName, path } from "./event_state.js";
import { finePercent, number } from "./figures.js";
import { act, complain, follow, made, part, progress, read, say, seen, word, work } from "./staff.js";
import { byPerson, byPlace, mark, when } from "./timetable.js";

const tell = progress("progress");
let busy = false;

export function show() {
  const { schedule: plan, misfits } = now;
  const whole = isWhole();
  part("planned").hidden = !whole;
  part("misfits").hidden = misfits.length === 0;
  part("misfits").querySelector("ul").replaceChildren(...misfits.map(({ where, message }) => made("li", `${where}: ${message}`)));
  part("freeze").hidden = !whole || misfits.length > 0 || plan.state === "frozen";
  part("unfreeze").hidden = plan?.state !== "frozen" && !plan?.settled;
  const { keep } = part("run").elements;
  if (plan?.state === "frozen" || misfits.length) keep.checked = true;
  keep.closest("label").hidden = !plan;
  if (whole) {
    figures(plan);
    table();
    missed(plan);
  }
  return resume();
}

function figures({ figures: found, loads }) {
  const wanted = loads.filter((load) => load.minimum > 0).length;
  const short = loads.filter((load) => load.meetings < load.minimum).length;
  const told = {
    meetings: [found.meetings, word(found.method)],
    minimum: [
      word("of", { reached: wanted - short, wanted }),
      found.lacking ? word("lacking", { count: found.lacking }) : word("served"),
    ],
    musts: [word("of", { reached: found.musts, wanted: found.musts_wanted }), word("at most", { bound: found.musts_bound })],
    value: [number(found.value, 2), word("at most", { bound: number(found.value_bound, 2) })],
    gap: [finePercent(now.gap), now.optimal ? word("proven") : ""],
    idle: [found.idle_gaps, ""],
    changes: [found.table_changes, ""],
  };
  for (const [key, [value, bound]] of Object.entries(told)) {
    document.querySelector(`[data-figure=${key}]`).textContent = value;
    document.querySelector(`[data-bound=${key}]`).textContent = bound;
  }
}

function table() {
  part("timetable").replaceChildren(part("view").value === "people" ? byPerson() : byPlace());
  mark(part("timetable"), part("mark").value);
}

// The API gives its reasons in English; other readers get them in their own words.
const reason = ({ code, reason: text }) => (
  document.documentElement.lang === "en" ? text : word(`why ${code}`));

function missed({ missed: pairs }) {
  part("missed-count").textContent = pairs.length;
  part("missed").replaceChildren(...pairs.map((one) => made(
    "li", `${pairName(one)}${one.must ? ` (${word("a must")})` : ""}: ${reason(one)}`)));
}

export async function plan(body) {
  busy = true;
  try {
    await work(`${path}/schedule`, body, seen(now.version), tell);
  } finally {
    busy = false;
  }
}

// Goes on watching a job that was begun before the page was read again, or by a colleague.
async function resume() {
  if (busy) return;
  const { jobs } = await read("/jobs");
  const open = jobs.find((job) => job.action === "schedule event" && job.detail === id && ["waiting", "running"].includes(job.state));
  if (!open) return;
  busy = true;
  act(() => follow(open, tell).finally(() => { busy = false; }));
}

function run({ seconds, keep, refill }) {
  const wish = { seconds: Number(seconds.value), keep: keep.checked, refill: refill.checked };
  act(() => plan(wish), word("scheduled"));
}

function freeze() {
  if (confirm(word("sure freeze"))) act(() => plan({ freeze: true }), word("is frozen"));
}

function unfreeze() {
  act(() => plan({ unfreeze: true }), word("is unfrozen"));
}

// Tells which meetings were withdrawn, which moved, which are new.
export function compare(what, before) {
  const key = ({ a, b }) => `${a} ${b}`;
  const old = new Map(before.map((one) => [key(one), one]));
  const held = new Map(now.schedule.meetings.map((one) => [key(one), one]));
  const gone = before.filter((one) => !held.has(key(one)));
  const fresh = now.schedule.meetings.filter((one) => !old.has(key(one)));
  const both = now.schedule.meetings.filter((one) => old.has(key(one)));
  const moved = both.filter((one) => when(one) !== when(old.get(key(one))));
  const list = made("ul", "", "points");
  list.append(
    ...gone.map((one) => made("li", `− ${pairName(one)}: ${when(one)}`)),
    ...moved.map((one) => made("li", word("from to", { pair: pairName(one), before: when(old.get(key(one))), after: when(one) }))),
    ...fresh.map((one) => made("li", `+ ${pairName(one)}: ${when(one)}`)),
  );
  part("changes").replaceChildren(made("p", what), made("p", word("withdrawn and moved", {
    gone: gone.length, moved: moved.length, fresh: fresh.length, kept: both.length - moved.length,
  })), list);
  part("changes").hidden = false;
}

async function whyNot({ a, b }) {
  say("");
  part("because").hidden = true;
  try {
    const found = await read(`${path}/why-not?${new URLSearchParams({ a: a.value, b: b.value })}`);
    part("because").textContent = found.meeting ? word("they meet", { when: when(found.meeting) }) : reason(found);
    part("because").hidden = false;
  } catch (error) {
    complain(error);
  }
}

export function listen() {
  part("run").addEventListener("submit", (event) => { event.preventDefault(); run(event.target.elements); });
  part("freeze").addEventListener("click", freeze);
  part("unfreeze").addEventListener("click", unfreeze);
  part("view").addEventListener("change", table);
  part("mark").addEventListener("change", () => mark(part("timetable"), part("mark").value));
  part("why").addEventListener("submit", (event) => { event.preventDefault(); whyNot(event.target.elements); });
}

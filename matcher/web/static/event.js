// One event: reads it, and lets each part of the page show its share.
import * as after from "./event_after.js";
import * as agendas from "./event_agendas.js";
import * as day from "./event_day.js";
import * as grid from "./event_grid.js";
import * as intake from "./event_intake.js";
import * as people from "./event_people.js";
import * as schedule from "./event_schedule.js";
import { fillChoices, load, now } from "./event_state.js";
import { part, start, word } from "./staff.js";

const parts = [people, intake, grid, schedule, day, agendas, after];

async function show() {
  try {
    await load();
  } catch (error) {
    if (error.type !== "/problems/not-found") throw error;
    part("event").hidden = true;
    part("gone").hidden = false;
    return;
  }
  part("heading").textContent = now.event.title;
  document.title = `${now.event.title} – Cluster Matcher`;
  const state = now.schedule?.state ?? "none";
  part("state").textContent = word(state);
  part("state").className = state === "frozen" ? "mark met" : "mark";
  part("line").textContent = word("line", {
    people: now.event.participants.length,
    slots: now.event.slots.length,
    places: now.event.places.length,
    zone: now.event.zone,
  });
  fillChoices();
  for (const one of parts) await one.show();
}

for (const one of parts) one.listen();
start(show);

// Letters: reads the outbox from the API, sends again, notes what came back.
import { act, copy, part, post, read, start, word } from "./staff.js";

const AGAIN = ["filed", "uncertain", "failed", "bounced"];
const BACK = ["sent", "filed", "uncertain"];

async function show() {
  const state = part("state").value;
  const { letters, counts } = await read(`/outbox${state ? `?state=${state}` : ""}`);
  part("count").textContent = word("count", { count: Object.values(counts).reduce((sum, one) => sum + one, 0) });
  part("none").hidden = letters.length > 0;
  part("letters").replaceChildren(...letters.map(card));
}

function card(one) {
  const item = copy("letter");
  const find = (selector) => item.querySelector(selector);
  const title = [...part("state").options].find((option) => option.value === one.state)?.text;
  find(".mark").textContent = title ?? one.state;
  find(".mark").classList.add(["uncertain", "failed", "bounced"].includes(one.state) ? "not_met" : "met");
  find("h2").textContent = one.subject;
  const day = new Date(one.noted).toLocaleString(document.documentElement.lang);
  find(".to").textContent = word("to", { address: one.recipient, day, tries: one.tries });
  find(".problem").textContent = one.problem;
  find(".problem").hidden = !one.problem;
  find(".body").hidden = !one.text;
  find("pre").textContent = one.text;
  find(".again").hidden = !one.text || !AGAIN.includes(one.state);
  find(".again").addEventListener("click", () => act(() => post(`/outbox/${one.id}/again`, {}), word("again")));
  find(".back").hidden = !BACK.includes(one.state);
  find(".back").addEventListener("click", () => act(() => post(`/outbox/${one.id}/bounce`, {}), word("bounced")));
  return item;
}

part("state").addEventListener("change", () => act(async () => {}));
part("report").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  act(async () => {
    await post("/outbox:bounces", new FormData(form));
    form.reset();
  }, word("bounced"));
});
start(show);

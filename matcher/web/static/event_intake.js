// Participants from a file: its columns put right, its bad rows named; who is in the data, who is not.
import { id, now, path } from "./event_state.js";
import { address, meant, showColumns } from "./mapping.js";
import { act, complain, made, part, post, read, say, seen, word } from "./staff.js";

let judged = 0;  // the version whose participants are judged

export function show() {
  const told = sessionStorage.getItem(`told-${id}`);
  if (told) tell(JSON.parse(told));
  if (judged !== now.version) judge(now.version);
}

// What came of a file: `problems` of its rows, or the `message` why it was refused as a whole.
function tell({ problems, headings, message = "" }) {
  sessionStorage.removeItem(`told-${id}`);
  showColumns(headings, []);
  const box = part("problems");
  box.classList.toggle("error", Boolean(message || problems.length));
  part("problems-say").textContent = message || (problems.length
    ? word("bad rows", { count: new Set(problems.map(({ where }) => where)).size })
    : word("all rows good"));
  box.querySelector(".scroll").hidden = problems.length === 0;
  box.querySelector("tbody").replaceChildren(...problems.map(({ where, field, message: wrong }) => {
    const line = made("tr");
    line.append(made("td", where), made("td", field ?? ""), made("td", wrong));
    return line;
  }));
  box.hidden = false;
}

async function take(mapping) {
  part("problems").hidden = true;
  try {
    const answer = await post(address(`${path}/tables`, mapping), new FormData(part("import")), seen(now.version));
    tell(answer);
    showColumns(answer.headings, mapping);
  } catch (error) {
    showColumns(error.headings ?? [], mapping);
    throw error;
  }
}

// Tells who is not in the data, and who would meet nobody; the page need not wait for it.
async function judge(version) {
  judged = version;
  try {
    const { participants } = await read(`${path}/matches`);
    if (version !== now.version) return;
    const strangers = participants.filter((one) => !one.listed);
    part("strangers").hidden = strangers.length === 0;
    part("strangers-say").textContent = word("strangers", { count: strangers.length });
    part("strangers").querySelector("ul").replaceChildren(...strangers.map(stranger));
    const alone = participants.filter((one) => one.alone);
    part("alone").hidden = alone.length === 0;
    part("alone").querySelector("span").textContent = alone.map((one) => one.name).join("; ");
  } catch (error) {
    complain(error);
  }
}

function stranger(one) {
  const item = made("li");
  const known = word(one.described ? "matches" : "nothing known", { count: one.matches });
  item.append(made("b", one.name), ` ${[one.country, known].filter(Boolean).join(" · ")} `);
  for (const near of one.candidates) {
    const button = made("button", word("it is", near), "plain");
    button.addEventListener("click", () => join({ [one.id]: near.id }));
    item.append(button, " ");
  }
  return item;
}

const join = (clusters) => act(
  () => post(`${path}/identities`, { clusters }, seen(now.version)), word("joined"));

export function listen() {
  const read = (mapping) => {
    if (part("tables").files.length) return act(() => take(mapping), word("file read"));
    part("intake").open = true;
    part("tables").focus();
    return say(word("choose file"));
  };
  part("import").addEventListener("submit", (event) => {
    event.preventDefault();
    read([]);
  });
  part("again").addEventListener("click", () => read(meant()));
}

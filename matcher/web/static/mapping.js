// What the columns of a file were read as, and what the reader of the page says that they mean.
import { copy, part } from "./staff.js";

const selects = () => [...document.querySelectorAll(".mapping select")];

function row({ text, field, suggestion, example }) {
  const item = copy("heading-row");
  const select = item.querySelector("select");
  item.querySelector("b").textContent = text;
  item.querySelector(".hint").textContent = example;
  item.querySelector(".unseen").textContent = part("columns").dataset.means.replace("{heading}", text);
  select.value = field ?? suggestion ?? "";
  select.dataset.heading = text;
  select.dataset.read = field ?? "";
  item.classList.toggle("unread", !field && Boolean(select.value));
  return item;
}

// What has been said of columns, beyond what they were read as: entries such as Sector=ecosystems.
export const meant = () => selects()
  .filter((select) => select.value !== select.dataset.read || select.dataset.said)
  .map((select) => `${select.dataset.heading}=${select.value}`);

// Shows the headings of a file that was read with a mapping; open where one was left out.
export function showColumns(headings, mapping) {
  const said = new Set(mapping.map((entry) => entry.slice(0, entry.lastIndexOf("="))));
  part("columns").hidden = headings.length === 0;
  part("columns").open = headings.some((one) => !one.field && one.suggestion !== "" && !said.has(one.text));
  part("columns").querySelector(".number").textContent = headings.length;
  document.querySelector(".mapping").replaceChildren(...headings.map(row));
  for (const select of selects()) {
    if (said.has(select.dataset.heading)) {
      select.dataset.said = "yes";
      select.value = select.dataset.read;
    }
  }
}

export const address = (path, mapping) => `${path}?${new URLSearchParams(mapping.map((entry) => ["map", entry]))}`;

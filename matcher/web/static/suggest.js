// Suggestions as one types: a combobox by the WAI-ARIA pattern. Without it the form still works.
const field = document.querySelector("[data-suggest]");
const list = document.createElement("ul");
list.id = "suggestions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", field.dataset.label);
// A screen reader is told how many there are: that the list has opened, it does not say.
const told = document.createElement("span");
told.className = "unseen";
told.setAttribute("role", "status");
field.after(list, told);
for (const [name, value] of Object.entries({
  role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
})) field.setAttribute(name, value);

let active = -1;
let timer;
let asked = "";

function show(found) {
  active = -1;
  field.removeAttribute("aria-activedescendant");
  list.replaceChildren(...found.map(({ url, name, place }, at) => {
    const option = document.createElement("li");
    option.id = `suggestion-${at}`;
    option.dataset.url = url;
    option.dataset.name = name;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const where = document.createElement("span");
    where.textContent = place;
    option.append(name, " ", where);
    return option;
  }));
  list.hidden = found.length === 0;
  told.textContent = list.hidden ? "" : field.dataset.count.replace("{n}", found.length);
  field.setAttribute("aria-expanded", String(!list.hidden));
}

function move(step) {
  const options = [...list.children];
  options[active]?.setAttribute("aria-selected", "false");
  active = (active + step + options.length) % options.length;
  options[active].setAttribute("aria-selected", "true");
  options[active].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", options[active].id);
}

function open(option) {
  if (!("fill" in field.dataset)) return location.assign(option.dataset.url);
  field.value = option.dataset.name;
  show([]);
}

async function suggest() {
  const text = field.value.trim();
  asked = text;
  if (text.length < 2) return show([]);
  try {
    const answer = await fetch(`${field.dataset.suggest}${field.dataset.suggest.includes("?") ? "&" : "?"}q=${encodeURIComponent(text)}`);
    if (!answer.ok || asked !== text) return;
    const found = await answer.json();
    // Where a name is to be filled in, a trade is of no use.
    show("fill" in field.dataset ? found.filter((one) => one.id) : found);
  } catch {
    show([]);
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, 150);
});
field.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown" || (event.key === "ArrowUp" && active >= 0)) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    open(list.children[active]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    show([]);
  }
});
field.addEventListener("blur", () => show([]));
// Before blur, which would hide the list.
list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const option = event.target.closest("li");
  if (option) open(option);
});

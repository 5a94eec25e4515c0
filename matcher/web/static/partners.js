// Forms leave out what stands at its default, the shortlist is kept in
// this browser. Without it all forms and links still work; only the shortlist does not.
const KEY = "shortlist";

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return { for: typeof found?.for === "string" ? found.for : "", ids: Array.isArray(found?.ids) ? found.ids.filter((id) => typeof id === "string").slice(0, 100) : [] };
  } catch {
    return { for: "", ids: [] };
  }
}

function keep(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // A browser that stores nothing: the address still holds the list.
  }
}

if (matchMedia("(min-width: 52rem)").matches) {
  for (const fold of document.querySelectorAll("details[data-wide]")) fold.open = true;
}

for (const form of document.querySelectorAll("form.refine[method=get]")) {
  form.addEventListener("formdata", ({ formData }) => {
    const standard = (name, value) => value === "" || (name.startsWith("weight.") && Number(value) === 1)
      || (name === "diversity" && Number(value) === 0);
    for (const name of new Set(formData.keys())) {
      const values = formData.getAll(name).filter((value) => !standard(name, value));
      formData.delete(name);
      for (const value of values) formData.append(name, value);
    }
  });
}

for (const button of document.querySelectorAll("[data-keep]")) {
  const add = button.textContent;
  const show = () => {
    const pressed = kept().ids.includes(button.dataset.keep);
    button.setAttribute("aria-pressed", String(pressed));
    button.textContent = pressed ? `✓ ${button.dataset.kept}` : `+ ${add}`;
  };
  button.addEventListener("click", () => {
    const { ids } = kept();
    const others = ids.filter((id) => id !== button.dataset.keep);
    keep({ for: button.dataset.for, ids: others.length < ids.length ? others : [...ids, button.dataset.keep] });
    show();
  });
  show();
  button.hidden = false;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy || location.href);
    button.textContent = button.dataset.copied;
  });
  button.hidden = !navigator.clipboard;
  const fold = button.closest("[data-scripted]");
  if (fold) fold.hidden = !navigator.clipboard;
}

for (const note of document.querySelectorAll("[data-scriptless]")) note.hidden = true;

const page = document.querySelector("[data-shortlist]");
if (page) {
  const asked = new URLSearchParams(location.search);
  const list = kept();
  if (!asked.has("id") && list.ids.length) {
    const address = new URL(page.dataset.shortlist, location);
    for (const id of list.ids) address.searchParams.append("id", id);
    if (list.for) address.searchParams.set("for", list.for);
    location.replace(address);
  }
  const drop = (gone) => {
    const now = kept();
    keep({ ...now, ids: now.ids.filter((id) => !gone.includes(id)) });
  };
  const links = [...document.querySelectorAll("[data-drop]")];
  const shown = links.map((link) => link.dataset.drop);
  const unlisted = asked.getAll("id").filter((id) => !shown.includes(id));
  if (unlisted.length) drop(unlisted);
  if (asked.has("for") && !page.dataset.for) keep({ ...kept(), for: undefined });
  for (const link of links) link.addEventListener("click", () => drop([link.dataset.drop]));
}

// Suggests names of clusters in fields that have a list of their own.
const PAUSE = 150;

for (const field of document.querySelectorAll("input[data-names]")) {
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => suggest(field), PAUSE);
  });
}

async function suggest(field) {
  const text = field.value.trim();
  if (text.length < 2) return;
  const address = new URL(field.dataset.names, location);
  address.searchParams.set("q", text);
  const answer = await fetch(address);
  if (!answer.ok || field.value.trim() !== text) return;
  field.list.replaceChildren(...(await answer.json()).map(({ name, place }) => new Option(place, name)));
}

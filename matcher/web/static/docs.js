// Sends the forms of the API page and shows what comes back.
function request(form) {
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const { value, dataset } of form.querySelectorAll("[data-name]")) {
    if (dataset.in === "path") path = path.replace(`{${dataset.name}}`, encodeURIComponent(value));
    else if (value) query.append(dataset.name, value);
  }
  const options = { method: form.dataset.method };
  if (options.method === "POST") {
    options.headers = { "Content-Type": form.querySelector("[data-in=type]").value };
    options.body = form.querySelector("[data-in=file]")?.files[0]
      ?? form.querySelector("[data-in=body]")?.value ?? "";
  }
  return [query.size ? `${path}?${query}` : path, options];
}

async function send(form) {
  const shown = form.querySelector("pre");
  const [address, options] = request(form);
  shown.hidden = false;
  shown.textContent = `${options.method} ${address}\n…`;
  try {
    const started = performance.now();
    const answer = await fetch(address, options);
    const body = JSON.stringify(await answer.json(), null, 2);
    const took = Math.round(performance.now() - started);
    shown.textContent = `${options.method} ${address}\n${answer.status}, ${took} ms\n\n${body}`;
  } catch (error) {
    shown.textContent = `${options.method} ${address}\n${error}`;
  }
}

for (const form of document.querySelectorAll("form[data-path]")) {
  form.querySelector("button").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

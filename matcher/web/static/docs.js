// Sends the forms of the API page and shows what comes back.
function request(form) {
  const query = new URLSearchParams();
  const headers = {};
  let path = form.dataset.path;
  for (const { value, dataset } of form.querySelectorAll("[data-name]")) {
    if (dataset.in === "path") path = path.replace(`{${dataset.name}}`, encodeURIComponent(value));
    else if (value && dataset.in === "header") headers[dataset.name] = value;
    else if (value) query.append(dataset.name, value);
  }
  const token = form.querySelector("[data-in=token]")?.value;
  if (token) headers.Authorization = `Bearer ${token}`;
  const options = { method: form.dataset.method, headers };
  const uploads = [...form.querySelectorAll("[data-in=upload]")];
  if (uploads.length) {
    options.body = new FormData();
    for (const { files, dataset } of uploads) if (files[0]) options.body.append(dataset.field, files[0]);
  } else if (options.method === "POST" || options.method === "PUT") {
    headers["Content-Type"] = form.querySelector("[data-in=type]")?.value ?? "application/json";
    options.body = form.querySelector("[data-in=file]")?.files[0]
      ?? form.querySelector("[data-in=body]")?.value ?? "";
  }
  return [query.size ? `${path}?${query}` : path, options];
}

async function read(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  if (type.includes("json")) return JSON.stringify(await answer.json(), null, 2);
  if (type.startsWith("text/")) return answer.text();
  return `${(await answer.blob()).size} bytes of ${type}`;
}

async function send(form) {
  const shown = form.querySelector("pre");
  const [address, options] = request(form);
  shown.hidden = false;
  shown.textContent = `${options.method} ${address}\n…`;
  try {
    const started = performance.now();
    const answer = await fetch(address, options);
    const body = await read(answer);
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

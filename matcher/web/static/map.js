// Maps zoom by their view box: buttons, wheel with Ctrl, dragging. Without it they stand still.
for (const svg of document.querySelectorAll("svg[data-zoom]")) {
  const whole = { x: 0, y: 0, width: 5280, height: 4180 };
  const first = svg.viewBox.baseVal;
  const start = { x: first.x, y: first.y, width: first.width, height: first.height };
  const radius = Number(svg.dataset.radius);
  let box = { ...start };

  const show = (wanted) => {
    const width = Math.min(Math.max(wanted.width, 120), whole.width);
    const height = width * start.height / start.width;
    const within = (value, size, most) => Math.min(Math.max(value, 0), Math.max(most - size, 0));
    box = { x: within(wanted.x, width, whole.width), y: within(wanted.y, height, whole.height), width, height };
    svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
    // Markers keep their size on the screen.
    const r = radius * width / start.width;
    for (const circle of svg.querySelectorAll("a circle")) circle.setAttribute("r", r);
    for (const text of svg.querySelectorAll("a text")) {
      text.setAttribute("font-size", r * 1.05);
      text.setAttribute("y", Number(text.previousElementSibling.getAttribute("cy")) + r * 0.36);
    }
  };
  const zoom = (by, x = box.x + box.width / 2, y = box.y + box.height / 2) => show(by
    ? { x: x - (x - box.x) * by, y: y - (y - box.y) * by, width: box.width * by }
    : start);

  const buttons = svg.parentElement.querySelector(".zoom");
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const button = event.target.closest("[data-by]");
    if (button) zoom(Number(button.dataset.by));
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const edge = svg.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 0.8 : 1.25,
      box.x + (event.clientX - edge.left) / edge.width * box.width,
      box.y + (event.clientY - edge.top) / edge.height * box.height);
  }, { passive: false });

  // A finger pans only a map that is zoomed in: otherwise it scrolls the page.
  svg.addEventListener("pointermove", (event) => {
    if (event.buttons !== 1 || (event.pointerType === "touch" && box.width >= start.width)) return;
    const scale = box.width / svg.getBoundingClientRect().width;
    show({ ...box, x: box.x - event.movementX * scale, y: box.y - event.movementY * scale });
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
}

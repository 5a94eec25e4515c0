// Tells when a cluster that was listed just now is in the answers.
const PAUSE = 2000;

for (const notice of document.querySelectorAll("[data-ready]")) {
  if (notice.dataset.ready) setTimeout(() => look(notice), PAUSE);
}

async function look(notice) {
  const answer = await fetch(notice.dataset.ready).catch(() => null);
  if (answer?.ok) for (const part of notice.children) part.hidden = !part.hidden;
  else setTimeout(() => look(notice), PAUSE);
}

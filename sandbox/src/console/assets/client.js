// Keeps the page fresh. Everything that it shows comes from the server as finished markup.
const byId = (id) => document.getElementById(id);
const search = byId("search");
let log = new URLSearchParams(location.search).get("log");
let stream;

function connect() {
  stream?.close();
  stream = new EventSource(`/console/stream${log === null ? "" : `?log=${encodeURIComponent(log)}`}`);
  stream.addEventListener("open", () => notice(""));
  stream.addEventListener("error", () => notice("The sandbox does not answer; trying again …"));
  stream.addEventListener("part", ({ data }) => showPart(JSON.parse(data)));
  stream.addEventListener("log", ({ data }) => showLog(JSON.parse(data)));
}

function notice(words) {
  byId("notice").textContent = words;
  byId("notice").hidden = words === "";
}

/** Times leave the server in UTC; people read their own. */
function localise(part) {
  for (const time of part.querySelectorAll("time")) time.textContent = new Date(time.dateTime).toLocaleTimeString();
}

/** Replaces a part's content and gives the focus back to the control that had it. */
function showPart({ id, html }) {
  const part = byId(id);
  if (part === null) return;
  const controls = () => [...part.querySelectorAll("a, button")];
  const focused = controls().indexOf(document.activeElement);
  const opened = [...part.querySelectorAll("details")].map((details) => details.open);
  part.innerHTML = html;
  localise(part);
  [...part.querySelectorAll("details")].forEach((details, at) => (details.open = opened[at] ?? false));
  if (focused >= 0) controls()[focused]?.focus({ preventScroll: true });
  if (id === "resources") filter();
}

function showLog({ process, text }) {
  const pre = byId("log");
  const follows = pre.scrollTop + pre.clientHeight >= pre.scrollHeight - 8;
  byId("log-name").textContent = process;
  byId("log-section").hidden = false;
  pre.textContent = text;
  if (follows) pre.scrollTop = pre.scrollHeight;
}

/** Hides the rows that lack one of the words. */
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...document.querySelectorAll("#resources tbody tr")];
  for (const row of rows) row.hidden = !words.every((word) => row.dataset.text.includes(word));
  const shown = rows.filter((row) => !row.hidden).length;
  byId("found").textContent = words.length === 0 ? "" : `${shown} of ${rows.length}`;
}

/** Asks before a form does what cannot be taken back. */
function confirmed(question) {
  const dialog = byId("confirm");
  byId("confirm-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** Sends a form without leaving the page; what it changed comes by the stream. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  if (form.dataset.confirm !== undefined && !(await confirmed(form.dataset.confirm))) return;
  try {
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    notice(response.type === "opaqueredirect" ? "" : await response.text());
  } catch {
    notice("The sandbox does not answer.");
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-log]");
  if (link === null) return;
  event.preventDefault();
  log = link.dataset.log;
  history.replaceState(null, "", `?log=${encodeURIComponent(log)}`);
  byId("log").textContent = "";
  byId("log-section").hidden = false;
  connect();
  byId("log").focus();
});

// A link from the picture may lead to a row that the search hides.
addEventListener("hashchange", () => {
  const row = byId(location.hash.slice(1));
  if (row?.hidden !== true) return;
  search.value = "";
  filter();
  row.scrollIntoView();
});

search.addEventListener("input", filter);
localise(document);
connect();

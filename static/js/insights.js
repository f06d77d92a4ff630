// The explorer: keys for the chosen insights, and the panel beside the list.
import { keysOff, typing } from "./keys.js";

function panelHidden() {
  const pane = document.getElementById("ins-detail");
  return !pane || getComputedStyle(pane).display === "none";
}

// On a narrow screen there is no panel: a row's link leads to its own page.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-row-link][hx-get]");
  if (link && panelHidden()) event.stopPropagation();
}, true);

function markOpen(link) {
  document.querySelectorAll(".xrow[data-sel]").forEach((row) => row.removeAttribute("data-sel"));
  link.closest(".xrow")?.setAttribute("data-sel", "");
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "ins-detail") return;
  const link = event.detail.requestConfig?.elt;
  if (link) markOpen(link);
  event.detail.target.scrollTop = 0;
  event.detail.target.querySelector("[data-panel-head]")?.focus();
});

// Closing the panel leads back to the row it showed, without loading the list anew.
const nothingChosen = document.querySelector("#ins-detail > .det--none")?.cloneNode(true);

function closePanel(link) {
  const pane = link.closest("#ins-detail");
  if (!pane || !nothingChosen) return false;
  pane.replaceChildren(nothingChosen.cloneNode(true));
  history.pushState({ htmx: true }, "", link.href);
  const row = document.querySelector(".xrow[data-sel]");
  row?.removeAttribute("data-sel");
  row?.querySelector("a[data-row-link]")?.focus();
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-panel-close]");
  if (link && !event.ctrlKey && !event.metaKey && closePanel(link)) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], [popover]:popover-open, [data-pick]:checked")) return;
  const link = document.querySelector("#ins-detail a[data-panel-close]");
  if (link && !typing(event.target)) closePanel(link);
});

function currentRow() {
  return document.activeElement?.closest?.(".xrow");
}

// Where nothing is chosen, a key acts on the row that has the focus.
function chooseCurrent(form) {
  if (form.querySelector("[data-pick]:checked")) return true;
  const box = currentRow()?.querySelector("[data-pick]");
  if (!box) return false;
  box.click();
  return true;
}

// An act loads the list anew. Whoever acts by keys goes on from the row they
// were at, or from the one that took its place.
const PLACE = "rotunda.insights.row";
const rows = () => [...document.querySelectorAll(".xrow")];
let acting = null;

function rememberRow() {
  const row = currentRow();
  acting = row && { at: location.pathname + location.search, id: row.querySelector("[data-pick]")?.value, n: rows().indexOf(row) };
}

document.addEventListener("submit", (event) => {
  if (acting && event.target.matches("#ins-list form[data-bulk]")) sessionStorage.setItem(PLACE, JSON.stringify(acting));
});

function returnToRow() {
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  const all = rows();
  if (!all.length || place?.at !== location.pathname + location.search) return;
  const row = all.find((r) => r.querySelector("[data-pick]")?.value === place.id) ?? all[Math.min(place.n, all.length - 1)];
  row.querySelector("a[data-row-link]")?.focus();
}

returnToRow();

function press(event) {
  const form = document.querySelector("#ins-list form[data-bulk]");
  if (event.key === "e") {
    const href = currentRow()?.querySelector("a[data-edit]")?.dataset.edit;
    if (href) location.assign(href);
    return Boolean(href);
  }
  const button = form?.querySelector(`[data-key="${event.key.toUpperCase()}"]`);
  if (!button || !chooseCurrent(form)) return false;
  rememberRow();
  button.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || keysOff() || document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (/^[1-5tfe]$/.test(event.key) && press(event)) event.preventDefault();
});

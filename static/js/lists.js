// Lists and tables: moving through rows with keys, and choosing many of them.
//
//   <form data-bulk> around the list, with checkboxes [data-pick] in the rows,
//   one [data-pick-all] in the head, and a [data-bulkbar] that holds [data-count]
//   and the buttons. data-list on the element whose children are rows; the row's
//   one link is .rowlink or [data-row-link].
import { keysOff, typing } from "./keys.js";

let lastPicked = null;

function picks(form) {
  return [...form.querySelectorAll("[data-pick]")];
}

function showCount(form) {
  const all = picks(form);
  const chosen = all.filter((box) => box.checked).length;
  const bar = form.querySelector("[data-bulkbar]");
  if (bar) bar.toggleAttribute("data-on", chosen > 0);
  form.querySelectorAll("[data-bulk-clear]").forEach((b) => { b.hidden = false; });
  form.querySelectorAll("[data-count]").forEach((n) => { n.textContent = `${chosen} selected`; });
  const head = form.querySelector("[data-pick-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
}

function clear(form) {
  picks(form).forEach((box) => { box.checked = false; });
  lastPicked = null;
  showCount(form);
}

// Choosing with Shift held takes every row since the last one chosen.
function pickRange(form, box) {
  const all = picks(form);
  const from = all.indexOf(lastPicked);
  const to = all.indexOf(box);
  if (from < 0 || to < 0) return;
  all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((b) => { b.checked = box.checked; });
}

function watchPicks() {
  document.addEventListener("click", (event) => {
    const clearer = event.target.closest?.("[data-bulk-clear]");
    if (clearer) {
      clear(clearer.closest("[data-bulk]"));
      return;
    }
    const box = event.target.closest?.("[data-pick]");
    const form = box?.closest("[data-bulk]");
    if (!form) return;
    if (event.shiftKey) pickRange(form, box);
    lastPicked = box;
    showCount(form);
  });
  document.addEventListener("change", (event) => {
    const head = event.target.closest?.("[data-pick-all]");
    const form = (head || event.target).closest?.("[data-bulk]");
    if (!form) return;
    if (head) picks(form).forEach((box) => { box.checked = head.checked; });
    showCount(form);
  });
  const refresh = () => document.querySelectorAll("[data-bulk]").forEach(showCount);
  document.addEventListener("htmx:afterSettle", refresh);
  window.addEventListener("pageshow", refresh);
  refresh();
}

function rows() {
  const list = document.querySelector("[data-list]");
  return list ? [...list.children].filter((row) => row.querySelector(".rowlink, [data-row-link]")) : [];
}

function current(all) {
  return all.findIndex((row) => row.contains(document.activeElement));
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = current(all);
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  next.querySelector(".rowlink, [data-row-link]").focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function pickCurrent(shift) {
  const all = rows();
  const box = all[current(all)]?.querySelector("[data-pick]");
  if (!box) return false;
  box.checked = !box.checked;
  const form = box.closest("[data-bulk]");
  if (shift) pickRange(form, box);
  lastPicked = box;
  if (form) showCount(form);
  return true;
}

function press(event) {
  switch (event.key) {
    case "j": return move(1);
    case "k": return move(-1);
    case "x": return pickCurrent(false);
    case "X": return pickCurrent(true);
  }
  return false;
}

function escape() {
  const form = [...document.querySelectorAll("[data-bulk]")].find((f) => picks(f).some((box) => box.checked));
  if (form) clear(form);
}

export function startLists() {
  watchPicks();
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
    if (event.key === "Escape") escape();
    else if (!keysOff() && press(event)) event.preventDefault();
  });
}

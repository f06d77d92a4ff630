// What every page does beyond plain HTML. Each part looks for its data-
// attribute and does nothing where that is missing; without this file every
// form and link still works.
import { startKeys } from "./keys.js";
import { startLists } from "./lists.js";

const TOAST_MS = 8000;

// toast shows a short message. kind is "ok" or "error"; errors stay until they
// are dismissed. action is {label, run} or nothing.
export function toast(text, kind = "ok", action = null) {
  const box = document.createElement("div");
  box.className = "toast" + (kind === "error" ? " toast--error" : "");
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--sm";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      box.remove();
      action.run();
    });
    box.append(button);
  }
  box.append(dismissButton());
  document.getElementById("toasts")?.append(box);
  watchToast(box);
  return box;
}

function dismissButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--sm toast__x";
  button.dataset.dismiss = "";
  button.setAttribute("aria-label", "Dismiss");
  button.textContent = "×";
  return button;
}

// A toast leaves after eight seconds, but never while somebody reads it.
function watchToast(box) {
  if (box.dataset.watched !== undefined) return;
  box.dataset.watched = "";
  if (box.classList.contains("toast--error")) return;
  let timer;
  const start = () => { timer = setTimeout(() => box.remove(), TOAST_MS); };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, () => { stop(); start(); });
  start();
}

function watchToasts() {
  const toasts = document.getElementById("toasts");
  if (!toasts) return;
  const look = () => toasts.querySelectorAll(".toast").forEach(watchToast);
  new MutationObserver(look).observe(toasts, { childList: true, subtree: true });
  look();
  document.addEventListener("click", (event) => {
    event.target.closest?.("[data-dismiss]")?.closest(".toast, .note, .banner")?.remove();
  });
}

// data-dialog="id" opens the dialog with that id; the link or button keeps its
// own address for when scripts are off.
function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog?.showModal) {
        event.preventDefault();
        if (!dialog.open) dialog.showModal();
      }
      return;
    }
    const closer = event.target.closest?.("[data-close]");
    const open = closer?.closest("dialog");
    if (open) {
      event.preventDefault();
      open.close();
    } else if (event.target instanceof HTMLDialogElement) {
      event.target.close(); // the backdrop
    }
  });
  // A dialog whose body htmx has just loaded opens itself.
  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = event.detail.target.closest?.("dialog[data-autoopen]");
    if (dialog && !dialog.open) dialog.showModal();
  });
}

// A form is sent once: a second press while the first is on its way is lost.
// data-again excepts a form that may be sent many times, such as a download.
function guardForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.dataset.again !== undefined) return;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Coming back by the browser's button must find a form that works.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy"));
    });
  });
}

// A swap that failed keeps the old content and says so.
function watchSwaps() {
  const failed = (event) => {
    const from = event.detail.elt;
    toast("That did not work. Nothing was changed.", "error", {
      label: "Try again",
      run: () => (from instanceof HTMLFormElement ? from.requestSubmit() : from.click()),
    });
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
  // A form refused for its input comes back as 422 with the form in it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    element.busyTimer = setTimeout(() => element.setAttribute("aria-busy", "true"), 200);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    clearTimeout(event.detail.elt.busyTimer);
    event.detail.elt.removeAttribute("aria-busy");
  });
}

function focusErrors() {
  const look = (root) => root.querySelector?.("[data-error-summary]")?.focus();
  look(document);
  document.addEventListener("htmx:afterSettle", (event) => look(event.detail.elt));
}

// The theme changes as it is chosen; saving the form makes it stay.
function watchTheme() {
  document.querySelectorAll("[data-theme-choice]").forEach((input) => {
    input.addEventListener("change", () => {
      if (input.value) document.documentElement.dataset.theme = input.value;
      else delete document.documentElement.dataset.theme;
    });
  });
}

// A zone field that nobody has filled in starts with the browser's own zone.
function suggestZones() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  document.querySelectorAll("[data-zone-suggest]").forEach((input) => {
    if (!input.value) input.value = zone;
  });
}

function watchPasswords() {
  document.querySelectorAll("[data-reveal]").forEach((button) => {
    const input = document.getElementById(button.dataset.reveal);
    if (!input) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const show = input.type === "password";
      input.type = show ? "text" : "password";
      button.setAttribute("aria-pressed", String(show));
      button.textContent = show ? "Hide" : "Show";
    });
  });
}

// data-autosubmit sends its form when a value is chosen.
function watchAutosubmit() {
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.dataset.autosubmit !== undefined && !form.hasAttribute("hx-get")) form.requestSubmit();
  });
}

watchToasts();
watchDialogs();
guardForms();
watchSwaps();
focusErrors();
watchTheme();
suggestZones();
watchPasswords();
watchAutosubmit();
startLists();
startKeys();

// Keys that work on every page. Single letters are off inside fields, and off
// altogether where the reader has switched them off under Appearance.

const PREFIX_MS = 1500;
let prefixUntil = 0;

// typing tells whether a key belongs to the field that has the focus.
export function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type);
}

// keysOff tells whether the reader has switched single-letter keys off.
export function keysOff() {
  return document.body.dataset.keys === "off";
}

function go(letter) {
  const link = document.querySelector(`a[data-go="${letter}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

function openSearch() {
  const field = document.querySelector("main [data-search]");
  if (field) {
    field.focus();
    field.select();
    return true;
  }
  const box = document.getElementById("searchbox");
  if (!box?.showPopover) return false;
  if (!box.matches(":popover-open")) box.showPopover();
  box.querySelector("input")?.focus();
  return true;
}

function openHelp() {
  const help = document.getElementById("keyhelp");
  if (!help?.showModal || help.open) return false;
  help.showModal();
  return true;
}

function press(event) {
  if (event.key === "g") {
    prefixUntil = Date.now() + PREFIX_MS;
    return true;
  }
  if (Date.now() < prefixUntil) {
    prefixUntil = 0;
    return go(event.key);
  }
  if (event.key === "/") return openSearch();
  if (event.key === "?") return openHelp();
  if (event.key === "n") {
    const link = document.querySelector("main a[data-new]");
    link?.click();
    return Boolean(link);
  }
  return false;
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || keysOff() || document.querySelector("dialog[open]")) return;
    if (press(event)) event.preventDefault();
  });
}

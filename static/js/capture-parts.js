// Parts of the capture page that ask nothing of it: how the marks of a line are
// found while it is typed, the row of a line that is not saved yet, the clock.
// What marks mean is the server's to say; here they are colored and completed.

export const MARK = /(^|[\s([{])(>>@|[@#!^%+=])([\p{L}\p{N}][\p{L}\p{N}\-_'’.&·]*)/gu;

export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

// tokenAtCaret finds the mark that the caret stands in or behind.
export function tokenAtCaret(field) {
  const before = field.value.slice(0, field.selectionStart);
  const found = before.match(/(^|[\s([{])(>>@|[@#!^%+=])([\p{L}\p{N}\-_'’.&·]*)$/u);
  if (!found) return null;
  const sign = found[2];
  return { sign: sign === ">>@" ? "@" : sign, start: field.selectionStart - sign.length - found[3].length, lead: sign, typed: fold(found[3]), raw: found[3] };
}

export function matches(word, typed) {
  if (fold(word.insert).startsWith(typed)) return 0;
  const parts = word.find.split(" ");
  return parts.some((_, n) => parts.slice(n).join("").startsWith(typed)) ? 1 : -1;
}

// newTag offers to make a tag of the words behind a + that the codebook lacks.
// A number is none: "+5 %" stays text.
export function newTag(token, known) {
  if (token.sign !== "+" || token.typed.length < 3 || !/\p{L}/u.test(token.typed)) return null;
  if (known.some((word) => fold(word.insert) === token.typed)) return null;
  return { create: token.raw, insert: token.raw, label: `New tag “${token.raw}”` };
}

// candidate is one row of the suggestions; the chosen one says which key takes it.
export function candidate(word, n, chosen) {
  const row = document.createElement("span");
  row.className = "cand";
  row.id = `sug-${n}`;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", String(chosen));
  if (word.sector) {
    const mark = document.createElement("span");
    mark.className = "mark mark--sm";
    mark.dataset.sec = word.sector;
    mark.textContent = word.sector;
    row.append(mark);
  }
  const label = document.createElement("span");
  label.textContent = word.label + " ";
  if (word.detail) {
    const detail = document.createElement("small");
    detail.textContent = word.detail;
    label.append(detail);
  }
  row.append(label);
  if (chosen) {
    const key = document.createElement("kbd");
    key.textContent = "Tab";
    row.append(key);
  }
  return row;
}

// insertAt puts words at the caret of a field, apart from what stands there.
export function insertAt(field, text, closed) {
  const at = field.selectionStart;
  const before = field.value.slice(0, at);
  const after = field.value.slice(field.selectionEnd);
  const lead = before && !/[\s([{]$/.test(before) ? " " : "";
  const tail = closed && !/^\s/.test(after) ? " " : "";
  field.setRangeText(lead + text + tail, at, field.selectionEnd, "end");
}

// focusAtEnd puts the caret behind the words of a field.
export function focusAtEnd(field) {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

// newID makes the number by which a line is known before it is saved. It begins
// with the time, so that the server's index of them grows at its end.
export function newID() {
  return Date.now().toString(36).padStart(9, "0") + [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export function waitingRow(text) {
  const row = document.createElement("li");
  row.className = "stream__item";
  row.dataset.kept = "";
  row.setAttribute("aria-live", "off");
  const words = document.createElement("p");
  words.className = "ins__text";
  words.textContent = text;
  const note = document.createElement("span");
  note.className = "kept";
  note.textContent = "not saved yet";
  const box = document.createElement("div");
  box.className = "ins";
  box.append(words, note);
  row.append(document.createElement("span"), document.createElement("span"), box);
  return row;
}

// The clock of the item in force runs between two looks at the server, which
// alone says what time it is.
const seen = new WeakMap();

export function runClock() {
  setInterval(tick, 1000);
}

function tick() {
  const pane = document.getElementById("cap-agenda");
  const left = pane?.querySelector("[data-left]");
  if (!left || !pane.dataset.seconds) return;
  if (!seen.has(pane)) seen.set(pane, performance.now());
  const seconds = Math.round(Number(pane.dataset.seconds) - (performance.now() - seen.get(pane)) / 1000);
  const all = Math.abs(seconds);
  left.textContent = `${seconds < 0 ? "−" : ""}${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
}

// The capture page. A line is shown as it is typed, completed from the room's
// own words, previewed by the server, and sent on its own with a number made
// here: sending it twice keeps it once. What is not saved yet is kept in this
// page, sent again in order, and counted in a banner.
import { toast } from "./app.js";
import { candidate, focusAtEnd, insertAt, MARK, matches, newID, newTag, runClock, tokenAtCaret, waitingRow } from "./capture-parts.js";
import { open, place } from "./live.js";

const PREVIEW_MS = 150;
const LOST_MS = 2500;
const RETRY_MS = [1000, 2000, 5000, 10000, 30000];
const FRAGMENT = { "HX-Request": "true" };
const SIGNS = "@#!^%+=";

const root = document.querySelector("[data-capture]");
const form = document.getElementById("composer");
const field = document.getElementById("f-line");
const list = () => document.querySelector("[data-stream-list]");

let words = {};

// ---- The stream ----

function show(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const id = fresh.content.firstElementChild?.id;
  const there = id && document.getElementById(id);
  if (there && there.dataset.editing !== undefined) return; // the form there asks again when it is saved
  const isNew = !there;
  document.querySelector("[data-stream-empty]")?.remove();
  for (const row of place(html, list())) {
    if (isNew) row.dataset.new = "";
    arm(row);
  }
  list().querySelectorAll("[data-kept]").forEach((row) => list().append(row)); // what waits stays last
}

function arm(row) {
  const dissent = row.querySelector("[data-dissent]");
  if (dissent && form) dissent.hidden = false;
}

async function refresh(withStream) {
  const answer = await fetch(root.dataset.parts, { headers: FRAGMENT });
  if (!answer.ok) return;
  const parts = document.createElement("template");
  parts.innerHTML = await answer.text();
  for (const part of [...parts.content.children]) {
    if (part.id === "cap-stream" && !withStream) continue;
    const waiting = part.id === "cap-stream" ? [...list().querySelectorAll("[data-kept]")] : [];
    document.getElementById(part.id)?.replaceWith(part);
    if (window.htmx) window.htmx.process(part);
    list().append(...waiting);
  }
  list().querySelectorAll("[data-insight]").forEach(arm);
  if (!form) return;
  chooseItem();
  loadWords();
}

// chooseItem lets the next line belong to the item in force.
function chooseItem() {
  const item = document.getElementById("cap-agenda")?.dataset.item;
  if (item && form.elements.item) form.elements.item.value = item;
}

open(root.dataset.stream, {
  insight: show,
  remove: (id) => document.getElementById(`i-${id}`)?.remove(),
  heard: (html) => place(html, null),
  presence: (html) => place(html, null),
  room: () => { refresh(false); loadWords(); },
  resync: () => refresh(true),
  at: () => {},
}, connection);

// A break that mends itself at once is not worth a word.
let lost = false;
let breaking = 0;

function connection(state) {
  const now = state === "waiting";
  if (now && breaking) return; // another try that failed
  clearTimeout(breaking);
  breaking = now ? setTimeout(() => { lost = true; banner(); }, LOST_MS) : 0;
  if (!now) lost = false;
  banner();
}

runClock();

// ---- Sending ----

const queue = [];
let sending = false;
let failures = 0;
let wake = () => {}; // tries again at once

function banner() {
  const box = document.getElementById("unsent");
  const late = failures > 0 ? queue.length : 0;
  box.hidden = late === 0 && !lost;
  if (box.hidden) return;
  box.querySelector("[data-unsent-words]").textContent = late > 0
    ? `${late === 1 ? "1 line is" : `${late} lines are`} not saved. ${late === 1 ? "It is" : "They are"} kept in this page and sent again as soon as the site answers. Do not close it.`
    : `No connection. What colleagues capture appears again when it is back.${form ? " Go on typing: your lines are kept in this page and sent then." : ""}`;
}

function save() {
  const text = field.value.trim();
  if (!text) return;
  const data = new URLSearchParams(new FormData(form));
  const id = newID();
  data.set("client_id", id);
  const row = waitingRow(text);
  list().append(row);
  queue.push({ data, row, text });
  remember(text);
  clear();
  pump();
}

async function pump() {
  if (sending) return;
  sending = true;
  while (queue.length > 0) {
    const next = queue[0];
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: next.data, headers: { Accept: "application/json" } });
    } catch {
      answer = null;
    }
    if (answer?.status === 201) {
      const kept = await answer.json();
      queue.shift();
      failures = 0;
      next.row.remove();
      if (kept.html) { // none where it was struck since
        show(kept.html);
        mine.push(kept.id);
      }
    } else if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429 && answer.status !== 408) {
      queue.shift();
      await refused(next, answer);
    } else {
      failures++;
      banner();
      await new Promise((again) => { wake = again; setTimeout(again, RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]); });
    }
    banner();
  }
  sending = false;
}

// refused shows a line that the server will not take, with its words to be had
// back: nothing typed is lost.
async function refused(line, answer) {
  let why = "This line was not saved.";
  if (answer.status === 401) why = "You are signed out. Sign in in another tab, then bring this line back.";
  try {
    const { fields } = await answer.json();
    if (fields && Object.values(fields)[0]) why = Object.values(fields)[0];
  } catch { /* the words above do */ }
  line.row.querySelector(".kept").textContent = "not saved: " + why;
  const back = document.createElement("button");
  back.type = "button";
  back.className = "btn btn--sm";
  back.textContent = "Bring it back";
  back.addEventListener("click", () => {
    line.row.remove();
    field.value = field.value ? `${field.value} ${line.text}` : line.text;
    typed();
    field.focus();
  });
  line.row.querySelector(".ins").append(back);
  if (!field.value) back.click();
  toast(why, "error");
}

window.addEventListener("beforeunload", (event) => {
  if (queue.length > 0 || list().querySelector("[data-kept]")) event.preventDefault();
});
window.addEventListener("online", () => { failures = Math.min(failures, 1); wake(); });

const mine = [...document.querySelectorAll(`[data-by="${root.dataset.me}"]`)].map((row) => row.dataset.insight);

function myLast() {
  while (mine.length > 0) {
    const row = document.getElementById(`i-${mine[mine.length - 1]}`);
    if (row) return row;
    mine.pop();
  }
  return null;
}

async function takeAway(row) {
  const away = row?.querySelector("[data-delete]");
  if (!away) return;
  const answer = await fetch(away.action, { method: "POST", headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) {
    toast("That did not work. Nothing was changed.", "error");
    return;
  }
  const { undo } = await answer.json();
  row.remove();
  toast("The insight was taken away.", "ok", { label: "Undo", run: () => fetch(undo, { method: "POST" }) });
  field?.focus();
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-delete]")) {
    event.preventDefault();
    takeAway(event.target.closest("[data-insight], [data-editing]"));
  } else if (event.target.matches("[data-next-item]")) {
    event.preventDefault();
    nextItem(event.target);
  }
}, true);

async function nextItem(button) {
  if (!button) return;
  const answer = await fetch(button.action, { method: "POST" }).catch(() => null);
  if (!answer?.ok) toast("The next item could not be started.", "error");
  refresh(false);
}

// Leaving an edit puts the line back as it is now.
document.addEventListener("click", async (event) => {
  const leave = event.target.closest?.("[data-editing] [data-edit-cancel]");
  if (!leave) return;
  event.preventDefault();
  delete leave.closest("[data-editing]").dataset.editing;
  await refresh(true);
  field?.focus();
});

// ---- The line ----

let lastSpeaker = "";
let began = false;

function remember(text) {
  const speaker = text.match(/(?:^|[\s([{])(?:>>)?@([^\s,;:)]+)/);
  if (speaker) lastSpeaker = speaker[1];
}

function clear() {
  form.reset();
  field.value = "";
  form.querySelectorAll("[type=checkbox]").forEach((box) => { box.checked = false; });
  form.querySelectorAll("select").forEach((s) => { if (s.name !== "item") s.selectedIndex = 0; });
  chooseItem();
  typed();
  field.focus();
}

// paint shows the line under the transparent field, its marks in color.
function paint() {
  const box = form.querySelector(".line__hl");
  box.replaceChildren();
  let done = 0;
  for (const found of field.value.matchAll(MARK)) {
    const at = found.index + found[1].length;
    box.append(field.value.slice(done, at));
    const mark = document.createElement("b");
    mark.textContent = field.value.slice(at, found.index + found[0].length);
    if (found[2] === "#") mark.dataset.p = found[3][0].toUpperCase();
    box.append(mark);
    done = found.index + found[0].length;
  }
  box.append(field.value.slice(done) + "\u200b");
  form.querySelectorAll("[data-pillar]").forEach((tile) => {
    const on = pillarAt(tile.dataset.pillar) !== null;
    tile.classList.toggle("tile--off", !on);
    tile.setAttribute("aria-pressed", String(on));
  });
}

function pillarAt(letter) {
  return field.value.match(new RegExp(`(^|[\\s([{])#${letter}(?=$|[\\s.,;:!?)])`, "i"));
}

function togglePillar(letter) {
  const found = pillarAt(letter);
  if (found) {
    field.value = field.value.slice(0, found.index) + field.value.slice(found.index + found[0].length);
  } else {
    insertAt(field, `#${letter.toLowerCase()}`, true);
  }
  typed();
  field.focus();
}

let timer;
let asked = 0;

function typed() {
  if (/^\n+$/.test(field.value)) field.value = "";
  if (!began && field.value) {
    const last = [...list().querySelectorAll("[data-insight]")].pop();
    form.elements.contradicts.value = last?.dataset.insight ?? "";
  }
  began = field.value !== "";
  paint();
  suggest();
  clearTimeout(timer);
  timer = setTimeout(preview, PREVIEW_MS);
}

async function preview() {
  const number = ++asked;
  const answer = await fetch(form.dataset.preview, {
    method: "POST", headers: FRAGMENT, body: new URLSearchParams(new FormData(form)),
  }).catch(() => null);
  if (!answer?.ok || number !== asked) return;
  place(await answer.text(), null);
}

// ---- Completion ----

let offered = [];
let chosen = 0;
let dismissed = false;

async function loadWords() {
  const answer = await fetch(form.dataset.words, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) words = await answer.json();
}

function suggest() {
  const token = tokenAtCaret(field);
  offered = [];
  if (token && !dismissed && SIGNS.includes(token.sign)) {
    offered = (words[token.sign] ?? [])
      .map((word) => ({ word, rank: matches(word, token.typed) }))
      .filter((c) => c.rank >= 0)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, 8)
      .map((c) => c.word);
    const fresh = newTag(token, words["+"] ?? []);
    if (fresh) offered.push(fresh);
  }
  if (!token) dismissed = false;
  chosen = 0;
  drawSuggestions();
}

function drawSuggestions() {
  const box = document.getElementById("sug");
  box.replaceChildren(...offered.map((word, n) => {
    const row = candidate(word, n, n === chosen);
    row.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(n);
    });
    return row;
  }));
  if (offered.length > 0) field.setAttribute("aria-activedescendant", `sug-${chosen}`);
  else field.removeAttribute("aria-activedescendant");
  form.querySelector("[data-suggestion]").textContent = offered.length > 0 ? `${offered[chosen].label}, Tab to take it` : "";
}

function take(n) {
  const token = tokenAtCaret(field);
  if (!token || !offered[n]) return false;
  if (offered[n].create) addTag(offered[n].create);
  field.setRangeText(`${token.lead}${offered[n].insert} `, token.start, field.selectionStart, "end");
  typed();
  return true;
}

// addTag puts a new tag into the codebook while the line is typed.
async function addTag(name) {
  const answer = await fetch(form.dataset.tags, {
    method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams({ name }),
  }).catch(() => null);
  if (!answer?.ok) {
    const { fields } = (await answer?.json().catch(() => null)) ?? {};
    toast(Object.values(fields ?? {})[0] ?? `The tag “${name}” could not be added; its words stay in the line.`, "error");
    return;
  }
  await loadWords();
  preview();
}

// ---- Keys ----

function dissent(from) {
  if (from) form.elements.contradicts.value = from;
  if (!field.value.trimStart().startsWith("~")) field.value = `~ ${field.value}`;
  if (!/!dissent\b/i.test(field.value)) field.value = `${field.value.trimEnd()} !dissent `;
  const keep = form.elements.contradicts.value;
  began = true;
  typed();
  if (from) form.elements.contradicts.value = keep;
  field.focus();
  const at = field.value.indexOf(" !dissent");
  field.setSelectionRange(at, at);
}

function pressAlt(event) {
  const digit = event.code.match(/^Digit([1-5])$/);
  if (digit) togglePillar("STEAD"[Number(digit[1]) - 1]);
  else if (event.code === "KeyS" && lastSpeaker) insertAt(field, `@${lastSpeaker}`, true), typed();
  else if (event.code === "KeyD") dissent([...list().querySelectorAll("[data-insight]")].pop()?.dataset.insight);
  else if (event.code === "KeyN") nextItem(document.querySelector("[data-next-item]"));
  else return false;
  return true;
}

function press(event) {
  if (event.altKey) return !event.ctrlKey && !event.metaKey && pressAlt(event);
  if (event.ctrlKey || event.metaKey) {
    if (event.key !== "z" || event.shiftKey || field.value) return false;
    takeAway(myLast());
    return true;
  }
  switch (event.key) {
    case "Enter":
      if (event.shiftKey) return false;
      save();
      return true;
    case "Tab":
      return !event.shiftKey && offered.length > 0 && take(chosen);
    case "ArrowDown":
      if (offered.length < 2) return false;
      chosen = (chosen + 1) % offered.length;
      drawSuggestions();
      return true;
    case "ArrowUp":
      if (field.value) return false;
      myLast()?.querySelector("[data-edit]")?.click();
      return true;
    case "Escape":
      dismissed = offered.length > 0;
      offered = [];
      drawSuggestions();
      return false;
  }
  return false;
}

function startLine() {
  form.querySelector(".line").dataset.live = "";
  form.querySelector("[data-quickbar]").hidden = false;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "sug");
  field.setAttribute("aria-expanded", "true");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  field.addEventListener("input", typed);
  field.addEventListener("click", suggest);
  field.addEventListener("keydown", (event) => {
    if (!event.isComposing && press(event)) event.preventDefault();
  });
  form.addEventListener("change", (event) => {
    if (event.target !== field) preview();
  });
  form.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-pillar]");
    const sign = event.target.closest("[data-insert]");
    const tag = event.target.closest("[data-new-tag]");
    if (tile) togglePillar(tile.dataset.pillar);
    if (sign) {
      insertAt(field, sign.dataset.insert, false);
      typed();
      field.focus();
    }
    if (tag) {
      addTag(tag.dataset.newTag);
      field.focus();
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-dissent]");
    if (button) dissent(button.closest("[data-insight]").dataset.insight);
  });
  // A form that htmx has just put in or taken out moves the focus.
  document.addEventListener("htmx:afterSettle", (event) => {
    const row = event.target.closest?.("[data-editing]") ?? event.target;
    if (row.matches?.("[data-editing]")) focusAtEnd(row.querySelector("textarea"));
  });
  // At once: the stream may put the same row in anew before it has settled.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.matches?.("[data-insight]:not([data-editing])")) field.focus();
  });
  loadWords();
  typed();
}

list().querySelectorAll("[data-insight]").forEach(arm);
if (form) startLine();

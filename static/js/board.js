// The synthesis board: cards are dragged from column to column, or moved by
// keys. Both do what the form does for chosen cards: they are sent as that form.
import { keysOff, typing } from "./keys.js";

const board = document.getElementById("board");
const scroller = board?.querySelector(".board");
const kept = "board-left";
const followed = "board-card";
const depth = "board-top";
let dragged = null;
let wentAt = -Infinity;

function column(event) {
  return event.target.closest?.("[data-column]");
}

function unmark() {
  board.querySelectorAll("[data-over]").forEach((c) => c.removeAttribute("data-over"));
}

// The chosen cards go along with the one that is dragged, if it is among them.
function picksOf(card) {
  const own = card.querySelector("[data-pick]");
  const chosen = [...board.querySelectorAll("[data-pick]:checked")];
  return own && chosen.includes(own) ? chosen.map((box) => box.value) : [card.dataset.card];
}

// stay brings the page back, after cards were moved, to where it was.
function stay() {
  sessionStorage.setItem(depth, String(scrollY));
}

// follow puts the focus, after a move, on a card.
function follow(card) {
  if (card) sessionStorage.setItem(followed, card.dataset.card.split(".")[0]);
}

// after is the card of a column that comes after those that are chosen.
function after(chosen) {
  const cards = [...(chosen.at(-1)?.closest("[data-column]").querySelectorAll("[data-card]") ?? [])];
  const left = cards.filter((card) => !chosen.includes(card));
  return left.find((card) => cards.indexOf(card) > cards.indexOf(chosen.at(-1))) ?? left.at(-1);
}

function send(picks, to) {
  stay();
  const form = document.createElement("form");
  form.method = "post";
  form.action = board.action;
  form.hidden = true;
  const add = (name, value) => {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  };
  picks.forEach((pick) => add("pick", pick));
  add("to", to);
  add("next", board.elements.namedItem("next").value);
  document.body.append(form);
  form.requestSubmit();
}

const link = (card) => card?.querySelector("[data-row-link]");

// walk moves the focus among the cards of a column, or to the next column at
// the same height.
function walk(down, across) {
  const columns = [...board.querySelectorAll("[data-column]")].filter((c) => c.querySelector("[data-card]"));
  const card = document.activeElement.closest?.("[data-card]");
  const at = columns.findIndex((c) => c.contains(card));
  const here = columns[Math.max(0, Math.min(columns.length - 1, at + across))];
  if (!here) return false;
  const cards = [...here.querySelectorAll("[data-card]")];
  const row = at < 0 ? -down : [...columns[at].querySelectorAll("[data-card]")].indexOf(card);
  const next = link(cards[Math.max(0, Math.min(cards.length - 1, row + down))]);
  next.focus();
  next.closest("[data-card]").scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

// shift moves the card that has the focus, and those chosen with it, into the
// column beside its own; the focus goes along.
function shift(across) {
  const card = document.activeElement.closest?.("[data-card]");
  const columns = [...board.querySelectorAll("[data-column]")];
  const to = columns[columns.indexOf(card?.closest("[data-column]")) + across];
  if (!card || !to) return false;
  follow(card);
  send(picksOf(card), to.dataset.column);
  return true;
}

function press(key) {
  switch (key) {
    case "j": return walk(1, 0);
    case "k": return walk(-1, 0);
    case "l": return walk(0, 1);
    case "h": return walk(0, -1);
    case "L": return shift(1);
    case "H": return shift(-1);
    case "m": {
      const to = document.getElementById("board-to");
      to?.focus();
      return Boolean(to);
    }
    case "x": {
      const box = document.activeElement.closest?.("[data-card]")?.querySelector("[data-pick]");
      box?.click();
      return Boolean(box);
    }
  }
  return false;
}

if (board && scroller) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || keysOff() || document.querySelector("dialog[open]")) return;
    const second = event.timeStamp - wentAt < 1500; // "g h" leads home
    wentAt = event.key === "g" ? event.timeStamp : -Infinity;
    if (!second && press(event.key)) event.preventDefault();
  }, true);
  const moved = sessionStorage.getItem(followed);
  sessionStorage.removeItem(followed);
  scroller.scrollLeft = Number(sessionStorage.getItem(kept)) || 0;
  scrollTo(0, Number(sessionStorage.getItem(depth)) || 0);
  sessionStorage.removeItem(depth);
  if (moved) link(board.querySelector(`[data-card^="${moved}."]`))?.focus();
  addEventListener("pagehide", () => sessionStorage.setItem(kept, String(scroller.scrollLeft)));

  board.addEventListener("submit", () => {
    stay();
    follow(after([...board.querySelectorAll("[data-card]")].filter((card) => card.querySelector("[data-pick]:checked"))));
  });
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-card]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    dragged.setAttribute("data-dragged", "");
  });
  board.addEventListener("dragend", () => {
    dragged?.removeAttribute("data-dragged");
    dragged = null;
    unmark();
  });
  board.addEventListener("dragover", (event) => {
    const over = column(event);
    if (!dragged || !over) return;
    event.preventDefault();
    unmark();
    if (!over.contains(dragged)) over.setAttribute("data-over", "");
  });
  board.addEventListener("drop", (event) => {
    const to = column(event);
    if (!dragged || !to) return;
    event.preventDefault();
    unmark();
    if (!to.contains(dragged)) send(picksOf(dragged), to.dataset.column);
  });
}

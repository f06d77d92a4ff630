// The synthesis board: cards are dragged from column to column. What a drop
// does is what the form does for chosen cards: it is sent as that form.
const board = document.getElementById("board");
const scroller = board?.querySelector(".board");
const kept = "board-left";
let dragged = null;

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

function send(picks, to) {
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

if (board && scroller) {
  scroller.scrollLeft = Number(sessionStorage.getItem(kept)) || 0;
  addEventListener("pagehide", () => sessionStorage.setItem(kept, String(scroller.scrollLeft)));

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

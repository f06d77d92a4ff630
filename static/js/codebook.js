// The codebook: a row dropped on another is put before it. The menu of every
// row moves it too, without a pointer.
const body = document.querySelector("[data-sortable]");
let dragged = null;

function unmark() {
  body.querySelectorAll("[data-over]").forEach((row) => row.removeAttribute("data-over"));
}

function rowOf(event) {
  return event.target.closest?.("tr[data-move]");
}

if (body) {
  body.querySelectorAll("tr[data-move]").forEach((row) => { row.draggable = true; });
  body.addEventListener("dragstart", (event) => {
    dragged = rowOf(event);
    dragged?.setAttribute("data-dragged", "");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  });
  body.addEventListener("dragover", (event) => {
    const row = rowOf(event);
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    unmark();
    row.setAttribute("data-over", "");
  });
  body.addEventListener("dragend", () => {
    dragged?.removeAttribute("data-dragged");
    dragged = null;
    unmark();
  });
  body.addEventListener("drop", (event) => {
    const row = rowOf(event);
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    const form = document.createElement("form");
    form.method = "post";
    form.action = dragged.dataset.move;
    const before = document.createElement("input");
    before.type = "hidden";
    before.name = "before";
    before.value = row.dataset.code;
    form.append(before);
    document.body.append(form);
    form.requestSubmit();
  });
}

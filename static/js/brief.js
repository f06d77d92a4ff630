// Insights are cited by a click or by dragging them into the text.

let last = document.getElementById("f-report");

document.addEventListener("focusin", (e) => {
  if (e.target.matches("#brief-form textarea")) last = e.target;
});

function cite(mark) {
  const field = last ?? document.querySelector("#brief-form textarea[name=report]");
  if (!field) return;
  field.setRangeText(mark, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", (e) => {
  const button = e.target.closest("[data-insert]");
  if (button) cite(button.dataset.insert);
});

document.addEventListener("dragstart", (e) => {
  const row = e.target.closest?.("[data-cite]");
  if (row) e.dataTransfer.setData("text/plain", row.dataset.cite);
});

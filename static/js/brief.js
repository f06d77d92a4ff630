// Insights are cited by a click or by dragging them into the text.

// The fields that may cite; others are in the writer's own words.
const cites = ["key_messages", "summary", "report", "annexes"].map((n) => `#brief-form [name=${n}]`).join();
let last = document.getElementById("f-report");

document.addEventListener("focusin", (e) => {
  if (e.target.matches(cites)) last = e.target;
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

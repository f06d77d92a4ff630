// Insights are cited by a click or by dragging them into the text.

// The fields that may cite; others are in the writer's own words.
const cites = ["key_messages", "summary", "report", "annexes"].map((n) => `#brief-form [name=${n}]`).join();
let last = document.getElementById("f-report");

// Where somebody wrote last, or put the cursor. Passing through a field by Tab,
// on the way to the insights, is neither.
function wrote(e) {
  if (e.target.matches?.(cites) && e.key !== "Tab" && e.key !== "Shift") last = e.target;
}

["input", "keydown", "pointerdown"].forEach((name) => document.addEventListener(name, wrote));

function cite(mark) {
  const field = last ?? document.querySelector("#brief-form textarea[name=report]");
  if (!field) return;
  const before = field.value.slice(0, field.selectionStart);
  const gap = /[^\s([“"]$/.test(before) ? " " : "";
  field.setRangeText(gap + mark, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", (e) => {
  const button = e.target.closest("[data-insert]");
  if (button) cite(button.dataset.insert);
});

document.addEventListener("dragstart", (e) => {
  const row = e.target.closest?.("[data-cite]");
  if (row) e.dataTransfer.setData("text/plain", `${row.dataset.cite} `); // the next one does not cling to it
});

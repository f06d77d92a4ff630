package journeytest

import (
	"strings"
	"testing"
)

// TestJourney_citingWithKeysAlone writes a brief without a mouse: it is begun,
// an insight is searched and cited into the text that was being written, though
// other fields lie between that and the insights, and the preview shows it.
func TestJourney_citingWithKeysAlone(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	b.open("/briefs")
	b.eval(`(window.mice = 0, ["mousedown", "pointerdown", "dragstart"].forEach(n => addEventListener(n, () => window.mice++, true)), "")`)
	b.follow("New brief", "#f-title")
	b.tabTo("Title")
	b.keys("Permits take longer than repairs")
	b.tabTo("A roundtable")
	b.tabTo("Roundtable")
	b.keys("The Dig")
	b.follow("Begin", "#f-report")
	b.eval(`(window.mice = 0, ["mousedown", "pointerdown", "dragstart"].forEach(n => addEventListener(n, () => window.mice++, true)), "")`)

	b.tabTo("Key messages")
	b.keys("Clear ships early.")
	b.tabTo("Report")
	b.keys("On a bad day")
	b.tabTo("Search the insights")
	b.keys("sixty ships")
	b.waits(`document.querySelectorAll("#brief-material [data-insert]").length === 1`, "the search leaves one insight")
	mark := b.eval(`document.querySelector("#brief-material [data-insert]").dataset.insert`)
	b.tabTo("Cite: There are about sixty ships")
	b.keys(keyEnter)
	b.waits(`document.activeElement.id === "f-report"`, "the text that was being written has the focus again")
	b.keys(", and on most days")
	if text := b.eval(`document.getElementById("f-report").value`); text != "On a bad day "+mark+", and on most days" {
		t.Errorf("the report reads %q", text)
	}
	for _, other := range []string{"f-key_messages", "f-summary", "f-annexes"} {
		if text := b.eval(`document.getElementById("` + other + `").value`); strings.Contains(text, mark) {
			t.Errorf("%s reads %q", other, text)
		}
	}
	b.waits(`document.getElementById("brief-preview").innerText.includes("There are about sixty ships")`, "the preview shows the words")

	b.tabTo("Cite: There are about sixty ships")
	b.keys(keyEnter)
	b.waits(`document.getElementById("f-report").value.split(`+quote(mark)+`).length === 3`, "cited once more without leaving the keys")
	if mice := b.eval(`String(window.mice)`); mice != "0" {
		t.Errorf("%s mouse events", mice)
	}
	b.follow("Save", ".tag, .st, .stage")
	b.reads("The brief was saved.")
	b.reads("There are about sixty ships")
	b.accessible("the brief that was written by keys")
	b.quiet()
}

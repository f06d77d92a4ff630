package journeytest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// keys presses keys wherever the focus is.
func (b *person) keys(keys string, with ...chromedp.Modifier) {
	b.t.Helper()
	b.do("press keys", chromedp.KeyEvent(keys, chromedp.KeyModifiers(with...)))
}

// held are the special keys as chromedp writes them.
const (
	keyTab     = "\t"
	keyEnter   = "\r"
	keyEscape  = "\u001b"
	keyArrowUp = "\u0304"
)

// tabTo presses Tab until what has the focus begins with the words.
func (b *person) tabTo(words string) {
	b.t.Helper()
	for range 200 {
		b.keys(keyTab)
		now := b.eval(`(e => (e?.ariaLabel || e?.labels?.[0]?.innerText || e?.innerText || "").trim())(document.activeElement)`)
		if strings.HasPrefix(now, words) {
			return
		}
	}
	b.t.Fatalf("Tab does not reach %q on %s", words, b.at())
}

// follow reaches a link or button by Tab, presses Enter, and waits until the
// page that follows stands.
func (b *person) follow(words, until string) {
	b.t.Helper()
	b.tabTo(words)
	b.keys(keyEnter)
	b.see(until)
}

// line types a line into the capture field and saves it.
func (b *person) line(text string) {
	b.t.Helper()
	b.keys(text)
	b.keys(keyEnter)
}

// TestJourney_capturingWithKeysAlone goes from the sign-in link to three
// captured lines, an edit, an undo and a search without a mouse: the page
// counts the events of one, and there must be none.
func TestJourney_capturingWithKeysAlone(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.open(p.SignIn)
	b.see("main form button")
	b.follow("Sign in", ".rail")
	b.keys("gr")
	b.see("main a.rowlink")
	b.follow("Past", "main a.rowlink[href]")
	b.follow("The Digital Backbone", ".tabs")
	b.follow("Capture", "#composer")
	b.eval(`(window.mice = 0, ["mousedown", "pointerdown"].forEach(n => addEventListener(n, () => window.mice++, true)), "")`)
	for range 60 {
		if b.eval(`document.activeElement.id`) == "f-line" {
			break
		}
		b.keys(keyTab)
	}
	if on := b.eval(`document.activeElement.id`); on != "f-line" {
		t.Fatalf("Tab does not reach the line, but %q", on)
	}

	b.keys("A shared fleet of repair ships would pay for itself %nat")
	b.see("#sug .cand")
	b.keys(keyTab)
	if line := b.eval(`document.getElementById("f-line").value`); !strings.HasSuffix(line, "%nato ") {
		t.Errorf("Tab completes the forum to %q", line)
	}
	b.keys("#s +splicers")
	b.see("#sug .cand")
	b.keys(keyTab) // a word that is no tag yet becomes one
	b.see(`#cap-preview .chip--pad`)
	b.waits(`[...document.querySelectorAll("#cap-preview .chip")].some(e => e.textContent.includes("splicers") && !e.matches(".chip--miss"))`, "the new tag is known")
	b.keys(keyEnter)
	b.reads("A shared fleet of repair ships would pay for itself")
	b.line("Nobody owns the last mile of a landing station #t !claim")
	b.reads("Nobody owns the last mile of a landing station")
	b.line("Permits take longer than repairs #d")
	b.reads("Permits take longer than repairs")
	b.saved()

	b.keys(keyArrowUp)
	b.see("[data-editing] textarea")
	b.waits(`document.activeElement.matches("[data-editing] textarea")`, "the edit form takes the focus")
	b.keys(" by months")
	b.tabTo("Save insight")
	b.keys(keyEnter)
	b.reads("Permits take longer than repairs by months")
	b.waits(`document.activeElement.id === "f-line"`, "the line has the focus again")

	b.keys("z", chromedp.ModifierCtrl)
	b.reads("The insight was taken away.")
	b.waits(`![...document.querySelectorAll("#cap-stream .ins__text")].some(e => e.textContent.includes("Permits take"))`, "the last line is gone")
	if mice := b.eval(`String(window.mice)`); mice != "0" {
		t.Errorf("%s mouse events", mice)
	}

	b.follow("Leave capture", ".tabs")
	b.keys("/")
	b.waits(`document.activeElement.matches("input[type=search]")`, "the search field has the focus")
	b.keys("\"last mile of a landing\"" + keyEnter)
	b.see("#ins-list")
	b.reads("Nobody owns the last mile of a landing station")
	b.tabTo("Nobody owns the last mile")
	b.keys(keyEnter)
	b.see("#ins-detail [data-panel-head]")
	b.keys(keyEscape)
	b.waits(`document.activeElement.matches("a[data-row-link]") && !document.querySelector("[data-panel-head]") && location.pathname === "/insights"`, "Escape leads back to the row")
	b.open("/insights?q=%22permits+take+longer%22")
	b.see("#ins-list")
	if n := b.count(".xrow"); n != 0 {
		t.Errorf("what was taken away is found %d times", n)
	}
	b.quiet()
}

// TestJourney_taggingWithKeysAlone puts pillars on the insights that have none, one
// after another: after each the focus is on the next.
func TestJourney_taggingWithKeysAlone(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	b.open("/insights?pillar=none")
	b.see("#ins-list .xrow")
	left := b.count(".xrow")
	second := b.eval(`document.querySelectorAll(".xrow")[1].querySelector("a[data-row-link]").textContent.trim()`)
	b.keys("j")
	b.keys("1")
	b.reads("Security added to 1 insight.")
	b.waits(`document.activeElement.matches(".xrow a[data-row-link]")`, "a row has the focus again")
	if now := b.eval(`document.activeElement.textContent.trim()`); now != second {
		t.Errorf("the focus is on %q, want %q, which took the place", now, second)
	}
	b.keys("4")
	b.reads("Alliances added to 1 insight.")
	if n := b.count(".xrow"); n != left-2 {
		t.Errorf("%d of %d insights are left without a pillar", n, left)
	}
}

// waits holds until the expression is true.
func (b *person) waits(expression, what string) {
	b.t.Helper()
	b.must("wait until "+what, func(ctx context.Context) error {
		for { // a page that is just leaving or coming throws: it is not so yet
			if so, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && so {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}

// saved waits until no line of the capture page is on its way.
func (b *person) saved() {
	b.t.Helper()
	b.waits(`!document.querySelector("[data-kept]")`, "every line is saved")
}

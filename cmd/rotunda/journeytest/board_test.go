package journeytest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// middle returns where the middle of an element stands in the window.
func (b *person) middle(css string) (x, y float64) {
	b.t.Helper()
	var at struct{ X, Y float64 }
	raw := b.eval(`JSON.stringify((r => ({X: r.x + r.width / 2, Y: r.y + Math.min(r.height / 2, 60)}))(document.querySelector(` + quote(css) + `).getBoundingClientRect()))`)
	if err := json.Unmarshal([]byte(raw), &at); err != nil {
		b.t.Fatal(err)
	}
	return at.X, at.Y
}

// drags takes an element with the mouse and lets it go over another, as a hand
// does: pressed, moved, dropped.
func (b *person) drags(from, to string) {
	b.t.Helper()
	x, y := b.middle(from)
	toX, toY := b.middle(to)
	b.must("drag "+from, func(ctx context.Context) error {
		if _, err := chromedp.Call(ctx, input.SetInterceptDrags, input.SetInterceptDragsParams{Enabled: true}); err != nil {
			return err
		}
		within, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		taken := make(chan *input.DragData, 1)
		events := chromedp.Events(within, input.DragIntercepted)
		go func() {
			for e, err := range events {
				if err != nil {
					return
				}
				taken <- e.Data
				return
			}
		}()
		for _, m := range []input.DispatchMouseEventParams{
			{Type: "mouseMoved", X: x, Y: y},
			{Type: "mousePressed", X: x, Y: y, Button: "left", Buttons: 1, ClickCount: 1},
			{Type: "mouseMoved", X: x + 12, Y: y + 6, Button: "left", Buttons: 1},
			{Type: "mouseMoved", X: x + 24, Y: y + 12, Button: "left", Buttons: 1},
		} {
			if _, err := chromedp.Call(ctx, input.DispatchMouseEvent, m); err != nil {
				return err
			}
		}
		var data *input.DragData
		select {
		case data = <-taken:
		case <-within.Done():
			return within.Err()
		}
		for _, kind := range []input.DispatchDragEventType{"dragEnter", "dragOver", "drop"} {
			if _, err := chromedp.Call(ctx, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: toX, Y: toY, Data: data}); err != nil {
				return err
			}
		}
		_, err := chromedp.Call(ctx, input.SetInterceptDrags, input.SetInterceptDragsParams{})
		return err
	})
}

// column returns the statement of the column in which a card stands.
func (b *person) column(words string) string {
	return b.eval(`([...document.querySelectorAll("[data-card]")].find(c => c.innerText.includes(` + quote(words) + `))?.closest("[data-column]")?.querySelector("h2")?.innerText ?? "").trim()`)
}

// TestJourney_theSynthesisBoard moves a card with the mouse, takes that back,
// and moves it by the keyboard.
func TestJourney_theSynthesisBoard(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	b.open("/themes/board")
	b.see("#board [data-card]")
	words := b.eval(`document.querySelector('[data-column="none"] [data-card] .ins__text').innerText.trim()`)
	target := b.eval(`document.querySelectorAll("[data-column]")[1].querySelector("h2").innerText.trim()`)
	b.drags(`[data-column="none"] [data-card]`, `[data-column]:nth-of-type(2)`)
	b.reads("Moved 1 insight to “")
	if at := b.column(words); at != target {
		t.Errorf("the card dropped over %q stands in %q", target, at)
	}
	b.press("Undo")
	b.waits(`!document.querySelector("#toasts form[action^='/undo/']")`, "the move is taken back")
	b.open("/themes/board")
	if at := b.column(words); at != "Not sorted yet" {
		t.Errorf("after the undo it stands in %q", at)
	}

	b.keys("j")
	b.waits(`document.activeElement.closest("[data-column='none'] [data-card]")`, "the first card has the focus")
	b.keys("x")
	b.waits(`document.querySelectorAll("[data-pick]:checked").length === 1`, "the card is chosen")
	b.keys("m")
	b.waits(`document.activeElement.id === "board-to"`, "where to has the focus")
	b.choose("#board-to", target[:20])
	b.keys(keyTab)
	b.keys(keyEnter)
	b.reads("Moved 1 insight to “")
	if at := b.column(words); at != target {
		t.Errorf("moved by choosing it stands in %q, want %q", at, target)
	}
	b.waits(`document.activeElement.closest("[data-column='none'] [data-card]")`, "the next card has the focus")
	b.keys("j")
	words = b.eval(`document.activeElement.innerText.trim()`)
	b.keys("L")
	b.waits(`document.activeElement.innerText.trim() === `+quote(words)+` && !document.activeElement.closest("[data-column='none']")`, "the focus goes along with the card")
	if at := b.column(words); at != target {
		t.Errorf("moved by one key it stands in %q, want %q", at, target)
	}
	b.accessible("the synthesis board")
	b.quiet()
}

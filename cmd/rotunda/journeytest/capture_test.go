package journeytest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// conditions are those of the browser's network.
type conditions struct {
	Offline            bool    `json:"offline"`
	Latency            float64 `json:"latency"`
	DownloadThroughput float64 `json:"downloadThroughput"`
	UploadThroughput   float64 `json:"uploadThroughput"`
}

var emulateNetwork = cdp.Command[conditions, cdp.Empty]{Method: "Network.emulateNetworkConditions"}

// offline takes the browser's network away or gives it back.
func (b *person) offline(gone bool) {
	b.t.Helper()
	b.must("network", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulateNetwork, conditions{Offline: gone, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	})
}

// TestJourney_aLostConnectionLosesNoLine captures while the network is away:
// the lines are shown as not saved, and once it is back each is saved once.
func TestJourney_aLostConnectionLosesNoLine(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	room := b.roundtable("The Digital Backbone")
	b.open(room + "/capture")
	typed := []string{"The spare cable lies in one depot only", "The second depot was sold", "Nobody counted the splicers"}
	b.captures(typed[0], false)
	b.saved()

	b.offline(true)
	b.reads("No connection.") // before anything is typed
	for _, text := range typed[1:] {
		b.captures(text, false)
	}
	b.reads("2 lines are not saved.")
	b.see("#unsent")
	if n := b.count("[data-kept]"); n != 2 {
		t.Errorf("%d lines are shown as not saved, want 2", n)
	}
	time.Sleep(3 * time.Second) // long enough to be tried again in vain

	b.offline(false)
	b.saved()
	b.waits(`document.getElementById("unsent").hidden`, "the banner goes")
	for _, text := range typed {
		b.open("/insights?q=" + "%22" + strings.ReplaceAll(text, " ", "+") + "%22")
		b.see("#ins-list")
		if n := b.count(".xrow"); n != 1 {
			t.Errorf("%q is kept %d times", text, n)
		}
	}
}

// TestJourney_anEditKeepsWhatWas changes an insight where it stands; its
// record tells both wordings.
func TestJourney_anEditKeepsWhatWas(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	room := b.roundtable("The Digital Backbone")
	b.open(room + "/capture")
	b.captures("Splicers are trained in three contries", false)
	b.saved()
	b.click("#cap-stream li:last-child [data-edit]")
	b.fill("[data-editing] textarea", "Splicers are trained in three countries")
	b.click("[data-editing] button.btn--primary")
	b.reads("Splicers are trained in three countries")
	b.waits(`!document.querySelector("[data-editing]")`, "the form gives way to the line")
	id := b.eval(`document.querySelector("#cap-stream li:last-child").dataset.insight`)
	b.open("/insights/" + id)
	b.reads("Splicers are trained in three countries")
	b.reads("Splicers are trained in three contries")
	b.quiet()
}

// TestJourney_paperHoldsNoControls looks at pages as a printer would.
func TestJourney_paperHoldsNoControls(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	room := b.roundtable("The Digital Backbone")
	for _, path := range []string{room + "/capture", room + "/insights", "/insights", room + "/guests", room + "/agenda", room} {
		b.open(path)
		b.see("h1")
		b.must("print", func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
			return err
		})
		if b.eval(`String(document.querySelector("h1").checkVisibility())`) != "true" {
			t.Errorf("%s prints without its heading", path)
		}
		left := b.eval(`[...document.querySelectorAll("button:not(.rule), input, select, textarea, .btn, .rail, .tabs, .filters, .composer, [popover]")]
			.filter(e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 1)
			.map(e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 30)).join("\n")`)
		if left != "" {
			t.Errorf("%s prints controls:\n%s", path, left)
		}
		b.must("screen", func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
			return err
		})
	}
}

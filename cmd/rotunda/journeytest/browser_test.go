package journeytest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axe string

// patience is how long a step may take before the test fails.
const patience = 15 * time.Second

// need skips the test unless journeys are asked for.
func need(t testing.TB) {
	t.Helper()
	if os.Getenv("ROTUNDA_JOURNEYS") == "" && os.Getenv("ROTUNDA_SHOTS") == "" {
		t.Skip("browser journeys run with ROTUNDA_JOURNEYS=1, as make test does")
	}
}

// person is somebody at a browser of their own, with their own cookies.
type person struct {
	t       testing.TB
	ctx     context.Context
	base    string
	mu      sync.Mutex
	console []string // errors and refused loads
}

// options say how the browser is set up.
type options struct {
	Width, Height int64
	Phone         bool
	Dark          bool
	NoScript      bool
}

var desktop, phone = options{Width: 1440, Height: 1000}, options{Width: 390, Height: 844, Phone: true}

// sit opens a browser for somebody. Every one has its own process, so that
// nothing is shared but the site.
func (p *program) sit(o options) *person {
	t := p.t
	t.Helper()
	path := chromium(t)
	allocOpts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
		chromedp.WindowSize(int(o.Width), int(o.Height)))
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), allocOpts...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() { cancel(); cancelAlloc() })
	b := &person{t: t, ctx: ctx, base: p.Base}
	if err := chromedp.Do(ctx); err != nil { // without a time limit: its end would end the browser
		t.Fatalf("Chromium does not start: %v", err)
	}
	b.watch()
	b.setUp(o)
	return b
}

func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("Chromium is missing: run make deps")
	return ""
}

func (b *person) setUp(o options) {
	b.t.Helper()
	b.must("size", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: o.Width, Height: o.Height, DeviceScaleFactor: 1, Mobile: o.Phone,
		})
		return err
	})
	b.dark(o.Dark)
	if o.NoScript {
		b.must("scripts off", func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			return err
		})
	}
}

// dark switches what the system prefers.
func (b *person) dark(on bool) {
	b.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	b.media("", value)
}

// media is the page as a screen ("") or "print" would show it, light or dark.
func (b *person) media(medium, scheme string) {
	b.t.Helper()
	b.must("media", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media:    medium,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// watch collects what the browser complains about: script errors and loads
// that the content security policy refused.
func (b *person) watch() {
	b.must("log", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, log.Enable, cdp.Empty{})
		return err
	})
	entries, thrown := chromedp.Events(b.ctx, log.EntryAdded), chromedp.Events(b.ctx, runtime.ExceptionThrown)
	go func() {
		for e, err := range entries {
			if err != nil {
				return
			}
			if e.Entry.Level == log.EntryLevelError {
				b.complain(e.Entry.Text + " " + e.Entry.URL)
			}
		}
	}()
	go func() {
		for e, err := range thrown {
			if err != nil {
				return
			}
			b.complain("exception: " + e.ExceptionDetails.Text)
		}
	}()
}

func (b *person) complain(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.console = append(b.console, s)
}

// quiet fails the test when the browser complained about anything but the
// statuses a test provoked on purpose.
func (b *person) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.console {
		if !strings.Contains(c, "status of 4") {
			b.t.Errorf("the browser complains: %s", c)
		}
	}
	b.console = nil
}

// must runs a step within the time it may take.
func (b *person) must(what string, f func(context.Context) error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := f(ctx); err != nil {
		shot := filepath.Join(os.TempDir(), fmt.Sprintf("rotunda-failed-%d.png", os.Getpid()))
		// A page that asks a question of its own answers nothing else.
		last, cancel := context.WithTimeout(b.ctx, 5*time.Second)
		defer cancel()
		if png, errShot := chromedp.Run(last, chromedp.CaptureScreenshot()); errShot == nil {
			_ = os.WriteFile(shot, png, 0o600)
		}
		at, _ := chromedp.Run(last, chromedp.Location())
		b.t.Fatalf("%s: %v (at %s, picture %s)", what, err, at, shot)
	}
}

func (b *person) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.must(what, func(ctx context.Context) error { return chromedp.Do(ctx, steps...) })
}

// open goes to a path or an address.
func (b *person) open(path string) {
	b.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.base + path
	}
	b.do("open "+path, chromedp.Navigate(path))
}

// click clicks the first element of the selector.
func (b *person) click(css string) {
	b.t.Helper()
	b.do("click "+css, chromedp.WaitVisible(chromedp.CSS(css)), chromedp.Click(chromedp.CSS(css)))
}

// submit clicks what leads to another page and waits until it has loaded.
func (b *person) submit(css string) {
	b.t.Helper()
	b.must("submit "+css, func(ctx context.Context) error {
		if err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(css))); err != nil {
			return err
		}
		_, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Click(chromedp.CSS(css))))
		return err
	})
}

// named returns the XPath of the visible button or link whose text begins with
// the words.
func named(words string) string {
	return fmt.Sprintf(`//*[self::button or self::a or self::summary or self::label][starts-with(normalize-space(.), %q)]`, words)
}

// press clicks the button or link that says the words.
func (b *person) press(words string) {
	b.t.Helper()
	b.do("press "+words, chromedp.Click(chromedp.Search(named(words)), chromedp.NodeVisible))
}

// fill types into a field in place of what it holds.
func (b *person) fill(css, text string) {
	b.t.Helper()
	b.do("fill "+css, chromedp.WaitVisible(chromedp.CSS(css)), chromedp.Focus(chromedp.CSS(css)))
	b.eval("(document.querySelector(" + quote(css) + ").value = '')") // a textarea that is empty has nothing to clear
	b.do("type into "+css, chromedp.SendKeys(chromedp.CSS(css), text))
}

// set gives a field a value that nobody types, such as a date or a choice.
func (b *person) set(css, value string) {
	b.t.Helper()
	b.do("set "+css, chromedp.WaitReady(chromedp.CSS(css)), chromedp.SetValue(chromedp.CSS(css), value))
}

// see waits until the element is visible.
func (b *person) see(css string) {
	b.t.Helper()
	b.do("see "+css, chromedp.WaitVisible(chromedp.CSS(css)))
}

// reads waits until the page's text contains the words.
func (b *person) reads(words string) {
	b.t.Helper()
	b.must(fmt.Sprintf("read %q", words), func(ctx context.Context) error {
		for {
			body, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body?.innerText ?? ''"))
			if err == nil && strings.Contains(strings.Join(strings.Fields(body), " "), words) {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("the page does not say so: %s", tail(strings.Join(strings.Fields(body), " "), 800))
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}

// at returns the page's address.
func (b *person) at() string {
	b.t.Helper()
	var s string
	b.must("address", func(ctx context.Context) (err error) {
		s, err = chromedp.Run(ctx, chromedp.Location())
		return err
	})
	return s
}

// count returns how many elements match.
func (b *person) count(css string) int {
	b.t.Helper()
	var n int
	b.must("count "+css, func(ctx context.Context) (err error) {
		n, err = chromedp.Run(ctx, chromedp.Evaluate[int](fmt.Sprintf("document.querySelectorAll(%q).length", css)))
		return err
	})
	return n
}

// picture writes a screenshot of what the window shows.
func (b *person) picture(path string) {
	b.t.Helper()
	b.must("picture", func(ctx context.Context) error {
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return err
		}
		return os.WriteFile(path, png, 0o644) //nolint:gosec // a picture for everybody
	})
}

// violation is one finding of axe.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// accessible fails the test for every WCAG 2.2 A and AA violation of the page.
func (b *person) accessible(what string) {
	b.t.Helper()
	b.must("axe on "+what, func(ctx context.Context) error {
		if err := chromedp.Do(ctx, chromedp.Action[chromedp.Void](chromedp.Evaluate[chromedp.Void](axe))); err != nil {
			return err
		}
		raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](`axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa"]})
			.then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
		if err != nil {
			return err
		}
		var found []violation
		if err := json.Unmarshal([]byte(raw), &found); err != nil {
			return err
		}
		for _, v := range found {
			for _, n := range v.Nodes {
				b.t.Errorf("axe on %s: %s (%s)\n  %s\n  %s", what, v.Help, v.ID, tail(n.HTML, 300), n.Summary)
			}
		}
		return nil
	})
}

// widest names what sticks out of the window and lies in no box that scrolls.
const widest = `(() => {
	const w = document.documentElement.clientWidth, out = [];
	if (document.documentElement.scrollWidth - w <= 1) return "";
	for (const e of document.body.querySelectorAll("*")) {
		if (e.getBoundingClientRect().right <= w + 1) continue;
		let p = e.parentElement;
		while (p && getComputedStyle(p).overflowX === "visible") p = p.parentElement;
		if (!p || p === document.body || p === document.documentElement) out.push(e.outerHTML.slice(0, 120));
	}
	return (document.documentElement.scrollWidth - w) + " px: " + out.slice(0, 4).join("  |  ");
})()`

// fitsWidth fails the test when the page scrolls sideways.
func (b *person) fitsWidth(what string) {
	b.t.Helper()
	if over := b.eval(widest); over != "" {
		b.t.Errorf("%s is wider than the window by %s", what, over)
	}
}

// eval runs an expression in the page and returns its string.
func (b *person) eval(expression string) string {
	b.t.Helper()
	var s string
	b.must("evaluate", func(ctx context.Context) (err error) {
		s, err = chromedp.Run(ctx, chromedp.Evaluate[string](expression))
		return err
	})
	return s
}

// quote writes a Go string as one of JavaScript's.
func quote(s string) string {
	raw, _ := json.Marshal(s) // strings always can be
	return string(raw)
}

// upload chooses a file.
func (b *person) upload(css, path string) {
	b.t.Helper()
	b.do("upload", chromedp.WaitReady(chromedp.CSS(css)), chromedp.SetUploadFiles(chromedp.CSS(css), []string{path}))
}

// enter presses Enter in a field.
func (b *person) enter(css string) {
	b.t.Helper()
	b.do("press Enter", chromedp.SendKeys(chromedp.CSS(css), "\r"))
}

// choose picks the option of a select whose text begins with the words.
func (b *person) choose(css, words string) {
	b.t.Helper()
	value := b.eval(`[...document.querySelector(` + quote(css) + `).options].find(o => o.text.trim().startsWith(` + quote(words) + `))?.value ?? ""`)
	if value == "" {
		b.t.Fatalf("%s has no %q", css, words)
	}
	b.set(css, value)
}

// nthClick clicks the n-th element of the selector that is not picked yet.
func nthClick(css string, n int) func(context.Context) error {
	return func(ctx context.Context) error {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(
			"(e => { if (!e) return false; e.click(); return true })(document.querySelectorAll(%q)[%d])", css, n)))
		if err == nil && !ok {
			err = fmt.Errorf("there is no %d. %s", n+1, css)
		}
		return err
	}
}

// awaits runs an expression that promises a string and returns what it keeps.
func (b *person) awaits(what, expression string) string {
	b.t.Helper()
	var s string
	b.must(what, func(ctx context.Context) (err error) {
		s, err = chromedp.Run(ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
		return err
	})
	return s
}

// post sends a form with the browser's own session and returns the answer.
func (b *person) post(path, form string) string {
	b.t.Helper()
	return b.awaits("post to "+path, "fetch("+quote(path)+", {method: 'POST', body: new URLSearchParams("+quote(form)+
		")}).then(r => r.ok ? r.text() : 'status ' + r.status)")
}

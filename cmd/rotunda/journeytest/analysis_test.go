package journeytest

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// downloadsTo is the parameters of Browser.setDownloadBehavior.
type downloadsTo struct {
	Behavior     string `json:"behavior"`
	DownloadPath string `json:"downloadPath"`
}

var downloadBehavior = cdp.Command[downloadsTo, cdp.Empty]{Method: "Browser.setDownloadBehavior"}

// savedFile clicks what downloads a file and returns the file once it is whole.
func (b *person) savedFile(dir, css, name string) []byte {
	b.t.Helper()
	b.click(css)
	path := filepath.Join(dir, name)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		raw, err := os.ReadFile(path)
		if part, _ := filepath.Glob(filepath.Join(dir, "*.crdownload")); err == nil && len(raw) > 0 && len(part) == 0 {
			return raw
		}
	}
	there, _ := filepath.Glob(filepath.Join(dir, "*"))
	b.t.Fatalf("%s saves no %s: there is %q", css, name, there)
	return nil
}

// TestJourney_aTableOfTheAnalysisIsTakenAlongInThreeForms clicks the CSV, the
// SVG and the PNG of a table: the picture as PNG is made in the browser, at
// twice the size of the SVG.
func TestJourney_aTableOfTheAnalysisIsTakenAlongInThreeForms(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	dir := t.TempDir()
	b.must("downloads", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, downloadBehavior, downloadsTo{Behavior: "allow", DownloadPath: dir})
		return err
	})
	b.open("/analysis?since=all")
	b.see("h1")
	links := "#cross .filelinks "
	drawing := b.savedFile(dir, links+"a[download$='.svg']", "analysis.svg")
	var svg struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		Width   int      `xml:"width,attr"`
		Height  int      `xml:"height,attr"`
	}
	if err := xml.Unmarshal(drawing, &svg); err != nil || svg.Width == 0 || svg.Height == 0 {
		t.Fatalf("the SVG is %d × %d: %v", svg.Width, svg.Height, err)
	}
	picture, kind, err := image.DecodeConfig(bytes.NewReader(b.savedFile(dir, links+"[data-png]", "analysis.png")))
	if err != nil || kind != "png" || picture.Width != 2*svg.Width || picture.Height != 2*svg.Height {
		t.Errorf("the picture is a %s of %d × %d beside a drawing of %d × %d: %v", kind, picture.Width, picture.Height, svg.Width, svg.Height, err)
	}
	b.click(links + "a[href*='/analysis/export']:not([download])")
	var table []byte
	for end := time.Now().Add(patience); table == nil && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if found, _ := filepath.Glob(filepath.Join(dir, "*.csv")); len(found) == 1 {
			table, _ = os.ReadFile(found[0])
		}
	}
	lines, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil || len(lines) < 6 || lines[0][0] != "STEAD pillar" {
		t.Errorf("the table has %d lines: %v %q", len(lines), err, lines)
	}
	// The speakers of a roundtable of one's own, and the topics of all.
	room := b.roundtable("The Digital Backbone")
	for _, path := range []string{"/analysis?since=all&measure=speakers&roundtable=" + room[len("/roundtables/"):], "/analysis/unheard?since=all"} {
		b.open(path)
		b.see("h1")
		b.accessible(path)
		b.dark(true)
		b.accessible(path + " in the dark")
		b.dark(false)
	}
	b.quiet()
}

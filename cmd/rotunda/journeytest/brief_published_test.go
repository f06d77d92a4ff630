package journeytest

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const briefTitle = "Permits First for Cable Repair"

// writes writes the brief of a roundtable and returns its path: in its own
// words, with insights cited, themes and recommendations. One word too many is
// found by the leak lint, and taken out again.
func (b *person) writes(room string, found []finding, proposed []proposal) string {
	b.t.Helper()
	b.open("/briefs/new?roundtable=" + room[strings.LastIndex(room, "/")+1:])
	b.fill("[name=title]", briefTitle)
	b.submit("form.formw button.btn--primary")
	b.see("#brief-form")
	path := strings.TrimSuffix(strings.TrimPrefix(b.at(), b.base), "/edit")
	b.open(path + "/edit?q=" + strings.ReplaceAll(found[0].heard[0].words, " ", "+"))
	b.fill("[name=bottom_line]", "Cables wait for papers longer than for ships.")
	b.fill("[name=key_messages]", "- Papers delay more than storms do. ")
	b.fill("[name=summary]", "People of Zqfirm03 Works said so too.")
	b.fill("[name=report]", "# What we heard\n\nRepairs wait: ")
	b.fill("[name=uncertainty]", "What a closed sea would cost Americans was not settled.")
	b.eval(`document.querySelector("#brief-material [data-insert]").click(), ""`)
	b.eval(`scrollTo(0, 0), ""`)
	b.drags("#brief-material li:nth-child(2)", "[name=key_messages]")
	for kind, list := range map[string][]string{
		"theme":          {found[0].statement, found[1].statement, found[2].statement},
		"recommendation": {proposed[0].title, proposed[1].title, proposed[2].title},
	} {
		for i, words := range list {
			if n := b.eval(fmt.Sprintf(`(l => (l && (l.querySelector("input").value = "%d"), String(!!l)))([...document.querySelectorAll("#brief-%s label, [aria-labelledby^='brief-%s'] label")].find(l => l.innerText.includes(%s)))`,
				i+1, kind, kind, quote(words))); n != "true" {
				b.t.Fatalf("the brief is not offered %q", words)
			}
		}
	}
	b.submit("#brief-form .formfoot button.btn--primary")
	b.reads("May tell who was in the room")
	b.reads("Zqfirm03")
	b.open(path + "/edit")
	for _, field := range []string{"key_messages", "report"} {
		if text := b.eval(`document.querySelector("[name=` + field + `]").value`); strings.Count(text, "[[i:") != 1 {
			b.t.Errorf("%s cites no insight: %q", field, text)
		}
	}
	b.fill("[name=summary]", "Ships are few, and papers are slow.")
	b.submit("#brief-form .formfoot button.btn--primary")
	b.reads("The check found nothing in the way.")
	return path
}

// publishes has somebody who did not write the brief approve and publish it,
// and returns its public address.
func (b *person) publishes(author *person, path string) string {
	b.t.Helper()
	author.open(path)
	author.submitNamed("Put up for review")
	if n := author.count("form[action$='/approve']"); n != 0 {
		b.t.Error("the author is offered to approve the brief")
	}
	b.open(path)
	b.submitNamed("Approve")
	b.submitNamed("Publish")
	b.see("#brief-manifest")
	return b.linked("/public/briefs/", "")
}

// fetch reads an address without cookies, as everybody can. It fails the test
// when a cookie is set or a word of the room stands in the answer or, of a packed
// file, in any part of it.
func (p *program) fetch(path string) string {
	p.t.Helper()
	res, err := http.Get(p.Base + path)
	if err != nil {
		p.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("GET %s: %d %v", path, res.StatusCode, err)
	}
	if res.Header.Get("Set-Cookie") != "" {
		p.t.Errorf("%s sets a cookie", path)
	}
	p.discreet(path, fmt.Sprint(res.Header))
	switch {
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return p.unzipped(path, body)
	case bytes.HasPrefix(body, []byte("%PDF-")):
		return p.printed(path, body)
	}
	p.discreet(path, string(body))
	return string(body)
}

// discreet fails the test when a text tells a word of the room.
func (p *program) discreet(what, text string) {
	p.t.Helper()
	if word := secret.FindString(text); word != "" {
		p.t.Errorf("%s tells %q", what, word)
	}
}

var markup = regexp.MustCompile(`<[^>]*>`)

// unzipped returns the text of a Word file, its properties last.
func (p *program) unzipped(what string, body []byte) string {
	p.t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		p.t.Fatal(err)
	}
	var out strings.Builder
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			p.t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			p.t.Fatal(err)
		}
		p.discreet(what+" "+part.Name, part.Name+string(raw)+markup.ReplaceAllString(string(raw), ""))
		if part.Name == "word/document.xml" || strings.HasPrefix(part.Name, "docProps/") {
			out.WriteString(markup.ReplaceAllString(string(raw), " "))
		}
	}
	return spaced(out.String())
}

// printed returns the text and the properties of a PDF, read by poppler.
func (p *program) printed(what string, body []byte) string {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "brief.pdf")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		p.t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", file, "-").CombinedOutput() //nolint:gosec // our own file
	if err != nil {
		p.t.Fatalf("pdftotext (make deps installs it): %v %s", err, text)
	}
	info, err := exec.Command("pdfinfo", "-meta", file).CombinedOutput() //nolint:gosec // the same
	if err != nil {
		p.t.Fatalf("pdfinfo: %v %s", err, info)
	}
	facts, err := exec.Command("pdfinfo", file).CombinedOutput() //nolint:gosec // the same
	if err != nil {
		p.t.Fatalf("pdfinfo: %v %s", err, facts)
	}
	p.discreet(what, string(body)+string(text)+string(info)+string(facts))
	return spaced(string(text) + " " + string(facts))
}

// spaced is a text in which line breaks count as spaces.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// readsPublished reads what everybody can read: the page, the lists and the
// feed that lead to it, and the files.
func (p *program) readsPublished(public string, found []finding, proposed []proposal) {
	p.t.Helper()
	for _, path := range []string{"/public", "/public/briefs", "/public/briefs.atom", "/public/sitemap.xml"} {
		if !strings.Contains(p.fetch(path), public) {
			p.t.Errorf("%s does not lead to the brief", path)
		}
	}
	for _, path := range []string{"/public/roundtables", "/public/roundtables.ics", public} {
		p.fetch(path)
	}
	anybody := p.sit(desktop)
	anybody.open(public)
	anybody.reads(briefTitle)
	anybody.readsJudgments(proposed)
	anybody.followsSentences()
	files := map[string]string{
		"docx": p.fetch(anybody.linked(public+"/brief.docx", "Word")), "pdf": p.fetch(anybody.linked(public+"/brief.pdf", "PDF")),
		"html": spaced(anybody.eval("document.body.innerText")),
	}
	for name, text := range files {
		for _, f := range found {
			holds(p.t, name, text, f.statement, f.dissent)
		}
		for _, r := range proposed {
			holds(p.t, name, text, r.title, r.addressee, r.uncertain)
		}
		holds(p.t, name, text, briefTitle, "Cables wait for papers", "Not adopted", "Chatham House Rule", "None recorded", "not settled")
	}
	p.readsData(p.fetch(anybody.linked(public+"/data.csv", "Data")), anybody.count(".evidence li"))
	anybody.accessible("the public brief")
	anybody.quiet()
}

// holds fails the test when a text lacks any of the words, in whatever case.
func holds(t testing.TB, what, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
			t.Errorf("the %s does not say %q", what, w)
		}
	}
}

// readsJudgments compares what the public reads of the panels with what they
// decided.
func (b *person) readsJudgments(proposed []proposal) {
	b.t.Helper()
	for i, r := range proposed {
		item := b.eval(fmt.Sprintf(`(l => l ? JSON.stringify({text: l.innerText, verdicts: [...l.querySelectorAll(".verdict b")].map(e => e.innerText.trim())}) : "{}")(document.querySelectorAll("ol.recs > li")[%d])`, i))
		var shown struct {
			Text     string
			Verdicts []string
		}
		if err := json.Unmarshal([]byte(item), &shown); err != nil {
			b.t.Fatal(err)
		}
		if !slices.Equal(shown.Verdicts, r.verdicts[:]) {
			b.t.Errorf("%q is shown as judged %q, want %q", r.title, shown.Verdicts, r.verdicts)
		}
		if strings.Contains(shown.Text, "Not adopted") == r.adopted || !strings.Contains(shown.Text, r.title) {
			b.t.Errorf("recommendation %d reads %q", i+1, shown.Text)
		}
	}
}

// followsSentences follows each citation of the published text to the insight
// under its theme, which says no more of its speaker than the sector.
func (b *person) followsSentences() {
	b.t.Helper()
	broken := b.eval(`(links => links.length === 2 ? links.filter(a => !document.querySelector(".finding " + a.getAttribute("href"))).map(a => a.outerHTML).join() : links.length + " citations")([...document.querySelectorAll(".prose .cite a[href^='#i-']")])`)
	if broken != "" {
		b.t.Errorf("a sentence does not lead to its insight: %s", broken)
	}
	by := b.eval(`[...new Set([...document.querySelectorAll(".evidence small")].map(e => e.firstChild.textContent.split("·")[0].trim()))].sort().join("|")`)
	for _, who := range strings.Split(by, "|") {
		if !slices.Contains([]string{"a participant from Academia", "a participant from Congress", "a participant from Industry"}, who) {
			b.t.Errorf("the public reads that %q said it", who)
		}
	}
}

// readsData reads the table behind the brief.
func (p *program) readsData(text string, listed int) {
	p.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		p.t.Fatal(err)
	}
	if len(rows)-1 > listed || len(rows) < 30 {
		p.t.Errorf("the data has %d insights, the page lists %d", len(rows)-1, listed)
	}
}

// followsTrail goes, as staff, from the brief by its theme to an insight and
// from there back to what was published.
func (b *person) followsTrail(path string, f finding, r proposal) {
	b.t.Helper()
	b.open(path)
	b.open(b.linked("/themes/", f.statement))
	b.open(b.linked("/insights/", "In case"))
	at := strings.TrimPrefix(b.at(), b.base)
	words := b.eval(`document.querySelector(".det__text").innerText.trim()`)
	for address, text := range map[string]string{"/themes/": f.statement, "/recommendations/": r.title} {
		b.linked(address, text)
	}
	b.open(b.linked("/public/briefs/", briefTitle))
	id := at[strings.LastIndex(at, "/")+1:]
	if shown := b.eval(`document.querySelector("#i-` + id + `")?.innerText ?? ""`); !strings.Contains(shown, words) {
		b.t.Errorf("what became of %q leads to %q", words, shown)
	}
}

// readsDecisions reads the list of recommendations: what was adopted is
// published, what was not stays so.
func (b *person) readsDecisions(proposed []proposal) {
	b.t.Helper()
	b.open("/recommendations")
	b.see("main tbody")
	for _, r := range proposed {
		want := map[bool]string{true: "Published", false: "Not adopted"}[r.adopted]
		row := b.eval(`[...document.querySelectorAll("main tbody tr")].find(e => e.innerText.includes(` + quote(r.title) + `))?.innerText ?? ""`)
		holds(b.t, "row of "+r.title, row, append([]string{want}, r.verdicts[:]...)...)
	}
}

package files_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/views/files"
)

// aBrief is one with everything in it.
func aBrief() (models.BriefContent, models.Manifest) {
	verdicts := [3]models.BriefVerdict{
		{Criterion: "Deters great-power aggression", Key: "meets", Words: "Meets", Median: "8", Scores: 7},
		{Criterion: "Advances the peace and prosperity of Americans", Key: "uncertain", Words: "Uncertain", Median: "6", Scores: 7, Disagreement: true},
		{Criterion: "Advances the peace and prosperity of the world", Key: "meets", Words: "Meets", Median: "7.5", Scores: 6},
	}
	c := models.BriefContent{
		Title: "Allied repair capacity for undersea cables", Slug: "cables", Version: 2, PublishedOn: "2026-11-22", Institute: "The Institute for Allied Technology",
		BottomLine:  "Allies can *repair* cables only as fast as permits allow.",
		KeyMessages: "- Permits come **before** ships\n- Crews retire within eight years\n  - and nobody trains new ones\n\n1. First\n2. Second",
		Summary:     "The room agreed on three things[^1].\n\n> A repair ship that waits is no ship.\n\n[^1]: Each of them is a finding below.",
		Report:      "# Permits\n\nSee the [guide](https://example.org/guide) and <b>not this tag</b>, but [not this](javascript:alert(1)).\n\n<script>alert('hidden')</script>\n\n| Country | Days |\n|---|---|\n| Japan & friends | 12 |\n| Portugal | 30 |\n\n## Crews\n\n" + strings.Repeat("A long paragraph about crews follows the ships. ", 90),
		Meetings: []models.BriefMeeting{{
			Title: "Cables and crews", HeldOn: "2026-09-14", Purpose: "To find what slows repair down.", Regime: "Chatham House Rule",
			RegimeStatement: "This meeting was held under the Chatham House Rule.",
			Groups:          []models.BriefHeadCount{{Group: "Government & diplomacy", Count: "11"}, {Group: "Non-government", Count: "12"}},
		}},
		Themes: []models.BriefTheme{{
			Statement: "Permits, not ships, set the pace of repair", ConsensusWords: "most", Dissent: "None recorded.", Confidence: "High confidence; moderate basis",
			Insights: []models.BriefInsight{
				{ID: 1, Text: "Permits come before ships", Attribution: "a participant from Industry", Relation: "Supports", Verbatim: true},
				{ID: 2, Text: "Türkiye, Łódź and São Paulo: 日本 watches", Attribution: "a non-government participant", Relation: "Qualifies"},
			},
		}},
		Recommendations: []models.BriefRecommendation{{
			Number: 1, Title: "Pre-clear allied repair ships", Addressee: "The Department of State", State: "Adopted", Action: "Agree standing permits with six partners.",
			Timeline: "Twelve months", Verdicts: verdicts, Uncertainty: "Costs at home are not known yet.",
		}},
		Method: "Insights were captured under seat codes.", Disclaimer: "The views are those of the room.", Annexes: "## Reading list\n\n`code` and more. One said [[i:0000000000001]].\n\n[[i:0000000000002]]\n\nA stray [[i:000000000000z]] is gone.",
	}
	m := models.Manifest{
		K: 5, L: 3, Suppressed: 4, RuleTextVersion: "1", Author: "Zq Authorcanary", Approver: "Zq Approvercanary", InsightIDs: []models.ID{1, 2},
		CodebookVersion: 3, Hash: "9f2c", PublishedMs: 1_795_000_000_000,
	}
	return c, m
}

// inBrief are words that a reader must find, in this order.
var inBrief = []string{
	"The Institute for Allied Technology", "Allied repair capacity for undersea cables", "November 22, 2026", "held under the Chatham House Rule",
	"The bottom line", "Contents", "Key messages", "Permits come before ships", "Executive summary", "About the meeting", "September 14, 2026", "Government & diplomacy",
	"Report", "Permits", "Japan & friends", "Crews", "Findings", "1. Permits, not ships, set the pace of repair", "Held by: most", "a participant from Industry", "Dissent: None recorded.",
	"Recommendations", "Recommendation 1: Pre-clear allied repair ships", "The Department of State", "Meets", "Uncertain, with disagreement", "7.5",
	"Method", "seat codes", "9f2c", "Disclaimer", "Annexes", "Reading list", "One said “Permits come before ships” (a participant from Industry).", "Łódź", "A stray is gone.",
}

// neverInBrief are words of tags, scripts and people that no file holds.
var neverInBrief = []string{"alert", "script", "<b>", "hidden", "Authorcanary", "Approvercanary", "[[i:"}

func checkBriefText(t *testing.T, text string) {
	t.Helper()
	text = strings.Join(strings.Fields(text), " ")
	at := 0
	for _, w := range inBrief {
		i := strings.Index(text[at:], w)
		if i < 0 {
			t.Fatalf("%q is missing, or not behind what goes before it: …%s", w, text[at:min(len(text), at+300)])
		}
		at += i
	}
	for _, w := range neverInBrief {
		if strings.Contains(text, w) {
			t.Errorf("the file holds %q", w)
		}
	}
}

func TestBriefDOCX_isReadByXMLAndHoldsNobody(t *testing.T) {
	c, m := aBrief()
	var b, again bytes.Buffer
	if err := files.WriteBriefDOCX(&b, c, m); err != nil {
		t.Fatal(err)
	}
	if err := files.WriteBriefDOCX(&again, c, m); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same brief gives another file", err)
	}
	parts := docxParts(t, b.Bytes())
	checkBriefText(t, docxText(t, parts["word/document.xml"]))
	for name, part := range parts {
		for _, w := range []string{"Authorcanary", "Approvercanary", "javascript", "lastModifiedBy"} {
			if strings.Contains(part, w) {
				t.Errorf("%s holds %q", name, w)
			}
		}
	}
	if !strings.Contains(parts["docProps/core.xml"], "<dc:title>Allied repair capacity for undersea cables</dc:title>") {
		t.Error("the properties hold no title")
	}
	if !strings.Contains(parts["docProps/core.xml"], "<dc:creator>"+c.Institute+"</dc:creator>") {
		t.Errorf("the author of the file is not the institute: %s", parts["docProps/core.xml"])
	}
	if !strings.Contains(parts["word/_rels/document.xml.rels"], `Target="https://example.org/guide" TargetMode="External"`) {
		t.Error("the link is gone")
	}
}

// docxParts reads a DOCX as a stranger would: a zip of XML parts.
func docxParts(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(bytes.NewReader(part))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s is no XML: %v", f.Name, err)
			}
		}
		out[f.Name] = string(part)
	}
	return out
}

// docxText reads the text of a part, a line for each paragraph.
func docxText(t *testing.T, part string) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(part))
	in := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			in = token.Name.Local == "t"
			if token.Name.Local == "br" {
				b.WriteString("\n")
			}
		case xml.EndElement:
			if in = false; token.Name.Local == "p" {
				b.WriteString("\n")
			}
		case xml.CharData:
			if in {
				b.Write(token)
			}
		}
	}
}

// readByPython is how python-docx sees a document: title, core properties, the
// styles and texts of paragraphs, and tables.
const readByPython = `
import sys, docx
d = docx.Document(sys.argv[1])
p = d.core_properties
print("TITLE", p.title)
print("PEOPLE", repr(p.author), repr(p.last_modified_by), repr(p.comments), p.created, p.modified)
for para in d.paragraphs: print(para.style.name, "|", para.text)
for t in d.tables:
    for r in t.rows: print("ROW", [c.text for c in r.cells])
`

func TestBriefDOCX_isReadByPythonDocx(t *testing.T) {
	if err := exec.Command("/usr/bin/python3", "-c", "import docx").Run(); err != nil {
		t.Skip("python3-docx is not here; make deps installs it")
	}
	c, m := aBrief()
	path := filepath.Join(t.TempDir(), "brief.docx")
	var b bytes.Buffer
	if err := files.WriteBriefDOCX(&b, c, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("/usr/bin/python3", "-c", readByPython, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(string(out), "\n")
	for _, want := range []string{
		"TITLE Allied repair capacity for undersea cables", "PEOPLE '" + c.Institute + "' '' '' None None", "Title | Allied repair capacity for undersea cables",
		"Heading 1 | Key messages", "List Paragraph | Permits come before ships", "Quote | A repair ship that waits is no ship.", "Heading 2 | Permits",
		"ROW ['Country', 'Days']", "ROW ['Japan & friends', '12']", "ROW ['Advances the peace and prosperity of Americans', 'Uncertain, with disagreement', '6', '7']",
		"Quote | “Permits come before ships”", "Attribution | — a participant from Industry · Supports",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("python-docx does not see %q", want)
		}
	}
	if t.Failed() {
		t.Log(string(out))
	}
}

func TestBriefPDF_isReadByPoppler(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("poppler-utils is not here; make deps installs it")
	}
	c, m := aBrief()
	var b, again bytes.Buffer
	missing, err := files.WriteBriefPDF(&b, c, m, files.PDFOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := files.WriteBriefPDF(&again, c, m, files.PDFOptions{}); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same brief gives another file", err)
	}
	if missing.Words() != "日 (U+65E5), 本 (U+672C)" {
		t.Errorf("missing are %s", missing.Words())
	}
	path := filepath.Join(t.TempDir(), "brief.pdf")
	if dir := os.Getenv("ROTUNDA_LOOK"); dir != "" {
		path = filepath.Join(dir, "brief.pdf")
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", path, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	checkBriefText(t, string(text))
	if !strings.Contains(string(text), "Türkiye, Łódź and São Paulo") {
		t.Error("the letters of others are gone")
	}
	laid, err := exec.Command("pdftotext", "-layout", path, "-").CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	checkContents(t, strings.Split(string(laid), "\f"))
	info, err := exec.Command("pdfinfo", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, info)
	}
	if !strings.Contains(string(info), "Title:           Allied repair capacity for undersea cables") || !strings.Contains(string(info), "Author:          "+c.Institute) {
		t.Errorf("the metadata are\n%s", info)
	}
}

// checkContents holds the page numbers of the table of contents against the
// pages on which the headings stand.
func checkContents(t *testing.T, pages []string) {
	t.Helper()
	n := 0
	for _, line := range strings.Split(pages[1], "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "Contents" {
			continue
		}
		page := 0
		for _, d := range fields[len(fields)-1] {
			page = page*10 + int(d-'0')
		}
		title := strings.Join(fields[:len(fields)-1], " ")
		if page < 3 || page > len(pages) {
			continue // the first line of a long one, or the foot of the page
		}
		n++
		if !strings.Contains(strings.Join(strings.Fields(pages[page-1]), " "), title) {
			t.Errorf("%q is not on page %d", title, page)
		}
	}
	if n < 10 {
		t.Errorf("the table of contents has %d entries:\n%s", n, pages[1])
	}
}

func TestBriefPDF_aFontOfOthersFillsIn(t *testing.T) {
	c, m := aBrief()
	if _, err := files.WriteBriefPDF(io.Discard, c, m, files.PDFOptions{OtherScripts: []byte("no font")}); err == nil {
		t.Error("anything is taken for a font")
	}
	font, err := os.ReadFile("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
	if err != nil {
		t.Skip("no other TrueType font is here")
	}
	c.BottomLine = "Ελλάδα and Україна"
	missing, err := files.WriteBriefPDF(io.Discard, c, m, files.PDFOptions{OtherScripts: font})
	if err != nil || missing.Words() != "日 (U+65E5), 本 (U+672C)" {
		t.Errorf("missing are %s, %v", missing.Words(), err)
	}
}

func TestMissingFromPDF_knowsTheFontOfOthersAndScriptsThatAreNotSet(t *testing.T) {
	font, err := os.ReadFile("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
	if err != nil {
		t.Skip("no other TrueType font is here")
	}
	if err := files.CheckFont(font); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, []byte("no font")} {
		if err := files.CheckFont(bad); !errors.Is(err, files.ErrBadFont) {
			t.Errorf("%q is taken for a font: %v", bad, err)
		}
	}
	// The font has Georgian and Arabic; a PDF would set the Arabic apart and
	// from left to right.
	const text = "ბ and س"
	if got := files.MissingFromPDF(text, nil).Words(); got != "س (U+0633), ბ (U+10D1)" {
		t.Errorf("without a font missing are %s", got)
	}
	if got := files.MissingFromPDF(text, font).Words(); got != "س (U+0633)" {
		t.Errorf("with one missing are %s", got)
	}
	c, m := aBrief()
	c.BottomLine = text
	if missing, err := files.WriteBriefPDF(io.Discard, c, m, files.PDFOptions{OtherScripts: font}); err != nil || !strings.Contains(missing.Words(), "س") || strings.Contains(missing.Words(), "ბ") {
		t.Errorf("the file misses %s, %v", missing.Words(), err)
	}
}

// TestDOCX_whatWasSaidStaysWithWhoSaidIt on one page, where a word processor
// breaks it.
func TestDOCX_whatWasSaidStaysWithWhoSaidIt(t *testing.T) {
	c, m := aBrief()
	var b bytes.Buffer
	if err := files.WriteBriefDOCX(&b, c, m); err != nil {
		t.Fatal(err)
	}
	text := docxParts(t, b.Bytes())["word/document.xml"]
	said, kept := strings.Count(text, `<w:pStyle w:val="Attribution"/>`), strings.Count(text, `<w:pStyle w:val="Quote"/><w:keepNext/>`)
	if said == 0 || kept != said {
		t.Errorf("%d attributions follow %d quotations that stay with them", said, kept)
	}
}

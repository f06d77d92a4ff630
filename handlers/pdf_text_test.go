package handlers_test

import (
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"rotunda/models"
	"rotunda/views/files"
)

var (
	pdfString = regexp.MustCompile(`(?s)\(((?:\\.|[^\\()])*)\)`)
	pdfEscape = strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r", `\n`, "\n")
)

// printed returns what our own PDFs say, their properties among it: the strings
// outside and inside packed streams, which they write in UTF-16. It is no reader
// of other programs' PDFs.
func printed(pdf string) string {
	var out strings.Builder
	say := func(text string) {
		for _, m := range pdfString.FindAllStringSubmatch(text, -1) {
			raw := pdfEscape.Replace(m[1])
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			out.WriteString(string(utf16.Decode(units)) + "\n")
		}
	}
	for _, part := range strings.Split(pdf, "endstream") {
		object, packed, _ := strings.Cut(part, "stream\n")
		say(object)
		r, err := zlib.NewReader(strings.NewReader(packed))
		if err != nil {
			continue // it is not packed
		}
		if text, _ := io.ReadAll(r); strings.Contains(string(text), " Tj") { // else it is a font
			say(string(text))
		}
	}
	return out.String()
}

// TestPrinted_seesTheWordsOfAPDF is the proof that the crawl reads PDFs.
func TestPrinted_seesTheWordsOfAPDF(t *testing.T) {
	var b strings.Builder
	content := models.BriefContent{Title: "Zqtitle1 (first)", Institute: "Zqhouse2", Summary: "A line with Zqsummary3 in it, and a \\ too.", Method: "Zqmethod4"}
	if _, err := files.WriteBriefPDF(&b, content, models.Manifest{}, files.PDFOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Zqtitle1", "(first)", "Zqhouse2", "Zqsummary3", "Zqmethod4"} {
		if text := printed(b.String()); !strings.Contains(text, word) {
			t.Errorf("%q is not seen in %.2000q", word, text)
		}
	}
}

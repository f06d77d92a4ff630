package files

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"rotunda/models"
)

func rowsOf(rows ...[]string) Rows {
	return func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func field(s string) string { return string(AppendField(nil, s)) }

func TestAppendField_formulasAreDefused(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+1-800": "'+1-800", "-2+3": "'-2+3", "@SUM(1)": "'@SUM(1)", "\t=1": "\"'\t'=1\"", "\r=1": "\"'\r'=1\"", "\n=1": "\"'\n'=1\"",
		"a;=1": "\"a;'=1\"", "a;b": "\"a;b\"", "a\n\" @x;-2": "\"a\n\"\" '@x;'-2\"", ";; =1": "\";; '=1\"",
		"\x00=1": "\"'\x00=1\"", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", " =1": "\"' =1\"", "\u00a0=1": "'\u00a0=1", "\ufeff=1": "'\ufeff=1",
		"=A1,B": "\"'=A1,B\"", "a=1": "a=1", "'=1": "'=1", "": "", "Ana": "Ana", "5-3": "5-3", "|calc": "|calc",
	} {
		if got := field(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestAppendField_quotesByTheRules(t *testing.T) {
	for in, want := range map[string]string{
		"a,b": `"a,b"`, `say "hi"`: `"say ""hi"""`, "a\nb": "\"a\nb\"", "a;b": `"a;b"`, " a": `" a"`, "Łódź": "Łódź", "a\xffb": "a\uFFFDb", `"`: `""""`,
	} {
		if got := field(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// Whatever is written comes back through another reader, but for the
// apostrophes before formulas, and no cell begins a formula.
func TestWriteCSV_comesBackThroughAnotherReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOf(rapid.SampledFrom([]rune("ab =+-@\t\"',;＝\u00a0\u200bñ李\x00")))
		width := rapid.IntRange(1, 4).Draw(t, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 5).Draw(t, "rows")
		header := make([]string, width)
		for i := range header {
			header[i] = fmt.Sprint("c", i)
		}
		var b bytes.Buffer
		if err := WriteCSV(&b, true, header, rowsOf(rows...)); err != nil {
			t.Fatal(err)
		}
		text, ok := strings.CutPrefix(b.String(), "\uFEFF")
		if !ok || !strings.HasSuffix(text, "\r\n") {
			t.Fatalf("no mark or line end: %q", b.String())
		}
		got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(got) != len(rows)+1 {
			t.Fatalf("%v: %q", err, text)
		}
		for i, r := range rows {
			for k, want := range r {
				if back := got[i+1][k]; isFormula(back) || strings.ReplaceAll(back, "'", "") != strings.ReplaceAll(want, "'", "") {
					t.Fatalf("%q came back as %q", want, back)
				}
			}
		}
	})
}

// hostileCell makes a cell that tries to become a formula or to leave its cell.
func hostileCell(r *rand.Rand) string {
	starts := []string{"=", "+", "-", "@", "\t=", "\r=", "\n=", "\x00=", "＝", "＠", " =", "\u00a0=", "\ufeff=", "\",=", "\"\r\n=", ";=", "'=", ",@", "\u202e=", "\xff="}
	ends := []string{"1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x.example\")", "SUM(1)", "\"\r\n\"=2", "x"}
	return starts[r.IntN(len(starts))] + ends[r.IntN(len(ends))]
}

func hostileRows(n int) [][]string {
	r := rand.New(rand.NewPCG(1, 2))
	rows := make([][]string, n/10)
	for i := range rows {
		rows[i] = make([]string, 10)
		for k := range rows[i] {
			rows[i][k] = hostileCell(r)
		}
	}
	return rows
}

// TestExports_hostileCellsStayCells is the tables' part of goal A25.
func TestExports_hostileCellsStayCells(t *testing.T) {
	checkHostile(t, hostileRows(100_000))
}

func checkHostile(t testing.TB, rows [][]string) {
	t.Helper()
	header := strings.Split("abcdefghij", "")
	var text, book bytes.Buffer
	if err := errors.Join(WriteCSV(&text, false, header, rowsOf(rows...)), WriteXLSX(&book, "x", header, rowsOf(rows...))); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&text).ReadAll()
	if err != nil || len(got) != len(rows)+1 {
		t.Fatalf("%d rows became %d: %v", len(rows), len(got), err)
	}
	for i, r := range got[1:] {
		for k, c := range r {
			if isFormula(c) {
				t.Fatalf("%q begins a formula", c)
			}
			want := strings.ReplaceAll(strings.ToValidUTF8(rows[i][k], "\uFFFD"), "\r\n", "\n") // the reader does so
			if strings.ReplaceAll(c, "'", "") != strings.ReplaceAll(want, "'", "") {
				t.Fatalf("%q came back as %q", rows[i][k], c)
			}
		}
	}
	noFormulas(t, book.Bytes(), len(rows)+1)
}

// noFormulas checks the sheet's own XML: every cell is a string.
func noFormulas(t testing.TB, book []byte, rows int) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	xml, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(xml, []byte("<f>")) || bytes.Contains(xml, []byte("<f ")) {
		t.Error("the sheet holds a formula")
	}
	if c, s := bytes.Count(xml, []byte("<c r=")), bytes.Count(xml, []byte(`t="inlineStr"`)); c != s || c == 0 {
		t.Errorf("%d cells, %d strings", c, s)
	}
	if n := bytes.Count(xml, []byte("<row ")); n != rows {
		t.Errorf("%d rows, want %d", n, rows)
	}
}

func TestWriteXLSX_comesBackAsItWas(t *testing.T) {
	long := strings.Repeat("𝔘", 20_000) // two units each
	rows := [][]string{{"=1+1", "Łukasz Ó Súilleabháin"}, {"+1 202 555 0148", "007"}, {"a\nb", " x "}, {long, "1e5"}}
	var b bytes.Buffer
	if err := WriteXLSX(&b, "People: all/now", []string{"phone", "name"}, rowsOf(rows...)); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := book.GetSheetList(); !slices.Equal(got, []string{"People  all now"}) {
		t.Fatalf("sheets %q", got)
	}
	got, err := book.GetRows("People  all now")
	if err != nil || len(got) != 5 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i, r := range rows[:3] {
		if !slices.Equal(got[i+1], r) {
			t.Errorf("%q came back as %q", r, got[i+1])
		}
	}
	if cut := got[4][0]; !strings.HasSuffix(cut, cutNotice) || !utf8.ValidString(cut) || strings.ContainsRune(cut, utf8.RuneError) {
		t.Errorf("a long cell ends in %q", cut[len(cut)-40:])
	}
	panes, err := book.GetPanes("People  all now")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if props, err := book.GetDocProps(); err != nil || props.Creator != "Rotunda" {
		t.Errorf("properties %+v", props)
	}
	filtered := slices.ContainsFunc(book.GetDefinedName(), func(n excelize.DefinedName) bool { return strings.Contains(n.RefersTo, "$A$1:$B$5") })
	if !filtered {
		t.Errorf("no filter over all rows: %+v", book.GetDefinedName())
	}
}

func TestExports_anErrorOfTheRowsEndsThem(t *testing.T) {
	broken := errors.New("broken")
	rows := func(yield func([]string, error) bool) { yield(nil, broken) }
	if err := WriteCSV(io.Discard, false, []string{"a"}, rows); !errors.Is(err, broken) {
		t.Errorf("CSV: %v", err)
	}
	if err := WriteXLSX(io.Discard, "x", []string{"a"}, rows); !errors.Is(err, broken) {
		t.Errorf("XLSX: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestCSV_anErrorOfTheWriterStays(t *testing.T) {
	c := NewCSV(failing{}, false)
	var err error
	for range 10_000 {
		if err = c.Row("some words", "and more"); err != nil {
			break
		}
	}
	if !errors.Is(err, io.ErrClosedPipe) || !errors.Is(c.Flush(), io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

// writes notes how much was written, in all and at most at once.
type writes struct{ all, most int }

func (w *writes) Write(b []byte) (int, error) {
	w.all, w.most = w.all+len(b), max(w.most, len(b))
	return len(b), nil
}

// A workbook that is packed in memory first would be handed on in one piece.
func TestWriteXLSX_isWrittenAsItIsPacked(t *testing.T) {
	var rows [][]string
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		rows = append(rows, []string{strconv.FormatUint(random.Uint64(), 36)})
	}
	var w writes
	if err := WriteXLSX(&w, "x", []string{"a"}, rowsOf(rows...)); err != nil || w.all < 200_000 || w.most > 64<<10 {
		t.Errorf("%d bytes, %d of them at once, %v", w.all, w.most, err)
	}
}

func TestFileName_isSafeEverywhere(t *testing.T) {
	for title, want := range map[string]string{
		"Trusted Chips: round 2/3": "Trusted Chips round 2 3.csv", "../../etc/passwd": "etc passwd.csv", "": "export.csv", "CON": "export CON.csv", "lpt1": "export lpt1.csv",
		"a\r\nb": "a b.csv", "Łódź 圆桌": "Łódź 圆桌.csv", "x\u202egpj": "xgpj.csv", "..": "export.csv", strings.Repeat("é", 200): strings.Repeat("é", 80) + ".csv",
	} {
		if got := FileName(title, "csv"); got != want {
			t.Errorf("%q became %q, want %q", title, got, want)
		}
	}
}

func TestAttachment_readsBackByTheRules(t *testing.T) {
	for _, name := range []string{"people.csv", "Łódź 圆桌.csv", `a "b" 100%.xlsx`, "x\r\nSet-Cookie: a.csv", "it's (1).csv"} {
		h := Attachment(name)
		if strings.ContainsAny(h, "\r\n") {
			t.Fatalf("%q breaks the header", h)
		}
		kind, params, err := mime.ParseMediaType(h)
		if err != nil || kind != "attachment" || params["filename"] != name {
			t.Errorf("%q: %q, %v, %v", name, h, params, err)
		}
	}
}

func TestPersonRow_fillsEveryColumn(t *testing.T) {
	p := models.Person{PersonInput: models.PersonInput{Given: "Ana", Family: "Cruz", Sector: models.Industry, OtherEmails: []string{"a@b.example", "c@d.example"}, DoNotContact: true}}
	row := PersonRow(p)
	if len(row) != len(PeopleColumns()) {
		t.Fatalf("%d cells under %d columns", len(row), len(PeopleColumns()))
	}
	got := map[string]string{}
	for i, c := range PeopleColumns() {
		got[c] = row[i]
	}
	for column, want := range map[string]string{"full_name": "Ana Cruz", "list_name": "Cruz, Ana", "sector": "Industry", "other_emails": "a@b.example; c@d.example", "do_not_contact": "yes", "archived": ""} {
		if got[column] != want {
			t.Errorf("%s is %q, want %q", column, got[column], want)
		}
	}
}

func BenchmarkCSV_row(b *testing.B) {
	c := NewCSV(io.Discard, false)
	row := []string{"0123456789abc", "Allied Semiconductor Dialogue", "2026-03-04", "claim", "Export controls, shared early, hold longer.", "Security", "Security; Economics", "a participant from Industry"}
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Row(row...); err != nil {
			b.Fatal(err)
		}
	}
}

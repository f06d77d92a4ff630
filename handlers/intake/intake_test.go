package intake

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"rotunda/models"
)

var plenty = Limits{Bytes: 32 << 20}

func mappingOf(guesses []ColumnGuess) (*models.ColumnMapping, error) {
	return models.NewColumnMapping(Columns(guesses, nil))
}

// read returns all rows and row errors of a text, or the refusal.
func read(t interface{ Fatal(...any) }, name, text string, limits Limits) (rows []Row, bad []string, refused string) {
	table, err := Open(name, strings.NewReader(text), limits)
	var why *FileError
	if errors.As(err, &why) {
		return nil, nil, why.Message
	}
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	for {
		row, err := table.Next()
		var re *RowError
		switch {
		case errors.Is(err, io.EOF):
			return rows, bad, ""
		case errors.As(err, &re):
			bad = append(bad, re.Error())
		case errors.As(err, &why):
			return rows, bad, why.Message
		case err != nil:
			t.Fatal(err)
		default:
			rows = append(rows, row)
		}
	}
}

func TestOpen_linesAreCountedWhateverEndsThem(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		text := strings.ReplaceAll("a,b\n\n1,\"x\ny\"\n \n2,z\n", "\n", end)
		rows, bad, refused := read(t, "x.csv", text, plenty)
		if len(rows) != 2 || rows[0].Line != 3 || rows[1].Line != 6 || len(bad) > 0 || refused != "" {
			t.Errorf("%q: %v %v %v", end, rows, bad, refused)
		}
	}
}

func TestOpen_quotationMarksInsideBareCellsStay(t *testing.T) {
	rows, bad, _ := read(t, "x.csv", "a,b\n5\" disk,\"say \"\"hi\"\"\" now\n\"\",z\n", plenty)
	if len(bad) > 0 || rows[0].Cells[0] != `5" disk` || rows[0].Cells[1] != `say "hi" now` || rows[1].Cells[0] != "" {
		t.Errorf("got %v %q", rows, bad)
	}
}

func TestOpen_aSeparatorLineIsObeyed(t *testing.T) {
	for text, line := range map[string]int{"sep=|\na,x|b\n1,2|3\n": 3, "\"SEP=;\"\r\na,b;c\r\n1,2;3\r\n": 3, "\ufeffsep=\t\na,x\tb\n1,2\t3": 3} {
		rows, bad, refused := read(t, "x.csv", text, plenty)
		if len(rows) != 1 || rows[0].Line != line || rows[0].Cells[0] != "1,2" || len(bad) > 0 {
			t.Errorf("%q: %v %q %q", text, rows, bad, refused)
		}
	}
}

func TestOpen_theSeparatorThatCutsEvenlyIsTaken(t *testing.T) {
	for text, width := range map[string]int{
		"Company, Inc;Name\nA;B\nC, D, E;F\n": 2, "a|b|c\n1|2|3\n": 3, "name\nA, B\n": 1, "a\tb,c\n1\t2\n3\t4\n": 2, "a,b\n\"1;2\",3\n": 2,
	} {
		table, err := Open("x.csv", strings.NewReader(text), plenty)
		if err != nil || len(table.Header) != width {
			t.Errorf("%q: %v %v", text, table, err)
		}
	}
}

func TestOpen_encodingsWithoutAMarkAreTold(t *testing.T) {
	utf16 := func(s string, low int) string {
		var b strings.Builder
		for _, r := range s {
			pair := [2]byte{}
			pair[low], pair[1-low] = byte(r), byte(r>>8)
			b.Write(pair[:])
		}
		return b.String()
	}
	for text, want := range map[string]string{
		utf16("name,email\nJosé,a@b.example\n", 0): "José", utf16("name,email\nJosé,a@b.example\n", 1): "José",
		"name,email\nJos\xe9,a\n": "José", "name;x\nM\xfcller\x92s;1\n\xc9lan;2\n": "Müller’s", "name\nJosé": "José",
	} {
		rows, bad, refused := read(t, "x.csv", text, plenty)
		if len(rows) == 0 || rows[0].Cells[0] != want {
			t.Errorf("%q: %v %q %q", text, rows, bad, refused)
		}
	}
	rows, bad, _ := read(t, "x.csv", "name,x\nJosé,1\nRenée,2\nM\xffx,3\n", plenty)
	if len(rows) != 2 || len(bad) != 1 || !strings.HasPrefix(bad[0], "line 4: name: ") {
		t.Errorf("one broken letter in UTF-8: %v %q", rows, bad)
	}
	if _, bad, _ := read(t, "x.csv", "name\nMo\xef\xbf\xbdller\n", plenty); len(bad) != 1 {
		t.Errorf("a letter lost earlier is taken: %q", bad)
	}
}

func TestOpen_otherFilesAreRefusedWithASentence(t *testing.T) {
	for text, says := range map[string]string{
		"": "empty", "\n \n": "no rows", "\ufeff": "no rows", "%PDF-1.7 x": "PDF", "\xd0\xcf\x11\xe0\xa1\xb1": "Excel", "BEGIN:VCARD\nVERSION:4.0": "vCards",
		"{\"people\": []}": "JSON", "[]": "JSON", " [ {\"a\":1}]": "JSON", "<?xml version='1.0'?><a/>": "web page", "PK\x03\x04zzzz": "zip", "\x01\x02\x03\x04\x05\x06": "no table",
		"\x1f\x8bzzzzzz": "gzip", strings.Repeat("a,", 1001): "columns", "a,b\n" + strings.Repeat("1,", 1001): "cells",
	} {
		if _, _, refused := read(t, "x.csv", text, plenty); !strings.Contains(refused, says) {
			t.Errorf("%.30q: refused with %q, want %q", text, refused, says)
		}
	}
}

func TestOpen_theSizeOfAnUploadIsLimited(t *testing.T) {
	text := "name,email\n" + strings.Repeat("Ana,a@b.example\n", 200_000)
	if _, _, refused := read(t, "x.csv", text, Limits{Bytes: 2 << 20}); !strings.Contains(refused, "larger than 2 MB") {
		t.Errorf("refused with %q", refused)
	}
	if rows, _, refused := read(t, "x.csv", text, Limits{Bytes: int64(len(text))}); len(rows) != 200_000 || refused != "" {
		t.Errorf("a file of just the limit: %d rows, %q", len(rows), refused)
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func TestOpen_gzipIsOpenedWithinBounds(t *testing.T) {
	if rows, _, refused := read(t, "x.csv.gz", gzipped("name\nAna\n"), plenty); len(rows) != 1 || refused != "" {
		t.Errorf("%v %q", rows, refused)
	}
	bomb := gzipped("name\n" + strings.Repeat("A\n", 20<<20))
	if _, _, refused := read(t, "x.gz", bomb, plenty); !strings.Contains(refused, "for safety") {
		t.Errorf("a bomb is refused with %q", refused)
	}
	if _, _, refused := read(t, "x.gz", gzipped("name\n"+strings.Repeat("Ana\n", 600_000)), Limits{Bytes: 1 << 20, Unpacked: 2 << 20}); !strings.Contains(refused, "unpacks to more than 2 MB") {
		t.Errorf("refused with %q", refused)
	}
	whole := gzipped("name\n" + strings.Repeat("Ana\n", 100))
	if _, _, refused := read(t, "x.gz", whole[:len(whole)-12], plenty); !strings.Contains(refused, "damaged") {
		t.Errorf("a torn file is refused with %q", refused)
	}
	if _, _, refused := read(t, "x.gz", gzipped(gzipped("a")), plenty); !strings.Contains(refused, "packed") {
		t.Errorf("gzip in gzip is refused with %q", refused)
	}
}

func TestOpen_anUnclosedQuotationMarkDoesNotTakeTheWholeFile(t *testing.T) {
	text := "a,b\n1,\"open\n" + strings.Repeat("2,x\n", 1<<19)
	rows, bad, refused := read(t, "x.csv", text, plenty)
	if len(rows) != 0 || len(bad) != 1 || refused != "" || !strings.Contains(bad[0], "line 2") {
		t.Errorf("%d rows, %q, %q", len(rows), bad, refused)
	}
}

func workbook(t *testing.T, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOpen_aWorkbookIsReadByRows(t *testing.T) {
	book := workbook(t, []any{" name ", "email"}, []any{"Ana", "a@b.example"}, []any{}, []any{"Łukasz"}, []any{"Bo", "b", "extra"})
	rows, bad, refused := read(t, "List.XLSX", book, plenty)
	if refused != "" || len(rows) != 2 || rows[1].Line != 4 || !slices.Equal(rows[1].Cells, []string{"Łukasz", ""}) || len(bad) != 1 {
		t.Errorf("%v %q %q", rows, bad, refused)
	}
	if _, _, refused := read(t, "list.csv", book, plenty); !strings.Contains(refused, "end in .xlsx") {
		t.Errorf("named .csv it is refused with %q", refused)
	}
}

func TestOpen_dangerousArchivesAreNotOpened(t *testing.T) {
	pack := func(files int, size int) string {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, _ := w.Create("xl/workbook.xml")
		f.Write([]byte("<workbook/>"))
		for i := range files {
			f, _ := w.Create(fmt.Sprint("xl/", i))
			f.Write(make([]byte, size))
		}
		w.Close()
		return b.String()
	}
	for what, c := range map[string]struct {
		archive string
		limits  Limits
		says    string
	}{
		"too many entries": {pack(1001, 1), plenty, "for safety"},
		"ratio":            {pack(1, 4<<20), plenty, "for safety"},
		"too large":        {pack(2, 1<<20), Limits{Bytes: 1 << 20, Unpacked: 1 << 20}, "unpacks to more than"},
		"damaged":          {pack(1, 10)[:60], plenty, "damaged"},
		"hollow":           {pack(1, 10), plenty, ""},
	} {
		_, _, refused := read(t, "x.xlsx", c.archive, c.limits)
		if refused == "" || !strings.Contains(refused, c.says) {
			t.Errorf("%s: refused with %q", what, refused)
		}
	}
}

func fieldsOf(guesses []ColumnGuess) (out []string) {
	for _, g := range guesses {
		out = append(out, string(g.Field))
	}
	return out
}

func TestGuessColumns_readsManyWaysToNameAColumn(t *testing.T) {
	for header, want := range map[string]string{
		"Full Name,E-Mail Address,Company / Organisation,Role,Country/Region,Category": "full_name,email,organisation,position,country,sector",
		"Vorname,Name,Firma,Land,E-Mail":                                               "given,family,organisation,country,email",
		"Prénom,Nom,Société,Pays,Courriel":                                             "given,family,organisation,country,email",
		"Nombre,Apellidos,Cargo,País,Teléfono":                                         "given,family,position,country,phone",
		"Nom,Fonction":                                                                 "full_name,position",
		"First,Surname,Work e-mail,Mobile Phone":                                       "given,family,email,phone",
		"name,name,,email,email":                                                       "full_name,,,email,",
		"姓名,单位,邮箱":                                                                     "full_name,organisation,email",
		"LAST_NAME,First_Name,Notes (internal),x":                                      "family,given,notes,",
		"Mail,Asst. phone,Tier,Affiliation":                                            "email,,,organisation",
	} {
		if got := strings.Join(fieldsOf(GuessColumns(strings.Split(header, ","), nil)), ","); got != want {
			t.Errorf("%s: got %s, want %s", header, got, want)
		}
	}
}

// A file with our own words for headers, as our export has them, needs no
// mapping.
func TestGuessColumns_knowsTheWordsOfTheFields(t *testing.T) {
	var words, names, want []string
	for _, f := range models.PersonFields() {
		words, names, want = append(words, string(f)), append(names, f.Name()), append(want, string(f))
	}
	for _, header := range [][]string{words, names} {
		if got := fieldsOf(GuessColumns(header, nil)); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestGuessColumns_looksAtTheCellsToo(t *testing.T) {
	guesses := GuessColumns([]string{"Title", "Reach at", "Kind", "Group", "Name"}, [][]string{
		{"Dr.", "a@b.example", "NGO", "Blue", "Ana"}, {"Ms", "c@d.example", "Industry", "Red", "Bo"}, {"", "e@f.example", "", "Red", "Cy"},
	})
	if got := fieldsOf(guesses); !slices.Equal(got, []string{"honorific", "email", "sector", "", "full_name"}) {
		t.Errorf("got %q", got)
	}
	if guesses[1].Reason != "Content: 3 of 3 look like addresses" || guesses[1].Confidence != ByContent || guesses[4].Confidence != ByName {
		t.Errorf("got %+v", guesses)
	}
}

func TestTable_warnsOfNamelessAndDoubledColumns(t *testing.T) {
	table, err := Open("x.csv", strings.NewReader("name,name,,email,email\nA,B,x,a@b.example,o@b.example\n"), plenty)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(table.Warnings()); got != 3 {
		t.Errorf("%d warnings: %q", got, table.Warnings())
	}
	if want := []string{"name", "name (2)", "Column 3", "email", "email (2)"}; !slices.Equal(table.Labels, want) {
		t.Errorf("labels %q", table.Labels)
	}
}

func TestMapColumns_doesAsItIsTold(t *testing.T) {
	guesses := GuessColumns([]string{"Who", "name", "Firm, or office", "Mail"}, nil)
	got, err := MapColumns(guesses, `Who=full_name,"Firm, or office=organisation",mail=`)
	if err != nil || !slices.Equal(fieldsOf(got), []string{"full_name", "", "organisation", ""}) || got[0].Confidence != ByHand {
		t.Errorf("got %+v, %v", got, err)
	}
	for text, says := range map[string]string{"Who": "no =", "Who=nick": "not a field", "Whom=given": "no column"} {
		if _, err := MapColumns(guesses, text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := mappingOf(GuessColumns([]string{"email", "city"}, nil)); err == nil {
		t.Error("a file without names is mapped")
	}
}

func TestMapping_reportsEveryBadCellOfARow(t *testing.T) {
	guesses := GuessColumns([]string{"Name", "Mail", "Sector", "Firm"}, nil)
	m, err := mappingOf(guesses)
	if err != nil {
		t.Fatal(err)
	}
	_, _, bad := m.Person(models.RawRow{Line: 7, Cells: []string{" ", "none", "Press", strings.Repeat("x", 301)}})
	var got []string
	for _, b := range bad {
		got = append(got, (&RowError{b.Line, b.Column, b.Reason}).Error())
	}
	want := []string{"line 7: Name: The name is empty", "line 7: Mail: The e-mail has no @", "line 7: Sector: “Press” is not a sector", "line 7: Firm: Organization has 301 characters; the most is 300."}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}

// What a careful writer quotes comes back as it was, with any separator.
func TestOpen_readsBackWhatWasQuoted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sep := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "separator")
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("ab ,;\t|\"\n\rñ李")), 0, 8, -1)
		width := rapid.IntRange(2, 4).Draw(t, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 1, 5).Draw(t, "rows")
		text := "sep=" + sep + "\n" + strings.TrimSuffix(strings.Repeat("h"+sep, width), sep) + "\n"
		var want [][]string
		for _, r := range rows {
			for i, c := range r {
				if i > 0 {
					text += sep
				}
				text += `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			text += "\r\n"
			if !blank(r) {
				want = append(want, r)
			}
		}
		got, bad, refused := read(t, "x.csv", text, plenty)
		if len(bad) > 0 || refused != "" || len(got) != len(want) {
			t.Fatalf("%q: %v %q %q", text, got, bad, refused)
		}
		for i := range want {
			if !slices.Equal(got[i].Cells, want[i]) {
				t.Fatalf("%q became %q", want[i], got[i].Cells)
			}
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("name,email\nA,a@b.example\n"))
	f.Add([]byte("sep=;\n\"a\";b\r1;\"2\n3\""))
	f.Add([]byte("\xff\xfea\x00,\x00b\x00\n\x00"))
	f.Add([]byte(gzipped("a\nb")))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Open("x.csv", bytes.NewReader(data), Limits{Bytes: 1 << 20})
		if err != nil {
			var why *FileError
			if !errors.As(err, &why) || why.Message == "" {
				t.Fatal("no sentence:", err)
			}
			return
		}
		defer table.Close()
		line := 0
		for {
			row, err := table.Next()
			var re *RowError
			if errors.As(err, &re) || err == nil {
				if row.Line <= line || len(row.Cells) != len(table.Header) {
					t.Fatalf("line %d after %d, %d cells", row.Line, line, len(row.Cells))
				}
				line = row.Line
				continue
			}
			break
		}
		if mapping, err := mappingOf(GuessColumns(table.Header, nil)); err == nil {
			mapping.Person(models.RawRow{Line: 1, Cells: table.Header})
		}
		_ = models.Fold(table.Labels[0])
	})
}

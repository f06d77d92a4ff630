package intake

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"rotunda/models"
)

const shared = "../../../shared/data"

// outcome is what an import of a file into an empty directory comes to.
type outcome struct {
	refused string
	counts  [5]int // by verdict
	errors  []string
	people  []models.PersonInput // those that would be kept
	notes   int
	table   *Table
	guesses []ColumnGuess
}

func importFile(t *testing.T, path string) outcome {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return importFrom(t, filepath.Base(path), f, true)
}

func importFrom(t *testing.T, name string, r io.Reader, keep bool) (o outcome) {
	t.Helper()
	refusal := func(err error) outcome {
		var why *FileError
		if !errors.As(err, &why) {
			t.Fatalf("%s: not a FileError: %v", name, err)
		}
		o.refused = why.Message
		return o
	}
	table, err := Open(name, r, Limits{Bytes: 64 << 20})
	if err != nil {
		return refusal(err)
	}
	defer table.Close()
	o.table = table
	if err := PeopleOnly(table.Header); err != nil {
		return refusal(err)
	}
	var rows []Row
	var sample [][]string
	var bad []error
	for len(rows)+len(bad) < 50 { // the sample comes first, as in the store
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var re *RowError
		if errors.As(err, &re) {
			bad = append(bad, err)
			continue
		}
		if err != nil {
			return refusal(err)
		}
		rows = append(rows, row)
		sample = append(sample, row.Cells)
	}
	o.guesses = GuessColumns(table.Header, sample)
	mapping, err := mappingOf(o.guesses)
	if err != nil {
		return refusal(err)
	}
	m := models.NewMatcher(mapping.Fields, models.SectorNone)
	note := func(err error) {
		o.counts[models.RowError]++
		o.errors = append(o.errors, err.Error())
	}
	judge := func(row Row) {
		p, notes, errs := mapping.Person(models.RawRow{Line: row.Line, Cells: row.Cells})
		o.notes += len(notes)
		if len(errs) > 0 {
			o.counts[models.RowError]++
			for _, e := range errs {
				o.errors = append(o.errors, (&RowError{e.Line, e.Column, e.Reason}).Error())
			}
			return
		}
		j := m.Judge(row.Line, p)
		o.counts[j.Verdict]++
		if keep && j.Verdict == models.RowNew {
			o.people = append(o.people, j.Result)
		}
	}
	for _, err := range bad {
		note(err)
	}
	for _, row := range rows {
		judge(row)
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return o
		}
		var re *RowError
		switch {
		case errors.As(err, &re):
			note(err)
		case err != nil:
			return refusal(err)
		default:
			judge(row)
		}
	}
}

// verdicts of the tricky files: new, updates, unchanged, duplicates, errors.
var verdicts = []struct {
	file    string
	counts  [5]int
	refused string
	errors  []string // each is part of one error, in order
}{
	{"01_utf8_plain.csv", [5]int{40}, "", nil},
	{"02_utf8_bom.csv", [5]int{40}, "", nil},
	{"03_utf16le_bom.csv", [5]int{40}, "", nil},
	{"04_utf16be_bom.csv", [5]int{40}, "", nil},
	{"05_windows1252_semicolon.csv", [5]int{40}, "", nil},
	{"06_semicolon_excel_sep_line.csv", [5]int{40}, "", nil},
	{"07_tab_separated.tsv", [5]int{40}, "", nil},
	{"08_lf_no_final_newline.csv", [5]int{40}, "", nil},
	{"09_cr_only_old_mac.csv", [5]int{40}, "", nil},
	{"10_quoted_newlines_commas_quotes.csv", [5]int{12}, "", nil},
	{"11_all_quoted_extra_spaces.csv", [5]int{10}, "", nil},
	{"12_duplicate_people.csv", [5]int{5, 0, 7, 3}, "", nil},
	{"13_nfc_vs_nfd_duplicates.csv", [5]int{8, 0, 8}, "", nil},
	{"14_rtl_cjk_emoji_invisible.csv", [5]int{15}, "", nil},
	{"15_formula_injection.csv", [5]int{16}, "", nil},
	{"16_markup_sql_template.csv", [5]int{15}, "", nil},
	{"17_bad_emails.csv", [5]int{}, "", nil}, // has a test of its own below
	{"18_excel_dates.csv", [5]int{}, "This file holds roundtables, not people.", nil},
	{"19_ragged_rows.csv", [5]int{2, 0, 0, 0, 2}, "", []string{"line 4: The row has 5 cells", "line 7: A quotation mark opens on line 7 and is never closed, so lines 7 to 8"}},
	{"20_headers_other_words.csv", [5]int{10}, "", nil},
	{"21_duplicate_and_empty_headers.csv", [5]int{5}, "", nil},
	{"22_header_only.csv", [5]int{}, "", nil},
	{"23_empty.csv", [5]int{}, "The file is empty.", nil},
	{"24_nul_bytes.csv", [5]int{0, 0, 0, 0, 1}, "", []string{"line 2: name: The cell holds a NUL"}},
	{"25_invalid_utf8.csv", [5]int{0, 0, 0, 0, 1}, "", []string{"line 2: name: Some characters are not UTF-8"}},
	{"27_not_really_csv.csv", [5]int{}, "This is an Excel workbook or another zip file", nil},
	{"28_html_named_csv.csv", [5]int{}, "This is a web page", nil},
	{"29_json_array.json", [5]int{}, "This file is JSON", nil},
	{"30_insights_loose_tags.csv", [5]int{}, "This file holds insights, not people.", nil},
}

func TestImport_everyTrickyFileGetsItsVerdict(t *testing.T) {
	for _, v := range verdicts {
		if strings.HasPrefix(v.file, "17") {
			continue
		}
		o := importFile(t, filepath.Join("testdata", v.file))
		if v.refused == "" && o.refused != "" || !strings.HasPrefix(o.refused, v.refused) {
			t.Errorf("%s: refused with %q, want %q", v.file, o.refused, v.refused)
		}
		if o.counts != v.counts {
			t.Errorf("%s: got %v, want %v: %q", v.file, o.counts, v.counts, o.errors)
		}
		if len(o.errors) != len(v.errors) {
			t.Errorf("%s: errors %q", v.file, o.errors)
			continue
		}
		for i, want := range v.errors {
			if !strings.HasPrefix(o.errors[i], want) {
				t.Errorf("%s: got %q, want %q", v.file, o.errors[i], want)
			}
		}
	}
}

// The same forty people come out of every encoding, separator and line end
// that can hold their names.
func TestImport_everyEncodingGivesTheSamePeople(t *testing.T) {
	want := importFile(t, "testdata/01_utf8_plain.csv")
	for file, format := range map[string]string{
		"02_utf8_bom.csv": "text (UTF-8) with commas between the columns", "03_utf16le_bom.csv": "text (UTF-16) with commas between the columns", "04_utf16be_bom.csv": "text (UTF-16) with commas between the columns",
		"06_semicolon_excel_sep_line.csv": "text (UTF-8) with semicolons between the columns", "07_tab_separated.tsv": "text (UTF-8) with tabs between the columns", "08_lf_no_final_newline.csv": "text (UTF-8) with commas between the columns", "09_cr_only_old_mac.csv": "text (UTF-8) with commas between the columns",
	} {
		got := importFile(t, "testdata/"+file)
		if !slices.EqualFunc(got.people, want.people, func(a, b models.PersonInput) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
			t.Errorf("%s differs", file)
		}
		if got.table.Header[0] != "name" || got.table.Format != format {
			t.Errorf("%s: header %q, read as %s", file, got.table.Header, got.table.Format)
		}
	}
	western := importFile(t, "testdata/05_windows1252_semicolon.csv")
	if western.table.Format != "text (Windows-1252) with semicolons between the columns" || western.people[0].Full != "Þóra Núñez" || western.people[2].Position != "Chargé d’affaires" {
		t.Errorf("Windows-1252: %s, %+v", western.table.Format, western.people[0])
	}
}

func TestImport_badEmailsAreReportedWithTheirLines(t *testing.T) {
	o := importFile(t, "testdata/17_bad_emails.csv")
	// Case 18 has no e-mail at all, which is none of its faults.
	if want := [5]int{4, 0, 0, 0, 20}; o.counts != want {
		t.Errorf("got %v, want %v", o.counts, want)
	}
	var kept []string
	for _, p := range o.people {
		kept = append(kept, strings.TrimPrefix(p.Full, "Mail Case "))
	}
	if want := []string{"10", "18", "22", "23"}; !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q", kept, want)
	}
	if !strings.HasPrefix(o.errors[0], "line 2: email: The e-mail has no @") || !strings.HasPrefix(o.errors[14], "line 18: email: The e-mail has more than one @") {
		t.Errorf("errors: %q", o.errors)
	}
}

func TestImport_embeddedNewlinesAndQuotesAreKept(t *testing.T) {
	p := importFile(t, "testdata/10_quoted_newlines_commas_quotes.csv").people[0]
	if p.Full != "Multi\nLine 0" || p.Position != `He said "no" twice` || p.Organisation != "Line one\nLine two, with comma" {
		t.Errorf("got %+v", p)
	}
}

func TestImport_invisibleCharactersAreTakenOutWithANote(t *testing.T) {
	o := importFile(t, "testdata/14_rtl_cjk_emoji_invisible.csv")
	var names []string
	for _, p := range o.people {
		names = append(names, p.Full)
	}
	for _, want := range []string{"محمد بن راشد العتيبي", "金 民秀", "Aevil Name", "ZeroWidthName", "Z̴a̷l̸g̵o̶ T̷e̸x̷t̶", "İstanbul Iğdır ıspanak"} {
		if !slices.Contains(names, want) {
			t.Errorf("%q is missing from %q", want, names)
		}
	}
	if o.notes != 3 {
		t.Errorf("%d notes, want 3", o.notes)
	}
}

func TestImport_congressIsGuessedRight(t *testing.T) {
	path, want := "testdata/congress_members.csv", 30
	if all := shared + "/participants/congress_members.csv"; exists(all) {
		path, want = all, 537
	} else {
		t.Log("the whole list is not here; its first 30 rows are used")
	}
	o := importFile(t, path)
	if want := [5]int{want}; o.counts != want || o.refused != "" {
		t.Fatalf("got %v, want %v: %s %q", o.counts, want, o.refused, o.errors)
	}
	got := map[string]models.PersonField{}
	for _, g := range o.guesses {
		got[g.Column] = g.Field
	}
	for column, field := range map[string]models.PersonField{
		"external_id": models.FieldExternalID, "honorific": models.FieldHonorific, "first_name": models.FieldGiven, "middle_name": models.FieldMiddle,
		"last_name": models.FieldFamily, "suffix": models.FieldPostNominals, "full_name": models.FieldFullName, "title": models.FieldPosition,
		"organization": models.FieldOrganisation, "sector": models.FieldSector, "country": models.FieldCountry, "email": models.FieldEmail,
	} {
		if got[column] != field {
			t.Errorf("%s goes to %q, want %q", column, got[column], field)
		}
	}
	ignored := []string{"nickname", "state", "district", "party", "caucus", "term_start", "term_end", "leadership", "committees", "website"}
	if !slices.Equal(Ignored(o.guesses), ignored) {
		t.Errorf("ignored: %q", Ignored(o.guesses))
	}
	if p := o.people[1]; p.FullName() != "Amy Klobuchar" || p.ListName() != "Klobuchar, Amy Jean" || p.Sector != models.Congress || p.Position != "Senator" {
		t.Errorf("got %+v", p)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// The set of tricky files is complete: each one has a verdict in this package.
func TestImport_noTrickyFileIsForgotten(t *testing.T) {
	files, err := filepath.Glob(shared + "/tricky/import/[0-9]*")
	if err != nil || len(files) == 0 {
		t.Skip("the tricky files are not here")
	}
	for _, f := range files {
		base := filepath.Base(f)
		known := strings.HasPrefix(base, "26") || strings.HasPrefix(base, "90")
		for _, v := range verdicts {
			known = known || v.file == base
		}
		if !known {
			t.Errorf("%s has no verdict", base)
		}
	}
	if o := importFile(t, shared+"/tricky/import/26_long_cells.csv"); len(o.errors) != 3 {
		t.Errorf("26: %q", o.errors)
	}
}

// The second import of a long file changes nothing, judged in batches of 1,000
// against the candidates that the store would fetch for each.
func TestImport_aHundredThousandRowsTwiceChangeNothing(t *testing.T) {
	path := shared + "/tricky/import/90_100k_participants.csv.gz"
	if testing.Short() || !exists(path) {
		t.Skip("the file of 100,000 rows is not here, or -short")
	}
	people := importFile(t, path).people
	byMail := map[string][]models.Candidate{}
	for i, p := range people {
		key := models.EmailKey(p.Email)
		byMail[key] = append(byMail[key], models.Candidate{ID: models.ID(i + 1), Person: p})
	}
	start := time.Now()
	m := models.NewMatcher([]models.PersonField{models.FieldFullName, models.FieldPosition, models.FieldOrganisation, models.FieldSector, models.FieldCountry, models.FieldEmail}, models.SectorNone)
	var counts [5]int
	for from := 0; from < len(people); from += 1000 {
		batch := people[from:min(from+1000, len(people))]
		var found []models.Candidate
		for _, p := range batch {
			for _, e := range p.Keys().Emails {
				found = append(found, byMail[e]...)
			}
		}
		m.Load(found)
		for i, p := range batch {
			counts[m.Judge(from+i+2, p).Verdict]++
		}
	}
	if want := [5]int{models.RowUnchanged: 100_000}; counts != want {
		t.Errorf("got %v, want %v", counts, want)
	}
	t.Logf("judged again in %v", time.Since(start))
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

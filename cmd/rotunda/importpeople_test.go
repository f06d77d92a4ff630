package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const trickyFiles = "../../handlers/intake/testdata"

// convenerDB returns a database with one convener, a@example.org.
func convenerDB(t *testing.T) string {
	t.Helper()
	db := newDB(t)
	if code, _, errs := program(t, "user", "add", "--db", db, "--email", "a@example.org", "--name", "A", "--role", "convener"); code != 0 {
		t.Fatal(errs)
	}
	return db
}

func importPeople(t *testing.T, db, file string, more ...string) (code int, stdout, stderr string) {
	t.Helper()
	return program(t, append([]string{"import", "people", file, "--db", db, "--as", "a@example.org"}, more...)...)
}

func TestImportPeople_congressComesInOnceWithItsColumnsGuessed(t *testing.T) {
	db := convenerDB(t)
	file := filepath.Join(trickyFiles, "congress_members.csv")
	rows := strings.Count(string(read(t, file)), "\n") - 1
	for _, want := range []string{
		fmt.Sprintf("%d new, 0 updated, 0 unchanged, 0 possible duplicates, 0 errors\n", rows),
		fmt.Sprintf("0 new, 0 updated, %d unchanged, 0 possible duplicates, 0 errors\n", rows),
	} {
		if code, out, errs := importPeople(t, db, file); code != 0 || out != want || !strings.Contains(errs, "Left out") || !strings.Contains(errs, "“nickname”") {
			t.Errorf("exit %d, %q, %q; want %q, and the columns left out named", code, out, errs, want)
		}
	}
}

func TestImportPeople_saysThatNothingWasSaved(t *testing.T) {
	db := convenerDB(t)
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte("name,name,email\nAnn,Anna,ann@example.org\nBob,,none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, more := range map[string][]string{
		"Nothing was imported: mend the rows named, or add --skip-errors to import the other 1.": nil,
		"Nothing was changed: --dry-run.": {"--dry-run"},
	} {
		_, out, errs := importPeople(t, db, file, more...)
		if !strings.Contains(errs, want) || !strings.Contains(errs, "Two columns are called “name”") || !strings.HasPrefix(out, "1 new, 0 updated") {
			t.Errorf("%v: %q, %q", more, out, errs)
		}
	}
	if _, _, errs := importPeople(t, db, file, "--json"); errs != "" {
		t.Errorf("with --json: %q", errs)
	}
	if _, out, errs := importPeople(t, db, file, "--skip-errors"); strings.Contains(errs, "Nothing") || !strings.HasPrefix(out, "1 new, 0 updated, 0 unchanged") {
		t.Errorf("the good row: %q, %q", out, errs)
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What each file comes to in an empty directory: new, unchanged, possible
// duplicates and errors.
func TestImportPeople_everyTrickyFileGetsItsVerdict(t *testing.T) {
	db := convenerDB(t)
	for file, want := range map[string]string{
		"01_utf8_plain.csv": "40 0 0 0", "02_utf8_bom.csv": "40 0 0 0", "03_utf16le_bom.csv": "40 0 0 0", "04_utf16be_bom.csv": "40 0 0 0",
		"05_windows1252_semicolon.csv": "40 0 0 0", "06_semicolon_excel_sep_line.csv": "40 0 0 0", "07_tab_separated.tsv": "40 0 0 0",
		"08_lf_no_final_newline.csv": "40 0 0 0", "09_cr_only_old_mac.csv": "40 0 0 0", "10_quoted_newlines_commas_quotes.csv": "12 0 0 0",
		"11_all_quoted_extra_spaces.csv": "10 0 0 0", "12_duplicate_people.csv": "5 7 3 0", "13_nfc_vs_nfd_duplicates.csv": "8 8 0 0",
		"14_rtl_cjk_emoji_invisible.csv": "15 0 0 0", "15_formula_injection.csv": "16 0 0 0", "16_markup_sql_template.csv": "15 0 0 0",
		"19_ragged_rows.csv": "2 0 0 2", "20_headers_other_words.csv": "10 0 0 0", "21_duplicate_and_empty_headers.csv": "5 0 0 0",
		"22_header_only.csv": "0 0 0 0", "24_nul_bytes.csv": "0 0 0 1", "25_invalid_utf8.csv": "0 0 0 1",
		"18_excel_dates.csv": "This file holds roundtables, not people.", "23_empty.csv": "The file is empty.",
		"27_not_really_csv.csv": "This is an Excel workbook or another zip file", "28_html_named_csv.csv": "This is a web page",
		"29_json_array.json": "This file is JSON", "30_insights_loose_tags.csv": "This file holds insights, not people.",
	} {
		code, out, errs := importPeople(t, db, filepath.Join(trickyFiles, file), "--dry-run", "--json")
		var r importReport
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Errorf("%s: %v in %q", file, err, out)
			continue
		}
		if want[0] >= '0' && want[0] <= '9' {
			if got := fmt.Sprint(r.New, r.Unchanged, r.Duplicates, len(r.Errors)); got != want || r.Updated != 0 || (code == 0) != (len(r.Errors) == 0) || errs != "" {
				t.Errorf("%s: exit %d, got %s, want %s; %q %q", file, code, got, want, out, errs)
			}
		} else if code != exitFailure || !strings.HasPrefix(errs, "rotunda: "+want) || len(r.Errors) != 1 {
			t.Errorf("%s: exit %d, %q, %q; want %q", file, code, out, errs, want)
		}
	}
	if _, out, _ := importPeople(t, db, filepath.Join(trickyFiles, "01_utf8_plain.csv")); !strings.HasPrefix(out, "40 new") {
		t.Errorf("a dry run saved somebody: %q", out)
	}
}

func TestImportPeople_namesEveryErrorAndSavesNothingUnlessSkipped(t *testing.T) {
	db := convenerDB(t)
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("Name,Mail,Group\nMike McCaul,mike@example.gov,Congress\n,none,Academia\nAna de la Cruz,ana@example.org,Academia\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := importPeople(t, db, file)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitFailure || len(lines) != 3 || lines[0] != "2 new, 0 updated, 0 unchanged, 0 possible duplicates, 2 errors" ||
		!strings.HasPrefix(lines[1], "line 3: Name: The name is empty") || lines[2] != "line 3: Mail: The e-mail has no @." {
		t.Errorf("exit %d, %q", code, lines)
	}
	code, out, _ = importPeople(t, db, file, "--skip-errors")
	if code != exitFailure || !strings.HasPrefix(out, "2 new") {
		t.Errorf("exit %d, %q", code, out)
	}
	if _, out, _ = importPeople(t, db, file, "--skip-errors", "--json"); !strings.Contains(out, `"unchanged":2`) || !strings.Contains(out, `{"line":3,"column":"Mail","reason":"The e-mail has no @."}`) {
		t.Errorf("%q", out)
	}
}

func TestImportPeople_doesAsTheFlagsSay(t *testing.T) {
	db := convenerDB(t)
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("Who,Where\nMike McCaul,House\nMike McCaul,House\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := importPeople(t, db, file); code != exitFailure || !strings.Contains(errs, "No column holds names") {
		t.Errorf("exit %d, %q", code, errs)
	}
	if code, out, errs := importPeople(t, db, file, "--map", "Who=full_name,Where=organisation", "--sector", "U.S. Congress"); code != 0 || !strings.HasPrefix(out, "1 new, 0 updated, 1 unchanged") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
	if err := os.WriteFile(file, []byte("Name,Organization,E-mail\nMike McCaul,House,m@example.gov\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := importPeople(t, db, file); code != 0 || out != "0 new, 0 updated, 0 unchanged, 1 possible duplicates, 0 errors\n" {
		t.Errorf("exit %d, %q", code, out)
	}
	if _, out, _ := importPeople(t, db, file); !strings.Contains(out, " 1 possible duplicates") {
		t.Errorf("a possible duplicate was saved without being asked for: %q", out)
	}
	importPeople(t, db, file, "--duplicates", "create")
	if _, out, _ := importPeople(t, db, file); !strings.Contains(out, " 1 unchanged") {
		t.Errorf("a possible duplicate was not created: %q", out)
	}
}

func TestImportPeople_mistakesInTheArgumentsExitWithTwo(t *testing.T) {
	db := convenerDB(t)
	file := filepath.Join(trickyFiles, "01_utf8_plain.csv")
	for _, flags := range [][]string{{"--sector", "Martians"}, {"--map", "name=nick"}, {"--map", "nowhere=given"}, {"--duplicates", "merge"}} {
		if code, out, errs := importPeople(t, db, file, flags...); code != exitUsage || out != "" || errs == "" {
			t.Errorf("%q: exit %d, %q, %q", flags, code, out, errs)
		}
	}
	if code, _, errs := program(t, "import", "people", file, "--db", db, "--as", "nobody@example.org"); code != exitFailure || !strings.Contains(errs, "no enabled account") {
		t.Errorf("exit %d, %q", code, errs)
	}
	program(t, "user", "add", "--db", db, "--email", "r@example.org", "--name", "R", "--role", "reader")
	if code, _, errs := program(t, "import", "people", file, "--db", db, "--as", "r@example.org"); code != exitFailure || !strings.Contains(errs, "may not import people") {
		t.Errorf("exit %d, %q", code, errs)
	}
}

func TestImportReport_fieldsAreThoseThatScriptsRead(t *testing.T) {
	raw, err := json.Marshal(importReport{})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	var names []string
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "duplicates errors new unchanged updated" {
		t.Error(got)
	}
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rotunda/models/store/storetest"
)

var generatedAt = regexp.MustCompile(`"generated_at": "[^"]*"`)

// alter gives some insights of the example what it has none of: one speaks
// against another, was promised by somebody who said nothing, waits for a day
// to come, or names nobody who is known.
func alter(t *testing.T, path string) {
	t.Helper()
	db := storetest.RawDB(t, path)
	const said = `(SELECT min(s.insight_seq) FROM insight_speakers s JOIN insights i ON i.seq = s.insight_seq
		JOIN guests g ON g.roundtable_id = i.roundtable_id AND g.state = 'declined')`
	for _, q := range []string{
		"UPDATE insights SET contradicts = (SELECT o.id FROM insights o WHERE o.roundtable_id = insights.roundtable_id AND o.seq <> insights.seq LIMIT 1), embargo_ms = 4102444800123 WHERE seq = " + said,
		`UPDATE insight_speakers SET committed_by = (SELECT g.id FROM guests g JOIN insights i ON i.roundtable_id = g.roundtable_id
			WHERE i.seq = insight_speakers.insight_seq AND g.state = 'declined' LIMIT 1) WHERE insight_seq = ` + said,
		"UPDATE insight_speakers SET guest_id = 0, unresolved = 'the lady in grey' WHERE insight_seq = (SELECT min(n.insight_seq) FROM insight_speakers n WHERE n.insight_seq > " + said + ")",
	} {
		res, err := db.Exec(q)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := res.RowsAffected(); n != 1 || err != nil {
			t.Fatalf("%d rows, %v: %s", n, err, q)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestImportInsights_anExportComesBackAsItIs exports the example as its team,
// reads it into an empty database and exports it again: but for the time of
// writing the files are the same.
func TestImportInsights_anExportComesBackAsItIs(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must := func(args ...string) string {
		t.Helper()
		out, errs := &bytes.Buffer{}, &bytes.Buffer{}
		if code := run(t.Context(), args, out, errs); code != 0 {
			t.Fatalf("rotunda %s: %d %s", strings.Join(args, " "), code, errs)
		}
		return out.String()
	}
	const lead, other = "amara.lindgren@wisc.example", "ada@example.org"
	must("demo", "--build-only", "--db", at("a.db"))
	alter(t, at("a.db"))
	must("export", "insights", "--db", at("a.db"), "--as", lead, "--audience", "team", "--format", "json", "-o", at("a.json"))
	must("migrate", "--db", at("b.db"))
	must("user", "add", "--db", at("b.db"), "--email", other, "--name", "Ada Min", "--role", "admin")
	if said := must("import", "insights", at("a.json"), "--db", at("b.db"), "--as", other); !strings.Contains(said, "insights from 5 roundtables") {
		t.Errorf("%q", said)
	}
	must("export", "insights", "--db", at("b.db"), "--as", other, "--audience", "team", "--format", "json", "-o", at("b.json"))
	read := func(name string) []string {
		raw, err := os.ReadFile(at(name))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(generatedAt.ReplaceAllString(string(raw), ""), "\n")
	}
	a, b := read("a.json"), read("b.json")
	if len(a) != len(b) {
		t.Errorf("%d lines, then %d", len(a), len(b))
	}
	differ := 0
	for i := range a {
		if i < len(b) && a[i] != b[i] {
			if differ++; differ < 4 {
				t.Errorf("line %d:\n%s\n%s", i+1, a[i], b[i])
			}
		}
	}
	if differ > 0 {
		t.Errorf("%d of %d lines differ", differ, len(a))
	}
	if whole := strings.Join(a, "\n"); strings.Count(whole, `"commitments"`) < 3 {
		t.Error("the file lacks commitments")
	} else {
		for _, field := range []string{"actions", "paraphrase", "contradicts", "committed_by", "embargo_until", "unresolved"} {
			if !strings.Contains(whole, `"`+field+`"`) {
				t.Errorf("the file lacks %s", field)
			}
		}
	}
	refused := func(why string, args ...string) {
		t.Helper()
		errs := &bytes.Buffer{}
		if code := run(t.Context(), args, &bytes.Buffer{}, errs); code != 1 || !strings.Contains(errs.String(), why) {
			t.Errorf("%s: %d %s", strings.Join(args, " "), code, errs)
		}
	}
	refused("empty database only", "import", "insights", at("a.json"), "--db", at("b.db"), "--as", other)
	must("export", "insights", "--db", at("a.db"), "--as", lead, "--audience", "public", "--format", "json", "-o", at("public.json"))
	must("migrate", "--db", at("c.db"))
	must("user", "add", "--db", at("c.db"), "--email", other, "--name", "Ada Min", "--role", "admin")
	refused("Only the team’s file", "import", "insights", at("public.json"), "--db", at("c.db"), "--as", other)
	if err := os.WriteFile(at("broken.json"), []byte(strings.Join(a[:20], "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("not whole", "import", "insights", at("broken.json"), "--db", at("c.db"), "--as", other)
	refused("no export of insights", "import", "insights", at("a.db"), "--db", at("c.db"), "--as", other)
}

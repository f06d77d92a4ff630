package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rotunda/models"
)

func TestExportInsights_writesOneHeaderAndSaysWhatIsWrong(t *testing.T) {
	db := newDB(t)
	for email, role := range map[string]string{"a@example.org": "admin", "r@example.org": "reader"} {
		if code, _, errs := program(t, "user", "add", "--db", db, "--email", email, "--name", "A", "--role", role); code != 0 {
			t.Fatal(errs)
		}
	}
	for _, audience := range []string{"team", "staff", "partner", "public"} {
		a, _ := models.ParseAudience(audience)
		want := strings.Join(models.ExportColumns(a), ",") + "\r\n"
		code, out, errs := program(t, "export", "insights", "--db", db, "--as", "a@example.org", "--audience", audience)
		if code != 0 || out != want {
			t.Errorf("%s: exit %d, %q, %q", audience, code, out, errs)
		}
	}
	code, out, errs := program(t, "export", "insights", "--db", db, "--as", "r@example.org", "--audience", "staff")
	if code != exitFailure || out != "" || strings.Count(errs, "\n") != 1 {
		t.Errorf("a reader may not export: exit %d, %q, %q", code, out, errs)
	}
	if code, _, _ := program(t, "export", "insights", "--db", db, "--as", "nobody@example.org"); code != exitFailure {
		t.Errorf("an unknown account: exit %d", code)
	}
	for _, wrong := range [][]string{{"--audience", "press"}, {"--format", "odt"}, {"--by", "speaker"}, {"--roundtable", "7"}} {
		if code, _, _ := program(t, append([]string{"export", "insights", "--db", db, "--as", "a@example.org"}, wrong...)...); code != exitUsage {
			t.Errorf("%v: exit %d", wrong, code)
		}
	}
	to := filepath.Join(t.TempDir(), "out.csv")
	if code, out, errs := program(t, "export", "insights", "--db", db, "--as", "a@example.org", "--bom", "-o", to); code != 0 || out != "" {
		t.Fatalf("exit %d, %q, %q", code, out, errs)
	}
	if raw, err := os.ReadFile(to); err != nil || !strings.HasPrefix(string(raw), "\uFEFFinsight_id,") {
		t.Errorf("the file holds %q, %v", raw, err)
	}
}

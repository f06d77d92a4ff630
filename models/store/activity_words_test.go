package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rotunda/models"
)

// acts finds the names of acts in the source: "guest.link.revoke".
var acts = regexp.MustCompile(`"((?:account|agenda|brief|code|codebook|cohost|commitments?|example|guests?|insights?|institute|lint|mail|organisation|panel|people|person|recommendation|request|roundtable|series|session|team|theme)(?:\.[a-z_]+)+)"`)

// TestActivity_everyActHasWords reads this package's own source, so that no act
// is shown under the name that the log has for it, or found by no filter.
func TestActivity_everyActHasWords(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{"panel.discussion": true, "panel.second": true, "panel.closed": true}
	for _, s := range models.CommitmentStates {
		found["commitment."+string(s)] = true
	}
	for _, s := range []models.InsightState{models.Captured, models.Reviewed, models.Released} {
		found["insight."+s.Key()] = true
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range acts.FindAllSubmatch(source, -1) {
			found[string(m[1])] = true
		}
	}
	for _, job := range []string{SendMailJob, RoundtableMailJob, AccountMailKind} { // no acts
		delete(found, job)
	}
	for verb := range undoVerbs {
		found["undo."+verb] = true
	}
	if len(found) < 100 {
		t.Fatalf("only %d acts: the pattern finds too little", len(found))
	}
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for act := range found {
		bare := strings.NewReplacer(".", " ", "_", " ").Replace(act)
		words := models.ActivityWords(act, "")
		if about := models.ActivityAbout(words, ""); about == "" && regexp.MustCompile(`( of| to| for|:)$`).MatchString(words) {
			t.Errorf("%s ends in the middle: %q", act, words)
		}
		if words == bare || words == "took back: "+strings.TrimPrefix(bare, "undo ") {
			t.Errorf("%s has no words", act)
		}
		var n int
		for _, kind := range auditKinds {
			var one int
			if err := db.QueryRow("SELECT count(*) FROM (SELECT ? AS action) AS l WHERE "+string(kind), act).Scan(&one); err != nil {
				t.Fatal(err)
			}
			n += one
		}
		if n == 0 {
			t.Errorf("%s is found by no filter of the audit log", act)
		}
	}
}

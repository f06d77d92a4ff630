package store_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

func TestInsights_searchOracleIsAnsweredRight(t *testing.T) {
	checkStoreOracle(t, "../testdata/search_sentences.csv", "../testdata/search_oracle.csv")
	const whole = "../../../shared/data/texts/"
	if _, err := os.Stat(whole + "search_oracle.csv"); err != nil || testing.Short() {
		t.Log("the whole corpus is not here: only the slice in testdata was checked")
		return
	}
	checkStoreOracle(t, whole+"unlabelled_sentences.csv", whole+"search_oracle.csv")
}

// checkStoreOracle loads the sentences as insights, one by one as captured, and
// asks for each query as the team and as other staff.
func checkStoreOracle(t *testing.T, sentences, oracle string) {
	t.Helper()
	w := newSession(t, threeSectors...)
	var rows []store.LoadedInsight
	for _, s := range csvTable(t, sentences) {
		rows = append(rows, store.LoadedInsight{CaptureInput: models.CaptureInput{
			Roundtable: w.room, ClientID: s["id"], Line: models.EscapeCapture(s["text"]), Speaker: w.guests[len(rows)%len(w.guests)],
		}, CapturedBy: w.lead.Account(), State: models.Reviewed})
	}
	for part := range slices.Chunk(rows, 5000) {
		if err := w.st.LoadInsights(t.Context(), models.System("test"), part); err != nil {
			t.Fatal(err)
		}
	}
	var ids []struct {
		ID       models.ID
		ClientID string
	}
	if err := w.st.Rows(t.Context(), &ids, "SELECT id, client_id FROM insights"); err != nil {
		t.Fatal(err)
	}
	sentence := map[models.ID]string{}
	for _, r := range ids {
		sentence[r.ID] = r.ClientID
	}
	for who, v := range map[string]models.Viewer{"the team": w.lead, "other staff": w.other} {
		for _, row := range csvTable(t, oracle) {
			text := row["query"]
			if row["kind"] == "phrase" {
				text = `"` + text + `"`
			}
			var found []string
			for _, i := range listed(t, w.st, v, models.InsightFilter{Text: text}) {
				found = append(found, sentence[i.ID()])
			}
			slices.Sort(found)
			first := strings.Join(found[:min(5, len(found))], " ")
			if fmt.Sprint(len(found)) != row["matches"] || first != row["first_ids"] {
				t.Errorf("%s asks for %s %q and finds %d (%s), not %s (%s)", who, row["kind"], row["query"], len(found), first, row["matches"], row["first_ids"])
			}
		}
	}
}

func csvTable(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatal(path, err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		out = append(out, row)
	}
	return out
}

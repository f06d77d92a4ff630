package handlers_test

import (
	"encoding/csv"
	"net/http"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func TestCommitments_theFileHoldsTheListOfTheTeamAlone(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	found, err := w.Store.Commitments(t.Context(), w.Lead, 0)
	if err != nil {
		t.Fatal(err)
	}
	room := w.Lead.Reach().Team[0]
	if _, err := w.Store.CreateCommitment(t.Context(), w.Lead, room, models.CommitmentInput{What: "=Send it", Owner: "The host"}); err != nil {
		t.Fatal(err)
	}
	site := handlertest.Over(t, w.Store, w.Clock)
	b := site.As(w.Lead)
	if b.Page(urls.CommitmentsPath, http.StatusOK).Find(`.rail__nav a[aria-current="page"][href="`+urls.CommitmentsPath+`"]`).Length() != 1 {
		t.Error("the navigation does not lead here")
	}
	lines, err := csv.NewReader(b.Get(urls.CommitmentsExportPath).Body).ReadAll()
	if err != nil || len(lines) != len(found)+2 {
		t.Fatalf("%d lines for %d commitments (%v)", len(lines), len(found)+1, err)
	}
	held := false
	for _, line := range lines[1:] {
		held = held || line[1] == "'=Send it"
	}
	if !held {
		t.Errorf("the file lacks the new one, defused: %q", lines)
	}
}

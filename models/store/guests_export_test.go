package store_test

import (
	"errors"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// details lists the details of the audit lines of an act, oldest first.
func details(x table, action string) []string {
	x.t.Helper()
	var out []string
	if err := x.st.Rows(x.t.Context(), &out, "SELECT detail FROM audit WHERE action = ? ORDER BY seq", action); err != nil {
		x.t.Fatal(err)
	}
	return out
}

func TestExports_ofListsAreInTheAuditLogWithTheirRows(t *testing.T) {
	x := newTable(t)
	x.guest("Ada One", models.Industry)
	x.guest("Ben Two", models.Diplomats)
	guests, err := x.st.ExportGuests(t.Context(), x.lead, x.room, "xlsx")
	if err != nil || len(guests) != 2 {
		t.Fatalf("%d guests, %v", len(guests), err)
	}
	if got := details(x, "guests.export"); len(got) != 1 || got[0] != `{"format":"xlsx","rows":2}` {
		t.Errorf("of the guest list the log says %q", got)
	}
	people, err := x.st.ExportPeople(t.Context(), x.lead, models.PersonFilter{}, "csv")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range people {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if got := details(x, "people.export"); n != 2 || len(got) != 1 || got[0] != `{"format":"csv","rows":2}` {
		t.Errorf("of %d people the log says %q", n, got)
	}
	if page, err := x.st.Activity(t.Context(), x.lead, x.room, models.ActivityFilter{}); err != nil || !strings.Contains(page.Lines[0].Words, "exported the guest list") {
		t.Errorf("the roundtable's activity: %+v, %v", page.Lines, err)
	}
}

func TestExportGuests_isForThoseOfTheTeamWhoExport(t *testing.T) {
	x := newTable(t, storetest.Private())
	other := storetest.Account(t, x.st, "Ot Her", models.RoleAnalyst)
	if _, err := x.st.ExportGuests(t.Context(), other, x.room, "csv"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("of a private roundtable: %v", err)
	}
	observer := storetest.Team(t, x.st, x.lead, x.room, other, models.TeamObserver)
	if _, err := x.st.ExportGuests(t.Context(), observer, x.room, "csv"); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("an observer: %v", err)
	}
	if got := details(x, "guests.export"); len(got) != 0 {
		t.Errorf("what was refused is in the log: %q", got)
	}
}

func TestRecordAnswer_keepsWhatChangedAndNothingElse(t *testing.T) {
	x := newTable(t)
	id, _ := x.invited("Ada One", models.Industry)
	record := func(in models.RecordInput) (events, lines int) {
		t.Helper()
		in.Answer, in.Via = models.Accepted, "phone"
		if err := x.st.RecordAnswer(t.Context(), x.lead, id, in); err != nil {
			t.Fatal(err)
		}
		if err := x.st.Rows(t.Context(), &events, "SELECT count(*) FROM guest_events WHERE guest_id = ? AND to_state = 'accepted'", id); err != nil {
			t.Fatal(err)
		}
		return events, len(details(x, "guest.answer"))
	}
	halal := models.RecordInput{Needs: models.Needs{Diet: "Halal"}}
	for step, c := range []struct {
		in   models.RecordInput
		want int
	}{{models.RecordInput{}, 1}, {models.RecordInput{}, 1}, {halal, 2}, {halal, 2}, {models.RecordInput{Needs: halal.Needs, Note: "Late train"}, 3}} {
		events, lines := record(c.in)
		if events != c.want || lines != c.want {
			t.Errorf("step %d: %d changes in the history and %d in the log, want %d", step, events, lines, c.want)
		}
	}
}

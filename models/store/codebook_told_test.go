package store_test

import (
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// TestActivity_tellsWhatOthersDoToTheCodesOfARoom: whoever edits the codebook
// need not be on its team. A room without the codes hears nothing, and the log
// of the whole program counts no rooms.
func TestActivity_tellsWhatOthersDoToTheCodesOfARoom(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	admin := storetest.Account(t, s.st, "Ada Byron", models.RoleAdmin)
	cable, ship := s.tag("cable repair"), s.tag("repair ship")
	s.capture("Said w1 +cable-repair")
	s.rooms(2)
	other := models.ID(s.count("SELECT id FROM roundtables WHERE id <> ?", s.room))
	lines := func(room models.ID) (out []string) {
		t.Helper()
		page, err := s.st.Activity(ctx, s.lead, room, models.ActivityFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Lines {
			if strings.Contains(l.Words, "insights here carry") {
				out = append(out, l.Actor+" "+l.Words+" "+l.About)
			}
		}
		return out
	}
	if _, err := s.st.EditCode(ctx, s.other, cable.ID, models.CodeInput{Kind: models.CodeTag, Name: "mending cables", Revision: cable.Revision}); err != nil {
		t.Fatal(err)
	}
	undo, err := s.st.MergeCodes(ctx, s.other, models.MergeInput{Codes: []models.ID{cable.ID, ship.ID}, Keep: ship.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.TakeBack(ctx, s.other, undo); err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.ArchiveCodes(ctx, s.other, []models.ID{ship.ID}, true); err != nil {
		t.Fatal(err)
	}
	who := s.other.Name()
	want := []string{
		who + " took back a change of a code that insights here carry: “mending cables”",
		who + " merged codes into one that insights here carry: “repair ship”",
		who + " edited a code that insights here carry: “mending cables”",
	}
	if got := lines(s.room); !slices.Equal(got, want) {
		t.Errorf("the room is told %q, want %q", got, want)
	}
	if got := lines(other); len(got) != 0 {
		t.Errorf("another room is told %q", got)
	}
	for _, line := range auditLines(t, s.st, admin, models.AuditFilter{}) {
		if strings.Contains(line, "insights here carry") {
			t.Errorf("the log of the program tells %q", line)
		}
	}
}

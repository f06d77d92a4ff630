package store_test

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// On the record a title may name who speaks; under a stricter rule nobody has
// read it for names.
func TestUpdateRoundtable_aStricterRuleWantsTitlesReviewedAnew(t *testing.T) {
	x := newTable(t, storetest.Under(models.OnTheRecord))
	x.guest("Ana Echeverry", models.Congress)
	if _, err := x.st.CreateAgendaItem(t.Context(), x.lead, x.room, models.AgendaInput{Title: "Remarks by Ana Echeverry", TitleReviewed: true}); err != nil {
		t.Fatal(err)
	}
	r, err := x.st.Roundtable(t.Context(), x.lead, x.room)
	if err != nil {
		t.Fatal(err)
	}
	in := r.Input()
	in.Regime = models.ChathamHouse
	if _, err := x.st.UpdateRoundtable(t.Context(), x.lead, x.room, in); err != nil {
		t.Fatal(err)
	}
	other := storetest.Account(t, x.st, "Noor Castellan", models.RoleReader)
	items, err := x.st.Agenda(t.Context(), other, x.room)
	if err != nil || len(items) != 0 {
		t.Errorf("other staff read %+v, %v", items, err)
	}
	if items, err = x.st.Agenda(t.Context(), x.lead, x.room); err != nil || len(items) != 1 || items[0].TitleReviewed {
		t.Errorf("the team reads %+v, %v", items, err)
	}
}

// A title that was passed may name who is invited afterwards.
func TestGuests_whoIsInvitedLaterIsNotNamedByATitleThatWasPassed(t *testing.T) {
	x := newTable(t, storetest.Under(models.ChathamHouse))
	x.guest("Marisol Brandt", models.Industry)
	for _, title := range []string{"Remarks by Ana Echeverry", "Cables and who mends them"} {
		if _, err := x.st.CreateAgendaItem(t.Context(), x.lead, x.room, models.AgendaInput{Title: title, TitleReviewed: true}); err != nil {
			t.Fatal(err)
		}
	}
	other := storetest.Account(t, x.st, "Noor Castellan", models.RoleReader)
	if items, err := x.st.Agenda(t.Context(), other, x.room); err != nil || len(items) != 2 {
		t.Fatalf("before, other staff read %+v, %v", items, err)
	}
	storetest.Invite(t, x.st, x.lead, x.room, x.guest("Ana Echeverry", models.Congress))
	items, err := x.st.Agenda(t.Context(), other, x.room)
	if err != nil || len(items) != 1 || items[0].Title != "Cables and who mends them" {
		t.Errorf("other staff read %+v, %v", items, err)
	}
}

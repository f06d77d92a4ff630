package store_test

import (
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func TestAddGuests_ignoresDuplicatesAndRefusesWhoAskedNotToBeContacted(t *testing.T) {
	x := newTable(t)
	a, b := x.person("Ana Echeverry", models.Congress), x.person("Kenji Mizuhara", models.Diplomats)
	silent := storetest.AddPerson(t, x.st, x.lead, models.PersonInput{Given: "Bram", Family: "Whitcombe", DoNotContact: true})
	out, err := x.st.AddGuests(t.Context(), x.lead, x.room, models.AddGuestsInput{People: []models.ID{a.ID, a.ID, b.ID, silent.ID}, Wave: "b", Role: models.RoleSpeaker})
	if err != nil || len(out.Added) != 2 || !slices.Equal(out.Refused, []string{"Bram Whitcombe"}) {
		t.Fatalf("%+v, %v", out, err)
	}
	if g := x.read(out.Added[0]); g.Wave != "B" || g.Role != models.RoleSpeaker || g.State != models.Shortlisted || g.Sector != models.Congress {
		t.Errorf("%+v", g)
	}
	if out, err = x.st.AddGuests(t.Context(), x.lead, x.room, models.AddGuestsInput{People: []models.ID{a.ID}, Wave: "A"}); err != nil || out.Already != 1 || len(out.Added) != 0 {
		t.Errorf("again: %+v, %v", out, err)
	}
	_, err = x.st.AddGuests(t.Context(), x.lead, x.room, models.AddGuestsInput{People: []models.ID{silent.ID}, Wave: "A"})
	if m := invalidFor(t, err, "person"); !strings.Contains(m, "asked not to be contacted") {
		t.Error(m)
	}
}

func TestAddGuests_theWithdrawnWhoAskedForSilenceStayOff(t *testing.T) {
	x := newTable(t)
	p := x.person("Ana Echeverry", models.Congress)
	id := storetest.Guest(t, x.st, x.lead, x.room, p)
	if _, err := x.st.WithdrawGuests(t.Context(), x.lead, x.room, []models.ID{id}, ""); err != nil {
		t.Fatal(err)
	}
	in := p.PersonInput
	in.DoNotContact = true
	if _, err := x.st.UpdatePerson(t.Context(), x.lead, p.ID, in, 0); err != nil {
		t.Fatal(err)
	}
	_, err := x.st.AddGuests(t.Context(), x.lead, x.room, models.AddGuestsInput{People: []models.ID{p.ID}, Wave: "A"})
	if m := invalidFor(t, err, "person"); !strings.Contains(m, "asked not to be contacted") || x.read(id).State != models.Withdrawn {
		t.Errorf("%q, %v", m, x.read(id).State)
	}
}

func TestAnswer_aDelegateWithoutANameTakesNobodysSeat(t *testing.T) {
	x := newTable(t)
	id, token := x.invited("Ana Echeverry", models.Congress)
	storetest.Answer(t, x.st, token, models.Accepted)
	_, err := x.st.AnswerInvitation(t.Context(), token, models.AnswerInput{Answer: models.Delegated, Chosen: true})
	if invalidFor(t, err, "answer"); x.read(id).State != models.Accepted {
		t.Errorf("now %v", x.read(id).State)
	}
}

package store_test

import (
	"reflect"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// cohost names a partner on the roundtable and returns one of its people.
func (x table) cohost(name, email string) models.Viewer {
	x.t.Helper()
	storetest.Organisation(x.t, x.st, x.lead, name, models.ThinkTanks)
	if err := x.st.AddCohost(x.t.Context(), x.lead, x.room, name); err != nil {
		x.t.Fatal(err)
	}
	hosts, err := x.st.Cohosts(x.t.Context(), x.lead, x.room)
	if err != nil {
		x.t.Fatal(err)
	}
	for _, h := range hosts {
		if h.Name == name {
			err = x.st.AddCohostAccount(x.t.Context(), x.lead, x.room, models.CohostInput{Organisation: h.Organisation, Name: "Pat Partner", Email: email})
		}
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return storetest.Viewer(x.t, x.st, email)
}

// seenBy reads the list as a co-host, without the ids of its lines.
func (x table) seenBy(v models.Viewer) []models.Guest {
	x.t.Helper()
	list, err := x.st.Guests(x.t.Context(), v, x.room, models.GuestFilter{})
	if err != nil {
		x.t.Fatal(err)
	}
	for i := range list.Guests {
		list.Guests[i].ID, list.Guests[i].Roundtable, list.Guests[i].ProposedBy = 0, 0, 0
	}
	return list.Guests
}

func TestProposeGuest_tellsNothingOfTheDirectoryOrTheList(t *testing.T) {
	known := models.PersonInput{
		Full: "Joris Teunissen", Email: "joris@example.net", Position: "Secret position", Organisation: "Secret office", Sector: models.Agencies, Phone: "+1 202 555 0100",
	}
	proposed := models.PersonInput{Full: "Joris  TEUNISSEN", Email: "Joris@example.net", Sector: models.ThinkTanks}
	var first []models.Guest
	for name, before := range map[string]func(x table) models.ID{
		"nobody": func(table) models.ID { return 0 },
		"in the directory": func(x table) models.ID {
			storetest.AddPerson(t, x.st, x.lead, known)
			return 0
		},
		"on the list": func(x table) models.ID {
			return storetest.Guest(t, x.st, x.lead, x.room, storetest.AddPerson(t, x.st, x.lead, known))
		},
		"coming": func(x table) models.ID {
			id := storetest.Guest(t, x.st, x.lead, x.room, storetest.AddPerson(t, x.st, x.lead, known))
			storetest.Answer(t, x.st, storetest.Invite(t, x.st, x.lead, x.room, id)[id], models.Accepted)
			return id
		},
	} {
		x := newTable(t)
		there := before(x)
		v := x.cohost("Allied Institute", "pat@allied.example")
		for range 2 {
			if err := x.st.ProposeGuest(t.Context(), v, x.room, proposed); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		got := x.seenBy(v)
		if len(got) != 1 || got[0].State != models.Shortlisted || got[0].Sector != models.ThinkTanks || got[0].Position != "" || got[0].Organisation != "" {
			t.Errorf("%s: the co-host reads %+v", name, got)
		}
		if first == nil {
			first = got
		}
		if !reflect.DeepEqual(got, first) {
			t.Errorf("%s: the co-host reads\n%+v\nand in another case\n%+v", name, got, first)
		}
		list, err := x.st.Guests(t.Context(), x.lead, x.room, models.GuestFilter{})
		if err != nil || len(list.Guests) != 1 || there != 0 && list.Guests[0].ID != there {
			t.Errorf("%s: the host reads %+v, %v", name, list.Guests, err)
		}
	}
}

func TestProposeGuest_theCohostFollowsThoseItBrought(t *testing.T) {
	x := newTable(t)
	v := x.cohost("Allied Institute", "pat@allied.example")
	other := x.cohost("Third Institute", "lee@third.example")
	if err := x.st.ProposeGuest(t.Context(), v, x.room, models.PersonInput{Full: "Joris Teunissen", Email: "joris@example.net"}); err != nil {
		t.Fatal(err)
	}
	list, err := x.st.Guests(t.Context(), x.lead, x.room, models.GuestFilter{})
	if err != nil || len(list.Guests) != 1 {
		t.Fatal(list.Guests, err)
	}
	id := list.Guests[0].ID
	token := storetest.Invite(t, x.st, x.lead, x.room, id)[id]
	storetest.Answer(t, x.st, token, models.Accepted)
	if got := x.seenBy(v); len(got) != 1 || got[0].State != models.Accepted {
		t.Errorf("the co-host reads %+v", got)
	}
	if got := x.seenBy(other); len(got) != 0 {
		t.Errorf("another co-host reads %+v", got)
	}
	if _, err := x.st.AnswerInvitation(t.Context(), token, models.AnswerInput{Answer: models.Accepted, Chosen: true, NamedToPartners: true}); err != nil {
		t.Fatal(err)
	}
	if got := x.seenBy(v); len(got) != 1 || !got[0].NamedToPartners {
		t.Errorf("once named, the co-host reads %+v", got)
	}
	if got := x.seenBy(other); len(got) != 1 || got[0].Name != "Joris Teunissen" {
		t.Errorf("once named, another co-host reads %+v", got)
	}
}

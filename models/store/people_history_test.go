package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// What a person did in a room is for its team. Others learn how often the
// person was invited, and which rooms on the record the person attended.
func TestPersonHistory_tellsOthersOnlyTheCountAndTheRecord(t *testing.T) {
	st, clock := storetest.Open(t)
	convener := storetest.Account(t, st, "Amara Lindgren", models.RoleConvener)
	reader := storetest.Account(t, st, "Rae Reader", models.RoleReader)
	p := storetest.Person(t, st, convener, "Ana de la Cruz", models.Academia, "Forum")
	type seat struct {
		room, guest models.ID
		lead        models.Viewer
		came        models.GuestState
	}
	var seats []seat
	invite := func(came models.GuestState, options ...storetest.RoomOption) models.Viewer {
		room, lead := storetest.Roundtable(t, st, convener, options...)
		guest := storetest.Guest(t, st, lead, room, p)
		storetest.Invite(t, st, lead, room, guest)
		seats = append(seats, seat{room, guest, lead, came})
		return lead
	}
	invite(models.Attended, storetest.Titled("Open record"), storetest.Under(models.OnTheRecord))
	invite(models.NoShow, storetest.Titled("Record missed"), storetest.Under(models.OnTheRecord))
	invite(models.Attended, storetest.Titled("Under the Rule"), storetest.Under(models.ChathamHouse))
	invite(models.Attended, storetest.Titled("Mixed record"), storetest.Under(models.OnTheRecord))
	mixed := seats[3]
	storetest.AgendaItem(t, st, mixed.lead, mixed.room, "In confidence", 10, models.ChathamHouse)
	lead := invite(models.Attended, storetest.Titled("Private record"), storetest.Under(models.OnTheRecord), storetest.Private())
	clock.Advance(400 * 24 * time.Hour)
	for _, x := range seats {
		if _, _, err := st.SetAttendance(t.Context(), x.lead, x.room, []models.ID{x.guest}, x.came); err != nil {
			t.Fatal(err)
		}
	}

	h, err := st.PersonHistory(t.Context(), reader, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Teams) != 0 || len(h.OnRecord) != 1 || h.OnRecord[0].Title != "Open record" || h.OnRecord[0].State != 0 || h.OnRecord[0].Note != "" {
		t.Errorf("a reader learns %+v", h)
	}
	for _, hidden := range []string{"Private", "Rule", "missed", "Mixed"} {
		if strings.Contains(storetest.Dump(h), hidden) {
			t.Errorf("a reader learns of %q: %+v", hidden, h)
		}
	}
	team, err := st.PersonHistory(t.Context(), storetest.Viewer(t, st, lead.Email()), p.ID)
	if err != nil || len(team.Teams) != 5 || len(team.OnRecord) != 0 {
		t.Errorf("the lead of all five learns %+v, %v", team, err)
	}
	if h.Invited != team.Invited-1 {
		t.Errorf("invited %d times for a reader and %d for the team of a private room more", h.Invited, team.Invited)
	}
	cohost := storetest.Account(t, st, "Pat Partner", models.RoleCohost)
	if _, err := st.PersonHistory(t.Context(), cohost, p.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a co-host reads a history: %v", err)
	}
}

func TestExportPeople_yieldsEverybodyTheFilterFindsAndIsAudited(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	storetest.Person(t, st, v, "Ann One", models.Academia, "")
	storetest.Person(t, st, v, "Bob Two", models.Industry, "")
	people, err := st.ExportPeople(t.Context(), v, models.PersonFilter{Sector: models.Industry}, "csv")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for p, err := range people {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, p.FullName())
	}
	if strings.Join(names, "; ") != "Bob Two" {
		t.Errorf("%q", names)
	}
	if _, err := st.ExportPeople(t.Context(), storetest.Account(t, st, "Rae Reader", models.RoleReader), models.PersonFilter{}, "csv"); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a reader exports: %v", err)
	}
}

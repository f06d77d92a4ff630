package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func TestRoundtables_everyOneIsOnOnePage(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	var options []storetest.RoomOption
	for i := range 7 {
		options = []storetest.RoomOption{storetest.Titled(fmt.Sprintf("Room %d", i)), storetest.At(storetest.Start.AddDate(0, 0, 1+i/2))}
		if i == 6 {
			options = append(options, storetest.Draft())
		}
		_, lead = storetest.Roundtable(t, st, lead, options...)
	}
	_, lead = storetest.Roundtable(t, st, lead, storetest.Titled("Long ago"), storetest.Past())
	for when, want := range map[models.RoundtableWhen]int{models.Upcoming: 7, models.Past: 1, models.AnyTime: 8} {
		seen, after := map[models.ID]bool{}, ""
		for range 10 {
			page, err := st.Roundtables(t.Context(), lead, models.RoundtableFilter{When: when, After: after, Limit: 2})
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range page.Lines {
				if seen[line.ID] {
					t.Errorf("%s comes twice", line.Title)
				}
				seen[line.ID] = true
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(seen) != want {
			t.Errorf("when %d: %d of %d", when, len(seen), want)
		}
	}
	for stage, want := range map[string]int{"draft": 1, "scheduled": 7, "in_session": 0, "cancelled": 0} {
		page, err := st.Roundtables(t.Context(), lead, models.RoundtableFilter{Stage: stage})
		if err != nil || len(page.Lines) != want {
			t.Errorf("stage %s: %d, %v", stage, len(page.Lines), err)
		}
	}
}

func TestCohosts_reachTheirRoundtableAndNothingElse(t *testing.T) {
	st, clock := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead, storetest.Private())
	other, lead := storetest.Roundtable(t, st, lead)
	org, err := st.CreateOrganisation(t.Context(), lead, models.OrganisationInput{Name: "Partner Institute", Acronym: "PI", Sector: models.ThinkTanks})
	if err != nil {
		t.Fatal(err)
	}
	var bad *models.InvalidError
	if err := st.AddCohost(t.Context(), lead, room, "Nobody"); !errors.As(err, &bad) {
		t.Fatalf("an unknown organization: %v", err)
	}
	if err := st.AddCohost(t.Context(), lead, room, "partner institute"); err != nil {
		t.Fatal(err)
	}
	if err := st.AddCohostAccount(t.Context(), lead, room, models.CohostInput{Organisation: org, Name: "Staff", Email: lead.Email()}); !errors.As(err, &bad) {
		t.Fatalf("an address of the staff: %v", err)
	}
	if err := st.AddCohostAccount(t.Context(), lead, room, models.CohostInput{Organisation: org, Name: "Pat Ner", Email: "pat@partner.example"}); err != nil {
		t.Fatal(err)
	}
	pat := storetest.Viewer(t, st, "pat@partner.example")
	r, err := st.Roundtable(t.Context(), pat, room)
	if err != nil || r.Audience != models.Partner {
		t.Fatalf("the co-host: %+v, %v", r, err)
	}
	if _, err := st.Roundtable(t.Context(), pat, other); !errors.Is(err, models.ErrNotFound) {
		t.Fatalf("another roundtable: %v", err)
	}
	if _, err := st.Series(t.Context(), pat); !errors.Is(err, models.ErrNotFound) {
		t.Fatalf("series: %v", err)
	}
	if _, err := st.Activity(t.Context(), pat, room, models.ActivityFilter{}); !errors.Is(err, models.ErrForbidden) {
		t.Fatalf("activity: %v", err)
	}
	clock.Advance(models.CohostAccess + 60*24*time.Hour)
	if late := storetest.Viewer(t, st, "pat@partner.example"); late.IsCohost(room) {
		t.Fatal("a co-host reads on after the end")
	}
	clock.Set(storetest.Start)
	if err := st.RemoveCohost(t.Context(), lead, room, org); err != nil {
		t.Fatal(err)
	}
	pat = storetest.Viewer(t, st, "pat@partner.example")
	if _, err := st.Roundtable(t.Context(), pat, room); !errors.Is(err, models.ErrNotFound) {
		t.Fatalf("after the end: %v", err)
	}
}

func TestOverview_countsGuestsOnlyForTheTeam(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	reader := storetest.Account(t, st, "Rea Der", models.RoleReader)
	room, lead := storetest.Roundtable(t, st, lead)
	for i := range 3 {
		seat(t, st, lead, room, fmt.Sprintf("Guest %d", i), "accepted")
	}
	seat(t, st, lead, room, "Guest open", "invited")
	o, err := st.Overview(t.Context(), lead, room)
	if err != nil || o.Replies.Attending != 3 || o.Replies.Open != 1 || len(o.Warnings) != 1 || o.Warnings[0] != "Three guests from Acme Corp" {
		t.Fatalf("%+v, %v", o, err)
	}
	if _, err := st.Overview(t.Context(), reader, room); !errors.Is(err, models.ErrForbidden) {
		t.Fatalf("a reader: %v", err)
	}
	page, err := st.Roundtables(t.Context(), reader, models.RoundtableFilter{})
	if err != nil || len(page.Lines) != 1 || page.Lines[0].Seated != 0 || page.Lines[0].Capacity != 0 {
		t.Fatalf("a reader's list: %+v, %v", page.Lines, err)
	}
	page, err = st.Roundtables(t.Context(), reader, models.RoundtableFilter{Sector: models.Industry})
	if err != nil || len(page.Lines) != 0 {
		t.Fatalf("a reader asks who comes: %+v, %v", page.Lines, err)
	}
}

func TestActivity_saysWhatWasDoneAndOffersOnesOwnUndo(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	item := storetest.AgendaItem(t, st, lead, room, "Opening", 15, models.RegimeNone)
	if _, err := st.DeleteAgendaItem(t.Context(), lead, room, item); err != nil {
		t.Fatal(err)
	}
	page, err := st.Activity(t.Context(), lead, room, models.ActivityFilter{})
	if err != nil || len(page.Undos) != 1 || page.Lines[0].Words != "deleted an agenda item" || page.Lines[0].Actor != "Ada Byron" {
		t.Fatalf("%+v, %v", page, err)
	}
	if _, err := st.TakeBack(t.Context(), lead, page.Undos[0].ID); err != nil {
		t.Fatal(err)
	}
	items, err := st.Agenda(t.Context(), lead, room)
	if err != nil || len(items) != 1 || items[0].Title != "Opening" {
		t.Fatalf("taken back: %+v, %v", items, err)
	}
	for i := range 60 {
		if _, err := edit(t, st, lead, room, func(in *models.RoundtableInput) { in.Title = fmt.Sprintf("Title %d", i) }); err != nil {
			t.Fatal(err)
		}
	}
	page, err = st.Activity(t.Context(), lead, room, models.ActivityFilter{})
	if err != nil || len(page.Lines) != 50 || page.Next == "" {
		t.Fatalf("the first page: %d, %v", len(page.Lines), err)
	}
	more, err := st.Activity(t.Context(), lead, room, models.ActivityFilter{After: page.Next})
	if err != nil || len(more.Lines) < 14 || more.Next != "" {
		t.Fatalf("the second page: %d, %v", len(more.Lines), err)
	}
}

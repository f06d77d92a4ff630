package store_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

func TestRoundtables_privateOnesDoNotExistForOthers(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	other := storetest.Account(t, st, "Rea Der", models.RoleAdmin)
	hidden, lead := storetest.Roundtable(t, st, lead, storetest.Private(), storetest.Titled("Quiet talks"))
	open, lead := storetest.Roundtable(t, st, lead)
	off, lead := storetest.Roundtable(t, st, lead, storetest.Under(models.OffTheRecord))
	if _, err := st.Roundtable(t.Context(), lead, hidden); err != nil {
		t.Fatalf("the lead: %v", err)
	}
	for _, id := range []models.ID{hidden, off} {
		if _, err := st.Roundtable(t.Context(), other, id); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("another account reads a hidden room: %v", err)
		}
		if err := st.JoinTeam(t.Context(), other, id); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("another account joins a hidden room: %v", err)
		}
	}
	page, err := st.Roundtables(t.Context(), other, models.RoundtableFilter{})
	if err != nil || len(page.Lines) != 1 || page.Lines[0].ID != open || page.Lines[0].Lead != "Ada Byron" {
		t.Fatalf("another's list: %+v, %v", page, err)
	}
	page, err = st.Roundtables(t.Context(), lead, models.RoundtableFilter{When: models.Upcoming, Text: "QUIET"})
	if err != nil || len(page.Lines) != 1 || page.Lines[0].ID != hidden || page.Lines[0].TeamRole != models.TeamLead {
		t.Fatalf("the lead's list: %+v, %v", page, err)
	}
}

func TestRoundtables_startWithTheInstitutesRuleAndZone(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	id, err := st.CreateRoundtable(t.Context(), lead, models.RoundtableInput{Title: "Chips"})
	if err != nil {
		t.Fatal(err)
	}
	lead = storetest.Viewer(t, st, lead.Email())
	r, err := st.Roundtable(t.Context(), lead, id)
	if err != nil || r.Regime != models.ChathamHouse || r.Schedule.Zone != "America/New_York" || r.Status != models.Draft || lead.TeamRole(id) != models.TeamLead {
		t.Fatalf("a new roundtable: %+v, %v", r, err)
	}
	var bad *models.InvalidError
	if err := st.ScheduleRoundtable(t.Context(), lead, id); !errors.As(err, &bad) || bad.Fields["date"] == "" {
		t.Fatalf("scheduling without a time: %v", err)
	}
}

func TestSession_opensAndFinishes(t *testing.T) {
	st, clock := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	id, lead := storetest.Roundtable(t, st, lead)
	item := storetest.AgendaItem(t, st, lead, id, "Opening", 30, models.RegimeNone)
	var bad *models.InvalidError
	if err := st.StartAgendaItem(t.Context(), lead, id, item); !errors.As(err, &bad) {
		t.Fatalf("an item before the session: %v", err)
	}
	if err := st.OpenSession(t.Context(), lead, id); err != nil {
		t.Fatal(err)
	}
	if err := st.StartAgendaItem(t.Context(), lead, id, item); err != nil {
		t.Fatal(err)
	}
	items, err := st.Agenda(t.Context(), lead, id)
	if err != nil || len(items) != 1 || !items[0].Current || items[0].Started != st.Now() {
		t.Fatalf("the agenda: %+v, %v", items, err)
	}
	clock.Advance(time.Hour)
	if err := st.FinishSession(t.Context(), lead, id); err != nil {
		t.Fatal(err)
	}
	r, err := st.Roundtable(t.Context(), lead, id)
	if err != nil || r.Status != models.Held || r.CurrentItem != 0 || r.Ended != st.Now() || r.InSession(st.Now()) {
		t.Fatalf("after the session: %+v, %v", r, err)
	}
	if err := st.CloseRoundtable(t.Context(), lead, id); err != nil {
		t.Fatal(err)
	}
}

func TestRoundtables_aCapShutsPrivateOnesOut(t *testing.T) {
	st, _ := storetest.Open(t)
	private, lead := storetest.Roundtable(t, st, storetest.Account(t, st, "Jo Lead", models.RoleConvener), storetest.Private())
	for audience, want := range map[models.Audience]int{models.Team: 1, models.Staff: 0, models.Public: 0} {
		page, err := st.Roundtables(t.Context(), lead.Capped(audience), models.RoundtableFilter{})
		if err != nil || len(page.Lines) != want {
			t.Errorf("capped to %s the lead lists %d private roundtables, want %d (%v)", audience.Key(), len(page.Lines), want, err)
		}
		if _, err := st.Roundtable(t.Context(), lead.Capped(audience), private); (err == nil) != (want == 1) {
			t.Errorf("capped to %s: %v", audience.Key(), err)
		}
	}
}

func TestSearch_aTextOfAnyLengthIsAQuery(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Jo Convener", models.RoleConvener)
	for _, text := range []string{strings.Repeat("a", 70_000), strings.Repeat("ab cd ", 12_000), strings.Repeat("%", 70_000), strings.Repeat("é", 40_000)} {
		for what, ask := range map[string]func() error{
			"roundtables": func() error {
				_, err := st.Roundtables(t.Context(), v, models.RoundtableFilter{Text: text})
				return err
			},
			"organizations": func() error {
				_, err := st.Organisations(t.Context(), v, models.OrganisationFilter{Query: text})
				return err
			},
			"people": func() error { _, err := st.People(t.Context(), v, models.PersonFilter{Query: text}); return err },
			"mail":   func() error { _, err := st.Mails(t.Context(), v, models.MailFilter{Text: text}); return err },
			"insights": func() error {
				_, err := st.Insights(t.Context(), v, models.ParseInsightFilter(url.Values{"q": {text}}), store.Cursor{})
				return err
			},
		} {
			if err := ask(); err != nil {
				t.Errorf("%s, %d bytes beginning %.8q: %v", what, len(text), text, err)
			}
		}
	}
}

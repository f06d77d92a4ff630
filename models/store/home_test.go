package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// load keeps insights of a state, one by each seat, with the pillars.
func (s *session) load(state models.InsightState, marks string, seats ...int) {
	s.t.Helper()
	var rows []store.LoadedInsight
	for _, seat := range seats {
		in := models.CaptureInput{Roundtable: s.room, Item: s.items[0], Line: fmt.Sprintf("Statement by seat %d @s%d %s", seat, seat, marks)}
		rows = append(rows, store.LoadedInsight{CaptureInput: in, State: state, CapturedBy: s.lead.Account(), CapturedAt: s.st.Now()})
	}
	if err := s.st.LoadInsights(s.t.Context(), models.System("test"), rows); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) coverage(v models.Viewer) models.Coverage {
	s.t.Helper()
	c, err := s.st.Coverage(s.t.Context(), v, "2025-10", 5)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestCoverage_countsAsDisclosedToTheReader(t *testing.T) {
	// Two from Congress are too few to be told apart from the others.
	s := newSession(t, append([]models.Sector{models.Congress, models.Congress}, threeSectors[3:]...)...)
	s.load(models.Reviewed, "#s #t", 1, 2, 3, 4, 5, 6)
	s.load(models.Captured, "#s", 1)
	s.load(models.Reviewed, "", 3)
	team, staff := s.coverage(s.lead), s.coverage(s.other)
	for name, c := range map[string]struct{ got, want int }{
		"team, Congress on security":    {team.N(models.Security, models.Label(models.Congress)), 3},
		"team, Congress on technology":  {team.N(models.Technology, models.Label(models.Congress)), 2},
		"team, industry without pillar": {team.N(models.PillarNone, models.Label(models.Industry)), 1},
		"staff, Congress on security":   {staff.N(models.Security, models.Label(models.Congress)), 0},
		"team, rooms":                   {team.Rooms, 1},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
	sum := 0
	for _, l := range staff.Columns() {
		sum += staff.N(models.Security, l)
	}
	if sum != 6 {
		t.Errorf("other staff count %d reviewed insights on security, want 6", sum)
	}
	if late, err := s.st.Coverage(t.Context(), s.lead, "2026-10", 5); err != nil || !late.Empty() || late.Rooms != 0 {
		t.Errorf("before the first month: %+v, %v", late, err)
	}
}

func TestCoverage_privateRoomsCountForTheirTeamOnly(t *testing.T) {
	s := newSession(t, threeSectors...)
	s.exec("UPDATE roundtables SET private = TRUE")
	s.load(models.Released, "#d", 4, 5)
	if c := s.coverage(s.lead); c.N(models.Diplomacy, models.Label(models.Industry)) != 2 || c.Rooms != 1 {
		t.Errorf("the team: %+v", c)
	}
	if c := s.coverage(s.other); !c.Empty() || c.Rooms != 0 {
		t.Errorf("others: %+v", c)
	}
}

func TestHome_showsWhatWaitsForTheTeam(t *testing.T) {
	s := newSession(t, threeSectors...)
	s.load(models.Captured, "", 1, 2)
	s.load(models.Captured, "#s =off", 3)
	ahead, lead := storetest.Roundtable(t, s.st, s.lead, storetest.Titled("Ahead"), storetest.At(storetest.Start.AddDate(0, 0, 20)))
	s.exec("INSERT INTO guests (id, roundtable_id, person_id, state, state_ms, rsvp_state, created_ms) VALUES (?, ?, ?, 'invited', 1, 'invited', 1)", s.st.NewID(), ahead, s.people[0])
	h, err := s.st.Home(t.Context(), lead)
	if err != nil {
		t.Fatal(err)
	}
	got := map[models.NeedKind]int{}
	for _, n := range h.Needs {
		got[n.Kind] = n.Count
	}
	want := map[models.NeedKind]int{models.NeedRapporteur: 1, models.NeedAnswers: 1, models.NeedPillars: 2, models.NeedReview: 2, models.NeedClose: 1}
	if len(got) != len(want) {
		t.Errorf("needs %v, want %v", got, want)
	}
	for kind, n := range want {
		if got[kind] != n {
			t.Errorf("needs %v, want %v", got, want)
		}
	}
	if len(h.Next) != 1 || h.Next[0].ID != ahead || h.Fresh {
		t.Errorf("next: %+v", h.Next)
	}
	s.clock.Set(storetest.Start.AddDate(0, 0, 20).Add(10 * time.Minute))
	if h, err = s.st.Home(t.Context(), lead); err != nil || len(h.Live) != 1 || len(h.Next) != 0 {
		t.Errorf("in session: %+v, %v", h.Live, err)
	}
	if h, err = s.st.Home(t.Context(), s.other); err != nil || len(h.Needs) != 0 || len(h.Live) != 1 {
		t.Errorf("other staff: %+v, %v", h, err)
	}
}

func TestHome_isForAccountsAndTeachesTheFirstOne(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ad Min", models.RoleAdmin)
	h, err := st.Home(t.Context(), admin)
	if err != nil || !h.Fresh || !h.Coverage.Empty() || len(h.Needs) != 1 || h.Needs[0].Kind != models.NeedSetUp {
		t.Errorf("%+v, %v", h, err)
	}
	for _, v := range []models.Viewer{models.Anonymous(), models.System("test"), models.GuestViewer(1, 2, "rsvp")} {
		if _, err := st.Home(t.Context(), v); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%v", err)
		}
	}
}

func TestRemoveExample_leavesWhatPeopleAdded(t *testing.T) {
	s := newSession(t, threeSectors...)
	admin := storetest.Account(t, s.st, "Ad Min", models.RoleAdmin)
	s.load(models.Reviewed, "#s", 1, 4)
	if err := s.st.RemoveExample(t.Context(), admin); !errors.Is(err, models.ErrNotFound) {
		t.Fatalf("without an example: %v", err)
	}
	if err := s.st.MarkExample(t.Context(), models.System("test")); err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(time.Hour)
	own, lead := storetest.Roundtable(t, s.st, s.lead, storetest.Titled("Our own"), storetest.Past())
	s.exec("INSERT INTO guests (id, roundtable_id, person_id, state, state_ms, rsvp_state, seat, created_ms) VALUES (?, ?, ?, 'accepted', 1, 'accepted', 1, 1)", s.st.NewID(), own, s.people[3])
	if err := s.st.LoadInsights(t.Context(), models.System("test"), []store.LoadedInsight{{
		CaptureInput: models.CaptureInput{Roundtable: own, Line: "Ours #t"}, State: models.Reviewed, CapturedBy: lead.Account(), CapturedAt: s.st.Now(),
	}}); err != nil {
		t.Fatal(err)
	}
	if err := s.st.RemoveExample(t.Context(), lead); !errors.Is(err, models.ErrForbidden) {
		t.Fatalf("a convener removed the example: %v", err)
	}
	if err := s.st.RemoveExample(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]int{
		"SELECT count(*) FROM roundtables":                           1,
		"SELECT count(*) FROM insights":                              1,
		"SELECT count(*) FROM insight_search":                        1,
		"SELECT count(*) FROM guests":                                1,
		"SELECT count(*) FROM people":                                1,
		"SELECT count(*) FROM accounts":                              2, // the admin, and the lead of a room of their own
		"SELECT count(*) FROM accounts WHERE example = TRUE":         0,
		"SELECT COALESCE(sum(n), 0) FROM month_cells":                2, // one pillar, and all
		"SELECT COALESCE(sum(n), 0) FROM insight_cells":              4,
		"SELECT count(*) FROM audit WHERE action = 'example.remove'": 1,
	} {
		if got := s.count(q); got != want {
			t.Errorf("%s: %d, want %d", q, got, want)
		}
	}
	if err := s.st.RemoveExample(t.Context(), admin); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
}

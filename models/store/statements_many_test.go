package store_test

import (
	"fmt"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// renamed is a file that gives n known people another organisation, staged.
func renamed(t *testing.T, n int) (*store.Store, models.Viewer, models.ID) {
	t.Helper()
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	var first, second [][]string
	for i := range n {
		name, email := fmt.Sprintf("Person Number%d", i), fmt.Sprintf("p%d@example.org", i)
		first = append(first, []string{name, email, "Before"})
		second = append(second, []string{name, email, fmt.Sprintf("After %d", i)})
	}
	commit(t, st, v, nameMailOrg, first...)
	i := stage(t, st, v, nameMailOrg, second...)
	if i.Counts.Updated != n {
		t.Fatalf("%+v", i.Counts)
	}
	return st, v, i.ID
}

func TestImport_updatesAndTheirUndoCostTheSameStatementsForManyAsForFew(t *testing.T) {
	t.Run("save", func(t *testing.T) {
		sameStatements(t, func(t *testing.T, n int) (*store.Store, func() error) {
			st, v, id := renamed(t, n)
			return st, func() error { return second(st.CommitImport(t.Context(), v, id, models.ImportChoice{}, nil)) }
		})
	})
	t.Run("take back", func(t *testing.T) {
		sameStatements(t, func(t *testing.T, n int) (*store.Store, func() error) {
			st, v, id := renamed(t, n)
			if _, err := st.CommitImport(t.Context(), v, id, models.ImportChoice{}, nil); err != nil {
				t.Fatal(err)
			}
			return st, func() error {
				counts, err := st.UndoImport(t.Context(), v, id)
				if counts.Restored != n {
					t.Errorf("%+v", counts)
				}
				return err
			}
		})
	})
}

// rooms adds roundtables until there are n: held, led by the same account, with
// the same people, one of whom said something that a brief has published.
func (s *session) rooms(n int) {
	s.t.Helper()
	s.capture("Statement of room 1 @s1 #t")
	for i := 2; i <= n; i++ {
		room, item := s.st.NewID(), s.st.NewID()
		s.exec(`INSERT INTO roundtables (id, title, title_fold, zone, regime, status, ics_uid, created_ms, starts_local)
			SELECT ?, title, title_fold, zone, regime, status, 'u' || ?, 1, starts_local FROM roundtables WHERE id = ?`, room, fmt.Sprint(i), s.room)
		s.exec("INSERT INTO agenda_items (id, roundtable_id, position, title, title_reviewed) VALUES (?, ?, 1, 'Item', TRUE)", item, room)
		s.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'lead', 1)", room, s.lead.Account())
		for seat, person := range s.people {
			s.exec(`INSERT INTO guests (id, roundtable_id, person_id, state, state_ms, rsvp_state, seat, created_ms)
				VALUES (?, ?, ?, 'attended', 1, 'accepted', ?, 1)`, s.st.NewID(), room, person, seat+1)
		}
		there := *s
		there.room, there.items = room, []models.ID{item}
		there.lead = storetest.Viewer(s.t, s.st, s.lead.Email())
		there.capture(fmt.Sprintf("Statement of room %d @s1 #t", i))
	}
	s.lead = storetest.Viewer(s.t, s.st, s.lead.Email())
}

func TestManyRooms_costTheSameStatementsAsFew(t *testing.T) {
	seated := func(t *testing.T, n int) *session {
		t.Helper()
		s := newSession(t, models.Academia, models.Industry)
		s.rooms(n)
		return s
	}
	for name, prepare := range map[string]func(*testing.T, int) (*store.Store, func() error){
		"the institute's numbers change": func(t *testing.T, n int) (*store.Store, func() error) {
			s := seated(t, n)
			admin := storetest.Account(t, s.st, "Ada Admin", models.RoleAdmin)
			institute, err := s.st.Institute(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			institute.Thresholds.Staff.K++
			return s.st, func() error { return s.st.UpdateInstitute(t.Context(), admin, "", institute) }
		},
		"somebody's sector changes": func(t *testing.T, n int) (*store.Store, func() error) {
			s := seated(t, n)
			p, err := s.st.Person(t.Context(), s.lead, s.people[0])
			if err != nil {
				t.Fatal(err)
			}
			in := p.PersonInput
			in.Sector = models.Diplomats
			return s.st, func() error { return second(s.st.UpdatePerson(t.Context(), s.lead, p.ID, in, p.UpdatedAt)) }
		},
		"hand over": func(t *testing.T, n int) (*store.Store, func() error) {
			s := seated(t, n)
			admin := storetest.Account(t, s.st, "Ada Admin", models.RoleAdmin)
			return s.st, func() error { return second(s.st.HandOver(t.Context(), admin, s.lead.Account(), s.other.Account())) }
		},
		"take a hand-over back": func(t *testing.T, n int) (*store.Store, func() error) {
			s := seated(t, n)
			admin := storetest.Account(t, s.st, "Ada Admin", models.RoleAdmin)
			undo, err := s.st.HandOver(t.Context(), admin, s.lead.Account(), s.other.Account())
			if err != nil {
				t.Fatal(err)
			}
			return s.st, func() error { return second(s.st.TakeBack(t.Context(), admin, undo)) }
		},
		"the rules of a time zone change": func(t *testing.T, n int) (*store.Store, func() error) {
			st, _ := storetest.Open(t)
			lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
			for range n {
				_, lead = storetest.Roundtable(t, st, lead)
			}
			if err := st.Exec(t.Context(), "UPDATE roundtables SET starts_ms = starts_ms + 3600000, ends_ms = ends_ms + 3600000"); err != nil {
				t.Fatal(err)
			}
			return st, func() error {
				moved, err := st.RecomputeTimes(t.Context(), models.System("test"))
				if moved != n {
					t.Errorf("%d of %d moved", moved, n)
				}
				return err
			}
		},
	} {
		t.Run(name, func(t *testing.T) { sameStatements(t, prepare) })
	}
}

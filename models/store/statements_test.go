package store_test

import (
	"fmt"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// few and many are powers of two, so that both fill the batches of an insert
// evenly.
const few, many = 2, 32

// sameStatements prepares the same with few rows and with many, does the same
// to both, and fails where the many cost more statements.
func sameStatements(t *testing.T, prepare func(t *testing.T, n int) (*store.Store, func() error)) {
	t.Helper()
	var cost [2]int
	for i, n := range []int{few, many} {
		st, act := prepare(t, n)
		count := st.CountStatements()
		if err := act(); err != nil {
			t.Fatalf("%d rows: %v", n, err)
		}
		if cost[i] = count(); cost[i] == 0 {
			t.Fatalf("%d rows: no statement was counted", n)
		}
	}
	if cost[0] != cost[1] {
		t.Errorf("%d rows cost %d statements, %d rows %d", few, cost[0], many, cost[1])
	}
}

// mailed makes n people with an address each.
func (x table) mailed(n int) []models.ID {
	x.t.Helper()
	var out []models.ID
	for i := range n {
		out = append(out, storetest.AddPerson(x.t, x.st, x.lead, models.PersonInput{
			Full: fmt.Sprintf("Guest Number%d", i), Email: fmt.Sprintf("guest%d@example.org", i), Sector: models.Academia,
		}).ID)
	}
	return out
}

// listed puts n people with an address each on the list.
func (x table) listed(n int) []models.ID {
	x.t.Helper()
	added, err := x.st.AddGuests(x.t.Context(), x.lead, x.room, models.AddGuestsInput{People: x.mailed(n), Wave: "A"})
	if err != nil {
		x.t.Fatal(err)
	}
	return added.Added
}

func (x table) invitedMany(n int) []models.ID {
	x.t.Helper()
	guests := x.listed(n)
	if _, err := x.st.InviteGuests(x.t.Context(), x.lead, x.room, models.InviteInput{Guests: guests}); err != nil {
		x.t.Fatal(err)
	}
	return guests
}

// waitlisted puts n guests on the waiting list of a table of three seats, which
// are taken.
func waitlisted(t *testing.T, n int) table {
	t.Helper()
	x := newTable(t, storetest.Seats(many+1), storetest.With(func(in *models.RoundtableInput) { in.AutoPromote = true }))
	guests := x.invitedMany(many + 1 + n)
	for i, g := range guests {
		answer := models.Accepted
		if i > many {
			answer = models.Waitlisted
		}
		if err := x.st.RecordAnswer(t.Context(), x.lead, g, models.RecordInput{Answer: answer, Via: "phone"}); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

func TestGuestActs_costTheSameStatementsForManyAsForFew(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, int) (*store.Store, func() error){
		"add": func(t *testing.T, n int) (*store.Store, func() error) {
			x := newTable(t)
			people := x.mailed(n)
			return x.st, func() error {
				return second(x.st.AddGuests(t.Context(), x.lead, x.room, models.AddGuestsInput{People: people, Wave: "A"}))
			}
		},
		"add the withdrawn": func(t *testing.T, n int) (*store.Store, func() error) {
			x := newTable(t)
			people := x.mailed(n)
			in := models.AddGuestsInput{People: people, Wave: "A"}
			added, err := x.st.AddGuests(t.Context(), x.lead, x.room, in)
			if err == nil {
				_, err = x.st.WithdrawGuests(t.Context(), x.lead, x.room, added.Added, "")
			}
			if err != nil {
				t.Fatal(err)
			}
			return x.st, func() error { return second(x.st.AddGuests(t.Context(), x.lead, x.room, in)) }
		},
		"invite": func(t *testing.T, n int) (*store.Store, func() error) {
			x := newTable(t)
			guests := x.listed(n)
			return x.st, func() error {
				return second(x.st.InviteGuests(t.Context(), x.lead, x.room, models.InviteInput{Guests: guests}))
			}
		},
		"remind": func(t *testing.T, n int) (*store.Store, func() error) {
			x := newTable(t)
			guests := x.invitedMany(n)
			x.clock.Advance(24 * time.Hour)
			return x.st, func() error { return second(x.st.RemindGuests(t.Context(), x.lead, x.room, guests)) }
		},
		"withdraw": func(t *testing.T, n int) (*store.Store, func() error) {
			x := newTable(t)
			guests := x.invitedMany(n)
			return x.st, func() error { return second(x.st.WithdrawGuests(t.Context(), x.lead, x.room, guests, "Moved")) }
		},
		"promote": func(t *testing.T, n int) (*store.Store, func() error) {
			x := waitlisted(t, n)
			list, err := x.st.Guests(t.Context(), x.lead, x.room, models.GuestFilter{})
			if err != nil {
				t.Fatal(err)
			}
			var leave []models.ID
			for _, g := range list.Guests {
				if g.State == models.Accepted && len(leave) < many {
					leave = append(leave, g.ID)
				}
			}
			return x.st, func() error { return second(x.st.WithdrawGuests(t.Context(), x.lead, x.room, leave, "")) }
		},
		"attendance": func(t *testing.T, n int) (*store.Store, func() error) {
			x := newTable(t, storetest.InSession())
			guests := x.listed(n)
			return x.st, func() error {
				_, _, err := x.st.SetAttendance(t.Context(), x.lead, x.room, guests, models.Attended)
				return err
			}
		},
		"take back a wave": func(t *testing.T, n int) (*store.Store, func() error) {
			x := newTable(t)
			_, undo, err := x.st.SetGuestWave(t.Context(), x.lead, x.room, x.listed(n), "B")
			if err != nil {
				t.Fatal(err)
			}
			return x.st, func() error { return second(x.st.TakeBack(t.Context(), x.lead, undo)) }
		},
		"send mail again": func(t *testing.T, n int) (*store.Store, func() error) {
			x := newTable(t)
			x.invitedMany(n)
			var mails []models.ID
			for _, out := range storetest.KeepMail(t, x.st) {
				mails = append(mails, out.Mail)
			}
			return x.st, func() error { return second(x.st.RetryMail(t.Context(), x.lead, mails)) }
		},
	} {
		t.Run(name, func(t *testing.T) { sameStatements(t, prepare) })
	}
}

// spoken is a roundtable with n insights by one of its guests.
func spoken(t *testing.T, n int) (*session, []models.ID) {
	t.Helper()
	s := newSession(t, models.Academia, models.Industry)
	var ids []models.ID
	for i := range n {
		ids = append(ids, s.capture(fmt.Sprintf("Statement number %d @s1 #t", i)).ID())
	}
	return s, ids
}

func TestInsightActs_costTheSameStatementsForManyAsForFew(t *testing.T) {
	tag := models.TagChange{AddPillars: []models.Pillar{models.Economics}}
	for name, prepare := range map[string]func(*testing.T, int) (*store.Store, func() error){
		"tag": func(t *testing.T, n int) (*store.Store, func() error) {
			s, ids := spoken(t, n)
			return s.st, func() error { return second(s.st.TagInsights(t.Context(), s.lead, ids, tag)) }
		},
		"review": func(t *testing.T, n int) (*store.Store, func() error) {
			s, ids := spoken(t, n)
			return s.st, func() error { return second(s.st.SetInsightStates(t.Context(), s.lead, ids, models.Reviewed)) }
		},
		"take back tags": func(t *testing.T, n int) (*store.Store, func() error) {
			s, ids := spoken(t, n)
			done, err := s.st.TagInsights(t.Context(), s.lead, ids, tag)
			if err != nil {
				t.Fatal(err)
			}
			return s.st, func() error { return second(s.st.TakeBack(t.Context(), s.lead, done.Undo)) }
		},
		"go off the record": func(t *testing.T, n int) (*store.Store, func() error) {
			s, _ := spoken(t, n)
			s.exec("UPDATE guests SET preference = ?", models.OffTheRecord)
			return s.st, func() error { return s.st.RecomputeRoom(t.Context(), s.room) }
		},
	} {
		t.Run(name, func(t *testing.T) { sameStatements(t, prepare) })
	}
}

func TestLists_costTheSameStatementsForManyAsForFew(t *testing.T) {
	read := func(f func(s *session) error) func(*testing.T, int) (*store.Store, func() error) {
		return func(t *testing.T, n int) (*store.Store, func() error) {
			s, ids := spoken(t, n)
			if _, err := s.st.SetInsightStates(t.Context(), s.lead, ids, models.Reviewed); err != nil {
				t.Fatal(err)
			}
			for range n {
				s.guest(models.Agencies)
			}
			storetest.Roundtable(t, s.st, storetest.Account(t, s.st, "Other Convener", models.RoleConvener))
			for i := range n {
				storetest.Roundtable(t, s.st, storetest.Viewer(t, s.st, "other.convener@example.org"), storetest.Titled(fmt.Sprintf("Room %d", i)))
			}
			return s.st, func() error { return f(s) }
		}
	}
	for name, list := range map[string]func(s *session) error{
		"guests": func(s *session) error {
			return second(s.st.Guests(s.t.Context(), s.lead, s.room, models.GuestFilter{}))
		},
		"people": func(s *session) error { return second(s.st.People(s.t.Context(), s.lead, models.PersonFilter{})) },
		"roundtables": func(s *session) error {
			return second(s.st.Roundtables(s.t.Context(), s.lead, models.RoundtableFilter{}))
		},
		"insights": func(s *session) error {
			return second(s.st.Insights(s.t.Context(), s.lead, models.InsightFilter{}, store.Cursor{}))
		},
		"facets": func(s *session) error {
			return second(s.st.InsightFacets(s.t.Context(), s.lead, models.InsightFilter{}))
		},
		"activity": func(s *session) error {
			return second(s.st.Activity(s.t.Context(), s.lead, s.room, models.ActivityFilter{}))
		},
		"overview": func(s *session) error { return second(s.st.Overview(s.t.Context(), s.lead, s.room)) },
		"home":     func(s *session) error { return second(s.st.Home(s.t.Context(), s.lead)) },
		"audit": func(s *session) error {
			return second(s.st.Audit(s.t.Context(), storetest.Account(s.t, s.st, "Ada Admin", models.RoleAdmin), models.AuditFilter{}))
		},
	} {
		t.Run(name, func(t *testing.T) { sameStatements(t, read(list)) })
	}
}

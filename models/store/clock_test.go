package store_test

import (
	"slices"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// While the clock was a year ahead, tries were counted and mail was queued.
// Once it is right again nobody is kept out, and nothing waits, until then.
func TestClock_aJumpIsForgottenWhenItEnds(t *testing.T) {
	st, clock := storetest.Open(t)
	right := clock.Now()

	clock.Advance(400 * 24 * time.Hour)
	for range 3 {
		if err := st.Attempt(t.Context(), "links", "192.0.2.0/24", 3, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Attempt(t.Context(), "links", "192.0.2.0/24", 3, time.Hour); err == nil {
		t.Fatal("the limit does not hold: the test looks at nothing")
	}
	storetest.Account(t, st, "New Reader", models.RoleReader)
	if err := st.RequestPasswordReset(t.Context(), "new.reader@example.org", "198.51.100.0/24"); err != nil {
		t.Fatal(err)
	}
	claim := func() int {
		jobs, err := st.ClaimJobs(t.Context(), models.System("mail"), []string{store.AccountMailKind}, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(jobs)
	}

	clock.Set(right.Add(time.Second))
	if err := st.Attempt(t.Context(), "links", "192.0.2.0/24", 3, time.Hour); err != nil {
		t.Errorf("the next try after the clock was set right: %v", err)
	}
	clock.Set(right.Add(400 * 24 * time.Hour))
	if claim() != 1 {
		t.Fatal("no mail waits: the test looks at nothing")
	}
	clock.Set(right.Add(2 * time.Second)) // the worker that took it is gone
	if claim() != 1 {
		t.Error("a message that was taken while the clock was ahead waits until then")
	}
	if claim() != 0 {
		t.Error("a message that is being sent was taken twice")
	}
}

func TestClock_mailQueuedWhileItWasAheadDoesNotWait(t *testing.T) {
	st, clock := storetest.Open(t)
	right := clock.Now()
	storetest.Account(t, st, "New Reader", models.RoleReader)
	clock.Advance(400 * 24 * time.Hour)
	if err := st.RequestPasswordReset(t.Context(), "new.reader@example.org", "198.51.100.0/24"); err != nil {
		t.Fatal(err)
	}
	clock.Set(right)
	jobs, err := st.ClaimJobs(t.Context(), models.System("mail"), []string{store.AccountMailKind}, 10)
	if err != nil || len(jobs) != 1 {
		t.Errorf("%d jobs, %v", len(jobs), err)
	}
}

// Captures keep their order whatever the clock does between them.
func TestClock_capturesKeepTheirOrder(t *testing.T) {
	st, clock := storetest.Open(t)
	lead := storetest.Account(t, st, "Lea Lead", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead, storetest.InSession())
	var want []string
	var ids []models.ID
	for i, jump := range []time.Duration{0, -48 * time.Hour, 24 * time.Hour, 90 * 24 * time.Hour, -365 * 24 * time.Hour, 0} {
		clock.Advance(jump)
		text := "line-" + string(rune('a'+i))
		kept, err := st.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: text, ClientID: text})
		if err != nil {
			t.Fatalf("after a jump of %v: %v", jump, err)
		}
		again, err := st.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: text, ClientID: text})
		if err != nil || again.ID() != kept.ID() {
			t.Errorf("sent again after a jump of %v: %v, %v", jump, again.ID(), err)
		}
		want, ids = append(want, text), append(ids, kept.ID())
	}
	found, err := st.RoomInsights(t.Context(), lead, room, ids)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range found {
		got = append(got, i.Text())
	}
	if !slices.Equal(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	after, _, _, ok, err := st.EventsAfter(t.Context(), lead, room, st.EventID(0))
	if err != nil || !ok || !slices.Equal(after, ids) {
		t.Errorf("a stream that comes back gets %v, %v, %v; want %v", after, ok, err, ids)
	}
}

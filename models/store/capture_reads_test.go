package store_test

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func TestCaptureInsight_readsAgainWhatAnybodyChanged(t *testing.T) {
	dsn := storetest.NewDSN(t)
	st, _ := storetest.OpenDSN(t, dsn)
	elsewhere, _ := storetest.OpenDSN(t, dsn) // as another process has it open
	room, lead := storetest.Roundtable(t, st, storetest.Account(t, st, "Jo Lead", models.RoleConvener), storetest.InSession())
	tags := func() int {
		t.Helper()
		i, err := st.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Yards share a dock +drydock +permits +pilots"})
		if err != nil {
			t.Fatal(err)
		}
		return len(i.Tags())
	}
	if n := tags(); n != 0 {
		t.Fatalf("%d tags before there are any", n)
	}
	tags() // against what the first one read
	for i, act := range []func() error{
		func() error { return second(st.CreateTag(t.Context(), lead, room, models.TagInput{Name: "Drydock"})) },
		func() error {
			return second(elsewhere.CreateTag(t.Context(), lead, room, models.TagInput{Name: "Permits"}))
		},
		func() error { return second(st.CreateTag(t.Context(), lead, room, models.TagInput{Name: "Pilots"})) },
	} {
		if err := act(); err != nil {
			t.Fatal(err)
		}
		if n := tags(); n != i+1 {
			t.Errorf("a line has %d tags after %d were made", n, i+1)
		}
		tags()
	}
}

func TestCaptureInsight_readsTheRoomOnceWhileNobodyElseWrites(t *testing.T) {
	if storetest.Postgres() {
		t.Skip("every batch reads for itself on PostgreSQL, where others write at the same time")
	}
	s := newSession(t, threeSectors...)
	cost := func(line string) int {
		count := s.st.CountStatements()
		s.capture(line)
		return count()
	}
	first, again := cost("The first line"), cost("The second line")
	if again >= first {
		t.Errorf("the first capture cost %d statements, the next %d", first, again)
	}
	s.guest(models.Academia)
	if n := cost("After somebody came"); n != first {
		t.Errorf("a capture after a change cost %d statements, the first one %d", n, first)
	}
}

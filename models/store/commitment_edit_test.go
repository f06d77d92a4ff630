package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rotunda/models"
)

func TestEditCommitment_aPromiseIsCorrectedAndTakenBack(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	id, err := s.st.CreateCommitment(ctx, s.lead, s.room, models.CommitmentInput{What: "Send the paper", Owner: "The host"})
	if err != nil {
		t.Fatal(err)
	}
	one := func() models.Promise {
		t.Helper()
		found, err := s.st.Commitments(ctx, s.lead, s.room)
		if err != nil || len(found) != 1 {
			t.Fatalf("%+v, %v", found, err)
		}
		return found[0]
	}
	was := one()
	better := models.CommitmentInput{What: "Send both papers", Owner: "The embassy", DueOn: "2031-01-31"}
	if _, err := s.st.EditCommitment(ctx, s.other, s.room, id, was.Revision, better); err == nil {
		t.Error("somebody outside the team changes it")
	}
	if _, err := s.st.EditCommitment(ctx, s.lead, s.room, id, was.Revision, models.CommitmentInput{What: " ", Owner: "x", DueOn: "soon"}); invalidFor(t, err, "what") == "" || invalidFor(t, err, "due") == "" {
		t.Error("nothing is promised for soon")
	}
	undo, err := s.st.EditCommitment(ctx, s.lead, s.room, id, was.Revision, better)
	if err != nil {
		t.Fatal(err)
	}
	if now := one(); now.What != better.What || now.Owner != better.Owner || now.DueOn != better.DueOn || now.Due == 0 {
		t.Errorf("changed: %+v", now)
	}
	if _, err := s.st.EditCommitment(ctx, s.lead, s.room, id, was.Revision, better); !errors.Is(err, models.ErrConflict) {
		t.Errorf("who read the first wording overwrites the second: %v", err)
	}
	if _, err := s.st.TakeBack(ctx, s.lead, undo); err != nil {
		t.Fatal(err)
	}
	if now := one(); now.What != was.What || now.Owner != was.Owner || now.DueOn != "" || now.Due != 0 {
		t.Errorf("taken back: %+v", now)
	}
}

// TestEditCommitment_ofACapturedOneOnlyTheDay gives a promise of the room its
// day: what was said and by whom stays the insight's, and whoever noted it is
// reminded.
func TestEditCommitment_ofACapturedOneOnlyTheDay(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	s.capture("We will send w1 >>@s4")
	found, err := s.st.Commitments(ctx, s.lead, s.room)
	if err != nil || len(found) != 1 || !found[0].Captured() {
		t.Fatalf("%+v, %v", found, err)
	}
	was := found[0]
	day := time.UnixMilli(int64(s.st.Now())).UTC().AddDate(0, 0, 10).Format(time.DateOnly)
	if _, err := s.st.EditCommitment(ctx, s.lead, s.room, was.ID, was.Revision, models.CommitmentInput{What: "Something else", Owner: "Somebody else", DueOn: day}); err != nil {
		t.Fatal(err)
	}
	found, _ = s.st.Commitments(ctx, s.lead, s.room)
	if now := found[0]; now.What != was.What || now.Owner != was.Owner || now.DueOn != day {
		t.Errorf("%+v, from %+v", now, was)
	}
	s.clock.Advance(10 * 24 * time.Hour)
	if told := s.reminded(); !slices.Equal(told, []string{s.lead.Name()}) {
		t.Errorf("on its day %v are reminded", told)
	}
}

package store_test

import (
	"errors"
	"testing"

	"rotunda/models"
)

func TestCommitments_areCapturedForTheTeamAlone(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	i := s.capture("We will send w1 >>@s4")
	s.capture("We will send w2 >>@s4 =off")
	found, err := s.st.Commitments(ctx, s.lead, s.room)
	if err != nil || len(found) != 1 || found[0].Insight != i.ID() || found[0].Owner == "" || found[0].State != models.CommitmentOpen {
		t.Fatalf("%+v, %v: want the one promise that is on record", found, err)
	}
	if others, err := s.st.Commitments(ctx, s.other, 0); err != nil || len(others) != 0 {
		t.Errorf("staff outside the team read %+v, %v", others, err)
	}
	if _, err := s.st.CreateCommitment(ctx, s.lead, s.room, models.CommitmentInput{What: "Send the paper", Owner: "The host", DueOn: "2026-31-12"}); !errors.As(err, new(*models.InvalidError)) {
		t.Errorf("a day that is none: %v", err)
	}
	id, err := s.st.CreateCommitment(ctx, s.lead, s.room, models.CommitmentInput{What: "Send the paper", Owner: "The host", DueOn: "2020-01-31"})
	if err != nil {
		t.Fatal(err)
	}
	if found, _ = s.st.Commitments(ctx, s.lead, s.room); len(found) != 2 || found[0].ID != id || !found[0].Late(s.st.Now()) {
		t.Errorf("%+v: want the overdue one first", found)
	}
	if _, err := s.st.SetCommitmentState(ctx, s.other, s.room, id, models.CommitmentDone, ""); err == nil {
		t.Error("staff outside the team change it")
	}
	undo, err := s.st.SetCommitmentState(ctx, s.lead, s.room, id, models.CommitmentDone, "Sent to all")
	if err != nil {
		t.Fatal(err)
	}
	if found, _ = s.st.Commitments(ctx, s.lead, s.room); found[1].ID != id || found[1].Outcome != "Sent to all" {
		t.Errorf("done: %+v", found)
	}
	if _, err := s.st.TakeBack(ctx, s.lead, undo); err != nil {
		t.Fatal(err)
	}
	if found, _ = s.st.Commitments(ctx, s.lead, s.room); found[0].State != models.CommitmentOpen || found[0].Outcome != "" {
		t.Errorf("taken back: %+v", found[0])
	}
}

package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
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

// reminded does the reminders that are due and returns to whom they go.
func (s *session) reminded() (names []string) {
	s.t.Helper()
	ctx, system := s.t.Context(), models.System("mail worker")
	for _, kind := range []string{store.NudgeJob, store.SendMailJob} {
		jobs, err := s.st.ClaimJobs(ctx, system, []string{kind}, 50)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, j := range jobs {
			if kind == store.NudgeJob {
				err := s.st.Nudge(ctx, system, j)
				if errors.Is(err, models.ErrNotFound) { // as the worker does
					err = s.st.FinishJob(ctx, system, j)
				}
				if err != nil {
					s.t.Fatal(err)
				}
				continue
			}
			out, ready, err := s.st.StartMail(ctx, system, j)
			if err != nil {
				s.t.Fatal(err)
			}
			if !ready || out.Kind != models.MailCommitmentDue {
				continue
			}
			if out.Room != s.room || out.Text != "" || out.Invitation.Title != "" {
				s.t.Errorf("the reminder tells more than where to look: %+v", out)
			}
			names = append(names, out.ToName)
		}
	}
	return names
}

func TestCommitments_remindWhoNotedThemOnTheirDay(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	day := time.UnixMilli(int64(s.st.Now())).UTC().AddDate(0, 0, 10).Format(time.DateOnly)
	kept, err := s.st.CreateCommitment(ctx, s.lead, s.room, models.CommitmentInput{What: "Send the paper", Owner: "The host", DueOn: day})
	if err != nil {
		t.Fatal(err)
	}
	done, err := s.st.CreateCommitment(ctx, s.lead, s.room, models.CommitmentInput{What: "Book the hall", Owner: "The host", DueOn: day})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.SetCommitmentState(ctx, s.lead, s.room, done, models.CommitmentDone, ""); err != nil {
		t.Fatal(err)
	}
	if names := s.reminded(); len(names) != 0 {
		t.Errorf("reminded ten days before: %v", names)
	}
	if h, err := s.st.Home(ctx, s.lead); err != nil || slices.ContainsFunc(h.Needs, func(n models.Need) bool { return n.Kind == models.NeedPromises }) {
		t.Errorf("ten days before, Home has %+v (%v)", h.Needs, err)
	}
	s.clock.Advance(10 * 24 * time.Hour)
	if names := s.reminded(); !slices.Equal(names, []string{s.lead.Name()}) {
		t.Errorf("reminded on the day: %v", names)
	}
	h, err := s.st.Home(ctx, s.lead)
	at := slices.IndexFunc(h.Needs, func(n models.Need) bool { return n.Kind == models.NeedPromises })
	if err != nil || at < 0 || h.Needs[at].Count != 1 {
		t.Errorf("on the day, Home has %+v (%v): want the one that is open", h.Needs, err)
	}
	if h, err := s.st.Home(ctx, s.other); err != nil || slices.ContainsFunc(h.Needs, func(n models.Need) bool { return n.Kind == models.NeedPromises }) {
		t.Errorf("Home tells who is not on the team: %+v (%v)", h.Needs, err)
	}
	if err := s.st.RemindCommitment(ctx, s.other, s.room, kept); err == nil {
		t.Error("staff outside the team remind")
	}
	if err := s.st.RemindCommitment(ctx, s.lead, s.room, kept); err != nil {
		t.Fatal(err)
	}
	if names := s.reminded(); len(names) != 1 {
		t.Errorf("asked for a reminder: %v", names)
	}
	if err := s.st.RemindCommitment(ctx, s.lead, s.room, kept); !errors.As(err, new(*models.InvalidError)) {
		t.Errorf("a second reminder at once: %v", err)
	}
	if err := s.st.RemindCommitment(ctx, s.lead, s.room, done); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a reminder of what is done: %v", err)
	}
}

func TestCommitments_openAgainRemindAgainButNotTwiceOfOneDay(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	day := time.UnixMilli(int64(s.st.Now())).UTC().AddDate(0, 0, 10).Format(time.DateOnly)
	set := func(id models.ID, to models.CommitmentState) (undo models.ID) {
		undo, err := s.st.SetCommitmentState(ctx, s.lead, s.room, id, to, "")
		if err != nil {
			t.Fatal(err)
		}
		return undo
	}
	var ids []models.ID
	for _, what := range []string{"Send the paper", "Book the hall"} {
		id, err := s.st.CreateCommitment(ctx, s.lead, s.room, models.CommitmentInput{What: what, Owner: "The host", DueOn: day})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	all, err := s.st.Commitments(ctx, s.lead, s.room)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(time.Duration(models.ReminderMorning(all[0].Due)-s.st.Now())*time.Millisecond - time.Minute)
	undo := set(ids[0], models.CommitmentDone)
	set(ids[1], models.CommitmentDone)
	s.clock.Advance(2 * time.Minute)
	if names := s.reminded(); len(names) != 0 {
		t.Fatalf("reminded of what is done: %v", names)
	}
	if _, err := s.st.TakeBack(ctx, s.lead, undo); err != nil {
		t.Fatal(err)
	}
	if names := s.reminded(); !slices.Equal(names, []string{s.lead.Name()}) {
		t.Errorf("taken back: reminded %v", names)
	}
	for turn, want := range []int{1, 0} {
		set(ids[1], models.CommitmentOpen)
		if names := s.reminded(); len(names) != want {
			t.Errorf("opened again, turn %d: reminded %v, want %d", turn, names, want)
		}
		set(ids[1], models.CommitmentDone)
	}
}

func TestCommitments_oneThatWasCapturedRemindsWhoCapturedIt(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	s.capture("We will send the paper >>@s4")
	found, err := s.st.Commitments(ctx, s.lead, s.room)
	if err != nil || len(found) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	if err := s.st.RemindCommitment(ctx, s.lead, s.room, found[0].ID); err != nil {
		t.Fatal(err)
	}
	if names := s.reminded(); !slices.Equal(names, []string{s.lead.Name()}) {
		t.Errorf("reminded %v, want who captured it, not the guest who promised", names)
	}
}

func TestCommitments_oneThatWasDeletedWithItsInsightNeedsNobody(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	i := s.capture("We will send the paper >>@s4")
	found, err := s.st.Commitments(ctx, s.lead, s.room)
	if err != nil || len(found) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	day := time.UnixMilli(int64(s.st.Now())).UTC().AddDate(0, 0, 10).Format(time.DateOnly)
	if _, err := s.st.EditCommitment(ctx, s.lead, s.room, found[0].ID, found[0].Revision, models.CommitmentInput{DueOn: day}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.DeleteInsight(ctx, s.lead, i.ID()); err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(10 * 24 * time.Hour)
	if names := s.reminded(); len(names) != 0 {
		t.Errorf("reminded of what was deleted: %v", names)
	}
	if h, err := s.st.Home(ctx, s.lead); err != nil || slices.ContainsFunc(h.Needs, func(n models.Need) bool { return n.Kind == models.NeedPromises }) {
		t.Errorf("Home counts what was deleted: %+v, %v", h.Needs, err)
	}
}

func TestExportCommitments_isForWhoExportsAndHoldsNothingOffTheRecord(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	s.capture("We will send w1 >>@s4")
	raised := s.capture("We will send w2 >>@s5")
	if found, err := s.st.ExportCommitments(ctx, s.lead); err != nil || len(found) != 2 {
		t.Fatalf("%+v, %v", found, err)
	}
	s.exec("UPDATE insights SET regime = ? WHERE id = ?", models.OffTheRecord, raised.ID())
	if found, err := s.st.ExportCommitments(ctx, s.lead); err != nil || len(found) != 1 {
		t.Errorf("what is off the record is exported: %+v, %v", found, err)
	}
	s.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'observer', 1)", s.room, s.other.Account())
	observer := storetest.Viewer(t, s.st, "ot.her@example.org")
	if seen, err := s.st.Commitments(ctx, observer, s.room); err != nil || len(seen) == 0 {
		t.Fatalf("the observer reads %d, %v", len(seen), err)
	}
	if found, err := s.st.ExportCommitments(ctx, observer); err != nil || len(found) != 0 {
		t.Errorf("an observer exports %+v, %v", found, err)
	}
}

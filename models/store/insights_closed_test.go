package store_test

import (
	"testing"

	"rotunda/models"
)

// recompute brings the insights up to the room as it is, after it was changed
// in the tables.
func (s *session) recompute() {
	s.t.Helper()
	if err := s.st.RecomputeRoom(s.t.Context(), s.room); err != nil {
		s.t.Fatal(err)
	}
}

func TestInsights_aPreferenceRecordedAfterCloseRaisesNoOther(t *testing.T) {
	s := newSession(t, threeSectors...)
	s.exec("UPDATE roundtables SET regime = ?", models.OnTheRecord)
	prefer := func(guests ...models.ID) {
		s.exec("UPDATE guests SET preference = ? WHERE id IN ?", models.ChathamHouse, guests)
	}
	prefer(s.guests[0], s.guests[1])
	i := s.capture("Said w1 @s1")
	s.exec("UPDATE roundtables SET status = 'closed'")
	s.recompute()
	before := s.all()[0]
	if before.LabelStaff != models.LabelNone || before.ShownStaff != models.OnTheRecord {
		t.Fatalf("two with a preference: %v under %v", before.LabelStaff, before.ShownStaff)
	}
	prefer(s.guests...)
	s.recompute()
	s.recompute()
	if now := s.all()[0]; now.LabelStaff != before.LabelStaff || now.ShownStaff != before.ShownStaff {
		t.Errorf("after the correction staff see %q under %q", now.LabelStaff.Name(), now.ShownStaff.Name())
	}
	if err := s.st.SetParaphrase(t.Context(), s.lead, i.ID(), "Said w1 otherwise", true); err != nil {
		t.Fatal(err)
	}
	if now := s.all()[0]; now.LabelStaff != models.LabelNone {
		t.Errorf("after a paraphrase staff see %q", now.LabelStaff.Name())
	}
}

func TestInsights_aParaphraseWrittenAfterCloseIsShown(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("Said w1 @s1 =deep")
	s.exec("UPDATE roundtables SET status = 'closed'")
	s.recompute()
	if got := s.all()[0].LabelStaff; got != models.LabelWithheld {
		t.Fatalf("without a paraphrase staff see %q", got.Name())
	}
	if err := s.st.SetParaphrase(t.Context(), s.lead, i.ID(), "Said w1 otherwise", true); err != nil {
		t.Fatal(err)
	}
	if got := s.all()[0].LabelStaff; got != models.LabelNone {
		t.Errorf("with a paraphrase staff see %q", got.Name())
	}
}

func TestInsights_aSpeakerFoundAfterCloseIsNotShownToOthers(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("Said w1")
	s.exec("UPDATE roundtables SET status = 'closed'")
	s.recompute()
	if _, err := s.st.ResolveSpeaker(t.Context(), s.lead, i.ID(), s.guests[3]); err != nil {
		t.Fatal(err)
	}
	if got := s.all()[0].LabelStaff; got != models.LabelNone {
		t.Errorf("staff see %q", got.Name())
	}
	s.capture("Said w2 @s4")
	if got := s.all()[1].LabelStaff; got != models.Label(models.Industry) {
		t.Errorf("of words captured after close staff see %q", got.Name())
	}
}

func TestInsights_offTheRecordForgetsTheSpeakersOfDeletedOnes(t *testing.T) {
	for name, raise := range map[string]func(s *session){
		"the room": func(s *session) {
			s.exec("UPDATE roundtables SET regime = ?", models.OffTheRecord)
			s.recompute()
		},
		"a preference": func(s *session) {
			s.exec("UPDATE guests SET preference = ?", models.OffTheRecord)
			s.recompute()
		},
	} {
		s := newSession(t, threeSectors...)
		i := s.capture("Said w1 @s4 >>@s5")
		removed, err := s.st.ResolveSpeaker(t.Context(), s.lead, i.ID(), s.guests[4])
		if err != nil {
			t.Fatal(err)
		}
		undo, err := s.st.DeleteInsight(t.Context(), s.lead, i.ID())
		if err != nil {
			t.Fatal(err)
		}
		raise(s)
		if n := s.count("SELECT count(*) FROM insight_speakers"); n != 0 {
			t.Errorf("%s: the speaker of a deleted insight is kept", name)
		}
		for _, u := range []models.ID{undo, removed} {
			_, _ = s.st.TakeBack(t.Context(), s.lead, u) // whatever it does, it brings nobody back
		}
		if n := s.count("SELECT count(*) FROM insight_speakers"); n != 0 {
			t.Errorf("%s: the speaker is kept", name)
		}
		if n := s.count("SELECT count(*) FROM undos WHERE verb = 'insights'"); n != 0 {
			t.Errorf("%s: %d undos are kept", name, n)
		}
		if k := s.all()[0]; k.Regime != models.OffTheRecord || k.TeamSector != models.SectorNone {
			t.Errorf("%s: %s, sector %s", name, k.Regime.Name(), k.TeamSector.Name())
		}
		s.checkTables(false)
	}
}

func TestInsights_offTheRecordForgetsASpeakerThatWasTakenOff(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("Said w1 @s4")
	if _, err := s.st.ResolveSpeaker(t.Context(), s.lead, i.ID(), 0); err != nil {
		t.Fatal(err)
	}
	s.exec("UPDATE roundtables SET regime = ?", models.OffTheRecord)
	s.recompute()
	if n := s.count("SELECT count(*) FROM undos WHERE verb = 'insights'"); n != 0 {
		t.Errorf("%d undos that name the speaker are kept", n)
	}
}

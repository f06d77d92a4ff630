package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func (s *session) joins(name string, role models.TeamRole) models.Viewer {
	s.t.Helper()
	return storetest.Team(s.t, s.st, s.lead, s.room, storetest.Account(s.t, s.st, name, models.RoleRapporteur), role)
}

func TestEditInsight_whatIsReleasedOnlyTheLeadWordsAnew(t *testing.T) {
	s := newSession(t, threeSectors...)
	rapporteur := s.joins("Grace Hopper", models.TeamRapporteur)
	plain, deep := s.capture("Said w1 @s4"), s.capture("Said w2 =deep")
	if err := s.st.SetParaphrase(t.Context(), s.lead, deep.ID(), "Ports matter.", true); err != nil {
		t.Fatal(err)
	}
	s.release([]models.ID{plain.ID(), deep.ID()})
	for name, err := range map[string]error{
		"words": func() error {
			_, err := s.st.EditInsight(t.Context(), rapporteur, plain.ID(), models.InsightEdit{Text: "Said otherwise", KeepSpeaker: true})
			return err
		}(),
		"speaker": func() error {
			_, err := s.st.EditInsight(t.Context(), rapporteur, plain.ID(), models.InsightEdit{Text: "Said w1", Speaker: s.guests[5]})
			return err
		}(),
		"who an unresolved word meant": func() error {
			_, err := s.st.ResolveSpeaker(t.Context(), rapporteur, plain.ID(), s.guests[5])
			return err
		}(),
		"paraphrase": s.st.SetParaphrase(t.Context(), rapporteur, deep.ID(), "Ports do not matter.", true),
	} {
		var bad *models.InvalidError
		if !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.st.EditInsight(t.Context(), rapporteur, plain.ID(), models.InsightEdit{Text: "Said w1", KeepSpeaker: true, Kind: models.Forecast, Flag: models.DeepBackground}); err != nil {
		t.Errorf("a kind and a stricter rule: %v", err)
	}
	if _, err := s.st.EditInsight(t.Context(), s.lead, plain.ID(), models.InsightEdit{Text: "Said better", KeepSpeaker: true}); err != nil {
		t.Errorf("the lead: %v", err)
	}
	if all := s.all(); all[0].Text != "Said better" || all[1].Paraphrase != "Ports matter." {
		t.Errorf("%q, %q", all[0].Text, all[1].Paraphrase)
	}
}

func TestTakeBackFlag_takesBackOnesOwnAlone(t *testing.T) {
	s := newSession(t, threeSectors...)
	colleague := s.joins("Grace Hopper", models.TeamRapporteur)
	raised, old := s.capture("Said w1 @s4"), s.capture("Said w2 =deep @s4")
	s.clock.Advance(10 * time.Minute)
	if _, err := s.st.EditInsight(t.Context(), colleague, raised.ID(), models.InsightEdit{Text: "Said w1", KeepSpeaker: true, Flag: models.DeepBackground}); err != nil {
		t.Fatal(err)
	}
	if err := s.st.TakeBackFlag(t.Context(), s.lead, raised.ID()); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a colleague's flag: %v", err)
	}
	// A stricter one on top does not open the one of ten minutes ago.
	if _, err := s.st.EditInsight(t.Context(), s.lead, old.ID(), models.InsightEdit{Text: "Said w2", KeepSpeaker: true, Flag: models.OffTheRecord}); err != nil {
		t.Fatal(err)
	}
	if err := s.st.TakeBackFlag(t.Context(), s.lead, old.ID()); !errors.Is(err, models.ErrConflict) {
		t.Errorf("an old flag under a new one: %v", err)
	}
	if all := s.all(); all[0].Regime != models.DeepBackground || all[1].Regime != models.OffTheRecord {
		t.Errorf("regimes %v and %v", all[0].Regime, all[1].Regime)
	}
}

func TestSetParaphrase_aDraftHasItsLengthToo(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("Said w1 =deep")
	err := s.st.SetParaphrase(t.Context(), s.lead, i.ID(), strings.Repeat("a", models.MaxInsightRunes+1), false)
	if !strings.Contains(invalidFor(t, err, "paraphrase"), "4,000") {
		t.Error(err)
	}
	if err := s.st.SetParaphrase(t.Context(), s.lead, i.ID(), "", false); err != nil {
		t.Errorf("none yet: %v", err)
	}
}

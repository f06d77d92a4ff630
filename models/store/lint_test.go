package store_test

import (
	"errors"
	"testing"

	"rotunda/models"
)

// nameGuest gives the first guest of the session a name that stands out.
func nameGuest(s *session) {
	s.exec(`UPDATE people SET full_name = 'Asa Zyvantel', given = 'Asa', family = 'Zyvantel', organisation = 'Qorvath Foundry'
		WHERE id = (SELECT person_id FROM guests WHERE roundtable_id = ? ORDER BY id LIMIT 1)`, s.room)
}

func TestSetInsightStates_openFindingHoldsReleaseBack(t *testing.T) {
	s := newSession(t, threeSectors...)
	nameGuest(s)
	ctx := t.Context()
	clean, leak, title := s.capture("Said w1 @s4"), s.capture("Said w2, as ZYVANTEL’s people know"), s.capture("Said w3")
	deep := s.capture("Zyvantel said w4 =deep")
	if err := s.st.SetParaphrase(ctx, s.lead, deep.ID(), "The people of Qorvath Foundry would wait.", true); err != nil {
		t.Fatal(err)
	}
	ids := []models.ID{clean.ID(), leak.ID(), title.ID(), deep.ID()}
	r, err := s.st.SetInsightStates(ctx, s.lead, ids, models.Released)
	if err != nil || r.Changed != 2 || len(r.HeldBack) != 2 {
		t.Fatalf("%+v, %v: want two released and two held back", r, err)
	}
	found, err := s.st.InsightFindings(ctx, s.lead, leak.ID())
	if err != nil || len(found) != 1 || found[0].Words != "ZYVANTEL" {
		t.Fatalf("%+v, %v", found, err)
	}
	if _, err := s.st.InsightFindings(ctx, s.other, leak.ID()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("staff outside the team asks for findings: %v", err)
	}
	if err := s.st.OverruleFinding(ctx, s.lead, leak.ID(), found[0].Mark, "  "); !errors.As(err, new(*models.InvalidError)) {
		t.Errorf("overruled without a reason: %v", err)
	}
	if err := s.st.OverruleFinding(ctx, s.other, leak.ID(), found[0].Mark, "Why not"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("overruled from outside the team: %v", err)
	}
	if err := s.st.OverruleFinding(ctx, s.lead, leak.ID(), found[0].Mark, "A place of that name is meant."); err != nil {
		t.Fatal(err)
	}
	if r, err := s.st.SetInsightStates(ctx, s.lead, ids, models.Released); err != nil || r.Changed != 1 || len(r.HeldBack) != 1 {
		t.Errorf("after overruling: %+v, %v", r, err)
	}
	if _, err := s.st.EditInsight(ctx, s.lead, clean.ID(), models.InsightEdit{Text: "Said w1 with Zyvantel", KeepSpeaker: true}); !errors.As(err, new(*models.InvalidError)) {
		t.Errorf("a released insight was edited to name a guest: %v", err)
	}
	if _, err := s.st.EditInsight(ctx, s.lead, leak.ID(), models.InsightEdit{Text: "Zyvantel said w2", KeepSpeaker: true}); !errors.As(err, new(*models.InvalidError)) {
		t.Errorf("other words around an overruled finding passed: %v", err)
	}
}

func TestAgenda_titleThatNamesAGuestIsNotReviewed(t *testing.T) {
	s := newSession(t, threeSectors...)
	nameGuest(s)
	in := models.AgendaInput{Title: "Qorvath Foundry’s plan", TitleReviewed: true}
	if _, err := s.st.CreateAgendaItem(t.Context(), s.lead, s.room, in); !errors.As(err, new(*models.InvalidError)) {
		t.Errorf("the title passed: %v", err)
	}
	in.TitleReviewed = false
	if _, err := s.st.CreateAgendaItem(t.Context(), s.lead, s.room, in); err != nil {
		t.Errorf("for the team: %v", err)
	}
}

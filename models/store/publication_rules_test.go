package store_test

import (
	"errors"
	"slices"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// published publishes a brief of the session's roundtable that holds no insight
// and returns its id.
func (s *session) published(text models.BriefText) models.ID {
	s.t.Helper()
	id := storetest.Brief(s.t, s.st, s.other, s.room, text)
	storetest.PublishBrief(s.t, s.st, s.other, s.lead, id)
	return id
}

// TestPublications_thatHoldNoInsightAreMarkedToo (T7): a roundtable that a
// publication tells of turns private or stricter, or its numbers do.
func TestPublications_thatHoldNoInsightAreMarkedToo(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *session)
		marked bool
	}{
		"nothing changes":     {func(*session) {}, false},
		"somebody comes late": {func(s *session) { s.guest(models.Industry) }, false},
		"it turns private":    {func(s *session) { s.exec("UPDATE roundtables SET private = TRUE WHERE id = ?", s.room) }, true},
		"its rule is raised": {func(s *session) {
			s.exec("UPDATE roundtables SET regime = ? WHERE id = ?", models.DeepBackground, s.room)
		}, true},
		"a part of it is off the record": {func(s *session) {
			s.exec("UPDATE agenda_items SET regime = ? WHERE id = ?", models.OffTheRecord, s.items[0])
		}, false},
		"a part of it is under a stricter rule": {func(s *session) {
			s.exec("UPDATE agenda_items SET regime = ? WHERE id = ?", models.DeepBackground, s.items[0])
		}, true},
		"it asks for more people behind a figure": {func(s *session) { s.exec("UPDATE roundtables SET k_public = 9 WHERE id = ?", s.room) }, true},
		"fewer came than was thought":             {func(s *session) { s.exec("UPDATE guests SET state = 'no_show' WHERE id IN ?", s.guests[3:]) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t, slices.Repeat([]models.Sector{models.Industry}, 6)...)
			s.exec("UPDATE roundtables SET regime = ? WHERE id = ?", models.Background, s.room)
			id := s.published(models.BriefText{Title: "Ports", BottomLine: "Plan."})
			c.change(s)
			// Any change of the roundtable brings what is made of it along.
			if _, _, err := s.st.SetGuestRole(t.Context(), s.lead, s.room, s.guests[:1], models.RoleChair); err != nil {
				t.Fatal(err)
			}
			b, err := s.st.Brief(t.Context(), s.lead, id)
			if err != nil || (b.ViolatedAt != 0) != c.marked {
				t.Errorf("marked: %v, %v", b.ViolatedAt != 0, err)
			}
		})
	}
}

// TestPublications_areMarkedWhenTheInstituteAsksForMore raises the institute's
// own number where nothing was said in the roundtable; what it was withdrawn
// for is not taken back then.
func TestPublications_areMarkedWhenTheInstituteAsksForMore(t *testing.T) {
	s := newSession(t, slices.Repeat([]models.Sector{models.Industry}, 6)...)
	ctx := t.Context()
	id := s.published(models.BriefText{Title: "Ports", BottomLine: "Plan."})
	other := s.published(models.BriefText{Title: "Rails", BottomLine: "Plan."})
	undo, err := s.st.WithdrawBrief(ctx, s.lead, other, "It is rewritten.")
	if err != nil {
		t.Fatal(err)
	}
	admin := storetest.Account(t, s.st, "Ad Min", models.RoleAdmin)
	institute, err := s.st.Institute(ctx)
	if err != nil {
		t.Fatal(err)
	}
	institute.Thresholds.Public = models.Threshold{K: 9, L: 3}
	if err := s.st.UpdateInstitute(ctx, admin, "", institute); err != nil {
		t.Fatal(err)
	}
	if b, err := s.st.Brief(ctx, s.lead, id); err != nil || b.ViolatedAt == 0 {
		t.Errorf("it tells of six and is not marked: %v", err)
	}
	if _, err := s.st.TakeBack(ctx, s.lead, undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("what tells too much is published again: %v", err)
	}
}

// TestPublications_areMarkedForWhatTheyRestOn: a theme was written on a
// roundtable of which the publication shows nothing, and that turns private.
func TestPublications_areMarkedForWhatTheyRestOn(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	w.exec("UPDATE roundtables SET private = FALSE, status = 'held' WHERE id = ?", w.hidden)
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public, models.Released); err != nil {
		t.Fatal(err)
	}
	theme := storetest.Theme(t, w.st, w.analyst, "Contracts come before mines.", append(slices.Clone(w.public), w.private...)...)
	id := w.brief(func(*models.BriefText) {}, theme)
	storetest.PublishBrief(t, w.st, w.analyst, w.lead, id)
	w.exec("UPDATE roundtables SET private = TRUE WHERE id = ?", w.hidden)
	lead := storetest.Viewer(t, w.st, "jo.lead@example.org")
	if _, err := w.st.CreateAgendaItem(ctx, lead, w.hidden, models.AgendaInput{Title: "More", Minutes: 5, Regime: models.OffTheRecord}); err != nil {
		t.Fatal(err)
	}
	if b, err := w.st.Brief(ctx, w.lead, id); err != nil || b.ViolatedAt == 0 {
		t.Errorf("it rests on a private roundtable and is not marked: %v", err)
	}
}

package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// TestCodes_textsThatNameAGuestAreRefused: where released insights carry it, a
// code is not given the name of somebody who was there, by an edit, a merge, a
// split or a definition. Who is not on the team is not told either way.
func TestCodes_textsThatNameAGuestAreRefused(t *testing.T) {
	s := newSession(t, threeSectors...)
	nameGuest(s)
	ctx := t.Context()
	shared, other := s.tag("cable repair"), s.tag("what zyvantel wants")
	if _, err := s.st.SetInsightStates(ctx, s.lead, []models.ID{s.capture("Said w1 +cable-repair").ID()}, models.Released); err != nil {
		t.Fatal(err)
	}
	storetest.Account(t, s.st, "Ana Lyst", models.RoleAnalyst)
	analyst := storetest.Viewer(t, s.st, "ana.lyst@example.org")
	s.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'analyst', 1)", s.room, analyst.Account())
	analyst = storetest.Viewer(t, s.st, "ana.lyst@example.org")
	refused := func(name, field string, err error) {
		t.Helper()
		var bad *models.InvalidError
		if !errors.As(err, &bad) || !strings.Contains(strings.ToLower(bad.Fields[field]), "zyvantel") {
			t.Errorf("%s: %v, want a refusal under %q", name, err, field)
		}
	}
	edit := models.CodeInput{Kind: models.CodeTag, Name: "Repair by Zyvantel", Revision: shared.Revision}
	_, err := s.st.EditCode(ctx, analyst, shared.ID, edit)
	refused("an edit", "name", err)
	edit.Name, edit.Example = shared.Name, "As Asa Zyvantel put it."
	_, err = s.st.EditCode(ctx, analyst, shared.ID, edit)
	refused("an example", "example", err)
	_, err = s.st.MergeCodes(ctx, analyst, models.MergeInput{Codes: []models.ID{shared.ID, other.ID}, Keep: other.ID})
	refused("a merge", "keep", err)
	split := models.SplitInput{Name: "Zyvantel’s plan", Words: "said"}
	_, _, err = s.st.SplitCode(ctx, analyst, shared.ID, split)
	refused("a split", "name", err)

	// The same of somebody else is done, or what is refused would name the guests.
	if _, _, err = s.st.SplitCode(ctx, s.other, shared.ID, split); err != nil {
		t.Errorf("a split by somebody outside the team: %v", err)
	}
	edit.Example = "As Asa Zyvantel put it."
	if _, err = s.st.EditCode(ctx, s.other, shared.ID, edit); err != nil {
		t.Errorf("an edit by somebody outside the team: %v", err)
	}
}

// TestCodes_aFindingInACodeHoldsReleaseBack until the team overrules it, once
// for all insights of that roundtable, and for that roundtable alone.
func TestCodes_aFindingInACodeHoldsReleaseBack(t *testing.T) {
	s := newSession(t, threeSectors...)
	nameGuest(s)
	ctx := t.Context()
	s.rooms(2)
	tag := s.tag("cable repair")
	if _, err := s.st.EditCode(ctx, s.other, tag.ID, models.CodeInput{Kind: models.CodeTag, Name: tag.Name, Definition: "Ships of Qorvath Foundry.", Revision: tag.Revision}); err != nil {
		t.Fatal(err)
	}
	there := *s
	there.room = models.ID(s.count("SELECT id FROM roundtables WHERE id <> ?", s.room))
	there.items = []models.ID{models.ID(s.count("SELECT id FROM agenda_items WHERE roundtable_id = ?", there.room))}
	one, two, elsewhere := s.capture("Said w1 +cable-repair").ID(), s.capture("Said w2 +cable-repair").ID(), there.capture("Said w3 +cable-repair").ID()
	held := func() (out []models.ID) {
		r, err := s.st.SetInsightStates(ctx, s.lead, []models.ID{one, two, elsewhere}, models.Released)
		if err != nil {
			t.Fatal(err)
		}
		if r.Changed > 0 {
			if _, err := s.st.TakeBack(ctx, s.lead, r.Undo); err != nil {
				t.Fatal(err)
			}
		}
		return r.HeldBack
	}
	if got := held(); len(got) != 3 {
		t.Fatalf("held back %v, want all three", got)
	}
	found, err := s.st.InsightFindings(ctx, s.lead, one)
	if err != nil || len(found) != 1 || found[0].Words != "Qorvath Foundry" || found[0].Place != "the definition of the tag “cable repair”" {
		t.Fatalf("%+v, %v", found, err)
	}
	if err := s.st.OverruleFinding(ctx, s.lead, one, found[0].Mark, "The river of that name."); err != nil {
		t.Fatal(err)
	}
	if got := held(); !slices.Equal(got, []models.ID{elsewhere}) {
		t.Errorf("overruled in one roundtable, held back are %v, want the other roundtable's alone", got)
	}
}

// TestCodes_aForumMayNameABody that guests come from: it says what was talked
// about.
func TestCodes_aForumMayNameABody(t *testing.T) {
	s := newSession(t, threeSectors...)
	s.exec("UPDATE people SET organisation = 'NATO' WHERE id = (SELECT min(person_id) FROM guests WHERE roundtable_id = ?)", s.room)
	r, err := s.st.SetInsightStates(t.Context(), s.lead, []models.ID{s.capture("Said w1 %nato").ID()}, models.Released)
	if err != nil || r.Changed != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestBriefs_overrulingCountsForOneRoundtable: words that tell nobody of the
// roundtables behind a theme are looked at again when it draws on another
// whose guest bears the name.
func TestBriefs_overrulingCountsForOneRoundtable(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	nameGuest(w.session)
	theme := storetest.Theme(t, w.st, w.analyst, "Zyvantel said it first.", w.public[0])
	id := w.brief(func(*models.BriefText) {}, theme)
	leaks := func() []models.BriefFinding {
		t.Helper()
		proof, err := w.st.ProofBrief(ctx, w.analyst, id)
		if err != nil || proof.TeamOnly {
			t.Fatal(proof.TeamOnly, err)
		}
		return proof.Leaks
	}
	found := leaks()
	if len(found) != 1 {
		t.Fatalf("%+v", found)
	}
	if err := w.st.OverruleBriefFinding(ctx, w.analyst, id, found[0].Mark, "A namesake."); err != nil {
		t.Fatal(err)
	}
	if found = leaks(); len(found) != 0 {
		t.Fatalf("overruled: %+v", found)
	}
	room := w.st.NewID()
	w.exec(`INSERT INTO roundtables (id, title, title_fold, zone, regime, status, ics_uid, created_ms, starts_local)
		SELECT ?, title, title_fold, zone, regime, status, 'other', 1, starts_local FROM roundtables WHERE id = ?`, room, w.room)
	w.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'analyst', 1)", room, w.analyst.Account())
	w.exec(`INSERT INTO guests (id, roundtable_id, person_id, state, state_ms, rsvp_state, seat, created_ms)
		SELECT ?, ?, id, 'attended', 1, 'accepted', 1, 1 FROM people WHERE family = 'Zyvantel'`, w.st.NewID(), room)
	w.exec("UPDATE insights SET roundtable_id = ? WHERE id = ?", room, w.public[1])
	w.analyst = storetest.Viewer(t, w.st, w.analyst.Email())
	if _, err := w.st.AddToTheme(ctx, w.analyst, theme, w.public[1:2], models.Supports); err != nil {
		t.Fatal(err)
	}
	if found = leaks(); len(found) != 1 {
		t.Errorf("another roundtable with the same guest: %+v, want the finding again", found)
	}
}

// TestFindings_ofThemesAndRecommendationsAreTheTeams: shown at the word to who
// is on the team of every roundtable behind them, and to nobody else.
func TestFindings_ofThemesAndRecommendationsAreTheTeams(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	nameGuest(w.session)
	theme := storetest.Theme(t, w.st, w.analyst, "Zyvantel said it first.", w.public[0])
	rec, err := w.st.CreateRecommendation(ctx, w.analyst, models.RecommendationInput{
		RecommendationText: models.RecommendationText{Title: "Ask Qorvath Foundry first", Addressee: "Congress"}, Themes: []models.ID{theme},
	})
	if err != nil {
		t.Fatal(err)
	}
	brief := w.brief(func(b *models.BriefText) {}, theme)
	for name, find := range map[string]func(models.Viewer) ([]models.BriefFinding, bool, error){
		"theme": func(v models.Viewer) ([]models.BriefFinding, bool, error) { return w.st.ThemeFindings(ctx, v, theme) },
		"recommendation": func(v models.Viewer) ([]models.BriefFinding, bool, error) {
			return w.st.RecommendationFindings(ctx, v, rec)
		},
		"what is typed into a brief": func(v models.Viewer) ([]models.BriefFinding, bool, error) {
			found, err := w.st.BriefTextFindings(ctx, v, brief, models.BriefText{Title: "A brief", Report: "As Zyvantel put it."})
			return found, len(found) > 0, err
		},
	} {
		if found, team, err := find(w.analyst); err != nil || len(found) != 1 || !team {
			t.Errorf("%s: the team is shown %+v, %v", name, found, err)
		}
		if found, team, err := find(w.outside); err != nil || len(found) != 0 || team {
			t.Errorf("%s: others are shown %+v, %v", name, found, err)
		}
	}
	if _, _, err := w.st.ThemeFindings(ctx, w.analyst, w.st.NewID()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("of a theme that is not there: %v", err)
	}
}

package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// reworded edits a recommendation and returns what takes the edit back.
func (w *themeWorld) reworded(id models.ID, title string, themes ...models.ID) models.ID {
	w.t.Helper()
	r, err := w.st.Recommendation(w.t.Context(), w.analyst, id)
	w.must(err)
	in := drafted(title, themes...)
	in.Revision = r.Revision
	undo, err := w.st.EditRecommendation(w.t.Context(), w.analyst, id, in)
	w.must(err)
	return undo
}

// TestRecommendations_anEditIsTakenBack with what it drew on, and with the
// evaluation of the wording that stands again.
func TestRecommendations_anEditIsTakenBack(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	one, two := storetest.Theme(t, w.st, w.analyst, "Sign contracts first.", w.public[0]), storetest.Theme(t, w.st, w.analyst, "Build ships second.", w.public[1])
	id := w.recommend("Found a standing compact", one)
	token := w.empanel(id, 1)[0]
	undo := w.reworded(id, "Found another compact", two)
	if _, err := w.st.TakeBack(ctx, w.outside, undo); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("somebody else takes it back: %v", err)
	}
	w.must(errorOf(w.st.TakeBack(ctx, w.analyst, undo)))
	r, err := w.st.Recommendation(ctx, w.analyst, id)
	if w.must(err); r.Title != "Found a standing compact" || r.Version != 1 || r.State != models.RecommendationPanel || len(r.Themes) != 1 || r.Themes[0].ID != one {
		t.Errorf("taken back to %+v", r)
	}
	if e, err := w.st.EvaluationByToken(ctx, token); err != nil || e.Stale || e.Text.Title != r.Title {
		t.Errorf("the evaluation of the old wording: %+v, %v", e, err)
	}
	history, err := w.st.RecommendationHistory(ctx, w.analyst, id)
	w.must(err)
	var what []string
	for _, h := range history {
		what = append(what, h.What+": "+h.Text.Title)
	}
	if want := []string{"Took an edit back: Found a standing compact", "Changed the text: Found another compact", "Drafted: Found a standing compact"}; !slices.Equal(what, want) {
		t.Errorf("the history is %q", what)
	}
}

// TestRecommendations_whatOthersBuiltOnAnEditStays: it is not taken back under
// another edit, an evaluation, a publication, or without the right to edit.
func TestRecommendations_whatOthersBuiltOnAnEditStays(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	id := w.recommend("Found a standing compact")
	undo := w.reworded(id, "Found another compact")
	w.must(w.st.OpenPanel(ctx, w.analyst, id, w.st.Now().Add(24*time.Hour)))
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("under an evaluation: %v", err)
	}
	undo = w.reworded(id, "Found a third compact")
	w.reword(id, "Found a fourth compact")
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("under another edit: %v", err)
	}
	undo = w.reworded(id, "Found a fifth compact")
	brief := w.brief(func(b *models.BriefText) {})
	w.exec("INSERT INTO brief_recommendations (brief_id, recommendation_id) VALUES (?, ?)", brief, id)
	w.exec("INSERT INTO publications (id, brief_id, version, slug, title, content, manifest, hash, published_by, approver_id, published_ms) VALUES (?, ?, 1, 'fifth', 'x', '{}', '{}', 'x', ?, ?, ?)",
		w.st.NewID(), brief, w.lead.Account(), w.lead.Account(), w.st.Now())
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); !strings.Contains(invalidFor(t, err, ""), "published") {
		t.Errorf("under a publication: %v", err)
	}
	w.exec("DELETE FROM publications")
	w.exec("UPDATE accounts SET role = 'reader' WHERE id = ?", w.analyst.Account())
	if _, err := w.st.TakeBack(ctx, storetest.Viewer(t, w.st, w.analyst.Email()), undo); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("without the right: %v", err)
	}
}

// TestRecommendations_aSlipThatIsTakenBackLeavesNothingBehind unless words were
// written on it.
func TestRecommendations_aSlipThatIsTakenBackLeavesNothingBehind(t *testing.T) {
	for title, left := range map[string]bool{"Found a standing compact": true, "Found what the room wants": false} {
		w := newThemeWorld(t)
		secret := storetest.Theme(t, w.st, w.analyst, "Secret theme", w.private[0])
		id := w.recommend("Found a standing compact")
		undo := w.reworded(id, title, secret)
		w.must(errorOf(w.st.TakeBack(t.Context(), w.analyst, undo)))
		if _, err := w.st.Recommendation(t.Context(), w.reader, id); w.exists(err) != left {
			t.Errorf("%s: others read it: %v", title, err)
		}
	}
}

// TestEvaluators_invitingAndRemovingAreTakenBack while the first round is blind
// and nothing came of it.
func TestEvaluators_invitingAndRemovingAreTakenBack(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	id := w.recommend("Found a standing compact")
	w.must(w.st.OpenPanel(ctx, w.analyst, id, w.st.Now().Add(24*time.Hour)))
	eva := models.PanelistInput{Name: "Eva", Email: "eva@example.net"}
	invite := func() (undo models.ID, panelist models.ID, token string) {
		t.Helper()
		undo, err := w.st.InviteEvaluator(ctx, w.analyst, id, eva)
		w.must(err)
		links, err := w.st.PanelLinks(ctx, w.analyst, id)
		w.must(err)
		for panelist, token = range links {
		}
		return undo, panelist, token
	}
	works := func(token string, want bool) {
		t.Helper()
		if err := errorOf(w.st.EvaluationByToken(ctx, token)); (err == nil) != want {
			t.Errorf("the link: %v, want %v", err, want)
		}
	}
	undo, _, token := invite()
	w.must(errorOf(w.st.TakeBack(ctx, w.analyst, undo)))
	works(token, false)

	undo, panelist, token := invite()
	w.must(w.st.ScoreByToken(ctx, token, scored(8, 8, 8)))
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); !strings.Contains(invalidFor(t, err, ""), "answered since") {
		t.Errorf("who has scored: %v", err)
	}
	undo, err := w.st.RemoveEvaluator(ctx, w.analyst, id, panelist)
	w.must(err)
	works(token, false)
	w.must(errorOf(w.st.TakeBack(ctx, w.analyst, undo)))
	works(token, true)

	undo, err = w.st.RemoveEvaluator(ctx, w.analyst, id, panelist)
	w.must(err)
	_, _, anew := invite()
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("who was invited anew: %v", err)
	}
	works(anew, true)

	undo, err = w.st.RemoveEvaluator(ctx, w.analyst, id, panelist)
	w.must(err)
	w.exec("UPDATE panels SET stage = 'discussion'")
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); !strings.Contains(invalidFor(t, err, ""), "revealed") {
		t.Errorf("after the reveal: %v", err)
	}
	w.exec("UPDATE panels SET stage = 'blind'")
	w.exec("UPDATE recommendations SET owner_id = ?", w.outside.Account())
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("without the right: %v", err)
	}
}

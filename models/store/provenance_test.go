package store_test

import (
	"errors"
	"slices"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func (w *themeWorld) exists(err error) bool {
	w.t.Helper()
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		w.t.Fatal(err)
	}
	return err == nil
}

// TestThemes_keepWhatTheyWereWrittenOn: words written on a private roundtable
// are its team's, though nothing of it stands in the theme any more.
func TestThemes_keepWhatTheyWereWrittenOn(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	theme := storetest.Theme(t, w.st, w.analyst, "Contracts come before mines.", w.public...)
	if _, err := w.st.AddToTheme(ctx, w.analyst, theme, w.private, models.Supports); err != nil {
		t.Fatal(err)
	}
	w.restate(theme, "The secret room wants contracts before mines.")
	if _, err := w.st.DropFromTheme(ctx, w.analyst, theme, w.private); err != nil {
		t.Fatal(err)
	}
	recommendation := w.recommend("Sign the first contract now", theme)
	brief := w.brief(func(b *models.BriefText) { b.Recommendations = []models.ID{recommendation} }, theme)
	for name, v := range map[string]models.Viewer{"another analyst": w.outside, "a reader": w.reader} {
		_, err := w.st.Theme(ctx, v, theme)
		_, other := w.st.Recommendation(ctx, v, recommendation)
		_, third := w.st.Brief(ctx, v, brief)
		if w.exists(err) || w.exists(other) || w.exists(third) || len(w.titles(v, models.ThemeFilter{})) > 0 {
			t.Errorf("%s reads what was written on a private roundtable", name)
		}
		if found, err := w.st.ExportThemes(ctx, v, models.Staff); err != nil || len(found) > 0 {
			t.Errorf("%s exports %v, %v", name, found, err)
		}
	}
	if _, err := w.st.Theme(ctx, w.analyst, theme); err != nil {
		t.Errorf("its team reads it no more: %v", err)
	}
	if found, err := w.st.ExportThemes(ctx, w.analyst, models.Team); err != nil || len(found) != 1 {
		t.Errorf("its team exports %v, %v", found, err)
	}
	proof, err := w.st.ProofBrief(ctx, w.analyst, brief)
	if err != nil || !slices.ContainsFunc(proof.Obstacles, func(o models.BriefObstacle) bool { return o.Words == "" }) {
		t.Errorf("nothing private stands in the way of publishing it: %v, %v", proof.Obstacles, err)
	}
}

func (w *themeWorld) restate(theme models.ID, statement string) {
	w.t.Helper()
	now, err := w.st.Theme(w.t.Context(), w.analyst, theme)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.st.UpdateTheme(w.t.Context(), w.analyst, theme, models.ThemeInput{Statement: statement, Dissent: now.Dissent, Revision: now.Revision}); err != nil {
		w.t.Fatal(err)
	}
}

// TestThemes_aSlipThatIsTakenBackLeavesNothingBehind, unless words were written
// on it meanwhile.
func TestThemes_aSlipThatIsTakenBackLeavesNothingBehind(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	for name, c := range map[string]struct {
		meanwhile func(theme models.ID)
		left      bool
	}{
		"nothing was written":         {func(models.ID) {}, true},
		"its words were written anew": {func(theme models.ID) { w.restate(theme, "Other words.") }, false},
		"a recommendation was drawn":  {func(theme models.ID) { w.recommend("Sign a contract "+theme.String(), theme) }, false},
		"a brief was written":         {func(theme models.ID) { w.brief(func(*models.BriefText) {}, theme) }, false},
		"it was taken out and put back in": {func(theme models.ID) {
			if _, err := w.st.DropFromTheme(ctx, w.analyst, theme, w.private); err != nil {
				t.Fatal(err)
			}
			if _, err := w.st.AddToTheme(ctx, w.analyst, theme, w.private, models.Supports); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		theme := storetest.Theme(t, w.st, w.analyst, "Contracts: "+name, w.public...)
		added, err := w.st.AddToTheme(ctx, w.analyst, theme, w.private, models.Supports)
		if err != nil {
			t.Fatal(err)
		}
		c.meanwhile(theme)
		if _, err := w.st.TakeBack(ctx, w.analyst, added.Undo); err != nil {
			t.Fatal(err)
		}
		_, err = w.st.Theme(ctx, w.outside, theme)
		if got := w.exists(err); got != c.left {
			t.Errorf("%s: others read it: %v", name, got)
		}
	}
}

// TestBriefs_keepWhatTheyWereWrittenOn is the same for briefs and
// recommendations that left a theme.
func TestBriefs_keepWhatTheyWereWrittenOn(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	secret := storetest.Theme(t, w.st, w.analyst, "Words of a private roundtable.", w.private...)
	id := w.brief(func(b *models.BriefText) { b.Summary = "What the secret room said." }, secret)
	b, err := w.st.Brief(ctx, w.analyst, id)
	if err != nil {
		t.Fatal(err)
	}
	text := b.BriefText
	text.Themes = nil
	if _, err := w.st.EditBrief(ctx, w.analyst, id, b.Revision, text); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.Brief(ctx, w.outside, id); w.exists(err) {
		t.Error("a brief that was written on a private roundtable exists for others")
	}
	if found, err := w.st.BriefColleagues(ctx, w.analyst, id); err != nil || len(found) != 1 {
		t.Errorf("asked to read it can be %v, %v", found, err)
	}
	recommendation := w.recommend("Do as the secret room said", secret)
	if _, err := w.st.EditRecommendation(ctx, w.analyst, recommendation, models.RecommendationInput{
		RecommendationText: models.RecommendationText{Title: "Do as the secret room said", Addressee: "All"}, Revision: 1,
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.Recommendation(ctx, w.outside, recommendation); w.exists(err) {
		t.Error("a recommendation that was written on a private roundtable exists for others")
	}
}

// TestBriefs_keepWhatTheirFormDoesNotOffer: what is out of use stays, and what
// is in stands first however many there are.
func TestBriefs_keepWhatTheirFormDoesNotOffer(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	var themes []models.ID
	for n := range 205 {
		id := w.st.NewID()
		w.exec("INSERT INTO themes (id, statement, position, created_ms, updated_ms) VALUES (?, 'Theme', ?, 1, 1)", id, n)
		themes = append(themes, id)
	}
	last, old := themes[204], themes[203]
	id := w.brief(func(*models.BriefText) {}, last, old)
	w.exec("UPDATE themes SET archived_ms = 1 WHERE id = ?", old)
	m, err := w.st.BriefMaterial(ctx, w.analyst, id, "")
	if err != nil || len(m.Themes) < 200 || m.Themes[0].ID != last {
		t.Fatalf("%d themes are offered: %v", len(m.Themes), err)
	}
	b, err := w.st.Brief(ctx, w.analyst, id)
	if err != nil {
		t.Fatal(err)
	}
	text := b.BriefText
	text.Themes = []models.ID{last}
	if _, err := w.st.EditBrief(ctx, w.analyst, id, b.Revision, text); err != nil {
		t.Fatal(err)
	}
	if b, err = w.st.Brief(ctx, w.analyst, id); err != nil || !slices.Contains(b.Themes, last) || !slices.Contains(b.Themes, old) {
		t.Errorf("left are %v, %v", b.Themes, err)
	}
	w.exec("UPDATE themes SET updated_ms = 2 WHERE id <> ?", last)
	for n := range 100 {
		w.exec("INSERT INTO themes (id, statement, position, created_ms, updated_ms) VALUES (?, 'Theme', ?, 1, 2)", w.st.NewID(), n)
	}
	if offered, err := w.st.ThemesToDrawOn(ctx, w.analyst, []models.ID{last}); err != nil || offered[0].ID != last {
		t.Errorf("what a recommendation draws on is not offered: %v", err)
	}
	if offered, err := w.st.ThemeChoices(ctx, w.analyst, last); err != nil || offered[0].Key != last.String() {
		t.Errorf("the theme that is chosen is not offered: %v", err)
	}
}

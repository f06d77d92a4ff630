package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// TestEvaluation_nobodyOutsideReadsAnOpenFinding: who asks somebody from outside
// is told what stands in the way, the link shows nothing of the text, and both
// end when the team says why the words tell nobody.
func TestEvaluation_nobodyOutsideReadsAnOpenFinding(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	id := w.recommend("Ask the river Zyvantel first", storetest.Theme(t, w.st, w.analyst, "Sign contracts first.", w.public[0]))
	token := w.empanel(id, 1)[0]
	nameGuest(w.session) // a guest of that name comes onto the list

	out, err := w.st.EvaluationByToken(ctx, token)
	if w.must(err); !out.Withheld || out.Text != (models.RecommendationText{}) || len(out.Material.IDs()) > 0 {
		t.Errorf("the link shows %+v", out)
	}
	if err := w.st.ScoreByToken(ctx, token, scored(8, 8, 8)); !strings.Contains(invalidFor(t, err, ""), "come back") {
		t.Errorf("scores are taken: %v", err)
	}
	if err := w.st.RemarkByToken(ctx, token, "One thing more"); !strings.Contains(invalidFor(t, err, "text"), "come back") {
		t.Errorf("a remark is taken: %v", err)
	}
	more := models.PanelistInput{Name: "Eva More", Email: "more@example.net"}
	if said := invalidFor(t, errorOf(w.st.InviteEvaluator(ctx, w.analyst, id, more)), "email"); !strings.Contains(said, "“Zyvantel” in “Title”") {
		t.Errorf("another is asked: %q", said)
	}
	w.must(errorOf(w.st.InviteEvaluator(ctx, w.analyst, id, models.PanelistInput{Account: w.reader.Account()})))

	found, _, err := w.st.RecommendationFindings(ctx, w.analyst, id)
	if w.must(err); len(found) != 1 {
		t.Fatalf("%+v", found)
	}
	if err := w.st.OverruleRecommendationFinding(ctx, w.outside, id, found[0].Mark, "A river."); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("overruled from outside the team: %v", err)
	}
	if err := w.st.OverruleRecommendationFinding(ctx, w.analyst, id, found[0].Mark, " "); invalidFor(t, err, "reason") == "" {
		t.Error("overruled without a reason")
	}
	w.must(w.st.OverruleRecommendationFinding(ctx, w.analyst, id, found[0].Mark, "A river."))
	if err := w.st.OverruleRecommendationFinding(ctx, w.analyst, id, found[0].Mark, "A river."); !errors.Is(err, models.ErrConflict) {
		t.Errorf("overruled twice: %v", err)
	}
	if out, err = w.st.EvaluationByToken(ctx, token); err != nil || out.Withheld || out.Text.Title == "" {
		t.Errorf("after it: %+v, %v", out, err)
	}
	w.must(w.st.ScoreByToken(ctx, token, scored(8, 8, 8)))
	w.must(errorOf(w.st.InviteEvaluator(ctx, w.analyst, id, more)))
}

// TestFindings_coverAllThatAnEvaluatorReads, the parts that no brief prints
// among it, and they can still be looked at in what is archived.
func TestFindings_coverAllThatAnEvaluatorReads(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	nameGuest(w.session)
	theme := storetest.Theme(t, w.st, w.analyst, "Zyvantel said it first.", w.public[0])
	text := models.RecommendationText{
		Title: "Sign contracts first", Addressee: "Congress", Instrument: "Zyvantel 1", Action: "Zyvantel 2", Timeline: "Zyvantel 3", Cost: "Zyvantel 4",
		Dependencies: "Zyvantel 5", Risk: "Zyvantel 6", Mitigation: "Zyvantel 7", Measure: "Zyvantel 8", Alternatives: "Zyvantel 9",
	}
	id, err := w.st.CreateRecommendation(ctx, w.analyst, models.RecommendationInput{RecommendationText: text, Themes: []models.ID{theme}})
	w.must(err)
	w.must(errorOf(w.st.ArchiveRecommendation(ctx, w.analyst, id, true)))
	w.must(errorOf(w.st.ArchiveTheme(ctx, w.analyst, theme, true)))
	if found, _, err := w.st.RecommendationFindings(ctx, w.analyst, id); err != nil || len(found) != 9 {
		t.Errorf("%d findings, %v, want 9", len(found), err)
	}
	found, _, err := w.st.ThemeFindings(ctx, w.analyst, theme)
	if w.must(err); len(found) != 1 {
		t.Fatalf("%+v", found)
	}
	w.must(w.st.OverruleThemeFinding(ctx, w.analyst, theme, found[0].Mark, "A river."))
	if found, _, err = w.st.ThemeFindings(ctx, w.analyst, theme); err != nil || len(found) > 0 {
		t.Errorf("overruled: %+v, %v", found, err)
	}
}

// TestEvaluation_namesAreNotTriedByAskingSomebodyOutside: whoever is not on the
// team hears neither the words nor, after a few wordings, whether there are any.
func TestEvaluation_namesAreNotTriedByAskingSomebodyOutside(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	nameGuest(w.session)
	theme := storetest.Theme(t, w.st, w.analyst, "Sign contracts first.", w.public[0])
	v := storetest.Account(t, w.st, "Ann Other", models.RoleAnalyst)
	for n := range 7 {
		title := "Ask Zyvantel first"
		if n%2 == 1 {
			title = "Ask somebody first"
		}
		id, err := w.st.CreateRecommendation(ctx, v, drafted(title, theme))
		w.must(err)
		w.must(w.st.OpenPanel(ctx, v, id, w.st.Now().Add(86_400_000_000_000)))
		_, err = w.st.InviteEvaluator(ctx, v, id, models.PanelistInput{Name: "Eva", Email: fmt.Sprintf("eva%d@example.net", n)})
		switch {
		case n >= 5:
			if said := invalidFor(t, err, "email"); !strings.Contains(said, "too often today") {
				t.Errorf("try %d: %q", n, said)
			}
		case n%2 == 1:
			w.must(err)
		default:
			if said := invalidFor(t, err, "email"); said == "" || strings.Contains(said, "Zyvantel") {
				t.Errorf("try %d: %q", n, said)
			}
		}
	}
}

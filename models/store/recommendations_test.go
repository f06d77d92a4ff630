package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func drafted(title string, themes ...models.ID) models.RecommendationInput {
	return models.RecommendationInput{
		RecommendationText: models.RecommendationText{Title: title, Addressee: "The committee"}, Themes: themes,
	}
}

func scored(values ...int) models.EvaluationInput {
	var in models.EvaluationInput
	for i, v := range values {
		in.Scores[i] = models.ScoreInput{Value: v, Confidence: 2, Rationale: fmt.Sprintf("Because of reason %d", v)}
	}
	return in
}

func (w *themeWorld) recommend(title string, themes ...models.ID) models.ID {
	w.t.Helper()
	id, err := w.st.CreateRecommendation(w.t.Context(), w.analyst, drafted(title, themes...))
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// empanel opens an evaluation and invites some staff and some from outside;
// the tokens are those of the latter.
func (w *themeWorld) empanel(id models.ID, outside int, staff ...models.Viewer) []string {
	w.t.Helper()
	w.must(w.st.OpenPanel(w.t.Context(), w.analyst, id, w.st.Now().Add(14*24*time.Hour)))
	for _, v := range staff {
		w.must(errorOf(w.st.InviteEvaluator(w.t.Context(), w.analyst, id, models.PanelistInput{Account: v.Account()})))
	}
	for i := range outside {
		w.must(errorOf(w.st.InviteEvaluator(w.t.Context(), w.analyst, id, models.PanelistInput{Name: fmt.Sprintf("Outside %d", i), Email: fmt.Sprintf("outside%d@example.net", i)})))
	}
	links, err := w.st.PanelLinks(w.t.Context(), w.analyst, id)
	w.must(err)
	tokens := make([]string, 0, outside)
	for _, token := range links {
		tokens = append(tokens, token)
	}
	return tokens
}

func (w *themeWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestRecommendations_restOnNoRoundtableThatTheReaderMayNotKnow(t *testing.T) {
	w := newThemeWorld(t)
	secret := storetest.Theme(t, w.st, w.analyst, "Secret theme", w.public[1], w.private[0])
	hidden, open := w.recommend("Found a hidden compact", secret), w.recommend("Found an open compact")
	for _, v := range []models.Viewer{w.outside, w.reader, w.analyst.Capped(models.Staff), w.analyst.Capped(models.Public), models.Anonymous()} {
		for name, err := range map[string]error{
			"show":     errorOf(w.st.Recommendation(t.Context(), v, hidden)),
			"material": errorOf(w.st.RecommendationMaterial(t.Context(), v, hidden)),
			"panel":    errorOf(w.st.Panel(t.Context(), v, hidden)),
			"links":    errorOf(w.st.PanelLinks(t.Context(), v, hidden)),
		} {
			if !errors.Is(err, models.ErrNotFound) {
				t.Errorf("%s as %v: %v", name, v, err)
			}
		}
		page, _ := w.st.Recommendations(t.Context(), v, models.RecommendationFilter{})
		for _, r := range page.Rows {
			if r.ID == hidden {
				t.Errorf("%v lists it", v)
			}
		}
	}
	if _, err := w.st.Recommendation(t.Context(), w.reader, open); err != nil {
		t.Errorf("one that rests on nothing private: %v", err)
	}
	if _, err := w.st.CreateRecommendation(t.Context(), w.outside, drafted("Take what is hidden", secret)); err == nil {
		t.Error("somebody drew on a theme that does not exist for them")
	}
	w.must(w.st.OpenPanel(t.Context(), w.analyst, hidden, w.st.Now().Add(time.Hour)))
	var bad *models.InvalidError
	if _, err := w.st.InviteEvaluator(t.Context(), w.analyst, hidden, models.PanelistInput{Account: w.reader.Account()}); !errors.As(err, &bad) {
		t.Errorf("a colleague for whom it does not exist was invited: %v", err)
	}
}

// TestRecommendations_anArchivedThemeStillSaysWhoMayRead edits what rests on a
// theme from a private roundtable: the form no longer offers the theme.
func TestRecommendations_anArchivedThemeStillSaysWhoMayRead(t *testing.T) {
	w := newThemeWorld(t)
	secret := storetest.Theme(t, w.st, w.analyst, "Secret theme", w.private[0])
	id := w.recommend("Found a hidden compact", secret)
	brief := w.brief(func(*models.BriefText) {}, secret)
	w.must(errorOf(w.st.ArchiveTheme(t.Context(), w.analyst, secret, true)))
	w.must(errorOf(w.st.EditRecommendation(t.Context(), w.analyst, id, models.RecommendationInput{RecommendationText: drafted("Found a secret compact").RecommendationText, Revision: 1})))
	b, err := w.st.Brief(t.Context(), w.analyst, brief)
	w.must(err)
	text := b.BriefText
	text.Themes, text.Summary = nil, "One word was wrong."
	w.must(errorOf(w.st.EditBrief(t.Context(), w.analyst, brief, b.Revision, text)))
	if err := errorOf(w.st.Recommendation(t.Context(), w.reader, id)); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the recommendation is everybody's: %v", err)
	}
	if err := errorOf(w.st.Brief(t.Context(), w.reader, brief)); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the brief is everybody's: %v", err)
	}
}

func errorOf[T any](_ T, err error) error { return err }

func TestRecommendations_aStaleEditIsAConflictAndAnEditMakesEvaluationsStale(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	w.empanel(id, 0, w.reader)
	r, err := w.st.Recommendation(t.Context(), w.analyst, id)
	w.must(err)
	in := drafted("Found a standing repair compact")
	in.Revision = r.Revision
	w.must(errorOf(w.st.EditRecommendation(t.Context(), w.analyst, id, in)))
	if _, err := w.st.EditRecommendation(t.Context(), w.analyst, id, in); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a form made before the change: %v", err)
	}
	r, err = w.st.Recommendation(t.Context(), w.analyst, id)
	w.must(err)
	panel, err := w.st.Panel(t.Context(), w.analyst, id)
	w.must(err)
	if r.State != models.RecommendationRevised || r.Version != 2 || !panel.Stale || len(panel.May) > 0 {
		t.Errorf("state %s, version %d, stale %v, may %v", r.State, r.Version, panel.Stale, panel.May)
	}
	var bad *models.InvalidError
	if err := w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(7, 7, 7)); !errors.As(err, &bad) {
		t.Errorf("scores on what no longer stands: %v", err)
	}
	if own, _ := w.st.OwnEvaluations(t.Context(), w.reader); len(own) != 0 {
		t.Errorf("a stale evaluation still waits: %v", own)
	}
	if history, err := w.st.RecommendationHistory(t.Context(), w.reader, id); err != nil || len(history) != 2 || history[1].Text.Title != "Found a standing compact" {
		t.Errorf("history %+v, %v", history, err)
	}
}

// Before the reveal nobody, whoever they are, is told what another scored.
func TestPanel_theFirstRoundIsBlindForEverybody(t *testing.T) {
	w := newThemeWorld(t)
	admin := storetest.Account(t, w.st, "Ada Min", models.RoleAdmin)
	id := w.recommend("Found a standing compact")
	tokens := w.empanel(id, 1, w.reader, w.outside)
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(9, 8, 7)))
	in := scored(1, 2, 3)
	in.Conflict = "A secret interest"
	w.must(w.st.ScoreByToken(t.Context(), tokens[0], in))
	for _, v := range []models.Viewer{admin, w.analyst, w.outside} {
		panel, err := w.st.Panel(t.Context(), v, id)
		w.must(err)
		said, _ := json.Marshal(panel)
		if strings.Contains(string(said), "Because of reason") || strings.Contains(string(said), "secret interest") || len(panel.Results[0].Scores) > 0 {
			t.Errorf("%v sees scores: %s", v, said)
		}
		page, err := w.st.Recommendations(t.Context(), v, models.RecommendationFilter{})
		w.must(err)
		if page.Rows[0].Shown || page.Rows[0].Results[0].Verdict != models.NotEvaluated {
			t.Errorf("%v: the list tells the verdict", v)
		}
	}
	outside, err := w.st.EvaluationByToken(t.Context(), tokens[0])
	w.must(err)
	if outside.Self.Scores[0].Value != 1 || len(outside.Results[0].Scores) > 0 {
		t.Errorf("the evaluator's own scores, and no others: %+v", outside)
	}
	var bad *models.InvalidError
	if err := w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelDiscussion); !errors.As(err, &bad) {
		t.Errorf("revealed before all have scored: %v", err)
	}
	if err := w.st.AdvancePanel(t.Context(), w.outside, id, models.PanelDiscussion); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("revealed by somebody who does not lead it: %v", err)
	}
}

// scoreOf is what the account said of the first criterion; who was invited at
// one moment stands in no order.
func scoreOf(p models.Panel, account models.ID) models.Score {
	for _, e := range p.Panelists {
		if e.Account == account && len(e.Scores) > 0 {
			return e.Scores[0]
		}
	}
	return models.Score{}
}

func TestPanel_fromInvitationToAdoption(t *testing.T) {
	w := newThemeWorld(t)
	theme := storetest.Theme(t, w.st, w.analyst, "Open theme", w.public[0])
	id := w.recommend("Found a standing compact", theme)
	tokens := w.empanel(id, 1, w.reader, w.outside)
	if own, _ := w.st.OwnEvaluations(t.Context(), w.reader); len(own) != 1 || own[0].Recommendation != id {
		t.Errorf("what waits for the reader: %v", own)
	}
	first := scored(2, 7, 7)
	first.Scores[0].Evidence = []models.ID{w.public[0], w.private[0]}
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, first))
	w.must(w.st.ScoreRecommendation(t.Context(), w.outside, id, scored(8, 7, 7)))
	w.must(w.st.ScoreByToken(t.Context(), tokens[0], scored(8, 7, 5)))
	if own, _ := w.st.OwnEvaluations(t.Context(), w.reader); len(own) != 0 {
		t.Errorf("scored, and still waiting: %v", own)
	}
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelDiscussion))
	panel, err := w.st.Panel(t.Context(), w.analyst, id)
	w.must(err)
	if panel.Results[0].Verdict != models.Uncertain || !panel.Results[0].Disagreement || panel.Results[1].Verdict != models.Meets || len(scoreOf(panel, w.reader.Account()).Evidence) != 1 {
		t.Errorf("after the first round: %+v", panel)
	}
	w.must(w.st.RemarkByToken(t.Context(), tokens[0], "Think of the yards."))
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelSecond))
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(7, 8, 8)))
	if panel, err = w.st.Panel(t.Context(), w.outside, id); err != nil || scoreOf(panel, w.reader.Account()).Value != 2 {
		t.Errorf("the second round is shown before the close: %+v, %v", panel, err)
	}
	decide := models.DecisionInput{Adopt: true, Reason: "It holds."}
	r, err := w.st.Recommendation(t.Context(), w.analyst, id)
	w.must(err)
	decide.Revision = r.Revision
	var bad *models.InvalidError
	if _, err := w.st.DecideRecommendation(t.Context(), w.analyst, id, decide); !errors.As(err, &bad) {
		t.Errorf("adopted before the close: %v", err)
	}
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelClosed))
	undo, err := w.st.DecideRecommendation(t.Context(), w.analyst, id, decide)
	w.must(err)
	w.must(errorOf(w.st.FollowUpRecommendation(t.Context(), w.analyst, id, models.FollowUpInput{Status: models.FollowUpOpen, Revision: decide.Revision + 1})))
	if _, err := w.st.TakeBack(t.Context(), w.analyst, undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a decision taken back under what was noted since: %v", err)
	}
	if r, err = w.st.Recommendation(t.Context(), w.reader, id); err != nil || r.State != models.RecommendationAdopted || r.Results[0].Median != 8 {
		t.Errorf("%s, %+v, %v", r.State, r.Results[0], err)
	}
}

func TestEvaluator_linksThatOpenNothingAreAlike(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	tokens := w.empanel(id, 2, w.reader)
	e, err := w.st.EvaluationByToken(t.Context(), tokens[0])
	w.must(err)
	w.must(errorOf(w.st.RemoveEvaluator(t.Context(), w.analyst, id, e.Self.ID)))
	for name, token := range map[string]string{"revoked": tokens[0], "unknown": strings.Repeat("x", 43)} {
		if _, err := w.st.EvaluationByToken(t.Context(), token); !errors.Is(err, models.ErrGone) {
			t.Errorf("%s: %v", name, err)
		}
		if err := w.st.ScoreByToken(t.Context(), token, scored(5, 5, 5)); !errors.Is(err, models.ErrGone) {
			t.Errorf("%s, scoring: %v", name, err)
		}
	}
	w.clock.Advance(14*24*time.Hour + models.PanelGrace)
	if _, err := w.st.EvaluationByToken(t.Context(), tokens[1]); !errors.Is(err, models.ErrGone) {
		t.Errorf("expired: %v", err)
	}
}

// An evaluator from outside reads of the insights what the public may read.
func TestEvaluator_readsWhatThePublicReads(t *testing.T) {
	w := newThemeWorld(t)
	theme := storetest.Theme(t, w.st, w.analyst, "Theme over what is public", w.public[0], w.public[1])
	id := w.recommend("Found a standing compact", theme)
	if _, err := w.st.SetInsightStates(t.Context(), w.lead, []models.ID{w.public[0]}, models.Released); err != nil {
		t.Fatal(err)
	}
	tokens := w.empanel(id, 1)
	e, err := w.st.EvaluationByToken(t.Context(), tokens[0])
	w.must(err)
	if ids := e.Material.IDs(); len(ids) != 1 || ids[0] != w.public[0] || e.Material.Supports[0].Audience() != models.Public {
		t.Errorf("shown %v", ids)
	}
}

// A private roundtable exists for nobody outside, so nobody outside is asked
// about what rests on it, or goes on reading once it does.
func TestEvaluator_fromOutsideReadsNothingThatRestsOnAPrivateRoundtable(t *testing.T) {
	w := newThemeWorld(t)
	private := w.recommend("Found a quiet compact", storetest.Theme(t, w.st, w.analyst, "Theme over all", w.public[0], w.private[0]))
	w.must(w.st.OpenPanel(t.Context(), w.analyst, private, w.st.Now().Add(time.Hour)))
	eva := models.PanelistInput{Name: "Eva", Email: "eva@example.net"}
	if _, err := w.st.InviteEvaluator(t.Context(), w.analyst, private, eva); invalidFor(t, err, "email") == "" {
		t.Error("somebody from outside was invited")
	}
	theme := storetest.Theme(t, w.st, w.analyst, "Theme over what is public", w.public[0])
	token := w.empanel(w.recommend("Found a standing compact", theme), 1)[0]
	_, err := w.st.EvaluationByToken(t.Context(), token)
	w.must(err)
	_, err = w.st.AddToTheme(t.Context(), w.analyst, theme, []models.ID{w.private[0]}, models.Supports)
	w.must(err)
	if _, err := w.st.EvaluationByToken(t.Context(), token); !errors.Is(err, models.ErrGone) {
		t.Errorf("with a private roundtable behind it: %v", err)
	}
	if err := w.st.ScoreByToken(t.Context(), token, scored(5, 5, 5)); !errors.Is(err, models.ErrGone) {
		t.Errorf("scoring: %v", err)
	}
}

func TestRecommendations_pagesHoldEveryOneOnce(t *testing.T) {
	w := newThemeWorld(t)
	want := map[models.ID]bool{}
	for i := range 65 {
		want[w.recommend(fmt.Sprintf("Found compact number %d", i))] = true
	}
	seen := map[models.ID]bool{}
	f := models.RecommendationFilter{Text: "compact"}
	for range 10 {
		page, err := w.st.Recommendations(t.Context(), w.reader, f)
		w.must(err)
		for _, r := range page.Rows {
			if seen[r.ID] {
				t.Errorf("%v twice", r.ID)
			}
			seen[r.ID] = true
		}
		if f.After = page.Next; f.After == 0 {
			break
		}
	}
	if len(seen) != len(want) {
		t.Errorf("%d of %d", len(seen), len(want))
	}
}

package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rotunda/models"
)

// TestEvaluator_readsNothingOfAnotherWording changes the text under an
// evaluation: the link that opened the old one tells that it is over, and no
// word of the new draft.
func TestEvaluator_readsNothingOfAnotherWording(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	token := w.empanel(id, 1)[0]
	before, err := w.st.EvaluationByToken(t.Context(), token)
	w.must(err)
	if before.Stale || before.Text.Title != "Found a standing compact" || before.Version != 1 {
		t.Errorf("under evaluation: %+v", before)
	}
	w.reword(id, "Found a secret draft")
	after, err := w.st.EvaluationByToken(t.Context(), token)
	w.must(err)
	if !after.Stale || after.Text != (models.RecommendationText{}) || len(after.Material.IDs()) != 0 || after.Name != "Outside 0" {
		t.Errorf("reads of another wording: %+v", after)
	}
	if err := w.st.ScoreByToken(t.Context(), token, scored(7, 7, 7)); invalidFor(t, err, "") == "" {
		t.Error("scores what they have not read")
	}
	if err := w.st.RemarkByToken(t.Context(), token, "Hear me."); invalidFor(t, err, "text") == "" {
		t.Error("talks about what they have not read")
	}
}

// reword changes the text of a recommendation.
func (w *themeWorld) reword(id models.ID, title string) {
	w.t.Helper()
	r, err := w.st.Recommendation(w.t.Context(), w.analyst, id)
	w.must(err)
	in := drafted(title)
	in.Revision = r.Revision
	w.must(errorOf(w.st.EditRecommendation(w.t.Context(), w.analyst, id, in)))
}

// TestScores_countForTheWordingAndTheRoundTheyWereTypedFor moves the evaluation
// on while somebody types: nothing they did not mean is counted, and they are
// told what to do.
func TestScores_countForTheWordingAndTheRoundTheyWereTypedFor(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	token := w.empanel(id, 1, w.reader)[0]
	blind := scored(2, 2, 2)
	blind.Version, blind.Round = 1, 1
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, blind))
	w.must(w.st.ScoreByToken(t.Context(), token, scored(8, 8, 8)))
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelDiscussion))
	refused := func(when, say string) {
		t.Helper()
		for who, err := range map[string]error{"staff": w.st.ScoreRecommendation(t.Context(), w.reader, id, blind), "outside": w.st.ScoreByToken(t.Context(), token, blind)} {
			if said := invalidFor(t, err, ""); !strings.Contains(said, say) {
				t.Errorf("%s, %s: %q", when, who, said)
			}
		}
	}
	refused("after the reveal", "first round ended")
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelSecond))
	refused("in the second round", "count for the second round")
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelClosed))
	refused("after the close", "closed while you wrote")
	w.reword(id, "Found another compact")
	refused("after an edit", "The text was changed")
	w.empanel(id, 0, w.reader)
	if err := w.st.ScoreRecommendation(t.Context(), w.reader, id, blind); !strings.Contains(invalidFor(t, err, ""), "text was changed while you wrote") {
		t.Errorf("scores of the old wording count for the new one: %v", err)
	}
	if p, err := w.st.Panel(t.Context(), w.reader, id); err != nil || p.Version != 2 || p.Panelists[0].Done {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestEvaluator_whoWasTakenOffComesBackToTheirAnswersByANewLink(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	old := w.empanel(id, 1, w.reader)[0]
	w.must(w.st.ScoreByToken(t.Context(), old, scored(3, 4, 5)))
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(7, 7, 7)))
	panel, err := w.st.Panel(t.Context(), w.analyst, id)
	w.must(err)
	for _, e := range panel.Panelists {
		w.must(errorOf(w.st.RemoveEvaluator(t.Context(), w.analyst, id, e.ID)))
	}
	if err := w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(8, 8, 8)); !strings.Contains(invalidFor(t, err, ""), "taken off the panel") {
		t.Errorf("whoever was taken off scores: %v", err)
	}
	again := models.PanelistInput{Name: "Outside Again", Email: "OUTSIDE0@example.net"}
	w.must(errorOf(w.st.InviteEvaluator(t.Context(), w.analyst, id, again)))
	if _, err := w.st.InviteEvaluator(t.Context(), w.analyst, id, again); invalidFor(t, err, "email") == "" {
		t.Errorf("invited twice: %v", err)
	}
	offered, err := w.st.Evaluators(t.Context(), w.analyst, id)
	w.must(err)
	found := false
	for _, a := range offered {
		found = found || a.ID == w.reader.Account()
	}
	if !found {
		t.Error("a colleague who was taken off is not offered again")
	}
	w.must(errorOf(w.st.InviteEvaluator(t.Context(), w.analyst, id, models.PanelistInput{Account: w.reader.Account()})))
	links, err := w.st.PanelLinks(t.Context(), w.analyst, id)
	w.must(err)
	if len(links) != 1 {
		t.Fatalf("%d links", len(links))
	}
	for _, token := range links {
		e, err := w.st.EvaluationByToken(t.Context(), token)
		w.must(err)
		if token == old || e.Self.Scores[1].Value != 4 || e.Name != "Outside Again" {
			t.Errorf("old link %v, own scores %+v of %s", token == old, e.Self.Scores, e.Name)
		}
	}
	if _, err := w.st.EvaluationByToken(t.Context(), old); !errors.Is(err, models.ErrGone) {
		t.Errorf("the old link: %v", err)
	}
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(8, 8, 8)))
	if p, err := w.st.Panel(t.Context(), w.analyst, id); err != nil || len(p.Panelists) != 2 || !p.Panelists[0].Done || !p.Panelists[1].Done {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestEvaluator_linksOutliveTheDayTheScoresAreDue(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	year := w.st.Now().Add(366 * 24 * time.Hour)
	for _, due := range []models.Instant{w.st.Now(), year + 1} {
		if err := w.st.OpenPanel(t.Context(), w.analyst, id, due); invalidFor(t, err, "due") == "" {
			t.Errorf("scores are due at %v: %v", due, err)
		}
	}
	w.must(w.st.OpenPanel(t.Context(), w.analyst, id, year))
	w.must(errorOf(w.st.InviteEvaluator(t.Context(), w.analyst, id, models.PanelistInput{Name: "Eva", Email: "eva@example.net"})))
	links, err := w.st.PanelLinks(t.Context(), w.analyst, id)
	w.must(err)
	var token string
	for _, token = range links {
	}
	works := func(want bool) {
		t.Helper()
		if _, err := w.st.EvaluationByToken(t.Context(), token); (err == nil) != want || err != nil && !errors.Is(err, models.ErrGone) {
			t.Errorf("works: %v, want %v", err, want)
		}
	}
	w.clock.Advance(365 * 24 * time.Hour)
	works(true)
	w.must(w.st.ScoreByToken(t.Context(), token, scored(7, 7, 7)))
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelDiscussion))
	w.clock.Advance(models.PanelGrace + 48*time.Hour)
	works(false)
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelSecond))
	works(true)
	w.must(w.st.ScoreByToken(t.Context(), token, scored(8, 7, 7)))
	w.clock.Advance(models.PanelGrace)
	works(false)
}

// TestEvaluator_isToldWhoSpeaksWithoutANameOrAMistake lets the lead, a colleague
// and two evaluators of one name talk.
func TestEvaluator_isToldWhoSpeaksWithoutANameOrAMistake(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	w.empanel(id, 0, w.reader)
	for _, email := range []string{"one@example.net", "two@example.net"} {
		w.must(errorOf(w.st.InviteEvaluator(t.Context(), w.analyst, id, models.PanelistInput{Name: "Eva Same", Email: email})))
	}
	links, err := w.st.PanelLinks(t.Context(), w.analyst, id)
	w.must(err)
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(7, 7, 7)))
	var tokens []string
	for _, token := range links {
		tokens = append(tokens, token)
		w.must(w.st.ScoreByToken(t.Context(), token, scored(7, 7, 7)))
	}
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelDiscussion))
	w.must(w.st.RemarkOnPanel(t.Context(), w.analyst, id, "lead"))
	w.must(w.st.RemarkOnPanel(t.Context(), w.reader, id, "colleague"))
	w.must(w.st.RemarkByToken(t.Context(), tokens[0], "self"))
	w.must(w.st.RemarkByToken(t.Context(), tokens[1], "namesake"))
	e, err := w.st.EvaluationByToken(t.Context(), tokens[0])
	w.must(err)
	want := map[string]string{"lead": "The institute", "colleague": "Another evaluator", "self": "You", "namesake": "Another evaluator"}
	for _, m := range e.Remarks {
		if want[m.Text] != m.By {
			t.Errorf("%s by %s", m.Text, m.By)
		}
	}
}

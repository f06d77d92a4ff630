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

// TestFollowUp_isCheckedKeptAndTakenBack notes twice what became of a
// recommendation: who read the first state does not overwrite the second, every
// note is in the history, and the last can be taken back with its reminder.
func TestFollowUp_isCheckedKeptAndTakenBack(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	w.exec("UPDATE recommendations SET state = 'adopted' WHERE id = ?", id)
	day := w.st.Now().Add(30 * 24 * time.Hour)
	first := models.FollowUpInput{Status: models.FollowUpOpen, Response: "They read it.", Remind: day, Revision: 1}
	w.must(errorOf(w.st.FollowUpRecommendation(t.Context(), w.analyst, id, first)))
	if err := errorOf(w.st.FollowUpRecommendation(t.Context(), w.analyst, id, first)); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a form made before the note: %v", err)
	}
	second := models.FollowUpInput{Status: models.FollowUpPartly, Response: "They drafted a bill.", Uptake: "Section 4 of the draft.", Remind: day.Add(48 * time.Hour), Revision: 2}
	undo, err := w.st.FollowUpRecommendation(t.Context(), w.analyst, id, second)
	w.must(err)
	now := func() models.FollowUpInput {
		t.Helper()
		r, err := w.st.Recommendation(t.Context(), w.reader, id)
		w.must(err)
		r.FollowUp.Revision = r.Revision
		return r.FollowUp
	}
	if got := now(); got.Response != second.Response || got.Revision != 3 {
		t.Errorf("noted %+v", got)
	}
	w.must(errorOf(w.st.TakeBack(t.Context(), w.analyst, undo)))
	if got := now(); got.Response != first.Response || got.Status != first.Status || got.Uptake != "" || got.Remind != day || got.Revision != 4 {
		t.Errorf("taken back to %+v", got)
	}
	history, err := w.st.RecommendationHistory(t.Context(), w.reader, id)
	w.must(err)
	var said []string
	for _, h := range history {
		said = append(said, h.FollowUp.Response)
		if h.Text.Title != "Found a standing compact" || h.By != w.analyst.Name() {
			t.Errorf("kept %+v", h)
		}
	}
	if want := []string{"They read it.", "They drafted a bill.", "They read it.", ""}; !slices.Equal(said, want) {
		t.Errorf("history of responses %q", said)
	}
	w.clock.Advance(30 * 24 * time.Hour)
	if names, _ := w.nudged(); len(names) != 1 {
		t.Errorf("on the day that holds again %v are reminded", names)
	}
	w.exec("UPDATE recommendations SET state = 'revised' WHERE id = ?", id)
	second.Revision = 4
	if _, err := w.st.FollowUpRecommendation(t.Context(), w.analyst, id, second); invalidFor(t, err, "") == "" {
		t.Error("what is not adopted is followed up")
	}
}

// TestFollowUp_aDayThatHoldsAgainReminds lets the reminder of a day find
// that another day was chosen; the day holds again, and reminds.
func TestFollowUp_aDayThatHoldsAgainReminds(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	w.exec("UPDATE recommendations SET state = 'adopted' WHERE id = ?", id)
	day := w.st.Now().Add(20*24*time.Hour + 23*time.Hour)
	w.must(errorOf(w.st.FollowUpRecommendation(t.Context(), w.analyst, id, models.FollowUpInput{Status: models.FollowUpOpen, Remind: day, Revision: 1})))
	undo, err := w.st.FollowUpRecommendation(t.Context(), w.analyst, id, models.FollowUpInput{Status: models.FollowUpOpen, Remind: day.Add(240 * time.Hour), Revision: 2})
	w.must(err)
	w.clock.Advance(20*24*time.Hour + 22*time.Hour)
	if names, _ := w.nudged(); len(names) != 0 {
		t.Errorf("reminded of the day that was given up: %v", names)
	}
	w.must(errorOf(w.st.TakeBack(t.Context(), w.analyst, undo)))
	if names, _ := w.nudged(); len(names) != 1 {
		t.Errorf("the day holds again, and reminds %v", names)
	}
}

func TestRecommendations_drawOnThemesThatAreUsable(t *testing.T) {
	w := newThemeWorld(t)
	usable := storetest.Theme(t, w.st, w.analyst, "Usable theme", w.public[0])
	bare, err := w.st.CreateTheme(t.Context(), w.analyst, models.ThemeInput{Statement: "Nobody asked who disagreed"})
	w.must(err)
	gone := storetest.Theme(t, w.st, w.analyst, "Archived theme", w.public[1])
	w.must(errorOf(w.st.ArchiveTheme(t.Context(), w.analyst, gone, true)))
	for of, theme := range map[string]models.ID{"“Nobody asked who disagreed”": bare, "“Archived theme”": gone} {
		_, err := w.st.CreateRecommendation(t.Context(), w.analyst, drafted("Found a standing compact", usable, theme))
		if said := invalidFor(t, err, "themes"); !strings.Contains(said, of) {
			t.Errorf("%s: %q", of, said)
		}
	}
	offered, err := w.st.ThemesToDrawOn(t.Context(), w.analyst, nil)
	w.must(err)
	if len(offered) != 1 || offered[0].ID != usable {
		t.Errorf("offered %+v", offered)
	}
	id := w.recommend("Found a standing compact", usable)
	w.exec("UPDATE themes SET dissent = '' WHERE id = ?", usable)
	in := drafted("Found a standing compact", usable)
	in.Revision = 1
	w.must(errorOf(w.st.EditRecommendation(t.Context(), w.analyst, id, in)))
	in.Themes, in.Revision = append(in.Themes, bare), 2
	if _, err := w.st.EditRecommendation(t.Context(), w.analyst, id, in); invalidFor(t, err, "themes") == "" {
		t.Errorf("drew on it by an edit: %v", err)
	}
}

func TestRecommendations_keepWhatTheCodebookHasArchived(t *testing.T) {
	w := newThemeWorld(t)
	book, err := w.st.Codebook(t.Context(), w.analyst)
	w.must(err)
	var forums []models.ID
	for _, e := range book {
		if e.Kind == models.CodeForum && !e.Archived {
			forums = append(forums, e.ID)
		}
	}
	in := drafted("Found a standing compact")
	in.Codes = forums[:1]
	id, err := w.st.CreateRecommendation(t.Context(), w.analyst, in)
	w.must(err)
	w.exec("UPDATE codes SET archived_ms = 1 WHERE id IN (?, ?)", forums[0], forums[1])
	in.Revision = 1
	w.must(errorOf(w.st.EditRecommendation(t.Context(), w.analyst, id, in)))
	r, err := w.st.Recommendation(t.Context(), w.analyst, id)
	w.must(err)
	if len(r.Forums) != 1 || r.Forums[0].ID != forums[0] || !slices.Equal(r.Retired, forums[:1]) {
		t.Errorf("kept %+v, archived %v", r.Forums, r.Retired)
	}
	in.Codes, in.Revision = forums[:2], 2
	if _, err := w.st.EditRecommendation(t.Context(), w.analyst, id, in); invalidFor(t, err, "codes") == "" {
		t.Errorf("what is archived was chosen anew: %v", err)
	}
}

// TestBriefs_aWithdrawalGoesByWhatWasPublished changes the draft after it was
// published: of two recommendations one was never printed and stays as another
// brief published it, and the one that was printed is adopted again.
func TestBriefs_aWithdrawalGoesByWhatWasPublished(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	w.must(errorOf(w.st.SetInsightStates(ctx, w.lead, w.public[:2], models.Released)))
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	printed, other := w.recommend("Sign the first contract now"), w.recommend("Sign the second contract now")
	w.exec("UPDATE recommendations SET state = 'adopted' WHERE id IN (?, ?)", printed, other)
	publish := func(recommendations ...models.ID) models.ID {
		id := w.brief(func(b *models.BriefText) {
			b.Report, b.Recommendations = models.Cite(w.public[0])+".", recommendations
		})
		w.approve(id)
		w.must(errorOf(w.st.PublishBrief(ctx, w.lead, id, "")))
		return id
	}
	first := publish(printed)
	second := publish(other)
	redraft := func(id models.ID, recommendations ...models.ID) {
		b, err := w.st.Brief(ctx, w.analyst, id)
		w.must(err)
		b.BriefText.Recommendations = recommendations
		w.must(errorOf(w.st.EditBrief(ctx, w.analyst, id, b.Revision, b.BriefText)))
	}
	redraft(first, other)
	redraft(second, printed)
	state := func(id models.ID) models.RecommendationState {
		r, err := w.st.Recommendation(ctx, w.analyst, id)
		w.must(err)
		return r.State
	}
	undo, err := w.st.WithdrawBrief(ctx, w.lead, first, "A figure is wrong.")
	w.must(err)
	if state(printed) != models.RecommendationAdopted || state(other) != models.RecommendationPublic {
		t.Errorf("printed %s, other %s", state(printed), state(other))
	}
	w.must(errorOf(w.st.TakeBack(ctx, w.lead, undo)))
	if state(printed) != models.RecommendationPublic || state(other) != models.RecommendationPublic {
		t.Errorf("taken back: printed %s, other %s", state(printed), state(other))
	}
}

// TestBriefs_theMethodNoteTellsTheRoundsThatWereHeld closes an evaluation after
// its first round.
func TestBriefs_theMethodNoteTellsTheRoundsThatWereHeld(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	tokens := w.empanel(id, 3, w.reader)
	for _, token := range tokens {
		w.must(w.st.ScoreByToken(t.Context(), token, scored(8, 8, 8)))
	}
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(8, 8, 8)))
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelDiscussion))
	brief := w.brief(func(b *models.BriefText) { b.Recommendations = []models.ID{id} })
	method := func() string {
		t.Helper()
		proof, err := w.st.ProofBrief(t.Context(), w.analyst, brief)
		w.must(err)
		return proof.Content.Method
	}
	if got := method(); !strings.Contains(got, "One recommendation was not evaluated") {
		t.Errorf("before the close: %s", got)
	}
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelClosed))
	if got := method(); !strings.Contains(got, "in one blind round, without a second, by 4 evaluators.") || strings.Contains(got, "two rounds") {
		t.Errorf("one round: %s", got)
	}
	w.exec("UPDATE panels SET stage = 'second' WHERE recommendation_id = ?", id)
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(7, 7, 7)))
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelClosed))
	if got := method(); !strings.Contains(got, "in two rounds: blind by 4 evaluators, of whom 1 scored again") {
		t.Errorf("two rounds: %s", got)
	}
}

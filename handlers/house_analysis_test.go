package handlers_test

import (
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// themes makes a theme of public words, and one with private words among them.
func (b houseBuilder) themes() {
	tom, private := b.view("Tom Team"), b.h.rooms[1]
	staff := func(p principal, _ string) bool { return models.Can(p.viewer, models.ReadAsStaff) }
	team := func(p principal, _ string) bool { return p.viewer.IsTeam(private.id) }
	open, closed := b.h.rooms[0], b.h.rooms[8]
	b.h.theme = storetest.Theme(b.t, b.st, tom, b.word(&open, "open theme", staff), open.insights[2], closed.insights[2])
	b.h.secret = storetest.Theme(b.t, b.st, tom, b.word(&private, "secret theme", team), open.insights[2], private.insights[2])
}

// briefs makes a draft with a comment, one about the private roundtable, and a
// published brief.
func (b houseBuilder) briefs(approver models.Viewer) {
	tom, closed, private := b.view("Ana Analyst"), b.h.rooms[8], b.h.rooms[1]
	staff := func(p principal, _ string) bool { return models.Can(p.viewer, models.ReadAsStaff) }
	team := func(p principal, _ string) bool { return p.viewer.IsTeam(private.id) }
	b.h.brief = storetest.Brief(b.t, b.st, tom, closed.id, models.BriefText{Title: "A draft", Report: b.word(&closed, "draft", staff)})
	b.h.inner = storetest.Brief(b.t, b.st, b.view("Lea Lead"), private.id, models.BriefText{Title: b.word(&private, "inner brief", team), Report: b.word(&private, "inner report", team)})
	b.must(b.st.CommentBrief(b.t.Context(), tom, b.h.brief, "", b.word(&closed, "remark", staff)))
	draft, err := b.st.Brief(b.t.Context(), tom, b.h.brief)
	b.must(err)
	b.h.comment = draft.Comments[0].ID
	out := storetest.Brief(b.t, b.st, tom, closed.id, models.BriefText{Title: "Read by all", Report: "They said " + models.Cite(closed.insights[2]) + "."})
	b.h.published = storetest.PublishBrief(b.t, b.st, tom, approver, out)
}

// recommendSecretly drafts what rests on private words, has it scored, and
// keeps words in every text of it.
func (b houseBuilder) recommendSecretly() {
	tom, otto, private, ctx := b.view("Tom Team"), b.view("Otto Observer"), b.h.rooms[1], b.t.Context()
	team := func(p principal, _ string) bool { return p.viewer.IsTeam(private.id) }
	word := func(what string) string { return b.word(&private, what, team) }
	in := models.RecommendationInput{Themes: []models.ID{b.h.secret}, RecommendationText: models.RecommendationText{
		Title: "Found a compact " + word("rec title"), Addressee: word("rec addressee"), Action: word("rec action"), Risk: word("rec risk"), Alternatives: word("rec alternatives"),
	}}
	var err error
	b.h.hushed, err = b.st.CreateRecommendation(ctx, tom, in)
	b.must(err)
	b.must(b.st.OpenPanel(ctx, tom, b.h.hushed, b.st.Now().Add(14*24*time.Hour)))
	b.must(second(b.st.InviteEvaluator(ctx, tom, b.h.hushed, models.PanelistInput{Account: otto.Account()})))
	scores := models.EvaluationInput{Conflict: word("interest")}
	for i := range scores.Scores {
		scores.Scores[i] = models.ScoreInput{Value: 7, Confidence: 2, Rationale: word("rationale")}
	}
	b.must(b.st.ScoreRecommendation(ctx, otto, b.h.hushed, scores))
	b.must(b.st.AdvancePanel(ctx, tom, b.h.hushed, models.PanelDiscussion))
	b.must(b.st.RemarkOnPanel(ctx, otto, b.h.hushed, word("panel remark")))
}

// recommend drafts a recommendation and puts it before a panel of one.
func (b houseBuilder) recommend(v models.Viewer) {
	b.recommendSecretly()
	var err error
	b.h.recommended, err = b.st.CreateRecommendation(b.t.Context(), v, models.RecommendationInput{
		RecommendationText: models.RecommendationText{Title: "Found a standing compact", Addressee: "The committee"},
	})
	b.must(err)
	b.must(b.st.OpenPanel(b.t.Context(), v, b.h.recommended, b.st.Now().Add(14*24*time.Hour)))
	b.must(second(b.st.InviteEvaluator(b.t.Context(), v, b.h.recommended, models.PanelistInput{Name: "Eva Outside", Email: "eva@example.net"})))
	links, err := b.st.PanelLinks(b.t.Context(), v, b.h.recommended)
	b.must(err)
	for id, token := range links {
		b.h.evaluator, b.h.evaluate = id, token
	}
}

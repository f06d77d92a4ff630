package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// stageSteps are the buttons that take a panel on.
var stageSteps = map[models.PanelStage]string{
	models.PanelDiscussion: "Reveal the scores", models.PanelSecond: "Begin the second round", models.PanelClosed: "Close the evaluation",
}

// panelView fills in an evaluation for who may read it.
func (s *Server) panelView(c echo.Context, r models.Recommendation, panel models.Panel, m models.Material, leads bool, typed typedWords) (*views.PanelView, error) {
	zone := s.zone(c)
	asked, answered := panel.Asked()
	p := &views.PanelView{
		Stage: panel.Stage.Name(), Stale: panel.Stale, Revealed: panel.Stage.Revealed() > 0, Note: strconv.Itoa(answered) + " of " + ui.Count(asked, "evaluator has", "evaluators have") + " scored.",
		StageHref: urls.RecommendationStage(r.ID), InviteHref: urls.RecommendationEvaluator(r.ID), RemarkHref: urls.RecommendationRemark(r.ID),
		Remarks: remarkRows(panel.Remarks, zone), Errors: typed.of("invite"), Colleague: idWord(typed.panelist.Account), Name: typed.panelist.Name, Affiliation: typed.panelist.Affiliation, Email: typed.panelist.Email,
		Remark: typed.remark, RemarkErrors: typed.of("remark"),
	}
	if panel.Stage == models.PanelBlind {
		p.Due = "due " + models.FormatDay(panel.Due, zone)
	}
	_, member := panel.Self()
	p.CanRemark = (member || leads) && !panel.Stale && (panel.Stage == models.PanelDiscussion || panel.Stage == models.PanelSecond)
	p.CanInvite = leads && !panel.Stale && panel.Stage == models.PanelBlind
	for _, next := range panel.May {
		p.Steps = append(p.Steps, views.StageStep{Value: string(next), Label: stageSteps[next]})
	}
	if p.CanInvite && len(p.Steps) == 0 {
		p.Waits = "You can reveal the scores when everybody has scored, or once the day by which they are due is over."
	}
	links := map[models.ID]string{}
	if p.CanInvite {
		if err := s.invitables(c, r, p, links); err != nil {
			return nil, err
		}
	}
	var shown []models.Panelist
	for _, e := range panel.Panelists {
		if !e.Revoked {
			shown = append(shown, e)
			p.Evaluators = append(p.Evaluators, evaluatorHead(r, e, panel, p.CanInvite, links[e.ID]))
		}
	}
	known := map[models.ID]bool{}
	for _, id := range m.IDs() {
		known[id] = true
	}
	if p.Revealed {
		p.Rows = views.NewCriterionRows(shown, panel.Results, known)
	}
	return p, nil
}

// invitables fills in who can be invited, and where no mail goes out the links
// to hand on.
func (s *Server) invitables(c echo.Context, r models.Recommendation, p *views.PanelView, links map[models.ID]string) error {
	v, ctx := web.Viewer(c), c.Request().Context()
	colleagues, err := s.Store.Evaluators(ctx, v, r.ID)
	if err != nil {
		return err
	}
	p.Colleagues = []ui.Option{{Label: "Nobody: somebody from outside"}}
	for _, a := range colleagues {
		p.Colleagues = append(p.Colleagues, ui.Option{Value: a.ID.String(), Label: a.Name})
	}
	if s.SendsMail {
		return nil
	}
	tokens, err := s.Store.PanelLinks(ctx, v, r.ID)
	for id, token := range tokens {
		links[id] = s.Absolute(urls.Evaluate(token))
	}
	return err
}

func evaluatorHead(r models.Recommendation, e models.Panelist, panel models.Panel, removable bool, link string) views.EvaluatorHead {
	h := views.EvaluatorHead{Name: e.Name, Affiliation: e.Affiliation, Conflict: views.InterestWords(e), Status: "Not yet scored", Link: link}
	if e.Done {
		h.Status = "Scored"
	}
	if panel.Stage.Revealed() == 0 {
		h.Conflict = ""
	}
	if removable {
		h.RemoveHref = urls.RecommendationEvaluatorRemove(r.ID, e.ID)
	}
	return h
}

func remarkRows(remarks []models.PanelRemark, zone string) []views.RemarkRow {
	var out []views.RemarkRow
	for _, m := range remarks {
		out = append(out, views.RemarkRow{By: m.By, Text: m.Text, When: models.FormatInstant(m.At, zone), ISO: isoTime(m.At)})
	}
	return out
}

// scoreFormOf is the form of an evaluator: their own last words, or what was
// typed and refused.
func scoreFormOf(self models.Panelist, panel models.Panel, m models.Material, zone string, now models.Instant, typed typedWords) *views.ScoreForm {
	f := &views.ScoreForm{
		Due: "Due " + models.FormatDay(panel.Due, zone), Late: panel.Due <= now, Conflict: self.Conflict, Abstained: self.Abstained, Errors: typed.of("score"),
		Round:   map[int]string{1: "First round, blind", 2: "Second round"}[panel.Stage.Scoring()],
		Version: strconv.Itoa(panel.Version), Stage: strconv.Itoa(panel.Stage.Scoring()),
	}
	if panel.Stage == models.PanelSecond {
		f.Due, f.Late = "", false
	}
	if typed.score != nil {
		f.Conflict, f.Abstained = typed.score.Conflict, typed.score.Abstain
	}
	for i, criterion := range models.Criteria {
		field := views.ScoreField{Key: criterion.Key(), Name: criterion.Name(), Question: criterion.Question()}
		if last := self.Scores[i]; last.Given() {
			field.Score, field.Rationale, field.Evidence = strconv.Itoa(last.Value), last.Rationale, idStrings(last.Evidence)
			if last.Confidence > 0 {
				field.Confidence = strconv.Itoa(last.Confidence)
			}
		}
		if typed.score != nil {
			field = typedScore(field, typed.score.Scores[i])
		}
		f.Criteria = append(f.Criteria, field)
	}
	supports, against := materialRows(m)
	for _, r := range append(supports, against...) {
		f.Evidence = append(f.Evidence, ui.Option{Value: r.ID, Label: r.Text, Hint: r.Who})
	}
	return f
}

// typedScore is a criterion's field as it was typed.
func typedScore(f views.ScoreField, in models.ScoreInput) views.ScoreField {
	f.Score, f.Confidence, f.Rationale, f.Evidence = "", "", in.Rationale, idStrings(in.Evidence)
	if in.Value > 0 || in.Abstain {
		f.Score = strconv.Itoa(in.Value)
	}
	if in.Confidence > 0 {
		f.Confidence = strconv.Itoa(in.Confidence)
	}
	return f
}

// evaluationForm reads what an evaluator's form sends.
func (s *Server) evaluationForm(c echo.Context) (in models.EvaluationInput, token string, err error) {
	values, err := web.FormValues(c)
	if err != nil {
		return in, "", err
	}
	in.Conflict, in.Abstain = values.Get("conflict"), values.Get("abstain") != ""
	in.Version, _ = strconv.Atoi(values.Get("version"))
	in.Round, _ = strconv.Atoi(values.Get("round"))
	for i, criterion := range models.Criteria {
		key := criterion.Key()
		score, bad := strconv.Atoi(values.Get("score-" + key))
		confidence, _ := strconv.Atoi(values.Get("confidence-" + key))
		in.Scores[i] = models.ScoreInput{
			Value: score, Abstain: bad == nil && score == 0, Confidence: confidence, Rationale: values.Get("rationale-" + key), Evidence: idsOf(values["evidence-"+key]),
		}
	}
	return in, values.Get("token"), nil
}

// panelOpen answers POST /recommendations/:id/panel.
func (s *Server) panelOpen(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Due string `form:"due"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	due, bad := models.DayEnd(form.Due, s.zone(c))
	if bad != nil {
		due = 0
	}
	err = s.Store.OpenPanel(c.Request().Context(), web.Viewer(c), id, due)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.showRecommendation(c, http.StatusUnprocessableEntity, typedWords{part: "open", errors: invalid.Fields, due: form.Due})
	}
	return s.acted(c, urls.Recommendation(id)+"#evaluation", "The evaluation has begun. Invite the evaluators.", err)
}

// stageDone says what taking a panel on did.
var stageDone = map[models.PanelStage]string{
	models.PanelDiscussion: "The scores are revealed. The panel can talk about them.",
	models.PanelSecond:     "The second round has begun.",
	models.PanelClosed:     "The evaluation is closed.",
}

// panelStage answers POST /recommendations/:id/panel/stage.
func (s *Server) panelStage(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Stage string `form:"stage"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	next := models.PanelStage(form.Stage)
	return s.acted(c, urls.Recommendation(id)+"#evaluation", stageDone[next], s.Store.AdvancePanel(c.Request().Context(), web.Viewer(c), id, next))
}

// panelInvite answers POST /recommendations/:id/panel/evaluators.
func (s *Server) panelInvite(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Account     string `form:"account"`
		Name        string `form:"name"`
		Affiliation string `form:"affiliation"`
		Email       string `form:"email"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in := models.PanelistInput{Account: idOr(form.Account), Name: form.Name, Affiliation: form.Affiliation, Email: form.Email}
	undo, err := s.Store.InviteEvaluator(c.Request().Context(), web.Viewer(c), id, in)
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.showRecommendation(c, http.StatusUnprocessableEntity, typedWords{part: "invite", errors: bad.Fields, panelist: in})
	}
	who := strings.TrimSpace(in.Name)
	if in.Account != 0 {
		who = "Your colleague"
	}
	return s.actedUndoably(c, urls.Recommendation(id)+"#evaluation", who+" was invited.", undo, err)
}

// panelRemove answers POST /recommendations/:id/panel/evaluators/:evaluator/remove.
func (s *Server) panelRemove(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	evaluator, err := web.ID(c, "evaluator")
	if err != nil {
		return err
	}
	undo, err := s.Store.RemoveEvaluator(c.Request().Context(), web.Viewer(c), id, evaluator)
	return s.actedUndoably(c, urls.Recommendation(id)+"#evaluation", "Taken off the panel. Their link no longer works.", undo, err)
}

// recommendationScore answers POST /recommendations/:id/scores.
func (s *Server) recommendationScore(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	in, _, err := s.evaluationForm(c)
	if err != nil {
		return err
	}
	err = s.Store.ScoreRecommendation(c.Request().Context(), web.Viewer(c), id, in)
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.showRecommendation(c, http.StatusUnprocessableEntity, typedWords{part: "score", errors: bad.Fields, score: &in})
	}
	return s.acted(c, urls.Recommendation(id)+"#evaluation", "Your scores are saved.", err)
}

// recommendationRemark answers POST /recommendations/:id/remarks.
func (s *Server) recommendationRemark(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Text string `form:"text"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	err = s.Store.RemarkOnPanel(c.Request().Context(), web.Viewer(c), id, form.Text)
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.showRecommendation(c, http.StatusUnprocessableEntity, typedWords{part: "remark", errors: bad.Fields, remark: form.Text})
	}
	return s.acted(c, urls.Recommendation(id)+"#talk", "Your remark was added.", err)
}

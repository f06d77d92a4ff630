package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// evaluate answers GET and HEAD /evaluate/:token for whoever holds the link.
// It changes nothing, however often and by whatever program it is fetched.
func (s *Server) evaluate(c echo.Context) error {
	return s.showEvaluate(c, http.StatusOK, typedWords{})
}

func (s *Server) showEvaluate(c echo.Context, status int, typed typedWords) error {
	token := c.Param("token")
	e, err := s.Store.EvaluationByToken(c.Request().Context(), token)
	if err != nil {
		return s.gone(c, err)
	}
	page, err := s.Page(c, "Evaluate a recommendation", "")
	if err != nil {
		return err
	}
	page.Institute, page.Failed = e.Institute, typed.errors != nil
	p := views.EvaluatePage{
		Page: page, Name: e.Name, Title: e.Text.Title, Facts: textFacts(e.Text), Token: token, RemarkHref: urls.EvaluateRemark(token), Remarks: remarkRows(e.Remarks, e.Zone),
		Remark: typed.remark, RemarkErrors: typed.of("remark"),
	}
	p.Supports, p.Against = materialRows(e.Material)
	if e.Stage.Revealed() > 0 {
		p.Rows = views.NewCriterionRows(nil, e.Results, nil)
	}
	panel := models.Panel{Stage: e.Stage, Due: e.Due, Version: e.Version}
	p.CanRemark = !e.Stale && (e.Stage == models.PanelDiscussion || e.Stage == models.PanelSecond)
	switch {
	case e.Stale:
		p.Title = "This evaluation is over"
		p.Notice = "The recommendation was changed since you were asked, so it is not evaluated in that wording any more. Thank you. If your judgment of the new one is wanted, you will have another link."
	case e.Withheld:
		p.Title, p.CanRemark = "We are looking at the wording once more", false
		p.Notice = "You can read the recommendation here as soon as that is done. Please come back to this link later: it stays yours, and what you have sent us so far is kept."
	case e.Stage.Scoring() > 0:
		p.Score = scoreFormOf(e.Self, panel, e.Material, e.Zone, s.Store.Now(), typed)
		p.Score.Action, p.Score.Token = urls.Evaluate(token), token
		if e.Self.Done {
			p.Notice = "We have your scores. Thank you. You can change them below."
		}
	case e.Stage == models.PanelDiscussion:
		p.Notice = "The first round is over, and the scores are revealed. You can add a remark to the discussion."
	default:
		p.Notice = "The evaluation is closed. Thank you for your judgment."
	}
	if typed.part == "score" && p.Score == nil || typed.part == "remark" && !p.CanRemark {
		p.NotSaved = typed.notSaved(e.Zone)
	}
	return web.Render(c, status, views.Evaluate(p))
}

// evaluateScore answers POST /evaluate/:token for whoever holds the link.
func (s *Server) evaluateScore(c echo.Context) error {
	token := c.Param("token")
	in, sent, err := s.evaluationForm(c)
	if err != nil {
		return err
	}
	if sent != "" && sent != token { // a form of another page
		return s.gone(c, models.ErrGone)
	}
	err = s.Store.ScoreByToken(c.Request().Context(), token, in)
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.showEvaluate(c, http.StatusUnprocessableEntity, typedWords{part: "score", errors: bad.Fields, score: &in})
	case err != nil:
		return s.gone(c, err)
	}
	return c.Redirect(http.StatusSeeOther, urls.Evaluate(token))
}

// evaluateRemark answers POST /evaluate/:token/remarks for whoever holds the
// link.
func (s *Server) evaluateRemark(c echo.Context) error {
	var form struct {
		Token string `form:"token"`
		Text  string `form:"text"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	token := c.Param("token")
	if form.Token != "" && form.Token != token {
		return s.gone(c, models.ErrGone)
	}
	err := s.Store.RemarkByToken(c.Request().Context(), token, form.Text)
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.showEvaluate(c, http.StatusUnprocessableEntity, typedWords{part: "remark", errors: bad.Fields, remark: form.Text})
	case err != nil:
		return s.gone(c, err)
	}
	return c.Redirect(http.StatusSeeOther, urls.Evaluate(token))
}

package handlers

import (
	"context"
	"strconv"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// findingRows shows what the leak lint has against words, each at the word.
// action is where overruling is sent to, empty for who may not.
func findingRows(action string, leaks []models.BriefFinding) []views.FindingRow {
	var out []views.FindingRow
	for n, f := range leaks {
		row := views.FindingRow{Words: f.Words, Why: f.Rule.Words(), Where: f.Place, Instead: f.Suggestion, Mark: f.Mark, Action: action, Field: "reason-" + strconv.Itoa(n)}
		row.Before, row.After = f.Around()
		out = append(out, row)
	}
	return out
}

// overrulable is findingRows for who may overrule them in such a record.
func overrulable(v models.Viewer, action string, leaks []models.BriefFinding) []views.FindingRow {
	if !models.Can(v, models.WriteBrief) {
		action = ""
	}
	return findingRows(action, leaks)
}

// briefLint answers POST /briefs/:id/finding: a finding is overruled, with the
// reason.
func (s *Server) briefLint(c echo.Context) error {
	return s.overrule(c, urls.Brief, s.Store.OverruleBriefFinding)
}

// themeLint answers POST /themes/:id/finding, as briefLint.
func (s *Server) themeLint(c echo.Context) error {
	return s.overrule(c, urls.Theme, s.Store.OverruleThemeFinding)
}

// recommendationLint answers POST /recommendations/:id/finding, as briefLint.
func (s *Server) recommendationLint(c echo.Context) error {
	return s.overrule(c, urls.Recommendation, s.Store.OverruleRecommendationFinding)
}

// overrule reads which finding of a record is overruled and why, has that done,
// and returns to the record's page.
func (s *Server) overrule(c echo.Context, page func(models.ID) string, act func(context.Context, models.Viewer, models.ID, string, string) error) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Mark   string `form:"mark"`
		Reason string `form:"reason"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	return s.overruled(c, page(id), form.Reason, act(c.Request().Context(), web.Viewer(c), id, form.Mark, form.Reason))
}

package handlers

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// briefFindings shows what the leak lint has against a brief, each at the word.
func briefFindings(id models.ID, mayOverrule bool, leaks []models.BriefFinding) []views.FindingRow {
	var out []views.FindingRow
	for n, f := range leaks {
		row := views.FindingRow{Words: f.Words, Why: f.Rule.Words(), Where: f.Place, Instead: f.Suggestion, Mark: f.Mark, Field: "reason-" + strconv.Itoa(n)}
		row.Before, row.After = f.Around()
		if mayOverrule {
			row.Action = urls.BriefLint(id)
		}
		out = append(out, row)
	}
	return out
}

// briefLint answers POST /briefs/:id/finding: a finding is overruled, with the
// reason.
func (s *Server) briefLint(c echo.Context) error {
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
	err = s.Store.OverruleBriefFinding(c.Request().Context(), web.Viewer(c), id, form.Mark, form.Reason)
	return s.overruled(c, urls.Brief(id), form.Reason, err)
}

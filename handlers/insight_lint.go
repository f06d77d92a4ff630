package handlers

import (
	"errors"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// insightFindings shows the team what the leak lint has against an insight, at
// the word and as a list.
func (s *Server) insightFindings(c echo.Context, p *views.InsightPage, i models.Insight) error {
	v := web.Viewer(c)
	found, err := s.Store.InsightFindings(c.Request().Context(), v, i.ID())
	if err != nil {
		return err
	}
	p.Parts = views.MarkedText(i.Text(), found)
	for n, f := range found {
		row := views.FindingRow{Words: f.Words, Why: f.Rule.Words(), Where: "in the text", Instead: f.Suggestion, Mark: f.Mark, Field: "reason-" + strconv.Itoa(n)}
		switch {
		case f.Place != "":
			row.Where = "in " + f.Place
		case i.Regime() == models.DeepBackground:
			row.Where = "in the paraphrase"
		}
		if models.CanIn(v, models.ReleaseInsight, i.RoundtableID()) {
			row.Action = urls.InsightLint(i.ID())
		}
		p.Findings = append(p.Findings, row)
	}
	return nil
}

// insightLint answers POST /insights/:id/finding for those who release: a
// finding is overruled, with the reason.
func (s *Server) insightLint(c echo.Context) error {
	return s.overrule(c, urls.Insight, s.Store.OverruleFinding)
}

// overruled answers whoever overruled a finding. A reason that was not taken is
// handed back: the form that it stood in may be gone with the finding.
func (s *Server) overruled(c echo.Context, next, reason string, err error) error {
	flash := views.Flash{Text: "Overruled. The reason is kept with your name."}
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		flash = views.Flash{Error: true, Text: firstMessage(bad)}
	case errors.Is(err, models.ErrConflict):
		flash = views.Flash{Error: true, Text: "The words have changed since. Look at the findings once more."}
	case err != nil:
		return err
	}
	if reason = strings.Join(strings.Fields(reason), " "); flash.Error && reason != "" {
		flash.Text += " You had written: “" + string([]rune(reason)[:min(len([]rune(reason)), 500)]) + "”"
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, next)
}

// mostHeldLinks is how many of the insights held back a message links to.
const mostHeldLinks = 5

// heldLinks leads to insights that a release held back.
func heldLinks(ids []models.ID) []views.FlashLink {
	var out []views.FlashLink
	for n, id := range ids[:min(len(ids), mostHeldLinks)] {
		out = append(out, views.FlashLink{Label: "No. " + strconv.Itoa(n+1), Href: urls.Insight(id)})
	}
	return out
}

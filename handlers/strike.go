package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// insightStrikeForm answers GET /insights/:id/strike for those who strike: what
// would go and what left before, or what is left of an insight that was struck.
func (s *Server) insightStrikeForm(c echo.Context) error {
	return s.showStrike(c, http.StatusOK, nil)
}

// insightStrike answers POST /insights/:id/strike for those who strike.
func (s *Server) insightStrike(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Sure bool `form:"sure"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	if !form.Sure {
		return s.showStrike(c, http.StatusUnprocessableEntity, map[string]string{"sure": "Tick this if the words are to go. It cannot be undone."})
	}
	if err := s.Store.StrikeInsight(c.Request().Context(), web.Viewer(c), id); err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "The insight was struck."}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.InsightStrike(id))
}

func (s *Server) showStrike(c echo.Context, status int, errs map[string]string) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	strike, err := s.Store.StrikeOf(ctx, v, id)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Strike an insight", "insights")
	if err != nil {
		return err
	}
	page.Failed = errs != nil
	p := views.StrikePage{
		Page: page, Text: strike.Text, Room: strike.Title, RoomHref: urls.RoundtableInsights(strike.Roundtable), Action: urls.InsightStrike(id),
		Back: urls.Insight(id), Copies: strikeCopies(strike), Errors: errs,
	}
	if strike.Commitments > 0 {
		p.With = capitalized(ui.Count(strike.Commitments, "follow-up", "follow-ups")) + " captured in it, with its reminders, is deleted too."
	}
	if strike.Done {
		p.Title = "A struck insight"
		p.Done = "This insight was struck on " + models.FormatInstant(strike.At, strike.Zone) + by(strike.By) + "."
		return web.Render(c, status, views.Strike(p))
	}
	i, err := s.Store.Insight(ctx, v, id)
	if errors.Is(err, models.ErrNotFound) { // deleted, and nothing was made of it
		return web.Render(c, status, views.Strike(p))
	}
	if err != nil {
		return err
	}
	if p.Trail, err = s.insightTrail(c, i); err != nil {
		return err
	}
	p.Trail.AddHref = ""
	return web.Render(c, status, views.Strike(p))
}

// strikeCopies says by name what left with the words.
func strikeCopies(strike models.Strike) []views.StrikeCopy {
	var out []views.StrikeCopy
	for _, copied := range strike.Copies {
		at := models.FormatInstant(copied.At, strike.Zone) + by(copied.Who)
		if copied.Brief == 0 {
			out = append(out, views.StrikeCopy{
				Text: "A file of insights for " + strings.ToLower(copied.Audience.Name()) + " (" + strings.ToUpper(copied.Format) + ")",
				Note: "may hold it; exported " + at,
			})
			continue
		}
		note := "published " + at
		switch {
		case copied.Withdrawn:
			note += "; withdrawn"
		case copied.Marked:
			note += "; marked for a correction"
		}
		out = append(out, views.StrikeCopy{Text: copied.Title + ", version " + ui.Thousands(copied.Version), Href: urls.Brief(copied.Brief), Note: note})
	}
	return out
}

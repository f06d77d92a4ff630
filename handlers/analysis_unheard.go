package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// unheard answers GET /analysis/unheard for staff: the topics on which much was
// said and a sector said nothing, each with a roundtable to plan.
func (s *Server) unheard(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	q := analysisQuery(c, s.Store.Now())
	institute, err := s.Store.Institute(ctx)
	if err != nil {
		return err
	}
	found, err := s.Store.UnheardTopics(ctx, v, q, institute.CoverageGap)
	if err != nil {
		return err
	}
	series, err := s.Store.Series(ctx, v)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Who have we not heard?", "analysis")
	if err != nil {
		return err
	}
	p := views.NewUnheardPage(page, found, q, institute.CoverageGap, models.Can(v, models.CreateRoundtable))
	p.Crumbs = []ui.Crumb{{Label: "Analysis", Href: urls.Analysis(q)}, {Label: "Who have we not heard?"}}
	p.Periods, p.Period = analysisPeriods(s.Store.Now(), q)
	p.Series = []ui.Option{{Label: "All series"}}
	for _, one := range series {
		p.Series = append(p.Series, ui.Option{Value: one.ID.String(), Label: one.Name})
	}
	return web.Render(c, http.StatusOK, views.Unheard(p))
}

package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// analysis answers GET /analysis for staff: a table of any two dimensions and
// the pictures beside it.
func (s *Server) analysis(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	q := analysisQuery(c, s.Store.Now())
	found, err := s.Store.Analyse(ctx, v, q)
	if err != nil {
		return err
	}
	institute, err := s.Store.Institute(ctx)
	if err != nil {
		return err
	}
	series, err := s.Store.Series(ctx, v)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Analysis", "analysis")
	if err != nil {
		return err
	}
	if err := s.hint(c, "analysis", &page); err != nil {
		return err
	}
	p := views.NewAnalysisPage(page, found, institute.CoverageGap, models.Can(v, models.CreateRoundtable), models.Can(v, models.ExportStaff))
	p.Periods, p.Period = analysisPeriods(s.Store.Now(), q)
	p.Scripts = []string{"analysis.js"}
	if err := s.analysisDissent(c, found, &p); err != nil {
		return err
	}
	if err := s.analysisThemes(c, found.Cross.Query, &p); err != nil {
		return err
	}
	p.Series = []ui.Option{{Label: "All series"}}
	for _, one := range series {
		p.Series = append(p.Series, ui.Option{Value: one.ID.String(), Label: one.Name})
	}
	return web.Render(c, http.StatusOK, views.Analysis(p))
}

// dissentListed is how much dissent the page shows; the rest is behind a link.
const dissentListed = 5

// analysisDissent lists the newest dissent among what was counted.
func (s *Server) analysisDissent(c echo.Context, a models.Analysis, p *views.AnalysisPage) error {
	kinds := a.Kind
	for r, row := range kinds.Rows {
		f, ok := kinds.Filter(r, r, a.SeriesRooms)
		if row.Key != models.Dissent.Key() || !ok {
			continue
		}
		page, err := s.Store.Insights(c.Request().Context(), web.Viewer(c), f, store.Cursor{})
		if err != nil {
			return err
		}
		p.DissentHref = urls.InsightsPath + "?" + f.Values().Encode()
		listed := page.Insights[:min(len(page.Insights), dissentListed)]
		against, err := s.spokenAgainst(c, listed)
		if err != nil {
			return err
		}
		for _, i := range listed {
			d := views.DissentRow{Text: i.Text(), Href: urls.Insight(i.ID()), By: i.TableLabel().Name()}
			if other, ok := against[i.Contradicts()]; ok {
				d.Against, d.AgainstHref = clipped(other.Text(), 120), urls.Insight(other.ID())
			}
			p.Dissent = append(p.Dissent, d)
		}
	}
	return nil
}

// spokenAgainst reads the insights that some others speak against, where the
// reader is told of which: that is the team's to know.
func (s *Server) spokenAgainst(c echo.Context, list []models.Insight) (map[models.ID]models.Insight, error) {
	var ids []models.ID
	for _, i := range list {
		if i.Contradicts() != 0 {
			ids = append(ids, i.Contradicts())
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := s.Store.InsightsByID(c.Request().Context(), web.Viewer(c), ids)
	out := map[models.ID]models.Insight{}
	for _, i := range found {
		out[i.ID()] = i
	}
	return out, err
}

// The themes of the analysis: how many are shown, and how many of the insights
// against each.
const (
	standsListed  = 8
	againstListed = 3
)

// analysisThemes words what the rooms agree and disagree on: the themes of what
// was counted, how many are behind each, and what contradicts it.
func (s *Server) analysisThemes(c echo.Context, q models.AnalysisQuery, p *views.AnalysisPage) error {
	themes, err := s.Store.ThemesAnalysed(c.Request().Context(), web.Viewer(c), q)
	if err != nil {
		return err
	}
	for _, t := range themes[:min(len(themes), standsListed)] {
		row := views.StandRow{Href: urls.Theme(t.ID), Statement: t.Statement}
		for _, r := range models.ThemeRelations {
			insights := t.Insights(r)
			if len(insights) == 0 {
				continue
			}
			words := ui.Thousands(len(insights)) + relationVerbs[r][min(1, len(insights)-1)] + ": " + consensusNote(t, r)
			row.Counts = append(row.Counts, words)
		}
		for _, label := range models.Heard(t.Insights(models.Supports)) {
			row.From = append(row.From, label.Name())
		}
		against := t.Insights(models.Contradicts)
		for _, i := range against[:min(len(against), againstListed)] {
			row.Against = append(row.Against, views.DissentRow{Text: i.Text(), Href: urls.Insight(i.ID()), By: i.TableLabel().Name()})
		}
		if more := len(against) - againstListed; more > 0 {
			row.More = "and " + ui.Count(more, "more", "more")
		}
		p.Stands = append(p.Stands, row)
	}
	return nil
}

// analysisQuery reads the query of an address. One that says nothing about the
// time asks for the last twelve months; "all" for everything.
func analysisQuery(c echo.Context, now models.Instant) models.AnalysisQuery {
	q := models.ParseAnalysisQuery(c.QueryParams())
	if _, asked := c.QueryParams()["since"]; !asked && q.Until == "" {
		q.Since = models.MonthsBack(now, 12)
	}
	return q
}

func analysisPeriods(now models.Instant, q models.AnalysisQuery) ([]ui.Option, string) {
	out := []ui.Option{{Value: "all", Label: "All years"}}
	for _, n := range []int{3, 6, 12, 24, 36} {
		out = append(out, ui.Option{Value: models.MonthsBack(now, n), Label: "Last " + strconv.Itoa(n) + " months"})
	}
	for _, o := range out {
		if o.Value == q.Since {
			return out, q.Since
		}
	}
	if q.Since == "" {
		return out, "all"
	}
	return append(out, ui.Option{Value: q.Since, Label: "Since " + q.Since}), q.Since
}

// analysisExport answers GET /analysis/export: one table of the page as CSV, or
// as a picture. A file travels: it counts as all staff read, so that it holds
// nothing off the record and no private roundtable.
func (s *Server) analysisExport(c echo.Context) error {
	found, err := s.Store.Analyse(c.Request().Context(), web.Viewer(c).Capped(models.Staff), analysisQuery(c, s.Store.Now()))
	if err != nil {
		return err
	}
	cross, ok := map[string]models.Cross{
		"": found.Cross, "trend": found.Trend, "meet": found.Meet, "fronts": found.Fronts, "forums": found.Forums, "kinds": found.Kind,
	}[c.QueryParam("table")]
	if !ok {
		return models.ErrNotFound
	}
	h := c.Response().Header()
	if c.QueryParam("as") == "svg" {
		h.Set(echo.HeaderContentType, "image/svg+xml")
		_, err := c.Response().Write(analysisPicture(c.QueryParam("table"), cross, found))
		return err
	}
	h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("Analysis", "csv")))
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	w := files.NewCSV(c.Response(), c.QueryParam("bom") == "1")
	head := []string{cross.Query.Rows.Name()}
	for _, k := range cross.Columns {
		head = append(head, k.Name)
	}
	if err := w.Row(append(head, "All")...); err != nil {
		return err
	}
	for r, row := range cross.Rows {
		line := []string{row.Name}
		for _, n := range cross.N[r] {
			line = append(line, strconv.Itoa(n))
		}
		if err := w.Row(append(line, strconv.Itoa(row.N))...); err != nil {
			return err
		}
	}
	return w.Flush()
}

// analysisPicture draws a table: bars for one dimension, lines for the months,
// else its cells.
func analysisPicture(table string, c models.Cross, found models.Analysis) []byte {
	note := ui.Count(c.Insights, "insight", "insights") + " from " + ui.Count(found.Rooms, "roundtable", "roundtables")
	if since, err := time.Parse("2006-01", c.Query.Since); err == nil {
		note += " since " + since.Format("Jan 2006")
	}
	p := files.Picture{Note: note + ", as all staff may read them", Title: c.Query.Rows.Name() + " by " + strings.ToLower(c.Query.Columns.Name())}
	for _, k := range c.Columns {
		p.Columns = append(p.Columns, k.Name)
	}
	for r, row := range c.Rows {
		p.Rows = append(p.Rows, row.Name)
		p.N = append(p.N, c.N[r])
	}
	switch table {
	case "trend":
		return p.Lines()
	case "fronts", "forums", "kinds":
		p.Title = c.Query.Rows.Name()
		for r := range p.N {
			p.N[r] = p.N[r][r : r+1]
		}
		return p.Bars()
	}
	return p.Cells()
}

package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// roundtables answers GET /roundtables.
func (s *Server) roundtables(c echo.Context) error {
	v, now := web.Viewer(c), s.Store.Now()
	f := roundtableFilter(c)
	found, err := s.Store.Roundtables(c.Request().Context(), v, f)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Roundtables", "roundtables")
	if err != nil {
		return err
	}
	if err := s.hint(c, "roundtables", &page); err != nil {
		return err
	}
	p := views.RoundtablesPage{
		Page: page, Groups: roundtableGroups(found.Lines, now), CanCreate: models.Can(v, models.CreateRoundtable),
		Filtered:  f.Text != "" || f.Series != 0 || f.Stage != "" || f.Sector != 0 || f.Mine,
		ClearHref: urls.With(urls.RoundtablesPath, "when", whenKeys[f.When]),
	}
	p.EmptyTitle, p.EmptyText = emptyRoundtables(p.Filtered, f.When)
	if p.RoundtableFilters, err = s.roundtableFilters(c, f, urls.RoundtablesPath); err != nil {
		return err
	}
	if f.After != "" {
		p.FirstHref = withQuery(c, "after", "")
	}
	if found.Next != "" {
		p.NextHref = withQuery(c, "after", found.Next)
	}
	return web.Render(c, http.StatusOK, views.Roundtables(p))
}

func emptyRoundtables(filtered bool, when models.RoundtableWhen) (title, text string) {
	switch {
	case filtered:
		return "No roundtable matches", "Nothing here fits what you searched for and chose above."
	case when == models.Past:
		return "Nothing has been held yet", "Roundtables move here when their time has passed."
	case when == models.Upcoming:
		return "No roundtables ahead", "Start with the question you want a room to answer. The guest list comes after."
	}
	return "No roundtables yet", "Start with the question you want a room to answer. The guest list comes after."
}

var whenKeys = map[models.RoundtableWhen]string{models.Upcoming: "", models.Past: "past", models.AnyTime: "all"}

// roundtableFilter reads the filters of the address; what it cannot read
// chooses nothing.
func roundtableFilter(c echo.Context) models.RoundtableFilter {
	f := models.RoundtableFilter{
		When: models.Upcoming, Text: web.CleanText(c.QueryParam("q")), Stage: c.QueryParam("stage"),
		Mine: c.QueryParam("mine") != "", After: c.QueryParam("after"),
	}
	for when, key := range whenKeys {
		if c.QueryParam("when") == key {
			f.When = when
		}
	}
	f.Series, _ = models.ParseID(c.QueryParam("series"))
	f.Sector, _ = models.ParseSector(c.QueryParam("sector"))
	return f
}

// withQuery is the request's address with one parameter changed; empty takes
// it off.
func withQuery(c echo.Context, name, value string) string {
	q := c.QueryParams()
	out := []string{}
	for key, values := range q {
		if key != name && len(values) > 0 {
			out = append(out, key, values[0])
		}
	}
	return urls.With(c.Request().URL.Path, append(out, name, value)...)
}

func (s *Server) roundtableFilters(c echo.Context, f models.RoundtableFilter, action string) (views.RoundtableFilters, error) {
	v := web.Viewer(c)
	out := views.RoundtableFilters{
		Action: action, Query: f.Text, WhenKey: whenKeys[f.When], Stage: f.Stage, Sector: f.Sector.Key(), Mine: f.Mine,
		Staff:         models.Can(v, models.ReadAsStaff),
		StageOptions:  []ui.Option{{Label: "Every stage"}},
		SectorOptions: []ui.Option{{Label: "Any sector"}},
		SeriesOptions: []ui.Option{{Label: "Every series"}},
		Views: []ui.SegmentItem{
			{Label: "List", Href: urls.RoundtablesPath, Current: action == urls.RoundtablesPath},
			{Label: "Month", Href: urls.CalendarPath, Current: action == urls.CalendarPath},
		},
	}
	if f.Series != 0 {
		out.Series = f.Series.String()
	}
	for stage := models.StageDraft; stage <= models.StageCancelled; stage++ {
		out.StageOptions = append(out.StageOptions, ui.Option{Value: stage.Key(), Label: stage.Name()})
	}
	for _, sector := range models.Sectors {
		out.SectorOptions = append(out.SectorOptions, ui.Option{Value: sector.Key(), Label: sector.Name()})
	}
	if action == urls.RoundtablesPath {
		for _, when := range []models.RoundtableWhen{models.Upcoming, models.Past, models.AnyTime} {
			label := map[models.RoundtableWhen]string{models.Upcoming: "Upcoming", models.Past: "Past", models.AnyTime: "All"}[when]
			out.When = append(out.When, ui.SegmentItem{Label: label, Href: withQuery(c, "when", whenKeys[when]), Current: f.When == when})
		}
	}
	if !out.Staff {
		return out, nil
	}
	series, err := s.Store.Series(c.Request().Context(), v)
	for _, one := range series {
		out.SeriesOptions = append(out.SeriesOptions, ui.Option{Value: one.ID.String(), Label: one.Name})
	}
	return out, err
}

// roundtableGroups sorts the lines of a page under their months.
func roundtableGroups(lines []models.RoundtableLine, now models.Instant) []views.RoundtableGroup {
	var out []views.RoundtableGroup
	for _, line := range lines {
		name := "No date yet"
		if day, err := time.Parse(time.DateOnly, line.Schedule.Date); err == nil {
			name = day.Format("January 2006")
		}
		if n := len(out); n == 0 || out[n-1].Name != name {
			out = append(out, views.RoundtableGroup{Name: name})
		}
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, roundtableRow(line, now))
	}
	return out
}

func roundtableRow(line models.RoundtableLine, now models.Instant) views.RoundtableRow {
	r := views.RoundtableRow{
		Href: urls.Roundtable(line.ID), Title: line.Title, Series: line.SeriesName, Day: "–",
		Place: line.Place, Private: line.Private, Regime: line.Regime,
	}
	if day, err := time.Parse(time.DateOnly, line.Schedule.Date); err == nil {
		r.Day = day.Format("Mon 2")
		r.Clock = clockOf(line.Starts, line.Schedule.Zone)
	}
	r.StageKind, r.StageWord = stageOf(line.Roundtable, now)
	if line.Lead != "" {
		r.Lead = views.FaceOf(line.Lead)
	}
	if line.IsTeam() && (line.Listed > 0 || line.Capacity > 0) {
		r.Seats, r.SeatsN, r.SeatsOf = strconv.Itoa(line.Seated), line.Seated, line.Capacity
		if line.Capacity > 0 {
			r.Seats += " of " + strconv.Itoa(line.Capacity)
		}
	}
	if line.Insights > 0 {
		r.Insights = ui.Thousands(line.Insights)
	}
	return r
}

// clockOf is the time of day with its zone: "9:00 AM EDT".
func clockOf(at models.Instant, zone string) string {
	return strings.TrimPrefix(models.FormatInstant(at, zone), models.FormatDay(at, zone)+", ")
}

package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// calendarAhead is how far behind a month a roundtable may lie whose deadline
// falls into it.
const calendarAhead = 92 * 24 * time.Hour

// calendar answers GET /roundtables/calendar: a month of roundtables, each on
// the day it has in its own zone.
func (s *Server) calendar(c echo.Context) error {
	v, now := web.Viewer(c), s.Store.Now()
	today := s.today(c)
	month, err := time.Parse("2006-01", c.QueryParam("month"))
	if err != nil || month.Year() < 1 || month.Year() > 9998 {
		month = time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	first := month.AddDate(0, 0, -int(month.Weekday()))
	f := roundtableFilter(c)
	f.When, f.After, f.Limit = models.AnyTime, "", 500
	f.From, f.To = models.At(first.AddDate(0, 0, -1)), models.At(first.AddDate(0, 0, 43).Add(calendarAhead))
	found, err := s.Store.Roundtables(c.Request().Context(), v, f)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Roundtables in "+month.Format("January 2006"), "roundtables")
	if err != nil {
		return err
	}
	entries, n := calendarEntries(found.Lines, month, now)
	p := views.CalendarPage{
		Page: page, Title: month.Format("January 2006"), CanCreate: models.Can(v, models.CreateRoundtable),
		Weeks: calendarWeeks(first, month, today, entries), TodayHref: withQuery(c, "month", ""),
		Count: ui.Count(n, "roundtable", "roundtables"),
	}
	prev, next := month.AddDate(0, -1, 0), month.AddDate(0, 1, 0)
	p.PrevHref, p.PrevName = withQuery(c, "month", prev.Format("2006-01")), prev.Format("January 2006")
	p.NextHref, p.NextName = withQuery(c, "month", next.Format("2006-01")), next.Format("January 2006")
	f.When = models.Upcoming // the calendar has no such filter
	if p.RoundtableFilters, err = s.roundtableFilters(c, f, urls.CalendarPath); err != nil {
		return err
	}
	p.Month = month.Format("2006-01")
	return web.Render(c, http.StatusOK, views.Calendar(p))
}

// today is the viewer's calendar day, as a moment in UTC.
func (s *Server) today(c echo.Context) time.Time {
	zone := web.Viewer(c).Zone()
	if zone == "" {
		if institute, err := s.Store.Institute(c.Request().Context()); err == nil {
			zone = institute.Zone
		}
	}
	loc, err := models.Zone(zone)
	if err != nil {
		loc = time.UTC
	}
	t := s.Store.Now().In(loc)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// calendarEntries sorts roundtables and deadlines by their local day; n counts
// the roundtables of the month.
func calendarEntries(lines []models.RoundtableLine, month time.Time, now models.Instant) (entries map[string][]views.CalendarEntry, n int) {
	entries = map[string][]views.CalendarEntry{}
	for _, line := range lines {
		day := line.Schedule.Date
		if len(day) >= 7 && day[:7] == month.Format("2006-01") {
			n++
		}
		note := clockOf(line.Starts, line.Schedule.Zone)
		cancelled := line.Status == models.Cancelled
		if stage := line.Stage(now); stage != models.StageScheduled {
			note += ", " + stage.Name()
		}
		entries[day] = append(entries[day], views.CalendarEntry{Href: urls.Roundtable(line.ID), Label: line.Title, Note: note, Cancelled: cancelled})
		if len(line.DeadlineLocal) < 10 || cancelled {
			continue
		}
		until := line.DeadlineLocal[:10]
		entries[until] = append(entries[until], views.CalendarEntry{Href: urls.Roundtable(line.ID), Label: "Replies close: " + line.Title, Deadline: true})
	}
	return entries, n
}

// calendarWeeks lays out the weeks of a month, from Sunday.
func calendarWeeks(first, month, today time.Time, entries map[string][]views.CalendarEntry) [][]views.CalendarDay {
	var out [][]views.CalendarDay
	for day := first; len(out) == 0 || day.Month() == month.Month(); {
		week := make([]views.CalendarDay, 7)
		for i := range week {
			label := day.Format("2")
			if day.Day() == 1 {
				label = day.Format("Jan 2")
			}
			week[i] = views.CalendarDay{
				Label: label, Spoken: day.Format("Monday, January 2"), Out: day.Month() != month.Month(), Today: day.Equal(today),
				Entries: entries[day.Format(time.DateOnly)],
			}
			day = day.AddDate(0, 0, 1)
		}
		out = append(out, week)
	}
	return out
}

package handlers

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/urls"
)

// publicBriefsPerPage is how many briefs a page lists, feedEntries how many the
// feed does.
const (
	publicBriefsPerPage = 20
	feedEntries         = 50
)

// publicFrame is the frame around a public page at a path. It asks for no
// session and knows no reader.
func (s *Server) publicFrame(c echo.Context, title, current, path string) (views.PublicFrame, models.Institute, error) {
	i, err := s.Store.Institute(c.Request().Context())
	picture := ""
	if i.Logo != "" {
		picture = s.Absolute(urls.Logo(i.Logo))
	}
	return views.PublicFrame{
		Picture: picture, Title: title, Address: s.Absolute(path), Kind: "website", Institute: i.Name, Short: i.ShortName, Contact: i.Contact, Logo: i.Logo, Accent: strings.TrimPrefix(string(i.Accent), "#"), Current: current,
	}, i, err
}

// searched returns what the visitor looks for. Every text is a query.
func searched(c echo.Context) string { return web.CleanText(c.QueryParam("q")) }

// publicAccent answers GET /public/accent.css: the institute's colour, which is
// over those of the style sheet's layers. Without one it says nothing.
func (s *Server) publicAccent(c echo.Context) error {
	i, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return err
	}
	openToAll(c)
	if c.QueryParam("v") != "" {
		c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	css := ""
	if i.Accent != "" {
		pair := "light-dark(" + string(i.Accent) + ", " + string(i.Accent.OnDark()) + ")"
		css = ":root { --accent: " + pair + "; --accent-2: " + pair + "; --accent-line: color-mix(in srgb, " + pair + " 40%, transparent); }\n"
	}
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(css))
}

// publicList finishes the answer of a list: caches keep it, and search engines
// read all but the pages of a search.
func publicList(c echo.Context, query string) {
	robots := c.Response().Header().Get("X-Robots-Tag")
	openToAll(c)
	if query != "" {
		c.Response().Header().Set("X-Robots-Tag", robots)
	}
}

// publicHome answers GET /public.
func (s *Server) publicHome(c echo.Context) error {
	openToAll(c)
	return c.Redirect(http.StatusSeeOther, urls.PublicRoomsPath)
}

// publicMethod answers GET /public/how-we-work.
func (s *Server) publicMethod(c echo.Context) error {
	frame, institute, err := s.publicFrame(c, "How we work", "method", urls.PublicMethodPath)
	if err != nil {
		return err
	}
	frame.Description = "How " + frame.Institute + " keeps the rule of the room, and how it judges what it recommends."
	fewest := institute.Thresholds.For(models.Public)
	openToAll(c)
	return web.Render(c, http.StatusOK, views.PublicMethod(views.PublicMethodPage{PublicFrame: frame, People: fewest.K, Organizations: fewest.L}))
}

// publicRoundtables answers GET /public/roundtables.
func (s *Server) publicRoundtables(c echo.Context) error {
	frame, _, err := s.publicFrame(c, "Public roundtables", "roundtables", urls.PublicRoomsPath)
	if err != nil {
		return err
	}
	query, after := searched(c), c.QueryParam("after")
	list, err := s.Store.PublicRoundtables(c.Request().Context(), query, after)
	if err != nil {
		return err
	}
	frame.Description = "Upcoming and past public roundtables of " + frame.Institute + "."
	p := views.PublicListPage{PublicFrame: frame, Query: query, FeedHref: urls.PublicCalendarPath, Older: after != ""}
	for _, r := range list.Upcoming {
		p.Upcoming = append(p.Upcoming, publicLine(r))
	}
	for _, r := range list.Past {
		past := views.PublicPast{Href: urls.PublicRoom(r.ID), Title: r.Title, Day: models.FormatDay(r.Starts, r.Zone)}
		if r.Brief != "" {
			past.BriefHref = urls.PublicBrief(r.Brief)
		}
		p.Past = append(p.Past, past)
	}
	if list.Next != "" {
		p.NextHref = urls.With(urls.PublicRoomsPath, "q", query, "after", list.Next)
	}
	publicList(c, query+after)
	return web.Render(c, http.StatusOK, views.PublicRoundtables(p))
}

func publicLine(r models.PublicRoundtable) views.PublicLine {
	local := r.Starts.Time().UTC()
	if zone, err := models.Zone(r.Zone); err == nil {
		local = local.In(zone)
	}
	day := models.FormatDay(r.Starts, r.Zone)
	return views.PublicLine{
		Href: urls.PublicRoom(r.ID), Title: r.Title, Series: r.Series, Place: r.Place,
		Month: local.Format("Jan 2006"), Day: local.Format("2"), Weekday: local.Format("Monday"),
		Clock: strings.TrimPrefix(models.FormatSpan(r.Starts, r.Ends, r.Zone), day+", "), ISO: r.Starts.Time().Format(time.RFC3339),
		Regime: r.Regime, Cancelled: r.Cancelled, Open: r.Open,
	}
}

// publicRoundtable answers GET /public/roundtables/:id.
func (s *Server) publicRoundtable(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	r, err := s.Store.PublicRoundtable(c.Request().Context(), id)
	if err != nil {
		return err
	}
	p, err := s.publicRoomPage(c, r)
	if err != nil {
		return err
	}
	if r.Open {
		p.Request = s.requestForm(r.ID)
	}
	openToAll(c)
	return web.Render(c, http.StatusOK, views.PublicRoundtable(p))
}

func (s *Server) publicRoomPage(c echo.Context, r models.PublicRoundtable) (views.PublicRoomPage, error) {
	frame, institute, err := s.publicFrame(c, r.Title, "roundtables", urls.PublicRoom(r.ID))
	if err != nil {
		return views.PublicRoomPage{}, err
	}
	when := models.FormatSpan(r.Starts, r.Ends, r.Zone)
	frame.Kind, frame.Description, frame.Scripts = "article", frame.Institute+". "+when+". "+r.Regime.Name()+".", []string{"invitation.js"}
	p := views.PublicRoomPage{
		PublicFrame: frame, Series: r.Series, Questions: r.Questions, Agenda: r.Agenda, When: when,
		Institutes: models.FormatSpanFor(r.Starts, r.Ends, r.Zone, institute.Zone),
		StartISO:   r.Starts.Time().Format(time.RFC3339), EndISO: r.Ends.Time().Format(time.RFC3339), Zone: r.Zone,
		Place: r.Place, Regime: r.Regime, Rule: r.Regime.GuestSentence(), Cohosts: r.Cohosts,
	}
	for part := range strings.SplitSeq(r.Objectives, "\n") {
		if part = strings.TrimSpace(part); part != "" {
			p.Objectives = append(p.Objectives, part)
		}
	}
	switch {
	case r.Cancelled:
		p.Notice = "This roundtable is canceled."
	case r.Past:
		p.Notice = "This roundtable is over."
	default:
		p.EventHref = urls.PublicRoomEvent(r.ID)
	}
	if r.Brief != "" {
		p.BriefHref = urls.PublicBrief(r.Brief)
	}
	status := "https://schema.org/EventScheduled"
	if r.Cancelled {
		status = "https://schema.org/EventCancelled"
	}
	p.Schema = map[string]any{
		"@context": "https://schema.org", "@type": "Event", "name": r.Title, "startDate": p.StartISO, "endDate": p.EndISO, "url": frame.Address, "eventStatus": status,
		"organizer": map[string]string{"@type": "Organization", "name": frame.Institute},
	}
	if r.Place != "" {
		p.Schema["location"] = map[string]string{"@type": "Place", "name": r.Place, "address": r.Place}
	}
	return p, nil
}

// publicEvent answers GET /public/roundtables/:id/event.ics.
func (s *Server) publicEvent(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	r, err := s.Store.PublicRoundtable(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return s.calendarFile(c, r.Title, "roundtable.ics", []models.PublicRoundtable{r})
}

// publicCalendar answers GET /public/roundtables.ics: what a calendar program
// subscribes to.
func (s *Server) publicCalendar(c echo.Context) error {
	i, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return err
	}
	list, err := s.Store.PublicCalendar(c.Request().Context())
	if err != nil {
		return err
	}
	return s.calendarFile(c, i.Name+": roundtables", "", list)
}

func (s *Server) calendarFile(c echo.Context, name, file string, list []models.PublicRoundtable) error {
	events := make([]files.PublicEvent, len(list))
	for i, r := range list {
		address := s.Absolute(urls.PublicRoom(r.ID))
		events[i] = files.PublicEvent{
			UID: "public-" + r.ID.String() + "@" + s.BaseURL.Hostname(), Sequence: r.Sequence, Start: r.Starts, End: r.Ends, Stamp: r.Stamp,
			Summary: r.Title, Location: r.Place, Address: address, Cancelled: r.Cancelled,
			Description: r.Regime.Name() + ". " + r.Regime.GuestSentence() + "\n" + address,
		}
	}
	ics, err := files.Calendar(name, events)
	if err != nil {
		return err
	}
	openToAll(c)
	if file != "" {
		c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+file+`"`)
	}
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", ics)
}

// publicBriefs answers GET /public/briefs.
func (s *Server) publicBriefs(c echo.Context) error {
	frame, institute, err := s.publicFrame(c, "Briefs", "briefs", urls.PublicBriefsPath)
	if err != nil {
		return err
	}
	query, after := searched(c), c.QueryParam("after")
	list, err := s.Store.PublicBriefs(c.Request().Context(), query, after, publicBriefsPerPage)
	if err != nil {
		return err
	}
	frame.Description = "Briefs that " + frame.Institute + " published."
	p := views.PublicBriefsPage{PublicFrame: frame, Query: query, FeedHref: urls.PublicAtomPath, Older: after != ""}
	for _, b := range list.Lines {
		p.Lines = append(p.Lines, views.PublicBriefLine{
			Href: urls.PublicBrief(b.Slug), Title: b.Title, BottomLine: b.BottomLine, Day: models.FormatDay(b.Published, institute.Zone), Version: b.Version,
		})
	}
	if list.Next != "" {
		p.NextHref = urls.With(urls.PublicBriefsPath, "q", query, "after", list.Next)
	}
	publicList(c, query+after)
	return web.Render(c, http.StatusOK, views.PublicBriefs(p))
}

// publicAtom answers GET /public/briefs.atom.
func (s *Server) publicAtom(c echo.Context) error {
	i, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return err
	}
	list, err := s.Store.PublicBriefs(c.Request().Context(), "", "", feedEntries)
	if err != nil {
		return err
	}
	entries := make([]files.FeedEntry, len(list.Lines))
	for n, b := range list.Lines {
		entries[n] = files.FeedEntry{Title: b.Title, Summary: b.BottomLine, Address: s.Absolute(urls.PublicBrief(b.Slug)), Updated: b.Published}
	}
	feed, err := files.Atom("Briefs of "+i.Name, i.Name, s.Absolute(urls.PublicAtomPath), s.Absolute(urls.PublicBriefsPath), entries)
	if err != nil {
		return err
	}
	openToAll(c)
	return c.Blob(http.StatusOK, "application/atom+xml; charset=utf-8", feed)
}

// sitemap answers GET /public/sitemap.xml.
func (s *Server) sitemap(c echo.Context) error {
	ctx := c.Request().Context()
	rooms, err := s.Store.PublicCalendar(ctx)
	if err != nil {
		return err
	}
	briefs, err := s.Store.PublicBriefs(ctx, "", "", sitemapBriefs)
	if err != nil {
		return err
	}
	addresses := []string{s.Absolute(urls.PublicRoomsPath), s.Absolute(urls.PublicBriefsPath), s.Absolute(urls.PublicMethodPath)}
	for _, r := range rooms {
		addresses = append(addresses, s.Absolute(urls.PublicRoom(r.ID)))
	}
	for _, b := range briefs.Lines {
		addresses = append(addresses, s.Absolute(urls.PublicBrief(b.Slug)))
	}
	raw, err := files.Sitemap(addresses)
	if err != nil {
		return err
	}
	openToAll(c)
	return c.Blob(http.StatusOK, "application/xml; charset=utf-8", raw)
}

// sitemapBriefs is how many briefs the sitemap names.
const sitemapBriefs = 5000

// robots answers GET /robots.txt. It names what may be read, and nothing that
// is behind a link.
func (s *Server) robots(c echo.Context) error {
	openToAll(c)
	return c.String(http.StatusOK, "User-agent: *\nAllow: /public\nDisallow: /\n\nSitemap: "+s.Absolute(urls.PublicSitemapPath)+"\n")
}

package handlers

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// publicDay writes a local date, 2006-01-02, in words.
func publicDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("January 2, 2006")
}

// publicBrief answers GET /public/briefs/:slug and its versions.
func (s *Server) publicBrief(c echo.Context) error {
	version := 0
	if n := c.Param("n"); n != "" {
		var err error
		if version, err = strconv.Atoi(n); err != nil || version < 1 || version > math.MaxInt32 {
			return models.ErrNotFound
		}
	}
	pub, err := s.Store.Publication(c.Request().Context(), web.CleanText(c.Param("slug")), version)
	if err != nil {
		return err
	}
	if pub.Gone() {
		return s.briefGone(c, pub)
	}
	p := s.publicBriefPage(pub)
	if n := pub.Content.Version; n > 1 {
		before, err := s.Store.Publication(c.Request().Context(), pub.Content.Slug, n-1)
		if err != nil {
			return err
		}
		if !before.Gone() {
			p.Changed, p.Before = pub.Content.Differences(before.Content), strconv.Itoa(n-1)
		}
	}
	if p.Frame, _, err = s.publicFrame(c, p.Content.Title, "briefs", urls.PublicBrief(p.Content.Slug)); err != nil {
		return err
	}
	p.Schema = reportSchema(pub.Content, p.Address, p.Frame.Picture)
	openToAll(c)
	return web.Render(c, http.StatusOK, views.PublicBrief(p))
}

// briefGone says that nobody can read a version any more, and why.
func (s *Server) briefGone(c echo.Context, pub models.Publication) error {
	page := s.ErrorFrame(c)
	page.Title, page.Viewer = pub.Content.Title, views.Viewer{}
	p := views.WithdrawnBriefPage{Page: page, Title: pub.Content.Title}
	if pub.Replaced {
		p.NewerHref = urls.PublicBrief(pub.Content.Slug)
	} else {
		p.Day, p.Why = models.FormatDay(pub.WithdrawnAt, "UTC"), pub.WithdrawnWhy
	}
	return web.Render(c, http.StatusGone, views.WithdrawnBrief(p))
}

// openToAll lets caches keep an answer for a moment and search engines read it.
func openToAll(c echo.Context) {
	c.Response().Header().Set("Cache-Control", "public, max-age=60")
	c.Response().Header().Del("X-Robots-Tag")
}

// reportSchema tells search engines what a published brief is. No person is in
// it: the institute speaks.
func reportSchema(c models.BriefContent, address, picture string) map[string]any {
	institute := map[string]string{"@type": "Organization", "name": c.Institute}
	out := map[string]any{
		"@context": "https://schema.org", "@type": "Report", "headline": c.Title, "name": c.Title, "abstract": c.BottomLine,
		"datePublished": c.PublishedOn, "version": strconv.Itoa(c.Version), "url": address, "mainEntityOfPage": address,
		"author": institute, "publisher": institute, "inLanguage": "en-US",
	}
	if picture != "" {
		out["image"] = picture
	}
	return out
}

func (s *Server) publicBriefPage(pub models.Publication) views.PublicBriefPage {
	content := pub.Content
	address := s.Absolute(urls.PublicBriefVersion(content.Slug, content.Version))
	p := views.PublicBriefPage{
		Content: content, Cited: map[models.ID]views.Citation{}, Day: publicDay(content.PublishedOn), Address: address,
		Citation: content.Citation(address), Description: content.BottomLine, DataHref: urls.PublicBriefData(content.Slug, content.Version),
		PDF: urls.PublicBriefPrint(content.Slug, content.Version), DOCX: urls.PublicBriefWord(content.Slug, content.Version),
		Method: strings.Split(content.Method, "\n\n"),
	}
	for _, i := range content.Cited {
		p.Cited[i.ID] = views.Citation{Text: i.Said(), Attribution: i.Attribution, Href: "#i-" + i.ID.String()}
	}
	for _, letter := range content.PillarLetters() {
		if pillar, ok := models.ParsePillar(letter); ok {
			p.Pillars = append(p.Pillars, pillar)
		}
	}
	for _, m := range content.Meetings {
		rule, _ := models.RegimeNamed(m.Regime)
		p.Meetings = append(p.Meetings, views.PublicMeeting{BriefMeeting: m, Day: publicDay(m.HeldOn), Regime: rule})
	}
	if !pub.Latest {
		p.NewerHref = urls.PublicBrief(content.Slug)
	}
	for _, n := range slices.Backward(pub.Readable) {
		if n != content.Version {
			p.Older = append(p.Older, views.BriefVersionLink{Href: urls.PublicBriefVersion(content.Slug, n), Words: "Version " + strconv.Itoa(n)})
		}
	}
	return p
}

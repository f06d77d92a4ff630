package handlers

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// briefStage is the style of a brief's state.
func briefStage(s models.BriefState) string {
	switch s {
	case models.BriefInReview:
		return "writing"
	case models.BriefApproved:
		return "ready"
	case models.BriefPublished:
		return "published"
	}
	return "draft"
}

func briefFrom(b models.Brief) string {
	switch b.Scope {
	case models.ScopeRoundtable:
		return "From the roundtable " + b.ScopeName
	case models.ScopeSeries:
		return "From the series " + b.ScopeName
	}
	return "From a filtered list of insights"
}

// briefs answers GET /briefs.
func (s *Server) briefs(c echo.Context) error {
	v := web.Viewer(c)
	found, err := s.Store.Briefs(c.Request().Context(), v)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Briefs", "briefs")
	if err != nil {
		return err
	}
	if err := s.hint(c, "briefs", &page); err != nil {
		return err
	}
	p := views.BriefsPage{Page: page, CanWrite: models.Can(v, models.WriteBrief)}
	for _, b := range found {
		line := views.BriefLine{
			Href: urls.Brief(b.ID), Title: b.Title, From: briefFrom(b), State: b.State.Name(), Stage: briefStage(b.State), Who: b.Author,
			Pillars: b.Pillars,
		}
		if b.Versions > 0 && b.WithdrawnAt == 0 {
			line.PublicHref = urls.PublicBrief(b.Slug)
		}
		if b.ViolatedAt != 0 && b.WithdrawnAt == 0 {
			line.Warn = "A rule was raised since it was published."
		}
		p.Rows = append(p.Rows, line)
	}
	return web.Render(c, http.StatusOK, views.Briefs(p))
}

type briefNewForm struct {
	Title      string `form:"title"`
	Scope      string `form:"scope"`
	Roundtable string `form:"roundtable"`
	Series     string `form:"series"`
	Filter     string `form:"filter"`
}

// briefNew answers GET /briefs/new.
func (s *Server) briefNew(c echo.Context) error {
	form := briefNewForm{Scope: string(models.ScopeRoundtable), Roundtable: c.QueryParam("roundtable"), Series: c.QueryParam("series")}
	switch filter := c.QueryParam("filter"); {
	case filter != "":
		form.Scope, form.Filter = string(models.ScopeFilter), urls.InsightsPath+"?"+filter
	case form.Series != "":
		form.Scope = string(models.ScopeSeries)
	}
	return s.briefNewPage(c, http.StatusOK, form, nil)
}

func (s *Server) briefNewPage(c echo.Context, status int, form briefNewForm, bad map[string]string) error {
	v, ctx := web.Viewer(c), c.Request().Context()
	rooms, err := s.Store.Roundtables(ctx, v, models.RoundtableFilter{Limit: 200})
	if err != nil {
		return err
	}
	series, err := s.Store.Series(ctx, v)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "New brief", "briefs")
	if err != nil {
		return err
	}
	page.Failed = len(bad) > 0
	p := views.BriefNewPage{
		Page: page, Title: form.Title, Scope: form.Scope, Roundtable: form.Roundtable, Series: form.Series, Filter: form.Filter, Errors: bad,
		Rooms: []ui.Option{{Label: "Choose…"}}, SeriesOptions: []ui.Option{{Label: "Choose…"}},
	}
	for _, r := range rooms.Lines {
		p.Rooms = append(p.Rooms, ui.Option{Value: r.ID.String(), Label: r.Title})
	}
	for _, one := range series {
		p.SeriesOptions = append(p.SeriesOptions, ui.Option{Value: one.ID.String(), Label: one.Name})
	}
	return web.Render(c, status, views.BriefNew(p))
}

// briefCreate answers POST /briefs/new.
func (s *Server) briefCreate(c echo.Context) error {
	var form briefNewForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in := models.BriefInput{Scope: models.BriefScope(form.Scope), Title: form.Title, Filter: form.Filter}
	in.Roundtable, _ = models.ParseID(form.Roundtable)
	in.Series, _ = models.ParseID(form.Series)
	if _, query, ok := strings.Cut(form.Filter, "?"); ok {
		in.Filter = query
	}
	id, err := s.Store.CreateBrief(c.Request().Context(), web.Viewer(c), in)
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.briefNewPage(c, http.StatusUnprocessableEntity, form, bad.Fields)
	}
	return s.acted(c, urls.BriefEdit(id), "The brief is begun.", err)
}

// citations returns what stands in place of what a text cites.
func (s *Server) citations(c echo.Context, b models.Brief, t models.BriefText) (map[models.ID]views.Citation, error) {
	cited, err := s.Store.CitedInsights(c.Request().Context(), web.Viewer(c), b, t.Citations())
	out := make(map[models.ID]views.Citation, len(cited))
	for id, i := range cited {
		one := views.Citation{Text: i.Said(), Attribution: i.Attribution, Href: urls.Insight(id)}
		if !i.Released {
			one.Warn = "not released yet"
		}
		out[id] = one
	}
	return out, err
}

type briefForm struct {
	Revision    string `form:"revision"`
	Title       string `form:"title"`
	BottomLine  string `form:"bottom_line"`
	KeyMessages string `form:"key_messages"`
	Summary     string `form:"summary"`
	Report      string `form:"report"`
	Annexes     string `form:"annexes"`
	Disclaimer  string `form:"disclaimer"`
	Uncertainty string `form:"uncertainty"`
}

// text returns what the form says of a brief; themes and recommendations are
// numbered.
func (f briefForm) text(values url.Values, b models.Brief) models.BriefText {
	return models.BriefText{
		Title: f.Title, BottomLine: f.BottomLine, KeyMessages: f.KeyMessages, Summary: f.Summary, Report: f.Report, Annexes: f.Annexes,
		Disclaimer: f.Disclaimer, Uncertainty: f.Uncertainty,
		Themes: numbered(values, "theme_", b.Themes), Recommendations: numbered(values, "rec_", b.Recommendations),
	}
}

// numbered lists the ids of the fields named prefix and id that something is
// written in, in the order of their numbers; what is no number comes last. Of
// those that were in, who has no field stays, behind them: it was not offered.
func numbered(values url.Values, prefix string, in []models.ID) []models.ID {
	places, offered := map[models.ID]int{}, map[models.ID]bool{}
	for name := range values {
		id, err := models.ParseID(strings.TrimPrefix(name, prefix))
		if !strings.HasPrefix(name, prefix) || err != nil {
			continue
		}
		offered[id] = true
		if typed := strings.TrimSpace(values.Get(name)); typed != "" {
			n, err := strconv.Atoi(typed)
			if err != nil {
				n = math.MaxInt32
			}
			places[id] = n
		}
	}
	out := byPlace(places)
	for _, id := range in {
		if !offered[id] {
			out = append(out, id)
		}
	}
	return out
}

// briefEdit answers GET /briefs/:id/edit.
func (s *Server) briefEdit(c echo.Context) error {
	b, err := s.briefOf(c)
	if err != nil {
		return err
	}
	return s.briefEditPage(c, http.StatusOK, b, b.BriefText, nil, nil)
}

func (s *Server) briefOf(c echo.Context) (models.Brief, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return models.Brief{}, err
	}
	return s.Store.Brief(c.Request().Context(), web.Viewer(c), id)
}

func (s *Server) briefEditPage(c echo.Context, status int, b models.Brief, t models.BriefText, bad map[string]string, conflict *models.BriefText) error {
	material, err := s.Store.BriefMaterial(c.Request().Context(), web.Viewer(c), b.ID, c.QueryParam("q"))
	if err != nil {
		return err
	}
	cited, err := s.citations(c, b, t)
	if err != nil {
		return err
	}
	leaks, err := s.Store.BriefTextFindings(c.Request().Context(), web.Viewer(c), b.ID, t)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Edit "+b.Title, "briefs")
	if err != nil {
		return err
	}
	page.Failed, page.Scripts = len(bad) > 0, []string{"brief.js"}
	p := views.BriefEditPage{
		Page: page, ID: b.ID, Text: t, Revision: strconv.Itoa(b.Revision), Errors: bad, Conflict: conflict, PrivateReminder: b.Private,
		Body:   views.BriefBody{BriefText: t, Cited: cited, Leaks: leaks},
		Themes: briefOptions("theme_", material.Themes, t.Themes), Recs: briefOptions("rec_", material.Recommendations, t.Recommendations),
		Insights: briefInsights(b.ID, c.QueryParam("q"), material),
	}
	p.Text.Title = t.Title
	return web.Render(c, status, views.BriefEdit(p))
}

func briefOptions(prefix string, choices []store.BriefChoice, chosen []models.ID) []views.BriefOption {
	out := make([]views.BriefOption, 0, len(choices))
	for _, choice := range choices {
		o := views.BriefOption{Name: prefix + choice.ID.String(), Text: choice.Text}
		for n, id := range chosen {
			if id == choice.ID {
				o.Place = strconv.Itoa(n + 1)
			}
		}
		out = append(out, o)
	}
	return out
}

func briefInsights(id models.ID, query string, m store.BriefMaterial) views.BriefInsights {
	out := views.BriefInsights{ID: id, Query: query, Total: models.CappedWords(m.Total, m.Capped) + " reviewed or released"}
	for _, i := range m.Insights {
		row := views.BriefCite{Mark: models.Cite(i.ID()), Text: i.Text(), By: i.Attribution(), Href: urls.Insight(i.ID())}
		if i.State() != models.Released {
			row.Note = "not released yet"
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// briefMaterial answers GET /briefs/:id/material.
func (s *Server) briefMaterial(c echo.Context) error {
	b, err := s.briefOf(c)
	if err != nil {
		return err
	}
	query := web.CleanText(c.QueryParam("q"))
	m, err := s.Store.BriefMaterial(c.Request().Context(), web.Viewer(c), b.ID, query)
	if err != nil {
		return err
	}
	if web.IsFragment(c) {
		return web.Render(c, http.StatusOK, views.BriefMaterial(briefInsights(b.ID, query, m)))
	}
	page, err := s.Page(c, "Insights to cite", "briefs")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.BriefMaterialPage(views.BriefEditPage{
		Page: page, ID: b.ID, Text: b.BriefText, Insights: briefInsights(b.ID, query, m),
	}))
}

// briefUpdate answers POST /briefs/:id/edit.
func (s *Server) briefUpdate(c echo.Context) error {
	b, form, err := s.briefTyped(c)
	if err != nil {
		return err
	}
	values, _ := web.FormValues(c)
	t := form.text(values, b)
	revision, _ := strconv.Atoi(form.Revision)
	undo, err := s.Store.EditBrief(c.Request().Context(), web.Viewer(c), b.ID, revision, t)
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.briefEditPage(c, http.StatusUnprocessableEntity, b, t, bad.Fields, nil)
	case errors.Is(err, models.ErrConflict):
		return s.briefEditPage(c, http.StatusConflict, b, t, nil, &b.BriefText)
	}
	return s.briefDone(c, b.ID, "The brief was saved.", undo, err)
}

// briefTyped reads the brief and what the form says of it.
func (s *Server) briefTyped(c echo.Context) (models.Brief, briefForm, error) {
	var form briefForm
	b, err := s.briefOf(c)
	if err != nil {
		return b, form, err
	}
	return b, form, s.Form(c, &form)
}

// briefPreview answers POST /briefs/:id/preview: nothing is saved.
func (s *Server) briefPreview(c echo.Context) error {
	b, form, err := s.briefTyped(c)
	if err != nil {
		return err
	}
	values, _ := web.FormValues(c)
	t := form.text(values, b)
	if !web.IsFragment(c) {
		b.Revision, _ = strconv.Atoi(form.Revision)
		return s.briefEditPage(c, http.StatusOK, b, t, nil, nil)
	}
	cited, err := s.citations(c, b, t)
	if err != nil {
		return err
	}
	leaks, err := s.Store.BriefTextFindings(c.Request().Context(), web.Viewer(c), b.ID, t)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.BriefPreview(views.BriefBody{BriefText: t, Cited: cited, Leaks: leaks}))
}

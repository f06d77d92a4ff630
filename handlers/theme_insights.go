package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// themeFind answers GET /themes/:id/insights for analysts: reviewed insights
// that could go into the theme.
func (s *Server) themeFind(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	t, err := s.Store.Theme(ctx, v, id)
	if err != nil {
		return err
	}
	filter := reviewedOnly(models.ParseInsightFilter(c.QueryParams()))
	found, err := s.Store.Insights(ctx, v, filter, store.Cursor{After: c.QueryParam("after"), Before: c.QueryParam("before")})
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Add insights", "themes")
	if err != nil {
		return err
	}
	action := urls.ThemeInsights(id)
	p := views.ThemeFindPage{
		Page: page, Statement: t.Statement, Href: urls.Theme(id), Action: action, Query: filter.Text, Self: c.Request().URL.RequestURI(),
	}
	in := map[models.ID]models.ThemeRelation{}
	for _, link := range t.Links {
		in[link.Insight.ID()] = link.Relation
	}
	for _, i := range found.Insights {
		if i.Regime() == models.OffTheRecord {
			continue
		}
		row := themeInsightRow(i, filter.Query(), in[i.ID()] == models.RelationNone)
		row.State = ""
		if r := in[i.ID()]; r.Valid() {
			row.State = r.Name()
		}
		p.Rows = append(p.Rows, row)
	}
	if found.Prev != "" {
		p.Prev = urls.With(action, "q", filter.Text, "before", found.Prev)
	}
	if found.Next != "" {
		p.Next = urls.With(action, "q", filter.Text, "after", found.Next)
	}
	return web.Render(c, http.StatusOK, views.FindForTheme(p))
}

// reviewedOnly keeps what may go into a theme, unless states were chosen.
func reviewedOnly(f models.InsightFilter) models.InsightFilter {
	return f.WithoutFacet(models.FacetState).With(models.FacetState, models.Reviewed.Key()).With(models.FacetState, models.Released.Key())
}

// themeInsights answers POST /themes/:id/insights for analysts: chosen insights
// go into the theme, stand otherwise to it, or are taken out.
func (s *Server) themeInsights(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		IDs  []string `form:"id"`
		Do   string   `form:"do"`
		Next string   `form:"next"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	var result store.LinkResult
	words := putIn
	if form.Do == "remove" {
		words = takenOut
		result, err = s.Store.DropFromTheme(ctx, v, id, idsOf(form.IDs))
	} else {
		relation, _ := models.ParseThemeRelation(form.Do)
		result, err = s.Store.AddToTheme(ctx, v, id, idsOf(form.IDs), relation)
	}
	next := form.Next
	if next == "" {
		next = urls.Theme(id)
	}
	return s.linked(c, next, words, result, err)
}

// linkWords are the verb for what became of insights, and what leads on to the
// name of the theme.
type linkWords struct{ verb, to string }

var (
	putIn    = linkWords{"Put", "into"}
	moved    = linkWords{"Moved", "to"}
	takenOut = linkWords{"Took", "out of"}
)

// linked says what became of a change of links, and returns to a page.
func (s *Server) linked(c echo.Context, next string, words linkWords, result store.LinkResult, err error) error {
	theme := "their themes"
	if result.Theme != "" {
		theme = "“" + clipped(result.Theme, 70) + "”"
	}
	flash := views.Flash{Text: words.verb + " " + ui.Count(result.Changed, "insight", "insights") + " " + words.to + " " + theme + "."}
	var invalid *models.InvalidError
	switch {
	case errors.As(err, &invalid):
		flash = views.Flash{Error: true, Text: firstMessage(invalid)}
	case err != nil:
		return err
	case result.Undo != 0:
		flash.UndoURL = urls.Undo(result.Undo)
	default:
		flash.Text = "Nothing changed."
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, s.Back(c, next))
}

// themeAddForm is what the form for chosen insights sends.
type themeAddForm struct {
	IDs       []string `form:"id"`
	Theme     string   `form:"theme"`
	Statement string   `form:"statement"`
	Relation  string   `form:"relation"`
	Next      string   `form:"next"`
}

// themeAdd answers GET /themes/add for analysts: into which theme chosen
// insights go.
func (s *Server) themeAdd(c echo.Context) error {
	q := c.QueryParams()
	form := themeAddForm{IDs: q["id"], Next: q.Get("next"), Theme: q.Get("theme"), Relation: models.Supports.Key()}
	return s.showThemeAdd(c, http.StatusOK, form, nil)
}

func (s *Server) showThemeAdd(c echo.Context, status int, form themeAddForm, errs map[string]string) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	ids := idsOf(form.IDs)
	chosen, err := s.Store.InsightsByID(ctx, v, ids)
	if err != nil {
		return err
	}
	if len(chosen) == 0 && len(errs) == 0 {
		return s.linked(c, form.Next, takenOut, store.LinkResult{}, models.Invalid("id", "Choose at least one insight."))
	}
	theme, _ := models.ParseID(form.Theme)
	themes, err := s.Store.ThemeChoices(ctx, v, theme)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Add to a theme", "themes")
	if err != nil {
		return err
	}
	page.Failed = len(errs) > 0
	p := views.ThemeAddPage{
		Page: page, Next: s.Back(c, form.Next), Theme: form.Theme, Statement: form.Statement, Relation: form.Relation,
		Relations: relationOptions(), Themes: themeOptions("Choose a theme", themes), Errors: errs,
	}
	for _, i := range chosen {
		p.Rows = append(p.Rows, themeInsightRow(i, models.Query{}, false))
	}
	p.Private, err = s.Store.AnyPrivate(ctx, v, ids)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.AddToTheme(p))
}

func themeOptions(none string, themes []models.FacetValue) []ui.Option {
	out := []ui.Option{{Label: none}}
	for _, t := range themes {
		out = append(out, ui.Option{Value: t.Key, Label: clipped(t.Name, 90)})
	}
	return out
}

// themeAddTo answers POST /themes/add: into a theme that is there, or into a
// new one.
func (s *Server) themeAddTo(c echo.Context) error {
	var form themeAddForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	relation, ok := models.ParseThemeRelation(form.Relation)
	theme, _ := models.ParseID(form.Theme)
	var result store.LinkResult
	var err error
	switch {
	case !ok:
		err = models.Invalid("relation", "Choose how they stand to it.")
	case strings.TrimSpace(form.Statement) != "":
		if theme, err = s.Store.CreateTheme(ctx, v, models.ThemeInput{Statement: form.Statement}, idsOf(form.IDs)...); err == nil && relation != models.Supports {
			_, err = s.Store.AddToTheme(ctx, v, theme, idsOf(form.IDs), relation)
		}
	case theme == 0:
		err = models.Invalid("theme", "Choose a theme, or write a new one.")
	default:
		result, err = s.Store.AddToTheme(ctx, v, theme, idsOf(form.IDs), relation)
	}
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.showThemeAdd(c, http.StatusUnprocessableEntity, form, bad.Fields)
	}
	if result.Changed == 0 && err == nil {
		return s.acted(c, urls.Theme(theme), "They stand in this theme.", nil)
	}
	return s.linked(c, urls.Theme(theme), putIn, result, err)
}

// cardsShown is how many insights of a theme the board shows; its page has all.
const cardsShown = 30

// themeBoard answers GET /themes/board for staff: themes as columns, and first
// what waits.
func (s *Server) themeBoard(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	filter, form, err := s.themeFilter(c, urls.ThemeBoardPath)
	if err != nil {
		return err
	}
	waiting := reviewedOnly(models.ParseInsightFilter(c.QueryParams()))
	if form.Query = waiting.Text; form.Query != "" {
		form.Clear = urls.ThemeBoardPath
	}
	if waiting, err = s.withinSeries(c, waiting, filter.Series); err != nil {
		return err
	}
	unsorted, err := s.Store.UnsortedInsights(ctx, v, waiting, store.Cursor{After: c.QueryParam("waiting")})
	if err != nil {
		return err
	}
	filter.Pillar, filter.Owner, filter.Archived = models.PillarNone, 0, false // the pillar narrows what waits
	found, err := s.Store.Themes(ctx, v, filter)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Synthesis board", "themes")
	if err != nil {
		return err
	}
	page.Scripts = append(page.Scripts, "board.js")
	p := views.ThemeBoardPage{Page: page, Faces: themeFaces(c, true), Filter: form, CanWrite: models.Can(v, models.Analyse), Self: c.Request().URL.RequestURI()}
	p.Unsorted = boardColumn("none", "Not sorted yet", "", nil, p.CanWrite)
	p.Unsorted.None = "Nothing to sort. Reviewed insights that are in no theme stand here."
	for _, i := range unsorted.Insights {
		p.Unsorted.Cards = append(p.Unsorted.Cards, boardCard(models.ThemeLink{Insight: i}, "none", p.CanWrite))
	}
	p.Unsorted.Count = ui.Thousands(len(unsorted.Insights))
	if unsorted.Next != "" {
		p.Unsorted.Count += "+"
		p.More = urls.With(withFilter(urls.ThemeBoardPath, waitingTyped(c)), "series", c.QueryParam("series"), "waiting", unsorted.Next)
	}
	for _, line := range found.Lines {
		p.Columns = append(p.Columns, boardColumn(line.ID.String(), line.Statement, urls.Theme(line.ID), line.Links, p.CanWrite))
	}
	p.First, p.Next = themePages(c, found.Next)
	if p.CanWrite {
		themes, err := s.Store.ThemeChoices(ctx, v, 0)
		if err != nil {
			return err
		}
		p.Themes = append(themeOptions("Move to…", themes), ui.Option{Value: "none", Label: "Not sorted yet"})
	}
	return web.Render(c, http.StatusOK, views.ThemeBoard(p))
}

// waitingTyped is the filter of what waits as it was typed.
func waitingTyped(c echo.Context) models.InsightFilter {
	return models.ParseInsightFilter(c.QueryParams())
}

// withinSeries keeps what was said in a series, where one is chosen.
func (s *Server) withinSeries(c echo.Context, f models.InsightFilter, series models.ID) (models.InsightFilter, error) {
	if series == 0 || len(f.On[models.FacetRoundtable]) > 0 {
		return f, nil
	}
	rooms, err := s.Store.Roundtables(c.Request().Context(), web.Viewer(c), models.RoundtableFilter{Series: series, Limit: 500})
	if err != nil {
		return f, err
	}
	for _, room := range rooms.Lines {
		f = f.With(models.FacetRoundtable, room.ID.String())
	}
	if len(rooms.Lines) == 0 { // no roundtable, nothing said
		f = f.With(models.FacetRoundtable, series.String())
	}
	return f, nil
}

func boardColumn(id, title, href string, links []models.ThemeLink, pick bool) views.BoardColumn {
	col := views.BoardColumn{ID: id, Title: title, Href: href, Count: ui.Thousands(len(links)), None: "No insight yet."}
	if pick {
		col.None = "No insight yet. Drag one here, or choose it and move it."
	}
	for _, link := range links[:min(len(links), cardsShown)] {
		col.Cards = append(col.Cards, boardCard(link, id, pick))
	}
	if n := len(links) - cardsShown; n > 0 {
		col.Hidden = ui.Thousands(n) + " more on its page"
	}
	return col
}

func boardCard(link models.ThemeLink, theme string, pick bool) views.BoardCard {
	card := views.BoardCard{InsightRow: themeInsightRow(link.Insight, models.Query{}, pick)}
	card.Pick = card.ID + "." + theme
	if link.Relation > models.Supports {
		card.Relation = link.Relation.Name()
	}
	return card
}

// themeMove answers POST /themes/move for analysts: chosen cards go to another
// column of the board.
func (s *Server) themeMove(c echo.Context) error {
	var form struct {
		Picks []string `form:"pick"`
		To    string   `form:"to"`
		Next  string   `form:"next"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	to, err := models.ParseID(form.To)
	if err != nil && form.To != "none" {
		return s.linked(c, form.Next, takenOut, store.LinkResult{}, models.Invalid("to", "Choose a theme to move to."))
	}
	var moves []store.ThemeMove
	for _, pick := range form.Picks {
		insight, theme, _ := strings.Cut(pick, ".")
		id, err := models.ParseID(insight)
		if err != nil {
			continue
		}
		from, _ := models.ParseID(theme)
		if from != to {
			moves = append(moves, store.ThemeMove{From: from, Insight: id})
		}
	}
	if len(moves) == 0 && len(form.Picks) > 0 {
		return web.SeeOther(c, s.Back(c, form.Next))
	}
	result, err := s.Store.MoveToTheme(c.Request().Context(), web.Viewer(c), moves, to)
	words := takenOut
	if to != 0 {
		words = moved
	}
	return s.linked(c, form.Next, words, result, err)
}

// insightTrail words what became of an insight, for those who may know.
func (s *Server) insightTrail(c echo.Context, i models.Insight) (views.TrailPart, error) {
	v := web.Viewer(c)
	trail, err := s.Store.InsightTrail(c.Request().Context(), v, i.ID())
	if err != nil {
		return views.TrailPart{}, err
	}
	staff := models.Can(v, models.ReadAsStaff)
	p := views.TrailPart{Shown: staff || !trail.Empty()}
	for _, t := range trail.Themes {
		note := ""
		if t.Relation != models.Supports {
			note = strings.ToLower(t.Relation.Name())
		}
		p.Themes = append(p.Themes, views.TrailLine{Href: urls.Theme(t.ID), Text: t.Statement, Note: note})
	}
	for _, r := range trail.Recommendations {
		p.Recommendations = append(p.Recommendations, views.TrailLine{Href: urls.Recommendation(r.ID), Text: r.Title})
	}
	for _, b := range trail.Publications {
		p.Publications = append(p.Publications, views.TrailLine{
			Href: urls.PublicBriefVersion(b.Slug, b.Version) + "#i-" + i.ID().String(), Text: b.Title, Note: "version " + ui.Thousands(b.Version),
		})
	}
	if mayGoIntoThemes(v, i) {
		p.AddHref = urls.With(urls.ThemeAddPath, "id", i.ID().String(), "next", urls.Insight(i.ID()))
	}
	return p, nil
}

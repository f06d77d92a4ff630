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

// themes answers GET /themes for staff: the list.
func (s *Server) themes(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	filter, form, err := s.themeFilter(c, urls.ThemesPath)
	if err != nil {
		return err
	}
	found, err := s.Store.Themes(ctx, v, filter)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Themes", "themes")
	if err != nil {
		return err
	}
	if err := s.hint(c, "themes", &page); err != nil {
		return err
	}
	p := views.ThemesPage{
		Page: page, Faces: themeFaces(c, false), Filter: form, CanWrite: models.Can(v, models.Analyse), Archived: filter.Archived,
		EmptyT: "No themes yet", EmptyTx: "A theme says in one sentence what several insights add up to, and who saw it otherwise.",
	}
	if filter.Archived {
		p.EmptyT, p.EmptyTx = "No archived themes", "Those you take out of use stand here."
	} else if form.Clear != "" {
		p.EmptyT, p.EmptyTx = "No theme matches", "Nothing answers these filters together."
	}
	for _, line := range found.Lines {
		p.Rows = append(p.Rows, themeRow(line))
	}
	p.First, p.Next = themePages(c, found.Next)
	return web.Render(c, http.StatusOK, views.Themes(p))
}

// themePages are the addresses of the first and the next page of this list.
func themePages(c echo.Context, next string) (first, after string) {
	q := c.QueryParams()
	address := func(cursor string) string {
		q.Del("after")
		if cursor != "" {
			q.Set("after", cursor)
		}
		if encoded := q.Encode(); encoded != "" {
			return c.Request().URL.Path + "?" + encoded
		}
		return c.Request().URL.Path
	}
	if q.Get("after") != "" {
		first = address("")
	}
	if next != "" {
		after = address(next)
	}
	return first, after
}

func themeFaces(c echo.Context, board bool) []ui.SegmentItem {
	series := c.QueryParam("series")
	return []ui.SegmentItem{
		{Label: "List", Href: urls.With(urls.ThemesPath, "series", series), Current: !board},
		{Label: "Board", Href: urls.With(urls.ThemeBoardPath, "series", series), Current: board},
	}
}

// themeFilter reads which themes are looked for, and words the form.
func (s *Server) themeFilter(c echo.Context, path string) (models.ThemeFilter, views.ThemeFilterForm, error) {
	v := web.Viewer(c)
	filter := models.ThemeFilter{Archived: c.QueryParam("archived") != "", After: c.QueryParam("after")}
	filter.Series, _ = models.ParseID(c.QueryParam("series"))
	filter.Owner, _ = models.ParseID(c.QueryParam("owner"))
	filter.Pillar, _ = models.ParsePillar(c.QueryParam("pillar"))
	form := views.ThemeFilterForm{
		Action: path, Pillar: filter.Pillar.Letter(), Archived: filter.Archived, PillarList: []ui.Option{{Label: "Every pillar"}},
		Archives: "Archived themes", ArchivedHref: urls.With(urls.ThemesPath, "archived", "1"),
	}
	if filter.Pillar == models.PillarNone {
		form.Pillar = ""
	}
	if filter.Archived {
		form.Archives, form.ArchivedHref = "Themes in use", urls.ThemesPath
	}
	for _, p := range models.Pillars {
		form.PillarList = append(form.PillarList, ui.Option{Value: p.Letter(), Label: p.Name()})
	}
	series, owners, err := s.themeChoices(c)
	if err != nil {
		return filter, form, err
	}
	form.SeriesList = append([]ui.Option{{Label: "Every series"}}, series...)
	form.OwnerList = append([]ui.Option{{Label: "Every owner"}, {Value: v.Account().String(), Label: "Mine"}}, owners...)
	form.Series, form.Owner = idWord(filter.Series), idWord(filter.Owner)
	if form.Series+form.Owner+form.Pillar != "" {
		form.Clear = urls.With(path, "archived", c.QueryParam("archived"))
	}
	return filter, form, nil
}

func idWord(id models.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// themeChoices lists the series and the accounts that themes can belong to.
func (s *Server) themeChoices(c echo.Context) (series, owners []ui.Option, err error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	all, err := s.Store.Series(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	for _, one := range all {
		series = append(series, ui.Option{Value: one.ID.String(), Label: one.Name})
	}
	people, err := s.Store.ThemeOwners(ctx, v)
	for _, one := range people {
		owners = append(owners, ui.Option{Value: one.Key, Label: one.Name})
	}
	return series, owners, err
}

// relationVerbs word how many insights stand how to a theme.
var relationVerbs = map[models.ThemeRelation][2]string{
	models.Supports: {" supports", " support"}, models.Qualifies: {" qualifies", " qualify"}, models.Contradicts: {" contradicts", " contradict"},
}

func relationCount(r models.ThemeRelation, n int) string {
	if n == 1 {
		return "1" + relationVerbs[r][0]
	}
	return ui.Thousands(n) + relationVerbs[r][1]
}

func themeRow(line models.ThemeLine) views.ThemeRow {
	row := views.ThemeRow{
		Href: urls.Theme(line.ID), Statement: line.Statement, Sub: themeSub(line.Theme), Mask: line.PillarMask(), Judgment: judgment(line.Theme),
	}
	for _, r := range models.ThemeRelations {
		if n := len(line.Insights(r)); n > 0 {
			row.Counts = append(row.Counts, relationCount(r, n))
		}
	}
	if n := len(models.RoomsHeard(line.Insights(models.RelationNone))); n > 0 {
		row.Rooms = ui.Count(n, "roundtable", "roundtables")
	}
	if !line.Archived && !line.Usable() {
		row.Open = "Dissent not stated"
	}
	return row
}

func themeSub(t models.Theme) string {
	var parts []string
	for _, part := range []string{t.Series, t.Owner} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// judgment words likelihood and confidence: "Very likely (80–95 %), moderate
// confidence".
func judgment(t models.Theme) string {
	var parts []string
	if words := t.Likelihood.Words(); words != "" {
		parts = append(parts, words+" ("+t.Likelihood.Share()+")")
	}
	if words := t.Confidence.Words(); words != "" {
		parts = append(parts, words+" confidence")
	}
	return sentenceCase(strings.Join(parts, ", "))
}

func sentenceCase(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// theme answers GET /themes/:id for staff for whom it exists.
func (s *Server) theme(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	t, err := s.Store.Theme(c.Request().Context(), v, id)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Theme", "themes")
	if err != nil {
		return err
	}
	p := views.ThemePage{
		Page: page, Statement: t.Statement, Sub: t.Series, Mask: t.PillarMask(), Judgment: judgment(t.Theme), Archived: t.Archived,
		CanWrite: models.Can(v, models.Analyse), EditHref: urls.ThemeEdit(id), ArchiveAction: urls.ThemeArchive(id), AddHref: urls.ThemeInsights(id),
		Action: urls.ThemeInsights(id), Empty: len(t.Links) == 0, Dissent: t.Dissent, Basis: t.Basis, Gaps: t.Gaps, Memo: t.Memo,
	}
	if !t.Archived && !t.Usable() {
		p.Missing = "State the dissent, if only that none was recorded: until then this theme goes into no recommendation and no brief."
	}
	for _, r := range models.ThemeRelations {
		if g := themeGroup(t, r, p.CanWrite && !t.Archived); len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	themeHeard(&p, t)
	if p.Leaks, _, err = s.Store.ThemeFindings(c.Request().Context(), v, id); err != nil {
		return err
	}
	p.Findings = overrulable(v, urls.ThemeLint(id), p.Leaks)
	p.Facts = themeFacts(t)
	p.History = themeHistory(t.History, v.Zone())
	return web.Render(c, http.StatusOK, views.Theme(p))
}

// themeGroup words the insights in one relation to a theme. The consensus
// stands beside the title.
func themeGroup(t models.ThemeRecord, r models.ThemeRelation, pick bool) views.ThemeGroup {
	g := views.ThemeGroup{ID: r.Key(), Title: r.Name(), Against: r == models.Contradicts}
	insights := t.Insights(r)
	for _, i := range insights {
		g.Rows = append(g.Rows, themeInsightRow(i, models.Query{}, pick))
	}
	g.Note = ui.Count(len(insights), "insight", "insights") + ", " + consensusNote(t, r)
	return g
}

// consensusNote says how many people stand in a relation to a theme, in the
// words that the reader may have.
func consensusNote(t models.ThemeRecord, r models.ThemeRelation) string {
	switch words := t.Consensus(r); words {
	case "one":
		return "one participant"
	case "most":
		return "most of those present"
	default:
		return words + " participants"
	}
}

// themeInsightRow is an insight's row where the only act is about its theme.
func themeInsightRow(i models.Insight, query models.Query, pick bool) views.InsightRow {
	row := insightRow(models.Anonymous(), i, query, models.InsightFilter{})
	row.Pick, row.EditHref = pick, ""
	return row
}

func themeHeard(p *views.ThemePage, t models.ThemeRecord) {
	all := t.Insights(models.RelationNone)
	for _, room := range models.RoomsHeard(all) {
		line := views.ThemeRoomLine{Href: urls.Roundtable(room.ID), Title: room.Title, Count: ui.Count(room.N, "insight", "insights")}
		if day, err := time.Parse(time.DateOnly, room.HeldOn); err == nil {
			line.Day = day.Format("Jan 2, 2006")
		}
		p.Rooms = append(p.Rooms, line)
	}
	for _, label := range models.Heard(all) {
		p.Heard = append(p.Heard, views.ThemeHeard{Sector: label.Sector(), Name: label.Name()})
	}
	p.Unheard = models.Unheard(all)
}

func themeFacts(t models.ThemeRecord) []ui.Fact {
	out := []ui.Fact{}
	add := func(term, value string) {
		if value != "" {
			out = append(out, ui.Fact{Term: term, Value: value})
		}
	}
	add("Owner", t.Owner)
	add("Series", t.Series)
	add("Likelihood", sentenceCase(t.Likelihood.Words()))
	add("Confidence", sentenceCase(t.Confidence.Words()))
	return out
}

var themeEvents = map[string]string{"created": "wrote it", "edited": "edited it", "undone": "took an edit back"}

func themeHistory(events []models.ThemeEvent, zone string) []ui.LogLine {
	var out []ui.LogLine
	for n, e := range events {
		who := e.Who
		if who == "" {
			who = "Somebody who left"
		}
		text := who + " " + themeEvents[e.What]
		if n == len(events)-1 || e.Statement != events[n+1].Statement {
			text += ": “" + clipped(e.Statement, 200) + "”"
		} else if e.Dissent != events[n+1].Dissent {
			text += ": the dissent"
		}
		out = append(out, ui.LogLine{DateTime: e.At.Time().Format(time.RFC3339), When: dayWords(e.At, zone), Text: text})
	}
	return out
}

// themeArchive answers POST /themes/:id/archive for analysts.
func (s *Server) themeArchive(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Archive string `form:"archive"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	undo, err := s.Store.ArchiveTheme(c.Request().Context(), web.Viewer(c), id, form.Archive != "")
	if err != nil {
		return err
	}
	flash := views.Flash{Text: "The theme is in use again."}
	if form.Archive != "" {
		flash.Text = "The theme was archived."
	}
	if undo != 0 {
		flash.UndoURL = urls.Undo(undo)
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Theme(id))
}

func likelihoodOptions() []ui.Option {
	out := []ui.Option{{Label: "Not a forecast"}}
	for _, l := range models.Likelihoods {
		out = append(out, ui.Option{Value: strconv.Itoa(int(l)), Label: sentenceCase(l.Words()) + " (" + l.Share() + ")"})
	}
	return out
}

func confidenceOptions() []ui.Option {
	out := []ui.Option{{Label: "Not said yet"}}
	for _, l := range models.Confidences {
		out = append(out, ui.Option{Value: strconv.Itoa(int(l)), Label: sentenceCase(l.Words())})
	}
	return out
}

func relationOptions() []ui.Option {
	var out []ui.Option
	for _, r := range models.ThemeRelations {
		out = append(out, ui.Option{Value: r.Key(), Label: r.Name()})
	}
	return out
}

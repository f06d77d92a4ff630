package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// insightsKept answers GET /insights for every account: insights, or the very
// page that the same browser got where nothing was committed since.
func (s *Server) insightsKept(c echo.Context) error { return s.Kept(c, s.insights) }

// insights shows the explorer over all roundtables that the account may see, or
// the parts that follow its filters.
func (s *Server) insights(c echo.Context) error {
	filter := models.ParseInsightFilter(c.QueryParams())
	found, facets, err := s.Store.Explore(c.Request().Context(), web.Viewer(c), filter, cursor(c))
	if err != nil {
		return err
	}
	list, err := s.insightList(c, urls.InsightsPath, filter, found, facets)
	if err != nil {
		return err
	}
	list.Panel = true
	page, err := s.Page(c, "Insights", "insights")
	if err != nil {
		return err
	}
	page.Compact, page.Scripts = true, append(page.Scripts, "insights.js")
	p := views.InsightsPage{Page: page, Find: findForm(filter, facets), List: list}
	if mayExport(web.Viewer(c)) {
		p.ExportHref = urls.With(urls.InsightsExportPath, "filter", filter.Values().Encode())
	}
	if models.Can(web.Viewer(c), models.WriteBrief) && !filter.Empty() {
		p.BriefHref = urls.With(urls.BriefNewPath, "filter", filter.Values().Encode())
	}
	if web.IsFragment(c) {
		return web.Render(c, http.StatusOK, views.InsightsFound(p))
	}
	return web.Render(c, http.StatusOK, views.Insights(p))
}

// roundtableInsights answers GET /roundtables/:id/insights for everybody who
// knows the roundtable: what was said there, as the reader may know it.
func (s *Server) roundtableInsights(c echo.Context) error {
	frame, room, err := s.workspace(c, tabInsights)
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	typed := models.ParseInsightFilter(c.QueryParams())
	filter := typed.WithoutFacet(models.FacetRoundtable).With(models.FacetRoundtable, room.ID.String())
	found, facets, err := s.Store.Explore(ctx, v, filter, cursor(c))
	if err != nil {
		return err
	}
	action := urls.RoundtableInsights(room.ID)
	list, err := s.insightList(c, action, filter, found, facets)
	if err != nil {
		return err
	}
	list.Chips = slices.DeleteFunc(list.Chips, func(chip views.Chip) bool { return chip.Label == room.Title })
	list.From = ""
	frame.Scripts = append(frame.Scripts, "insights.js")
	p := views.RoundtableInsightsPage{
		WorkspacePage: frame, Query: filter.Text, Action: action, List: list,
		ExploreHref: withFilter(urls.InsightsPath, filter), Note: releaseNote(v, room.Roundtable, facets),
	}
	p.States = stateSegments(action, filter, facets)
	for key, values := range filter.WithoutFacet(models.FacetRoundtable).Values() {
		for _, value := range values {
			if key != "q" {
				p.Kept = append(p.Kept, [2]string{key, value})
			}
		}
	}
	if models.Can(v, models.WriteBrief) && room.Status != models.Draft {
		p.BriefHref = urls.With(urls.BriefNewPath, "roundtable", room.ID.String())
	}
	if mayExport(v) {
		p.ExportHref = urls.With(urls.InsightsExportPath, "roundtable", room.ID.String(), "filter", filter.WithoutFacet(models.FacetRoundtable).Values().Encode())
	}
	return web.Render(c, http.StatusOK, views.RoundtableInsights(p))
}

// releaseNote says what is still to be done before others read the insights.
func releaseNote(v models.Viewer, room models.Roundtable, f models.InsightFacets) string {
	captured := 0
	for _, g := range f.Groups {
		if g.Facet == models.FacetState {
			captured = g.Value(models.Captured.Key())
		}
	}
	switch {
	case !room.IsTeam() || captured == 0 || !models.CanIn(v, models.ReviewInsight, room.ID):
		return ""
	case captured == 1:
		return "1 insight waits for review. Until then only this team reads it."
	}
	return ui.Thousands(captured) + " insights wait for review. Until then only this team reads them."
}

func stateSegments(action string, filter models.InsightFilter, f models.InsightFacets) []ui.SegmentItem {
	all := filter.WithoutFacet(models.FacetState)
	out := []ui.SegmentItem{{Label: "All", Href: withFilter(action, all), Current: len(filter.On[models.FacetState]) == 0}}
	for _, g := range f.Groups {
		if g.Facet != models.FacetState {
			continue
		}
		for _, state := range models.InsightStates {
			key := state.Key()
			if n := g.Value(key); n > 0 || filter.Has(models.FacetState, key) {
				out = append(out, ui.SegmentItem{
					Label: state.Name() + " " + models.CappedWords(n, g.Capped), Href: withFilter(action, all.With(models.FacetState, key)),
					Current: filter.Has(models.FacetState, key),
				})
			}
		}
	}
	return out
}

// withFilter is the address of a list with a filter.
func withFilter(path string, f models.InsightFilter) string {
	if q := f.Values().Encode(); q != "" {
		return path + "?" + q
	}
	return path
}

// cursor is where the address says that the page begins.
func cursor(c echo.Context) store.Cursor {
	return store.Cursor{After: c.QueryParam("after"), Before: c.QueryParam("before")}
}

// insightList words a page of insights.
func (s *Server) insightList(c echo.Context, path string, filter models.InsightFilter, found store.InsightPage, facets models.InsightFacets) (views.InsightList, error) {
	v := web.Viewer(c)
	address := withFilter(path, filter)
	out := views.InsightList{Count: countWords(facets), Chips: chips(path, filter, facets)}
	if facets.Rooms > 1 && path == urls.InsightsPath {
		out.From = "from " + models.CappedWords(facets.Rooms, facets.Capped) + " roundtables"
	}
	query := filter.Query()
	for _, i := range found.Insights {
		out.Rows = append(out.Rows, insightRow(v, i, query, filter))
	}
	if found.Prev != "" {
		out.Prev = urls.With(address, "before", found.Prev)
	}
	if found.Next != "" {
		out.Next = urls.With(address, "after", found.Next)
	}
	var err error
	if out.Bulk, err = s.bulkActs(c, found.Insights); err != nil {
		return out, err
	}
	if len(out.Rows) == 0 {
		return out, s.nothingFound(c, path, filter, &out)
	}
	return out, nil
}

func countWords(f models.InsightFacets) string {
	if f.Total == 1 {
		return "1 insight"
	}
	return f.TotalWords() + " insights"
}

// nothingFound says why a list is empty, and what would find something.
func (s *Server) nothingFound(c echo.Context, path string, filter models.InsightFilter, out *views.InsightList) error {
	if filter.WithoutFacet(models.FacetRoundtable).Empty() {
		out.EmptyTitle = "Nothing here yet"
		out.EmptyText = "What is captured in a roundtable stands here: for its team at once, for everybody else once it is reviewed."
		if path == urls.InsightsPath {
			out.EmptyHref, out.EmptyLink = urls.RoundtablesPath, "Go to the roundtables"
		}
		return nil
	}
	closest, ok, err := s.Store.ClosestInsights(c.Request().Context(), web.Viewer(c), filter)
	if err != nil {
		return err
	}
	out.EmptyTitle = "No insight matches"
	out.EmptyText = "Nothing that you may read answers this search and these filters together."
	if ok {
		n := models.CappedWords(closest.Count, closest.Capped) + " insights match"
		if closest.Count == 1 {
			n = "1 insight matches"
		}
		out.EmptyText = "Closest: without “" + closest.Without + "”, " + n + "."
		out.EmptyLink, out.EmptyHref = "Show it without", withFilter(path, closest.Filter)
	}
	return nil
}

func insightRow(v models.Viewer, i models.Insight, query models.Query, filter models.InsightFilter) views.InsightRow {
	row := views.InsightRow{
		ID: i.ID().String(), Href: urls.Insight(i.ID()), Segments: models.Highlight(i.Text(), query),
		Mask: i.PillarMask(), Kind: i.Kind(), Regime: i.Regime(), Label: "the insight: " + clipped(i.Text(), 60),
	}
	if q := filter.Values().Encode(); q != "" {
		row.Href += "?" + q
	}
	row.Who, row.Sector, row.HasSector = whoSaid(i)
	for _, code := range i.Fronts() {
		row.Fronts = append(row.Fronts, code.Name)
	}
	for _, code := range i.Forums() {
		row.Forums = append(row.Forums, code.Name)
	}
	for _, code := range i.Tags() {
		row.Tags = append(row.Tags, code.Name)
	}
	if day, err := time.Parse(time.DateOnly, i.HeldOn()); err == nil {
		row.DayISO, row.Day = i.HeldOn(), day.Format("Jan 2, 2006")
	}
	row.Pick = mayGoIntoThemes(v, i)
	if i.Audience() == models.Team {
		row.State = i.State().Name()
		row.Pick = row.Pick || models.CanIn(v, models.TagInsight, i.RoundtableID()) || models.CanIn(v, models.ReviewInsight, i.RoundtableID())
		if models.CanIn(v, models.EditInsight, i.RoundtableID()) {
			row.EditHref = urls.InsightEdit(i.ID())
		}
	}
	return row
}

// mayGoIntoThemes reports whether the viewer may put the insight into a theme.
func mayGoIntoThemes(v models.Viewer, i models.Insight) bool {
	return models.Can(v, models.Analyse) && i.State() >= models.Reviewed && i.Regime() != models.OffTheRecord
}

// whoSaid words the speaker for a list: the sector or the group; a name only
// where the reader is outside the team and it is on the record. The team reads
// names on the insight itself, where the reading is noted.
func whoSaid(i models.Insight) (words string, sector models.Sector, shown bool) {
	label := i.Label()
	if label.Level() == models.Named && i.Audience() != models.Team {
		return i.SpeakerName(), i.SpeakerSector(), i.SpeakerSector() != models.SectorNone
	}
	if label.Level() == models.Descriptor {
		return i.Attribution(), models.SectorNone, false
	}
	label = i.TableLabel()
	return label.Name(), label.Sector(), label.Sector() != models.SectorNone
}

func clipped(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimSpace(string(r[:most])) + "…"
}

// chips are the filters that are on, each with the address without it.
func chips(path string, filter models.InsightFilter, facets models.InsightFacets) []views.Chip {
	var out []views.Chip
	named := map[models.Facet]map[string]string{}
	for _, g := range facets.Groups {
		named[g.Facet] = map[string]string{}
		for _, v := range g.Values {
			named[g.Facet][v.Key] = v.Name
		}
	}
	for facet := models.FacetPillar; facet <= models.FacetItem; facet++ {
		for _, key := range filter.On[facet] {
			label := named[facet][key]
			switch {
			case facet == models.FacetPillar && key == models.NoPillar:
				label = "No pillar"
			case label == "":
				label = facet.Name()
			}
			out = append(out, views.Chip{Label: label, HrefWithout: withFilter(path, filter.Without(facet, key))})
		}
	}
	for _, k := range filter.Also {
		label := cmp.Or(named[k.Facet][k.Key], k.Facet.Name())
		out = append(out, views.Chip{Label: "and " + label, HrefWithout: withFilter(path, filter.WithoutAlso(k))})
	}
	for _, bound := range []struct {
		word, month string
		drop        func(*models.InsightFilter)
	}{
		{"From ", filter.Since, func(f *models.InsightFilter) { f.Since = "" }},
		{"Until ", filter.Until, func(f *models.InsightFilter) { f.Until = "" }},
	} {
		if month, err := time.Parse("2006-01", bound.month); err == nil {
			without := filter
			bound.drop(&without)
			out = append(out, views.Chip{Label: bound.word + month.Format("January 2006"), HrefWithout: withFilter(path, without)})
		}
	}
	return out
}

// openFacets are those that stand open although nothing in them is chosen.
var openFacets = []models.Facet{models.FacetPillar, models.FacetLabel, models.FacetForum}

func findForm(filter models.InsightFilter, facets models.InsightFacets) views.FindForm {
	f := views.FindForm{
		Action: urls.InsightsPath, Query: filter.Text, Best: filter.Order == models.BestMatch, Since: filter.Since, Until: filter.Until,
		Also: filter.AlsoWords(),
	}
	if n := filter.Chosen(); n > 0 {
		f.Chosen = "Clear " + ui.Thousands(n)
		f.ClearHref = withFilter(urls.InsightsPath, models.InsightFilter{Text: filter.Text, Order: filter.Order})
	}
	for _, g := range facets.Groups {
		if len(g.Values) == 0 {
			continue
		}
		box := views.FacetBox{
			Name: g.Facet.Name(), Param: g.Facet.Param(),
			Open: len(filter.On[g.Facet]) > 0 || slices.Contains(openFacets, g.Facet),
		}
		if g.Capped {
			box.Note = "Of the newest " + ui.Thousands(models.MostMatches) + "."
		}
		for _, v := range g.Values {
			o := views.FacetOption{ID: "f-" + g.Facet.Param() + "-" + v.Key, Value: v.Key, Label: v.Name, Count: ui.Thousands(v.N), On: v.On}
			switch g.Facet {
			case models.FacetPillar:
				o.Pillar, _ = models.ParsePillar(v.Key)
			case models.FacetLabel:
				label, _ := models.ParseLabel(v.Key)
				o.Sector, o.Mark = label.Sector(), label.Sector() != models.SectorNone || label == models.LabelNone
			}
			box.Options = append(box.Options, o)
		}
		f.Facets = append(f.Facets, box)
	}
	return f
}

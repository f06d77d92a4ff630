package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// codebook answers GET /codebook for staff: everything, or the codes of the
// kind that the address names.
func (s *Server) codebook(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	found, err := s.Store.CodebookPage(ctx, v)
	if err != nil {
		return err
	}
	seen, err := s.Store.SeenHints(ctx, v)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Codebook", "codebook")
	if err != nil {
		return err
	}
	page.Scripts = append(page.Scripts, "codebook.js")
	if err := s.hint(c, "codebook", &page); err != nil {
		return err
	}
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	kind, query := models.CodeTag, c.QueryParam("q")
	if asked, ok := models.ParseCodeKind(c.QueryParam("kind")); ok && !asked.Fixed() {
		kind = asked
	}
	r := codeRows{found: found}
	p := views.CodebookPage{
		Page: page, CanEdit: models.Can(v, models.EditCodebook), Sub: "The words insights are tagged with. " + versionWords(found.Version, zone),
		Table: r.table(kind, query, models.Can(v, models.EditCodebook), seen),
	}
	p.Table.Path = page.Path
	if kind == models.CodeTag && query == "" {
		p.Pillars = r.pillars()
		p.Fronts, p.Forums = r.of(models.CodeFront), r.of(models.CodeForum)
	}
	return web.Render(c, http.StatusOK, views.Codebook(p))
}

func versionWords(v models.CodebookVersion, zone string) string {
	if v.Version == 0 {
		return ""
	}
	words := "Version " + strconv.Itoa(v.Version) + ", changed " + models.FormatInstant(v.At, zone)
	if v.Who != "" {
		words += " by " + v.Who
	}
	return words + "."
}

// codeRows turns the codebook into rows.
type codeRows struct{ found models.CodebookPage }

// of lists the codes in use of a kind.
func (r codeRows) of(kind models.CodeKind) []views.CodeRow {
	var out []views.CodeRow
	for _, e := range r.found.Book.Of(kind) {
		out = append(out, r.row(e))
	}
	return out
}

func (r codeRows) row(e models.CodeEntry) views.CodeRow {
	row := views.CodeRow{
		ID: e.ID.String(), Name: e.Name, Href: urls.Code(e.ID), Mark: e.Kind.Sign() + e.Key, Colour: e.Colour, ColourName: models.ColourName(e.Colour),
		Meaning: e.Definition, Also: strings.Join(e.Aliases, ", "), Author: r.found.Authors[e.AddedBy],
		EditHref: urls.CodeEdit(e.ID), SplitHref: urls.CodeSplit(e.ID), Code: e.ID,
	}
	switch e.Kind {
	case models.CodePillar:
		row.Mark = "#" + strings.ToLower(e.Pillar.Letter())
	case models.CodeAction:
		row.Mark = ""
	}
	if e.Shortcut != "" {
		row.Mark += " " + e.Kind.Sign() + e.Shortcut
	}
	row.Count, row.Counts = codeCountWords(r.found.Counts[e.ID])
	row.CountHref = codeInsights(e)
	return row
}

// codeCountWords writes a count short and in words.
func codeCountWords(n models.CodeCount) (short, words string) {
	short, words = ui.Thousands(n.N), ui.Count(n.N, "insight", "insights")
	if n.Capped {
		return short + "+", "more than " + words
	}
	return short, words
}

// codeInsights is where the insights under a code are listed.
func codeInsights(e models.CodeEntry) string {
	param, key := e.Kind.Key(), e.Key
	if e.Kind == models.CodePillar {
		key = e.Pillar.Letter()
	}
	return urls.With(urls.InsightsPath, param, key)
}

func (r codeRows) pillars() []views.PillarCard {
	var out []views.PillarCard
	for _, e := range r.found.Book.Of(models.CodePillar) {
		row := r.row(e)
		card := views.PillarCard{
			Tile: ui.PillarTileXl(e.Pillar), Name: e.Name, Href: row.Href, Count: row.Count, Counts: row.Counts, CountHref: row.CountHref,
		}
		for _, action := range r.found.Book.Of(models.CodeAction) {
			if action.Pillar == e.Pillar {
				card.Action, card.ActionHref = strings.TrimSuffix(action.Name, ".")+".", urls.Code(action.ID)
			}
		}
		out = append(out, card)
	}
	return out
}

// codeKindWords names the kinds in lists: heading, one, many.
var codeKindWords = map[models.CodeKind][3]string{
	models.CodePillar: {"STEAD pillars", "pillar", "pillars"}, models.CodeAction: {"Strategic actions", "strategic action", "strategic actions"},
	models.CodeFront: {"Strategic fronts", "front", "fronts"}, models.CodeForum: {"Alliances and forums", "forum", "forums"},
	models.CodeTag: {"Tags", "tag", "tags"},
}

func (r codeRows) table(kind models.CodeKind, query string, canEdit bool, hints map[string]bool) views.CodeTable {
	words := codeKindWords[kind]
	t := views.CodeTable{
		Kind: kind.Key(), Heading: words[0], Word: words[1], Words: words[2], Query: query, CanEdit: canEdit, NewHref: urls.CodeNew(kind),
	}
	unused, inUse := 0, 0
	for _, e := range r.found.Book {
		if e.Kind != kind || e.MergedInto != 0 {
			continue
		}
		if !e.Archived {
			inUse++
			if r.found.Counts[e.ID].N == 0 {
				unused++
			}
		}
		switch {
		case !e.Matches(query):
		case e.Archived:
			t.Archived = append(t.Archived, r.row(e))
		default:
			t.Rows = append(t.Rows, r.row(e))
		}
	}
	t.Note = ui.Count(inUse, words[1], words[2])
	if unused > 0 && inUse > 0 {
		t.Note += fmt.Sprintf(", of which %s without insights that you can read", ui.Thousands(unused))
	}
	if canEdit && query == "" {
		t.Alike = alike(r.found.Book.Alike(kind), hints)
	}
	return t
}

// mostAlike is how many look-alikes are shown at once.
const mostAlike = 3

func alike(pairs [][2]models.CodeEntry, hints map[string]bool) []views.AlikePair {
	var out []views.AlikePair
	for _, pair := range pairs {
		hint := "alike:" + pair[0].ID.String() + ":" + pair[1].ID.String()
		if hints[hint] || len(out) == mostAlike {
			continue
		}
		out = append(out, views.AlikePair{One: pair[0].Name, Other: pair[1].Name, MergeHref: urls.CodeMerge(pair[0].ID, pair[1].ID), Hint: hint})
	}
	return out
}

// code answers GET /codebook/:id for staff.
func (s *Server) code(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	book, err := s.Store.Codebook(ctx, v)
	if err != nil {
		return err
	}
	e, ok := book.Entry(id)
	if !ok {
		return models.ErrNotFound
	}
	counts, err := s.Store.CodeCounts(ctx, v, []models.ID{id})
	if err != nil {
		return err
	}
	page, err := s.Page(c, e.Name, "codebook")
	if err != nil {
		return err
	}
	p := views.CodePage{
		Page: page, Row: codeRows{models.CodebookPage{Book: book, Counts: counts}}.row(e), Kind: e.Kind.Key(), KindUp: codeKindWords[e.Kind][0],
		ListHref: urls.CodebookPath, Archived: e.Archived, CanEdit: models.Can(v, models.EditCodebook), Fixed: e.Kind.Fixed(), Facts: codeFacts(e),
	}
	if !e.Kind.Fixed() {
		p.ListHref = urls.CodesOf(e.Kind)
	}
	if into, merged := book.Resolve(e.Kind, e.Key); merged && into.ID != e.ID {
		p.Merged, p.MergedHref, p.Row.CountHref = into.Name, urls.Code(into.ID), ""
	}
	return web.Render(c, http.StatusOK, views.Code(p))
}

// codeFacts are the texts of a code.
func codeFacts(e models.CodeEntry) []ui.Fact {
	mark := e.Kind.Sign() + e.Key
	if e.Kind == models.CodePillar {
		mark = "#" + strings.ToLower(e.Pillar.Letter())
	}
	var out []ui.Fact
	for _, f := range []ui.Fact{
		{Term: "Definition", Value: e.Definition}, {Term: "Use when", Value: e.UseWhen}, {Term: "Do not use when", Value: e.DoNotUseWhen},
		{Term: "Example", Value: e.Example}, {Term: "Mark in a capture line", Value: mark}, {Term: "Also matches", Value: strings.Join(e.Aliases, ", ")},
		{Term: "Color", Value: models.ColourName(e.Colour)}, {Term: "Shortcut", Value: e.Shortcut},
	} {
		if f.Value != "" && (f.Term != "Mark in a capture line" || e.Kind != models.CodeAction) {
			out = append(out, f)
		}
	}
	return out
}

// codebookVersions answers GET /codebook/versions for staff.
func (s *Server) codebookVersions(c echo.Context) error {
	versions, err := s.Store.CodebookVersions(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Versions of the codebook", "codebook")
	if err != nil {
		return err
	}
	p := views.VersionsPage{Page: page}
	for _, v := range versions {
		row := views.VersionRow{
			Number: strconv.Itoa(v.Version), When: models.FormatInstant(v.At, zone), ISO: v.At.Time().Format(time.RFC3339), Who: v.Who, What: v.What,
		}
		if row.Who == "" {
			row.Who = "Rotunda"
		}
		if v.Frozen {
			row.Href = urls.CodebookVersion(v.Version)
		}
		p.Rows = append(p.Rows, row)
	}
	return web.Render(c, http.StatusOK, views.Versions(p))
}

// codebookVersion answers GET /codebook/versions/:version for staff.
func (s *Server) codebookVersion(c echo.Context) error {
	n, err := strconv.Atoi(c.Param("version"))
	if err != nil {
		return models.ErrNotFound
	}
	book, v, err := s.Store.FrozenCodebook(c.Request().Context(), web.Viewer(c), n)
	if err != nil {
		return err
	}
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Codebook, version "+strconv.Itoa(n), "codebook")
	if err != nil {
		return err
	}
	p := views.VersionPage{Page: page, Heading: page.Title, Sub: versionWords(v, zone) + " A brief was published with it."}
	r := codeRows{models.CodebookPage{Book: book}}
	for _, kind := range models.CodeKinds {
		if rows := r.of(kind); len(rows) > 0 {
			p.Groups = append(p.Groups, views.VersionGroup{Heading: codeKindWords[kind][0], Rows: rows})
		}
	}
	return web.Render(c, http.StatusOK, views.FrozenVersion(p))
}

// codebookExport answers GET /codebook/export for staff: the codes as CSV.
func (s *Server) codebookExport(c echo.Context) error {
	book, err := s.Store.Codebook(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	rows := func(yield func([]string, error) bool) {
		for _, e := range book {
			row := []string{
				e.Kind.Key(), e.Key, e.Name, e.Definition, e.UseWhen, e.DoNotUseWhen, e.Example, strings.Join(e.Aliases, "; "), e.Pillar.Letter(),
				e.Colour, e.Shortcut, strconv.FormatBool(e.Archived),
			}
			if e.MergedInto == 0 && !yield(row, nil) {
				return
			}
		}
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("Codebook", "csv")))
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	return files.WriteCSV(c.Response(), c.QueryParam("bom") == "1", slices.Clone(codeColumns), rows)
}

var codeColumns = []string{
	"kind", "key", "name", "definition", "use_when", "do_not_use_when", "example", "also_matches", "pillar", "colour", "shortcut", "archived",
}

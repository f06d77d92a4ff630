package store

import (
	"context"
	"slices"
	"strings"

	"rotunda/models"
)

// finder turns a filter into conditions over the search index, for one viewer.
// Who may see a row, and under which words and marks it is found, lies in the
// index itself: nothing is filtered out afterwards, so nothing hidden is ever
// counted or ranked.
type finder struct {
	s       *Store
	viewer  models.Viewer
	book    models.Codebook
	circles []circle
}

// circle is a set of roundtables that a viewer reads as one audience: those
// listed or, where other is set, all but those.
type circle struct {
	audience models.Audience
	rooms    []models.ID
	other    bool
	// member is the account whose teams the rooms are, zero where they are not:
	// one mark in place of many.
	member models.ID
}

// circles says in which sets of roundtables a viewer reads insights.
func circles(v models.Viewer) []circle {
	reach := v.Reach()
	var out []circle
	own, member := slices.Concat(reach.Team, reach.Partner), models.ID(0)
	if len(reach.Team) > 0 {
		member = v.Account()
		out = append(out, circle{audience: models.Team, rooms: reach.Team, member: member})
	}
	if len(reach.Partner) > 0 {
		out = append(out, circle{audience: models.Partner, rooms: reach.Partner})
	}
	if reach.Open.Valid() {
		// Which of them are private lies in the marks: see indexRow.
		out = append(out, circle{audience: reach.Open, rooms: own, other: true, member: member})
	}
	return out
}

// within narrows circles down to some roundtables.
func within(all []circle, rooms []models.ID) []circle {
	if len(rooms) == 0 {
		return all
	}
	var out []circle
	for _, c := range all {
		kept := slices.DeleteFunc(slices.Clone(rooms), func(id models.ID) bool { return slices.Contains(c.rooms, id) == c.other })
		if len(kept) > 0 {
			out = append(out, circle{audience: c.audience, rooms: kept})
		}
	}
	return out
}

// marking is a condition over marks: visible, one of each list in all, and none
// of none.
type marking struct {
	visible string
	all     [][]string
	none    []string
}

// fts5 writes the condition as a MATCH expression over the rows whose column
// answers the query. Where a word found there says that the row is visible,
// that mark is not asked for: it stands in nearly every row, and to look it up
// for each match costs more than the search.
func (m marking) fts5(query models.Query, column string, says bool) string {
	all := m.all
	if !says || len(query.Must) == 0 {
		all = append([][]string{{m.visible}}, all...)
	}
	within := ""
	if len(all) > 0 {
		parts := make([]string, len(all))
		for i, any := range all {
			parts[i] = "(\"" + strings.Join(any, "\" OR \"") + "\")"
		}
		within = "{marks} : (" + strings.Join(parts, " AND ") + ")"
	}
	expr := query.FTS5Within(column, within)
	if len(m.none) > 0 {
		expr = "(" + expr + ") NOT ({marks} : (\"" + strings.Join(m.none, "\" OR \"") + "\"))"
	}
	return expr
}

// tsquery writes the condition as the text of a tsquery.
func (m marking) tsquery() string {
	parts := []string{"'" + m.visible + "'"}
	for _, any := range m.all {
		parts = append(parts, "('"+strings.Join(any, "' | '")+"')")
	}
	if len(m.none) > 0 {
		parts = append(parts, "!('"+strings.Join(m.none, "' | '")+"')")
	}
	return strings.Join(parts, " & ")
}

func (s *Store) finder(ctx context.Context, v models.Viewer) (finder, error) {
	book, err := s.codebook(ctx)
	if err != nil {
		return finder{}, err
	}
	d := finder{s: s, viewer: v, book: book, circles: circles(v)}
	return d, d.nameOthers(ctx)
}

// fewRooms is how many roundtables a search names one by one.
const fewRooms = 64

// nameOthers lists the roundtables of other teams where the viewer is on so
// many teams that few are left: to look for "not mine" would then go through
// everything that is.
func (d *finder) nameOthers(ctx context.Context) error {
	for n, c := range d.circles {
		if !c.other || len(c.rooms) <= fewRooms {
			continue
		}
		var left []models.ID
		err := d.s.list(ctx, &left, `SELECT r.id FROM roundtables r WHERE r.private = FALSE AND NOT EXISTS
			(SELECT 1 FROM team_members m WHERE m.roundtable_id = r.id AND m.account_id = ?) LIMIT ?`, d.viewer.Account(), fewRooms+1)
		if err != nil {
			return err
		}
		switch {
		case len(left) == 0:
			d.circles = slices.Delete(d.circles, n, n+1)
		case len(left) <= fewRooms:
			d.circles[n] = circle{audience: c.audience, rooms: left}
		}
		return nil
	}
	return nil
}

// find returns the conditions under which rows of the search index, called f,
// are what the filter asks for. It is false where nothing can be.
func (d finder) find(filter models.InsightFilter) (where, bool) {
	var rooms []models.ID
	for _, key := range filter.On[models.FacetRoundtable] {
		if id, err := models.ParseID(key); err == nil {
			rooms = append(rooms, id)
		}
	}
	query := filter.Query()
	var match []string
	var vectors where
	for _, c := range within(d.circles, rooms) {
		m := d.marking(c, filter)
		column, text := "shown", sqlText("f.shown")
		switch c.audience {
		case models.Team:
			column, text = "words", "f.words"
		case models.Partner:
			column, text = "shown hosted", "(f.shown || f.hosted)"
		}
		if d.s.dialect == sqliteDialect {
			match = append(match, m.fts5(query, column, c.audience == models.Team || c.audience == models.Staff))
			continue
		}
		part := where{parts: []sqlText{"f.marks @@ CAST(? AS tsquery)"}, args: []any{m.tsquery()}}
		if !query.Empty() {
			part.parts = append(part.parts, text+" @@ CAST(? AS tsquery)")
			part.args = append(part.args, query.TSQuery())
		}
		vectors.parts = append(vectors.parts, "("+sqlText(" AND ").join(part.parts)+")")
		vectors.args = append(vectors.args, part.args...)
	}
	var w where
	switch {
	case len(match) == 0 && len(vectors.parts) == 0:
		return w, false
	case d.s.dialect == sqliteDialect:
		w.add("insight_search MATCH ?", "("+strings.Join(match, ") OR (")+")")
	default:
		w.add(sqlText(" OR ").join(vectors.parts), vectors.args...)
	}
	from, before := filter.Days()
	if from > 0 || filter.Since != "" {
		d.bound(&w, firstPosition(from), true)
	}
	if before > 0 {
		d.bound(&w, firstPosition(before), false)
		d.bound(&w, firstPosition(1), true) // a roundtable without a date is in no month
	}
	return w, true
}

// bound keeps the rows from a position on or, without from, those before it.
func (d finder) bound(w *where, pos int64, from bool) {
	switch {
	case d.s.dialect == sqliteDialect && from:
		w.add("f.rowid <= ?", -pos)
	case d.s.dialect == sqliteDialect:
		w.add("f.rowid > ?", -pos)
	case from:
		w.add("f.pos >= ?", pos)
	default:
		w.add("f.pos < ?", pos)
	}
}

// firstPosition is where the positions of a day begin; see keys.position.
func firstPosition(day int64) int64 { return day << 44 }

// pos is the position of a row of the search index.
func (d finder) pos() sqlText {
	if d.s.dialect == sqliteDialect {
		return "-f.rowid"
	}
	return "f.pos"
}

// newest is the order of the newest rows first.
func (d finder) newest() sqlText {
	if d.s.dialect == sqliteDialect {
		return " ORDER BY f.rowid"
	}
	return " ORDER BY f.pos DESC"
}

// marking says what a circle's rows are marked with when they pass the filter.
func (d finder) marking(c circle, filter models.InsightFilter) marking {
	letter := audienceMark[c.audience]
	m := marking{visible: letter + markVisible}
	switch {
	case c.other && c.member != 0:
		m.none = []string{markMember + c.member.String()}
	case c.other:
		m.none = roomMarks(c.rooms)
	case c.member != 0:
		m.all = append(m.all, []string{markMember + c.member.String()})
	default:
		m.all = append(m.all, roomMarks(c.rooms))
	}
	for facet := models.FacetPillar; facet <= models.FacetItem; facet++ {
		keys := filter.On[facet]
		if facet == models.FacetRoundtable || len(keys) == 0 {
			continue // the circle holds the rooms
		}
		var any []string
		for _, key := range keys {
			any = append(any, d.marks(letter, facet, key)...)
		}
		m.all = append(m.all, any)
	}
	for _, k := range filter.Also {
		m.all = append(m.all, d.marks(letter, k.Facet, k.Key))
	}
	return m
}

func roomMarks(rooms []models.ID) []string {
	marks := make([]string, len(rooms))
	for i, id := range rooms {
		marks[i] = markRoom + id.String()
	}
	return marks
}

// marks returns the marks of a facet's key, of which one will do. A merge leaves
// the marks of what it merged in the index, so a code is found by those too.
func (d finder) marks(letter string, facet models.Facet, key string) []string {
	kind, ok := facet.Code()
	if !ok {
		return []string{d.mark(letter, facet, key)}
	}
	e, ok := d.book.Resolve(kind, key)
	if !ok {
		return []string{"none"}
	}
	out := []string{markCode + e.ID.String()}
	for _, id := range d.book.Merged(e.ID) {
		out = append(out, markCode+id.String())
	}
	return out
}

// mark returns the mark of a facet's key. What has none gets a mark that no
// row carries.
func (d finder) mark(letter string, facet models.Facet, key string) string {
	switch facet {
	case models.FacetPillar:
		p, _ := models.ParsePillar(key)
		return markPillar + number(p)
	case models.FacetKind:
		k, _ := models.ParseKind(key)
		return markKind + number(k)
	case models.FacetState:
		s, _ := models.ParseInsightState(key)
		return markState + number(s)
	case models.FacetLabel:
		l, _ := models.ParseLabel(key)
		return letter + markSector + number(l)
	case models.FacetRegime:
		r, _ := models.ParseRegime(key)
		return letter + markRegime + number(r)
	case models.FacetItem:
		if id, err := models.ParseID(key); err == nil {
			return letter + markItem + id.String()
		}
	}
	return "none"
}

// count tells how many insights match, up to models.MostMatches.
func (d finder) count(ctx context.Context, filter models.InsightFilter) (n int, capped bool, err error) {
	n, err = d.countTo(ctx, filter, models.MostMatches)
	return min(n, models.MostMatches), n > models.MostMatches, err
}

// countTo counts what matches, up to one more than most.
func (d finder) countTo(ctx context.Context, filter models.InsightFilter, most int) (n int, err error) {
	w, ok := d.find(filter)
	if !ok {
		return 0, nil
	}
	err = d.s.get(ctx, &n, "SELECT count(*) FROM (SELECT 1 AS one FROM insight_search f"+w.text()+" LIMIT ?) AS newest", append(w.args, most+1)...)
	return n, err
}

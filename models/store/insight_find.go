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

// marking is a condition over marks: one of each list in all, and none of none.
type marking struct {
	all  [][]string
	none []string
}

// fts5 writes the condition as a MATCH expression.
func (m marking) fts5() string {
	parts := make([]string, len(m.all))
	for i, any := range m.all {
		parts[i] = "(\"" + strings.Join(any, "\" OR \"") + "\")"
	}
	expr := "{marks} : (" + strings.Join(parts, " AND ") + ")"
	if len(m.none) > 0 {
		expr = "(" + expr + ") NOT ({marks} : (\"" + strings.Join(m.none, "\" OR \"") + "\"))"
	}
	return expr
}

// tsquery writes the condition as the text of a tsquery.
func (m marking) tsquery() string {
	parts := make([]string, len(m.all))
	for i, any := range m.all {
		parts[i] = "('" + strings.Join(any, "' | '") + "')"
	}
	if len(m.none) > 0 {
		parts = append(parts, "!('"+strings.Join(m.none, "' | '")+"')")
	}
	return strings.Join(parts, " & ")
}

func (s *Store) finder(ctx context.Context, v models.Viewer) (finder, error) {
	book, err := loadCodebook(s.reader(ctx))
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
		if c.audience == models.Team {
			column, text = "words", "f.words"
		}
		if d.s.dialect == sqliteDialect {
			match = append(match, query.FTS5Within(column, m.fts5()))
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
		w.add(d.pos()+" >= ?", firstPosition(from))
	}
	if before > 0 {
		w.add(d.pos()+" < ?", firstPosition(before))
		w.add(d.pos()+" >= ?", firstPosition(1)) // a roundtable without a date is in no month
	}
	return w, true
}

// firstPosition is where the positions of a day begin; see keys.position.
func firstPosition(day int64) int64 { return day << 44 }

// pos is the position's column of the search index.
func (d finder) pos() sqlText {
	if d.s.dialect == sqliteDialect {
		return "f.rowid"
	}
	return "f.pos"
}

// marking says what a circle's rows are marked with when they pass the filter.
func (d finder) marking(c circle, filter models.InsightFilter) marking {
	letter := audienceMark[c.audience]
	m := marking{all: [][]string{{letter + markVisible}}}
	rooms := []string{markMember + c.member.String()}
	if c.member == 0 {
		rooms = make([]string, len(c.rooms))
		for i, id := range c.rooms {
			rooms[i] = markRoom + id.String()
		}
	}
	switch {
	case c.other:
		m.none = rooms
	default:
		m.all = append(m.all, rooms)
	}
	for facet := models.FacetPillar; facet <= models.FacetItem; facet++ {
		keys := filter.On[facet]
		if facet == models.FacetRoundtable || len(keys) == 0 {
			continue // the circle holds the rooms
		}
		any := make([]string, len(keys))
		for i, key := range keys {
			any[i] = d.mark(letter, facet, key)
		}
		m.all = append(m.all, any)
	}
	return m
}

// mark returns the mark of a facet's key. What has none gets a mark that no
// row carries.
func (d finder) mark(letter string, facet models.Facet, key string) string {
	if kind, ok := facet.Code(); ok {
		for _, e := range d.book {
			if e.Kind == kind && e.Key == key {
				return markCode + e.ID.String()
			}
		}
		return "none"
	}
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
	w, ok := d.find(filter)
	if !ok {
		return 0, false, nil
	}
	err = d.s.get(ctx, &n, "SELECT count(*) FROM (SELECT 1 AS one FROM insight_search f"+w.text()+" LIMIT ?) AS newest",
		append(w.args, models.MostMatches+1)...)
	return min(n, models.MostMatches), n > models.MostMatches, err
}

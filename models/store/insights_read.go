package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"rotunda/models"
)

// InsightsPerPage is how many insights a page of a list holds.
const InsightsPerPage = 50

// InsightPage is one page of a list of insights. Prev and Next are sealed: they
// tell nothing to whoever holds them.
type InsightPage struct {
	Insights   []models.Insight
	Prev, Next string // where the pages before and after begin; empty for none
}

// Cursor is where a page of insights begins: what Prev or Next said.
type Cursor struct{ After, Before string }

// The purposes of sealed cursors.
const (
	cursorPosition = 'p'
	cursorSequence = 'q'
	cursorRank     = 'r'
)

// foundRow is an insight as a list reads it, with its speaker.
type foundRow struct {
	Row     insightRow `gorm:"embedded"`
	Speaker speakerRow `gorm:"embedded;embeddedPrefix:sp_"`
}

const foundColumns sqlText = `SELECT i.*, COALESCE(sp.guest_id, 0) AS sp_guest_id, COALESCE(sp.committed_by, 0) AS sp_committed_by,
	COALESCE(sp.unresolved, '') AS sp_unresolved, i.seq AS sp_insight_seq `

const withSpeaker sqlText = " LEFT JOIN insight_speakers sp ON sp.insight_seq = i.seq "

// Insights returns a page of what the filter lets through for the viewer, each
// insight as it is disclosed to them; agenda items that follow from how many
// were present are left to Insight. A cursor that cannot be read begins at
// the first page.
func (s *Store) Insights(ctx context.Context, v models.Viewer, filter models.InsightFilter, at Cursor) (InsightPage, error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return InsightPage{}, err
	}
	w, ok := d.find(filter)
	if !ok {
		return InsightPage{}, nil
	}
	return d.page(ctx, filter, w, at)
}

// page reads a page of the rows of the search index f, with their insights i,
// for which the conditions hold.
func (d finder) page(ctx context.Context, filter models.InsightFilter, w where, at Cursor) (InsightPage, error) {
	s := d.s
	if byRank(filter) {
		texts, err := d.texts(ctx, " FROM insight_search f JOIN insights i ON i.pos = "+d.pos()+w.text()+d.newest()+" LIMIT ?",
			append(w.args, models.MostMatches)...)
		if err != nil {
			return InsightPage{}, err
		}
		return d.ranked(ctx, filter, texts, at)
	}
	by := d.order(filter)
	forward := true
	if n, ok := s.keys.open(by.purpose, at.After); ok && at.After != "" {
		w.add(by.column+by.older, by.sign*n)
	} else if n, ok := s.keys.open(by.purpose, at.Before); ok && at.Before != "" {
		w.add(by.column+by.newer, by.sign*n)
		forward = false
	}
	direction := by.newestFirst
	if !forward {
		direction = by.oldestFirst
	}
	var rows []foundRow
	q := foundColumns + "FROM insight_search f JOIN insights i ON i.pos = " + d.pos() + withSpeaker + w.text() +
		" ORDER BY " + by.column + direction + " LIMIT ?"
	if err := s.list(ctx, &rows, q, append(w.args, InsightsPerPage+1)...); err != nil {
		return InsightPage{}, err
	}
	more := len(rows) > InsightsPerPage
	rows = rows[:min(len(rows), InsightsPerPage)]
	if !forward {
		slices.Reverse(rows)
	}
	var (
		page InsightPage
		err  error
	)
	if n := len(rows); n > 0 {
		if more || !forward {
			page.Next = s.keys.seal(by.purpose, by.value(rows[n-1].Row))
		}
		if (forward && (at.After != "")) || (!forward && more) {
			page.Prev = s.keys.seal(by.purpose, by.value(rows[0].Row))
		}
	}
	page.Insights, err = d.disclose(ctx, rows, false)
	return page, err
}

// pageOf reads a page whose newest matches are found already: up to
// models.MostMatches positions, newest first. It is the page that the list
// begins with or, by rank, any.
func (d finder) pageOf(ctx context.Context, filter models.InsightFilter, found []int64, at Cursor) (InsightPage, error) {
	if len(found) == 0 {
		return InsightPage{}, nil
	}
	if byRank(filter) {
		texts, err := d.texts(ctx, " FROM insights i WHERE i.pos IN "+d.numbers(), numbersArg(found))
		if err != nil {
			return InsightPage{}, err
		}
		return d.ranked(ctx, filter, texts, at)
	}
	var page InsightPage
	kept := found[:min(len(found), InsightsPerPage)]
	rows, err := d.rowsAt(ctx, kept)
	if err != nil {
		return page, err
	}
	if len(found) > len(kept) {
		page.Next = d.s.keys.seal(cursorPosition, kept[len(kept)-1])
	}
	page.Insights, err = d.disclose(ctx, rows, false)
	return page, err
}

// rowsAt reads the insights at some positions, in their order.
func (d finder) rowsAt(ctx context.Context, positions []int64) ([]foundRow, error) {
	var rows []foundRow
	if err := d.s.list(ctx, &rows, foundColumns+"FROM insights i"+withSpeaker+"WHERE i.pos IN "+d.numbers(), numbersArg(positions)); err != nil {
		return nil, err
	}
	order := make(map[int64]int, len(positions))
	for i, pos := range positions {
		order[pos] = i
	}
	slices.SortFunc(rows, func(a, b foundRow) int { return cmp.Compare(order[a.Row.Pos], order[b.Row.Pos]) })
	return rows, nil
}

// numbers is a list of numbers, all in one argument: however many there are, it
// is one prepared statement.
func (d finder) numbers() sqlText {
	if d.s.dialect == sqliteDialect {
		return "(SELECT value FROM json_each(?))"
	}
	return "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(? AS json)))"
}

// numbersArg is the argument of numbers.
func numbersArg(all []int64) string {
	out := []byte{'['}
	for i, n := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, n, 10)
	}
	return string(append(out, ']'))
}

// byRank reports whether a list is ordered by how well it answers.
func byRank(filter models.InsightFilter) bool {
	return filter.Order == models.BestMatch && len(filter.Query().Must) > 0
}

// ordering is by which column a list runs, and which way: sign is -1 where the
// column falls as time goes on.
type ordering struct {
	column                   sqlText
	sign                     int64
	older, newer             sqlText
	newestFirst, oldestFirst sqlText
	purpose                  byte
	value                    func(insightRow) int64
}

// order returns the order of a list: within one roundtable of the viewer's own
// team as it was said, newest first; everywhere else by the roundtable's day
// and then shuffled, because the order is the team's alone.
func (d finder) order(filter models.InsightFilter) ordering {
	rooms := filter.On[models.FacetRoundtable]
	if len(rooms) == 1 && len(d.circles) > 0 {
		id, err := models.ParseID(rooms[0])
		if err == nil && d.circles[0].audience == models.Team && slices.Contains(d.circles[0].rooms, id) {
			return ordering{"i.seq", 1, " < ?", " > ?", " DESC", " ASC", cursorSequence, func(r insightRow) int64 { return r.Seq }}
		}
	}
	pos := func(r insightRow) int64 { return r.Pos }
	if d.s.dialect == sqliteDialect {
		return ordering{"f.rowid", -1, " > ?", " < ?", " ASC", " DESC", cursorPosition, pos}
	}
	return ordering{"f.pos", 1, " < ?", " > ?", " DESC", " ASC", cursorPosition, pos}
}

// ranked returns a page of the newest matches, best first: by how often the
// words asked for stand in a row, for its length, and nothing else. What other
// rows hold never counts: that would tell of rows that the reader may not see.
func (d finder) ranked(ctx context.Context, filter models.InsightFilter, texts []rankedText, at Cursor) (InsightPage, error) {
	query := filter.Query()
	score := make(map[int64]float64, len(texts))
	for _, t := range texts {
		score[t.Pos] = query.Score(models.Tokens(t.Words))
	}
	slices.SortFunc(texts, func(a, b rankedText) int {
		return cmp.Or(cmp.Compare(score[b.Pos], score[a.Pos]), cmp.Compare(b.Pos, a.Pos))
	})
	start := 0
	if n, ok := d.s.keys.open(cursorRank, at.After); ok && at.After != "" {
		start = min(max(0, int(n)), len(texts))
	} else if n, ok := d.s.keys.open(cursorRank, at.Before); ok && at.Before != "" {
		start = max(0, min(int(n), len(texts))-InsightsPerPage)
	}
	end := min(start+InsightsPerPage, len(texts))
	var page InsightPage
	if start > 0 {
		page.Prev = d.s.keys.seal(cursorRank, int64(start))
	}
	if end < len(texts) {
		page.Next = d.s.keys.seal(cursorRank, int64(end))
	}
	if start == end {
		return page, nil
	}
	positions := make([]int64, 0, end-start)
	for _, t := range texts[start:end] {
		positions = append(positions, t.Pos)
	}
	rows, err := d.rowsAt(ctx, positions)
	if err != nil {
		return page, err
	}
	page.Insights, err = d.disclose(ctx, rows, false)
	return page, err
}

type rankedText struct {
	Pos   int64
	Words string
}

// texts reads the words of insights as the viewer is shown them: under deep
// background the paraphrase outside the team.
func (d finder) texts(ctx context.Context, from sqlText, args ...any) ([]rankedText, error) {
	var team []models.ID
	for _, c := range d.circles {
		if c.audience == models.Team {
			team = c.rooms
		}
	}
	// Plain Scan: reflection over two thousand rows would cost more than the search.
	rows, err := d.s.rows(ctx, "SELECT i.pos, i.roundtable_id, i.text, CASE WHEN i.regime = 4 THEN i.paraphrase ELSE '' END"+from, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []rankedText
	for rows.Next() {
		var t rankedText
		var room models.ID
		var paraphrase string
		if err := rows.Scan(&t.Pos, &room, &t.Words, &paraphrase); err != nil {
			return nil, mapped(err)
		}
		if paraphrase != "" && !slices.Contains(team, room) {
			t.Words = paraphrase
		}
		out = append(out, t)
	}
	return out, mapped(rows.Err())
}

// disclose turns rows into what the viewer may know of them.
func (d finder) disclose(ctx context.Context, rows []foundRow, items bool) ([]models.Insight, error) {
	rooms, err := loadShown(d.s.reader(ctx), rows, items)
	if err != nil {
		return nil, err
	}
	now := d.s.Now()
	out := make([]models.Insight, 0, len(rows))
	for _, r := range rows {
		room, ok := rooms.byID[r.Row.RoundtableID]
		if !ok || r.Row.DeletedMs != 0 {
			continue
		}
		f := room.insightFacts(r.Row, r.Speaker, d.book)
		f.CapturedByName, f.ReleasedByName = rooms.names[f.CapturedBy], rooms.names[f.ReleasedBy]
		if i, ok := models.Disclose(f, d.viewer, room.facts, now); ok {
			out = append(out, i)
		}
	}
	return out, nil
}

// Insight returns one insight as it is disclosed to the viewer. It is
// models.ErrNotFound where it does not exist for them.
func (s *Store) Insight(ctx context.Context, v models.Viewer, id models.ID) (models.Insight, error) {
	found, err := s.insightsByID(ctx, v, []models.ID{id})
	if err != nil {
		return models.Insight{}, err
	}
	if len(found) == 0 {
		return models.Insight{}, models.ErrNotFound
	}
	return found[0], nil
}

// insightsByID reads insights by their ids; those that do not exist for the
// viewer are missing. The order is theirs by position, newest first.
func (s *Store) insightsByID(ctx context.Context, v models.Viewer, ids []models.ID) ([]models.Insight, error) {
	var rows []foundRow
	if err := s.list(ctx, &rows, foundColumns+"FROM insights i"+withSpeaker+"WHERE i.id IN ? AND i.deleted_ms = 0 ORDER BY i.pos DESC", ids); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, nil
	}
	d, err := s.finder(ctx, v)
	if err != nil {
		return nil, err
	}
	return d.disclose(ctx, rows, true)
}

// CountInsights tells how many insights the filter lets through for the
// viewer: up to models.MostMatches, and whether there are more.
func (s *Store) CountInsights(ctx context.Context, v models.Viewer, filter models.InsightFilter) (int, bool, error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return 0, false, err
	}
	return d.count(ctx, filter)
}

// Closest is a filter with one condition less, and how many it finds.
type Closest struct {
	// Without names the condition that was dropped.
	Without string
	Filter  models.InsightFilter
	Count   int
	Capped  bool
}

// ClosestInsights returns, for a filter that finds nothing, the one condition
// whose loss finds the most; false where no single one helps.
func (s *Store) ClosestInsights(ctx context.Context, v models.Viewer, filter models.InsightFilter) (Closest, bool, error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return Closest{}, false, err
	}
	var best Closest
	for _, c := range d.loosened(filter) {
		if c.Count, c.Capped, err = d.count(ctx, c.Filter); err != nil {
			return Closest{}, false, err
		}
		if c.Count > best.Count {
			best = c
		}
	}
	return best, best.Count > 0, nil
}

// mostLoosened bounds how many conditions are tried without.
const mostLoosened = 8

// loosened lists the filter without each of its conditions in turn.
func (d finder) loosened(filter models.InsightFilter) []Closest {
	var out []Closest
	if strings.TrimSpace(filter.Text) != "" {
		f := filter
		f.Text = ""
		out = append(out, Closest{Without: strings.TrimSpace(filter.Text), Filter: f})
	}
	for _, facet := range models.Facets {
		for _, key := range filter.On[facet] {
			name, _ := d.facetName(facet, key)
			if facet == models.FacetRoundtable {
				name = "the roundtable"
			}
			out = append(out, Closest{Without: name, Filter: filter.Without(facet, key)})
		}
	}
	if filter.Since != "" || filter.Until != "" {
		f := filter
		f.Since, f.Until = "", ""
		out = append(out, Closest{Without: "the months", Filter: f})
	}
	return out[:min(len(out), mostLoosened)]
}

package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"rotunda/models"
)

// mostWeighed is up to how many insights that hold the words asked for are
// read one by one, and the chosen facets asked of each.
const mostWeighed = 6000

// tallies counts what passes the filter and, for each facet of which keys are
// chosen, what would pass without them: chosen values widen each other, and
// beside them stands what another one would add. What passes it hands to found,
// where there is one.
//
// Few insights hold a rare word, and the facets are asked of each of those in
// one pass: the search index would look every one of them up again in the long
// list of each facet, for every tally anew. Where many do, the newest are asked,
// then the rarest facet's own, and the rest is looked up.
func (d finder) tallies(ctx context.Context, filter models.InsightFilter, found func([]int64) error) (all tally, without map[models.Facet]tally, err error) {
	if found == nil {
		found = func([]int64) error { return nil }
	}
	words, chosen := unfaceted(filter)
	if len(chosen) == 0 || len(filter.Query().Must) == 0 || len(filter.On[models.FacetRoundtable]) > 0 {
		return d.lookUp(ctx, filter, d.weighing(filter, chosen), found)
	}
	rows, every, err := d.allCells(ctx, words)
	if err != nil {
		return all, nil, err
	}
	w := d.weighing(filter, chosen)
	w.add(rows, nobody)
	if every {
		w.end(nobody)
	}
	if w.all.n > InsightsPerPage && !byRank(filter) { // the page is known, whatever else there is to count
		page := slices.Clone(w.all.found)
		err = together(
			func() error { return found(page) },
			func() (err error) {
				all, without, err = d.lookUp(ctx, filter, w, func([]int64) error { return nil })
				return err
			},
		)
		return all, without, err
	}
	return d.lookUp(ctx, filter, w, found)
}

// unfaceted returns the filter without the facets that are counted, and which
// of them had keys.
func unfaceted(filter models.InsightFilter) (models.InsightFilter, []models.Facet) {
	var chosen []models.Facet
	for _, facet := range models.Facets {
		if len(filter.On[facet]) > 0 {
			chosen = append(chosen, facet)
		}
	}
	for _, facet := range chosen {
		filter = filter.WithoutFacet(facet)
	}
	return filter, chosen
}

// lookUp has the search index answer each tally that was not weighed to its
// end. First it goes on weighing, where that brings several to theirs.
func (d finder) lookUp(ctx context.Context, filter models.InsightFilter, w *weighing, found func([]int64) error) (all tally, without map[models.Facet]tally, err error) {
	fill := func(c **counter, filter models.InsightFilter) (err error) {
		if !(*c).final() {
			*c, err = d.counted(ctx, filter)
		}
		return err
	}
	if by := w.rarest(); by != nobody {
		if err := together(
			func() error { return d.narrow(ctx, filter, w, by) },
			func() error { return fill(&w.without[by], filter.WithoutFacet(w.chosen[by])) },
		); err != nil {
			return all, nil, err
		}
	}
	reads := []func() error{func() error {
		if err := fill(&w.all, filter); err != nil {
			return err
		}
		return found(w.all.found)
	}}
	for i, facet := range w.chosen {
		reads = append(reads, func() error { return fill(&w.without[i], filter.WithoutFacet(facet)) })
	}
	if err := together(reads...); err != nil {
		return all, nil, err
	}
	all, without = w.tallies()
	return all, without, nil
}

// tally is one pass over the newest matches.
type tally struct {
	n      int
	capped bool
	counts map[models.Facet]map[string]int
	found  []int64 // the positions of what was counted, newest first
}

// facetCells is what a match counts under, packed into one text: a line for
// every match, so that a thousand of them cost one row of the driver. A line is
// the position, the roundtable, a number and the codes. The number holds, in
// sizes of cellSizes, what the viewer's outer audience is shown (rule and
// label), then sector, rule, state, kind and pillars.
const facetCells sqlText = `SELECT COALESCE(string_agg(line, ';'), '') AS lines FROM (
	SELECT CAST(i.pos AS TEXT) || ' ' || CAST(i.roundtable_id AS TEXT) || ' ' || CAST((((((`

const facetCellsEnd sqlText = `) * 64 + i.team_sector) * 16 + i.regime) * 16 + i.state) * 16 + i.kind) * 32 + i.pillar_mask AS TEXT) || ' ' || i.code_ids AS line
	FROM insight_search f JOIN insights i`

// cells reads what the newest matches count under, up to most of them.
func (d finder) cells(ctx context.Context, w where, most int) ([]cells, error) {
	if rows, ok, err := d.keptCells(ctx, w, most); ok || err != nil {
		return rows, err
	}
	var lines string
	if err := d.s.get(ctx, &lines, facetCells+d.shownCells()+facetCellsEnd+d.coveredBy()+" ON i.pos = "+d.pos()+w.text()+d.newest()+" LIMIT ?) AS newest",
		append(w.args, most)...); err != nil || lines == "" {
		return nil, err
	}
	out := make([]cells, 0, strings.Count(lines, ";")+1)
	r := d.lineReader()
	for line := range strings.SplitSeq(lines, ";") {
		out = append(out, r.cells(splitLine(line)))
	}
	return out, nil
}

// counted counts the newest matches of a filter.
func (d finder) counted(ctx context.Context, filter models.InsightFilter) (*counter, error) {
	c := d.counter()
	c.whole = true
	w, ok := d.find(filter)
	if !ok {
		return c, nil
	}
	rows, err := d.cells(ctx, w, models.MostMatches+1)
	for _, row := range rows {
		c.add(row)
	}
	return c, err
}

// halves reads n matches, newest first: the newer half and the older at the
// same time.
func (d finder) halves(ctx context.Context, newer where, n int) ([]cells, error) {
	if n == 0 {
		return nil, nil
	}
	var middle int64 // zero, the oldest of all, where meanwhile fewer match
	err := d.s.get(ctx, &middle, "SELECT "+d.pos()+" FROM insight_search f"+newer.text()+d.newest()+" LIMIT 1 OFFSET ?", append(newer.args, n/2)...)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	older := where{parts: slices.Clone(newer.parts), args: slices.Clone(newer.args)}
	d.bound(&newer, middle+1, true)
	d.bound(&older, middle+1, false)
	var first, second []cells
	err = together(
		func() (err error) { first, err = d.cells(ctx, newer, mostWeighed); return err },
		func() (err error) { second, err = d.cells(ctx, older, mostWeighed); return err },
	)
	return append(first, second...), err
}

// coveredBy names the index that holds all that is counted. SQLite would take
// the one of pos alone, and then read every insight whole.
func (d finder) coveredBy() sqlText {
	if d.s.dialect == sqliteDialect {
		return " INDEXED BY insights_facets"
	}
	return ""
}

// outer is the viewer's outer audience. A viewer has one at most: a partner has
// no other rooms.
func (d finder) outer() models.Audience {
	audience := models.Staff
	for _, c := range d.circles {
		if c.audience != models.Team {
			audience = c.audience
		}
	}
	return audience
}

// shownCells picks the columns that hold what the outer audience is shown.
func (d finder) shownCells() sqlText {
	switch d.outer() {
	case models.Partner:
		return "CAST(i.shown_partner AS BIGINT) * 256 + i.label_partner + 1"
	case models.Public:
		return "CAST(i.shown_public AS BIGINT) * 256 + i.label_public + 1"
	}
	return "CAST(i.shown_staff AS BIGINT) * 256 + i.label_staff + 1"
}

// cells is what an insight counts under, as it is disclosed to the viewer.
type cells struct {
	pos                      int64
	room                     string
	mask, kind, state, shown int
	label                    models.Label
	codes                    string
}

// lineReader reads the lines of a pass for one viewer.
type lineReader struct {
	team map[string]bool
	all  bool // a job of the system reads every roundtable as its team
}

func (d finder) lineReader() lineReader {
	r := lineReader{team: map[string]bool{}}
	for _, c := range d.circles {
		if c.audience != models.Team {
			continue
		}
		r.all = r.all || c.other
		for _, id := range c.rooms {
			r.team[strconv.FormatInt(int64(id), 10)] = true
		}
	}
	return r
}

// splitLine reads a line of facetCells.
func splitLine(line string) (pos int64, room string, n int64, codes string) {
	word, line, _ := strings.Cut(line, " ")
	pos, _ = strconv.ParseInt(word, 10, 64) // written by the database, as the number
	room, line, _ = strings.Cut(line, " ")
	word, codes, _ = strings.Cut(line, " ")
	n, _ = strconv.ParseInt(word, 10, 64)
	return pos, room, n, codes
}

// cells returns what an insight counts under from the parts of its line.
func (r lineReader) cells(pos int64, room string, n int64, codes string) cells {
	out := cells{pos: pos, room: room, codes: codes}
	take := func(size int64) int {
		part := int(n % size)
		n /= size
		return part
	}
	out.mask, out.kind, out.state = take(32), take(16), take(16)
	regime, sector, label := take(16), take(64), take(256)-1
	audience, shown := models.Staff, int(n)
	if r.all || r.team[out.room] {
		audience, shown = models.Team, regime
	} else if shown == int(models.RegimeNone) {
		shown = regime
	}
	out.shown = shown
	out.label = models.CountedUnder(audience, models.Regime(regime), models.Label(label), models.Sector(sector))
	return out
}

// counter counts cells, up to models.MostMatches of them.
type counter struct {
	book   models.Codebook
	n      int
	capped bool
	whole  bool // nothing else matches
	found  []int64

	rooms   map[string]int
	byCode  map[string]int
	pillars [6]int
	small   [len(smallFacets)][256]int
}

// smallFacets have few values, and are counted by number.
var smallFacets = [...]models.Facet{models.FacetKind, models.FacetState, models.FacetRegime, models.FacetLabel}

func (d finder) counter() *counter {
	return &counter{book: d.book, rooms: map[string]int{}, byCode: map[string]int{}}
}

func (c *counter) add(row cells) {
	if c.n == models.MostMatches {
		c.capped = true
		return
	}
	c.n++
	c.found = append(c.found, row.pos)
	c.rooms[row.room]++
	for i, n := range [len(smallFacets)]int{row.kind, row.state, row.shown, int(row.label)} {
		c.small[i][uint8(n)]++ //nolint:gosec // a key, whatever it is
	}
	if row.mask == 0 {
		c.pillars[0]++
	}
	for p := range 5 {
		c.pillars[p+1] += row.mask >> p & 1
	}
	for rest := row.codes; rest != ""; {
		var id string
		id, rest, _ = strings.Cut(rest, " ")
		c.byCode[id]++
	}
}

// final reports whether nothing is left to count.
func (c *counter) final() bool { return c.whole || c.capped }

// tally writes what was counted under the keys of the facets.
func (c *counter) tally() tally {
	counts := map[models.Facet]map[string]int{}
	for _, facet := range models.Facets {
		counts[facet] = map[string]int{}
	}
	for room, n := range c.rooms {
		if id, err := strconv.ParseInt(room, 10, 64); err == nil {
			counts[models.FacetRoundtable][models.ID(id).String()] = n
		}
	}
	for i, facet := range smallFacets {
		for value, n := range c.small[i] {
			if n > 0 {
				counts[facet][smallKey(facet, value)] += n
			}
		}
	}
	for p, n := range c.pillars {
		if n > 0 {
			counts[models.FacetPillar][pillarKey(models.Pillar(p))] = n
		}
	}
	for _, e := range c.book {
		for _, facet := range models.Facets {
			if kind, isCode := facet.Code(); isCode && kind == e.Kind && c.byCode[e.ID.String()] > 0 {
				counts[facet][e.Key] = c.byCode[e.ID.String()]
			}
		}
	}
	return tally{n: c.n, capped: c.capped, counts: counts, found: c.found}
}

func smallKey(facet models.Facet, n int) string {
	switch facet {
	case models.FacetKind:
		return models.Kind(n).Key()
	case models.FacetState:
		return models.InsightState(n).Key()
	case models.FacetRegime:
		return models.Regime(n).Key()
	}
	return models.Label(n).Key()
}

package store

import (
	"context"
	"strconv"
	"strings"

	"rotunda/models"
)

// mostWeighed is up to how many insights that hold the words asked for are
// read one by one, and the chosen facets asked of each.
const mostWeighed = 6000

// tallies counts what passes the filter and, for each facet of which keys are
// chosen, what would pass without them: chosen values widen each other, and
// beside them stands what another one would add.
//
// Few insights hold a rare word, and the facets are asked of each of those in
// one pass: the search index would look every one of them up again in the long
// list of each facet, for every tally anew.
func (d finder) tallies(ctx context.Context, filter models.InsightFilter) (all tally, without map[models.Facet]tally, err error) {
	words, chosen := unfaceted(filter)
	if len(chosen) > 0 && len(filter.Query().Must) > 0 && len(filter.On[models.FacetRoundtable]) == 0 {
		n, err := d.countTo(ctx, words, mostWeighed)
		if err != nil {
			return all, nil, err
		}
		if n <= mostWeighed {
			return d.weigh(ctx, words, filter, chosen)
		}
	}
	return d.lookUp(ctx, filter, chosen)
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

// lookUp has the search index answer each tally.
func (d finder) lookUp(ctx context.Context, filter models.InsightFilter, chosen []models.Facet) (all tally, without map[models.Facet]tally, err error) {
	found := make([]tally, len(chosen))
	reads := []func() error{func() (err error) { all, err = d.tally(ctx, filter); return err }}
	for i, facet := range chosen {
		reads = append(reads, func() (err error) { found[i], err = d.tally(ctx, filter.WithoutFacet(facet)); return err })
	}
	if err := together(reads...); err != nil {
		return all, nil, err
	}
	without = map[models.Facet]tally{}
	for i, facet := range chosen {
		without[facet] = found[i]
	}
	return all, without, nil
}

// tally is one pass over the newest matches.
type tally struct {
	n      int
	capped bool
	counts map[models.Facet]map[string]int
}

// facetCells is what a match counts under, packed into one text: a line for
// every match, so that a thousand of them cost one row of the driver. A line is
// the roundtable, a number and the codes. The number holds, in sizes of
// cellSizes, what the viewer's outer audience is shown (rule and label), then
// sector, rule, state, kind and pillars.
const facetCells sqlText = `SELECT count(*) AS n, string_agg(line, ';') AS lines FROM (
	SELECT CAST(i.roundtable_id AS TEXT) || ' ' || CAST((((((`

const facetCellsEnd sqlText = `) * 64 + i.team_sector) * 16 + i.regime) * 16 + i.state) * 16 + i.kind) * 32 + i.pillar_mask AS TEXT) || ' ' || i.code_ids AS line
	FROM insight_search f JOIN insights i`

// lines reads the cells of the newest matches, up to most of them.
func (d finder) lines(ctx context.Context, filter models.InsightFilter, most int) (n int, lines string, err error) {
	w, ok := d.find(filter)
	if !ok {
		return 0, "", nil
	}
	var got struct {
		N     int
		Lines string
	}
	err = d.s.get(ctx, &got, facetCells+d.shownCells()+facetCellsEnd+d.coveredBy()+" ON i.pos = "+d.pos()+w.text()+d.newest()+" LIMIT ?) AS newest",
		append(w.args, most)...)
	return got.N, got.Lines, err
}

// tally counts the newest matches of a filter.
func (d finder) tally(ctx context.Context, filter models.InsightFilter) (tally, error) {
	_, lines, err := d.lines(ctx, filter, models.MostMatches+1)
	if err != nil {
		return tally{}, err
	}
	c := d.counter()
	r := d.lineReader()
	for line := range strings.SplitSeq(lines, ";") {
		if line != "" {
			c.add(r.read(line))
		}
	}
	return c.tally(), nil
}

// weigh counts the insights that hold the words asked for, as tallies says.
func (d finder) weigh(ctx context.Context, words, filter models.InsightFilter, chosen []models.Facet) (tally, map[models.Facet]tally, error) {
	_, lines, err := d.lines(ctx, words, mostWeighed+1)
	if err != nil {
		return tally{}, nil, err
	}
	all, without := d.counter(), make([]*counter, len(chosen))
	asks := make([]asked, len(chosen))
	for i, facet := range chosen {
		without[i], asks[i] = d.counter(), d.asked(facet, filter.On[facet])
	}
	r := d.lineReader()
	for line := range strings.SplitSeq(lines, ";") {
		if line == "" {
			break
		}
		cells := r.read(line)
		failed, by := 0, 0
		for i := range asks {
			if !asks[i].holds(cells) {
				failed, by = failed+1, i
			}
		}
		switch failed {
		case 0:
			all.add(cells)
			for _, c := range without {
				c.add(cells)
			}
		case 1:
			without[by].add(cells)
		}
	}
	out := map[models.Facet]tally{}
	for i, facet := range chosen {
		out[facet] = without[i].tally()
	}
	return all.tally(), out, nil
}

// coveredBy names the index that holds all that is counted. SQLite would take
// the one of pos alone, and then read every insight whole.
func (d finder) coveredBy() sqlText {
	if d.s.dialect == sqliteDialect {
		return " INDEXED BY insights_facets"
	}
	return ""
}

// shownCells picks the columns that hold what the viewer's outer audience is
// shown. A viewer has one at most: a partner has no other rooms.
func (d finder) shownCells() sqlText {
	audience := models.Staff
	for _, c := range d.circles {
		if c.audience != models.Team {
			audience = c.audience
		}
	}
	switch audience {
	case models.Partner:
		return "CAST(i.shown_partner AS BIGINT) * 256 + i.label_partner + 1"
	case models.Public:
		return "CAST(i.shown_public AS BIGINT) * 256 + i.label_public + 1"
	}
	return "CAST(i.shown_staff AS BIGINT) * 256 + i.label_staff + 1"
}

// cells is what an insight counts under, as it is disclosed to the viewer.
type cells struct {
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

func (r lineReader) read(line string) cells {
	var out cells
	var word string
	out.room, line, _ = strings.Cut(line, " ")
	word, out.codes, _ = strings.Cut(line, " ")
	n, _ := strconv.ParseInt(word, 10, 64) // written by the database
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

// asked is the keys of one facet that somebody chose, as cells hold them.
type asked struct {
	facet models.Facet
	keys  []int
	codes []string
}

func (d finder) asked(facet models.Facet, keys []string) asked {
	out := asked{facet: facet}
	kind, isCode := facet.Code()
	for _, key := range keys {
		n, ok := 0, true
		switch {
		case isCode:
			ok = false
			if e, known := d.book.Resolve(kind, key); known {
				out.codes = append(out.codes, e.ID.String())
			}
		case facet == models.FacetPillar:
			if p, named := models.ParsePillar(key); named {
				n = p.Mask()
			}
		case facet == models.FacetKind:
			var k models.Kind
			k, ok = models.ParseKind(key)
			n = int(k)
		case facet == models.FacetState:
			var s models.InsightState
			s, ok = models.ParseInsightState(key)
			n = int(s)
		case facet == models.FacetRegime:
			var r models.Regime
			r, ok = models.ParseRegime(key)
			n = int(r)
		case facet == models.FacetLabel:
			var l models.Label
			l, ok = models.ParseLabel(key)
			n = int(l)
		}
		if ok {
			out.keys = append(out.keys, n)
		}
	}
	return out
}

// holds reports whether an insight has one of the keys.
func (a asked) holds(c cells) bool {
	for _, code := range a.codes {
		if strings.Contains(c.codes, code) { // all are of one length
			return true
		}
	}
	for _, key := range a.keys {
		switch a.facet {
		case models.FacetPillar:
			if c.mask&key != 0 || key == 0 && c.mask == 0 {
				return true
			}
		case models.FacetKind:
			if c.kind == key {
				return true
			}
		case models.FacetState:
			if c.state == key {
				return true
			}
		case models.FacetRegime:
			if c.shown == key {
				return true
			}
		case models.FacetLabel:
			if int(c.label) == key {
				return true
			}
		}
	}
	return false
}

// counter counts cells, up to models.MostMatches of them.
type counter struct {
	book   models.Codebook
	n      int
	capped bool

	rooms   map[string]int
	byCode  map[string]int
	pillars [6]int
	small   map[smallCell]int
}

// smallCell is a facet with few values, counted by number.
type smallCell struct {
	facet models.Facet
	n     int
}

func (d finder) counter() *counter {
	return &counter{book: d.book, rooms: map[string]int{}, byCode: map[string]int{}, small: map[smallCell]int{}}
}

func (c *counter) add(row cells) {
	if c.n == models.MostMatches {
		c.capped = true
		return
	}
	c.n++
	c.rooms[row.room]++
	c.small[smallCell{models.FacetKind, row.kind}]++
	c.small[smallCell{models.FacetState, row.state}]++
	c.small[smallCell{models.FacetRegime, row.shown}]++
	c.small[smallCell{models.FacetLabel, int(row.label)}]++
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
	for cell, n := range c.small {
		counts[cell.facet][cell.key()] += n
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
	return tally{n: c.n, capped: c.capped, counts: counts}
}

func (c smallCell) key() string {
	switch c.facet {
	case models.FacetKind:
		return models.Kind(c.n).Key()
	case models.FacetState:
		return models.InsightState(c.n).Key()
	case models.FacetRegime:
		return models.Regime(c.n).Key()
	}
	return models.Label(c.n).Key()
}

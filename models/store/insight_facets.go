package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"rotunda/models"
)

// InsightFacets counts the insights that the filter lets through for the
// viewer, and how they divide over every facet, each as disclosed to the
// viewer. Beyond models.MostMatches only the newest are counted.
func (s *Store) InsightFacets(ctx context.Context, v models.Viewer, filter models.InsightFilter) (models.InsightFacets, error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return models.InsightFacets{}, err
	}
	all, err := d.tally(ctx, filter)
	if err != nil {
		return models.InsightFacets{}, err
	}
	out := models.InsightFacets{Total: all.n, Capped: all.capped, Rooms: len(all.counts[models.FacetRoundtable])}
	for _, facet := range models.Facets {
		t := all
		if len(filter.On[facet]) > 0 {
			// Chosen values widen each other: beside them stands what another
			// one would add.
			if t, err = d.tally(ctx, filter.WithoutFacet(facet)); err != nil {
				return models.InsightFacets{}, err
			}
		}
		out.Groups = append(out.Groups, models.FacetGroup{Facet: facet, Capped: t.capped, Values: facetValues(t.counts[facet], filter, facet)})
	}
	return out, d.nameFacets(ctx, &out)
}

func facetValues(counts map[string]int, filter models.InsightFilter, facet models.Facet) []models.FacetValue {
	var out []models.FacetValue
	for key, n := range counts {
		out = append(out, models.FacetValue{Key: key, N: n, On: filter.Has(facet, key)})
	}
	for _, key := range filter.On[facet] {
		if _, ok := counts[key]; !ok {
			out = append(out, models.FacetValue{Key: key, On: true})
		}
	}
	return out
}

// tally is one pass over the newest matches.
type tally struct {
	n      int
	capped bool
	counts map[models.Facet]map[string]int
}

// facetCells is what a match counts under, packed into one text: a line for
// every match, so that two thousand of them cost one row of the driver.
// The number holds pillars, kind, state, and what team and staff, partners and
// public are shown.
const facetCells sqlText = `SELECT count(*) AS n, string_agg(line, ';') AS lines FROM (
	SELECT CAST(i.roundtable_id AS TEXT) || ' ' || CAST(i.pillar_mask AS TEXT) || ' ' || CAST(i.kind AS TEXT) || ' ' ||
		CAST(i.state AS TEXT) || ' ' || CAST(i.regime AS TEXT) || ' ' || CAST(i.team_sector AS TEXT) || ' ' `

func (d finder) tally(ctx context.Context, filter models.InsightFilter) (tally, error) {
	t := tally{counts: map[models.Facet]map[string]int{}}
	for _, facet := range models.Facets {
		t.counts[facet] = map[string]int{}
	}
	w, ok := d.find(filter)
	if !ok {
		return t, nil
	}
	var got struct {
		N     int
		Lines string
	}
	q := facetCells + d.shownCells() + ` || ' ' || i.code_ids AS line
		FROM insight_search f JOIN insights i` + d.coveredBy() + ` ON i.pos = ` + d.pos() + w.text() + " ORDER BY " + d.pos() + " DESC LIMIT ?) AS newest"
	if err := d.s.get(ctx, &got, q, append(w.args, models.MostMatches+1)...); err != nil {
		return t, err
	}
	c := counter{d: d, tally: &t, codes: map[string]models.CodeEntry{}}
	for _, e := range d.book {
		c.codes[e.ID.String()] = e
	}
	t.n = got.N
	if t.capped = got.N > models.MostMatches; t.capped {
		t.n = models.MostMatches
	}
	for line := range strings.SplitSeq(got.Lines, ";") {
		if line == "" || c.seen == models.MostMatches {
			break
		}
		c.add(line)
	}
	c.flush()
	return t, nil
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
		return " || CAST(i.label_partner AS TEXT) || ' ' || CAST(i.shown_partner AS TEXT)"
	case models.Public:
		return " || CAST(i.label_public AS TEXT) || ' ' || CAST(i.shown_public AS TEXT)"
	}
	return " || CAST(i.label_staff AS TEXT) || ' ' || CAST(i.shown_staff AS TEXT)"
}

// counter reads the lines of a pass.
type counter struct {
	d     finder
	tally *tally
	codes map[string]models.CodeEntry
	seen  int

	rooms   map[string]int
	team    map[string]bool
	byCode  map[string]int
	pillars [6]int
	small   map[smallCell]int
}

// smallCell is a facet with few values, counted by number.
type smallCell struct {
	facet models.Facet
	n     int
}

// add counts one line: room, pillars, kind, state, regime, sector, label and
// regime as shown outside, then the codes.
func (c *counter) add(line string) {
	if c.rooms == nil {
		c.rooms, c.team, c.byCode, c.small = map[string]int{}, map[string]bool{}, map[string]int{}, map[smallCell]int{}
		for _, circle := range c.d.circles {
			for _, id := range circle.rooms {
				if circle.audience == models.Team {
					c.team[strconv.FormatInt(int64(id), 10)] = true
				}
			}
		}
	}
	c.seen++
	room, rest, _ := strings.Cut(line, " ")
	var n [7]int
	for i := range n {
		var word string
		word, rest, _ = strings.Cut(rest, " ")
		n[i], _ = strconv.Atoi(word) // written by the database
	}
	mask, kind, state, regime, sector, label, shown := n[0], n[1], n[2], n[3], n[4], n[5], n[6]
	audience := models.Staff
	if c.team[room] || c.everywhereTeam() {
		audience, shown = models.Team, regime
	} else if shown == int(models.RegimeNone) {
		shown = regime
	}
	c.rooms[room]++
	c.small[smallCell{models.FacetKind, kind}]++
	c.small[smallCell{models.FacetState, state}]++
	c.small[smallCell{models.FacetRegime, shown}]++
	c.small[smallCell{models.FacetLabel, int(models.CountedUnder(audience, models.Regime(regime), models.Label(label), models.Sector(sector)))}]++
	if mask == 0 {
		c.pillars[0]++
	}
	for p := range 5 {
		c.pillars[p+1] += mask >> p & 1
	}
	for rest != "" {
		var id string
		id, rest, _ = strings.Cut(rest, " ")
		c.byCode[id]++
	}
}

// everywhereTeam reports whether the viewer, a job of the system, reads every
// roundtable as its team.
func (c *counter) everywhereTeam() bool {
	return slices.ContainsFunc(c.d.circles, func(c circle) bool { return c.other && c.audience == models.Team })
}

// flush writes what was counted under the keys of the facets.
func (c *counter) flush() {
	counts := c.tally.counts
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
	for id, n := range c.byCode {
		e, ok := c.codes[id]
		if !ok {
			continue
		}
		for _, facet := range models.Facets {
			if kind, isCode := facet.Code(); isCode && kind == e.Kind {
				counts[facet][e.Key] = n
			}
		}
	}
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

func pillarKey(p models.Pillar) string {
	if p == models.PillarNone {
		return models.NoPillar
	}
	return p.Letter()
}

// mostRooms is how many roundtables a facet names.
const mostRooms = 20

// nameFacets gives every value its name and every group its order: pillars,
// labels, kinds, rules and states as they always stand, the rest by count.
func (d finder) nameFacets(ctx context.Context, f *models.InsightFacets) error {
	for g := range f.Groups {
		group := &f.Groups[g]
		byCount := func(a, b models.FacetValue) int {
			return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
		}
		if group.Facet == models.FacetRoundtable {
			slices.SortFunc(group.Values, byCount)
			kept := 0
			group.Values = slices.DeleteFunc(group.Values, func(v models.FacetValue) bool { kept++; return kept > mostRooms && !v.On })
			if err := d.nameRooms(ctx, group.Values); err != nil {
				return err
			}
			slices.SortFunc(group.Values, byCount)
			continue
		}
		rank := map[string]int{}
		for i := range group.Values {
			v := &group.Values[i]
			v.Name, rank[v.Key] = d.facetName(group.Facet, v.Key)
		}
		slices.SortFunc(group.Values, func(a, b models.FacetValue) int {
			return cmp.Or(cmp.Compare(rank[a.Key], rank[b.Key]), byCount(a, b))
		})
	}
	return nil
}

// facetName returns the name of a facet's key and where it stands among the
// others; zero where that is by count.
func (d finder) facetName(facet models.Facet, key string) (string, int) {
	if kind, ok := facet.Code(); ok {
		for _, e := range d.book {
			if e.Kind == kind && e.Key == key {
				return e.Name, 0
			}
		}
		return key, 0
	}
	switch facet {
	case models.FacetPillar:
		if p, ok := models.ParsePillar(key); ok {
			return p.Name(), int(p)
		}
		return "None yet", len(models.Pillars) + 1
	case models.FacetLabel:
		l, _ := models.ParseLabel(key)
		return l.Name(), slices.Index(models.Labels, l) + 1
	case models.FacetKind:
		k, _ := models.ParseKind(key)
		return k.Name(), int(k) + 1
	case models.FacetRegime:
		r, _ := models.ParseRegime(key)
		return r.Name(), int(r) + 1
	case models.FacetState:
		s, _ := models.ParseInsightState(key)
		return s.Name(), int(s) + 1
	}
	return key, 0
}

// nameRooms gives roundtables their titles. One that does not exist for the
// viewer, and yet stands in the address, stays without.
func (d finder) nameRooms(ctx context.Context, values []models.FacetValue) error {
	ids := make([]models.ID, 0, len(values))
	for _, v := range values {
		if id, err := models.ParseID(v.Key); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	visible := visibleRooms(d.viewer, "r")
	var rows []struct {
		ID    models.ID
		Title string
	}
	if err := d.s.list(ctx, &rows, "SELECT r.id, r.title FROM roundtables r WHERE r.id IN ? AND "+visible.cond, append([]any{ids}, visible.args...)...); err != nil {
		return err
	}
	for i := range values {
		values[i].Name = "A roundtable"
		for _, r := range rows {
			if r.ID.String() == values[i].Key {
				values[i].Name = r.Title
			}
		}
	}
	return nil
}

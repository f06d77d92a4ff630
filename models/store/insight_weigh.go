package store

import (
	"context"
	"strings"

	"rotunda/models"
)

// weighing asks matches, newest first, which of the chosen facets they hold, and
// counts those that hold all, and those that hold all but one.
type weighing struct {
	chosen  []models.Facet
	asks    []asked
	all     *counter
	without []*counter // by facet of chosen
	holding []int      // how many matches hold each facet of chosen
	last    int64      // the position of the oldest match
}

// nobody is no facet of those chosen.
const nobody = -1

func (d finder) weighing(filter models.InsightFilter, chosen []models.Facet) *weighing {
	w := &weighing{chosen: chosen, all: d.counter(), holding: make([]int, len(chosen))}
	for _, facet := range chosen {
		w.without, w.asks = append(w.without, d.counter()), append(w.asks, d.asked(facet, filter.On[facet]))
	}
	return w
}

// add weighs the next matches. Where those are only the ones that hold a facet,
// nothing is learned of what lacks it.
func (w *weighing) add(rows []cells, by int) {
	for _, row := range rows {
		lacks, lacking := 0, nobody
		for i := range w.asks {
			if w.asks[i].holds(row) {
				w.holding[i]++
			} else {
				lacks, lacking = lacks+1, i
			}
		}
		switch {
		case lacks == 0:
			w.all.add(row)
			for i := range w.without {
				if i != by {
					w.without[i].add(row)
				}
			}
		case lacks == 1:
			w.without[lacking].add(row)
		}
		w.last = row.pos
	}
}

// end says that there is no further match or, with a facet, none that holds it.
func (w *weighing) end(by int) {
	w.all.whole = true
	for i := range w.without {
		if i != by {
			w.without[i].whole = true
		}
	}
}

// rarest returns the facet that the fewest matches hold. It is nobody where it
// would not help to weigh those alone: then the search index is asked for what
// holds all.
func (w *weighing) rarest() int {
	if len(w.chosen) < 2 {
		return nobody
	}
	by := 0
	for i, n := range w.holding {
		if n < w.holding[by] {
			by = i
		}
	}
	if w.ahead(by) == 0 {
		return nobody
	}
	return by
}

// ahead guesses, by what was seen so far, how many of the next matches that hold
// a facet are to be weighed until enough hold all. It is zero where there is
// nothing to guess from, nothing left to count or too much to weigh.
func (w *weighing) ahead(by int) int {
	if w.all.n == 0 || w.all.final() {
		return 0
	}
	most := (models.MostMatches+1-w.all.n)*w.holding[by]/w.all.n*9/8 + InsightsPerPage
	if most > mostWeighed {
		return 0
	}
	return most
}

// narrow goes on weighing with the matches that hold one facet, until enough
// hold all. One walk through the long lists of the words so does for what holds
// all, and for what lacks any other facet.
func (d finder) narrow(ctx context.Context, filter models.InsightFilter, w *weighing, by int) error {
	for i, facet := range w.chosen {
		if i != by {
			filter = filter.WithoutFacet(facet)
		}
	}
	for most, left := w.ahead(by), mostWeighed; most > 0 && left > 0; most = w.ahead(by) {
		q, ok := d.find(filter)
		if !ok {
			return nil
		}
		d.bound(&q, w.last, false)
		rows, kept, err := d.keptCells(ctx, q, most)
		if err != nil || !kept {
			return err
		}
		w.add(rows, by)
		if len(rows) < most {
			w.end(by)
		}
		left -= most
	}
	return nil
}

// tallies writes what was counted.
func (w *weighing) tallies() (all tally, without map[models.Facet]tally) {
	without = map[models.Facet]tally{}
	for i, facet := range w.chosen {
		without[facet] = w.without[i].tally()
	}
	return w.all.tally(), without
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

package store

import (
	"cmp"
	"context"
	"slices"

	"rotunda/models"
)

// Explore returns a page of what the filter lets through for the viewer and how
// all of it divides over the facets: Insights and InsightFacets, found at the
// same time.
//
// The newest matches are counted in any case, and where the page is among them,
// it is read by their positions: to search for them again costs as much as all
// the rest.
func (s *Store) Explore(ctx context.Context, v models.Viewer, filter models.InsightFilter, at Cursor) (page InsightPage, facets models.InsightFacets, err error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return page, facets, err
	}
	if byRank(filter) || at == (Cursor{}) && d.order(filter).purpose == cursorPosition {
		facets, err = d.facets(ctx, filter, func(found []int64) (err error) { page, err = d.pageOf(ctx, filter, found, at); return err })
		return page, facets, err
	}
	err = together(
		func() (err error) { page, err = s.Insights(ctx, v, filter, at); return err },
		func() (err error) { facets, err = d.facets(ctx, filter, nil); return err },
	)
	return page, facets, err
}

// InsightFacets counts the insights that the filter lets through for the
// viewer, and how they divide over every facet, each as disclosed to the
// viewer. Beyond models.MostMatches only the newest are counted.
func (s *Store) InsightFacets(ctx context.Context, v models.Viewer, filter models.InsightFilter) (models.InsightFacets, error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return models.InsightFacets{}, err
	}
	return d.facets(ctx, filter, nil)
}

// facets counts as InsightFacets says. As soon as the positions of the newest
// matches are known, newest first, it hands them to found, which may be nil.
func (d finder) facets(ctx context.Context, filter models.InsightFilter, found func([]int64) error) (models.InsightFacets, error) {
	filter = d.canonical(filter)
	all, without, err := d.tallies(ctx, filter, found)
	if err != nil {
		return models.InsightFacets{}, err
	}
	out := models.InsightFacets{Total: all.n, Capped: all.capped, Rooms: len(all.counts[models.FacetRoundtable])}
	for _, facet := range models.Facets {
		t := all
		if len(filter.On[facet]) > 0 {
			t = without[facet]
		}
		out.Groups = append(out.Groups, models.FacetGroup{Facet: facet, Capped: t.capped, Values: facetValues(t.counts[facet], filter, facet)})
	}
	return out, d.nameFacets(ctx, &out)
}

// canonical names codes that were merged by what took their place.
func (d finder) canonical(filter models.InsightFilter) models.InsightFilter {
	for _, facet := range models.Facets {
		kind, ok := facet.Code()
		if !ok {
			continue
		}
		for _, key := range filter.On[facet] {
			if e, known := d.book.Resolve(kind, key); known && e.Key != key {
				filter = filter.Without(facet, key).With(facet, e.Key)
			}
		}
	}
	for i, k := range filter.Also {
		if kind, ok := k.Facet.Code(); ok {
			if e, known := d.book.Resolve(kind, k.Key); known && e.Key != k.Key {
				filter.Also = slices.Clone(filter.Also)
				filter.Also[i].Key = e.Key
			}
		}
	}
	return filter
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

func pillarKey(p models.Pillar) string {
	if p == models.PillarNone {
		return models.NoPillar
	}
	return p.Letter()
}

// mostRooms is how many roundtables a facet names.
const mostRooms = 20

// nameFacets gives every value its name and every group its order: pillars,
// labels, kinds, rules and states as they always stand, fronts and forums as in
// the codebook, the rest by count.
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
		at := slices.IndexFunc(d.book, func(e models.CodeEntry) bool { return e.Kind == kind && e.Key == key })
		switch {
		case at < 0:
			return key, 0
		case kind == models.CodeTag: // many, so the frequent ones first
			return d.book[at].Name, 0
		}
		return d.book[at].Name, at + 1
	}
	switch facet {
	case models.FacetPillar:
		if p, ok := models.ParsePillar(key); ok {
			return p.Name(), int(p)
		}
		return "No pillar", len(models.Pillars) + 1
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

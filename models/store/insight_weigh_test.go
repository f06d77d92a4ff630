package store_test

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// Of more than the newest matches only some are weighed; whatever is done for
// the rest, the counts are those of the search index.
func TestInsights_facetsOfManyCountTheSame(t *testing.T) {
	w := newReadWorld(t, 26_000)
	viewers := map[string]models.Viewer{"lead": w.lead, "other staff": w.other}
	keys := map[models.Facet][]string{
		models.FacetPillar: {"S", "T", "E", "none"}, models.FacetKind: {"claim", "proposal", "dissent"}, models.FacetForum: {"nato", "quad"},
		models.FacetState: {"captured", "reviewed", "released"}, models.FacetRegime: {"record", "chatham", "deep"},
	}
	deep := 0
	check := func(name string, f models.InsightFilter) {
		kept, read, narrowed, err := w.st.TalliesOfMany(t.Context(), viewers[name], f)
		if err != nil {
			t.Fatal(err)
		}
		if kept != read {
			t.Errorf("%s: %v counts\n%s\nand the search index says\n%s", name, f.Values(), kept, read)
		}
		if narrowed {
			deep++
		}
	}
	for name := range viewers {
		for one, ones := range keys {
			for two, twos := range keys {
				for n := range min(len(ones), len(twos)) {
					check(name, models.InsightFilter{Text: "w* t*"}.With(one, ones[n]).With(two, twos[n]))
					check(name, models.InsightFilter{Text: "w* -nato"}.With(one, ones[n]).With(two, twos[len(twos)-1-n]).With(models.FacetKind, "claim"))
				}
			}
		}
	}
	t.Logf("%d weighed beyond the newest matches", deep)
	if deep < 10 && !storetest.Postgres() {
		t.Error("too few were weighed beyond the newest matches")
	}
}

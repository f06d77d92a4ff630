package models_test

import (
	"testing"

	"rotunda/models"
)

func TestInsightFilter_twoKeysOfOneFacetAreEitherOrBoth(t *testing.T) {
	both := models.InsightFilter{}.With(models.FacetPillar, "S").WithAlso(models.FacetPillar, "T")
	read := models.ParseInsightFilter(both.Values())
	if len(read.Also) != 1 || read.Also[0] != (models.FacetKey{Facet: models.FacetPillar, Key: "T"}) || read.Chosen() != 2 {
		t.Errorf("%q is read as %+v", both.Values().Encode(), read)
	}
	if left := read.WithoutAlso(read.Also[0]); len(left.Also) != 0 || left.Chosen() != 1 || len(read.Also) != 1 {
		t.Errorf("without it: %+v of %+v", left, read)
	}
	for _, bad := range []string{"pillar:X", "pillar", "roundtable:aa", "nothing:S", ":", "kind:joke"} {
		if f := models.ParseInsightFilter(map[string][]string{"also": {bad}}); len(f.Also) != 0 {
			t.Errorf("%q is read as %+v", bad, f.Also)
		}
	}
}

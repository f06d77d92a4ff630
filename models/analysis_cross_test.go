package models_test

import (
	"testing"

	"rotunda/models"
)

// TestCross_everyGapHasALetterOfItsOwn fills a table with more gaps than an
// alphabet has letters, and than two have.
func TestCross_everyGapHasALetterOfItsOwn(t *testing.T) {
	c := models.Cross{Query: models.AnalysisQuery{Rows: models.DimForum, Columns: models.DimSector}, Insights: 1}
	for _, s := range models.Sectors {
		c.Columns = append(c.Columns, models.CrossKey{Name: s.Name(), Number: uint64(models.Label(s))})
	}
	for range 120 {
		c.Rows = append(c.Rows, models.CrossKey{Name: "A forum"})
		c.N = append(c.N, make([]int, len(c.Columns)))
	}
	seen := map[string]bool{}
	for _, g := range c.Gaps(1) {
		if seen[g.Letter] {
			t.Fatalf("two gaps are called %q", g.Letter)
		}
		seen[g.Letter] = true
	}
	for _, letter := range []string{"a", "z", "aa", "az", "ba", "zz", "aaa"} {
		if !seen[letter] {
			t.Errorf("of %d gaps none is called %q", len(seen), letter)
		}
	}
}

// TestCross_saysThatNothingMeetsWhereOnlyTheDiagonalCounts: every tag is used,
// and no insight carries two.
func TestCross_saysThatNothingMeetsWhereOnlyTheDiagonalCounts(t *testing.T) {
	c := models.Cross{Query: models.AnalysisQuery{Rows: models.DimTag, Columns: models.DimTag}, N: [][]int{{3, 0}, {0, 4}}}
	c.Rows, c.Columns = make([]models.CrossKey, 2), make([]models.CrossKey, 2)
	if got := c.Finding(0); got != "No insight carries two of these yet" {
		t.Errorf("%q", got)
	}
	c.N = [][]int{{0, 0}, {0, 0}}
	if got := c.Finding(0); got != "Nothing has been counted here yet" {
		t.Errorf("of nothing: %q", got)
	}
}

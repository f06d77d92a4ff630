package models_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rotunda/models"
)

// TestBriefContent_heardCountsWhatTheBriefTells draws insights with every
// attribution that a publication can hold, and counts them in another way.
func TestBriefContent_heardCountsWhatTheBriefTells(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		words := map[string]models.Sector{
			models.LabelNone.Words(): 0, models.LabelGovernment.Words(): 0, "Ann Lee, Director, Harrow": 0, "": 0,
		}
		for _, s := range models.Sectors {
			words[models.Label(s).Words()] = s
		}
		attributions := slices.Sorted(maps.Keys(words))
		var c models.BriefContent
		want, rest := map[models.Sector]int{}, 0
		for n := range rapid.IntRange(0, 30).Draw(rt, "insights") {
			i := models.BriefInsight{ID: models.ID(n + 1), Attribution: rapid.SampledFrom(attributions).Draw(rt, "attribution")}
			if s := words[i.Attribution]; s != models.SectorNone {
				want[s]++
			} else {
				rest++
			}
			c.Cited = append(c.Cited, i)
			if rapid.Bool().Draw(rt, "in a theme too") {
				c.Themes = append(c.Themes, models.BriefTheme{Insights: []models.BriefInsight{i}})
			}
		}
		sectors, others := c.Heard()
		if others != rest || len(sectors) != len(want) {
			rt.Fatalf("%d without a sector, want %d; %v, want %v", others, rest, sectors, want)
		}
		for n, h := range sectors {
			if h.Insights != want[h.Sector] || n > 0 && h.Insights > sectors[n-1].Insights {
				rt.Fatalf("%v, want %v, most first", sectors, want)
			}
		}
	})
}

package store_test

import (
	"slices"
	"testing"

	"rotunda/models"
)

// TestUnheardTopics_areWhatTheRowsSay compares every topic with the insights
// as they are disclosed, before and after they were counted and where a room
// was counted before topics were.
func TestUnheardTopics_areWhatTheRowsSay(t *testing.T) {
	w := newReadWorld(t, 60)
	w.sayMore(t, 120)
	check := func(when string) {
		t.Helper()
		for name, v := range map[string]models.Viewer{"lead": w.lead, "other staff": w.other, "lead as staff": w.lead.Capped(models.Staff)} {
			insights := w.everything(t, v)
			for _, q := range []models.AnalysisQuery{{}, {Since: "2026-04", Until: "2026-06"}, {Roundtable: w.rooms[2]}} {
				got, err := w.st.UnheardTopics(t.Context(), v, q, 1)
				if err != nil || got.Topics == 0 {
					t.Fatal(got.Topics, err)
				}
				w.checkTopics(t, when+", "+name, got, q, insights)
			}
		}
	}
	check("from the rows")
	rebuildAnalysis(t, w.st)
	check("counted")
	w.exec("DELETE FROM analysis_cells WHERE dim_a = 100")
	check("counted before topics were")
	rebuildAnalysis(t, w.st)
	var left int
	if err := w.st.Rows(t.Context(), &left, "SELECT count(*) FROM analysis_cells WHERE dim_a = 100"); err != nil || left == 0 {
		t.Fatalf("%d rooms have their topics after a recount: %v", left, err)
	}
	check("counted again")
}

func (w *readWorld) checkTopics(t *testing.T, what string, got models.TopicGaps, q models.AnalysisQuery, insights []models.Insight) {
	t.Helper()
	touched := 0
	for _, g := range got.Gaps {
		f, ok := g.Filter(q, nil)
		if !ok {
			t.Fatalf("%s: no filter for %+v", what, g)
		}
		n, from := 0, map[models.Sector]bool{}
		for _, i := range insights {
			if f.Matches(i) {
				n++
				from[i.TableLabel().Sector()] = true
			}
		}
		if n != g.N || n == 0 {
			t.Errorf("%s: %v with %s and %s counts %d, the list has %d", what, g.Pillar, g.FrontName, g.ForumName, g.N, n)
		}
		for _, s := range models.Sectors {
			if s != models.HostStaff && (slices.Contains(g.Heard, s) != from[s] || slices.Contains(g.Silent, s) == from[s]) {
				t.Errorf("%s: %s was heard %v on %+v", what, s.Name(), from[s], g)
			}
		}
		touched++
	}
	for _, i := range insights {
		if q == (models.AnalysisQuery{}) && len(i.Fronts()) > 0 && len(i.Forums()) > 0 && i.PillarMask() != 0 && touched == 0 {
			t.Fatalf("%s: nothing is told of %q", what, i.Text())
		}
	}
	if touched > got.Topics-got.Untouched {
		t.Errorf("%s: %d topics have gaps, %d of %d are untouched", what, touched, got.Untouched, got.Topics)
	}
}

package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

// TestAnalysis_everyCellIsTheCountOfTheListBehindIt asks for every pair of
// dimensions, before and after the counts were built, and after changes.
func TestAnalysis_everyCellIsTheCountOfTheListBehindIt(t *testing.T) {
	w := newReadWorld(t, 150)
	w.checkAnalysis(t, "from the rows")
	rebuildAnalysis(t, w.st)
	w.checkAnalysis(t, "built")
	w.sayMore(t, 30)
	w.checkAnalysis(t, "built, with new ones")
	rebuildAnalysis(t, w.st)
	w.checkAnalysis(t, "built again")
}

// sayMore adds insights to the public rooms.
func (w *readWorld) sayMore(t *testing.T, n int) {
	t.Helper()
	var rows []store.LoadedInsight
	for i := range n {
		room := w.rooms[i%len(w.rooms)]
		rows = append(rows, store.LoadedInsight{CaptureInput: models.CaptureInput{
			Roundtable: room, ClientID: fmt.Sprint("later", i), Line: "Later #s #e %nato ^networks", Speaker: w.guestOf[room][0],
		}, CapturedBy: w.lead.Account(), State: models.Reviewed})
	}
	if err := w.st.LoadInsights(t.Context(), models.System("test"), rows); err != nil {
		t.Fatal(err)
	}
	w.all = nil
	if err := w.st.Rows(t.Context(), &w.all, "SELECT id FROM insights ORDER BY seq"); err != nil {
		t.Fatal(err)
	}
}

func rebuildAnalysis(t *testing.T, st *store.Store) {
	t.Helper()
	for range 100 {
		more, err := st.RebuildAnalysis(t.Context(), models.System("test"))
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return
		}
	}
	t.Fatal("there is always more to count")
}

func (w *readWorld) checkAnalysis(t *testing.T, when string) {
	t.Helper()
	for name, v := range map[string]models.Viewer{"lead": w.lead, "other staff": w.other, "lead as staff": w.lead.Capped(models.Staff)} {
		insights := w.everything(t, v)
		checked, counted := 0, 0
		for _, rows := range models.Dimensions {
			for columns := models.DimPillar; columns <= models.DimRoundtable; columns++ {
				for _, q := range []models.AnalysisQuery{{Rows: rows, Columns: columns}, {Rows: rows, Columns: columns, Since: "2026-04", Until: "2026-06"}} {
					got, err := w.st.Analyse(t.Context(), v, q)
					if err != nil {
						t.Fatal(err)
					}
					n, sum := w.checkCross(t, fmt.Sprintf("%s, %s, %s by %s since %q", when, name, rows.Key(), columns.Key(), q.Since), got.Cross, insights)
					checked, counted = checked+n, counted+sum
				}
			}
		}
		if checked < 300 || counted == 0 {
			t.Errorf("%s, %s: only %d cells with %d insights were compared", when, name, checked, counted)
		}
	}
}

// checkCross compares every cell with the insights that its filter lets
// through; that a list agrees with the filter is shown elsewhere.
func (w *readWorld) checkCross(t *testing.T, what string, c models.Cross, insights []models.Insight) (cells, sum int) {
	t.Helper()
	for r := range c.Rows {
		for k := range c.Columns {
			f, ok := c.Filter(r, k, nil)
			if !ok {
				continue
			}
			want := 0
			for _, i := range insights {
				if f.Matches(i) {
					want++
				}
			}
			if c.N[r][k] != want {
				t.Errorf("%s: %s and %s count %d, the list has %d", what, c.Rows[r].Name, c.Columns[k].Name, c.N[r][k], want)
			}
			cells, sum = cells+1, sum+want
		}
	}
	return cells, sum
}

func TestAnalysis_listSaysWhatTheTableSays(t *testing.T) {
	w := newReadWorld(t, 200)
	rebuildAnalysis(t, w.st)
	for name, v := range map[string]models.Viewer{"lead": w.lead, "other staff": w.other} {
		for _, columns := range []models.Dimension{models.DimSector, models.DimPillar} {
			got, err := w.st.Analyse(t.Context(), v, models.AnalysisQuery{Rows: models.DimPillar, Columns: columns})
			if err != nil {
				t.Fatal(err)
			}
			for r := range got.Cross.Rows {
				for k := range got.Cross.Columns {
					f, ok := got.Cross.Filter(r, k, nil)
					facets, err := w.st.InsightFacets(t.Context(), v, models.ParseInsightFilter(f.Values()))
					if err != nil || !ok || facets.Total != got.Cross.N[r][k] {
						t.Errorf("%s: %s with %s counts %d, the list %d (%v)", name, got.Cross.Rows[r].Name, got.Cross.Columns[k].Name, got.Cross.N[r][k], facets.Total, err)
					}
				}
			}
		}
	}
}

func TestAnalysis_whatIsSaidMarksItsRoomAlone(t *testing.T) {
	w := newReadWorld(t, 50)
	rebuildAnalysis(t, w.st)
	var waiting int
	if err := w.st.Rows(t.Context(), &waiting, "SELECT count(*) FROM analysis_dirty"); err != nil || waiting != 0 {
		t.Fatalf("%d rooms wait after they were counted (%v)", waiting, err)
	}
	w.sayMore(t, 1)
	if err := w.st.Rows(t.Context(), &waiting, "SELECT count(*) FROM analysis_dirty"); err != nil || waiting != 1 {
		t.Errorf("one new insight marked %d rooms (%v)", waiting, err)
	}
}

func TestAnalysis_isForStaffAlone(t *testing.T) {
	w := newReadWorld(t, 10)
	for name, v := range map[string]models.Viewer{"co-host": w.cohost, "anonymous": models.Anonymous(), "capped": w.lead.Capped(models.Public)} {
		if _, err := w.st.Analyse(t.Context(), v, models.AnalysisQuery{Rows: models.DimPillar, Columns: models.DimSector}); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s reads the analysis: %v", name, err)
		}
	}
	if _, err := w.st.RebuildAnalysis(t.Context(), w.lead); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("an account counts anew: %v", err)
	}
}

// checkAnalysed fails where counts of the analysis stand unmarked and differ
// from a recount. It leaves everything counted, so that what comes next has to
// mark what it changes.
func (s *session) checkAnalysed() {
	s.t.Helper()
	cells := func() []string {
		var rows []struct {
			DimA, DimB, Scope int
			RoundtableID      models.ID
			Cells             []byte
		}
		if err := s.st.Rows(s.t.Context(), &rows, "SELECT * FROM analysis_cells ORDER BY dim_a, dim_b, scope, roundtable_id"); err != nil {
			s.t.Fatal(err)
		}
		out := make([]string, len(rows))
		for i, r := range rows {
			out[i] = fmt.Sprintf("%d %d %d %d %x", r.DimA, r.DimB, r.Scope, r.RoundtableID, r.Cells)
		}
		return out
	}
	before, marked := cells(), s.count("SELECT count(*) FROM analysis_dirty")
	s.exec("INSERT INTO analysis_dirty (roundtable_id) SELECT id FROM roundtables WHERE TRUE ON CONFLICT DO NOTHING")
	rebuildAnalysis(s.t, s.st)
	if after := cells(); marked == 0 && !slices.Equal(before, after) {
		s.t.Fatalf("nothing is marked, and the cells were\n%v\na recount says\n%v", before, after)
	}
}

func TestAnalysis_followsAMergeAndASplitOfCodes(t *testing.T) {
	s := newSession(t, threeSectors...)
	keep, gone := s.tag("cable repair"), s.tag("cable repairs old")
	s.capture("Said w1 @s4 #s +cable-repair")
	s.capture("Said w2 @s5 #t +cable-repairs-old")
	s.checkAnalysed()
	under := func(want ...int) {
		t.Helper()
		s.checkAnalysed()
		a, err := s.st.Analyse(t.Context(), s.lead, models.AnalysisQuery{Rows: models.DimTag, Columns: models.DimPillar})
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, r := range a.Cross.Rows {
			got = append(got, r.N)
		}
		if !slices.Equal(got, want) {
			t.Errorf("tags count %v, want %v", got, want)
		}
	}
	under(1, 1)
	undo, err := s.st.MergeCodes(t.Context(), s.other, models.MergeInput{Keep: keep.ID, Codes: []models.ID{keep.ID, gone.ID}})
	if err != nil {
		t.Fatal(err)
	}
	under(2)
	s.takeBack(undo)
	under(1, 1)
}

// TestAnalysis_followsASplitOfACode splits in both ways, with every room
// counted before each act, and takes it back.
func TestAnalysis_followsASplitOfACode(t *testing.T) {
	for _, both := range []bool{false, true} {
		s := newSession(t, threeSectors...)
		old := s.tag("cables")
		said := []models.ID{s.capture("Repair ships are few @s4 #s +cables").ID(), s.capture("Nobody maps the landing points @s5 #t +cables").ID()}
		if _, err := s.st.SetInsightStates(t.Context(), s.lead, said, models.Reviewed); err != nil {
			t.Fatal(err)
		}
		under := func(when string, want map[string]int) {
			t.Helper()
			s.checkAnalysed()
			a, err := s.st.Analyse(t.Context(), s.lead, models.AnalysisQuery{Rows: models.DimTag, Columns: models.DimPillar})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for _, r := range a.Cross.Rows {
				got[r.Name] = r.N
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s (both %v): tags count %v, want %v", when, both, got, want)
			}
		}
		under("before", map[string]int{"cables": 2})
		n, undo, err := s.st.SplitCode(t.Context(), s.other, old.ID, models.SplitInput{Name: "repair ships", Words: "repair", Both: both})
		if err != nil || n != 1 {
			t.Fatal(n, err)
		}
		after := map[string]int{"cables": 1, "repair ships": 1}
		if both {
			after["cables"] = 2
		}
		under("split", after)
		s.takeBack(undo)
		under("taken back", map[string]int{"cables": 2})
	}
}

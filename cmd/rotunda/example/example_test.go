package example_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"

	"rotunda/cmd/rotunda/example"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

func build(t *testing.T, o example.Options) (*store.Store, models.Viewer) {
	t.Helper()
	st, _ := storetest.Open(t)
	if err := example.Build(t.Context(), st, o); err != nil {
		t.Fatal(err)
	}
	return st, storetest.Viewer(t, st, "amara.lindgren@wisc.example")
}

// lines writes everything that a viewer reads of the roundtables and insights.
func lines(t *testing.T, st *store.Store, v models.Viewer) (rooms []models.RoundtableLine, insights []models.Insight) {
	t.Helper()
	page, err := st.Roundtables(t.Context(), v, models.RoundtableFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var at store.Cursor
	for {
		p, err := st.Insights(t.Context(), v, models.InsightFilter{}, at)
		if err != nil {
			t.Fatal(err)
		}
		insights = append(insights, p.Insights...)
		if p.Next == "" {
			return page.Lines, insights
		}
		at = store.Cursor{After: p.Next}
	}
}

func TestBuild_isWhatAnInstituteStartsWith(t *testing.T) {
	st, admin := build(t, example.Options{})
	rooms, insights := lines(t, st, admin)
	if len(rooms) != 8 || admin.Role() != models.RoleAdmin {
		t.Errorf("%d roundtables, first account is %s", len(rooms), admin.Role().Name())
	}
	status := map[models.RoundtableStatus]int{}
	for _, r := range rooms {
		status[r.Status]++
		if admin.TeamRole(r.ID) != models.TeamLead || !r.Example {
			t.Errorf("%q: the first account is %s", r.Title, admin.TeamRole(r.ID).Name())
		}
	}
	for want, n := range map[models.RoundtableStatus]int{models.Closed: 3, models.Held: 2, models.Scheduled: 2, models.Draft: 1} {
		if status[want] != n {
			t.Errorf("%s: %d roundtables, want %d", want.Name(), status[want], n)
		}
	}
	series, err := st.Series(t.Context(), admin)
	if err != nil || len(series) != 3 {
		t.Errorf("series: %v, %v", series, err)
	}
	checkInsights(t, insights)
}

func checkInsights(t *testing.T, insights []models.Insight) {
	t.Helper()
	open, released, untagged := 0, 0, 0
	seen := map[string]bool{}
	kinds, pillars, codes := map[models.Kind]int{}, map[models.Pillar]int{}, map[string]int{}
	for _, i := range insights {
		if i.Regime() == models.OffTheRecord {
			continue
		}
		open++
		if i.State() == models.Released {
			released++
		}
		if i.PillarMask() == 0 {
			untagged++
		}
		if seen[i.Text()] {
			t.Errorf("said twice: %q", i.Text())
		}
		seen[i.Text()] = true
		kinds[i.Kind()]++
		pillars[i.PrimaryPillar()]++
		for _, list := range [][]models.CodeRef{i.Actions(), i.Fronts(), i.Forums(), i.Tags()} {
			for _, c := range list {
				codes[c.Name]++
			}
		}
	}
	t.Logf("%d insights, %d not off the record, %d released, %d without a pillar", len(insights), open, released, untagged)
	if open < 300 || released < 100 || untagged == 0 || open == len(insights) {
		t.Error("too few of them")
	}
	for _, k := range models.Kinds {
		if kinds[k] == 0 {
			t.Errorf("no %s", k.Name())
		}
	}
	for _, p := range models.Pillars {
		if pillars[p] < 10 {
			t.Errorf("%d on %s", pillars[p], p.Name())
		}
	}
	for _, c := range models.DefaultCodes() {
		if (c.Kind == models.CodeAction || c.Kind == models.CodeFront || c.Kind == models.CodeForum) && codes[c.Name] == 0 {
			t.Errorf("nothing on %s", c.Name)
		}
	}
}

func TestBuild_onlyThePublicRecordNamesRealPeople(t *testing.T) {
	st, admin := build(t, example.Options{})
	people, err := st.People(t.Context(), admin, models.PersonFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	invented, sectors := 0, map[models.Sector]int{}
	real := map[string]bool{}
	for _, p := range people.People {
		if p.Notes == "Invented for the example." {
			invented++
			sectors[p.Sector]++
			continue
		}
		real[p.FullName()] = true
		if p.Email != "" || !p.DoNotContact {
			t.Errorf("%s could be written to", p.FullName())
		}
	}
	if invented != 40 || len(sectors) != 7 || len(real) != 3 {
		t.Errorf("%d invented guests of %d sectors, real: %v", invented, len(sectors), real)
	}
	_, insights := lines(t, st, admin)
	named := 0
	for _, i := range insights {
		if real[i.SpeakerName()] {
			named++
			if i.Regime() != models.OnTheRecord {
				t.Errorf("%s speaks under %s", i.SpeakerName(), i.Regime().Name())
			}
		} else if i.Regime() == models.OnTheRecord {
			t.Errorf("an invented person is on the record: %v", i)
		}
	}
	if named < 40 {
		t.Errorf("%d published sentences", named)
	}
}

func TestBuild_answersAndLabelsDiffer(t *testing.T) {
	st, admin := build(t, example.Options{})
	rooms, _ := lines(t, st, admin)
	states := map[models.GuestState]int{}
	for _, r := range rooms {
		for _, segment := range []models.GuestSegment{models.SegmentAll, models.SegmentWithdrawn} {
			list, err := st.Guests(t.Context(), admin, r.ID, models.GuestFilter{Segment: segment})
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range list.Guests {
				states[g.State]++
			}
		}
	}
	for _, want := range []models.GuestState{
		models.Shortlisted, models.Invited, models.Accepted, models.Tentative, models.Declined, models.Waitlisted,
		models.Attended, models.NoShow, models.Reconfirm, models.Withdrawn,
	} {
		if states[want] == 0 {
			t.Errorf("nobody is %q: %v", want.Name(), states)
		}
	}
	_, seen := lines(t, st, storetest.Viewer(t, st, "priya.ramanathan@wisc.example"))
	labels := map[models.Level]int{}
	for _, i := range seen {
		labels[i.Label().Level()]++
	}
	t.Logf("a reader sees %d insights: %v", len(seen), labels)
	for _, l := range []models.Level{models.Content, models.GroupLevel, models.SectorLevel, models.Named} {
		if labels[l] == 0 {
			t.Errorf("no insight at level %d", l)
		}
	}
}

func TestBuild_isTheSameEachTime(t *testing.T) {
	digest := func() [32]byte {
		st, admin := build(t, example.Options{})
		rooms, insights := lines(t, st, admin)
		var all string
		for _, r := range rooms {
			all += fmt.Sprintln(r.ID, r.Title, r.Starts, r.Seated)
		}
		for _, i := range insights {
			all += fmt.Sprintln(i.ID(), i.Text(), i.Attribution(), i.CapturedAt())
		}
		return sha256.Sum256([]byte(all))
	}
	first, second := digest(), digest()
	if first != second {
		t.Error("two builds on the same day differ")
	}
}

func TestBuild_growsToWhatIsAskedFor(t *testing.T) {
	var last, total int
	st, admin := build(t, example.Options{Insights: 1200, Progress: func(done, of int) { last, total = done, of }})
	if last != 1200 || total != 1200 {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	n, _, err := st.CountInsights(t.Context(), storetest.Viewer(t, st, "tobias.achterberg@wisc.example"), models.InsightFilter{})
	if err != nil || n < 800 {
		t.Errorf("the convener reads %d, %v", n, err)
	}
	rooms, _ := lines(t, st, admin)
	led := 0
	for _, r := range rooms {
		if admin.TeamRole(r.ID) != models.TeamNone {
			led++
		}
	}
	if led != 8 || len(rooms) < 9 {
		t.Errorf("the first account is on %d teams of %d roundtables", led, len(rooms))
	}
	var pillars, all int
	_, insights := lines(t, st, storetest.Viewer(t, st, "tobias.achterberg@wisc.example"))
	for _, i := range insights {
		pillars += len(models.PillarsOf(i.PillarMask()))
		all++
	}
	if mean := float64(pillars) / float64(all); mean < 1.25 || mean > 1.6 {
		t.Errorf("%.2f pillars each", mean)
	}
}

func TestBuild_needsAnEmptyDatabase(t *testing.T) {
	st, _ := storetest.Open(t)
	storetest.Account(t, st, "Al Ready", models.RoleAdmin)
	if err := example.Build(t.Context(), st, example.Options{}); !errors.Is(err, example.ErrNotEmpty) {
		t.Errorf("%v", err)
	}
}

func TestBuild_goesAwayInOneAct(t *testing.T) {
	st, admin := build(t, example.Options{})
	if err := st.RemoveExample(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	admin = storetest.Viewer(t, st, admin.Email())
	rooms, insights := lines(t, st, admin)
	people, err := st.People(t.Context(), admin, models.PersonFilter{})
	if err != nil || len(rooms)+len(insights)+len(people.People) != 0 {
		t.Errorf("left: %d roundtables, %d insights, %d people, %v", len(rooms), len(insights), len(people.People), err)
	}
	h, err := st.Home(t.Context(), admin)
	if err != nil || !h.Fresh || !h.Coverage.Empty() || h.Example {
		t.Errorf("home: %+v, %v", h, err)
	}
}

// left is what stays in a table when nothing was ever built: what a migration
// writes, and what removing the example itself writes.
var left = map[string]int{"accounts": 1, "codes": -1, "codebook_versions": 1}

func TestBuild_leavesNothingInAnyTable(t *testing.T) {
	dsn := storetest.NewDSN(t)
	st, _ := storetest.OpenDSN(t, dsn)
	if err := example.Build(t.Context(), st, example.Options{}); err != nil {
		t.Fatal(err)
	}
	db := storetest.RawDB(t, dsn)
	count := func(table string) (n int) {
		if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, table := range []string{
		"themes", "theme_insights", "recommendations", "panels", "panelists", "scores", "panel_remarks", "briefs", "brief_reviews", "brief_comments",
		"publications", "publication_insights", "commitments", "revisions", "insight_search",
	} {
		if count(table) == 0 {
			t.Errorf("the example has no %s", table)
		}
	}
	codes := count("codes")
	admin := storetest.Viewer(t, st, "amara.lindgren@wisc.example")
	if err := st.RemoveExample(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	for _, table := range storetest.Tables(t, db) {
		n, want := count(table), left[table]
		switch {
		case table == "codes":
			if tags := codes - n; tags != 15 {
				t.Errorf("%d tags went", tags)
			}
		case table == "month_cells": // sums, which are zero now
			if err := db.QueryRow("SELECT count(*) FROM month_cells WHERE n <> 0").Scan(&n); err != nil || n != 0 {
				t.Errorf("%d months still count insights, %v", n, err)
			}
		case n != want:
			t.Errorf("%s: %d rows are left, want %d", table, n, want)
		}
	}
	if !storetest.Postgres() {
		for _, word := range []string{"anchor", "neodymium", "submarine"} {
			var n int
			if err := db.QueryRow("SELECT count(*) FROM insight_search WHERE insight_search MATCH ?", word).Scan(&n); err != nil || n != 0 {
				t.Errorf("the search index still finds %q: %d, %v", word, n, err)
			}
		}
	}
}

func TestBuild_aPartnerReadsWhatItCohosts(t *testing.T) {
	st, _ := build(t, example.Options{})
	partner := storetest.Viewer(t, st, "amelie.fournel@lanterne.example")
	rooms, insights := lines(t, st, partner)
	if len(rooms) != 2 {
		t.Errorf("the co-host knows %d roundtables, two are theirs", len(rooms))
	}
	if len(insights) == 0 {
		t.Error("the co-host reads nothing of what was released")
	}
	for _, i := range insights {
		if i.State() != models.Released {
			t.Errorf("the co-host reads an insight that is %s", i.State().Name())
		}
	}
}

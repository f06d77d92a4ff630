package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// themeWorld is a database with a public and a private roundtable, both of
// whose words are reviewed, an analyst on the team of both, and one on none.
type themeWorld struct {
	*session
	analyst, outside, reader models.Viewer
	hidden                   models.ID
	public, private          []models.ID
	captured, off            models.ID
}

func newThemeWorld(t *testing.T) *themeWorld {
	t.Helper()
	w := &themeWorld{session: newSession(t, models.Congress, models.Congress, models.Congress, models.Industry, models.Industry, models.Industry)}
	w.outside = w.other
	w.reader = storetest.Account(t, w.st, "Rea Der", models.RoleReader)
	storetest.Account(t, w.st, "Ana Lyst", models.RoleAnalyst)
	w.hidden, _ = storetest.Roundtable(t, w.st, w.lead, storetest.Private(), storetest.Titled("Secret room"), storetest.Past())
	ana := storetest.Viewer(t, w.st, "ana.lyst@example.org")
	for _, room := range []models.ID{w.room, w.hidden} {
		w.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'analyst', 1)", room, ana.Account())
	}
	w.analyst = storetest.Viewer(t, w.st, "ana.lyst@example.org")
	w.lead = storetest.Viewer(t, w.st, "jo.lead@example.org")
	for i := range 4 {
		w.public = append(w.public, w.say(w.room, fmt.Sprintf("Public words %d @s%d #s", i, 1+i%2)))
	}
	w.private = append(w.private, w.say(w.hidden, "Private words #t"))
	w.off = w.say(w.room, "Never to leave =off")
	w.review(append(slices.Clone(w.public), w.private[0], w.off)...)
	w.captured = w.say(w.room, "Fresh words")
	return w
}

func (w *themeWorld) say(room models.ID, line string) models.ID {
	w.t.Helper()
	i, err := w.st.CaptureInsight(w.t.Context(), w.lead, models.CaptureInput{Roundtable: room, Line: line})
	if err != nil {
		w.t.Fatal(err)
	}
	return i.ID()
}

func (w *themeWorld) review(ids ...models.ID) {
	w.t.Helper()
	if _, err := w.st.SetInsightStates(w.t.Context(), w.lead, ids, models.Reviewed); err != nil {
		w.t.Fatal(err)
	}
}

func (w *themeWorld) titles(v models.Viewer, f models.ThemeFilter) []string {
	w.t.Helper()
	page, err := w.st.Themes(w.t.Context(), v, f)
	if err != nil {
		w.t.Fatal(err)
	}
	out := []string{}
	for _, line := range page.Lines {
		out = append(out, line.Statement)
	}
	return out
}

// TestThemes_onePrivateRoundtableHidesThemFromOthers: a theme with an insight
// of a private roundtable is for the team of that roundtable alone, in lists, by
// its address, in the trail of its public insights, and for whoever may analyse.
func TestThemes_onePrivateRoundtableHidesThemFromOthers(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	open := storetest.Theme(t, w.st, w.analyst, "Open theme", w.public[0])
	secret := storetest.Theme(t, w.st, w.analyst, "Secret theme", w.public[0], w.private[0])
	if got := w.titles(w.analyst, models.ThemeFilter{}); !slices.Equal(got, []string{"Open theme", "Secret theme"}) {
		t.Errorf("the team reads %v", got)
	}
	for name, v := range map[string]models.Viewer{"another analyst": w.outside, "a reader": w.reader, "the team capped to staff": w.analyst.Capped(models.Staff), "a job for staff": models.System("x").Capped(models.Staff)} {
		if got := w.titles(v, models.ThemeFilter{}); !slices.Equal(got, []string{"Open theme"}) {
			t.Errorf("%s lists %v", name, got)
		}
		if _, err := w.st.Theme(ctx, v, secret); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s opens the secret theme: %v", name, err)
		}
		trail, err := w.st.InsightTrail(ctx, v, w.public[0])
		if err != nil || len(trail.Themes) != 1 || trail.Themes[0].ID != open {
			t.Errorf("%s follows the trail to %v, %v", name, trail.Themes, err)
		}
		if got := w.titles(v, models.ThemeFilter{Pillar: models.Technology}); len(got) != 0 {
			t.Errorf("%s finds %v by a pillar of hidden words", name, got)
		}
	}
	if _, err := w.st.UpdateTheme(ctx, w.outside, secret, models.ThemeInput{Statement: "Mine", Revision: 1}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another analyst edits it: %v", err)
	}
	if _, err := w.st.AddToTheme(ctx, w.outside, secret, w.public[1:2], models.Supports); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another analyst adds to it: %v", err)
	}
	for name, v := range map[string]models.Viewer{"anonymous": models.Anonymous(), "a guest": models.GuestViewer(1, w.room, "rsvp"), "capped to partner": w.analyst.Capped(models.Partner), "a public job": models.System("x").Capped(models.Public)} {
		if _, err := w.st.Theme(ctx, v, open); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s opens a theme: %v", name, err)
		}
		if _, err := w.st.Themes(ctx, v, models.ThemeFilter{}); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s lists themes: %v", name, err)
		}
	}
}

// TestThemes_unsortedIsWhatNoVisibleThemeHolds: an insight in a theme that the
// reader may not know of still waits for them; captured and off the record
// never do.
func TestThemes_unsortedIsWhatNoVisibleThemeHolds(t *testing.T) {
	w := newThemeWorld(t)
	storetest.Theme(t, w.st, w.analyst, "Open theme", w.public[0])
	storetest.Theme(t, w.st, w.analyst, "Secret theme", w.public[1], w.private[0])
	unsorted := func(v models.Viewer, q string) []models.ID {
		page, err := w.st.UnsortedInsights(t.Context(), v, models.InsightFilter{Text: q}, store.Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		ids := []models.ID{}
		for _, i := range page.Insights {
			ids = append(ids, i.ID())
		}
		slices.Sort(ids)
		return ids
	}
	for _, c := range []struct {
		who  string
		v    models.Viewer
		q    string
		want []models.ID
	}{
		{"the team", w.analyst, "", []models.ID{w.public[2], w.public[3]}},
		{"another analyst", w.outside, "", []models.ID{w.public[1], w.public[2], w.public[3]}},
		{"another analyst, by a word", w.outside, "words", []models.ID{w.public[1], w.public[2], w.public[3]}},
	} {
		slices.Sort(c.want)
		if got := unsorted(c.v, c.q); !slices.Equal(got, c.want) {
			t.Errorf("for %s wait %v, want %v", c.who, got, c.want)
		}
	}
}

// TestAddToTheme_takesWhatIsReviewedAlone, and nothing where one insight does
// not fit.
func TestAddToTheme_takesWhatIsReviewedAlone(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	theme := storetest.Theme(t, w.st, w.analyst, "Theme")
	for name, c := range map[string]struct {
		v    models.Viewer
		ids  []models.ID
		want error
	}{
		"captured":                 {w.analyst, []models.ID{w.public[0], w.captured}, &models.InvalidError{}},
		"off the record":           {w.analyst, []models.ID{w.off}, &models.InvalidError{}},
		"none":                     {w.analyst, nil, &models.InvalidError{}},
		"not there for the viewer": {w.outside, []models.ID{w.public[0], w.private[0]}, models.ErrNotFound},
		"captured, by another":     {w.outside, []models.ID{w.captured}, models.ErrNotFound},
		"without the right":        {w.reader, w.public[:1], models.ErrForbidden},
	} {
		_, err := w.st.AddToTheme(ctx, c.v, theme, c.ids, models.Supports)
		var invalid *models.InvalidError
		if errors.As(c.want, &invalid) {
			if !errors.As(err, &invalid) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	record, err := w.st.Theme(ctx, w.analyst, theme)
	if err != nil || len(record.Links) != 0 {
		t.Errorf("something went in: %d, %v", len(record.Links), err)
	}
}

// TestThemes_movesAndLinksCanBeTakenBack, unless somebody changed them since.
func TestThemes_movesAndLinksCanBeTakenBack(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	one, two := storetest.Theme(t, w.st, w.analyst, "One", w.public...), storetest.Theme(t, w.st, w.analyst, "Two")
	relations := func(theme models.ID) map[models.ID]models.ThemeRelation {
		record, err := w.st.Theme(ctx, w.analyst, theme)
		if err != nil {
			t.Fatal(err)
		}
		out := map[models.ID]models.ThemeRelation{}
		for _, link := range record.Links {
			out[link.Insight.ID()] = link.Relation
		}
		return out
	}
	if _, err := w.st.AddToTheme(ctx, w.analyst, one, w.public[:1], models.Contradicts); err != nil {
		t.Fatal(err)
	}
	moved, err := w.st.MoveToTheme(ctx, w.analyst, []store.ThemeMove{{From: one, Insight: w.public[0]}, {From: one, Insight: w.public[1]}}, two)
	if err != nil || moved.Changed != 2 {
		t.Fatalf("%+v, %v", moved, err)
	}
	if got := relations(two); got[w.public[0]] != models.Contradicts || got[w.public[1]] != models.Supports || len(relations(one)) != 2 {
		t.Errorf("after the move: %v and %v", relations(one), got)
	}
	if _, err := w.st.TakeBack(ctx, w.analyst, moved.Undo); err != nil {
		t.Fatal(err)
	}
	if got := relations(one); got[w.public[0]] != models.Contradicts || len(got) != 4 || len(relations(two)) != 0 {
		t.Errorf("taken back: %v and %v", got, relations(two))
	}
	dropped, err := w.st.DropFromTheme(ctx, w.analyst, one, w.public[2:])
	if err != nil || dropped.Changed != 2 {
		t.Fatalf("%+v, %v", dropped, err)
	}
	if _, err := w.st.AddToTheme(ctx, w.analyst, one, w.public[2:3], models.Qualifies); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.TakeBack(ctx, w.analyst, dropped.Undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("taken back over a later change: %v", err)
	}
}

// TestUpdateTheme_keepsHistoryAndRefusesAStaleEdit, and an edit and an archiving
// can be taken back.
func TestUpdateTheme_keepsHistoryAndRefusesAStaleEdit(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	id := storetest.Theme(t, w.st, w.analyst, "First wording")
	undo, err := w.st.UpdateTheme(ctx, w.analyst, id, models.ThemeInput{Revision: 1, Statement: "Second wording", Dissent: "One objected."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.UpdateTheme(ctx, w.outside, id, models.ThemeInput{Revision: 1, Statement: "Third"}); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a stale edit: %v", err)
	}
	if _, err := w.st.UpdateTheme(ctx, w.analyst, id, models.ThemeInput{Revision: 2, Statement: "x", SeriesID: 77}); !errors.As(err, new(*models.InvalidError)) {
		t.Errorf("a series that is not there: %v", err)
	}
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); err != nil {
		t.Fatal(err)
	}
	record, err := w.st.Theme(ctx, w.reader, id)
	if err != nil || record.Statement != "First wording" || record.Dissent != models.NoDissent || record.Revision != 3 {
		t.Fatalf("%+v, %v", record.Theme, err)
	}
	var what []string
	for _, e := range record.History {
		what = append(what, e.What+": "+e.Statement)
	}
	if !slices.Equal(what, []string{"undone: First wording", "edited: Second wording", "created: First wording"}) {
		t.Errorf("history: %v", what)
	}
	undo, err = w.st.ArchiveTheme(ctx, w.analyst, id, true)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.titles(w.reader, models.ThemeFilter{}); len(got) != 0 {
		t.Errorf("archived, but listed: %v", got)
	}
	if _, err := w.st.TakeBack(ctx, w.analyst, undo); err != nil || len(w.titles(w.reader, models.ThemeFilter{})) != 1 {
		t.Errorf("taken back: %v", err)
	}
	if _, err := w.st.ArchiveTheme(ctx, w.reader, id, true); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a reader archives: %v", err)
	}
}

// TestThemes_rowsThatFellBackAreShownNoMore: put back to captured or deleted,
// an insight leaves the page of its themes.
func TestThemes_rowsThatFellBackAreShownNoMore(t *testing.T) {
	w := newThemeWorld(t)
	id := storetest.Theme(t, w.st, w.analyst, "Theme", w.public...)
	if _, err := w.st.SetInsightStates(t.Context(), w.lead, w.public[:1], models.Captured); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.DeleteInsight(t.Context(), w.lead, w.public[1]); err != nil {
		t.Fatal(err)
	}
	for _, v := range []models.Viewer{w.analyst, w.reader} {
		record, err := w.st.Theme(t.Context(), v, id)
		if err != nil || len(record.Links) != 2 {
			t.Errorf("%d insights, %v", len(record.Links), err)
		}
	}
}

// TestThemes_everyPageOnce walks the pages of a list longer than one.
func TestThemes_everyPageOnce(t *testing.T) {
	w := newThemeWorld(t)
	for i := range 45 {
		storetest.Theme(t, w.st, w.analyst, fmt.Sprintf("Theme %02d", i), w.public[i%2])
	}
	for name, f := range map[string]models.ThemeFilter{"all": {}, "by pillar": {Pillar: models.Security}} {
		var got []string
		for {
			page, err := w.st.Themes(t.Context(), w.reader, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range page.Lines {
				got = append(got, line.Statement)
			}
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		if len(got) != 45 || !slices.IsSorted(got) || len(slices.Compact(got)) != 45 {
			t.Errorf("%s: %d themes: %v", name, len(got), got)
		}
	}
}

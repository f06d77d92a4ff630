package store_test

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// sameInMemory fails where what is in memory is not what the database says, for
// somebody. It returns whether memory was asked.
func (w *readWorld) sameInMemory(t *testing.T, when string) (had bool) {
	t.Helper()
	for name, v := range w.viewers() {
		kept, read, ok, err := w.st.KeptAndRead(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		if ok && kept != read {
			t.Fatalf("%s, %s counts from memory\n%s\nand the database says\n%s", when, name, kept, read)
		}
		had = had || ok
	}
	return had
}

func keptWorld(t *testing.T) *readWorld {
	t.Helper()
	if storetest.Postgres() {
		t.Skip("on PostgreSQL nothing is kept in memory")
	}
	w := newReadWorld(t, 120)
	if !w.sameInMemory(t, "at first") {
		t.Fatal("nothing was kept in memory")
	}
	return w
}

// Whoever writes, by whatever way: it is the database that notes the change.
func TestFacets_inMemoryAreNeverBehindAnyColumn(t *testing.T) {
	w := keptWorld(t)
	for _, set := range []string{
		"pillar_mask = (pillar_mask + 1) % 32", "kind = (kind + 1) % 3", "state = (state + 1) % 3", "regime = 5", "team_sector = (team_sector + 1) % 9",
		"shown_staff = (shown_staff + 1) % 6", "shown_partner = (shown_partner + 1) % 6", "shown_public = (shown_public + 1) % 6",
		"label_staff = 3", "label_partner = 4", "label_public = 5", "code_ids = ''", "text = 'other words'",
	} {
		w.exec("UPDATE insights SET " + set + " WHERE seq % 3 > 0")
		if !w.sameInMemory(t, "after "+set) {
			t.Errorf("after %s nothing was in memory", set)
		}
	}
}

func TestFacets_inMemoryAreNeverBehindAnAct(t *testing.T) {
	w := keptWorld(t)
	var insights []models.ID
	if err := w.st.Rows(t.Context(), &insights, "SELECT id FROM insights WHERE roundtable_id = ?", w.room); err != nil {
		t.Fatal(err)
	}
	for name, act := range map[string]func() error{
		"a capture": func() error {
			_, err := w.st.CaptureInsight(t.Context(), w.lead, models.CaptureInput{Roundtable: w.room, Line: "Ships need permits #s ^networks"})
			return err
		},
		"captures in bulk": func() error {
			var rows []store.LoadedInsight
			for range 300 {
				rows = append(rows, store.LoadedInsight{CaptureInput: models.CaptureInput{Roundtable: w.room, Line: "Permits #e"}, CapturedBy: w.lead.Account(), State: models.Reviewed})
			}
			return w.st.LoadInsights(t.Context(), models.System("test"), rows)
		},
		"new states": func() error {
			_, err := w.st.SetInsightStates(t.Context(), w.lead, insights, models.Reviewed)
			return err
		},
		"a day for the roundtable": func() error { // every position is a new one
			w.exec("UPDATE roundtables SET starts_local = '2025-01-15T09:00' WHERE id = ?", w.room)
			return w.st.RecomputeRoom(t.Context(), w.room)
		},
		"a deletion": func() error {
			_, err := w.st.DeleteInsight(t.Context(), w.lead, insights[0])
			return err
		},
	} {
		if err := act(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !w.sameInMemory(t, "after "+name) {
			t.Errorf("after %s nothing was in memory", name)
		}
	}
}

// More changes than a search waits for, or than the database remembers, have
// everything read anew.
func TestFacets_inMemoryAreReadAnewWhereChangesAreManyOrForgotten(t *testing.T) {
	for name, change := range map[string]func(*readWorld){
		"many": func(w *readWorld) {
			for range 60 {
				w.exec("UPDATE insights SET pillar_mask = (pillar_mask + 1) % 32")
			}
		},
		"forgotten": func(w *readWorld) {
			w.exec("UPDATE insights SET kind = (kind + 1) % 3")
			w.exec("DELETE FROM insight_changes")
		},
	} {
		w := keptWorld(t)
		change(w)
		w.sameInMemory(t, name)
		if !w.sameInMemory(t, name+", again") {
			t.Errorf("%s: not read anew", name)
		}
	}
}

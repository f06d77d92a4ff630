package store_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

func TestSessions_endWithTheirAccountAndRunOut(t *testing.T) {
	st, clock := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	token, err := st.StartSession(t.Context(), v.Account(), "test", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	got, err := st.SessionByToken(t.Context(), token)
	if err != nil || got.Viewer.Account() != v.Account() {
		t.Fatalf("session: %v, %v", got.Viewer, err)
	}
	if _, err := st.SessionByToken(t.Context(), token+"x"); !errors.Is(err, models.ErrNotFound) {
		t.Fatalf("a wrong token: %v", err)
	}
	clock.Advance(store.SessionIdle + time.Second)
	if _, err := st.SessionByToken(t.Context(), token); !errors.Is(err, models.ErrNotFound) {
		t.Fatalf("an idle session: %v", err)
	}
}

func TestSeries_onlyConvenersCreate(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	reader := storetest.Account(t, st, "Rea Der", models.RoleReader)
	if _, err := st.CreateSeries(t.Context(), reader, models.SeriesInput{Name: "Chips"}); !errors.Is(err, models.ErrForbidden) {
		t.Fatalf("a reader: %v", err)
	}
	var bad *models.InvalidError
	if _, err := st.CreateSeries(t.Context(), admin, models.SeriesInput{Name: " "}); !errors.As(err, &bad) || bad.Fields["name"] == "" {
		t.Fatalf("no name: %v", err)
	}
	if _, err := st.CreateSeries(t.Context(), admin, models.SeriesInput{Name: " Chips "}); err != nil {
		t.Fatal(err)
	}
	all, err := st.Series(t.Context(), reader)
	if err != nil || len(all) != 1 || all[0].Name != "Chips" {
		t.Fatalf("series: %+v, %v", all, err)
	}
}

func TestSubscribe_hearsAfterCommit(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	token, err := st.StartSession(t.Context(), v.Account(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	changes, cancel := st.Subscribe()
	defer cancel()
	if err := st.EndSession(t.Context(), v, token); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-changes:
		if len(got) != 1 || got[0].Kind != store.ChangeSessions || got[0].Object != v.Account() {
			t.Fatalf("heard %+v", got)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("nothing was heard")
	}
}

func TestOpen_saysWhatIsWrongWithTheFolder(t *testing.T) {
	_, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(t.TempDir(), "none", "x.db"), LinkKey: storetest.LinkKey})
	if err == nil {
		t.Fatal("a missing folder was accepted")
	}
}

func TestCheckSchema_refusesADatabaseThatIsBehind(t *testing.T) {
	if storetest.Postgres() {
		t.Skip("the check is the same for both; SQLite shows it")
	}
	st, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(t.TempDir(), "x.db"), LinkKey: storetest.LinkKey})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	if err := st.CheckSchema(t.Context()); !errors.Is(err, store.ErrSchemaBehind) {
		t.Fatalf("an empty database: %v", err)
	}
}

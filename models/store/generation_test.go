package store_test

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// twoProcesses opens one database twice, as the site and the command line do.
func twoProcesses(t *testing.T) (site, other *store.Store, clock *storetest.Clock) {
	t.Helper()
	if storetest.Postgres() {
		t.Skip("on PostgreSQL no generation is known, and nothing is kept")
	}
	dsn := storetest.NewDSN(t)
	site, clock = storetest.OpenDSN(t, dsn)
	other, _ = storetest.OpenDSN(t, dsn)
	return site, other, clock
}

func TestGeneration_everyCommitGivesANewOneWhoeverMadeIt(t *testing.T) {
	site, other, _ := twoProcesses(t)
	seen := map[store.Generation]bool{}
	last := site.Generation(t.Context())
	for n, st := range []*store.Store{site, other, site, site, other, other} {
		seen[last] = true
		if again := site.Generation(t.Context()); again != last || !last.Known() {
			t.Fatalf("%v, and without a commit %v", last, again)
		}
		storetest.Account(t, st, string(rune('A'+n))+" Person", models.RoleReader)
		now := site.Generation(t.Context())
		if seen[now] || !now.After(last) || last.After(now) {
			t.Fatalf("commit %d: %v after %v", n, now, last)
		}
		last = now
	}
	// What is refused leaves nothing behind.
	if err := site.DisableAccount(t.Context(), models.Anonymous(), 1); err == nil {
		t.Fatal("anybody may disable an account")
	}
	if now := site.Generation(t.Context()); now != last {
		t.Errorf("%v became %v without a commit", last, now)
	}
}

func TestGeneration_onPostgresNoneIsKnown(t *testing.T) {
	if !storetest.Postgres() {
		t.Skip("needs PostgreSQL")
	}
	st, _ := storetest.Open(t)
	if st.Generation(t.Context()).Known() {
		t.Error("a commit of another replica would go unseen")
	}
}

// A session that is remembered ends and changes as one that is read each time.
func TestSessionAt_isWhatTheDatabaseSays(t *testing.T) {
	site, other, clock := twoProcesses(t)
	ann := storetest.Account(t, site, "Ann Lee", models.RoleAdmin)
	bo := storetest.Account(t, site, "Bo Chen", models.RoleConvener)
	session := func(token string) (models.Viewer, error) {
		var last store.Session
		for range 3 { // read, then remembered
			at := site.Generation(t.Context())
			fresh, err := site.SessionByToken(t.Context(), token)
			got, errAt := site.SessionAt(t.Context(), at, token)
			if !errors.Is(errAt, err) || storetest.Dump(got) != storetest.Dump(fresh) {
				t.Fatalf("remembered %v, read %v", errAt, err)
			}
			last = got
			if err != nil {
				return models.Anonymous(), err
			}
		}
		return last.Viewer, nil
	}
	start := func() string {
		t.Helper()
		token, err := site.StartSession(t.Context(), bo.Account(), "test", "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	token := start()
	if v, err := session(token); err != nil || v.Role() != models.RoleConvener {
		t.Fatal(v.Role(), err)
	}
	room, lead := storetest.Roundtable(t, other, ann)
	storetest.Team(t, other, lead, room, bo, models.TeamRapporteur)
	if v, err := session(token); err != nil || !models.CanIn(v, models.CaptureInsight, room) {
		t.Errorf("what another process gave is not there: %v", err)
	}
	if err := other.ChangeRole(t.Context(), ann, bo.Account(), models.RoleReader); err != nil {
		t.Fatal(err)
	}
	if _, err := session(token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("after the role changed elsewhere: %v", err)
	}
	token = start()
	if v, err := session(token); err != nil || v.Role() != models.RoleReader {
		t.Fatal(v.Role(), err)
	}
	if err := other.DisableAccount(t.Context(), ann, bo.Account()); err != nil {
		t.Fatal(err)
	}
	if _, err := session(token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("after the account was disabled elsewhere: %v", err)
	}
	// The clock alone ends a session: the database stays as it is.
	token, err := site.StartSession(t.Context(), ann.Account(), "test", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := session(token); err != nil {
			t.Fatal(err)
		}
	}
	before := site.Generation(t.Context())
	clock.Advance(store.SessionIdle + time.Minute)
	if _, err := session(token); !errors.Is(err, models.ErrNotFound) || site.Generation(t.Context()) != before {
		t.Errorf("after hours without use: %v", err)
	}
}

// What is remembered still notes, once a minute, that the session is used.
func TestSessionAt_keepsASessionInUseAlive(t *testing.T) {
	site, _, clock := twoProcesses(t)
	ann := storetest.Account(t, site, "Ann Lee", models.RoleAdmin)
	token, err := site.StartSession(t.Context(), ann.Account(), "test", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 60 {
		clock.Advance(17 * time.Minute)
		for range 2 {
			if _, err := site.SessionAt(t.Context(), site.Generation(t.Context()), token); err != nil {
				t.Fatalf("after %d uses: %v", n, err)
			}
		}
	}
}

// The codebook is kept within a generation, and so is never an old one.
func TestCodebook_whoeverEditsItEverybodyReadsTheNewOne(t *testing.T) {
	site, other, _ := twoProcesses(t)
	admin := storetest.Account(t, site, "Ada Admin", models.RoleAdmin)
	for n, st := range []*store.Store{site, other, other, site} {
		name := "Topic " + string(rune('A'+n))
		if _, _, err := st.CreateCode(t.Context(), admin, models.CodeInput{Kind: models.CodeTag, Name: name}); err != nil {
			t.Fatal(err)
		}
		for who, reader := range map[string]*store.Store{"the site": site, "the other": other} {
			book, err := reader.Codebook(t.Context(), admin)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(book, func(e models.CodeEntry) bool { return e.Name == name }) {
				t.Errorf("%s does not read %s", who, name)
			}
		}
	}
}

// A connection that is left open keeps SQLite from folding the log into the
// file when the program ends, and a copy of the file alone lacks what is there.
func TestGeneration_leavesNoLogBehindAtTheEnd(t *testing.T) {
	if storetest.Postgres() {
		t.Skip("on PostgreSQL no generation is known")
	}
	dsn := storetest.NewDSN(t)
	site, _ := storetest.OpenDSN(t, dsn)
	site.Generation(t.Context())
	storetest.Account(t, site, "Ada Admin", models.RoleAdmin)
	if err := site.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dsn + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the log is still there (%v)", err)
	}
}

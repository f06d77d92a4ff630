// Package storetest gives every test a fresh migrated database, a clock that
// stands still until it is told otherwise, and builders for the smallest world
// a test needs. It uses SQLite, or PostgreSQL when ROTUNDA_TEST_POSTGRES names
// a server.
package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver for making databases

	"rotunda/models"
	"rotunda/models/store"
)

// Start is where every test's clock begins.
var Start = time.Date(2026, time.September, 24, 13, 0, 0, 0, time.UTC)

// LinkKey is the link key of every test.
var LinkKey = bytes.Repeat([]byte("k"), 32)

// Clock is a clock that moves only when told to.
type Clock struct{ ms atomic.Int64 }

// Now returns the clock's time.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) { c.ms.Store(t.UnixMilli()) }

// Postgres reports whether tests run on PostgreSQL.
func Postgres() bool { return os.Getenv("ROTUNDA_TEST_POSTGRES") != "" }

// Open returns a fresh migrated store that is closed when the test ends.
func Open(t testing.TB) (*store.Store, *Clock) {
	t.Helper()
	return OpenDSN(t, NewDSN(t))
}

// OpenDSN opens a migrated database by its DSN, as a second process would.
func OpenDSN(t testing.TB, dsn string) (*store.Store, *Clock) {
	t.Helper()
	clock := &Clock{}
	clock.Set(Start)
	st, err := store.Open(t.Context(), store.Options{DSN: dsn, LinkKey: LinkKey, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	if err := st.CheckSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	return st, clock
}

// NewDSN returns the DSN of a fresh migrated database.
func NewDSN(t testing.TB) string {
	t.Helper()
	if Postgres() {
		return newPostgres(t)
	}
	return newSQLite(t)
}

// template is a migrated SQLite file that every test copies.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "rotunda-template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "t.db")
	st, err := store.Open(context.Background(), store.Options{DSN: path, LinkKey: LinkKey})
	if err != nil {
		return nil, err
	}
	if _, err := st.Migrate(context.Background()); err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func newSQLite(t testing.TB) string {
	t.Helper()
	file, err := template()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rotunda.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var (
	databases  atomic.Int64
	pgTemplate sync.Once
	errPg      error
)

func newPostgres(t testing.TB) string {
	t.Helper()
	base := os.Getenv("ROTUNDA_TEST_POSTGRES")
	admin, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close() }()
	name := fmt.Sprintf("rotunda_test_%d", os.Getpid())
	pgTemplate.Do(func() { errPg = migratePostgres(admin, base, name) })
	if errPg != nil {
		t.Fatal(errPg)
	}
	db := fmt.Sprintf("%s_%d", name, databases.Add(1))
	if _, err := admin.Exec("CREATE DATABASE " + db + " TEMPLATE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dropPostgres(base, db) })
	return named(base, db)
}

func migratePostgres(admin *sql.DB, base, name string) error {
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		return err
	}
	st, err := store.Open(context.Background(), store.Options{DSN: named(base, name), LinkKey: LinkKey})
	if err != nil {
		return err
	}
	if _, err := st.Migrate(context.Background()); err != nil {
		return err
	}
	return st.Close()
}

func dropPostgres(base, db string) {
	admin, err := sql.Open("pgx", base)
	if err != nil {
		return
	}
	defer func() { _ = admin.Close() }()
	_, _ = admin.Exec("DROP DATABASE IF EXISTS " + db + " WITH (FORCE)")
}

func named(base, db string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	u.Path = "/" + db
	return u.String()
}

// Account makes an account of the role and returns its viewer, as the command
// line would get it. Its address is the name, lower case, at example.org.
func Account(t testing.TB, st *store.Store, name string, role models.AccountRole) models.Viewer {
	t.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org"
	if _, _, err := st.CreateAccount(t.Context(), models.System("test"),
		models.AccountInput{Email: email, Name: name, Role: role}, store.SignInLink); err != nil {
		t.Fatal(err)
	}
	return Viewer(t, st, email)
}

// Viewer reads an account's viewer again, with the teams it is on now.
func Viewer(t testing.TB, st *store.Store, email string) models.Viewer {
	t.Helper()
	v, err := st.ViewerByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// ErrOnlySQLite means that PostgreSQL's own tools do this.
var ErrOnlySQLite = errors.New("this works on SQLite; for PostgreSQL use pg_dump and pg_restore")

// BackupTo writes a copy of the database to a new file, also while the site
// runs, and checks the copy. An existing file is left alone: an error.
func (s *Store) BackupTo(ctx context.Context, path string) error {
	if s.dialect != sqliteDialect {
		return ErrOnlySQLite
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("there is a file at %s already", path)
	}
	// A connection of its own: the readers may not write a file, and the writer
	// must not wait for the copy.
	own := &Store{dialect: sqliteDialect, dsn: s.dsn}
	defer func() { _ = own.Close() }()
	g, err := own.openPool(s.sqliteFile()+"?"+commonPragmas+"&_synchronous=FULL&_txlock=deferred", 1)
	if err != nil {
		return err
	}
	if err := g.WithContext(ctx).Exec("VACUUM INTO ?", path).Error; err != nil {
		_ = os.Remove(path) // half a copy would stand in the way of the next
		return fmt.Errorf("cannot write the copy: %w", mapped(err))
	}
	return CheckFile(ctx, path)
}

// CheckFile reports what is wrong with a SQLite file: that it is none, is
// damaged, or holds no Rotunda database.
func CheckFile(ctx context.Context, path string) error {
	s := &Store{dialect: sqliteDialect, dsn: path}
	defer func() { _ = s.Close() }()
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no file at %s", path)
	}
	g, err := s.openPool(s.sqliteFile()+"?mode=ro&_query_only=1", 1)
	if err != nil {
		return err
	}
	s.write, s.read = g, g
	if err := s.quickCheck(ctx); err != nil {
		return err
	}
	if fresh, err := s.IsNew(ctx); err != nil || fresh {
		return errors.Join(fmt.Errorf("%s is no Rotunda database", path), err)
	}
	return nil
}

// InUse reports whether a program has the SQLite file open. Every connection
// of a write-ahead log holds a lock for as long as it is open, and the log can
// only be given up by the last one: that is what is tried. A file that cannot
// be read as a database is in nobody's use.
func InUse(ctx context.Context, path string) (bool, error) {
	s := &Store{dialect: sqliteDialect, dsn: path}
	defer func() { _ = s.Close() }()
	g, err := s.openPool(s.sqliteFile()+"?_busy_timeout=500&mode=rw", 1)
	if err != nil {
		return busy(err), nil
	}
	var mode string
	err = g.WithContext(ctx).Raw("PRAGMA journal_mode=DELETE").Row().Scan(&mode)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	return busy(err) || err == nil && strings.EqualFold(mode, "wal"), nil
}

// busy reports whether SQLite failed because of somebody else's lock.
func busy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

func (s *Store) quickCheck(ctx context.Context) error {
	if s.dialect != sqliteDialect {
		return nil
	}
	var lines []string
	if err := s.list(ctx, &lines, "PRAGMA quick_check(10)"); err != nil {
		return fmt.Errorf("%s cannot be read as a database: %w", s.dsn, err)
	}
	if len(lines) != 1 || lines[0] != "ok" {
		return fmt.Errorf("%s is damaged: %s", s.dsn, strings.Join(lines, "; "))
	}
	return nil
}

// Finding is one line of the doctor: what was looked at, what was found, and
// whether it is as it should be.
type Finding struct {
	What  string
	Found string
	OK    bool
}

// Examine looks at the database: version, pragmas, schema, damage and search.
func (s *Store) Examine(ctx context.Context) []Finding {
	var out []Finding
	note := func(what, found string, err error) {
		if err != nil {
			found = err.Error()
		}
		out = append(out, Finding{What: what, Found: found, OK: err == nil})
	}
	version := sqlText("SELECT 'SQLite ' || sqlite_version()")
	if s.dialect == postgresDialect {
		version = "SELECT 'PostgreSQL ' || current_setting('server_version')"
	}
	var v string
	err := s.get(ctx, &v, version)
	note("Database version", v, err)
	if s.dialect == sqliteDialect {
		note("Write-ahead log, full sync, foreign keys", "as they must be", errors.Join(s.checkSQLite(ctx, s.write, true), s.checkSQLite(ctx, s.read, false)))
	}
	note("Schema", "up to this program", s.CheckSchema(ctx))
	note("Damage", "none found", s.quickCheck(ctx))
	return out
}

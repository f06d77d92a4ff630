package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"rotunda/models"
)

// SQLite before this version can corrupt a file when two connections meet at a
// reset of the write-ahead log.
const oldestSQLite = 3_051_003

// synchronous is how a commit reaches the disk. Nothing but FULL keeps every
// acknowledged capture through a power cut; the test that proves it links a
// program with NORMAL (-ldflags -X), to see captures lost.
var synchronous = "FULL"

var syncLevels = map[string]string{"NORMAL": "1", "FULL": "2"}

const (
	commonPragmas = "_journal_mode=WAL&_busy_timeout=5000&_foreign_keys=1&_secure_delete=0"
	writerPragmas = commonPragmas + "&_txlock=immediate&_stmt_cache_size=64"
	readerPragmas = commonPragmas + "&_txlock=deferred&_query_only=1"
	readers       = 4
	readerCacheKB = 16000
	writerCacheKB = 64000
)

// openSQLite opens two pools on one file: one writer, so that writes queue in
// Go instead of failing in SQLite, and a few readers that cannot write.
func (s *Store) openSQLite(ctx context.Context) error {
	s.dialect = sqliteDialect
	path, err := filepath.Abs(s.dsn)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("the folder of the database %s cannot be used: %w", s.dsn, unwrapPath(err))
	}
	file := s.sqliteFile()
	if s.write, err = s.openPool(file+"?"+writerPragmas+cacheSize(s.writerCacheKB)+"&_synchronous="+synchronous, 1); err != nil {
		return err
	}
	if err := s.checkSQLite(ctx, s.write, true); err != nil {
		return err
	}
	if s.read, err = s.openPool(file+"?"+readerPragmas+cacheSize(s.readerCacheKB)+"&_synchronous="+synchronous, readers); err != nil {
		return err
	}
	s.closers = append(s.closers, s.watch.close)
	s.openKept()
	if s.file, err = os.Stat(path); err != nil {
		return fmt.Errorf("the database %s cannot be found: %w", s.dsn, unwrapPath(err))
	}
	return s.checkSQLite(ctx, s.read, false)
}

// cacheSize asks for so many kilobytes of pages.
func cacheSize(kb int) string { return fmt.Sprintf("&_cache_size=-%d", kb) }

// inPlace returns models.ErrUnavailable where the file that was opened no
// longer lies under its name: moved, removed, or another one put there. SQLite
// would go on writing into it, and nobody would find that again.
func (s *Store) inPlace() error {
	if s.file == nil {
		return nil // PostgreSQL
	}
	now, err := os.Stat(s.dsn)
	if err != nil || !os.SameFile(s.file, now) {
		return fmt.Errorf("%w: the database %s was moved or removed", models.ErrUnavailable, s.dsn)
	}
	return nil
}

// sqliteFile returns the database's file as the driver wants it named.
func (s *Store) sqliteFile() string {
	path, err := filepath.Abs(s.dsn)
	if err != nil {
		path = s.dsn
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

func (s *Store) openPool(dsn string, conns int) (*gorm.DB, error) {
	g, err := gorm.Open(sqlite.Open(dsn), gormConfig())
	if err != nil {
		return nil, fmt.Errorf("cannot open the database %s: %w", s.dsn, err)
	}
	db := pool(g)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxLifetime(0)
	s.closers = append(s.closers, db.Close)
	return g, nil
}

// checkSQLite reads back what the DSN asked for: the driver ignores words that
// it does not know.
func (s *Store) checkSQLite(ctx context.Context, g *gorm.DB, writer bool) error {
	if _, n, _ := sqlite3.Version(); n < oldestSQLite {
		return fmt.Errorf("this build carries SQLite %d, at least %d is needed", n, oldestSQLite)
	}
	queryOnly := "1"
	if writer {
		queryOnly = "0"
	}
	for _, p := range []struct {
		query sqlText
		want  string
	}{
		{"PRAGMA journal_mode", "wal"}, {"PRAGMA synchronous", syncLevels[synchronous]}, {"PRAGMA foreign_keys", "1"},
		{"PRAGMA busy_timeout", "5000"}, {"PRAGMA query_only", queryOnly},
	} {
		var got string
		if err := g.WithContext(ctx).Raw(string(p.query)).Row().Scan(&got); err != nil {
			return fmt.Errorf("cannot read the database %s: %w", s.dsn, err)
		}
		if !strings.EqualFold(got, p.want) {
			return fmt.Errorf("the database %s answers %q to %s, expected %q", s.dsn, got, string(p.query), p.want)
		}
	}
	var fts int
	const compiled sqlText = "SELECT sqlite_compileoption_used('ENABLE_FTS5')"
	if err := g.WithContext(ctx).Raw(string(compiled)).Row().Scan(&fts); err != nil {
		return err
	}
	if fts != 1 {
		return errors.New("this program was built without full-text search: build it with -tags sqlite_fts5 (make build does)")
	}
	return nil
}

func unwrapPath(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

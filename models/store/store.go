// Package store says how things are kept. It is the only importer of the
// database libraries. One exported method is one transaction; every read takes
// a models.Viewer and returns what that viewer may know, already disclosed.
package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"rotunda/models"
)

// Options say which database to open and with which clock and keys.
type Options struct {
	// DSN is a file path, or a postgres:// address.
	DSN string
	// LinkKey is the 32-byte secret behind personal links. It is never stored
	// in the database.
	LinkKey []byte
	// ReaderCacheKB is how many kilobytes of pages each reader of SQLite keeps;
	// zero means 16,000, which searches want. What is read once needs less.
	ReaderCacheKB int
	// WriterCacheKB is the same for the one writer of SQLite; zero means 64,000.
	// One long transaction fills all of it.
	WriterCacheKB int
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Random is the source of ids and tokens; nil means crypto/rand.
	Random io.Reader
	// Log takes what goes wrong in the background; nil means slog.Default.
	Log *slog.Logger
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	dialect  dialect
	write    *gorm.DB
	read     *gorm.DB
	now      func() time.Time
	randomMu sync.Mutex
	random   io.Reader
	keys     keys

	readerCacheKB int
	writerCacheKB int
	log           *slog.Logger
	hub           hub
	captures      captures
	watch         watch
	kept          keptFacets
	book          keptBook
	sessions      rememberedSessions
	closers       []func() error
	dsn           string
	file          os.FileInfo // of the SQLite file that was opened
	hashed        atomic.Int64
	written       *atomic.Int64 // transactions that wrote something else than captures
	inserted      atomic.Int64  // statements of insertEach, counted as one for all their rows
}

type dialect string

const (
	sqliteDialect   dialect = "sqlite"
	postgresDialect dialect = "postgres"
)

// Open opens the database without touching its schema: call Migrate or
// CheckSchema next. It fails when the database is not safe to use: a SQLite
// too old, a pragma that did not take, a build without full-text search.
func Open(ctx context.Context, o Options) (*Store, error) {
	k, err := deriveKeys(o.LinkKey)
	if err != nil {
		return nil, err
	}
	s := &Store{now: o.Now, random: o.Random, keys: k, log: o.Log, dsn: o.DSN, readerCacheKB: cmp.Or(o.ReaderCacheKB, readerCacheKB), writerCacheKB: cmp.Or(o.WriterCacheKB, writerCacheKB), written: new(atomic.Int64)}
	if s.now == nil {
		s.now = time.Now
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.hub.now = s.now
	if IsPostgres(o.DSN) {
		err = s.openPostgres(ctx)
	} else {
		err = s.openSQLite(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.startCaptures()
	return s, nil
}

// IsPostgres reports whether the DSN names a PostgreSQL database.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Close ends the background work and closes every connection.
func (s *Store) Close() error {
	s.hub.close()
	var errs []error
	for i := len(s.closers) - 1; i >= 0; i-- {
		errs = append(errs, s.closers[i]())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// Now returns the store's clock as an instant: the one clock of the program.
func (s *Store) Now() models.Instant { return models.At(s.now()) }

// Dialect returns "sqlite" or "postgres".
func (s *Store) Dialect() string { return string(s.dialect) }

func gormConfig() *gorm.Config {
	return &gorm.Config{
		Logger:                                   logger.Discard,
		TranslateError:                           true,
		PrepareStmt:                              true,
		SkipDefaultTransaction:                   true,
		DisableForeignKeyConstraintWhenMigrating: true,
		DisableAutomaticPing:                     true,
	}
}

// newID draws a random id.
func (s *Store) newID() models.ID {
	var b [8]byte
	s.fill(b[:])
	return models.NewID(b)
}

// newToken draws 256 random bits as 43 letters, digits, "-" and "_".
func (s *Store) newToken() string {
	var b [32]byte
	s.fill(b[:])
	return encodeToken(b[:])
}

func (s *Store) fill(b []byte) {
	s.randomMu.Lock()
	defer s.randomMu.Unlock()
	if _, err := io.ReadFull(s.random, b); err != nil {
		panic(fmt.Sprintf("store: no random bytes: %v", err)) // nothing is safe without
	}
}

// pool returns the plain connection pool behind a gorm handle.
func pool(g *gorm.DB) *sql.DB {
	db, err := g.DB()
	if err != nil {
		panic(err) // a handle without a pool cannot have been opened
	}
	return db
}

// Ping reports whether the database answers and lies where it did.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.inPlace(); err != nil {
		return err
	}
	var one int
	return s.get(ctx, &one, "SELECT 1")
}

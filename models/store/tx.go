package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"rotunda/models"
)

// tx is one transaction with its fixed moment, and what it will announce once
// it is committed.
type tx struct {
	s       *Store
	db      *gorm.DB
	now     models.Instant
	viewer  models.Viewer
	changes []Change
	people  bool // somebody's record was changed
}

// transact runs f in one write transaction on behalf of the viewer. What f
// announces is heard by subscribers after the commit, never before.
func (s *Store) transact(ctx context.Context, v models.Viewer, f func(*tx) error) error {
	return s.transactCaptures(ctx, v, func(t *tx) error {
		s.written.Add(1) // before the commit: SQLite's next transaction must find it risen
		return f(t)
	})
}

// transactCaptures is transact for what changes nothing that captures are read
// against.
func (s *Store) transactCaptures(ctx context.Context, v models.Viewer, f func(*tx) error) error {
	for attempt := 0; ; attempt++ {
		t := &tx{s: s, now: s.Now(), viewer: v}
		err := s.write.WithContext(ctx).Transaction(func(db *gorm.DB) error {
			t.db = unprepared(db)
			if err := f(t); err != nil {
				return err
			}
			if t.people {
				if err := t.recomputeRoomsOf("p.updated_ms >= ?", t.now); err != nil {
					return err
				}
			}
			if err := s.inPlace(); err != nil {
				return err
			}
			return t.notify()
		})
		if err == nil {
			if s.dialect == sqliteDialect {
				s.hub.publish(t.changes)
			}
			return nil
		}
		if attempt < 4 && isSerialization(err) {
			continue
		}
		return mapped(err)
	}
}

// unprepared returns the transaction without gorm's cache of statements. A
// statement that was prepared inside a transaction ends with it, so the cache
// prepares it again for every use and keeps each until the commit: a bulk
// would fill the memory with them.
func unprepared(db *gorm.DB) *gorm.DB {
	cached, ok := db.Statement.ConnPool.(*gorm.PreparedStmtTX)
	if !ok {
		return db
	}
	plain := db.Session(&gorm.Session{NewDB: true})
	plain.Statement.ConnPool = cached.Tx
	return plain
}

// notify hands the changes to PostgreSQL, which tells every process of them at
// commit, this one included.
func (t *tx) notify() error {
	if t.s.dialect != postgresDialect || len(t.changes) == 0 {
		return nil
	}
	const most = 100 // keeps a payload far under the limit of 8000 bytes
	for start := 0; start < len(t.changes); start += most {
		part, err := json.Marshal(t.changes[start:min(start+most, len(t.changes))])
		if err != nil {
			return err
		}
		if err := t.exec("SELECT pg_notify(?, ?)", notifyChannel, string(part)); err != nil {
			return err
		}
	}
	return nil
}

// announce notes a change that subscribers hear of after the commit.
func (t *tx) announce(c Change) { t.changes = append(t.changes, c) }

// event keeps an event of a roundtable for its streams and announces it.
func (t *tx) event(kind ChangeKind, roundtable, object models.ID) error {
	var seq int64
	err := t.get(&seq, "INSERT INTO events (roundtable_id, kind, object_id, at_ms) VALUES (?, ?, ?, ?) RETURNING seq",
		roundtable, string(kind), object, t.now)
	if err != nil {
		return err
	}
	t.announce(Change{Kind: kind, Roundtable: roundtable, Object: object, Seq: seq})
	return nil
}

// roomEvents is event for many roundtables at once.
func (t *tx) roomEvents(kind ChangeKind, rooms []models.ID, object models.ID) error {
	const width, room = 4, 0
	args := make([]any, 0, width*len(rooms))
	for _, id := range rooms {
		args = append(args, id, string(kind), object, t.now)
	}
	seqs, err := t.insertNumbered("INSERT INTO events (roundtable_id, kind, object_id, at_ms) VALUES ", "(?, ?, ?, ?)", width, "", "roundtable_id", room, args)
	if err != nil {
		return err
	}
	for i, seq := range seqs {
		t.announce(Change{Kind: kind, Roundtable: rooms[i], Object: object, Seq: seq})
	}
	return nil
}

// exec runs a statement.
func (t *tx) exec(q sqlText, args ...any) error {
	return t.db.Exec(string(q), args...).Error
}

// affected runs a statement and returns how many rows it touched.
func (t *tx) affected(q sqlText, args ...any) (int64, error) {
	r := t.db.Exec(string(q), args...)
	return r.RowsAffected, r.Error
}

// list reads rows into dest, a pointer to a slice.
func (t *tx) list(dest any, q sqlText, args ...any) error {
	return t.db.Raw(string(q), args...).Scan(dest).Error
}

// get reads one row or value into dest; none is models.ErrNotFound.
func (t *tx) get(dest any, q sqlText, args ...any) error { return getOne(t.db, dest, q, args) }

// insert writes a row, or the rows of a slice, whose types carry gorm tags.
func (t *tx) insert(row any) error { return t.db.Create(row).Error }

// list reads rows into dest, a pointer to a slice, outside any transaction.
func (s *Store) list(ctx context.Context, dest any, q sqlText, args ...any) error {
	return mapped(s.read.WithContext(ctx).Raw(string(q), args...).Scan(dest).Error)
}

// get reads one row or value into dest; none is models.ErrNotFound.
func (s *Store) get(ctx context.Context, dest any, q sqlText, args ...any) error {
	return mapped(getOne(s.read.WithContext(ctx), dest, q, args))
}

// rows reads row by row, for what is too long for memory or too hot for
// reflection. The caller closes them.
func (s *Store) rows(ctx context.Context, q sqlText, args ...any) (*sql.Rows, error) {
	r, err := s.read.WithContext(ctx).Raw(string(q), args...).Rows()
	return r, mapped(err)
}

func getOne(db *gorm.DB, dest any, q sqlText, args []any) error {
	r := db.Raw(string(q), args...).Scan(plain(dest))
	if r.Error == nil && r.RowsAffected == 0 {
		return models.ErrNotFound
	}
	return r.Error
}

// plain returns the same pointer to the built-in type behind a named one, such
// as an ID: GORM counts no row for a single value of a named type.
func plain(dest any) any {
	p := reflect.ValueOf(dest)
	if p.Kind() != reflect.Pointer || p.Elem().Type().PkgPath() == "" {
		return dest
	}
	switch p.Elem().Kind() {
	case reflect.Int:
		return p.Convert(reflect.TypeFor[*int]()).Interface()
	case reflect.Int64:
		return p.Convert(reflect.TypeFor[*int64]()).Interface()
	case reflect.String:
		return p.Convert(reflect.TypeFor[*string]()).Interface()
	}
	return dest
}

// mapped turns a database's error into one of the models', where there is one.
func mapped(err error) error {
	var lite sqlite3.Error
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		return models.ErrNotFound
	case errors.As(err, &lite) && (lite.Code == sqlite3.ErrFull || lite.Code == sqlite3.ErrIoErr ||
		lite.Code == sqlite3.ErrReadonly || lite.Code == sqlite3.ErrCantOpen || lite.Code == sqlite3.ErrBusy):
		return fmt.Errorf("%w: %w", models.ErrUnavailable, err)
	case errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "53") || strings.HasPrefix(pg.Code, "57P") || pg.Code == "25006"):
		return fmt.Errorf("%w: %w", models.ErrUnavailable, err)
	}
	return err
}

func isSerialization(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

func encodeToken(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

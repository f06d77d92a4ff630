package store

import (
	"context"
	"database/sql"
	"sync"

	"rotunda/models"
)

// Generation names a state of the database: two of them are equal only where
// no commit lies between, of this process or of another. It can be compared
// and be the key of a map. The zero value names no state.
type Generation struct{ connection, version int64 }

// Known reports whether the generation names a state.
func (g Generation) Known() bool { return g.connection != 0 }

// After reports whether g was asked for later than h, or on a later connection.
func (g Generation) After(h Generation) bool {
	return g.connection > h.connection || g.connection == h.connection && g.version > h.version
}

// watch is the connection on which SQLite is asked whether others committed:
// all others do, because nothing else is ever asked on it.
type watch struct {
	mu     sync.Mutex
	opened int64 // how many there were: each counts from a beginning of its own
	pool   *sql.DB
	conn   *sql.Conn
	ask    *sql.Stmt
}

// Generation returns the state in which the database is. Whatever is read after
// it was asked for is of that state or of a later one, and so may be kept as
// long as it is returned again. On PostgreSQL, and where SQLite cannot be
// asked, it is not known: nothing may be kept then.
func (s *Store) Generation(ctx context.Context) Generation {
	if s.dialect != sqliteDialect {
		return Generation{}
	}
	ctx = context.WithoutCancel(ctx) // who goes away must not cost the others the connection
	w := &s.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ask == nil && s.startWatch(ctx) != nil {
		return Generation{}
	}
	g := Generation{connection: w.opened}
	if err := w.ask.QueryRowContext(ctx).Scan(&g.version); err != nil {
		w.stop()
		return Generation{}
	}
	return g
}

// startWatch opens the connection when it is first needed. A statement that was
// prepared on a pinned connection is never moved to another one, which would
// count anew.
func (s *Store) startWatch(ctx context.Context) error {
	const version sqlText = "PRAGMA data_version"
	w := &s.watch
	own := &Store{dialect: sqliteDialect, dsn: s.dsn}
	g, err := own.openPool(s.sqliteFile()+"?"+readerPragmas+"&_synchronous="+synchronous, 1)
	if err != nil {
		return err
	}
	w.pool = pool(g)
	if w.conn, err = w.pool.Conn(ctx); err == nil {
		w.ask, err = w.conn.PrepareContext(ctx, string(version))
	}
	if err != nil {
		w.stop()
		return err
	}
	w.opened++
	return nil
}

func (w *watch) stop() {
	if w.ask != nil {
		_ = w.ask.Close()
	}
	if w.conn != nil {
		_ = w.conn.Close()
	}
	if w.pool != nil {
		_ = w.pool.Close()
	}
	w.pool, w.conn, w.ask = nil, nil, nil
}

func (w *watch) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stop()
	return nil
}

// mostSessions is how many sessions are remembered within one generation.
const mostSessions = 1024

// rememberedSessions are the sessions that were read in one generation.
type rememberedSessions struct {
	mu     sync.Mutex
	at     Generation
	byHash map[string]rememberedSession
}

type rememberedSession struct {
	session Session
	until   models.Instant // when the clock alone may change it
}

// SessionAt is SessionByToken for who has just asked for the generation: a
// session that was read in it already, and that the clock has not changed
// since, is not read again.
func (s *Store) SessionAt(ctx context.Context, at Generation, token string) (Session, error) {
	if !at.Known() {
		return s.SessionByToken(ctx, token)
	}
	hash, r := hashToken(token), &s.sessions
	r.mu.Lock()
	had, ok := r.byHash[hash]
	ok = ok && r.at == at
	r.mu.Unlock()
	if ok && s.Now() < had.until {
		return had.session, nil
	}
	session, until, err := s.sessionByHash(ctx, hash)
	if err != nil || until == 0 {
		return session, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at != at || len(r.byHash) >= mostSessions {
		if r.at.After(at) {
			return session, nil
		}
		r.at, r.byHash = at, map[string]rememberedSession{}
	}
	r.byHash[hash] = rememberedSession{session, until}
	return session, nil
}

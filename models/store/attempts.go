package store

import (
	"context"
	"errors"
	"time"

	"rotunda/models"
)

// attemptsKept is how long attempts are remembered: longer than any window.
const attemptsKept = 24 * time.Hour

// attemptLimit says how often something may be tried. key names who tries or
// what is tried; the database keeps a keyed hash of it.
type attemptLimit struct {
	scope, key string
	most       int
	window     time.Duration
}

// Attempt counts one more try of the scope by the key, unless limit tries were
// counted within the window: then it counts nothing and returns a
// *models.TooManyError that says when the next one is taken. Who is refused
// and tries on is not kept out any longer by it. For wrong links the key is
// the client's network, never a header the client wrote.
func (s *Store) Attempt(ctx context.Context, scope, key string, limit int, window time.Duration) error {
	return s.transact(ctx, models.System("attempts"), func(t *tx) error {
		return t.attempt(attemptLimit{scope, key, limit, window})
	})
}

// attempt counts one try against all the limits, or against none where one of
// them is reached.
func (t *tx) attempt(limits ...attemptLimit) error {
	// Tries that were counted while the clock was far ahead must not keep
	// anybody out until then.
	if err := t.exec("DELETE FROM attempts WHERE at_ms > ?", t.now.Add(clockSlack)); err != nil {
		return err
	}
	for _, l := range limits {
		if err := t.queueUp("attempts " + l.scope + l.key); err != nil {
			return err
		}
		var at models.Instant
		err := t.get(&at, "SELECT at_ms FROM attempts WHERE scope = ? AND key_hash = ? AND at_ms > ? ORDER BY at_ms DESC LIMIT 1 OFFSET ?",
			l.scope, t.s.keys.hashed(l.key), t.now.Add(-l.window), l.most-1)
		if err == nil {
			return &models.TooManyError{Until: at.Add(l.window)}
		}
		if !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	for _, l := range limits {
		err := t.exec("INSERT INTO attempts (scope, key_hash, at_ms) VALUES (?, ?, ?)", l.scope, t.s.keys.hashed(l.key), t.now)
		if err != nil {
			return err
		}
	}
	return t.exec("DELETE FROM attempts WHERE at_ms < ?", t.now.Add(-attemptsKept))
}

// forgetAttempts lets a key start over.
func (t *tx) forgetAttempts(scope, key string) error {
	return t.exec("DELETE FROM attempts WHERE scope = ? AND key_hash = ?", scope, t.s.keys.hashed(key))
}

// queueUp lets transactions that name the same thing run one after the other.
// SQLite has one writer at a time as it is.
func (t *tx) queueUp(name string) error {
	if t.s.dialect != postgresDialect {
		return nil
	}
	return t.exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", name)
}

package store

import (
	"context"
	"unicode/utf8"

	"rotunda/models"
)

// SeenHints lists the hints that the viewer has put away.
func (s *Store) SeenHints(ctx context.Context, v models.Viewer) (map[string]bool, error) {
	var keys []string
	err := s.list(ctx, &keys, "SELECT hint FROM hints_seen WHERE account_id = ?", v.Account())
	out := make(map[string]bool, len(keys))
	for _, key := range keys {
		out[key] = true
	}
	return out, err
}

// mostHints is how many hints an account puts away: far more than there are.
const mostHints = 2000

// DropHint puts a hint away for the viewer, for good. A key that cannot be one
// is an *models.InvalidError.
func (s *Store) DropHint(ctx context.Context, v models.Viewer, hint string) error {
	if !v.IsAccount() {
		return models.ErrForbidden
	}
	if hint == "" || utf8.RuneCountInString(hint) > 80 {
		return models.Invalid("hint", "There is no such hint.")
	}
	return s.transact(ctx, v, func(t *tx) error {
		var n int
		if err := t.get(&n, "SELECT count(*) FROM hints_seen WHERE account_id = ?", v.Account()); err != nil || n >= mostHints {
			return err
		}
		return t.exec("INSERT INTO hints_seen (account_id, hint, at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", v.Account(), hint, t.now)
	})
}

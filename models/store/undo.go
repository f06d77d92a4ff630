package store

import (
	"context"
	"encoding/json"
	"time"

	"rotunda/models"
)

// undoKept is how long something can be taken back.
const undoKept = 30 * 24 * time.Hour

// Undo is something the viewer did and may take back.
type Undo struct {
	ID         models.ID
	Label      string
	Verb       string
	Roundtable models.ID
	At         models.Instant
	Done       bool
}

// undoFunc takes one kind of act back in the transaction. It returns
// models.ErrConflict where somebody changed the same thing since.
type undoFunc func(t *tx, u undoRow) error

// undoVerbs is filled by the files that know how to take an act back.
var undoVerbs = map[string]undoFunc{}

type undoRow struct {
	ID           models.ID
	AccountID    models.ID
	RoundtableID models.ID
	Verb         string
	Label        string
	Payload      string
	CreatedMs    models.Instant
	ExpiresMs    models.Instant
	DoneMs       models.Instant
}

// undoable notes how to take back what the transaction does. It returns the id
// that TakeBack wants. label says in a few words what is taken back.
func (t *tx) undoable(verb, label string, roundtable models.ID, payload any) (models.ID, error) {
	raw, err := json.Marshal(payload)
	if err != nil {
		return 0, err
	}
	id := t.s.newID()
	return id, t.exec(`INSERT INTO undos (id, account_id, roundtable_id, verb, label, payload, created_ms, expires_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, t.viewer.Account(), roundtable, verb, label, string(raw), t.now, t.now.Add(undoKept))
}

// Undoable returns what the viewer did and may take back: models.ErrNotFound
// for somebody else's, an unknown or an expired one.
func (s *Store) Undoable(ctx context.Context, v models.Viewer, id models.ID) (Undo, error) {
	var u undoRow
	err := s.get(ctx, &u, "SELECT * FROM undos WHERE id = ? AND account_id = ? AND expires_ms > ?", id, v.Account(), s.Now())
	return Undo{ID: u.ID, Label: u.Label, Verb: u.Verb, Roundtable: u.RoundtableID, At: u.CreatedMs, Done: u.DoneMs != 0}, err
}

// TakeBack undoes one of the viewer's own acts. It returns models.ErrNotFound
// for somebody else's, an unknown or an expired one, and models.ErrConflict
// where the thing was changed again since. Taking back twice changes nothing.
func (s *Store) TakeBack(ctx context.Context, v models.Viewer, id models.ID) (Undo, error) {
	var u undoRow
	err := s.transact(ctx, v, func(t *tx) error {
		err := t.get(&u, "SELECT * FROM undos WHERE id = ? AND account_id = ? AND expires_ms > ?", id, v.Account(), t.now)
		if err != nil || u.DoneMs != 0 {
			return err
		}
		undo, ok := undoVerbs[u.Verb]
		if !ok {
			return models.ErrNotFound
		}
		if err := undo(t, u); err != nil {
			return err
		}
		if err := t.exec("UPDATE undos SET done_ms = ? WHERE id = ?", t.now, id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "undo." + u.Verb, ObjectKind: "undo", Object: id, Roundtable: u.RoundtableID})
	})
	return Undo{ID: u.ID, Label: u.Label, Verb: u.Verb, Roundtable: u.RoundtableID, At: u.CreatedMs, Done: err == nil}, err
}

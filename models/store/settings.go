package store

import (
	"context"
	"encoding/json"
	"errors"

	"rotunda/models"
)

// readSetting reads one setting into dest and leaves dest as it is where the
// setting was never written.
func (s *Store) readSetting(ctx context.Context, key string, dest any) error {
	var raw string
	err := s.get(ctx, &raw, "SELECT value FROM settings WHERE key = ?", key)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(raw), dest)
}

func (t *tx) readSetting(key string, dest any) error {
	var raw string
	err := t.get(&raw, "SELECT value FROM settings WHERE key = ?", key)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(raw), dest)
}

func (t *tx) writeSetting(key string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return t.exec("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, string(raw))
}

// Institute returns how the host presents itself. It is on every page that
// anybody sees, so it takes no viewer.
func (s *Store) Institute(ctx context.Context) (models.Institute, error) {
	institute := models.DefaultInstitute()
	err := s.readSetting(ctx, "institute", &institute)
	return institute, err
}

// RoundtableExists returns whether the roundtable is private, for whoever asks
// next whether it exists for the viewer. One that is not there is
// models.ErrNotFound.
func (s *Store) RoundtableExists(ctx context.Context, v models.Viewer, id models.ID) (private bool, err error) {
	visible := visibleRooms(v, "r")
	err = s.get(ctx, &private, "SELECT r.private FROM roundtables r WHERE r.id = ? AND "+visible.cond, append([]any{id}, visible.args...)...)
	return private, err
}

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

package store

import (
	"context"

	"rotunda/models"
)

// Exec runs a statement for a test.
func (s *Store) Exec(ctx context.Context, q string, args ...any) error {
	return s.write.WithContext(ctx).Exec(q, args...).Error
}

// Rows reads rows for a test.
func (s *Store) Rows(ctx context.Context, dest any, q string, args ...any) error {
	return s.read.WithContext(ctx).Raw(q, args...).Scan(dest).Error
}

// NewID draws an id for a test.
func (s *Store) NewID() models.ID { return s.newID() }

// RecomputeRoom calls recomputeRoom in a transaction of its own.
func (s *Store) RecomputeRoom(ctx context.Context, room models.ID) error {
	return s.transact(ctx, models.System("test"), func(t *tx) error { return t.recomputeRoom(room) })
}

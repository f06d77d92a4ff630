package store

import (
	"context"
	"fmt"
	"sync/atomic"

	"gorm.io/gorm"

	"rotunda/models"
)

// Exec runs a statement for a test.
func (s *Store) Exec(ctx context.Context, q string, args ...any) error {
	s.written.Add(1)
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

// Tallies counts a filter's facets in both ways: looked up in the search index,
// and weighed one by one; the latter does not narrow to roundtables.
func (s *Store) Tallies(ctx context.Context, v models.Viewer, filter models.InsightFilter) (lookedUp, weighed string, err error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return "", "", err
	}
	words, chosen := unfaceted(filter)
	all, without, err := d.lookUp(ctx, filter, chosen, func([]int64) error { return nil })
	if err != nil {
		return "", "", err
	}
	lookedUp = fmt.Sprint(all, without) // maps are printed in order
	n, err := d.countTo(ctx, words, mostWeighed)
	if err != nil {
		return "", "", err
	}
	all, without, err = d.weigh(ctx, words, filter, chosen, n)
	return lookedUp, fmt.Sprint(all, without), err
}

// CountStatements counts from here on what goes to the database, and returns
// how to read the count.
func (s *Store) CountStatements() func() int {
	var n atomic.Int64
	count := func(*gorm.DB) { n.Add(1) }
	for _, db := range []*gorm.DB{s.write, s.read} {
		c := db.Callback()
		for _, err := range []error{
			c.Create().Before("gorm:create").Register("test:count", count),
			c.Query().Before("gorm:query").Register("test:count", count),
			c.Update().Before("gorm:update").Register("test:count", count),
			c.Delete().Before("gorm:delete").Register("test:count", count),
			c.Row().Before("gorm:row").Register("test:count", count),
			c.Raw().Before("gorm:raw").Register("test:count", count),
		} {
			if err != nil {
				panic(err)
			}
		}
	}
	before := s.inserted.Load()
	return func() int { return int(n.Load() + s.inserted.Load() - before) }
}

// FreezeCodebook calls freezeCodebook in a transaction of its own.
func (s *Store) FreezeCodebook(ctx context.Context) (version int, err error) {
	err = s.transact(ctx, models.System("test"), func(t *tx) error {
		version, err = t.freezeCodebook()
		return err
	})
	return version, err
}

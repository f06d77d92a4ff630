package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

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

// Tallies counts a filter's facets in every way there is: looked up in the
// search index, weighed one by one, which does not narrow to roundtables, and
// weighed in part; each with the cells from the database and, on SQLite, from
// memory.
func (s *Store) Tallies(ctx context.Context, v models.Viewer, filter models.InsightFilter) ([]string, error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return nil, err
	}
	words, chosen := unfaceted(filter)
	var out []string
	for _, kept := range []bool{false, true} {
		s.kept.mu.Lock()
		s.kept.all, s.kept.reading = nil, !kept
		s.kept.mu.Unlock()
		rows, every, err := d.allCells(ctx, words)
		if err != nil {
			return nil, err
		}
		for _, n := range []int{0, len(rows) / 3, len(rows)} {
			w := d.weighing(filter, chosen)
			w.add(rows[:n], nobody)
			if every && n == len(rows) {
				w.end(nobody)
			}
			all, without, err := d.lookUp(ctx, filter, w, func([]int64) error { return nil })
			if err != nil {
				return nil, err
			}
			out = append(out, fmt.Sprint(all, without)) // maps are printed in order
		}
		if have := s.kept.all != nil; have != (kept && s.dialect == sqliteDialect) {
			return nil, fmt.Errorf("in memory: %v", have)
		}
	}
	return out, nil
}

// TalliesOfMany counts a filter's facets as the explorer does, and all of them
// by the search index. It tells whether the first went on weighing after the
// newest matches.
func (s *Store) TalliesOfMany(ctx context.Context, v models.Viewer, filter models.InsightFilter) (explorer, index string, narrowed bool, err error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return "", "", false, err
	}
	for !s.keeps(ctx) && s.dialect == sqliteDialect {
		time.Sleep(time.Millisecond)
	}
	all, without, err := d.tallies(ctx, filter, nil)
	if err != nil {
		return "", "", false, err
	}
	explorer = fmt.Sprint(all, without)
	words, chosen := unfaceted(filter)
	w := d.weighing(filter, chosen)
	rows, every, err := d.allCells(ctx, words)
	if err != nil {
		return "", "", false, err
	}
	w.add(rows, nobody)
	narrowed = !every && w.rarest() != nobody
	all, without, err = d.lookUp(ctx, filter, d.weighing(filter, chosen), func([]int64) error { return nil })
	return explorer, fmt.Sprint(all, without), narrowed, err
}

// KeptAndRead returns what all that a viewer finds counts under, from memory
// and from the database, and whether memory had it.
func (s *Store) KeptAndRead(ctx context.Context, v models.Viewer) (kept, read string, had bool, err error) {
	d, err := s.finder(ctx, v)
	if err != nil {
		return "", "", false, err
	}
	w, _ := d.find(models.InsightFilter{})
	rows, had, err := d.keptCells(ctx, w, mostKnown)
	if err != nil {
		return "", "", had, err
	}
	kept = fmt.Sprint(rows)
	all := s.kept.all
	s.kept.all, s.kept.reading = nil, true
	rows, err = d.cells(ctx, w, mostKnown)
	s.kept.all, s.kept.reading = all, false
	return kept, fmt.Sprint(rows), had, err
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

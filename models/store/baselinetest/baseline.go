// Package baselinetest is what the benches measure against: the plain ways of
// doing the same, with nothing of ours in them.
package baselinetest

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// FsyncLoop appends size bytes and syncs, one after another, for as long as it
// is told to. It returns how many it did in a second: the floor of the disk.
func FsyncLoop(dir string, size int, for_ time.Duration) (float64, error) {
	f, err := os.CreateTemp(dir, "fsync-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close(); _ = os.Remove(f.Name()) }()
	block := make([]byte, size)
	start, n := time.Now(), 0
	for time.Since(start) < for_ {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

// note is one captured line as a first program would keep it.
type note struct {
	ID        uint
	Room      int64 `gorm:"index"`
	Text      string
	Pillar    int
	CreatedAt time.Time
}

// NaiveCaptures keeps notes from that many clients at once, each in one GORM
// transaction, with the full-text index kept by a trigger and every commit
// synced. It returns how many it kept in a second.
func NaiveCaptures(dir string, clients int, for_ time.Duration) (float64, error) {
	path := filepath.Join(dir, "naive.db")
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(path + suffix)
		}
	}()
	db, err := gorm.Open(sqlite.Open("file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=20000&_foreign_keys=1"),
		&gorm.Config{Logger: logger.Discard})
	if err != nil {
		return 0, err
	}
	if pool, err := db.DB(); err == nil {
		defer func() { _ = pool.Close() }()
	}
	if err := db.AutoMigrate(&note{}); err != nil {
		return 0, err
	}
	for _, q := range []string{
		"CREATE VIRTUAL TABLE notes_fts USING fts5(text, content='notes', content_rowid='id')",
		"CREATE TRIGGER notes_ai AFTER INSERT ON notes BEGIN INSERT INTO notes_fts(rowid, text) VALUES (new.id, new.text); END",
	} {
		if err := db.Exec(q).Error; err != nil {
			return 0, err
		}
	}
	return together(clients, for_, func(client, n int) error {
		return db.Create(&note{Room: int64(client % 8), Text: Line(client, n), Pillar: n % 5}).Error
	})
}

// Line is the text of a capture: different for every client and number.
func Line(client, n int) string {
	return fmt.Sprintf("Allied yards share a dry dock %d times a year and nobody signs the permit %d before the pilot is aboard", client, n)
}

// together runs f from that many clients at once and returns how often it ran
// in a second.
func together(clients int, for_ time.Duration, f func(client, n int) error) (float64, error) {
	var done atomic.Int64
	var failed atomic.Value
	var wg sync.WaitGroup
	start := time.Now()
	for c := range clients {
		wg.Go(func() {
			for n := 0; time.Since(start) < for_ && failed.Load() == nil; n++ {
				if err := f(c, n); err != nil {
					failed.Store(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	rate := float64(done.Load()) / time.Since(start).Seconds()
	if err, ok := failed.Load().(error); ok {
		return rate, err
	}
	return rate, nil
}

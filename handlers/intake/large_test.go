//go:build !race

package intake

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestImport_aHundredThousandRowsInBoundedMemory(t *testing.T) {
	path := shared + "/tricky/import/90_100k_participants.csv.gz"
	if testing.Short() || !exists(path) {
		t.Skip("the file of 100,000 rows is not here, or -short")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	start := time.Now()
	o := importFrom(t, filepath.Base(path), f, false)
	took := time.Since(start)
	if want := [5]int{100_000}; o.counts != want {
		t.Errorf("got %v, want %v: %.3q", o.counts, want, o.errors)
	}
	t.Logf("decoded and judged in %v", took)
	if took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	// What stays is the matcher's hashes alone, and they are gone here.
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	table, err := Open("x.gz", f, Limits{Bytes: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	var first, last uint64
	for n := 1; ; n++ {
		if _, err := table.Next(); err != nil {
			break
		}
		if n == 5_000 {
			first = heap()
		} else if n == 95_000 {
			last = heap()
		}
	}
	if first == 0 || last > first+2<<20 {
		t.Errorf("the heap grew from %d to %d bytes while reading", first, last)
	}
}

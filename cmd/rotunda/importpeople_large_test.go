//go:build !race

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// manyPeople returns a file of 100,000 people: the shared one where it is
// there, else one of the same shape.
func manyPeople(t *testing.T) string {
	t.Helper()
	shared := filepath.Join("..", "..", "..", "shared", "data", "tricky", "import", "90_100k_participants.csv.gz")
	if _, err := os.Stat(shared); err == nil {
		return shared
	}
	var b strings.Builder
	b.WriteString("name,title,organization,sector,country,email\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "Věra Nguyễn%d,Attaché,\"ACME %d, Inc.\",Academia,Türkiye,p%d@import.example\n", i%900, i%40, i)
	}
	file := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestImportPeople_hundredThousandComeInOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	db, file := convenerDB(t), manyPeople(t)
	for _, want := range []string{"100000 new, 0 updated, 0 unchanged", "0 new, 0 updated, 100000 unchanged"} {
		start := time.Now()
		code, out, errs := importPeople(t, db, file)
		if code != 0 || !strings.HasPrefix(out, want) {
			t.Errorf("exit %d, %q, %q; want %q", code, out, errs, want)
		}
		t.Logf("%s in %v", want, time.Since(start).Round(10*time.Millisecond))
	}
}

//go:build linux && !race

package crashtest

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// TestRotunda_importsTakeNoMoreMemoryForALongerFile compares the most memory
// that imports of people take, a file five times as long as the other.
func TestRotunda_importsTakeNoMoreMemoryForALongerFile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	short, long := peakOfImport(t, 12_000), peakOfImport(t, 60_000)
	t.Logf("%d MB and %d MB", short>>20, long>>20)
	if long > short+20<<20 {
		t.Errorf("the memory grew from %d MB to %d MB", short>>20, long>>20)
	}
}

// peakOfImport returns the most memory, in bytes, of an import of so many people.
func peakOfImport(t *testing.T, people int) int64 {
	t.Helper()
	w := newWorld(t, "")
	st, err := store.Open(t.Context(), store.Options{DSN: w.database, LinkKey: storetest.LinkKey})
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := st.Accounts(t.Context(), models.System("test"))
	if err != nil || st.Close() != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	table.WriteString("name,title,organization,sector,country,email\n")
	for i := range people {
		fmt.Fprintf(&table, "Věra Nguyễn%d,Attaché,\"ACME %d, Inc.\",Academia,Türkiye,p%d@import.example\n", i%900, i%40, i)
	}
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, table.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(w.program, "import", "people", file, "--db", w.database, "--as", accounts[0].Email) //nolint:gosec // our own program
	cmd.Env = append(os.Environ(), "ROTUNDA_LINK_KEY="+hex.EncodeToString(storetest.LinkKey))
	out, err := cmd.Output()
	if want := fmt.Sprintf("%d new", people); err != nil || !bytes.HasPrefix(out, []byte(want)) {
		t.Fatalf("%v: %s", err, out)
	}
	used, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Skip("this system does not tell")
	}
	return used.Maxrss << 10 // Linux counts in kilobytes
}

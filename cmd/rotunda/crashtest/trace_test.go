package crashtest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// escaped writes s as strace does with -xx.
func escaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, `\x%02x`, c)
	}
	return b.String()
}

func created(written []byte) (string, bool) {
	_, key, ok := bytes.Cut(written, []byte("201 Created "))
	return string(key), ok
}

func read(t *testing.T, lines ...string) []Event {
	t.Helper()
	events, err := ReadTrace(strings.NewReader(strings.Join(lines, "\n")+"\n"), "/data/app.db", created)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func TestReadTrace_keepsWhatTouchesTheDatabase(t *testing.T) {
	events := read(t,
		`11 pwrite64(5<`+escaped("/data/app.db-wal")+`>, "`+escaped("ab")+`", 2, 32) = 2`,
		`11 pwrite64(6<`+escaped("/data/app.db-shm")+`>, "`+escaped("ab")+`", 2, 0) = 2`,
		`11 pwrite64(7<`+escaped("/data/other")+`>, "`+escaped("ab")+`", 2, 0) = 2`,
		`12 ftruncate(5<`+escaped("/data/app.db-wal")+`>, 0) = 0`,
		`12 write(9<socket:[1]>, "`+escaped("201 Created k1")+`", 14) = 14`,
		`12 write(9<socket:[1]>, "`+escaped("500 no")+`", 6) = 6`,
		`12 fsync(4<`+escaped("/data/app.db")+`>) = -1 EIO (Input/output error)`,
		`12 fdatasync(4<`+escaped("/data/app.db")+`>) = 0`,
		`12 +++ exited with 0 +++`,
	)
	want := []Event{
		{Op: Write, File: "app.db-wal", Offset: 32, Data: []byte("ab")},
		{Op: Truncate, File: "app.db-wal", Covers: 1},
		{Op: Answer, Key: "k1"},
		{Op: Sync, File: "app.db", Covers: 3},
	}
	if fmt.Sprint(events) != fmt.Sprint(want) {
		t.Errorf("read %v, want %v", events, want)
	}
}

// A write that ends while a sync is on its way is not covered by it; an answer counts from its beginning.
func TestReadTrace_putsCallsOfSeveralThreadsInOrder(t *testing.T) {
	wal := escaped("/data/app.db-wal")
	events := read(t,
		`11 pwrite64(5<`+wal+`>, "`+escaped("a")+`", 1, 0) = 1`,
		`11 fdatasync(5<`+wal+`> <unfinished ...>`,
		`12 pwrite64(5<`+wal+`>, "`+escaped("b")+`", 1, 1) = 1`,
		`13 write(9<socket:[1]>, "`+escaped("201 Created k1")+`", 14 <unfinished ...>`,
		`11 <... fdatasync resumed>) = 0`,
		`13 <... write resumed>) = 14`,
	)
	if got := fmt.Sprint(events[0].Op, events[1].Op, events[2].Op, events[3].Op); got != fmt.Sprint(Write, Write, Answer, Sync) {
		t.Fatalf("order %s", got)
	}
	if events[3].Covers != 1 {
		t.Errorf("the sync covers %d events, want the one before it began", events[3].Covers)
	}
	d := disk{durable: map[string][]byte{}, pending: map[string][]pending{}}
	for i, e := range events {
		if e.Op != Answer {
			d.do(i, e)
		}
	}
	if got := string(d.durable["app.db-wal"]); got != "a" {
		t.Errorf("durable is %q, want a alone", got)
	}
}

func TestReadTrace_refusesDataThatWasCutShort(t *testing.T) {
	_, err := ReadTrace(strings.NewReader(`11 pwrite64(5<`+escaped("/data/app.db")+`>, "`+escaped("a")+`"..., 4096, 0) = 4096`), "/data/app.db", created)
	if err == nil {
		t.Error("half a page was taken for a page")
	}
}

// A log of keys, one byte each: a stand-in for a database, in which a lost write is a zero.
func keysOf(content []byte) map[string]bool {
	kept := map[string]bool{}
	for _, b := range content {
		if b != 0 {
			kept[string(b)] = true
		}
	}
	return kept
}

func TestReplay_losesNothingThatWasSyncedBeforeItsAnswer(t *testing.T) {
	var synced, careless []Event
	for i := range 40 {
		key := string(rune('A' + i))
		write := Event{Op: Write, File: "db", Offset: int64(i), Data: []byte(key)}
		synced = append(synced, write, Event{Op: Sync, File: "db", Covers: len(synced) + 1}, Event{Op: Answer, Key: key})
		careless = append(careless, write, Event{Op: Answer, Key: key})
	}
	for name, c := range map[string]struct {
		events []Event
		lossy  bool
	}{"synced": {synced, false}, "careless": {careless, true}} {
		dir := t.TempDir()
		r := Replay{Base: map[string][]byte{"db": {}}, Database: "db", Dir: dir, Check: func(path string) (map[string]bool, error) {
			content, err := os.ReadFile(path)
			return keysOf(content), err
		}}
		o, err := r.Run(c.events, 200, 1)
		if err != nil {
			t.Fatal(err)
		}
		if o.Cuts != 200 || o.Answers != 40 || o.Corrupt != 0 || o.Lossy > 0 != c.lossy {
			t.Errorf("%s: %v", name, o)
		}
	}
}

func TestReplay_leavesWritesByChanceAndTruncations(t *testing.T) {
	d := disk{durable: map[string][]byte{"db": []byte("abcd")}, pending: map[string][]pending{}}
	d.do(0, Event{Op: Truncate, File: "db", Offset: 2})
	d.do(1, Event{Op: Write, File: "db", Offset: 3, Data: []byte("X")})
	random, dir, seen := rand.New(rand.NewPCG(1, 1)), t.TempDir(), []string{}
	for range 50 {
		if err := d.leave(dir, random); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(dir + "/db")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(seen, string(content)) {
			seen = append(seen, string(content))
		}
	}
	slices.Sort(seen)
	if want := []string{"ab", "ab\x00X", "abcX", "abcd"}; !slices.Equal(seen, want) {
		t.Errorf("left %q, want each of %q", seen, want)
	}
}

func TestCompare_countsLostAndDoubled(t *testing.T) {
	lost, doubled := Compare([]string{"a", "b", "c"}, map[string]int{"a": 1, "b": 2, "unanswered": 1})
	if lost != 1 || doubled != 1 {
		t.Errorf("lost %d, doubled %d; want 1 and 1", lost, doubled)
	}
}

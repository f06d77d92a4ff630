//go:build linux && !race

package crashtest

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

// The smallest server that keeps captures, run as a process of its own by this test binary. It proves the tests:
// they must find nothing where it syncs before it answers, and something where it does not.
const serverVariable = "CRASHTEST_SERVER"

func TestMain(m *testing.M) {
	if mode := os.Getenv(serverVariable); mode != "" {
		if err := smallServer(mode, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	for _, program := range programs {
		_ = os.RemoveAll(filepath.Dir(program))
	}
	os.Exit(code)
}

// smallServer answers POST with the key as the body. In mode "early" it answers before the row is written.
func smallServer(mode, database string) error {
	synchronous := "FULL"
	if mode == "normal" {
		synchronous = "NORMAL"
	}
	db, err := openSmall(database, synchronous)
	if err != nil {
		return err
	}
	var writes sync.Mutex
	insert := func(key []byte) error {
		writes.Lock()
		defer writes.Unlock()
		_, err := db.Exec("INSERT OR IGNORE INTO captures (key) VALUES (?)", string(key))
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + listener.Addr().String())
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if mode == "early" {
			time.AfterFunc(50*time.Millisecond, func() { _ = insert(key) })
		} else if err := insert(key); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Location", "/captures/"+string(key))
		w.WriteHeader(http.StatusCreated)
	}))
}

func openSmall(path, synchronous string) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_busy_timeout=5000&_txlock=immediate&_synchronous="+synchronous)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec("CREATE TABLE IF NOT EXISTS captures (key TEXT NOT NULL UNIQUE)")
	return db, err
}

// newDatabase makes an empty database and closes it, so that no log is left beside it.
func newDatabase(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "small.db")
	db, err := openSmall(path, "FULL")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// start starts a command that prints its address first.
func start(cmd *exec.Cmd, mode string) (string, error) {
	cmd.Env = append(os.Environ(), serverVariable+"="+mode)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Process.Kill()
		return "", fmt.Errorf("the server did not start: %w", err)
	}
	return strings.TrimSpace(address), nil
}

var client = &http.Client{Timeout: 2 * time.Second}

func capture(ctx context.Context, address, key string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(key))
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusCreated
}

// location finds the key in an answer.
func location(written []byte) (string, bool) {
	if !bytes.HasPrefix(written, []byte("HTTP/1.1 201 Created\r\n")) {
		return "", false
	}
	_, rest, _ := bytes.Cut(written, []byte("\r\nLocation: /captures/"))
	key, _, ok := bytes.Cut(rest, []byte("\r\n"))
	return string(key), ok
}

// stored checks a database and counts the rows of each key.
func stored(path string) (map[string]int, error) {
	db, err := openSmall(path, "FULL")
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil {
		return nil, err
	}
	if verdict != "ok" {
		return nil, fmt.Errorf("integrity_check: %s", verdict)
	}
	rows, err := db.Query("SELECT key FROM captures")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	keys := map[string]int{}
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys[key]++
	}
	return keys, rows.Err()
}

func kept(path string) (map[string]bool, error) {
	counts, err := stored(path)
	keys := map[string]bool{}
	for key := range counts {
		keys[key] = true
	}
	return keys, err
}

// powerCut traces the small server during captures and cuts its power.
func powerCut(t *testing.T, mode string) Outcome {
	t.Helper()
	database := newDatabase(t)
	base, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "trace")
	cmd, err := Strace(log, os.Args[0], database)
	if err != nil {
		t.Skip(err)
	}
	address, err := start(cmd, mode)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if !capture(t.Context(), address, fmt.Sprint("capture-", i)) {
			t.Errorf("capture %d was not answered", i)
		}
	}
	if err := EndTraced(cmd); err != nil {
		t.Fatal(err)
	}
	trace, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = trace.Close() }()
	events, err := ReadTrace(trace, database, location)
	if err != nil {
		t.Fatal(err)
	}
	o, err := Replay{Base: map[string][]byte{"small.db": base}, Database: "small.db", Check: kept, Dir: t.TempDir()}.Run(events, 200, 7)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(o, o.FirstError)
	if o.Answers != 100 || o.Corrupt != 0 {
		t.Errorf("%v, want 100 answers and none corrupt", o)
	}
	return o
}

func TestPowerCut_losesNothingWithSynchronousFull(t *testing.T) {
	if o := powerCut(t, "full"); o.Lossy != 0 {
		t.Error(o)
	}
}

// Without this one the test above would prove nothing.
func TestPowerCut_findsTheLossOfSynchronousNormal(t *testing.T) {
	if o := powerCut(t, "normal"); o.Lossy == 0 {
		t.Error(o)
	}
}

func kill(t *testing.T, mode string, kills int) (acknowledged []string, lost, doubled int) {
	t.Helper()
	database := newDatabase(t)
	acknowledged, err := Kills{
		Start: func() (*exec.Cmd, string, error) {
			cmd := exec.Command(os.Args[0], database)
			address, err := start(cmd, mode)
			return cmd, address, err
		},
		Capture: capture, Clients: 4, Shortest: 20 * time.Millisecond, Longest: 120 * time.Millisecond,
	}.Run(kills)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := stored(database)
	if err != nil {
		t.Fatal(err)
	}
	lost, doubled = Compare(acknowledged, keys)
	t.Logf("%s: %d kills, %d acknowledged, %d lost, %d doubled", mode, kills, len(acknowledged), lost, doubled)
	return acknowledged, lost, doubled
}

func TestKills_loseNothingThatWasWrittenBeforeItsAnswer(t *testing.T) {
	acknowledged, lost, doubled := kill(t, "full", 5)
	if len(acknowledged) < 20 || lost != 0 || doubled != 0 {
		t.Errorf("%d acknowledged, %d lost, %d doubled", len(acknowledged), lost, doubled)
	}
}

// Without this one the test above would prove nothing.
func TestKills_findTheLossOfAnEarlyAnswer(t *testing.T) {
	if _, lost, _ := kill(t, "early", 5); lost == 0 {
		t.Error("a server that answers before it writes lost nothing")
	}
}

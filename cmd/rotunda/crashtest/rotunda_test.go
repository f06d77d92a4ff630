//go:build linux && !race

package crashtest

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// atScale is how many times a test does its work: few with the other tests,
// many in the bench.
func atScale(few, many int) int {
	if os.Getenv("ROTUNDA_SCALE") == "bench" {
		return many
	}
	return few
}

// world is a database with one roundtable, and somebody signed in who captures
// there.
type world struct {
	program, database string
	room              models.ID
	token             string
}

var (
	programsMu sync.Mutex
	// programs are those that were built, by what the linker was told.
	programs = map[string]string{}
)

// program builds the program once for all tests.
func program(t *testing.T, ldflags string) string {
	t.Helper()
	programsMu.Lock()
	defer programsMu.Unlock()
	if programs[ldflags] == "" {
		dir, err := os.MkdirTemp("", "rotunda-crashtest")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "rotunda")
		programs[ldflags] = path
		if out, err := exec.Command("go", "build", "-ldflags", ldflags, "-o", path, "rotunda/cmd/rotunda").CombinedOutput(); err != nil { //nolint:gosec // constants
			t.Fatalf("the program does not build: %s", out)
		}
	}
	return programs[ldflags]
}

// newWorld builds the program, with what the linker is told, and its database.
func newWorld(t *testing.T, ldflags string) world {
	t.Helper()
	if storetest.Postgres() {
		t.Skip("PostgreSQL keeps its own promises")
	}
	w := world{program: program(t, ldflags), database: storetest.NewDSN(t)}
	st, err := store.Open(t.Context(), store.Options{DSN: w.database, LinkKey: storetest.LinkKey})
	if err != nil {
		t.Fatal(err)
	}
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	w.room, _ = storetest.Roundtable(t, st, lead)
	if w.token, err = st.StartSession(t.Context(), lead.Account(), "crash", "127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w world) arguments() []string {
	return []string{"serve", "--db", w.database, "--addr", "127.0.0.1:0"}
}

var site = regexp.MustCompile(`http://localhost:\d+`)

// run starts the command and reads where the program is.
func (w world) run(cmd *exec.Cmd) (string, error) {
	cmd.Env = append(os.Environ(), "ROTUNDA_LINK_KEY="+hex.EncodeToString(storetest.LinkKey))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Process.Kill()
		return "", err
	}
	return site.FindString(line), nil
}

// captureLine sends one line as the capture page does, under the key as its
// client id.
func (w world) captureLine(ctx context.Context, address, key string) bool {
	form := url.Values{"line": {"Repair ships, not cable, are the bottleneck " + key + " #s !claim"}, "client_id": {key}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/roundtables/"+w.room.String()+"/insights", strings.NewReader(form.Encode()))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Encoding", "identity") // the trace is read for the answer's words
	req.AddCookie(&http.Cookie{Name: "rotunda", Value: w.token})
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		ClientID string `json:"client_id"`
	}
	body, err := io.ReadAll(resp.Body)
	return err == nil && resp.StatusCode == http.StatusCreated && json.Unmarshal(body, &answer) == nil && answer.ClientID == key
}

var clientID = regexp.MustCompile(`"client_id":"([^"]+)"`)

// acknowledges finds the client id in an answer.
func acknowledges(written []byte) (string, bool) {
	if !bytes.HasPrefix(written, []byte("HTTP/1.1 201 Created\r\n")) {
		return "", false
	}
	m := clientID.FindSubmatch(written)
	if m == nil {
		return "", false
	}
	return string(m[1]), true
}

// insights checks a database and counts the insights of each client id.
func insights(path string) (map[string]int, error) {
	if err := store.CheckFile(context.Background(), path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000")
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	rows, err := db.Query("SELECT client_id FROM insights")
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

func TestRotunda_killsLoseAndDoubleNothing(t *testing.T) {
	w := newWorld(t, "")
	kills := atScale(20, 200)
	acknowledged, err := Kills{
		Start: func() (*exec.Cmd, string, error) {
			cmd := exec.Command(w.program, w.arguments()...) //nolint:gosec // our own program
			address, err := w.run(cmd)
			return cmd, address, err
		},
		Capture: w.captureLine, Clients: 8, Shortest: 100 * time.Millisecond, Longest: 600 * time.Millisecond,
	}.Run(kills)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := insights(w.database)
	if err != nil {
		t.Fatal(err)
	}
	lost, doubled := Compare(acknowledged, kept)
	t.Logf("%d kills, %d acknowledged, %d lost, %d doubled", kills, len(acknowledged), lost, doubled)
	if len(acknowledged) < 10*kills || lost != 0 || doubled != 0 {
		t.Errorf("%d acknowledged, %d lost, %d doubled", len(acknowledged), lost, doubled)
	}
}

// cutPower traces the program during captures and cuts its power.
func cutPower(t *testing.T, ldflags string, cuts int) Outcome {
	t.Helper()
	w := newWorld(t, ldflags)
	base, err := os.ReadFile(w.database)
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "trace")
	cmd, err := Strace(log, append([]string{w.program}, w.arguments()...)...)
	if err != nil {
		t.Skip(err)
	}
	address, err := w.run(cmd)
	if err != nil {
		t.Fatal(err)
	}
	const captures = 60
	for i := range captures {
		if !w.captureLine(t.Context(), address, fmt.Sprintf("capture-%03d", i)) {
			t.Fatalf("capture %d was not acknowledged", i)
		}
	}
	if err := EndTraced(cmd); err != nil {
		t.Fatal(err)
	}
	trace, err := os.Open(log) //nolint:gosec // our own file
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = trace.Close() }()
	events, err := ReadTrace(trace, w.database, acknowledges)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(w.database)
	o, err := Replay{Base: map[string][]byte{name: base}, Database: name, Dir: t.TempDir(), Check: func(path string) (map[string]bool, error) {
		counts, err := insights(path)
		keys := map[string]bool{}
		for key := range counts {
			keys[key] = true
		}
		return keys, err
	}}.Run(events, cuts, 11)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(o, o.FirstError)
	if o.Answers != captures || o.Corrupt != 0 {
		t.Errorf("%v, want %d answers and none corrupt", o, captures)
	}
	return o
}

func TestRotunda_powerCutsLoseNothing(t *testing.T) {
	if o := cutPower(t, "", atScale(500, 10_000)); o.Lossy != 0 {
		t.Error(o)
	}
}

// Without this one the test above would prove nothing.
func TestRotunda_powerCutsLoseCapturesWithSynchronousNormal(t *testing.T) {
	if o := cutPower(t, "-X rotunda/models/store.synchronous=NORMAL", 200); o.Lossy == 0 {
		t.Error(o)
	}
}

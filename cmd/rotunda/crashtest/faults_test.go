//go:build linux && !race

package crashtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// start starts the program on the world and stops it with the test.
func (w world) start(t *testing.T, cmd *exec.Cmd) (address string) {
	t.Helper()
	address, err := w.run(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return address
}

// ask sends a request as the signed-in lead and returns status and body.
func (w world) ask(t *testing.T, method, address string, form url.Values, headers ...string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	req.AddCookie(&http.Cookie{Name: "rotunda", Value: w.token})
	visitor := http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := visitor.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(all)
}

func (w world) captureStatus(t *testing.T, address, key string) int {
	t.Helper()
	status, _ := w.ask(t, http.MethodPost, address+"/roundtables/"+w.room.String()+"/insights",
		url.Values{"line": {"Permits come first " + key}, "client_id": {key}}, "Accept", "application/json")
	return status
}

// holds fails the test unless the database is whole and holds each of the
// acknowledged captures once.
func (w world) holds(t *testing.T, acknowledged []string) {
	t.Helper()
	kept, err := insights(w.database)
	if err != nil {
		t.Fatal(err)
	}
	if lost, doubled := Compare(acknowledged, kept); lost != 0 || doubled != 0 {
		t.Errorf("of %d acknowledged captures %d are lost, %d are there twice", len(acknowledged), lost, doubled)
	}
}

// A disk that is full is said on every way in, reading goes on, and the first
// capture after room was made is kept: nobody has to restart anything.
func TestRotunda_aFullDiskIsSaidAndForgotten(t *testing.T) {
	w := newWorld(t, "")
	cmd := exec.Command(w.program, w.arguments()...) //nolint:gosec // our own program
	address := w.start(t, cmd)
	acknowledged := w.captureUntil(t, address, "before", 5)

	free := w.fillDisk(t, cmd.Process.Pid)
	room := address + "/roundtables/" + w.room.String()
	refused := 0
	for i := range 20 {
		if got := w.captureStatus(t, address, fmt.Sprint("full-", i)); got != http.StatusServiceUnavailable {
			t.Fatalf("a capture on a full disk: %d, want 503", got)
		}
		refused++
	}
	for path, form := range map[string]url.Values{
		room + "/insights":  {"line": {"Typed in a browser"}},
		room + "/agenda":    {"title": {"One more part"}, "minutes": {"5"}},
		address + "/people": {"given": {"One"}, "family": {"More"}},
	} {
		status, page := w.ask(t, http.MethodPost, path, form)
		if status != http.StatusServiceUnavailable || !strings.Contains(page, "Nothing can be saved just now") {
			t.Errorf("POST %s: %d %.300s", strings.TrimPrefix(path, address), status, page)
		}
	}
	status, _ := w.ask(t, http.MethodPost, address+"/sign-in", url.Values{"email": {"ada.byron@example.org"}, "password": {"not the right one"}})
	if status != http.StatusServiceUnavailable {
		t.Errorf("signing in where no try can be counted: %d, want 503", status)
	}
	for _, path := range []string{"", "/insights", "/roundtables/" + w.room.String() + "/capture"} {
		if status, _ := w.ask(t, http.MethodGet, address+path, nil); status != http.StatusOK {
			t.Errorf("reading %s on a full disk: %d", path, status)
		}
	}

	free()
	if got := w.captureStatus(t, address, "after"); got != http.StatusCreated {
		t.Errorf("the first capture after there is room again: %d", got)
	}
	w.holds(t, append(acknowledged, "after"))
	t.Logf("%d captures refused while the disk was full", refused)
}

// captureUntil sends captures that must all be kept.
func (w world) captureUntil(t *testing.T, address, name string, n int) (acknowledged []string) {
	t.Helper()
	for i := range n {
		key := fmt.Sprint(name, "-", i)
		if got := w.captureStatus(t, address, key); got != http.StatusCreated {
			t.Fatalf("%s: %d", key, got)
		}
		acknowledged = append(acknowledged, key)
	}
	return acknowledged
}

// fillDisk lets no file of the process grow over a few bytes until it is freed:
// a write fails as it does on a full disk, without one.
func (w world) fillDisk(t *testing.T, pid int) (free func()) {
	t.Helper()
	var before unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, nil, &before); err != nil {
		t.Fatal(err)
	}
	set := func(limit uint64) {
		t.Helper()
		if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: before.Max}, nil); err != nil {
			t.Fatal(err)
		}
	}
	set(1024)
	return func() { set(before.Cur) }
}

// Each thread of the program meets a number of failing calls, then none: some
// captures are refused, none is acknowledged and lost, and in the end all are
// kept again.
func TestRotunda_aFailingDiskIsSaidAndForgotten(t *testing.T) {
	for name, fault := range map[string]string{
		"no space left":    "pwrite64:error=ENOSPC:when=3..14",
		"write fails":      "pwrite64:error=EIO:when=3..14",
		"sync fails":       "fdatasync,fsync:error=EIO:when=3..8",
		"file cannot grow": "ftruncate,fallocate:error=EIO:when=1..20",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			strace, err := exec.LookPath("strace")
			if err != nil {
				t.Skip("strace is missing: make deps installs it")
			}
			cmd := exec.Command(strace, append([]string{"-f", "-qq", "-o", "/dev/null", "-e", "signal=none", "-e", "inject=" + fault, //nolint:gosec // constants
				"-P", w.database, "-P", w.database + "-wal", "--", w.program}, w.arguments()...)...)
			address, err := w.run(cmd)
			if err != nil {
				t.Fatal(err)
			}
			var acknowledged []string
			refused, inRow := 0, 0
			for i := 0; inRow < 40 && i < 600; i++ {
				key := fmt.Sprint("capture-", i)
				switch got := w.captureStatus(t, address, key); got {
				case http.StatusCreated:
					acknowledged = append(acknowledged, key)
					inRow++
				case http.StatusServiceUnavailable:
					refused++
					inRow = 0
				default:
					t.Fatalf("%s: %d, want 201 or 503", key, got)
				}
			}
			if inRow < 40 {
				t.Errorf("it did not recover: %d kept, %d refused", len(acknowledged), refused)
			}
			if refused == 0 && name != "file cannot grow" {
				t.Error("nothing failed: the test looks at nothing")
			}
			if err := EndTraced(cmd); err != nil {
				t.Fatal(err)
			}
			w.holds(t, acknowledged)
			t.Logf("%d kept, %d refused", len(acknowledged), refused)
		})
	}
}

// Whoever moves or removes the database under the running program must not be
// told that captures are kept: nobody would find them again.
func TestRotunda_aDatabaseThatWasMovedTakesNothing(t *testing.T) {
	w := newWorld(t, "")
	address := w.start(t, exec.Command(w.program, w.arguments()...)) //nolint:gosec // our own program
	acknowledged := w.captureUntil(t, address, "before", 3)
	folder := filepath.Dir(w.database)
	elsewhere := folder + "-moved"
	if err := os.Rename(folder, elsewhere); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if got := w.captureStatus(t, address, fmt.Sprint("moved-", i)); got != http.StatusServiceUnavailable {
			t.Errorf("a capture into a database that is gone: %d, want 503", got)
		}
	}
	if err := os.Rename(elsewhere, folder); err != nil {
		t.Fatal(err)
	}
	acknowledged = append(acknowledged, w.captureUntil(t, address, "back", 3)...)
	w.holds(t, acknowledged)
}

// What cannot be opened or kept is said in one plain line, with exit code 1.
func TestRotunda_saysPlainlyWhatItCannotKeep(t *testing.T) {
	w := newWorld(t, "")
	blocked := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	readOnly := w.readOnlyCopy(t)
	add := []string{"--email", "new@example.org", "--name", "New", "--role", "reader"}
	for name, args := range map[string][]string{
		"serve under a file":                    {"serve", "--db", filepath.Join(blocked, "r.db"), "--addr", "127.0.0.1:0"},
		"user add under a file":                 append([]string{"user", "add", "--db", filepath.Join(blocked, "r.db")}, add...),
		"user list without a folder":            {"user", "list", "--db", filepath.Join(t.TempDir(), "none", "r.db")},
		"serve where nothing may be written":    {"serve", "--db", readOnly, "--addr", "127.0.0.1:0"},
		"user add where nothing may be written": append([]string{"user", "add", "--db", readOnly}, add...),
		"migrate where nothing may be written":  {"migrate", "--db", filepath.Join(filepath.Dir(readOnly), "new.db")},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		cmd := exec.CommandContext(ctx, w.program, args...) //nolint:gosec // our own program
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if os.Geteuid() == 0 { // root may write everywhere
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		err := cmd.Run()
		cancel()
		if cmd.ProcessState.ExitCode() != 1 || strings.Count(errs.String(), "\n") != 1 || !strings.HasPrefix(errs.String(), "rotunda: ") {
			t.Errorf("%s: %v\n%s%s", name, err, out.String(), errs.String())
		}
	}
}

// readOnlyCopy puts the database where another user may read, not write.
func (w world) readOnlyCopy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	content, err := os.ReadFile(w.database)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "r.db")
	if err := os.WriteFile(path, content, 0o444); err != nil { //nolint:gosec // to be read by another user
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".key", []byte(strings.Repeat("00", 32)), 0o444); err != nil { //nolint:gosec // the same
		t.Fatal(err)
	}
	for _, file := range []string{dir, filepath.Dir(w.program)} {
		for ; file != os.TempDir() && file != "/"; file = filepath.Dir(file) {
			if err := os.Chmod(file, 0o555); err != nil { //nolint:gosec // the same
				t.Fatal(err)
			}
		}
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) }) //nolint:gosec // so that it can be removed
	return path
}

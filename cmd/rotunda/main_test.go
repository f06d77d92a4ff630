package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// program runs a verb and returns its exit code and what it printed.
func program(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func newDB(t *testing.T) string { return filepath.Join(t.TempDir(), "data", "r.db") }

var signInLink = regexp.MustCompile(`^http://localhost:8080/sign-in/[A-Za-z0-9_-]{43}\n$`)

func TestUser_addPrintsALinkAndListIsOldestFirst(t *testing.T) {
	db := newDB(t)
	for _, name := range []string{"Ann Lee", "Bo Chen"} {
		email := strings.ToLower(strings.Fields(name)[0]) + "@example.org"
		code, out, errs := program(t, "user", "add", "--db", db, "--email", email, "--name", name, "--role", "convener")
		if code != 0 || !signInLink.MatchString(out) {
			t.Fatalf("exit %d, %q, %q", code, out, errs)
		}
	}
	if code, _, errs := program(t, "user", "add", "--db", db, "--email", "ANN@example.org", "--name", "Ann", "--role", "reader"); code != 1 || strings.Count(errs, "\n") != 1 {
		t.Errorf("an address that is taken: exit %d, %q", code, errs)
	}
	if code, _, _ := program(t, "user", "disable", "--db", db, "--email", "bo@example.org"); code != 1 {
		t.Errorf("without an administrator left nobody can be disabled: exit %d", code)
	}
	code, out, _ := program(t, "user", "list", "--db", db)
	if want := "ann@example.org\tAnn Lee\tconvener\tinvited\nbo@example.org\tBo Chen\tconvener\tinvited\n"; code != 0 || out != want {
		t.Errorf("exit %d, list %q", code, out)
	}
}

// The flag and its environment twin reach the site: with one stream open, the next is one too many.
func TestServe_limitsStreamsAsToldByFlagOrEnvironment(t *testing.T) {
	if code, _, errs := program(t, "serve", "--db", newDB(t), "--addr", "127.0.0.1:0", "--max-streams", "0"); code != exitUsage || !strings.Contains(errs, "at least 1") {
		t.Errorf("no stream at all: exit %d, %q", code, errs)
	}
	streams := func(args ...string) (first, second int) {
		found, stop, done := serving(t, append([]string{"demo", "--db", newDB(t)}, args...)...)
		defer ended(t, done)
		defer stop()
		browser := signedIn(t, found[1])
		page := body(t, browser, found[0]+"/roundtables")
		room := regexp.MustCompile(`/roundtables/[0-9a-z]{13}`).FindString(page)
		ask := func() (int, func()) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, found[0]+room+"/stream", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept", "text/event-stream")
			res, err := browser.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			return res.StatusCode, func() { _ = res.Body.Close() }
		}
		first, close1 := ask()
		defer close1()
		second, close2 := ask()
		defer close2()
		return first, second
	}
	if first, second := streams("--max-streams", "1"); first != http.StatusOK || second != http.StatusTooManyRequests {
		t.Errorf("by the flag: %d, then %d", first, second)
	}
	t.Setenv("ROTUNDA_MAX_STREAMS", "1")
	if first, second := streams(); first != http.StatusOK || second != http.StatusTooManyRequests {
		t.Errorf("by the environment: %d, then %d", first, second)
	}
}

// signedIn follows a one-time link as a browser does.
func signedIn(t *testing.T, link string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	res, err := browser.Post(link, "application/x-www-form-urlencoded", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("signing in: %d", res.StatusCode)
	}
	return browser
}

func body(t *testing.T, browser *http.Client, address string) string {
	t.Helper()
	res, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestUsage_mistakesExitWithTwo(t *testing.T) {
	for _, args := range [][]string{
		{"user", "add", "--email", "a@example.org"}, {"none"}, {"serve", "--none"},
		{"user", "add", "--email", "a@example.org", "--name", "A", "--role", "king"},
	} {
		if code, out, errs := program(t, args...); code != exitUsage || errs == "" || strings.Contains(errs, "\n\n") {
			t.Errorf("%v: exit %d, %q, %q", args, code, out, errs)
		}
	}
}

func TestBackup_copyRestores(t *testing.T) {
	db := newDB(t)
	if code, _, errs := program(t, "user", "add", "--db", db, "--email", "a@example.org", "--name", "A", "--role", "admin"); code != 0 {
		t.Fatal(errs)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if code, out, errs := program(t, "backup", "--db", db, copied); code != 0 || !strings.Contains(out, "link key") {
		t.Fatalf("exit %d, %q, %q", code, out, errs)
	}
	if code, _, _ := program(t, "restore", "--db", db, copied); code != exitUsage {
		t.Errorf("a database was replaced without being asked to: exit %d", code)
	}
	if code, _, errs := program(t, "restore", "--db", db, "--replace", copied); code != 0 {
		t.Fatal(errs)
	}
	if _, out, _ := program(t, "user", "list", "--db", db); !strings.HasPrefix(out, "a@example.org\t") {
		t.Errorf("after restoring: %q", out)
	}
	junk := filepath.Join(t.TempDir(), "junk.db")
	if err := os.WriteFile(junk, []byte("not a database at all, only words"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := program(t, "restore", "--db", db, "--replace", junk); code != exitFailure {
		t.Errorf("junk was restored: exit %d", code)
	}
	if code, out, errs := program(t, "doctor", "--db", db); code != 0 || strings.Contains(out, "FAIL") {
		t.Errorf("doctor: exit %d, %q, %q", code, out, errs)
	}
}

func TestPDFFont_isCheckedBeforeItIsNeeded(t *testing.T) {
	db, font := newDB(t), filepath.Join(t.TempDir(), "words.ttf")
	if err := os.WriteFile(font, []byte("only words"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := program(t, "doctor", "--db", db, "--pdf-font", font); code != exitFailure || !strings.Contains(out, "FAIL  Font of PDFs") {
		t.Errorf("doctor: exit %d, %q", code, out)
	}
	if code, _, errs := program(t, "serve", "--db", db, "--addr", "127.0.0.1:0", "--pdf-font", font); code != exitUsage || !strings.Contains(errs, "TrueType") {
		t.Errorf("serve: exit %d, %q", code, errs)
	}
}

func TestDoctor_makesNothing(t *testing.T) {
	db := filepath.Join(t.TempDir(), "none.db")
	if code, out, _ := program(t, "doctor", "--db", db); code != exitFailure || !strings.Contains(out, "there is no database") {
		t.Errorf("exit %d, %q", code, out)
	}
	if left, err := os.ReadDir(filepath.Dir(db)); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestVersion_takesTheDatabaseAsEveryVerbDoes(t *testing.T) {
	if code, out, errs := program(t, "version", "--db", "x.db"); code != 0 || !strings.HasPrefix(out, "rotunda ") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
}

// serving starts a verb that serves, on a free port, and returns the two
// addresses that it prints.
func serving(t *testing.T, args ...string) (found []string, stop func(), done <-chan int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		defer func() { _ = write.Close() }()
		ended <- run(ctx, append(args, "--addr", "127.0.0.1:0"), write, io.Discard)
	}()
	address := regexp.MustCompile(`http://localhost:\d+\S*`)
	lines := bufio.NewScanner(read)
	for len(found) < 2 && lines.Scan() {
		found = append(found, address.FindAllString(lines.Text(), -1)...)
	}
	if len(found) != 2 || !strings.HasPrefix(found[1], found[0]+"/sign-in/") {
		t.Fatalf("addresses: %q", found)
	}
	return found, stop, ended
}

func ended(t *testing.T, done <-chan int) {
	t.Helper()
	select {
	case code := <-done:
		if code != 0 {
			t.Errorf("exit %d", code)
		}
	case <-time.After(15 * time.Second):
		t.Fatal("it did not stop")
	}
}

func TestServe_printsTwoAddressesAndStops(t *testing.T) {
	found, stop, done := serving(t, "serve", "--db", newDB(t))
	res, err := http.Get(found[0] + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("health: %d", res.StatusCode)
	}
	taken := strings.TrimPrefix(found[0], "http://localhost")
	if code, _, errs := program(t, "serve", "--db", newDB(t), "--addr", "127.0.0.1"+taken); code != 1 || !strings.Contains(errs, "in use") {
		t.Errorf("a busy port: exit %d, %q", code, errs)
	}
	stop()
	ended(t, done)
}

func TestDemo_buildsOnceAndSignsTheFirstAccountIn(t *testing.T) {
	db := newDB(t)
	for range 2 {
		_, stop, done := serving(t, "demo", "--db", db)
		stop()
		ended(t, done)
	}
	code, out, _ := program(t, "user", "list", "--db", db)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); code != 0 || len(lines) != 8 || !strings.HasPrefix(lines[0], "amara.lindgren@wisc.example\tAmara Lindgren\tadmin\t") {
		t.Errorf("exit %d, accounts %q", code, out)
	}
	if code, out, errs := program(t, "demo", "--db", newDB(t), "--build-only"); code != 0 || out != "" {
		t.Errorf("--build-only: exit %d, %q, %q", code, out, errs)
	}
}

func TestDemo_signsTheOldestEnabledAdminIn(t *testing.T) {
	db := newDB(t)
	for _, email := range []string{"a@example.org", "b@example.org"} {
		if code, _, errs := program(t, "user", "add", "--db", db, "--email", email, "--name", "A", "--role", "admin"); code != 0 {
			t.Fatal(errs)
		}
	}
	if code, _, errs := program(t, "user", "disable", "--db", db, "--email", "a@example.org"); code != 0 {
		t.Fatal(errs)
	}
	_, stop, done := serving(t, "demo", "--db", db)
	stop()
	ended(t, done)
	db = newDB(t)
	if code, _, errs := program(t, "user", "add", "--db", db, "--email", "r@example.org", "--name", "R", "--role", "reader"); code != 0 {
		t.Fatal(errs)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	read, write := io.Pipe()
	go func() {
		_ = run(ctx, []string{"demo", "--db", db, "--addr", "127.0.0.1:0"}, write, io.Discard)
		_ = write.Close()
	}()
	lines := bufio.NewScanner(read)
	if !lines.Scan() || !strings.Contains(lines.Text(), "No administrator can sign in") {
		t.Errorf("it says %q", lines.Text())
	}
	cancel()
	_, _ = io.Copy(io.Discard, read)
}

func TestRestore_refusesWhileTheSiteRuns(t *testing.T) {
	db := newDB(t)
	_, stop, done := serving(t, "serve", "--db", db)
	copied := filepath.Join(t.TempDir(), "copy.db")
	if code, _, errs := program(t, "backup", "--db", db, copied); code != 0 {
		t.Fatal(errs)
	}
	if code, out, errs := program(t, "restore", "--db", db, "--replace", copied); code != exitFailure || out != "" || !strings.Contains(errs, "stop the site") {
		t.Errorf("while it runs: exit %d, %q, %q", code, out, errs)
	}
	stop()
	ended(t, done)
	if code, _, errs := program(t, "restore", "--db", db, "--replace", copied); code != 0 {
		t.Errorf("after it stopped: exit %d, %q", code, errs)
	}
	if err := os.WriteFile(db, []byte("what a failing disk left behind"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := program(t, "restore", "--db", db, "--replace", copied); code != 0 {
		t.Errorf("over a damaged file: exit %d, %q", code, errs)
	}
}

func TestDatabase_itsAddressMayLieInAFile(t *testing.T) {
	db := newDB(t)
	if code, _, errs := program(t, "user", "add", "--db", db, "--email", "a@example.org", "--name", "A", "--role", "admin"); code != 0 {
		t.Fatal(errs)
	}
	file := filepath.Join(t.TempDir(), "address")
	if err := os.WriteFile(file, []byte(db+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ROTUNDA_DB_FILE", file)
	if code, out, errs := program(t, "user", "list"); code != 0 || !strings.HasPrefix(out, "a@example.org\t") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
	if code, _, _ := program(t, "user", "list", "--db", filepath.Join(t.TempDir(), "other.db")); code != exitFailure {
		t.Errorf("what is named outright does not count: exit %d", code)
	}
	t.Setenv("ROTUNDA_DB_FILE", filepath.Join(t.TempDir(), "none"))
	if code, _, errs := program(t, "user", "list"); code != exitFailure || !strings.Contains(errs, "cannot read the file") {
		t.Errorf("without the file: exit %d, %q", code, errs)
	}
}

func TestMail_theServerNeedsASender(t *testing.T) {
	code, _, errs := program(t, "demo", "--db", newDB(t), "--addr", "127.0.0.1:0", "--smtp-url", "smtp://127.0.0.1:2525")
	if code != exitUsage || !strings.Contains(errs, "--mail-from") {
		t.Errorf("exit %d, %q", code, errs)
	}
}

// SQLite would play the log that a removed database left behind into the copy.
func TestRestore_aLogThatWasLeftBehindDoesNotReachTheCopy(t *testing.T) {
	db := filepath.Join(t.TempDir(), "rotunda.db")
	copied := db + ".copy"
	mustRun := func(args ...string) string {
		t.Helper()
		code, out, errs := program(t, args...)
		if code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, errs)
		}
		return out
	}
	mustRun("user", "add", "--db", db, "--email", "ada@example.org", "--name", "Ada", "--role", "admin")
	mustRun("backup", "--db", db, copied)
	left, err := os.Create(db + "-wal") //nolint:gosec // the test's own folder
	if err != nil {
		t.Fatal(err)
	}
	if _, err := left.WriteString("what an earlier database left"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(left.Close(), os.Remove(db)); err != nil {
		t.Fatal(err)
	}
	mustRun("restore", "--db", db, copied)
	kept, err := filepath.Glob(db + ".before-restore-*-wal")
	if err != nil || len(kept) != 1 {
		t.Errorf("the log is not out of the way: %v, %v", kept, err)
	}
	if out := mustRun("user", "list", "--db", db); !strings.Contains(out, "ada@example.org") {
		t.Errorf("restored %q", out)
	}
}

// What lies in the log would be lost with nobody told.
func TestRestore_aCopyWithALogBesideItIsNotWhole(t *testing.T) {
	db := filepath.Join(t.TempDir(), "rotunda.db")
	copied := db + ".copy"
	for _, args := range [][]string{
		{"user", "add", "--db", db, "--email", "ada@example.org", "--name", "Ada", "--role", "admin"}, {"backup", "--db", db, copied},
	} {
		if code, _, errs := program(t, args...); code != 0 {
			t.Fatal(errs)
		}
	}
	if err := os.WriteFile(copied+"-wal", []byte("the latest insights"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := program(t, "restore", "--db", filepath.Join(t.TempDir(), "new.db"), copied)
	if code != exitFailure || out != "" || !strings.Contains(errs, "rotunda backup") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

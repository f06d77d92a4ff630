package journeytest

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary builds the program once for all tests of the package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "rotunda-journey")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "rotunda")
	out, err := exec.Command("go", "build", "-o", path, "rotunda/cmd/rotunda").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: string(out), Err: err}
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// program is a running rotunda.
type program struct {
	t      testing.TB
	Base   string // where it is
	SignIn string // the one-time link that it printed
	DB     string
	log    *bytes.Buffer
}

var address = regexp.MustCompile(`http://localhost:\d+\S*`)

// start runs `rotunda VERB` over a fresh database until the test ends, and
// reads the two addresses that it prints.
func start(t testing.TB, verb string, args ...string) *program {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatalf("the program does not build: %v", err)
	}
	p := &program{t: t, DB: filepath.Join(t.TempDir(), "rotunda.db"), log: &bytes.Buffer{}}
	cmd := exec.Command(path, append([]string{verb, "--db", p.DB, "--addr", "127.0.0.1:0"}, args...)...) //nolint:gosec // our own binary
	cmd.Stderr = p.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		stopped := make(chan error, 1)
		go func() { stopped <- cmd.Wait() }()
		select {
		case <-stopped:
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			t.Error("the program did not stop within 20 s")
		}
		if t.Failed() {
			t.Logf("what the program's log warns of:\n%s", tail(warnings(p.log.String()), 4000))
		}
	})
	p.readAddresses(out)
	return p
}

func (p *program) readAddresses(out io.Reader) {
	p.t.Helper()
	lines := bufio.NewScanner(out)
	for p.SignIn == "" && lines.Scan() {
		for _, a := range address.FindAllString(lines.Text(), -1) {
			if p.Base == "" {
				p.Base = a
			} else {
				p.SignIn = a
			}
		}
	}
	if p.SignIn == "" {
		p.t.Fatalf("the program printed no two addresses; its log:\n%s", tail(p.log.String(), 4000))
	}
	res, err := http.Get(p.Base + "/readyz")
	if err != nil {
		p.t.Fatal(err)
	}
	_ = res.Body.Close()
}

// rotunda runs another verb over the same database and returns what it prints.
func (p *program) rotunda(args ...string) string {
	p.t.Helper()
	path, err := binary()
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := exec.Command(path, append(args, "--db", p.DB)...).CombinedOutput() //nolint:gosec // our own binary
	if err != nil {
		p.t.Fatalf("rotunda %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// warnings leaves the lines of a log that only tell what went well out: between
// them nobody finds what went wrong.
func warnings(log string) string {
	return strings.Join(slices.DeleteFunc(strings.SplitAfter(log, "\n"), func(line string) bool {
		return strings.Contains(line, " level=INFO ")
	}), "")
}

func tail(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n:]
	}
	return s
}

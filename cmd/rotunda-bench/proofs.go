package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// proof is a test that the bench runs at its own scale.
type proof struct {
	goal, what, pkg, test string
}

// proofs names each test by its whole name: a pattern that matches none would
// pass without a word.
var proofs = []proof{
	{"A1", "200 kills during captures: none lost, none doubled", "./cmd/rotunda/crashtest", "TestRotunda_killsLoseAndDoubleNothing"},
	{"A2", "10,000 power cuts: none lost with FULL", "./cmd/rotunda/crashtest", "TestRotunda_powerCutsLoseNothing"},
	{"A2", "the same with NORMAL: some lost, so that the cuts are shown to bite", "./cmd/rotunda/crashtest", "TestRotunda_powerCutsLoseCapturesWithSynchronousNormal"},
	{"A3", "10,000 worlds over the store: no difference", "./models/store", "TestTwoWorlds_whoSaidItNeverShows"},
	{"A3", "1,000 worlds over HTTP: no difference", "./handlers", "TestTwoWorlds_noPageDiffers"},
	{"A7", "1,000,000 form inputs: no 5xx, no panic, nothing unescaped", "./handlers", "TestForms_hostileInputBreaksNothing"},
}

// prove runs the long forms of the tests: the same code as `make test`, more
// of it. only names the goals to prove; empty are all.
func (b *bench) prove(only string) {
	for _, p := range proofs {
		if only != "" && !slices.Contains(strings.Split(only, ","), p.goal) {
			continue
		}
		start := time.Now()
		fmt.Fprintf(os.Stderr, "proving %s, %s…\n", p.goal, p.what)
		out, err := b.runTest(p, "ROTUNDA_SCALE=bench")
		seen := "held in " + time.Since(start).Round(time.Second).String()
		if err != nil {
			seen = "failed"
			fmt.Fprintf(os.Stderr, "%s%s: %v\n", out, p.test, err)
		}
		b.add(result{Goal: p.goal, What: p.what, Seen: seen, Want: "holds", OK: err == nil, Gate: true})
	}
}

// runTest runs the test of a proof and returns what it printed. It is an error
// where the test fails, is skipped or does not exist.
func (b *bench) runTest(p proof, env ...string) (string, error) {
	cmd := exec.CommandContext(b.ctx, "go", "test", "-json", "-tags=sqlite_fts5", "-count=1", "-timeout=6h", "-run", "^"+p.test+"$", p.pkg) //nolint:gosec // constants
	cmd.Env = append(os.Environ(), env...)
	var failure bytes.Buffer
	cmd.Stderr = &failure
	raw, err := cmd.Output()
	var printed strings.Builder
	passed := false
	for line := range bytes.Lines(raw) {
		var event struct{ Action, Test, Output string }
		if json.Unmarshal(line, &event) != nil {
			printed.Write(line)
			continue
		}
		printed.WriteString(event.Output)
		passed = passed || event.Test == p.test && event.Action == "pass"
	}
	printed.Write(failure.Bytes())
	if err == nil && !passed {
		err = errors.New("no such test passed")
	}
	return printed.String(), err
}

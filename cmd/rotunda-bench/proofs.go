package main

import (
	"fmt"
	"os"
	"os/exec"
	"time"
)

// proofs runs the long forms of the tests: the same code as `make test`, more
// of it.
func (b *bench) proofs() {
	for _, p := range []struct{ goal, what, pkg, run string }{
		{"A1", "200 kills during captures: none lost, none doubled", "./cmd/rotunda/crashtest", "^TestRotunda_kill"},
		{"A2", "10,000 power cuts: none lost with FULL, some with NORMAL", "./cmd/rotunda/crashtest", "^TestRotunda_powerCut"},
		{"A3", "10,000 worlds over the store, 1,000 over HTTP: no difference", "./handlers/...", "^TestTwoWorlds"},
		{"A7", "1,000,000 form inputs: no 5xx, no panic, nothing unescaped", "./handlers/...", "^TestFormFuzz"},
	} {
		start := time.Now()
		fmt.Fprintf(os.Stderr, "proving %s…\n", p.goal)
		cmd := exec.CommandContext(b.ctx, "go", "test", "-count=1", "-timeout=3h", "-run", p.run, p.pkg) //nolint:gosec // constants
		cmd.Env = append(os.Environ(), "ROTUNDA_SCALE=bench")
		out, err := cmd.CombinedOutput()
		seen := "held in " + time.Since(start).Round(time.Second).String()
		if err != nil {
			seen = "failed"
			_, _ = os.Stderr.Write(out)
		}
		b.add(result{Goal: p.goal, What: p.what, Seen: seen, Want: "holds", OK: err == nil, Gate: true})
	}
}

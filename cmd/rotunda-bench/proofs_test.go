package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestProofs_everyTestExists(t *testing.T) {
	for _, p := range proofs {
		files, err := filepath.Glob(filepath.Join("../..", p.pkg, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(files, func(file string) bool {
			text, err := os.ReadFile(file) //nolint:gosec // our own sources
			return err == nil && strings.Contains(string(text), "\nfunc "+p.test+"(t *testing.T) {\n")
		}) {
			t.Errorf("%s: %s has no %s", p.goal, p.pkg, p.test)
		}
	}
}

// Tests of an invented package: one passes, one is skipped, one fails.
const inventedTests = `package invented

import (
	"os"
	"testing"
)

func TestInvented_passes(t *testing.T) {
	if os.Getenv("ROTUNDA_SCALE") != "bench" {
		t.Fatal("not at the scale of the bench")
	}
}
func TestInvented_skips(t *testing.T) { t.Skip() }
func TestInvented_fails(t *testing.T) { t.Error("fails") }
`

func TestProofs_aTestThatDoesNotRunIsNoProof(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"go.mod": "module invented\n\ngo 1.26\n", "invented_test.go": inventedTests} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := &bench{ctx: context.Background()}
	for test, holds := range map[string]bool{
		"TestInvented_passes": true, "TestInvented_skips": false, "TestInvented_fails": false, "TestInvented_absent": false, "TestInvented_pass": false,
	} {
		out, err := b.runTest(proof{pkg: ".", test: test}, "ROTUNDA_SCALE=bench", "GOFLAGS=")
		if (err == nil) != holds {
			t.Errorf("%s: holds is %v, %v: %s", test, err == nil, err, out)
		}
	}
}

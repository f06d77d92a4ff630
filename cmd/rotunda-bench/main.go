// Command rotunda-bench measures the program against its goals, each beside
// the plain way of doing the same, in turn and in one run, and prints ratios:
// absolute times depend on the machine and the hour. `make bench` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// result is one row of the table.
type result struct {
	Goal string // "G1"
	What string
	Seen string
	Want string
	OK   bool
	Gate bool // a miss fails the run
}

// bench is what the measurements share.
type bench struct {
	ctx      context.Context
	program  string // bin/rotunda
	db       string // the large database
	dir      string // scratch, on the same disk
	insights int
	rounds   int
	results  []result
}

func main() {
	ctx := context.Background()
	b := &bench{ctx: ctx}
	only := flag.String("only", "", "measure or prove these goals only, such as G1,G3,A1")
	scale := flag.Bool("scale", true, "also run the long proofs: kills, power cuts, form inputs, worlds")
	readme := flag.String("readme", "README.md", "write the table between its bench markers; empty writes nowhere")
	flag.StringVar(&b.program, "program", "bin/rotunda", "the program to measure")
	flag.StringVar(&b.dir, "dir", "data/bench", "where the databases of the benches lie")
	flag.IntVar(&b.insights, "insights", 1_000_000, "how many insights")
	flag.IntVar(&b.rounds, "rounds", 5, "rounds of each measurement; the median counts")
	profile := flag.String("cpuprofile", "", "write a CPU profile of the measuring program here, for go tool pprof")
	flag.Parse()
	stop, err := profiled(*profile)
	if err == nil {
		err = errors.Join(b.run(*only, *scale, *readme), stop())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rotunda-bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(only string, scale bool, readme string) error {
	measures := []struct { // first what the disk must be calm for, last what writes most
		goal string
		run  func() error
	}{
		{"G7", b.starts}, {"G1", b.export}, {"G2", b.pages}, {"G3", b.search}, {"G5", b.matrix}, {"I3", b.analysis}, {"G4", b.captures},
	}
	for _, m := range measures {
		if only != "" && !slices.Contains(strings.Split(only, ","), m.goal) {
			continue
		}
		if err := b.build(); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "measuring %s…\n", m.goal)
		if err := m.run(); err != nil {
			return fmt.Errorf("%s: %w", m.goal, err)
		}
	}
	if scale {
		b.prove(only)
	}
	table := b.table()
	fmt.Print(table)
	if readme != "" && only == "" {
		if err := writeTable(readme, table); err != nil {
			return err
		}
	}
	for _, r := range b.results {
		if r.Gate && !r.OK {
			return errors.New("a goal is missed")
		}
	}
	return nil
}

// build makes the large database where there is none; it is kept for the next
// run. Proofs need none.
func (b *bench) build() error {
	if err := os.MkdirAll(b.dir, 0o750); err != nil {
		return err
	}
	b.db = filepath.Join(b.dir, fmt.Sprintf("insights-%d.db", b.insights))
	if _, err := os.Stat(b.db); err == nil {
		return nil
	}
	fmt.Fprintf(os.Stderr, "building %s…\n", b.db)
	part := b.db + ".part"
	for _, f := range []string{part, part + "-wal", part + "-shm", part + ".key"} {
		_ = os.Remove(f)
	}
	start := time.Now()
	cmd := exec.CommandContext(b.ctx, b.program, "demo", "--db", part, "--build-only", "--insights", fmt.Sprint(b.insights)) //nolint:gosec // our own program
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building the example: %w", err)
	}
	fmt.Fprintf(os.Stderr, "built in %s\n", time.Since(start).Round(time.Second))
	if err := os.Rename(part+".key", b.db+".key"); err != nil {
		return err
	}
	return os.Rename(part, b.db)
}

func (b *bench) add(r result) {
	b.results = append(b.results, r)
	mark := "met"
	if !r.OK {
		mark = "MISSED"
	}
	fmt.Fprintf(os.Stderr, "  %s %s: %s (goal %s) %s\n", r.Goal, r.What, r.Seen, r.Want, mark)
}

// table is the results as Markdown.
func (b *bench) table() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Measured on %s, %d cores, %s, with %s insights; medians of %d rounds in turn.\n\n",
		time.Now().Format("January 2, 2006"), runtime.NumCPU(), runtime.Version(), thousands(b.insights), b.rounds)
	s.WriteString("| goal | what | seen | wanted | |\n|---|---|---|---|---|\n")
	for _, r := range b.results {
		mark := "met"
		if !r.OK {
			mark = "missed"
		}
		fmt.Fprintf(&s, "| %s | %s | %s | %s | %s |\n", r.Goal, r.What, r.Seen, r.Want, mark)
	}
	return s.String()
}

const tableStart, tableEnd = "<!-- bench -->", "<!-- /bench -->"

// writeTable puts the table between the markers of a file.
func writeTable(path, table string) error {
	raw, err := os.ReadFile(path) //nolint:gosec // named on the command line
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(raw), tableStart)
	_, foot, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no %s … %s", path, tableStart, tableEnd)
	}
	return os.WriteFile(path, []byte(head+tableStart+"\n"+table+tableEnd+foot), 0o600)
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// median returns the middle of the values.
func median[T int64 | float64 | time.Duration](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// percentile returns the value under which p of 100 lie.
func percentile(values []time.Duration, p float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(p/100*float64(len(sorted))))]
}

// profiled writes a CPU profile until it is stopped, where a file is named.
func profiled(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

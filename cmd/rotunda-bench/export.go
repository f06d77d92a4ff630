package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"rotunda/models"
)

// usage is what a finished process cost.
type usage struct {
	wall, cpu time.Duration
	rss       int64 // bytes
}

func cost(cmd *exec.Cmd) (usage, error) {
	start := time.Now()
	err := cmd.Run()
	u := usage{wall: time.Since(start)}
	if s := cmd.ProcessState; s != nil {
		u.cpu = s.UserTime() + s.SystemTime()
		if r, ok := s.SysUsage().(*syscall.Rusage); ok {
			u.rss = r.Maxrss * 1024
		}
	}
	return u, err
}

// naturalExport is what somebody at the database's own shell would write for
// the same rows and columns.
const naturalExport = `SELECT i.id, i.roundtable_id, r.title, substr(r.starts_local, 1, 10) AS held_on, a.title AS agenda_item, i.kind, i.text, i.primary_pillar,
 (SELECT group_concat(c.name, '; ') FROM insight_codes x JOIN codes c ON c.id = x.code_id WHERE x.insight_seq = i.seq AND c.kind = 'pillar') AS pillars,
 (SELECT group_concat(c.name, '; ') FROM insight_codes x JOIN codes c ON c.id = x.code_id WHERE x.insight_seq = i.seq AND c.kind = 'action') AS actions,
 (SELECT group_concat(c.name, '; ') FROM insight_codes x JOIN codes c ON c.id = x.code_id WHERE x.insight_seq = i.seq AND c.kind = 'front') AS fronts,
 (SELECT group_concat(c.name, '; ') FROM insight_codes x JOIN codes c ON c.id = x.code_id WHERE x.insight_seq = i.seq AND c.kind = 'forum') AS forums,
 (SELECT group_concat(c.name, '; ') FROM insight_codes x JOIN codes c ON c.id = x.code_id WHERE x.insight_seq = i.seq AND c.kind = 'tag') AS tags,
 i.shown_staff, i.label_staff, i.state
FROM insights i JOIN roundtables r ON r.id = i.roundtable_id LEFT JOIN agenda_items a ON a.id = i.item_id
WHERE r.private = 0 AND i.state IN (1, 2) AND i.label_staff <> -1 AND i.deleted_ms = 0
ORDER BY i.pos;`

// export is G1: a staff export of everything against the database's own shell.
func (b *bench) export() error {
	st, viewer, err := b.open(b.db)
	if err != nil {
		return err
	}
	email := viewer.Email()
	if err := st.Close(); err != nil {
		return err
	}
	ours, theirs := filepath.Join(b.dir, "ours.csv"), filepath.Join(b.dir, "theirs.csv")
	defer func() { _ = os.Remove(ours); _ = os.Remove(theirs) }()
	var wall, cpu []float64
	var most int64
	for round := range b.rounds + 1 {
		a, err := cost(exec.CommandContext(b.ctx, b.program, "export", "insights", "--db", b.db, "--as", email,
			"--audience", models.Staff.Key(), "-o", ours)) //nolint:gosec // our own program
		if err != nil {
			return fmt.Errorf("rotunda export: %w", err)
		}
		shell := exec.CommandContext(b.ctx, "sqlite3", "-csv", "-header", b.db, naturalExport) //nolint:gosec // a constant
		out, err := os.Create(theirs)                                                          //nolint:gosec // our own folder
		if err != nil {
			return err
		}
		shell.Stdout = out
		c, err := cost(shell)
		_ = out.Close()
		if err != nil {
			return fmt.Errorf("sqlite3: %w", err)
		}
		if round == 0 {
			continue // warms both
		}
		wall = append(wall, float64(a.wall)/float64(c.wall))
		cpu = append(cpu, float64(a.cpu)/float64(c.cpu))
		most = max(most, a.rss)
	}
	b.add(result{Goal: "G1", What: "CSV export, wall time against `sqlite3 -csv`", Seen: times(median(wall)), Want: "≤ 0.40×", OK: median(wall) <= 0.40, Gate: median(wall) > 0.40/0.7})
	b.add(result{Goal: "G1", What: "CSV export, CPU against the same", Seen: times(median(cpu)), Want: "≤ 0.70×", OK: median(cpu) <= 0.70})
	b.add(result{Goal: "G1", What: "CSV export, peak memory", Seen: fmt.Sprintf("%d MB", most>>20), Want: "≤ 80 MB", OK: most <= 80<<20})
	return nil
}

func times(r float64) string { return fmt.Sprintf("%.2f×", r) }

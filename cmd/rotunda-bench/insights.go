package main

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/baselinetest"
)

// searches are the shapes that people type and click.
var searches = []string{
	"supply chain", "semiconductors", `"export controls"`, "interop*", "alliance -NATO", "quantum", "zzzqqq",
	"allied repair crews", "standards", `"critical minerals" price`, "a* b*", "",
}

// search is G3: a page with its facets and count, for every shape.
func (b *bench) search() error {
	newest, ranked, err := b.searchTimes(b.db)
	if err != nil {
		return err
	}
	small := filepath.Join(b.dir, "insights-10000.db")
	if _, err := os.Stat(small); err != nil {
		few := &bench{ctx: b.ctx, program: b.program, dir: b.dir, insights: 10_000}
		if err := few.build(); err != nil {
			return err
		}
	}
	few := &bench{ctx: b.ctx, program: b.program, dir: b.dir, db: small, rounds: b.rounds}
	smallNewest, _, err := few.searchTimes(small)
	if err != nil {
		return err
	}
	growth := float64(percentile(newest, 50)) / float64(percentile(smallNewest, 50))
	p99, p99Ranked := percentile(newest, 99), percentile(ranked, 99)
	b.add(result{Goal: "G3", What: "search with facets and visibility, newest first, p99", Seen: ms(p99), Want: "≤ 10 ms", OK: p99 <= 10*time.Millisecond, Gate: p99 > 15*time.Millisecond})
	b.add(result{Goal: "G3", What: "the same ranked, p99", Seen: ms(p99Ranked), Want: "≤ 25 ms", OK: p99Ranked <= 25*time.Millisecond, Gate: p99Ranked > 36*time.Millisecond})
	b.add(result{Goal: "G3", What: "p50 against 10,000 insights", Seen: times(growth), Want: "≤ 10×", OK: growth <= 10, Gate: growth > 14})
	return nil
}

func (b *bench) searchTimes(db string) (newest, ranked []time.Duration, err error) {
	st, v, err := b.open(db)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = st.Close() }()
	reader, err := b.reader(st)
	if err != nil {
		return nil, nil, err
	}
	filters := b.filters()
	for round := range b.rounds*3 + 1 {
		for _, viewer := range []models.Viewer{v, reader} {
			for _, f := range filters {
				start := time.Now()
				if _, _, err := st.Explore(b.ctx, viewer, f, store.Cursor{}); err != nil {
					return nil, nil, err
				}
				took := time.Since(start)
				switch {
				case round == 0: // warms
				case f.Order == models.BestMatch:
					ranked = append(ranked, took)
				default:
					newest = append(newest, took)
				}
			}
		}
	}
	return newest, ranked, nil
}

// reader returns an account that is on no team.
func (b *bench) reader(st *store.Store) (models.Viewer, error) {
	accounts, err := st.Accounts(b.ctx, models.System("bench"))
	if err != nil {
		return models.Anonymous(), err
	}
	for _, a := range accounts {
		if a.Role == models.RoleReader && !a.Disabled {
			return st.ViewerByEmail(b.ctx, a.Email)
		}
	}
	return models.Anonymous(), errors.New("the example has no reader")
}

func (b *bench) filters() []models.InsightFilter {
	var out []models.InsightFilter
	for _, text := range searches {
		for _, f := range []models.InsightFilter{
			{Text: text},
			models.InsightFilter{Text: text}.With(models.FacetPillar, "S"),
			models.InsightFilter{Text: text}.With(models.FacetLabel, models.Label(models.Industry).Key()),
			models.InsightFilter{Text: text}.With(models.FacetPillar, "T").With(models.FacetKind, models.Dissent.Key()),
		} {
			out = append(out, f)
			if text != "" {
				f.Order = models.BestMatch
				out = append(out, f)
			}
		}
	}
	return out
}

// captures is G4: 64 clients against a loop that syncs once per line, and
// against one GORM transaction for each with a trigger.
func (b *bench) captures() error {
	copied := filepath.Join(b.dir, "captures.db")
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(copied + suffix)
		}
	}()
	if err := b.copyTo(copied); err != nil {
		return err
	}
	st, v, err := b.open(copied)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	room, err := b.room(st, v)
	if err != nil {
		return err
	}
	const clients, span = 64, 3 * time.Second
	var overLoop, overNaive []float64
	var took []time.Duration
	for range b.rounds {
		ours, times, err := captureFor(b, st, v, room, clients, span)
		if err != nil {
			return err
		}
		took = append(took, times...)
		loop, err := baselinetest.FsyncLoop(b.dir, 300, span)
		if err != nil {
			return err
		}
		naive, err := baselinetest.NaiveCaptures(b.dir, clients, span)
		if err != nil {
			return err
		}
		overLoop, overNaive = append(overLoop, ours/loop), append(overNaive, ours/naive)
	}
	p99 := percentile(took, 99)
	b.add(result{Goal: "G4", What: "captures by 64 clients, searchable at commit, against one sync per line", Seen: times(median(overLoop)), Want: "≥ 4×", OK: median(overLoop) >= 4})
	b.add(result{Goal: "G4", What: "the same against one GORM transaction each with a search trigger", Seen: times(median(overNaive)), Want: "≥ 10×", OK: median(overNaive) >= 10})
	b.add(result{Goal: "G4", What: "the same, p99", Seen: ms(p99), Want: "≤ 50 ms", OK: p99 <= 50*time.Millisecond})
	return nil
}

func captureFor(b *bench, st *store.Store, v models.Viewer, room models.ID, clients int, span time.Duration) (float64, []time.Duration, error) {
	var n atomic.Int64
	var failed atomic.Value
	var mu sync.Mutex
	var all []time.Duration
	var wg sync.WaitGroup
	start := time.Now()
	for c := range clients {
		wg.Go(func() {
			var own []time.Duration
			for i := 0; time.Since(start) < span && failed.Load() == nil; i++ {
				begin := time.Now()
				if _, err := st.CaptureInsight(b.ctx, v, models.CaptureInput{Roundtable: room, Line: baselinetest.Line(c, i) + " #s #t !evidence"}); err != nil {
					failed.Store(err)
					return
				}
				own = append(own, time.Since(begin))
				n.Add(1)
			}
			mu.Lock()
			all = append(all, own...)
			mu.Unlock()
		})
	}
	wg.Wait()
	rate := float64(n.Load()) / time.Since(start).Seconds()
	if err, ok := failed.Load().(error); ok {
		return 0, nil, err
	}
	return rate, all, nil
}

// copyTo copies the large database as a backup does.
func (b *bench) copyTo(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + suffix)
	}
	st, _, err := b.open(b.db)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	return st.BackupTo(b.ctx, path)
}

// room returns a roundtable in which the viewer may capture.
func (b *bench) room(st *store.Store, v models.Viewer) (models.ID, error) {
	for _, when := range []models.RoundtableWhen{models.Past, models.Upcoming} {
		page, err := st.Roundtables(b.ctx, v, models.RoundtableFilter{When: when, Mine: true})
		if err != nil {
			return 0, err
		}
		for _, r := range page.Lines {
			if models.CanIn(v, models.CaptureInsight, r.ID) && r.Status != models.Cancelled {
				return r.ID, nil
			}
		}
	}
	return 0, errors.New("the example has no roundtable to capture in")
}

// matrix is G5: the coverage matrix of Home.
func (b *bench) matrix() error {
	st, v, err := b.open(b.db)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	var all []time.Duration
	for round := range 40 * b.rounds {
		start := time.Now()
		if _, err := st.Coverage(b.ctx, v, models.CoverageSince(st.Now(), "America/New_York"), 5); err != nil {
			return err
		}
		if round >= b.rounds {
			all = append(all, time.Since(start))
		}
	}
	var ever []time.Duration
	for range 5 * b.rounds {
		start := time.Now()
		if _, err := st.Coverage(b.ctx, v, "1970-01", 5); err != nil {
			return err
		}
		ever = append(ever, time.Since(start))
	}
	b.add(result{Goal: "G5", What: "pillar × sector matrix of twelve months", Seen: ms(median(all)), Want: "≤ 1 ms", OK: median(all) <= time.Millisecond, Gate: median(all) > 1430*time.Microsecond})
	b.add(result{Goal: "G5", What: "the same over fifty years", Seen: ms(median(ever)), Want: "≤ 50 ms", OK: median(ever) <= 50*time.Millisecond})
	return nil
}

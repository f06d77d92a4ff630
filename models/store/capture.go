package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"rotunda/models"
)

const (
	// mostCaptures is how many captures share one transaction.
	mostCaptures = 256
	// postgresCommitters is how many transactions of captures PostgreSQL takes
	// side by side. SQLite has one writer.
	postgresCommitters = 4
)

// captureJob is one capture on its way: what somebody sent, and what became of
// it. out and err may be read once done is closed.
type captureJob struct {
	promised bool // the line said that somebody takes something on
	viewer   models.Viewer
	in       models.CaptureInput
	load     *LoadedInsight // set for LoadInsights alone
	out      models.Insight
	err      error
	done     chan struct{}

	row     insightRow
	speaker speakerRow
	codes   []models.ID
	facts   models.InsightFacts
}

// captures is the queue in which captures wait for a transaction. Whatever
// waits when one begins goes into it together: a busy room then pays for one
// flush to disk, a quiet one waits for nobody.
type captures struct {
	jobs chan *captureJob
	stop chan struct{}
	once sync.Once
	wg   sync.WaitGroup
	read captureReads
}

func (s *Store) startCaptures() {
	s.captures.jobs = make(chan *captureJob, 4*mostCaptures)
	s.captures.stop = make(chan struct{})
	n := 1
	if s.dialect == postgresDialect {
		n = postgresCommitters
	}
	for range n {
		s.captures.wg.Add(1)
		go func() {
			defer s.captures.wg.Done()
			defer s.recovered("committing captures")
			s.commitCaptures()
		}()
	}
	s.closers = append(s.closers, func() error {
		s.captures.once.Do(func() { close(s.captures.stop) })
		s.captures.wg.Wait()
		return nil
	})
}

// CaptureInsight keeps one captured line as one insight and returns it as its
// author sees it, once it is on disk. The same client id in the same roundtable
// keeps one insight however often it is sent, and returns that one. Who may not
// capture there gets models.ErrForbidden, who may not know of the roundtable
// models.ErrNotFound; bad input is a *models.InvalidError for "line".
func (s *Store) CaptureInsight(ctx context.Context, v models.Viewer, in models.CaptureInput) (models.Insight, error) {
	in, err := in.Check()
	if err != nil {
		return models.Insight{}, err
	}
	if in.ClientID == "" {
		in.ClientID = s.newClientID()
	}
	job := &captureJob{viewer: v, in: in, done: make(chan struct{})}
	select {
	case <-s.captures.stop:
		return models.Insight{}, models.ErrUnavailable
	default:
	}
	select {
	case s.captures.jobs <- job:
	case <-s.captures.stop:
		return models.Insight{}, models.ErrUnavailable
	case <-ctx.Done():
		return models.Insight{}, ctx.Err()
	}
	select {
	case <-job.done:
		return job.out, job.err
	case <-s.captures.stop:
		// The last batch may still have been this one's.
		s.captures.wg.Wait()
		select {
		case <-job.done:
			return job.out, job.err
		default:
			return models.Insight{}, models.ErrUnavailable
		}
	case <-ctx.Done():
		return models.Insight{}, ctx.Err() // it may still be kept; sending it again is safe
	}
}

func (s *Store) commitCaptures() {
	for {
		select {
		case <-s.captures.stop:
			return
		case first := <-s.captures.jobs:
			s.commitBatch([]*captureJob{first})
		}
	}
}

// commitBatch keeps a batch in one transaction and answers each of its jobs.
// Where the database refuses the batch, its jobs are tried one by one, so that
// only the guilty one fails.
func (s *Store) commitBatch(jobs []*captureJob) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("a panic was caught", "while", "committing captures", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			answer(jobs, fmt.Errorf("%w: captures stopped", models.ErrUnavailable))
		}
	}()
	ctx := context.Background()
	err := s.transactCaptures(ctx, models.System("capture"), func(t *tx) error {
		jobs = s.waiting(jobs) // whoever came while this transaction waited for its turn
		return t.captureAgain(jobs)
	})
	if err != nil && !errors.Is(err, models.ErrUnavailable) && len(jobs) > 1 {
		err = s.transact(ctx, models.System("capture"), func(t *tx) error { return t.captureEach(jobs) })
	}
	answer(jobs, err)
}

// waiting adds the jobs that wait to a batch, up to its limit.
func (s *Store) waiting(jobs []*captureJob) []*captureJob {
	for len(jobs) < mostCaptures {
		select {
		case job := <-s.captures.jobs:
			jobs = append(jobs, job)
		default:
			return jobs
		}
	}
	return jobs
}

// answer tells every job of a batch its own outcome, or the batch's failure.
func answer(jobs []*captureJob, err error) {
	for _, job := range jobs {
		if err != nil && job.err == nil {
			job.err = err
		}
		if job.err != nil {
			job.out = models.Insight{}
		}
		close(job.done)
	}
}

// captureEach keeps jobs one by one under savepoints.
func (t *tx) captureEach(jobs []*captureJob) error {
	read, err := readForCaptures(t)
	if err != nil {
		return err
	}
	for _, job := range jobs {
		if err := t.within(func(sub *tx) error { return sub.captureWith(read, []*captureJob{job}) }); err != nil {
			if errors.Is(mapped(err), models.ErrUnavailable) || isSerialization(err) {
				return err
			}
			job.err = mapped(err)
		}
	}
	return nil
}

// capture keeps the jobs' insights with everything that belongs to them. What
// is wrong with one job is noted there; an error means that the database
// refused the batch.
func (t *tx) capture(jobs []*captureJob) error {
	read, err := readForCaptures(t)
	if err != nil {
		return err
	}
	return t.captureWith(read, jobs)
}

// captureWith is capture with what was read for it.
func (t *tx) captureWith(read captureReads, jobs []*captureJob) error {
	b := captureBatch{tx: t, captureReads: read}
	var ready []*captureJob
	for _, job := range jobs {
		job.err = nil
		if err := b.prepare(job); err != nil {
			if !isOutcome(err) {
				return err
			}
			job.err = err
			continue
		}
		ready = append(ready, job)
	}
	kept, again, err := b.insert(ready)
	if err != nil {
		return err
	}
	if err := b.insertParts(kept); err != nil {
		return err
	}
	for _, job := range again {
		if err := b.recall(job); err != nil {
			return err
		}
	}
	return nil
}

// isOutcome reports whether an error is an answer to one sender rather than
// trouble with the database.
func isOutcome(err error) bool {
	var invalid *models.InvalidError
	return errors.As(err, &invalid) || errors.Is(err, models.ErrNotFound) || errors.Is(err, models.ErrForbidden) || errors.Is(err, models.ErrConflict)
}

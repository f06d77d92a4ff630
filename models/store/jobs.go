package store

import (
	"context"
	"encoding/json"
	"time"

	"rotunda/models"
)

// Job is something to do outside a request, written by the transaction that
// causes it.
type Job struct {
	ID       models.ID
	Kind     string
	Args     json.RawMessage
	Attempts int
}

// The states of a job.
const (
	jobWaiting = "waiting"
	jobRunning = "running"
	jobDone    = "done"
	jobDead    = "dead"
)

// clockSlack is by how much the clocks of two processes, or of one before and
// after it was set, may lawfully differ. What bears a later time was written
// while the clock was wrong.
const clockSlack = time.Minute

// jobLease is how long a worker may hold a job before another takes it over.
const jobLease = time.Minute

// enqueue writes a job that is due at the instant. A job with the same
// non-empty key that is already there stands, and this one is dropped.
func (t *tx) enqueue(kind, key string, args any, due models.Instant, maxAttempts int) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	var unique any
	if key != "" {
		unique = key
	}
	err = t.exec(`INSERT INTO jobs (id, kind, unique_key, args, state, run_at_ms, max_attempts, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (unique_key) DO NOTHING`,
		t.s.newID(), kind, unique, string(raw), jobWaiting, due, maxAttempts, t.now)
	t.announce(Change{Kind: ChangeJobs})
	return err
}

// ClaimJobs takes up to n due jobs of the kinds for this worker. A job whose
// worker vanished becomes due again when its lease of a minute has run out.
// A job that was written or taken while the clock was far ahead does not wait
// until then.
func (s *Store) ClaimJobs(ctx context.Context, v models.Viewer, kinds []string, n int) ([]Job, error) {
	if len(kinds) == 0 || n <= 0 {
		return nil, nil
	}
	var rows []struct {
		ID       models.ID
		Kind     string
		Args     string
		Attempts int
	}
	err := s.transact(ctx, v, func(t *tx) error {
		q := sqlText(`UPDATE jobs SET state = 'running', attempts = attempts + 1, locked_until_ms = ?
			WHERE id IN (SELECT id FROM jobs WHERE ((state = 'waiting' AND (run_at_ms <= ? OR created_ms > ?))
					OR (state = 'running' AND (locked_until_ms < ? OR locked_until_ms > ?)))
				AND kind IN (`) + sqlText("?").repeat(len(kinds), ", ") + ") ORDER BY run_at_ms, id LIMIT ?"
		if s.dialect == postgresDialect {
			q += " FOR UPDATE SKIP LOCKED"
		}
		q += ") RETURNING id, kind, args, attempts"
		args := []any{t.now.Add(jobLease), t.now, t.now.Add(clockSlack), t.now, t.now.Add(jobLease + clockSlack)}
		for _, k := range kinds {
			args = append(args, k)
		}
		return t.list(&rows, q, append(args, n)...)
	})
	jobs := make([]Job, len(rows))
	for i, r := range rows {
		jobs[i] = Job{ID: r.ID, Kind: r.Kind, Args: json.RawMessage(r.Args), Attempts: r.Attempts}
	}
	return jobs, err
}

// finishJob ends a job in the transaction of its effect. It returns
// models.ErrConflict when the lease was lost to another worker meanwhile.
func (t *tx) finishJob(j Job) error {
	return t.endAttempt(j, "UPDATE jobs SET state = 'done', finished_ms = ?, last_error = '' WHERE id = ? AND attempts = ? AND state = 'running'", t.now)
}

// FinishJob ends a job that has no other effect on the database.
func (s *Store) FinishJob(ctx context.Context, v models.Viewer, j Job) error {
	return s.transact(ctx, v, func(t *tx) error { return t.finishJob(j) })
}

// RetryJob lets a job run again after the delay, or gives it up when its
// attempts are used up; dead reports the latter. reason holds no personal data.
func (s *Store) RetryJob(ctx context.Context, v models.Viewer, j Job, delay time.Duration, reason string) (dead bool, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		dead, err = t.retryJob(j, delay, reason)
		return err
	})
	return dead, err
}

func (t *tx) retryJob(j Job, delay time.Duration, reason string) (dead bool, err error) {
	var most int
	if err := t.get(&most, "SELECT max_attempts FROM jobs WHERE id = ?", j.ID); err != nil {
		return false, err
	}
	if j.Attempts >= most {
		return true, t.endAttempt(j, "UPDATE jobs SET state = 'dead', last_error = ?, finished_ms = ? WHERE id = ? AND attempts = ? AND state = 'running'", reason, t.now)
	}
	return false, t.endAttempt(j, "UPDATE jobs SET state = 'waiting', last_error = ?, run_at_ms = ? WHERE id = ? AND attempts = ? AND state = 'running'", reason, t.now.Add(delay))
}

// postponeJob lets a job wait whose time has not come; that is no attempt.
func (t *tx) postponeJob(j Job, delay time.Duration) error {
	return t.endAttempt(j, "UPDATE jobs SET state = 'waiting', attempts = attempts - 1, run_at_ms = ? WHERE id = ? AND attempts = ? AND state = 'running'", t.now.Add(delay))
}

// endAttempt runs q, whose last two values are the job and its attempt: a
// worker that lost its lease changes nothing.
func (t *tx) endAttempt(j Job, q sqlText, args ...any) error {
	n, err := t.affected(q, append(args, j.ID, j.Attempts)...)
	if err == nil && n == 0 {
		return models.ErrConflict
	}
	return err
}

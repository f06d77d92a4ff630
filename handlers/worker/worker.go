package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views/files"
	"rotunda/views/mail"
)

// Config says with what the worker works.
type Config struct {
	Store *store.Store
	// Mailer carries the mail; nil means that no mail server is configured:
	// messages are written and kept, to be read in the program.
	Mailer Mailer
	// SendReserved hands over mail to domains that are reserved for examples
	// and tests, too; otherwise it is withheld where there is a Mailer.
	SendReserved bool
	// BaseURL is the address of this installation, with which every link in a
	// message begins.
	BaseURL string
	// From is the sender, and the organizer of every calendar entry.
	From netmail.Address
	Log  *slog.Logger
	// Poll is how often the worker looks for work that it has not heard of;
	// zero is five seconds.
	Poll time.Duration
}

// How many messages are under way at a time, and how long one may take: less
// than the lease of its job, so that no second worker sends it meanwhile.
const (
	atATime  = 4
	sendTime = 45 * time.Second
)

var kinds = []string{store.SendMailJob, store.RoundtableMailJob, store.AccountMailKind, store.NudgeJob, store.WipeJob}

// Run does what waits for the worker until the context ends. A message that is
// being handed over then is given up and tried again at the next start. It
// returns nil.
func Run(ctx context.Context, c Config) error {
	w := worker{c, models.System("mail worker")}
	if w.Log == nil {
		w.Log = slog.Default()
	}
	if w.Poll == 0 {
		w.Poll = 5 * time.Second
	}
	changes, cancel := c.Store.Subscribe()
	defer cancel()
	tick := time.NewTicker(w.Poll)
	defer tick.Stop()
	var swept models.Instant
	for {
		for w.batch(ctx) {
		}
		w.count(ctx)
		swept = w.sweep(ctx, swept)
		if !w.wait(ctx, changes, tick.C) {
			return nil
		}
	}
}

type worker struct {
	Config
	viewer models.Viewer
}

// wait returns when there may be work, or false when the context ended.
func (w worker) wait(ctx context.Context, changes <-chan []store.Change, tick <-chan time.Time) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick:
			return true
		case heard, ok := <-changes:
			if !ok {
				changes = nil // the store closes; the tick goes on until the context ends
			}
			for _, change := range heard {
				if change.Kind == store.ChangeJobs || change.Kind == store.ChangeResync {
					return true
				}
			}
		}
	}
}

// batch claims some jobs and does them side by side; it reports whether there
// may be more.
func (w worker) batch(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	jobs, err := w.Store.ClaimJobs(ctx, w.viewer, kinds, atATime)
	if err != nil {
		w.complain(ctx, "claiming jobs", err)
		return false
	}
	var group sync.WaitGroup
	for _, j := range jobs {
		group.Go(func() {
			defer w.recovered(ctx, j)
			w.do(ctx, j)
		})
	}
	group.Wait()
	return len(jobs) > 0
}

// recovered is deferred around every job: a panic leaves it to be tried again.
func (w worker) recovered(ctx context.Context, j store.Job) {
	if r := recover(); r != nil {
		w.Log.Error("a panic was caught", "while", j.Kind, "job", j.ID.String(), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		w.again(ctx, j)
	}
}

// do does one job. What goes wrong in it leaves the job to be tried again.
func (w worker) do(ctx context.Context, j store.Job) {
	var err error
	switch j.Kind {
	case store.SendMailJob:
		err = w.sendMail(ctx, j)
	case store.RoundtableMailJob:
		err = w.Store.TellRoundtable(ctx, w.viewer, j)
	case store.AccountMailKind:
		err = w.Store.TellAccount(ctx, w.viewer, j)
	case store.NudgeJob:
		err = w.Store.Nudge(ctx, w.viewer, j)
	case store.WipeJob:
		err = w.Store.FinishStrike(ctx, w.viewer, j)
	}
	switch {
	case err == nil, errors.Is(err, models.ErrConflict): // another worker took it over
	case errors.Is(err, models.ErrNotFound): // what it was about is gone
		_ = w.Store.FinishJob(ctx, w.viewer, j)
	default:
		w.complain(ctx, j.Kind, err)
		w.again(ctx, j)
	}
}

// again lets a job be tried once more after something broke on our side.
func (w worker) again(ctx context.Context, j store.Job) {
	const why = "Something broke on our side."
	pause, _ := Backoff(j.Attempts)
	pause = max(pause, time.Minute)
	var err error
	if id := store.MailOf(j); id != 0 {
		err = w.Store.EndMail(ctx, w.viewer, j, id, store.MailOutcome{State: models.MailRetrying, Problem: why, Again: pause})
	} else {
		_, err = w.Store.RetryJob(ctx, w.viewer, j, pause, why)
	}
	if err != nil {
		w.complain(ctx, "retrying a job", err)
	}
}

// countsAtATime is how often counting goes on before mail has its turn again.
const countsAtATime = 20

// count brings the counts of the analysis up to what was said since.
func (w worker) count(ctx context.Context) {
	for range countsAtATime {
		more, err := w.Store.RebuildAnalysis(ctx, w.viewer)
		if err != nil {
			w.complain(ctx, "counting for the analysis", err)
		}
		if !more || err != nil {
			return
		}
	}
}

// sweepEvery is how often what is kept for a time only is looked through.
const sweepEvery = 24 * time.Hour

// sweep deletes what has been kept for its time, at the start and then daily,
// and returns when it last did. What fails has its turn the next day. A clock
// that was far ahead puts nothing off.
func (w worker) sweep(ctx context.Context, last models.Instant) models.Instant {
	now := w.Store.Now()
	if last <= now && now < last.Add(sweepEvery) {
		return last
	}
	if err := w.Store.SweepRequests(ctx, w.viewer); err != nil {
		w.complain(ctx, "deleting old requests", err)
	}
	return now
}

// complain logs an error unless it is only that the worker stops.
func (w worker) complain(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil && !errors.Is(err, models.ErrConflict) {
		w.Log.Error("the worker failed", "while", doing, "error", err.Error())
	}
}

// sendMail writes one message as its receiver may read it and hands it over.
func (w worker) sendMail(ctx context.Context, j store.Job) error {
	out, ready, err := w.Store.StartMail(ctx, w.viewer, j)
	if err != nil || !ready {
		return err
	}
	message, kept, err := w.render(out)
	if err != nil {
		return w.Store.EndMail(ctx, w.viewer, j, out.Mail, store.MailOutcome{State: models.MailWithheld, Problem: refusal(err)})
	}
	if w.Mailer == nil {
		return w.Store.EndMail(ctx, w.viewer, j, out.Mail, store.MailOutcome{State: models.MailKept, Rendered: kept})
	}
	if !w.SendReserved && models.ReservedAddress(out.ToEmail) {
		return w.Store.EndMail(ctx, w.viewer, j, out.Mail, store.MailOutcome{State: models.MailWithheld, Problem: reservedProblem, Rendered: kept})
	}
	hurry, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	err = w.Mailer.Send(hurry, Envelope{ID: out.MessageID, ToName: out.ToName, ToEmail: out.ToEmail, Date: out.Queued, Message: message})
	outcome := outcomeOf(err, j.Attempts)
	outcome.Rendered = kept
	// The server's answer must be kept even where the worker is told to stop.
	late, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	return w.Store.EndMail(late, w.viewer, j, out.Mail, outcome)
}

// reservedProblem is why mail to an invented address stays here.
const reservedProblem = "The address is an example’s: its domain is reserved, and no mail is sent there."

// outcomeOf says what the mail server's answer means for the message.
func outcomeOf(err error, attempt int) store.MailOutcome {
	if err == nil {
		return store.MailOutcome{State: models.MailSent}
	}
	var failed *SendError
	if !errors.As(err, &failed) {
		failed = &SendError{Temporary: true, Reason: "Sending failed on our side."}
	}
	out := store.MailOutcome{State: models.MailFailed, Problem: failed.Error()}
	switch {
	case failed.Bounced:
		out.State = models.MailBounced
	case errors.Is(err, context.Canceled): // we stop: the next start goes on at once
		out.State, out.Again = models.MailRetrying, time.Second
	case failed.Temporary:
		if pause, more := Backoff(attempt); more {
			out.State, out.Again = models.MailRetrying, pause
		}
	}
	return out
}

// refusal says in a sentence why a message was not let out.
func refusal(err error) string {
	var placeholder *mail.PlaceholderError
	switch {
	case errors.As(err, &placeholder):
		return placeholder.Error()
	case errors.Is(err, mail.ErrNoLink):
		return "The message lacks the guest’s link."
	case errors.Is(err, mail.ErrForeignLink):
		return "The message holds somebody else’s personal link."
	case errors.Is(err, mail.ErrEarlyMeetingLink):
		return "The message gives the meeting link to a guest who has not accepted."
	}
	return "The message could not be written."
}

// render writes the message twice: as it goes out, and with a stand-in for the
// link, as it is kept.
func (w worker) render(out models.Outgoing) (sent mail.Message, kept models.RenderedMail, err error) {
	kind, ok := mail.ParseKind(string(out.Kind))
	if !ok {
		return sent, kept, mail.ErrKind
	}
	link := ""
	switch out.Kind {
	case models.MailWithdrawal:
	case models.MailAccountInvitation, models.MailPasswordReset:
		link = mail.AccountLink(w.BaseURL, out.Token, out.Kind == models.MailPasswordReset)
	case models.MailBriefReview:
		link = mail.BriefLink(w.BaseURL, out.Brief)
	case models.MailEvaluation, models.MailEvaluationDue, models.MailFollowUp:
		link = mail.EvaluationLink(w.BaseURL, out.Token, out.Recommendation)
	case models.MailCohost:
		link = mail.RoundtableLink(w.BaseURL, out.Room)
	case models.MailCommitmentDue:
		link = mail.CommitmentLink(w.BaseURL, out.Room)
	default:
		link = mail.GuestLink(w.BaseURL, out.Token)
	}
	data := mail.DataOf(out, w.BaseURL)
	if e, ok := files.MailedEvent(out, files.Organizer{Name: w.From.Name, Email: w.From.Address}); ok {
		if data.Calendar, err = e.ICS(); err != nil {
			return sent, kept, err
		}
		data.CalendarMethod = string(e.Method)
	}
	if sent, err = mail.Render(kind, data, link); err != nil {
		return sent, kept, err
	}
	stored, err := mail.Render(kind, data, mail.LinkPlaceholder)
	if err != nil {
		return sent, kept, err
	}
	if out.Token != "" && strings.Contains(stored.Subject+stored.Text+stored.HTML+string(stored.Calendar), out.Token) {
		return sent, kept, mail.ErrForeignLink
	}
	return sent, models.RenderedMail{Subject: stored.Subject, Text: stored.Text, HTML: stored.HTML, Calendar: string(stored.Calendar)}, nil
}

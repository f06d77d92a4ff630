package store

import (
	"context"
	"encoding/json"
	"strconv"

	"rotunda/models"
)

// NudgeJob is the kind of the jobs that remind staff and evaluators of what
// they have still to do, when it is time.
const NudgeJob = "nudge"

// nudgeTries is how often a reminder is tried.
const nudgeTries = 5

// nudge is what a NudgeJob holds: an evaluation and its round, or a
// recommendation and when its owner wanted to come back to it. What has changed
// since reminds nobody.
type nudge struct {
	Panel          models.ID      `json:"panel,omitempty"`
	Round          int            `json:"round,omitempty"`
	Recommendation models.ID      `json:"recommendation,omitempty"`
	At             models.Instant `json:"at,omitempty"`
	Commitment     models.ID      `json:"commitment,omitempty"`
}

// nudgeEvaluators has those reminded who have not scored in a round by then.
func (t *tx) nudgeEvaluators(p panelRow, round int) error {
	at := models.PanelReminder(t.now, p.DueMs)
	return t.enqueue(NudgeJob, NudgeJob+":"+p.ID.String()+":"+strconv.Itoa(round), nudge{Panel: p.ID, Round: round}, at, nudgeTries)
}

// nudgeOwner has the owner of a recommendation reminded on the morning of the
// day that ends at the instant. A day that was given up and holds again reminds
// them as if it had stood all the time.
func (t *tx) nudgeOwner(id models.ID, at models.Instant) error {
	return t.nudgeOnce(nudge{Recommendation: id, At: at}, nudgeKey(id, at), models.MailFollowUp, mailArgs{Recommendation: id, Due: at})
}

// nudgeOnce has a reminder wait for the morning of its day, also where the one
// that waited found nothing to remind of. Who has had the mail is not reminded
// twice, and a day that is over reminds nobody.
func (t *tx) nudgeOnce(n nudge, key string, kind models.MailKind, args mailArgs) error {
	if n.At <= t.now {
		return nil
	}
	var told int
	if err := t.get(&told, "SELECT count(*) FROM mails WHERE kind = ? AND args = ? AND state <> ?", string(kind), toJSON(args), string(models.MailWithheld)); err != nil || told > 0 {
		return err
	}
	if err := t.exec("DELETE FROM jobs WHERE unique_key = ? AND state NOT IN (?, ?)", key, jobWaiting, jobRunning); err != nil {
		return err
	}
	return t.enqueue(NudgeJob, key, n, models.ReminderMorning(n.At), nudgeTries)
}

// Nudge writes the reminders of a NudgeJob and ends it in the same transaction.
func (s *Store) Nudge(ctx context.Context, v models.Viewer, j Job) error {
	if !v.IsSystem() {
		return models.ErrForbidden
	}
	var n nudge
	if err := json.Unmarshal(j.Args, &n); err != nil {
		return err
	}
	return s.transact(ctx, v, func(t *tx) error {
		if err := t.finishJob(j); err != nil {
			return err
		}
		switch {
		case n.Panel != 0:
			return t.remindEvaluators(n)
		case n.Commitment != 0:
			return t.remindOfCommitment(n.Commitment, n.At)
		}
		return t.remindOwner(n)
	})
}

// unscored holds for an evaluator e of a panel p who has not answered in the
// round: neither scored on all criteria nor abstained altogether.
const unscored sqlText = `e.revoked_ms = 0 AND e.abstained = FALSE
	AND (SELECT count(*) FROM scores s WHERE s.panelist_id = e.id AND s.round = ?) < 3`

func (t *tx) remindEvaluators(n nudge) error {
	var p panelRow
	if err := t.get(&p, `SELECT p.* FROM panels p JOIN recommendations q ON q.id = p.recommendation_id AND q.version = p.version
		WHERE p.id = ? AND q.archived_ms = 0`, n.Panel); err != nil {
		return err
	}
	if p.stage().Scoring() != n.Round {
		return nil
	}
	var late []panelistRow
	if err := t.list(&late, "SELECT e.* FROM panelists e WHERE e.panel_id = ? AND "+unscored+" ORDER BY e.id", p.ID, n.Round); err != nil {
		return err
	}
	mails := make([]mailRow, len(late))
	for i, e := range late {
		mails[i] = t.newMail(mailRow{Kind: string(models.MailEvaluationDue), AccountID: e.AccountID, ToName: e.Name, ToEmail: e.Email}, mailArgs{Panelist: e.ID, Round: n.Round})
	}
	return t.insertMails(mails)
}

func (t *tx) remindOwner(n nudge) error {
	var a accountRow
	if err := t.get(&a, "SELECT a.* FROM recommendations q JOIN accounts a ON a.id = q.owner_id WHERE "+stillToFollow, n.Recommendation, n.At); err != nil {
		return err // gone, or noted otherwise since
	}
	m := t.newMail(mailRow{Kind: string(models.MailFollowUp), AccountID: a.ID, ToName: a.Name, ToEmail: a.Email}, mailArgs{Recommendation: n.Recommendation, Due: n.At})
	return t.insertMails([]mailRow{m})
}

// stillToFollow holds for a recommendation q that its owner a still wants to
// come back to at an instant.
const stillToFollow sqlText = `q.id = ? AND q.remind_ms = ? AND q.archived_ms = 0 AND q.follow_up NOT IN ('implemented', 'closed')
	AND a.disabled_ms = 0 AND a.role <> 'cohost'`

// outgoingFollowUp reads what the reminder of a recommendation may say, or why
// it is withheld. It names nothing, as an invitation to evaluate does not.
func (t *tx) outgoingFollowUp(args mailArgs, institute models.Institute, out models.Outgoing) (models.Outgoing, string, error) {
	var there []accountRow
	if err := t.list(&there, "SELECT a.* FROM recommendations q JOIN accounts a ON a.id = q.owner_id WHERE "+stillToFollow, args.Recommendation, args.Due); err != nil {
		return out, "", err
	}
	if len(there) == 0 {
		return out, "Somebody has come back to it since.", nil
	}
	a := there[0]
	out.ToName, out.ToEmail, out.Recommendation = a.Name, a.Email, args.Recommendation
	out.Invitation = models.Invitation{Name: a.Name, Greeting: a.Name, Institute: institute.Name, ShortName: institute.ShortName, HostEmail: institute.Contact, Zone: institute.Zone}
	return out, "", nil
}

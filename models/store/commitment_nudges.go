package store

import (
	"context"
	"strconv"

	"rotunda/models"
)

// nudgeCommitment has the one who follows a commitment up reminded on the
// morning of its day. No day, or one that is over, reminds nobody.
func (t *tx) nudgeCommitment(id models.ID, due models.Instant) error {
	return t.nudgeOnce(nudge{Commitment: id, At: due}, nudgeKey(id, due), models.MailCommitmentDue, mailArgs{Commitment: id, Due: due})
}

// nudgeAgain is nudgeCommitment for one that is open again, or has another day.
func (t *tx) nudgeAgain(id models.ID) error {
	var due models.Instant
	if err := t.get(&due, "SELECT due_ms FROM commitments WHERE id = ?", id); err != nil {
		return err
	}
	return t.nudgeCommitment(id, due)
}

// nudgeKey names the reminder of a commitment or recommendation for its day.
func nudgeKey(id models.ID, due models.Instant) string {
	return NudgeJob + ":" + id.String() + ":" + strconv.FormatInt(int64(due), 10)
}

// standing says in SQL that a commitment c was not deleted with the insight in
// which it was captured.
const standing sqlText = "(c.insight_seq = 0 OR EXISTS (SELECT 1 FROM insights i WHERE i.seq = c.insight_seq AND i.deleted_ms = 0))"

// stillDue holds for the account a on the team that follows a commitment c up,
// where it is open and due at the instant: whoever promised it, if they are on
// the team, else who noted it. A guest has no link once the roundtable is over,
// and no message goes to one without: for them the team is reminded.
const stillDue sqlText = `SELECT a.* FROM commitments c JOIN team_members m ON m.roundtable_id = c.roundtable_id
	JOIN accounts a ON a.id = m.account_id AND a.disabled_ms = 0 AND a.id = CASE WHEN EXISTS (SELECT 1 FROM team_members o JOIN accounts b ON b.id = o.account_id
		WHERE o.roundtable_id = c.roundtable_id AND o.account_id = c.account_id AND b.disabled_ms = 0) THEN c.account_id ELSE c.created_by END
	WHERE c.id = ? AND c.state = 'open' AND c.due_ms = ? AND ` + standing

// remindOfCommitment writes to who follows a commitment up. What was done,
// moved or left since reminds nobody.
func (t *tx) remindOfCommitment(id models.ID, due models.Instant) error {
	var a accountRow
	if err := t.get(&a, stillDue, id, due); err != nil {
		return err
	}
	m := t.newMail(mailRow{Kind: string(models.MailCommitmentDue), AccountID: a.ID, ToName: a.Name, ToEmail: a.Email}, mailArgs{Commitment: id, Due: due})
	return t.insertMails([]mailRow{m})
}

// RemindCommitment sends the reminder of a commitment of the roundtable now,
// and returns when it had the last one within a day as *models.InvalidError.
// Rights as CreateCommitment.
func (s *Store) RemindCommitment(ctx context.Context, v models.Viewer, room, id models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.TagInsight); err != nil {
			return err
		}
		var c struct{ DueMs, RemindedMs models.Instant }
		if err := t.get(&c, "SELECT due_ms, reminded_ms FROM commitments WHERE id = ? AND roundtable_id = ? AND state = 'open'", id, room); err != nil {
			return err
		}
		if c.RemindedMs != 0 && c.RemindedMs.Add(models.RemindAgain) > t.now {
			return models.Invalid("commitment", "A reminder went out within the last hours.")
		}
		if err := t.remindOfCommitment(id, c.DueMs); err != nil {
			return err
		}
		if err := t.exec("UPDATE commitments SET reminded_ms = ? WHERE id = ?", t.now, id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "commitment.remind", ObjectKind: "commitment", Object: id, Roundtable: room})
	})
}

// outgoingCommitment reads what the reminder of a commitment may say, or why it
// is withheld. It names neither the promise nor the roundtable: they are read
// behind the link, by who is on the team then.
func (t *tx) outgoingCommitment(m mailRow, args mailArgs, institute models.Institute, out models.Outgoing) (models.Outgoing, string, error) {
	var there []struct {
		Name, Email  string
		RoundtableID models.ID
	}
	if err := t.list(&there, `SELECT x.name, x.email, k.roundtable_id FROM (`+stillDue+`) AS x JOIN commitments k ON k.id = ? WHERE x.id = ?`,
		args.Commitment, args.Due, args.Commitment, m.AccountID); err != nil {
		return out, "", err
	}
	if len(there) == 0 {
		return out, "It was done, moved or given to somebody else since.", nil
	}
	a := there[0]
	out.ToName, out.ToEmail, out.Room = a.Name, a.Email, a.RoundtableID
	out.Invitation = models.Invitation{Name: a.Name, Greeting: a.Name, Institute: institute.Name, ShortName: institute.ShortName, HostEmail: institute.Contact, Zone: institute.Zone}
	return out, "", nil
}

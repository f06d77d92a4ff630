package store

import (
	"context"
	"encoding/json"

	"rotunda/models"
)

// SendMailJob is the kind of the jobs that write one message and hand it over.
const SendMailJob = "mail.send"

// mailTries is how often a message is offered to the mail server.
const mailTries = 10

// sendMail is what a SendMailJob holds.
type sendMail struct {
	Mail models.ID `json:"mail"`
}

// MailOf returns the message that a SendMailJob is about, zero for other jobs.
func MailOf(j Job) models.ID {
	var args sendMail
	if j.Kind != SendMailJob || json.Unmarshal(j.Args, &args) != nil {
		return 0
	}
	return args.Mail
}

// mailRow is a message as the database keeps it.
type mailRow struct {
	ID            models.ID
	Kind          string
	RoundtableID  models.ID
	GuestID       models.ID
	AccountID     models.ID
	ToName        string
	ToEmail       string
	MessageID     string
	Args          string
	Subject       string
	TextBody      string
	HtmlBody      string //nolint:revive // the column's name, as gorm writes it
	Calendar      string
	State         string
	Attempts      int
	LastError     string
	GuestRevision int
	CreatedMs     models.Instant
	SentMs        models.Instant
}

func (mailRow) TableName() string { return "mails" }

// mailArgs is what a message says besides how things stand when it is written.
type mailArgs struct {
	Text     string              `json:"text,omitempty"`
	Reason   string              `json:"reason,omitempty"`
	Answer   string              `json:"answer,omitempty"`
	Was      *models.Was         `json:"was,omitempty"`
	Calendar models.CalendarPart `json:"calendar,omitzero"`
	Purpose  LinkPurpose         `json:"purpose,omitempty"`
	Panelist models.ID           `json:"panelist,omitempty"`
	// Of reminders: the round that is not scored, or what its owner wanted to
	// come back to, and until when.
	Round          int            `json:"round,omitempty"`
	Recommendation models.ID      `json:"recommendation,omitempty"`
	Brief          models.ID      `json:"brief,omitempty"`
	Due            models.Instant `json:"due,omitempty"`
	Commitment     models.ID      `json:"commitment,omitempty"`
	Room           models.ID      `json:"room,omitempty"`
}

// request asks a calendar to enter the roundtable as it stands when the
// message is written, with the answer of the state.
func request(state models.GuestState) models.CalendarPart {
	return models.CalendarPart{Method: "REQUEST", PartStat: models.PartStatOf(state)}
}

// cancellation asks a calendar to take out the entry that the room has now.
func cancellation(r roundtableRow) models.CalendarPart {
	return models.CalendarPart{Method: "CANCEL", PartStat: models.PartStatOf(models.Invited), UID: r.IcsUID, Sequence: r.IcsSequence}
}

// queueMail writes a message to a guest in the transaction of its cause. Who
// has no address gets none.
func (t *tx) queueMail(r roundtableRow, g mailedGuest, kind models.MailKind, args mailArgs) error {
	w := t.guestWrites()
	w.mail(r, g, kind, args)
	return w.flush()
}

// newMail fills in what every new message has.
func (t *tx) newMail(m mailRow, args mailArgs) mailRow {
	m.ID, m.Args, m.State, m.CreatedMs = t.s.newID(), toJSON(args), string(models.MailQueued), t.now
	m.MessageID = m.ID.String() + "." + t.s.newID().String()
	return m
}

// insertMails writes new messages and the jobs that send them.
func (t *tx) insertMails(mails []mailRow) error {
	ids := make([]models.ID, len(mails))
	keys := make([]string, len(mails))
	for i, m := range mails {
		ids[i], keys[i] = m.ID, SendMailJob+":"+m.ID.String()
	}
	if err := inserted(t, mails); err != nil {
		return err
	}
	return t.enqueueSends(ids, keys)
}

// enqueueSends writes a job for each message, under its key.
func (t *tx) enqueueSends(ids []models.ID, keys []string) error {
	if len(ids) == 0 {
		return nil
	}
	var args []any
	for i, id := range ids {
		args = append(args, t.s.newID(), SendMailJob, keys[i], toJSON(sendMail{id}), jobWaiting, t.now, mailTries, t.now)
	}
	t.announce(Change{Kind: ChangeJobs})
	return t.insertMany("INSERT INTO jobs (id, kind, unique_key, args, state, run_at_ms, max_attempts, created_ms) VALUES ",
		"(?, ?, ?, ?, ?, ?, ?, ?)", 8, " ON CONFLICT (unique_key) DO NOTHING", args)
}

// queueLinkMail sends a guest the link anew: with the answer given, or as a
// reminder where there is none.
func (t *tx) queueLinkMail(r roundtableRow, g guestRow) error {
	guests, err := t.guestsByID(r.ID, g.ID)
	if err != nil || len(guests) == 0 {
		return err
	}
	if models.SegmentOf(g.state()) == models.SegmentUnanswered {
		return t.queueMail(r, guests[0], models.MailReminder, mailArgs{})
	}
	return t.queueMail(r, guests[0], models.MailConfirmation, mailArgs{Answer: g.State})
}

// told are the states whose guests hear of a change of the roundtable: who is
// asked or comes, not who is out of it.
const told sqlText = "g.state IN ('invited', 'accepted', 'tentative', 'reconfirm', 'waitlisted')"

// TellRoundtable makes the messages of a RoundtableMailJob, one for each guest
// concerned, and ends the job in the same transaction. A change that another
// has overtaken tells nobody.
func (s *Store) TellRoundtable(ctx context.Context, v models.Viewer, j Job) error {
	var change RoundtableMail
	if err := json.Unmarshal(j.Args, &change); err != nil {
		return err
	}
	return s.transact(ctx, v, func(t *tx) error {
		if err := t.finishJob(j); err != nil {
			return err
		}
		r, err := t.lockRoom(change.Roundtable)
		if err != nil {
			return err
		}
		if (r.status() == models.Cancelled) != (change.Change == ChangeCancelled) {
			return nil
		}
		guests, err := t.guestsWhere(r.ID, where{parts: []sqlText{told}})
		if err != nil {
			return err
		}
		w := t.guestWrites()
		for _, g := range guests {
			w.tell(r, g, change)
		}
		return w.flush()
	})
}

// tell writes to one guest what changed.
func (w *guestWrites) tell(r roundtableRow, g mailedGuest, change RoundtableMail) {
	state := g.Row.state()
	switch change.Change {
	case ChangeMoved:
		w.mail(r, g, models.MailTimeChange, mailArgs{Was: change.Was, Calendar: request(models.Invited)})
	case ChangePlace:
		w.mail(r, g, models.MailPlaceChange, mailArgs{Was: change.Was, Calendar: request(state)})
	case ChangeRule:
		w.mail(r, g, models.MailRuleChange, mailArgs{Was: change.Was})
	case ChangeCancelled:
		part := cancellation(r)
		part.PartStat = models.PartStatOf(state)
		w.mail(r, g, models.MailCancellation, mailArgs{Reason: r.CancelReason, Calendar: part})
	case ChangeUncancelled:
		w.linked = append(w.linked, g.Row.ID)
		w.mail(r, g, models.MailInvitation, mailArgs{Calendar: request(models.Invited)})
	}
}

// TellAccount makes the message of an AccountMailKind and ends the job in the
// same transaction. An account that is gone or disabled gets none.
func (s *Store) TellAccount(ctx context.Context, v models.Viewer, j Job) error {
	var args AccountMail
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return err
	}
	return s.transact(ctx, v, func(t *tx) error {
		if err := t.finishJob(j); err != nil {
			return err
		}
		var a accountRow
		if err := t.get(&a, "SELECT * FROM accounts WHERE id = ?", args.Account); err != nil || a.DisabledMs != 0 {
			return err
		}
		kind := models.MailAccountInvitation
		if args.Purpose == ResetLink {
			kind = models.MailPasswordReset
		}
		m := t.newMail(mailRow{Kind: string(kind), AccountID: a.ID, ToName: a.Name, ToEmail: a.Email}, mailArgs{Purpose: args.Purpose})
		return t.insertMails([]mailRow{m})
	})
}

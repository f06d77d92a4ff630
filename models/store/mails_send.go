package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"rotunda/models"
)

// StartMail reads the message of a SendMailJob as its receiver may know it and
// marks it as being sent. ready is false where it is not to be sent any more:
// it was sent, or is withheld now because something overtook it; the job is
// ended then.
func (s *Store) StartMail(ctx context.Context, v models.Viewer, j Job) (out models.Outgoing, ready bool, err error) {
	var job sendMail
	if err := json.Unmarshal(j.Args, &job); err != nil {
		return out, false, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		out, ready = models.Outgoing{}, false
		var m mailRow
		if err := t.get(&m, "SELECT * FROM mails WHERE id = ?", job.Mail); err != nil {
			return err
		}
		if models.MailState(m.State).Ended() {
			return t.finishJob(j)
		}
		var why string
		if out, why, err = t.outgoing(m); err != nil {
			return err
		}
		if why != "" {
			if err := t.exec("UPDATE mails SET state = 'withheld', last_error = ? WHERE id = ?", why, m.ID); err != nil {
				return err
			}
			return t.finishJob(j)
		}
		ready = true
		return t.exec("UPDATE mails SET state = 'sending', attempts = attempts + 1, to_name = ?, to_email = ? WHERE id = ?", out.ToName, out.ToEmail, m.ID)
	})
	return out, ready, err
}

// outgoing reads what a message may say, or why it is withheld.
func (t *tx) outgoing(m mailRow) (out models.Outgoing, why string, err error) {
	var args mailArgs
	if err := json.Unmarshal([]byte(m.Args), &args); err != nil {
		return out, "", err
	}
	institute := models.DefaultInstitute()
	if err := t.readSetting("institute", &institute); err != nil {
		return out, "", err
	}
	out = models.Outgoing{
		Mail: m.ID, Kind: models.MailKind(m.Kind), MessageID: m.MessageID, ToName: m.ToName, ToEmail: m.ToEmail, Queued: m.CreatedMs,
		Reason: args.Reason, Text: args.Text, Calendar: args.Calendar,
	}
	out.Answer, _ = models.ParseGuestState(args.Answer)
	switch out.Kind {
	case models.MailEvaluation, models.MailEvaluationDue:
		return t.outgoingEvaluation(args, institute, out)
	case models.MailBriefReview:
		return t.outgoingBriefReview(m, args, institute, out)
	case models.MailCommitmentDue:
		return t.outgoingCommitment(m, args, institute, out)
	case models.MailFollowUp:
		return t.outgoingFollowUp(args, institute, out)
	case models.MailCohost:
		return t.outgoingCohost(m, args, institute, out)
	}
	if m.GuestID == 0 {
		return t.outgoingAccount(m, args, institute, out)
	}
	guest := models.GuestViewer(m.GuestID, m.RoundtableID, rsvpPurpose)
	out.Invitation, err = readInvitation(guest, institute, t.get)
	if err != nil {
		return out, "", err
	}
	if args.Was != nil {
		out.Was = *args.Was
		if !out.Invitation.HasSeat() {
			out.Was.Room, out.Was.Link = "", ""
		}
	}
	if out.Invitation.Email != "" {
		out.ToName, out.ToEmail = out.Invitation.Name, out.Invitation.Email
	}
	if out.Calendar.Method == "REQUEST" {
		out.Calendar.UID, out.Calendar.Sequence = out.Invitation.CalendarUID, out.Invitation.Sequence
	}
	if why, err = t.overtaken(m, out); err != nil || why != "" {
		return out, why, err
	}
	if out.Kind != models.MailWithdrawal {
		out.Token, err = t.liveToken(m.GuestID)
		if errors.Is(err, models.ErrNotFound) {
			if !tellsOfChange(out.Kind) {
				return out, "The guest’s link was revoked.", nil
			}
			out.Token, err = t.linkAnew(m)
		}
	}
	return out, "", err
}

// tellsOfChange reports whether a message says what happened to a roundtable
// that its receiver is asked to or comes to. Such a message goes out although
// the guest's link was revoked: who answered by phone must hear of it too.
func tellsOfChange(k models.MailKind) bool {
	return k == models.MailTimeChange || k == models.MailPlaceChange || k == models.MailRuleChange || k == models.MailCancellation
}

// linkAnew gives the guest of a message a new link in place of a revoked one:
// no message goes out without a link, and the old one stays revoked.
func (t *tx) linkAnew(m mailRow) (string, error) {
	tokens, err := t.guestLinks([]models.ID{m.GuestID}, true)
	if err != nil {
		return "", err
	}
	return tokens[m.GuestID], t.audit(auditRow{Action: "guest.link.reissue", ObjectKind: "guest", Object: m.GuestID, Roundtable: m.RoundtableID, Detail: map[string]any{"mail": m.Kind}})
}

func (t *tx) outgoingAccount(m mailRow, args mailArgs, institute models.Institute, out models.Outgoing) (models.Outgoing, string, error) {
	var a accountRow
	if err := t.get(&a, "SELECT * FROM accounts WHERE id = ?", m.AccountID); err != nil {
		return out, "", err
	}
	if a.DisabledMs != 0 {
		return out, "The account is disabled.", nil
	}
	out.ToName, out.ToEmail = a.Name, a.Email
	out.Invitation = models.Invitation{Name: a.Name, Greeting: a.Name, Institute: institute.Name, ShortName: institute.ShortName, HostEmail: institute.Contact, Zone: institute.Zone}
	out.Expires = t.now.Add(oneTimeLinkLife[args.Purpose])
	token, err := t.oneTimeLink(a.ID, args.Purpose)
	out.Token = token
	return out, "", err
}

// overtaken says in a sentence why a message that was queued is not to be sent
// any more, or nothing.
func (t *tx) overtaken(m mailRow, out models.Outgoing) (string, error) {
	inv := out.Invitation
	parting := out.Kind == models.MailCancellation || out.Kind == models.MailWithdrawal
	var silenced bool
	if err := t.get(&silenced, "SELECT p.do_not_contact FROM guests g JOIN people p ON p.id = g.person_id WHERE g.id = ?", m.GuestID); err != nil {
		return "", err
	}
	switch {
	case silenced && !parting:
		return "The guest asked not to be contacted.", nil
	case out.Kind == models.MailWithdrawal:
		if inv.State != models.Withdrawn {
			return "The guest is invited again.", nil
		}
		return "", nil
	case inv.State == models.Withdrawn:
		return "The invitation was withdrawn.", nil
	case (inv.Seats.Status == models.Cancelled) != (out.Kind == models.MailCancellation):
		if out.Kind == models.MailCancellation {
			return "The roundtable takes place after all.", nil
		}
		return "The roundtable is canceled.", nil
	case inv.Ends != 0 && inv.Ends <= t.now:
		return "The roundtable is over.", nil
	case out.Kind == models.MailConfirmation && out.Answer != inv.State, out.Kind == models.MailPromotion && inv.State != models.Accepted:
		return "The answer has changed since.", nil
	case out.Kind == models.MailReminder && models.SegmentOf(inv.State) != models.SegmentUnanswered && inv.State != models.Tentative:
		return "The guest has answered meanwhile.", nil
	}
	var newer int
	err := t.get(&newer, "SELECT count(*) FROM mails WHERE guest_id = ? AND kind = ? AND id <> ? AND (created_ms > ? OR (created_ms = ? AND guest_revision > ?))",
		m.GuestID, m.Kind, m.ID, m.CreatedMs, m.CreatedMs, m.GuestRevision)
	if err == nil && newer > 0 {
		return "A newer message of the same kind takes its place.", nil
	}
	return "", err
}

// liveToken computes the token of the guest's link that works now, else
// models.ErrNotFound.
func (t *tx) liveToken(guest models.ID) (string, error) {
	version, err := liveVersion(guest, t.now, t.get)
	return t.s.keys.linkToken(rsvpPurpose, guest, version), err
}

func liveVersion(guest models.ID, now models.Instant, get getter) (int, error) {
	var version int
	err := get(&version, `SELECT l.version FROM guest_links l JOIN guests g ON g.id = l.guest_id JOIN roundtables r ON r.id = g.roundtable_id
		WHERE l.guest_id = ? AND l.purpose = '`+rsvpPurpose+`' AND `+liveLink+" ORDER BY l.version DESC LIMIT 1", guest, now)
	return version, err
}

// MailOutcome is what became of an attempt to send a message.
type MailOutcome struct {
	// State is MailSent, MailKept, MailRetrying, MailFailed, MailBounced or
	// MailWithheld.
	State models.MailState
	// Problem is a sentence without name, address or token.
	Problem string
	// Again is the pause before the next attempt of MailRetrying.
	Again time.Duration
	// Rendered is the message with a stand-in for the link; empty leaves what
	// is kept as it is.
	Rendered models.RenderedMail
}

// EndMail keeps what became of an attempt and ends or repeats its job in the
// same transaction. It returns models.ErrConflict where another worker has
// taken the job over.
func (s *Store) EndMail(ctx context.Context, v models.Viewer, j Job, mail models.ID, o MailOutcome) error {
	return s.transact(ctx, v, func(t *tx) error {
		state := o.State
		if state == models.MailRetrying {
			dead, err := t.retryJob(j, o.Again, o.Problem)
			if err != nil {
				return err
			}
			if dead {
				state = models.MailFailed
			}
		} else if err := t.finishJob(j); err != nil {
			return err
		}
		var sent models.Instant
		if state == models.MailSent {
			sent = t.now
		}
		if err := t.exec("UPDATE mails SET state = ?, last_error = ?, sent_ms = ? WHERE id = ?", string(state), o.Problem, sent, mail); err != nil {
			return err
		}
		if r := o.Rendered; r != (models.RenderedMail{}) {
			if err := t.exec("UPDATE mails SET subject = ?, text_body = ?, html_body = ?, calendar = ? WHERE id = ?", r.Subject, r.Text, r.HTML, r.Calendar, mail); err != nil {
				return err
			}
		}
		var room models.ID
		if err := t.get(&room, "SELECT roundtable_id FROM mails WHERE id = ?", mail); err != nil || room == 0 {
			return err
		}
		t.announce(Change{Kind: ChangeGuests, Roundtable: room})
		return nil
	})
}

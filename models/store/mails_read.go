package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"rotunda/models"
)

// visibleMails is the condition under which a message m exists for the viewer:
// messages of a roundtable for its team alone, since their receivers are its
// guests; messages to accounts for who manages settings.
func visibleMails(v models.Viewer) condition {
	team := v.Reach().Team
	if v.IsSystem() {
		return condition{cond: "1 = 1"}
	}
	c := condition{cond: "1 = 0"}
	if len(team) > 0 {
		c.cond = "m.roundtable_id IN (" + sqlText("?").repeat(len(team), ", ") + ")"
		for _, id := range team {
			c.args = append(c.args, id)
		}
	}
	if models.Can(v, models.ManageSettings) {
		c.cond = "(" + c.cond + " OR m.roundtable_id = 0)"
	}
	return c
}

const mailColumns = `m.id, m.kind, m.roundtable_id, m.guest_id, m.account_id, m.to_name, m.to_email, m.message_id, m.subject,
	m.state, m.attempts, m.last_error, m.created_ms, m.sent_ms`

type listedMail struct {
	Row   mailRow `gorm:"embedded"`
	Title string
}

func (l listedMail) model() models.Mail {
	m := l.Row
	return models.Mail{
		ID: m.ID, Kind: models.MailKind(m.Kind), Roundtable: m.RoundtableID, RoundtableTitle: l.Title, Guest: m.GuestID, Account: m.AccountID,
		ToName: m.ToName, ToEmail: m.ToEmail, MessageID: m.MessageID, Subject: m.Subject, Text: m.TextBody, HTML: m.HtmlBody,
		Calendar: m.Calendar, State: models.MailState(m.State), Attempts: m.Attempts, Problem: m.LastError, Created: m.CreatedMs, Sent: m.SentMs,
	}
}

// Mails lists messages, newest first: those of the roundtables whose team the
// viewer is on, and those to accounts for who manages settings.
func (s *Store) Mails(ctx context.Context, v models.Viewer, f models.MailFilter) (models.MailPage, error) {
	out := models.MailPage{Counts: map[models.MailState]int{}}
	visible := visibleMails(v)
	w := where{}
	w.add(visible.cond, visible.args...)
	if f.Roundtable != 0 {
		w.add("m.roundtable_id = ?", f.Roundtable)
	}
	if f.Guest != 0 {
		w.add("m.guest_id = ?", f.Guest)
	}
	var counts []struct {
		State string
		N     int
	}
	if err := s.list(ctx, &counts, "SELECT m.state, count(*) AS n FROM mails m"+w.text()+" GROUP BY m.state", w.args...); err != nil {
		return out, err
	}
	for _, c := range counts {
		out.Counts[models.MailState(c.State)] = c.N
	}
	if f.State != "" {
		w.add("m.state = ?", string(f.State))
	}
	if f.Text != "" {
		like := holds(strings.ToLower(f.Text))
		w.add(`lower(m.to_name) LIKE ? ESCAPE '\' OR lower(m.to_email) LIKE ? ESCAPE '\' OR lower(m.subject) LIKE ? ESCAPE '\'`, like, like, like)
	}
	if f.After != 0 {
		w.add("m.created_ms < (SELECT c.created_ms FROM mails c WHERE c.id = ?) OR (m.created_ms = (SELECT c.created_ms FROM mails c WHERE c.id = ?) AND m.id < ?)", f.After, f.After, f.After)
	}
	limit := orElse(f.Limit, 50)
	var rows []listedMail
	if err := s.list(ctx, &rows, "SELECT "+mailColumns+", COALESCE(r.title, '') AS title FROM mails m LEFT JOIN roundtables r ON r.id = m.roundtable_id"+
		w.text()+" ORDER BY m.created_ms DESC, m.id DESC LIMIT ?", append(w.args, limit+1)...); err != nil {
		return out, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = rows[limit-1].Row.ID
	}
	out.Mails = make([]models.Mail, len(rows))
	for i, r := range rows {
		out.Mails[i] = r.model()
	}
	return out, nil
}

// Mail reads one message, as Mails does, with its bodies. link asks for the
// guest's link, which stands in for the one that was not sent while no mail
// server is configured; it is given for kept messages only, to who may invite.
func (s *Store) Mail(ctx context.Context, v models.Viewer, id models.ID, link bool) (models.Mail, error) {
	visible := visibleMails(v)
	var row listedMail
	err := s.get(ctx, &row, "SELECT m.*, COALESCE(r.title, '') AS title FROM mails m LEFT JOIN roundtables r ON r.id = m.roundtable_id WHERE m.id = ? AND "+visible.cond,
		append([]any{id}, visible.args...)...)
	if err != nil {
		return models.Mail{}, err
	}
	out := row.model()
	if !link || out.State != models.MailKept || out.Guest == 0 || !models.CanIn(v, models.Invite, out.Roundtable) {
		return out, nil
	}
	version, err := liveVersion(out.Guest, s.Now(), func(dest any, q sqlText, args ...any) error { return s.get(ctx, dest, q, args...) })
	if errors.Is(err, models.ErrNotFound) {
		return out, nil
	}
	out.Token = s.keys.linkToken(rsvpPurpose, out.Guest, version)
	return out, err
}

// RetryMail sends messages again that failed, bounced or were kept while no
// mail server was configured, and returns how many. Needs the right to invite
// in their roundtable, or to manage settings for messages to accounts.
func (s *Store) RetryMail(ctx context.Context, v models.Viewer, ids []models.ID) (n int, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		n = 0
		rooms, err := t.mailsToRetry(ids)
		if err != nil {
			return err
		}
		var sent []models.ID
		for part := range slices.Chunk(ids, 500) {
			var changed []models.ID
			if err := t.list(&changed, "UPDATE mails SET state = 'queued', last_error = '' WHERE id IN ? AND state IN ('failed', 'bounced', 'kept') RETURNING id", part); err != nil {
				return err
			}
			sent = append(sent, changed...) // others went out, or are on their way
		}
		n = len(sent)
		keys := make([]string, n)
		audits := make([]auditRow, n)
		for i, id := range sent {
			keys[i] = SendMailJob + ":" + id.String() + ":" + t.s.newID().String()
			audits[i] = auditRow{Action: "mail.retry", ObjectKind: "mail", Object: id, Roundtable: rooms[id]}
		}
		if err := t.enqueueSends(sent, keys); err != nil {
			return err
		}
		return t.audit(audits...)
	})
	return n, err
}

// mailsToRetry returns the roundtable of each message, zero for those to
// accounts, where the viewer may send all of them again.
func (t *tx) mailsToRetry(ids []models.ID) (map[models.ID]models.ID, error) {
	visible := visibleMails(t.viewer)
	rooms := make(map[models.ID]models.ID, len(ids))
	for part := range slices.Chunk(ids, 500) {
		var mails []mailRow
		if err := t.list(&mails, "SELECT m.id, m.roundtable_id FROM mails m WHERE m.id IN ? AND "+visible.cond, append([]any{part}, visible.args...)...); err != nil {
			return nil, err
		}
		for _, m := range mails {
			rooms[m.ID] = m.RoundtableID
		}
	}
	for _, id := range ids {
		room, ok := rooms[id]
		switch {
		case !ok:
			return nil, models.ErrNotFound
		case room != 0 && !models.CanIn(t.viewer, models.Invite, room):
			return nil, models.ErrForbidden
		}
	}
	return rooms, nil
}

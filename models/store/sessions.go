package store

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"rotunda/models"
)

// How long a session lives: without use, and at most.
const (
	SessionIdle = 8 * time.Hour
	SessionMost = 7 * 24 * time.Hour
	// seenEvery spares a write per request: a session's last use is kept to
	// the minute.
	seenEvery = time.Minute
)

// Session is a signed-in browser.
type Session struct {
	Viewer  models.Viewer
	Theme   string
	KeysOff bool
	// NoPassword: the account came by a one-time link and has yet to choose a
	// password. Unnamed: it is the first account, still without its owner.
	NoPassword, Unnamed bool
	// Data is what the cookie library keeps for the browser: flashes.
	Data string
}

// StartSession begins a session for an account and returns its token, which is
// kept nowhere else: the database holds its hash. Whoever calls has proved who
// the account is, by password or one-time link.
func (s *Store) StartSession(ctx context.Context, account models.ID, userAgent, address string) (token string, err error) {
	err = s.transact(ctx, models.System("sign-in"), func(t *tx) error {
		token, err = t.startSession(account, userAgent, address)
		return err
	})
	return token, err
}

func (t *tx) startSession(account models.ID, userAgent, address string) (string, error) {
	n, err := t.affected("UPDATE accounts SET signed_in_ms = ? WHERE id = ? AND disabled_ms = 0", t.now, account)
	if err != nil {
		return "", err
	}
	if n == 0 {
		return "", models.ErrNotFound
	}
	if err := t.exec("DELETE FROM sessions WHERE expires_ms < ? OR seen_ms < ?", t.now, t.now.Add(-SessionIdle)); err != nil {
		return "", err
	}
	token := t.s.newToken()
	return token, t.exec(`INSERT INTO sessions (id_hash, account_id, created_ms, seen_ms, expires_ms, user_agent, address)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, hashToken(token), account, t.now, t.now, t.now.Add(SessionMost), clip(userAgent, 300), networkWords(address))
}

// SessionByToken returns the session of a cookie's token: models.ErrNotFound
// where it ended, ran out or belongs to a disabled account. It is one of the
// four places that make a Viewer.
func (s *Store) SessionByToken(ctx context.Context, token string) (Session, error) {
	session, _, err := s.sessionByHash(ctx, hashToken(token))
	return session, err
}

// sessionByHash also returns until when the session stays as it is where nobody
// changes anything; zero where that cannot be said.
func (s *Store) sessionByHash(ctx context.Context, hash string) (Session, models.Instant, error) {
	var row struct {
		Row       accountRow `gorm:"embedded"`
		SeenMs    models.Instant
		ExpiresMs models.Instant
		Data      string
	}
	now := s.Now()
	err := s.get(ctx, &row, `SELECT a.*, s.seen_ms, s.expires_ms, s.data FROM sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.id_hash = ? AND s.expires_ms > ? AND s.seen_ms > ? AND a.disabled_ms = 0`, hash, now, now.Add(-SessionIdle))
	if err != nil {
		return Session{}, 0, err
	}
	if row.SeenMs.Add(seenEvery) < now {
		err := s.transact(ctx, models.System("session"), func(t *tx) error {
			return t.exec("UPDATE sessions SET seen_ms = ? WHERE id_hash = ?", t.now, hash)
		})
		if err != nil && !errors.Is(err, models.ErrUnavailable) { // a full disk must not sign anybody out
			return Session{}, 0, err
		}
	}
	v, err := s.accountViewer(ctx, row.Row, hash)
	// Its last use must be noted within the minute, which is before it runs out
	// for want of use. What a partner reaches ends with the clock: see there.
	until := min(row.ExpiresMs, row.SeenMs.Add(seenEvery))
	if v.Role() == models.RoleCohost {
		until = 0
	}
	return Session{
		Viewer: v, Theme: row.Row.Theme, KeysOff: row.Row.KeysOff, Data: row.Data,
		NoPassword: row.Row.PasswordHash == "", Unnamed: row.Row.EmailFold == FirstAccountEmail,
	}, until, err
}

// accountViewer gathers what an account may see into its Viewer.
func (s *Store) accountViewer(ctx context.Context, a accountRow, session string) (models.Viewer, error) {
	role, _ := models.ParseAccountRole(a.Role)
	who := models.AccountIdentity{
		ID: a.ID, Name: a.Name, Email: a.Email, Role: role, Zone: a.Zone, Session: session,
		Disabled: a.DisabledMs != 0, Teams: map[models.ID]models.TeamRole{},
	}
	if role == models.RoleCohost {
		err := s.list(ctx, &who.Cohosts, `SELECT c.roundtable_id FROM cohost_accounts c JOIN roundtables r ON r.id = c.roundtable_id
			WHERE c.account_id = ? AND (r.ends_ms = 0 OR r.ends_ms > ?)`, a.ID, s.Now().Add(-models.CohostAccess))
		return models.AccountViewer(who), err
	}
	var teams []struct {
		RoundtableID models.ID
		Role         string
	}
	err := s.list(ctx, &teams, "SELECT roundtable_id, role FROM team_members WHERE account_id = ?", a.ID)
	for _, m := range teams {
		who.Teams[m.RoundtableID], _ = models.ParseTeamRole(m.Role)
	}
	return models.AccountViewer(who), err
}

// ViewerByEmail returns the viewer of an account for the command line, whose
// user holds the database file itself. It returns models.ErrNotFound where
// there is no enabled account with the address.
func (s *Store) ViewerByEmail(ctx context.Context, email string) (models.Viewer, error) {
	var row accountRow
	err := s.get(ctx, &row, "SELECT * FROM accounts WHERE email_fold = ? AND disabled_ms = 0", models.FoldEmail(email))
	if err != nil {
		return models.Anonymous(), err
	}
	return s.accountViewer(ctx, row, "")
}

// KeepSessionData stores what the browser's session carries. A session that
// ended meanwhile is not revived: models.ErrNotFound.
func (s *Store) KeepSessionData(ctx context.Context, token, data string) error {
	return s.transact(ctx, models.System("session"), func(t *tx) error {
		n, err := t.affected("UPDATE sessions SET data = ? WHERE id_hash = ?", data, hashToken(token))
		if err == nil && n == 0 {
			return models.ErrNotFound
		}
		return err
	})
}

// EndSession signs one browser out.
func (s *Store) EndSession(ctx context.Context, v models.Viewer, token string) error {
	return s.transact(ctx, v, func(t *tx) error {
		t.announce(Change{Kind: ChangeSessions, Object: v.Account()})
		return t.exec("DELETE FROM sessions WHERE id_hash = ?", hashToken(token))
	})
}

// networkWords is what a session keeps of an address: enough for its owner to
// know a place again, too little to find a person.
func networkWords(address string) string {
	if p, err := netip.ParsePrefix(address); err == nil {
		address = p.Addr().String()
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	bits := 48
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// clip keeps at most n bytes of s, cut at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"rotunda/models"
)

// How often signing in and its kin may be tried.
const (
	attemptWindow      = 15 * time.Minute
	attemptsPerAccount = 10
	attemptsPerNetwork = 100
	attemptsOfAll      = 3000
	wrongLinks         = 30
	wrongLinkWindow    = 10 * time.Minute
	resetsPerAccount   = 3
	resetsPerNetwork   = 20
	failuresNoted      = 10
)

// Browser says from where somebody signs in.
type Browser struct {
	UserAgent string
	// Network is the client's IPv4 address, or the /64 of its IPv6 address.
	Network string
	// Replaces is the token of the session the browser had before, which ends.
	Replaces string
}

// SignIn checks a password and starts a session; it returns the session's
// token. Whatever is wrong - no such account, no password, disabled, another
// password - is the same *models.InvalidError after the same work. Too many
// tries are a *models.TooManyError.
func (s *Store) SignIn(ctx context.Context, email, password string, b Browser) (token string, err error) {
	fold := models.FoldEmail(email)
	err = s.transact(ctx, models.System("sign-in"), func(t *tx) error {
		return t.attempt(
			attemptLimit{"sign-in network", b.Network, attemptsPerNetwork, attemptWindow},
			attemptLimit{"sign-in account", fold, attemptsPerAccount, attemptWindow},
			attemptLimit{"sign-in all", "", attemptsOfAll, attemptWindow})
	})
	if err != nil {
		return "", err
	}
	var row accountRow
	err = s.get(ctx, &row, "SELECT * FROM accounts WHERE email_fold = ? AND disabled_ms = 0", fold)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return "", err
	}
	match, stale, err := s.matchPassword(ctx, password, row.PasswordHash)
	if err != nil {
		return "", err
	}
	if !match {
		if err := s.noteFailedSignIn(ctx, row.ID); err != nil {
			return "", err
		}
		return "", models.Invalid("", "The e-mail address or the password is not right.")
	}
	hash := row.PasswordHash
	if stale {
		if hash, err = s.hashPassword(ctx, password); err != nil {
			return "", err
		}
	}
	err = s.transact(ctx, models.System("sign-in"), func(t *tx) error {
		// The password may have been changed while it was compared.
		n, err := t.affected("UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ?", hash, row.ID, row.PasswordHash)
		if err != nil {
			return err
		}
		if n == 0 {
			return models.Invalid("", "The e-mail address or the password is not right.")
		}
		if err := t.forgetAttempts("sign-in account", fold); err != nil {
			return err
		}
		token, err = t.signIn(row.ID, "password", b)
		return err
	})
	return token, err
}

// failedSignIn is the act of typing a wrong password.
const failedSignIn = "account.sign_in_failed"

// noteFailedSignIn writes a wrong password into the audit log: for which
// account, or for none where the address is nobody's. What was typed is not
// kept. Only the first few of an hour are written for each account, and for all
// unknown addresses together, so that nobody fills the log from outside.
func (s *Store) noteFailedSignIn(ctx context.Context, account models.ID) error {
	return s.transact(ctx, models.System("sign-in"), func(t *tx) error {
		err := t.attempt(attemptLimit{"sign-in noted", account.String(), failuresNoted, time.Hour})
		if errors.Is(err, models.ErrTooMany) {
			return nil
		}
		if err != nil {
			return err
		}
		return t.audit(auditRow{Action: failedSignIn, ObjectKind: "account", Object: account})
	})
}

// signIn starts a session in place of the browser's earlier one.
func (t *tx) signIn(account models.ID, by string, b Browser) (string, error) {
	if b.Replaces != "" {
		if err := t.exec("DELETE FROM sessions WHERE id_hash = ?", hashToken(b.Replaces)); err != nil {
			return "", err
		}
	}
	token, err := t.startSession(account, b.UserAgent, b.Network)
	if err != nil {
		return "", err
	}
	return token, t.auditBy(account, auditRow{Action: "account.sign_in", ObjectKind: "account", Object: account, Detail: map[string]any{"by": by}})
}

// auditBy writes a line for an account that has just proved itself, in a
// transaction which began without a viewer.
func (t *tx) auditBy(account models.ID, a auditRow) error {
	before := t.viewer
	defer func() { t.viewer = before }()
	t.viewer = models.AccountViewer(models.AccountIdentity{ID: account, Role: models.RoleReader})
	return t.audit(a)
}

// OneTimeLink is what a one-time link says before it is used.
type OneTimeLink struct {
	Purpose LinkPurpose
	Name    string
	Email   string
	Expires models.Instant

	account models.ID
}

// OneTimeLink returns what a link's token opens, without using it up. A token
// that was used, has run out or never was is models.ErrGone; too many of them
// from one network are a *models.TooManyError.
func (s *Store) OneTimeLink(ctx context.Context, token, network string) (OneTimeLink, error) {
	var row struct {
		AccountID models.ID
		Purpose   string
		ExpiresMs models.Instant
		Name      string
		Email     string
	}
	err := s.get(ctx, &row, `SELECT l.account_id, l.purpose, l.expires_ms, a.name, a.email FROM sign_in_links l
		JOIN accounts a ON a.id = l.account_id
		WHERE l.token_hash = ? AND l.used_ms = 0 AND l.expires_ms > ? AND a.disabled_ms = 0`, hashToken(token), s.Now())
	if errors.Is(err, models.ErrNotFound) {
		return OneTimeLink{}, s.wrongLink(ctx, network)
	}
	return OneTimeLink{Purpose: LinkPurpose(row.Purpose), Name: row.Name, Email: row.Email, Expires: row.ExpiresMs, account: row.AccountID}, err
}

// wrongLink counts a link that opens nothing.
func (s *Store) wrongLink(ctx context.Context, network string) error {
	if err := s.Attempt(ctx, "link", network, wrongLinks, wrongLinkWindow); err != nil {
		return err
	}
	return models.ErrGone
}

// useLink uses a link up and returns whose it is: models.ErrGone where
// somebody was faster.
func (t *tx) useLink(token string, purposes ...LinkPurpose) (models.ID, error) {
	args := []any{t.now, hashToken(token), t.now}
	for _, p := range purposes {
		args = append(args, string(p))
	}
	var account models.ID
	err := t.get(&account, `UPDATE sign_in_links SET used_ms = ? WHERE token_hash = ? AND used_ms = 0 AND expires_ms > ?
		AND purpose IN (`+sqlText("?").repeat(len(purposes), ", ")+`)
		AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = sign_in_links.account_id AND a.disabled_ms = 0) RETURNING account_id`, args...)
	if errors.Is(err, models.ErrNotFound) {
		return 0, models.ErrGone
	}
	return account, err
}

// UseSignInLink uses a one-time link up and starts a session, whose token it
// returns. Links that set a password do not sign in: they and all that no
// longer work are models.ErrGone.
func (s *Store) UseSignInLink(ctx context.Context, token string, b Browser) (session string, err error) {
	err = s.transact(ctx, models.System("sign-in"), func(t *tx) error {
		account, err := t.useLink(token, SignInLink, InviteLink)
		if err != nil {
			return err
		}
		session, err = t.signIn(account, "link", b)
		return err
	})
	if errors.Is(err, models.ErrGone) {
		err = s.wrongLink(ctx, b.Network)
	}
	return session, err
}

// SetPasswordByLink sets the password of the account whose reset link or
// invitation this is, ends its other sessions and links, and signs in. It
// returns the session's token. A password that will not do is a
// *models.InvalidError and leaves the link as it was.
func (s *Store) SetPasswordByLink(ctx context.Context, token, password string, b Browser) (session string, err error) {
	link, err := s.OneTimeLink(ctx, token, b.Network)
	if err != nil {
		return "", err
	}
	if link.Purpose != ResetLink && link.Purpose != InviteLink {
		return "", s.wrongLink(ctx, b.Network)
	}
	hash, err := s.newPassword(ctx, password, link.Name, link.Email)
	if err != nil {
		return "", err
	}
	err = s.transact(ctx, models.System("sign-in"), func(t *tx) error {
		account, err := t.useLink(token, ResetLink, InviteLink)
		if err != nil {
			return err
		}
		if err := t.setPassword(account, hash, string(link.Purpose)); err != nil {
			return err
		}
		session, err = t.signIn(account, string(link.Purpose), b)
		return err
	})
	return session, err
}

// newPassword checks and hashes a password that somebody chose.
func (s *Store) newPassword(ctx context.Context, password string, about ...string) (hash string, err error) {
	institute, err := s.Institute(ctx)
	if err != nil {
		return "", err
	}
	if err := models.CheckPassword(password, append(about, institute.Name, institute.ShortName, "rotunda")...); err != nil {
		return "", err
	}
	return s.hashPassword(ctx, password)
}

// setPassword stores a new password's hash and ends every session and link of
// the account.
func (t *tx) setPassword(account models.ID, hash, by string) error {
	if err := t.exec("UPDATE accounts SET password_hash = ? WHERE id = ?", hash, account); err != nil {
		return err
	}
	if err := t.endSessions(account); err != nil {
		return err
	}
	return t.auditBy(account, auditRow{Action: "account.password", ObjectKind: "account", Object: account, Detail: map[string]any{"by": by}})
}

// RequestPasswordReset sends a link that sets a new password to an enabled
// account, a few times an hour at most, and says nothing about whether there
// is one. Too many requests from a network are a *models.TooManyError.
func (s *Store) RequestPasswordReset(ctx context.Context, email, network string) error {
	if strings.TrimSpace(email) == "" {
		return models.Invalid("email", "Give the address you sign in with.")
	}
	fold := models.FoldEmail(email)
	return s.transact(ctx, models.System("password reset"), func(t *tx) error {
		if err := t.attempt(attemptLimit{"reset network", network, resetsPerNetwork, attemptWindow}); err != nil {
			return err
		}
		err := t.attempt(attemptLimit{"reset account", fold, resetsPerAccount, time.Hour})
		if errors.Is(err, models.ErrTooMany) {
			return nil
		}
		if err != nil {
			return err
		}
		var account models.ID
		err = t.get(&account, "SELECT id FROM accounts WHERE email_fold = ? AND disabled_ms = 0", fold)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return t.queueAccountMail(account, ResetLink)
	})
}

// AccountMailKind is the kind of the jobs that write to an account.
const AccountMailKind = "mail.account"

// AccountMail is what such a job is about. The link is made when the message
// is sent (NewOneTimeLink), so that no token waits in the database.
type AccountMail struct {
	Account models.ID   `json:"account"`
	Purpose LinkPurpose `json:"purpose"`
}

func (t *tx) queueAccountMail(account models.ID, purpose LinkPurpose) error {
	return t.enqueue(AccountMailKind, "", AccountMail{account, purpose}, t.now, 8)
}

// NewOneTimeLink makes a one-time link for an enabled account and returns its
// token, for who manages staff and for the worker that sends it.
func (s *Store) NewOneTimeLink(ctx context.Context, v models.Viewer, account models.ID, purpose LinkPurpose) (token string, err error) {
	if !models.Can(v, models.ManageStaff) {
		return "", models.ErrForbidden
	}
	if oneTimeLinkLife[purpose] == 0 {
		return "", models.ErrNotFound
	}
	err = s.transact(ctx, v, func(t *tx) error {
		var id models.ID
		if err := t.get(&id, "SELECT id FROM accounts WHERE id = ? AND disabled_ms = 0", account); err != nil {
			return err
		}
		if token, err = t.oneTimeLink(id, purpose); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "account.link", ObjectKind: "account", Object: id, Detail: map[string]any{"purpose": string(purpose)}})
	})
	return token, err
}

package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"rotunda/models"
)

// accountRow is an account as the database keeps it.
type accountRow struct {
	ID           models.ID
	Email        string
	EmailFold    string
	Name         string
	Role         string
	PasswordHash string
	Zone         string
	Theme        string
	KeysOff      bool
	DisabledMs   models.Instant
	CreatedMs    models.Instant
	SignedInMs   models.Instant
	Example      bool
}

func (accountRow) TableName() string { return "accounts" }

func (a accountRow) model() models.Account {
	role, _ := models.ParseAccountRole(a.Role)
	return models.Account{
		ID: a.ID, Email: a.Email, Name: a.Name, Role: role, Disabled: a.DisabledMs != 0,
		Pending: a.SignedInMs == 0, Created: a.CreatedMs, SignedIn: a.SignedInMs,
	}
}

// LinkPurpose says what a one-time link for an account opens.
type LinkPurpose string

// The purposes of one-time links.
const (
	SignInLink LinkPurpose = "signin" // signs the account in once
	InviteLink LinkPurpose = "invite" // signs in once, or sets the first password
	ResetLink  LinkPurpose = "reset"  // sets a new password
)

// oneTimeLinkLife is how long a one-time link works.
var oneTimeLinkLife = map[LinkPurpose]time.Duration{
	SignInLink: 24 * time.Hour, InviteLink: 7 * 24 * time.Hour, ResetLink: time.Hour,
}

// CreateAccount adds an account and returns it with the token of a one-time
// link of the purpose. Only who manages staff may, and System. An address that
// is taken is a *models.InvalidError for "email".
func (s *Store) CreateAccount(ctx context.Context, v models.Viewer, in models.AccountInput, purpose LinkPurpose) (models.ID, string, error) {
	if !models.Can(v, models.ManageStaff) {
		return 0, "", models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return 0, "", err
	}
	id, token := s.newID(), ""
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.insertAccount(id, in); err != nil {
			return err
		}
		token, err = t.oneTimeLink(id, purpose)
		return err
	})
	return id, token, err
}

func (t *tx) insertAccount(id models.ID, in models.AccountInput) error {
	fold := models.FoldEmail(in.Email)
	var taken int
	if err := t.get(&taken, "SELECT count(*) FROM accounts WHERE email_fold = ?", fold); err != nil {
		return err
	}
	if taken > 0 {
		return models.Invalid("email", "There is an account with this address already.")
	}
	err := t.insert(&accountRow{ID: id, Email: in.Email, EmailFold: fold, Name: in.Name, Role: in.Role.Key(), CreatedMs: t.now})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return models.Invalid("email", "There is an account with this address already.")
	}
	if err != nil {
		return err
	}
	return t.audit(auditRow{Action: "account.create", ObjectKind: "account", Object: id, Detail: map[string]any{"role": in.Role.Key()}})
}

// oneTimeLink makes a link's token; the database keeps its hash.
func (t *tx) oneTimeLink(account models.ID, purpose LinkPurpose) (string, error) {
	token := t.s.newToken()
	return token, t.exec("INSERT INTO sign_in_links (token_hash, account_id, purpose, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?)",
		hashToken(token), account, string(purpose), t.now, t.now.Add(oneTimeLinkLife[purpose]))
}

// Accounts lists every account, oldest first, for who manages staff.
func (s *Store) Accounts(ctx context.Context, v models.Viewer) ([]models.Account, error) {
	return s.accounts(ctx, v, "1 = 1")
}

// HasAccounts reports whether anybody can sign in yet. It names nobody, so it
// takes no viewer: a program that starts asks it.
func (s *Store) HasAccounts(ctx context.Context) (bool, error) {
	var n int
	err := s.get(ctx, &n, "SELECT count(*) FROM (SELECT 1 FROM accounts LIMIT 1) a")
	return n > 0, err
}

// FirstSignIn returns the token of a one-time sign-in link while nobody has
// ever signed in, else "". An installation without accounts gets its first
// one, an admin who is asked for name, address and password after signing in.
func (s *Store) FirstSignIn(ctx context.Context, v models.Viewer) (token string, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		var row accountRow
		err := t.get(&row, "SELECT * FROM accounts ORDER BY signed_in_ms DESC, created_ms, id LIMIT 1")
		switch {
		case errors.Is(err, models.ErrNotFound):
			row.ID = s.newID()
			in := models.AccountInput{Email: FirstAccountEmail, Name: "First administrator", Role: models.RoleAdmin}
			if err := t.insertAccount(row.ID, in); err != nil {
				return err
			}
		case err != nil:
			return err
		case row.SignedInMs != 0 || row.DisabledMs != 0:
			return nil
		}
		token, err = t.oneTimeLink(row.ID, SignInLink)
		return err
	})
	return token, err
}

// FirstAccountEmail is the address of the first account until somebody has
// entered a real one.
const FirstAccountEmail = "admin@localhost"

// NewSignInLink makes a one-time sign-in link for the enabled account with the
// address, for who manages staff. None is models.ErrNotFound.
func (s *Store) NewSignInLink(ctx context.Context, v models.Viewer, email string) (token string, err error) {
	if !models.Can(v, models.ManageStaff) {
		return "", models.ErrForbidden
	}
	err = s.transact(ctx, v, func(t *tx) error {
		var id models.ID
		if err := t.get(&id, "SELECT id FROM accounts WHERE email_fold = ? AND disabled_ms = 0", models.FoldEmail(email)); err != nil {
			return err
		}
		if token, err = t.oneTimeLink(id, SignInLink); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "account.link", ObjectKind: "account", Object: id})
	})
	return token, err
}

// DisableAccount ends an account, its sessions, links and streams at once, for
// who manages staff. The last enabled admin cannot be disabled.
func (s *Store) DisableAccount(ctx context.Context, v models.Viewer, id models.ID) error {
	if !models.Can(v, models.ManageStaff) {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		if err := t.anotherAdmin(id); err != nil {
			return err
		}
		n, err := t.affected("UPDATE accounts SET disabled_ms = ? WHERE id = ? AND disabled_ms = 0", t.now, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrNotFound
		}
		if err := t.endSessions(id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "account.disable", ObjectKind: "account", Object: id})
	})
}

// endSessions ends every session and one-time link of an account, and tells
// its open streams.
func (t *tx) endSessions(account models.ID) error { return t.endSessionsBut(account, "") }

// endSessionsBut is endSessions that leaves the links of one purpose.
func (t *tx) endSessionsBut(account models.ID, stays LinkPurpose) error {
	t.announce(Change{Kind: ChangeSessions, Object: account})
	if err := t.exec("DELETE FROM sessions WHERE account_id = ?", account); err != nil {
		return err
	}
	return t.exec("DELETE FROM sign_in_links WHERE account_id = ? AND purpose <> ?", account, string(stays))
}

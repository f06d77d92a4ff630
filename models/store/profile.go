package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"rotunda/models"
)

// CompleteSetUp gives the first account its owner's name, address and
// password, and the institute its name and zone. Every session of the account
// ends; it returns the token of a new one. For any other account it is
// models.ErrNotFound.
func (s *Store) CompleteSetUp(ctx context.Context, v models.Viewer, in models.SetUpInput, b Browser) (session string, err error) {
	if models.FoldEmail(v.Email()) != FirstAccountEmail || v.Role() != models.RoleAdmin {
		return "", models.ErrNotFound
	}
	if in, err = in.Check(); err != nil {
		return "", err
	}
	hash, err := s.hashPassword(ctx, in.Password)
	if err != nil {
		return "", err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		n, err := t.affected("UPDATE accounts SET name = ?, email = ?, email_fold = ? WHERE id = ? AND email_fold = ?",
			in.Name, in.Email, models.FoldEmail(in.Email), v.Account(), FirstAccountEmail)
		switch {
		case errors.Is(err, gorm.ErrDuplicatedKey):
			return models.Invalid("email", "There is an account with this address already.")
		case err != nil:
			return err
		case n == 0:
			return models.ErrNotFound
		}
		institute := models.DefaultInstitute()
		if err := t.readSetting("institute", &institute); err != nil {
			return err
		}
		institute.Name, institute.Zone = in.Institute, in.Zone
		if err := t.writeSetting("institute", institute); err != nil {
			return err
		}
		if err := t.setPassword(v.Account(), hash, "set-up"); err != nil {
			return err
		}
		session, err = t.signIn(v.Account(), "set-up", b)
		return err
	})
	return session, err
}

// ChangePassword replaces the viewer's own password; an account that never had
// one gives none. Every session and link of the account ends; it returns the
// token of a new session. A wrong password is a *models.InvalidError for
// "current", and ten of them are a *models.TooManyError.
func (s *Store) ChangePassword(ctx context.Context, v models.Viewer, current, password string, b Browser) (session string, err error) {
	if !v.IsAccount() {
		return "", models.ErrNotFound
	}
	var row accountRow
	if err := s.get(ctx, &row, "SELECT * FROM accounts WHERE id = ? AND disabled_ms = 0", v.Account()); err != nil {
		return "", err
	}
	if row.PasswordHash != "" {
		if err := s.Attempt(ctx, "password", v.Account().String(), attemptsPerAccount, attemptWindow); err != nil {
			return "", err
		}
		match, _, err := s.matchPassword(ctx, current, row.PasswordHash)
		if err != nil {
			return "", err
		}
		if !match {
			return "", models.Invalid("current", "This is not your password.")
		}
	}
	hash, err := s.newPassword(ctx, password, row.Name, row.Email)
	if err != nil {
		return "", err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		n, err := t.affected("UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ? AND disabled_ms = 0", hash, row.ID, row.PasswordHash)
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrConflict
		}
		if err := t.setPassword(row.ID, hash, "account"); err != nil {
			return err
		}
		if err := t.forgetAttempts("password", v.Account().String()); err != nil {
			return err
		}
		session, err = t.signIn(row.ID, "password change", b)
		return err
	})
	return session, err
}

// Profile returns what the viewer's account says of itself.
func (s *Store) Profile(ctx context.Context, v models.Viewer) (models.Profile, error) {
	var row accountRow
	err := s.get(ctx, &row, "SELECT * FROM accounts WHERE id = ?", v.Account())
	return models.Profile{Name: row.Name, Zone: row.Zone, Theme: row.Theme, KeysOff: row.KeysOff}, err
}

// UpdateName changes the viewer's own name.
func (s *Store) UpdateName(ctx context.Context, v models.Viewer, name string) error {
	p, err := models.Profile{Name: name}.CheckName()
	if err != nil {
		return err
	}
	return s.updateSelf(ctx, v, "account.name", "UPDATE accounts SET name = ? WHERE id = ?", p.Name)
}

// UpdateAppearance changes the viewer's own zone, theme and keys.
func (s *Store) UpdateAppearance(ctx context.Context, v models.Viewer, p models.Profile) error {
	p, err := p.CheckAppearance()
	if err != nil {
		return err
	}
	return s.updateSelf(ctx, v, "account.appearance", "UPDATE accounts SET zone = ?, theme = ?, keys_off = ? WHERE id = ?", p.Zone, p.Theme, p.KeysOff)
}

// updateSelf runs q, whose last value is the viewer's account.
func (s *Store) updateSelf(ctx context.Context, v models.Viewer, action string, q sqlText, args ...any) error {
	if !v.IsAccount() {
		return models.ErrNotFound
	}
	return s.transact(ctx, v, func(t *tx) error {
		if err := t.exec(q, append(args, v.Account())...); err != nil {
			return err
		}
		return t.audit(auditRow{Action: action, ObjectKind: "account", Object: v.Account()})
	})
}

// Sessions lists where the viewer's account is signed in, latest use first.
func (s *Store) Sessions(ctx context.Context, v models.Viewer) ([]models.AccountSession, error) {
	var rows []struct {
		IDHash    string
		CreatedMs models.Instant
		SeenMs    models.Instant
		UserAgent string
		Address   string
	}
	now := s.Now()
	err := s.list(ctx, &rows, `SELECT id_hash, created_ms, seen_ms, user_agent, address FROM sessions
		WHERE account_id = ? AND expires_ms > ? AND seen_ms > ? ORDER BY seen_ms DESC, id_hash`, v.Account(), now, now.Add(-SessionIdle))
	out := make([]models.AccountSession, len(rows))
	for i, r := range rows {
		out[i] = models.AccountSession{
			ID: r.IDHash, Device: models.DeviceWords(r.UserAgent), Network: r.Address,
			Started: r.CreatedMs, Seen: r.SeenMs, Current: r.IDHash == v.Session(),
		}
	}
	return out, err
}

// EndSessionOf signs one of the viewer's own browsers out. Somebody else's and
// one that ended already are models.ErrNotFound.
func (s *Store) EndSessionOf(ctx context.Context, v models.Viewer, id string) error {
	return s.transact(ctx, v, func(t *tx) error {
		n, err := t.affected("DELETE FROM sessions WHERE id_hash = ? AND account_id = ?", id, v.Account())
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrNotFound
		}
		t.announce(Change{Kind: ChangeSessions, Object: v.Account()})
		return t.audit(auditRow{Action: "account.session_end", ObjectKind: "account", Object: v.Account()})
	})
}

// SignOutEverywhere ends every session and one-time link of the viewer's own
// account, this one included.
func (s *Store) SignOutEverywhere(ctx context.Context, v models.Viewer) error {
	if !v.IsAccount() {
		return models.ErrNotFound
	}
	return s.transact(ctx, v, func(t *tx) error {
		if err := t.endSessions(v.Account()); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "account.sign_out_everywhere", ObjectKind: "account", Object: v.Account()})
	})
}

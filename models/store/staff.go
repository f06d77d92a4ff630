package store

import (
	"context"
	"slices"

	"rotunda/models"
)

// Account returns one account for who manages staff.
func (s *Store) Account(ctx context.Context, v models.Viewer, id models.ID) (models.Account, error) {
	all, err := s.accounts(ctx, v, "a.id = ?", id)
	if err != nil {
		return models.Account{}, err
	}
	if len(all) == 0 {
		return models.Account{}, models.ErrNotFound
	}
	return all[0], nil
}

// accounts lists accounts under a condition. How many roundtables somebody
// leads counts those that exist for the viewer.
func (s *Store) accounts(ctx context.Context, v models.Viewer, cond sqlText, args ...any) ([]models.Account, error) {
	if !models.Can(v, models.ManageStaff) {
		return nil, models.ErrForbidden
	}
	visible := visibleRooms(v, "r")
	var rows []struct {
		Row   accountRow `gorm:"embedded"`
		Leads int
	}
	err := s.list(ctx, &rows, `SELECT a.*, (SELECT count(*) FROM team_members m JOIN roundtables r ON r.id = m.roundtable_id
			WHERE m.account_id = a.id AND m.role = 'lead' AND `+visible.cond+`) AS leads
		FROM accounts a WHERE `+cond+" ORDER BY a.created_ms, a.id", append(slices.Clone(visible.args), args...)...)
	out := make([]models.Account, len(rows))
	for i, r := range rows {
		out[i] = r.Row.model()
		out[i].Leads = r.Leads
	}
	return out, err
}

// InviteAccount adds an account of the institute's own staff and sends it an
// invitation. It also returns the invitation's token, for an admin to hand on
// where no mail goes out; it is kept nowhere else.
func (s *Store) InviteAccount(ctx context.Context, v models.Viewer, in models.AccountInput) (id models.ID, token string, err error) {
	if !models.Can(v, models.ManageStaff) {
		return 0, "", models.ErrForbidden
	}
	if in, err = in.Check(); err == nil && !slices.Contains(models.AccountRoles, in.Role) {
		err = models.Invalid("role", "Choose a role.")
	}
	if err != nil {
		return 0, "", err
	}
	id = s.newID()
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.insertAccount(id, in); err != nil {
			return err
		}
		token, err = t.inviteAccount(id)
		return err
	})
	return id, token, err
}

// InviteAgain sends an account that has never signed in another invitation and
// returns its token; those before no longer work.
func (s *Store) InviteAgain(ctx context.Context, v models.Viewer, id models.ID) (token string, err error) {
	if !models.Can(v, models.ManageStaff) {
		return "", models.ErrForbidden
	}
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.get(&id, "SELECT id FROM accounts WHERE id = ? AND disabled_ms = 0 AND signed_in_ms = 0", id); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM sign_in_links WHERE account_id = ?", id); err != nil {
			return err
		}
		if token, err = t.inviteAccount(id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "account.invite", ObjectKind: "account", Object: id})
	})
	return token, err
}

func (t *tx) inviteAccount(account models.ID) (token string, err error) {
	if err := t.queueAccountMail(account, InviteLink); err != nil {
		return "", err
	}
	return t.oneTimeLink(account, InviteLink)
}

// ChangeRole gives an account another of the institute's roles and ends its
// sessions at once, so that no page opened under the old role stays usable. An
// invitation stays: it opens under the role of the day on which it is used, and
// who was just invited is not locked out by a role put right.
// Co-hosts keep theirs, and the last enabled admin too.
func (s *Store) ChangeRole(ctx context.Context, v models.Viewer, id models.ID, role models.AccountRole) error {
	if !models.Can(v, models.ManageStaff) {
		return models.ErrForbidden
	}
	if !slices.Contains(models.AccountRoles, role) {
		return models.Invalid("role", "Choose a role.")
	}
	return s.transact(ctx, v, func(t *tx) error {
		var before string
		if err := t.get(&before, "SELECT role FROM accounts WHERE id = ? AND role <> 'cohost'", id); err != nil {
			return err
		}
		if before == role.Key() {
			return nil
		}
		if role != models.RoleAdmin {
			if err := t.anotherAdmin(id); err != nil {
				return err
			}
		}
		if err := t.exec("UPDATE accounts SET role = ? WHERE id = ?", role.Key(), id); err != nil {
			return err
		}
		if err := t.endSessionsBut(id, InviteLink); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "account.role", ObjectKind: "account", Object: id, Detail: map[string]any{"from": before, "to": role.Key()}})
	})
}

// anotherAdmin returns an *models.InvalidError where the account is the last
// enabled admin.
func (t *tx) anotherAdmin(than models.ID) error {
	if err := t.queueUp("admins"); err != nil {
		return err
	}
	var others int
	if err := t.get(&others, "SELECT count(*) FROM accounts WHERE role = 'admin' AND disabled_ms = 0 AND id <> ?", than); err != nil {
		return err
	}
	if others == 0 {
		return models.Invalid("", "This is the last administrator: make somebody else one first.")
	}
	return nil
}

// EnableAccount lets a disabled account sign in again.
func (s *Store) EnableAccount(ctx context.Context, v models.Viewer, id models.ID) error {
	if !models.Can(v, models.ManageStaff) {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		n, err := t.affected("UPDATE accounts SET disabled_ms = 0 WHERE id = ? AND disabled_ms <> 0", id)
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrNotFound
		}
		return t.audit(auditRow{Action: "account.enable", ObjectKind: "account", Object: id})
	})
}

// MailResetLink sends an enabled account a link that sets a new password.
func (s *Store) MailResetLink(ctx context.Context, v models.Viewer, id models.ID) error {
	if !models.Can(v, models.ManageStaff) {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		if err := t.get(&id, "SELECT id FROM accounts WHERE id = ? AND disabled_ms = 0", id); err != nil {
			return err
		}
		if err := t.queueAccountMail(id, ResetLink); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "account.link", ObjectKind: "account", Object: id, Detail: map[string]any{"purpose": string(ResetLink)}})
	})
}

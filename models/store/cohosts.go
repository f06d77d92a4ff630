package store

import (
	"context"
	"errors"

	"rotunda/models"
)

// Cohosts lists the partners of a roundtable with their accounts, for its team.
// A co-host sees the partners' names and the accounts of the own organisation;
// who is neither gets models.ErrForbidden.
func (s *Store) Cohosts(ctx context.Context, v models.Viewer, room models.ID) ([]models.Cohost, error) {
	r, err := s.Roundtable(ctx, v, room)
	if err != nil {
		return nil, err
	}
	if !r.IsTeam() && !v.IsCohost(room) {
		return nil, models.ErrForbidden
	}
	var rows []struct {
		OrganisationID models.ID
		Organisation   string
		Sector         models.Sector
		AccountID      models.ID
		Name           string
		Email          string
		SignedInMs     models.Instant
		DisabledMs     models.Instant
	}
	err = s.list(ctx, &rows, `SELECT h.organisation_id, o.name AS organisation, o.sector, COALESCE(a.id, 0) AS account_id,
		COALESCE(a.name, '') AS name, COALESCE(a.email, '') AS email, COALESCE(a.signed_in_ms, 0) AS signed_in_ms, COALESCE(a.disabled_ms, 0) AS disabled_ms
		FROM cohosts h JOIN organisations o ON o.id = h.organisation_id
		LEFT JOIN cohost_accounts c ON c.roundtable_id = h.roundtable_id AND c.organisation_id = h.organisation_id
		LEFT JOIN accounts a ON a.id = c.account_id
		WHERE h.roundtable_id = ? ORDER BY o.name, o.id, a.name, a.id`, room)
	if err != nil {
		return nil, err
	}
	own := models.ID(0)
	for _, row := range rows {
		if row.AccountID != 0 && row.AccountID == v.Account() {
			own = row.OrganisationID
		}
	}
	var out []models.Cohost
	for _, row := range rows {
		if n := len(out); n == 0 || out[n-1].Organisation != row.OrganisationID {
			out = append(out, models.Cohost{Organisation: row.OrganisationID, Name: row.Organisation, Sector: row.Sector})
		}
		if row.AccountID == 0 || !r.IsTeam() && row.OrganisationID != own {
			continue
		}
		last := &out[len(out)-1]
		last.Accounts = append(last.Accounts, models.CohostAccount{
			Account: row.AccountID, Name: row.Name, Email: row.Email, Pending: row.SignedInMs == 0, Disabled: row.DisabledMs != 0,
		})
	}
	return out, nil
}

// AddCohost names an organisation of the directory, by its name, an alias or
// its acronym, as a partner of the roundtable.
func (s *Store) AddCohost(ctx context.Context, v models.Viewer, room models.ID, organisation string) error {
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.ManageTeam); err != nil {
			return err
		}
		found, err := t.matchOrganisation(organisation)
		if err != nil {
			return err
		}
		if found.ID == 0 {
			return models.Invalid("organisation", "There is no organization of this name yet. Add it as a new organization, then name it here.")
		}
		if err := t.exec("INSERT INTO cohosts (roundtable_id, organisation_id, added_ms) VALUES (?, ?, ?) ON CONFLICT (roundtable_id, organisation_id) DO NOTHING",
			room, found.ID, t.now); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "cohost.add", ObjectKind: "organisation", Object: found.ID, Roundtable: room})
	})
}

// RemoveCohost takes a partner off the roundtable; its people lose it at once.
func (s *Store) RemoveCohost(ctx context.Context, v models.Viewer, room, organisation models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.ManageTeam); err != nil {
			return err
		}
		n, err := t.affected("DELETE FROM cohosts WHERE roundtable_id = ? AND organisation_id = ?", room, organisation)
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrNotFound
		}
		if err := t.exec("DELETE FROM cohost_accounts WHERE roundtable_id = ? AND organisation_id = ?", room, organisation); err != nil {
			return err
		}
		if err := t.event(ChangeTeam, room, organisation); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "cohost.remove", ObjectKind: "organisation", Object: organisation, Roundtable: room})
	})
}

// AddCohostAccount gives a partner's person an account limited to the
// roundtable and invites them by mail. Who has such an account already gets
// the roundtable added; an address of the institute's own staff is refused.
func (s *Store) AddCohostAccount(ctx context.Context, v models.Viewer, room models.ID, in models.CohostInput) error {
	in, err := in.Check()
	if err != nil {
		return err
	}
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.ManageTeam); err != nil {
			return err
		}
		var n int
		if err := t.get(&n, "SELECT count(*) FROM cohosts WHERE roundtable_id = ? AND organisation_id = ?", room, in.Organisation); err != nil {
			return err
		}
		if n == 0 {
			return models.ErrNotFound
		}
		id, known, err := t.cohostAccount(in)
		if err != nil {
			return err
		}
		if known {
			if err := t.tellCohost(room, id); err != nil {
				return err
			}
		}
		if err := t.exec(`INSERT INTO cohost_accounts (roundtable_id, account_id, organisation_id, added_ms) VALUES (?, ?, ?, ?)
			ON CONFLICT (roundtable_id, account_id) DO UPDATE SET organisation_id = excluded.organisation_id`, room, id, in.Organisation, t.now); err != nil {
			return err
		}
		if err := t.event(ChangeTeam, room, id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "cohost.account", ObjectKind: "account", Object: id, Roundtable: room})
	})
}

// cohostAccount finds or makes the account of a partner's person; known reports
// that it was there before.
func (t *tx) cohostAccount(in models.CohostInput) (id models.ID, known bool, err error) {
	var a accountRow
	err = t.get(&a, "SELECT * FROM accounts WHERE email_fold = ?", models.FoldEmail(in.Email))
	switch {
	case err == nil && a.Role != models.RoleCohost.Key():
		return 0, false, models.Invalid("email", "This address belongs to one of your own staff. Put them on the team instead.")
	case err == nil && a.DisabledMs != 0:
		return 0, false, models.Invalid("email", "This account was disabled. An administrator can enable it again.")
	case err == nil:
		return a.ID, true, nil
	case !errors.Is(err, models.ErrNotFound):
		return 0, false, err
	}
	id = t.s.newID()
	if err := t.insertAccount(id, models.AccountInput{Email: in.Email, Name: in.Name, Role: models.RoleCohost}); err != nil {
		return 0, false, err
	}
	return id, false, t.queueAccountMail(id, InviteLink)
}

// tellCohost writes to a partner's person who has an account that one more
// roundtable is open to them; who is there already is not told again.
func (t *tx) tellCohost(room, account models.ID) error {
	var there int
	if err := t.get(&there, "SELECT count(*) FROM cohost_accounts WHERE roundtable_id = ? AND account_id = ?", room, account); err != nil || there > 0 {
		return err
	}
	var a accountRow
	if err := t.get(&a, "SELECT * FROM accounts WHERE id = ?", account); err != nil {
		return err
	}
	return t.insertMails([]mailRow{t.newMail(mailRow{Kind: string(models.MailCohost), AccountID: a.ID, ToName: a.Name, ToEmail: a.Email}, mailArgs{Room: room})})
}

// outgoingCohost reads what a partner's person is told of a roundtable, or why
// nothing is told.
func (t *tx) outgoingCohost(m mailRow, args mailArgs, institute models.Institute, out models.Outgoing) (models.Outgoing, string, error) {
	var there []accountRow
	if err := t.list(&there, `SELECT a.* FROM cohost_accounts k JOIN accounts a ON a.id = k.account_id
		WHERE k.roundtable_id = ? AND k.account_id = ? AND a.disabled_ms = 0`, args.Room, m.AccountID); err != nil {
		return out, "", err
	}
	if len(there) == 0 {
		return out, "They are no longer a co-host there.", nil
	}
	a := there[0]
	out.ToName, out.ToEmail, out.Room = a.Name, a.Email, args.Room
	out.Invitation = models.Invitation{Name: a.Name, Greeting: a.Name, Institute: institute.Name, ShortName: institute.ShortName, HostEmail: institute.Contact, Zone: institute.Zone}
	return out, "", nil
}

// RemoveCohostAccount ends a partner's person's access to the roundtable.
func (s *Store) RemoveCohostAccount(ctx context.Context, v models.Viewer, room, account models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.ManageTeam); err != nil {
			return err
		}
		n, err := t.affected("DELETE FROM cohost_accounts WHERE roundtable_id = ? AND account_id = ?", room, account)
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrNotFound
		}
		if err := t.event(ChangeTeam, room, account); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "cohost.account.end", ObjectKind: "account", Object: account, Roundtable: room})
	})
}

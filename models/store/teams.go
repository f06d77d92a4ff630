package store

import (
	"context"

	"rotunda/models"
)

// Team lists who is on a roundtable's team, leads first, for the team itself.
// Other accounts that know the roundtable get its leads only.
func (s *Store) Team(ctx context.Context, v models.Viewer, room models.ID) ([]models.TeamMember, error) {
	r, err := s.Roundtable(ctx, v, room)
	if err != nil {
		return nil, err
	}
	return s.team(ctx, r)
}

// team reads the team of a roundtable that was disclosed to its reader. A
// partner learns no names of the host's staff but the leads'.
func (s *Store) team(ctx context.Context, r models.Roundtable) ([]models.TeamMember, error) {
	var rows []struct {
		AccountID  models.ID
		Name       string
		Email      string
		Role       string
		DisabledMs models.Instant
		AddedMs    models.Instant
	}
	err := s.list(ctx, &rows, `SELECT m.account_id, a.name, a.email, m.role, a.disabled_ms, m.added_ms FROM team_members m
		JOIN accounts a ON a.id = m.account_id WHERE m.roundtable_id = ?
		ORDER BY CASE m.role WHEN 'lead' THEN 0 WHEN 'rapporteur' THEN 1 WHEN 'analyst' THEN 2 ELSE 3 END, a.name, a.id`, r.ID)
	if err != nil {
		return nil, err
	}
	var out []models.TeamMember
	for _, row := range rows {
		role, _ := models.ParseTeamRole(row.Role)
		if !r.IsTeam() && role != models.TeamLead {
			continue
		}
		out = append(out, models.TeamMember{
			Account: row.AccountID, Name: row.Name, Email: row.Email, Role: role,
			Disabled: row.DisabledMs != 0, Since: row.AddedMs,
		})
	}
	return out, nil
}

// TeamCandidates lists the enabled accounts of the institute that are not on
// the team, by name, for who chooses it.
func (s *Store) TeamCandidates(ctx context.Context, v models.Viewer, room models.ID) ([]models.Account, error) {
	if _, err := s.Roundtable(ctx, v, room); err != nil {
		return nil, err
	}
	if !models.CanIn(v, models.ManageTeam, room) {
		return nil, models.ErrForbidden
	}
	var rows []accountRow
	err := s.list(ctx, &rows, `SELECT a.* FROM accounts a WHERE a.disabled_ms = 0 AND a.role <> 'cohost'
		AND a.id NOT IN (SELECT account_id FROM team_members WHERE roundtable_id = ?) ORDER BY a.name, a.id`, room)
	out := make([]models.Account, len(rows))
	for i, row := range rows {
		out[i] = row.model()
	}
	return out, err
}

// SetTeamMember puts an account on a roundtable's team, changes its role there,
// or, with TeamNone, takes it off. One enabled lead always stays.
func (s *Store) SetTeamMember(ctx context.Context, v models.Viewer, room, account models.ID, role models.TeamRole) error {
	if role != models.TeamNone && !role.Valid() {
		return models.Invalid("role", "Choose a role.")
	}
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.ManageTeam); err != nil {
			return err
		}
		var n int
		if err := t.get(&n, "SELECT count(*) FROM accounts WHERE id = ? AND role <> 'cohost' AND (disabled_ms = 0 OR ? = '')", account, role.Key()); err != nil {
			return err
		}
		if n == 0 {
			return models.Invalid("account", "Choose somebody from the list.")
		}
		if err := t.setTeamMember(room, account, role); err != nil {
			return err
		}
		if err := t.get(&n, `SELECT count(*) FROM team_members m JOIN accounts a ON a.id = m.account_id
			WHERE m.roundtable_id = ? AND m.role = 'lead' AND a.disabled_ms = 0`, room); err != nil {
			return err
		}
		if n == 0 {
			return models.Invalid("role", "A roundtable needs a lead. Make somebody else the lead first.")
		}
		return t.audit(auditRow{Action: "team.set", ObjectKind: "account", Object: account, Roundtable: room, Detail: map[string]any{"role": role.Key()}})
	})
}

// setTeamMember writes the role without asking for a right or a lead.
func (t *tx) setTeamMember(room, account models.ID, role models.TeamRole) error {
	err := t.exec("DELETE FROM team_members WHERE roundtable_id = ? AND account_id = ? AND role <> ?", room, account, role.Key())
	if err != nil {
		return err
	}
	if role != models.TeamNone {
		if err := t.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, ?, ?) ON CONFLICT (roundtable_id, account_id) DO NOTHING",
			room, account, role.Key(), t.now); err != nil {
			return err
		}
	}
	// Who is on the team stands in the search index, with every insight.
	if err := t.recomputeRoom(room); err != nil {
		return err
	}
	return t.event(ChangeTeam, room, account)
}

// JoinTeam puts an administrator on the team of a roundtable that exists for
// them, as an observer. It is audited and shown to the lead.
func (s *Store) JoinTeam(ctx context.Context, v models.Viewer, room models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.JoinTeams); err != nil {
			return err
		}
		if v.IsTeam(room) {
			return nil
		}
		if err := t.setTeamMember(room, v.Account(), models.TeamObserver); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "team.join", ObjectKind: "account", Object: v.Account(), Roundtable: room, Detail: map[string]any{"role": models.TeamObserver.Key()}})
	})
}

// SectorTargets reads what a roundtable wants of each sector, for its team.
func (s *Store) SectorTargets(ctx context.Context, v models.Viewer, room models.ID) ([]models.SectorTarget, error) {
	r, err := s.Roundtable(ctx, v, room)
	if err != nil {
		return nil, err
	}
	if !r.IsTeam() {
		return nil, models.ErrForbidden
	}
	var out []models.SectorTarget
	err = s.list(ctx, &out, "SELECT sector, minimum, target, maximum FROM sector_targets WHERE roundtable_id = ? ORDER BY sector", room)
	return out, err
}

// SetSectorTargets replaces a roundtable's targets.
func (s *Store) SetSectorTargets(ctx context.Context, v models.Viewer, room models.ID, in []models.SectorTarget) error {
	in, err := models.CheckTargets(in)
	if err != nil {
		return err
	}
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.EditRoundtable); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM sector_targets WHERE roundtable_id = ?", room); err != nil {
			return err
		}
		for _, target := range in { // seven at most
			if err := t.exec("INSERT INTO sector_targets (roundtable_id, sector, minimum, target, maximum) VALUES (?, ?, ?, ?, ?)",
				room, target.Sector, target.Minimum, target.Target, target.Maximum); err != nil {
				return err
			}
		}
		if err := t.event(ChangeRoom, room, 0); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "roundtable.targets", ObjectKind: "roundtable", Object: room, Roundtable: room})
	})
}

package store

import (
	"context"
	"slices"

	"rotunda/models"
)

// ExportedRooms returns what the team's JSON tells of roundtables: agenda and
// speakers. It is models.ErrForbidden where the viewer may not export one of
// them for its team.
func (s *Store) ExportedRooms(ctx context.Context, v models.Viewer, ids []models.ID) ([]models.ExportedRoom, error) {
	for _, id := range ids {
		if !models.CanIn(v, models.ExportTeam, id) {
			return nil, models.ErrForbidden
		}
	}
	var out []models.ExportedRoom
	for part := range slices.Chunk(ids, 500) {
		rooms, err := s.exportedRooms(ctx, v, part)
		if err != nil {
			return nil, err
		}
		out = append(out, rooms...)
	}
	return out, nil
}

func (s *Store) exportedRooms(ctx context.Context, v models.Viewer, ids []models.ID) ([]models.ExportedRoom, error) {
	var rows []roundtableRow
	if err := s.list(ctx, &rows, "SELECT * FROM roundtables WHERE id IN ? ORDER BY substr(starts_local, 1, 10), id", ids); err != nil {
		return nil, err
	}
	at := make(map[models.ID]int, len(rows))
	out := make([]models.ExportedRoom, len(rows))
	for i, r := range rows {
		if audience, ok := v.AudienceFor(r.ID, r.Private); !ok || audience != models.Team {
			return nil, models.ErrForbidden // rights stay where a viewer reads as another audience
		}
		at[r.ID] = i
		out[i] = models.ExportedRoom{
			ID: r.ID, Title: r.Title, Objectives: r.Objectives, KeyQuestions: r.KeyQuestions, Place: r.Place, StartsLocal: r.StartsLocal,
			EndsLocal: r.EndsLocal, Zone: r.Zone, Private: r.Private, Regime: r.Regime, Status: r.status(),
		}
	}
	var items []agendaRow
	if err := s.list(ctx, &items, "SELECT * FROM agenda_items WHERE roundtable_id IN ? ORDER BY position, id", ids); err != nil {
		return nil, err
	}
	for _, i := range items {
		room := &out[at[i.RoundtableID]]
		room.Items = append(room.Items, models.ExportedItem{ID: i.ID, Title: i.Title, Minutes: i.Minutes, Regime: i.Regime, TitleReviewed: i.TitleReviewed})
	}
	var guests []struct {
		Row          guestRow `gorm:"embedded"`
		PersonSector models.Sector
		FullName     string
		ListName     string
		Position     string
		Organisation string
	}
	err := s.list(ctx, &guests, `SELECT g.*, p.sector AS person_sector, p.full_name, p.list_name, p.position, p.organisation
		FROM guests g JOIN people p ON p.id = g.person_id
		WHERE g.roundtable_id IN ? AND g.id IN (
			SELECT sp.guest_id FROM insight_speakers sp JOIN insights i ON i.seq = sp.insight_seq WHERE i.roundtable_id IN ?
			UNION SELECT sp.committed_by FROM insight_speakers sp JOIN insights i ON i.seq = sp.insight_seq WHERE i.roundtable_id IN ?)
		ORDER BY g.seat, g.id`, ids, ids, ids)
	for _, g := range guests {
		sector := g.Row.Sector
		if sector == models.SectorNone {
			sector = g.PersonSector
		}
		room := &out[at[g.Row.RoundtableID]]
		room.Speakers = append(room.Speakers, models.ExportedSpeaker{
			Guest: g.Row.ID, Seat: g.Row.Seat, Name: g.FullName, ListName: g.ListName, Title: g.Position, Organisation: g.Organisation, Sector: sector,
			Role: g.Row.role(), State: g.Row.state(), Preference: g.Row.Preference, Descriptor: g.Row.Descriptor, Consent: g.Row.DescriptorConsent,
		})
	}
	if err != nil {
		return nil, err
	}
	return out, s.exportedCommitments(ctx, ids, func(room models.ID, c models.ExportedCommitment) {
		out[at[room]].Commitments = append(out[at[room]].Commitments, c)
	})
}

// exportedCommitments reads what was promised in the roundtables, in the order
// in which it was written down.
func (s *Store) exportedCommitments(ctx context.Context, ids []models.ID, take func(models.ID, models.ExportedCommitment)) error {
	var rows []struct {
		RoundtableID models.ID
		Insight      models.ID
		What         string
		OwnerName    string
		DueOn        string
		State        string
		Outcome      string
	}
	err := s.list(ctx, &rows, `SELECT c.roundtable_id, COALESCE(i.id, 0) AS insight, CASE WHEN i.id IS NULL THEN c.what ELSE '' END AS what,
			CASE WHEN i.id IS NOT NULL THEN '' WHEN c.guest_id <> 0 THEN COALESCE(p.full_name, '') WHEN c.account_id <> 0 THEN COALESCE(a.name, '') ELSE c.owner_name END AS owner_name,
			c.due_on, c.state, c.outcome
		FROM commitments c LEFT JOIN insights i ON i.seq = c.insight_seq AND c.insight_seq <> 0
		LEFT JOIN guests g ON g.id = c.guest_id LEFT JOIN people p ON p.id = g.person_id LEFT JOIN accounts a ON a.id = c.account_id
		WHERE c.roundtable_id IN ? AND (c.insight_seq = 0 OR (i.id IS NOT NULL AND i.deleted_ms = 0)) ORDER BY c.created_ms, i.seq, c.what, c.id`, ids)
	for _, c := range rows {
		take(c.RoundtableID, models.ExportedCommitment{
			Insight: c.Insight, What: c.What, Owner: c.OwnerName, DueOn: c.DueOn, State: models.CommitmentState(c.State), Outcome: c.Outcome,
		})
	}
	return err
}

// ExportThemes returns the themes under which a document for the audience may
// put insights, in their order: those that exist for the viewer as that
// audience. Partners and the public have none.
func (s *Store) ExportThemes(ctx context.Context, v models.Viewer, a models.Audience) ([]models.ExportedTheme, error) {
	if (a != models.Team && a != models.Staff) || !v.IsAccount() && !v.IsSystem() {
		return nil, nil
	}
	visible := visibleThemes(v.Capped(a), "t")
	var rows []struct {
		ID        models.ID
		Statement string
		Insight   models.ID
	}
	if err := s.list(ctx, &rows, `SELECT t.id, t.statement, i.id AS insight FROM themes t JOIN theme_insights ti ON ti.theme_id = t.id
		JOIN insights i ON i.seq = ti.insight_seq WHERE t.archived_ms = 0 AND `+visible.cond+" ORDER BY t.position, t.id, ti.position, i.pos", visible.args...); err != nil {
		return nil, err
	}
	var out []models.ExportedTheme
	last := models.ID(0)
	for _, r := range rows {
		if r.ID != last {
			out = append(out, models.ExportedTheme{Statement: r.Statement})
			last = r.ID
		}
		theme := &out[len(out)-1]
		theme.Insights = append(theme.Insights, r.Insight)
	}
	return out, nil
}

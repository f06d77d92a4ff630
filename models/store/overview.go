package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"rotunda/models"
)

// joinedShown is how long the overview tells that an administrator joined.
const joinedShown = 30 * 24 * time.Hour

// Overview reads what the first page of a roundtable shows its team. Others
// who know the roundtable get models.ErrForbidden.
func (s *Store) Overview(ctx context.Context, v models.Viewer, room models.ID) (models.Overview, error) {
	var out models.Overview
	targets, err := s.SectorTargets(ctx, v, room)
	if err != nil {
		return out, err
	}
	guests, err := s.balanceGuests(ctx, room)
	if err != nil {
		return out, err
	}
	out.Replies = models.CountReplies(guests)
	out.Sectors = models.BalanceSectors(guests, targets)
	out.Warnings = models.BalanceWarnings(guests, targets)
	out.Waves = wavesOf(guests)
	var counts struct{ AgendaItems, AgendaMinutes, Insights, Untagged, Unreviewed int }
	err = s.get(ctx, &counts, `SELECT
		(SELECT count(*) FROM agenda_items WHERE roundtable_id = ?) AS agenda_items,
		(SELECT COALESCE(sum(minutes), 0) FROM agenda_items WHERE roundtable_id = ?) AS agenda_minutes,
		count(*) AS insights,
		count(*) FILTER (WHERE primary_pillar = 0) AS untagged,
		count(*) FILTER (WHERE state = 0) AS unreviewed
		FROM insights WHERE roundtable_id = ? AND deleted_ms = 0`, room, room, room)
	if err != nil {
		return out, err
	}
	out.AgendaItems, out.AgendaMinutes = counts.AgendaItems, counts.AgendaMinutes
	out.Insights, out.Untagged, out.Unreviewed = counts.Insights, counts.Untagged, counts.Unreviewed
	var joined []struct {
		Name string
		AtMs models.Instant
	}
	err = s.list(ctx, &joined, `SELECT c.name, a.at_ms FROM audit a JOIN accounts c ON c.id = a.account_id
		WHERE a.roundtable_id = ? AND a.action = 'team.join' AND a.at_ms > ? ORDER BY a.seq DESC LIMIT 5`, room, s.Now().Add(-joinedShown))
	for _, j := range joined {
		out.Joined = append(out.Joined, models.Joined{Name: j.Name, At: j.AtMs})
	}
	return out, err
}

func (s *Store) balanceGuests(ctx context.Context, room models.ID) ([]models.BalanceGuest, error) {
	var rows []struct {
		State          string
		Role           string
		Wave           string
		Sector         models.Sector
		InvitedMs      models.Instant
		Honorific      string
		Position       string
		OrganisationID models.ID
		Organisation   string
		OrgFold        string
	}
	err := s.list(ctx, &rows, `SELECT g.state, g.role, g.wave, g.invited_ms, CASE WHEN g.sector <> 0 THEN g.sector ELSE p.sector END AS sector,
		p.honorific, p.position, p.organisation_id, p.organisation, p.org_fold
		FROM guests g JOIN people p ON p.id = g.person_id WHERE g.roundtable_id = ? ORDER BY g.id`, room)
	out := make([]models.BalanceGuest, len(rows))
	for i, r := range rows {
		g := models.BalanceGuest{Sector: r.Sector, Organisation: r.Organisation, Wave: r.Wave, InvitedAt: r.InvitedMs}
		g.State, _ = models.ParseGuestState(r.State)
		g.Role, _ = models.ParseGuestRole(r.Role)
		if !models.OwnOffice(r.Sector, r.Honorific, r.Position) {
			if g.OrganisationKey = r.OrgFold; r.OrganisationID != 0 {
				g.OrganisationKey = r.OrganisationID.String()
			}
		}
		out[i] = g
	}
	return out, err
}

// wavesOf sums the invitations up by wave, in the order in which they began.
func wavesOf(guests []models.BalanceGuest) []models.WaveSent {
	var out []models.WaveSent
	for _, g := range guests {
		if g.InvitedAt == 0 {
			continue
		}
		at := -1
		for i := range out {
			if out[i].Wave == g.Wave {
				at = i
			}
		}
		if at < 0 {
			out = append(out, models.WaveSent{Wave: g.Wave, First: g.InvitedAt})
			at = len(out) - 1
		}
		out[at].First = min(out[at].First, g.InvitedAt)
		out[at].Guests++
	}
	slices.SortStableFunc(out, func(a, b models.WaveSent) int { return cmp.Compare(a.First, b.First) })
	return out
}

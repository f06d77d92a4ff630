package store

import (
	"context"

	"rotunda/models"
)

// Workspace reads what stands above every page of a roundtable, as the viewer
// may know it, else models.ErrNotFound.
func (s *Store) Workspace(ctx context.Context, v models.Viewer, id models.ID) (models.Workspace, error) {
	r, err := s.Roundtable(ctx, v, id)
	if err != nil {
		return models.Workspace{}, err
	}
	out := models.Workspace{Roundtable: r}
	if out.Members, err = s.team(ctx, r); err != nil || !r.IsTeam() {
		return out, err
	}
	var counts struct{ Guests, Items, Insights int }
	err = s.get(ctx, &counts, `SELECT (SELECT count(*) FROM guests WHERE roundtable_id = ? AND state <> 'withdrawn') AS guests,
		(SELECT count(*) FROM agenda_items WHERE roundtable_id = ?) AS items,
		(SELECT count(*) FROM insights WHERE roundtable_id = ? AND deleted_ms = 0) AS insights`, id, id, id)
	out.Guests, out.Items, out.Insights = counts.Guests, counts.Items, counts.Insights
	return out, err
}

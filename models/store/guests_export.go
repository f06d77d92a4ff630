package store

import (
	"context"

	"rotunda/models"
)

// ExportGuests returns the guest list of a roundtable for a file, to those of
// its team who export: others get models.ErrForbidden, or models.ErrNotFound
// where the roundtable does not exist for them. Who took the list, as what sort
// of file and how many rows it has is in the audit log.
func (s *Store) ExportGuests(ctx context.Context, v models.Viewer, room models.ID, format string) ([]models.Guest, error) {
	if _, err := s.Roundtable(ctx, v, room); err != nil {
		return nil, err
	}
	if !models.CanIn(v, models.ExportTeam, room) {
		return nil, models.ErrForbidden
	}
	list, err := s.Guests(ctx, v, room, models.GuestFilter{})
	if err != nil {
		return nil, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		return t.audit(auditRow{
			Action: "guests.export", ObjectKind: "roundtable", Object: room, Roundtable: room,
			Detail: map[string]any{"format": format, "rows": len(list.Guests)},
		})
	})
	return list.Guests, err
}

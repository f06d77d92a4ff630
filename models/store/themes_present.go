package store

import (
	"context"
	"maps"
	"slices"

	"rotunda/models"
)

// present is who could speak at a roundtable: those whose attendance is on
// record, or the guests who accepted where no attendance is.
type present struct{ attended, accepted map[models.ID]bool }

// people returns who counts as present, nobody where that is not known.
func (p present) people() map[models.ID]bool {
	if len(p.attended) > 0 {
		return p.attended
	}
	return p.accepted
}

// presentAtEach fills in how many people could speak at the roundtables of each
// theme, each person once, and the k of those roundtables. Where that is not
// known of one of them, it is not known of the theme: fewer present would make
// the same people "most" of them.
func (s *Store) presentAtEach(ctx context.Context, themes []models.ThemeRecord) error {
	institute, err := loadInstitute(s.reader(ctx))
	if err != nil {
		return err
	}
	heard := map[models.ID]bool{}
	for _, t := range themes {
		for _, i := range t.Insights(models.RelationNone) {
			heard[i.RoundtableID()] = true
		}
	}
	rooms, k, err := s.presentAt(ctx, slices.Sorted(maps.Keys(heard)))
	if err != nil {
		return err
	}
	for n := range themes {
		people, known := map[models.ID]bool{}, true
		themes[n].K = institute.Thresholds.For(models.Staff).K
		for _, room := range models.RoomsHeard(themes[n].Insights(models.RelationNone)) {
			there := rooms[room.ID].people()
			known = known && len(there) > 0
			maps.Copy(people, there)
			themes[n].K = max(themes[n].K, k[room.ID])
		}
		if known {
			themes[n].Present = len(people)
		}
	}
	return nil
}

// presentAt reads who could speak at roundtables, and the k for staff that each
// of them raised.
func (s *Store) presentAt(ctx context.Context, ids []models.ID) (rooms map[models.ID]present, k map[models.ID]int, err error) {
	rooms, k = map[models.ID]present{}, map[models.ID]int{}
	if len(ids) == 0 {
		return rooms, k, nil
	}
	var rows []struct {
		RoundtableID, PersonID models.ID
		Attended               bool
	}
	if err := s.list(ctx, &rows, `SELECT g.roundtable_id, g.person_id, g.state = 'attended' AS attended FROM guests g
		WHERE g.roundtable_id IN ? AND g.state IN ('attended', 'accepted', 'reconfirm') AND g.role <> 'observer'`, ids); err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		p, ok := rooms[r.RoundtableID]
		if !ok {
			p = present{map[models.ID]bool{}, map[models.ID]bool{}}
			rooms[r.RoundtableID] = p
		}
		if r.Attended {
			p.attended[r.PersonID] = true
		} else {
			p.accepted[r.PersonID] = true
		}
	}
	var floors []struct {
		ID     models.ID
		KStaff int
	}
	if err := s.list(ctx, &floors, "SELECT id, k_staff FROM roundtables WHERE id IN ?", ids); err != nil {
		return nil, nil, err
	}
	for _, f := range floors {
		k[f.ID] = f.KStaff
	}
	return rooms, k, nil
}

package store

import (
	"context"
	"iter"

	"rotunda/models"
)

// historyRooms is how many roundtables a history names at most.
const historyRooms = 200

// PersonHistory returns what the viewer may know of a person's roundtables. To
// those who are on no team it tells how often the person was invited, and the
// roundtables on the record that the person attended; whether the person came,
// declined and why, and spoke, only the teams learn. Only staff read people;
// others get models.ErrNotFound.
func (s *Store) PersonHistory(ctx context.Context, v models.Viewer, id models.ID) (models.PersonHistory, error) {
	var h models.PersonHistory
	reach, team := v.Reach(), v.Account()
	if !models.Can(v, models.ReadAsStaff) || v.IsAccount() && reach.Open != models.Staff {
		return h, models.ErrNotFound
	}
	if len(reach.Team) == 0 {
		team = 0 // on none, or reading as other staff do
	}
	visible := visibleRooms(v, "r")
	const from = " FROM guests g JOIN roundtables r ON r.id = g.roundtable_id WHERE g.person_id = ?"
	args := append([]any{id}, visible.args...)
	q := sqlText("SELECT count(*)" + from + " AND (g.invited_ms > 0 OR g.state NOT IN ('shortlisted', 'withdrawn'))")
	if err := s.get(ctx, &h.Invited, q.and(visible.cond), args...); err != nil {
		return h, err
	}
	var rows []struct {
		ID       models.ID
		Title    string
		StartsMs models.Instant
		Zone     string
		Regime   models.Regime
		State    string
		Note     string
		Team     bool
		Insights int
	}
	const onTeam = "r.id IN (SELECT roundtable_id FROM team_members WHERE account_id = ?)"
	list := sqlText("SELECT r.id, r.title, r.starts_ms, r.zone, r.regime, g.state, g.note, "+onTeam+` AS team,
		(SELECT count(*) FROM insight_speakers sp JOIN insights i ON i.seq = sp.insight_seq WHERE sp.guest_id = g.id AND i.state <> ? AND i.deleted_ms = 0) AS insights`+
		from).and(visible.cond).and(onTeam+` OR (g.state = 'attended' AND r.regime = ? AND NOT EXISTS
			(SELECT 1 FROM agenda_items a WHERE a.roundtable_id = r.id AND a.regime > ? AND a.regime < ?))`) +
		" ORDER BY r.starts_ms DESC, r.id LIMIT ?"
	all := append([]any{team, models.Struck}, args...)
	all = append(all, team, models.OnTheRecord, models.OnTheRecord, models.OffTheRecord, historyRooms)
	if err := s.list(ctx, &rows, list, all...); err != nil {
		return h, err
	}
	for _, r := range rows {
		room := models.PersonRoom{ID: r.ID, Title: r.Title, StartsAt: r.StartsMs, Zone: r.Zone, Regime: r.Regime}
		if !r.Team {
			h.OnRecord = append(h.OnRecord, room)
			continue
		}
		room.State, _ = models.ParseGuestState(r.State)
		room.Note, room.Insights = r.Note, r.Insights
		h.Teams = append(h.Teams, room)
	}
	return h, nil
}

// ExportPeople yields everybody whom the filter finds, in the order of the
// directory, a page in memory at a time. Who may export at staff level may;
// others get models.ErrForbidden. Who took the list, as what sort of file and
// how many rows it has is in the audit log before the first one is read.
func (s *Store) ExportPeople(ctx context.Context, v models.Viewer, f models.PersonFilter, format string) (iter.Seq2[models.Person, error], error) {
	if !models.Can(v, models.ExportStaff) {
		return nil, models.ErrForbidden
	}
	base, err := s.peopleWhere(ctx, f, namesFirst)
	if err != nil {
		return nil, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		var n int
		if err := t.get(&n, "SELECT count(*) FROM people p"+base.text(), base.args...); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "people.export", ObjectKind: "people", Detail: map[string]any{"format": format, "rows": n}})
	})
	if err != nil {
		return nil, err
	}
	return func(yield func(models.Person, error) bool) {
		after := personRow{SortFold: ""}
		for {
			w := where{parts: append([]sqlText(nil), base.parts...), args: append([]any(nil), base.args...)}
			if after.ID != 0 {
				w.add("(p.sort_fold, p.id) > (?, ?)", after.SortFold, after.ID)
			}
			var rows []personRow
			if err := s.list(ctx, &rows, "SELECT p.* FROM people p"+w.text()+" ORDER BY p.sort_fold, p.id LIMIT ?", append(w.args, importBatch)...); err != nil {
				yield(models.Person{}, err)
				return
			}
			for _, r := range rows {
				if !yield(r.model(), nil) {
					return
				}
			}
			if len(rows) < importBatch {
				return
			}
			after = rows[len(rows)-1]
		}
	}, nil
}

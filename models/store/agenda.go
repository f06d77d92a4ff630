package store

import (
	"context"
	"encoding/json"
	"errors"

	"rotunda/models"
)

// agendaRow is an agenda item as the database keeps it.
type agendaRow struct {
	ID            models.ID
	RoundtableID  models.ID
	Position      int
	Title         string
	Minutes       int
	Regime        models.Regime
	LeadPersonID  models.ID
	TitleReviewed bool
	StartedMs     models.Instant
	EndedMs       models.Instant
}

func (agendaRow) TableName() string { return "agenda_items" }

// Agenda reads the items of a roundtable in order, as the viewer may know them:
// outside the team no off-the-record item, titles only where the rule or a
// review allows, lead speakers only on the record.
func (s *Store) Agenda(ctx context.Context, v models.Viewer, room models.ID) ([]models.AgendaItem, error) {
	r, err := s.Roundtable(ctx, v, room)
	if err != nil {
		return nil, err
	}
	items, err := s.agendaRows(ctx, room)
	if err != nil {
		return nil, err
	}
	for i := range items {
		items[i].Current = r.IsTeam() && items[i].ID == r.CurrentItem
	}
	models.PlanAgenda(items, r.Starts)
	return models.DiscloseAgenda(items, r), nil
}

// agendaRows reads the items as the team knows them.
func (s *Store) agendaRows(ctx context.Context, room models.ID) ([]models.AgendaItem, error) {
	var rows []struct {
		Row      agendaRow `gorm:"embedded"`
		LeadName string
	}
	err := s.list(ctx, &rows, `SELECT i.*, COALESCE(p.full_name, '') AS lead_name FROM agenda_items i
		LEFT JOIN people p ON p.id = i.lead_person_id WHERE i.roundtable_id = ? ORDER BY i.position, i.id`, room)
	items := make([]models.AgendaItem, 0, len(rows))
	for _, row := range rows {
		items = append(items, models.AgendaItem{
			ID: row.Row.ID, Title: row.Row.Title, Minutes: row.Row.Minutes, Regime: row.Row.Regime,
			Lead: row.Row.LeadPersonID, LeadName: row.LeadName, TitleReviewed: row.Row.TitleReviewed,
			Started: row.Row.StartedMs, Ended: row.Row.EndedMs,
		})
	}
	return items, err
}

// CreateAgendaItem adds an item at the end of the agenda. What the agenda
// already ends with is an InvalidError: a form that was sent twice.
func (s *Store) CreateAgendaItem(ctx context.Context, v models.Viewer, room models.ID, in models.AgendaInput) (models.ID, error) {
	id := s.newID()
	err := s.transact(ctx, v, func(t *tx) error {
		r, err := t.roomFor(room, models.EditRoundtable)
		if err != nil {
			return err
		}
		if in, err = t.checkItem(r, 0, models.RegimeNone, in); err != nil {
			return err
		}
		var last agendaRow // zero before the first item
		err = t.get(&last, "SELECT * FROM agenda_items WHERE roundtable_id = ? ORDER BY position DESC LIMIT 1", room)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		if in.Earlier, in.Seen = false, ""; last.input() == in {
			return models.Invalid("title", "The agenda already ends with this item. To have it twice, give the second one another title or other minutes.")
		}
		row := agendaRow{ID: id, RoundtableID: room, Position: last.Position + 1}
		row.fill(in)
		if err := t.insert(&row); err != nil {
			return err
		}
		return t.agendaChanged(room, id, "agenda.create", map[string]any{"regime": in.Regime.Key()})
	})
	return id, err
}

// input is the item as its form shows it.
func (r agendaRow) input() models.AgendaInput {
	return models.AgendaInput{Title: r.Title, Minutes: r.Minutes, Regime: r.Regime, Lead: r.LeadPersonID, TitleReviewed: r.TitleReviewed}
}

func (r *agendaRow) fill(in models.AgendaInput) {
	r.Title, r.Minutes, r.Regime, r.LeadPersonID, r.TitleReviewed = in.Title, in.Minutes, in.Regime, in.Lead, in.TitleReviewed
}

// checkItem checks an item's input against the room and its guests. was is the
// item's own rule until now.
func (t *tx) checkItem(room roundtableRow, item models.ID, was models.Regime, in models.AgendaInput) (models.AgendaInput, error) {
	in, err := in.Check(room.Regime)
	if err != nil {
		return in, err
	}
	if in.Regime != was && !models.CanIn(t.viewer, models.SetRegime, room.ID) {
		return in, models.Invalid("regime", "Only the roundtable’s lead sets the attribution rule.")
	}
	if in.Lead != 0 {
		var n int
		if err := t.get(&n, "SELECT count(*) FROM guests WHERE roundtable_id = ? AND person_id = ?", room.ID, in.Lead); err != nil {
			return in, err
		}
		if n == 0 {
			return in, models.Invalid("lead", "Choose the lead speaker from the guest list.")
		}
	}
	return in, t.titleIsClean(room, item, in)
}

// titleIsClean refuses to pass a title for readers outside the team while a
// finding of the leak lint in it is open.
func (t *tx) titleIsClean(room roundtableRow, item models.ID, in models.AgendaInput) error {
	if !in.TitleReviewed || models.Strictest(in.Regime, room.Regime) == models.OnTheRecord {
		return nil
	}
	open, err := findings(t, lintItem, item, in.Title, room.ID)
	if err != nil || len(open) == 0 {
		return err
	}
	return models.Invalid("title", "Others cannot read this title: “"+open[0].Words+"” "+open[0].Rule.Words()+". Write it without, or leave it unreviewed.")
}

// forgetReviews wants titles reviewed anew where a roundtable leaves the record:
// on it a title may name who speaks, and nobody has read it for names.
func (t *tx) forgetReviews(was, is roundtableRow) error {
	if was.Regime != models.OnTheRecord || is.Regime == was.Regime {
		return nil
	}
	return t.exec("UPDATE agenda_items SET title_reviewed = FALSE WHERE roundtable_id = ? AND regime <= ?", is.ID, models.OnTheRecord)
}

// recheckTitles wants the titles reviewed anew that tell of somebody who is on
// the list only since they were.
func (t *tx) recheckTitles(room models.ID) error {
	var passed []agendaRow
	if err := t.list(&passed, `SELECT a.* FROM agenda_items a JOIN roundtables r ON r.id = a.roundtable_id
		WHERE a.roundtable_id = ? AND a.title_reviewed = TRUE AND (a.regime > ? OR r.regime > ?)`, room, models.OnTheRecord, models.OnTheRecord); err != nil || len(passed) == 0 {
		return err
	}
	rows, aliases, err := loadRoster(t, []models.ID{room})
	if err != nil {
		return err
	}
	var cleared []struct {
		ObjectID models.ID
		Mark     string
	}
	if err := t.list(&cleared, `SELECT c.object_id, c.mark FROM cleared_findings c JOIN agenda_items a ON a.id = c.object_id
		WHERE c.object_kind = ? AND a.roundtable_id = ?`, lintItem, room); err != nil {
		return err
	}
	marks := map[models.ID][]string{}
	for _, c := range cleared {
		marks[c.ObjectID] = append(marks[c.ObjectID], c.Mark)
	}
	linter := models.NewLinter(rosterOf(rows, aliases, func(rosterRow) bool { return true }, func(models.Sector) models.Label { return models.LabelNone }))
	var tell []models.ID
	for _, item := range passed {
		if len(notCleared(linter.Lint(item.Title), marks[item.ID])) > 0 {
			tell = append(tell, item.ID)
		}
	}
	if len(tell) == 0 {
		return nil
	}
	return t.exec("UPDATE agenda_items SET title_reviewed = FALSE WHERE id IN ?", tell)
}

func (t *tx) agendaChanged(room, item models.ID, action string, detail map[string]any) error {
	if err := t.recomputeRoom(room); err != nil {
		return err
	}
	return t.audit(auditRow{Action: action, ObjectKind: "agenda item", Object: item, Roundtable: room, Detail: detail})
}

// itemFor reads an item of the room for somebody who wants to use the right.
func (t *tx) itemFor(room, item models.ID, right models.Right) (r roundtableRow, row agendaRow, err error) {
	if r, err = t.roomFor(room, right); err != nil {
		return r, row, err
	}
	return r, row, t.get(&row, "SELECT * FROM agenda_items WHERE id = ? AND roundtable_id = ?", item, room)
}

// UpdateAgendaItem changes an item. Raising its rule holds from now on, or for
// what was said before too where the input says so; loosening it is refused
// once something was said under it. What another changed since the form was
// shown is models.ErrConflict.
func (s *Store) UpdateAgendaItem(ctx context.Context, v models.Viewer, room, item models.ID, in models.AgendaInput) error {
	return s.transact(ctx, v, func(t *tx) error {
		r, row, err := t.itemFor(room, item, models.EditRoundtable)
		if err != nil {
			return err
		}
		if err := in.Seen.Check(row.input()); err != nil {
			return err
		}
		if in, err = t.checkItem(r, item, row.Regime, in); err != nil {
			return err
		}
		from := models.Strictest(row.Regime, r.Regime)
		if to := models.Strictest(in.Regime, r.Regime); to < from {
			var said int
			if err := t.get(&said, "SELECT count(*) FROM (SELECT 1 FROM insights WHERE item_id = ? LIMIT 1) i", item); err != nil {
				return err
			}
			if said > 0 {
				return models.Invalid("regime", "Something was said in this item under “"+from.Name()+"”. Start a new item for what comes next.")
			}
		}
		detail := map[string]any{"from": row.Regime.Key(), "to": in.Regime.Key()}
		row.fill(in)
		if err := t.db.Select("*").Updates(&row).Error; err != nil {
			return err
		}
		if in.Earlier {
			detail["earlier"] = true
			if err := t.raiseItem(room, item, models.Strictest(in.Regime, r.Regime)); err != nil {
				return err
			}
		}
		return t.agendaChanged(room, item, "agenda.update", detail)
	})
}

// MoveAgendaItem moves an item one place up (by -1) or down (by 1). At the end
// of the agenda nothing changes.
func (s *Store) MoveAgendaItem(ctx context.Context, v models.Viewer, room, item models.ID, by int) error {
	return s.transact(ctx, v, func(t *tx) error {
		_, row, err := t.itemFor(room, item, models.EditRoundtable)
		if err != nil {
			return err
		}
		q := sqlText("SELECT * FROM agenda_items WHERE roundtable_id = ? AND position > ? ORDER BY position LIMIT 1")
		if by < 0 {
			q = "SELECT * FROM agenda_items WHERE roundtable_id = ? AND position < ? ORDER BY position DESC LIMIT 1"
		}
		var other []agendaRow
		if err := t.list(&other, q, room, row.Position); err != nil || len(other) == 0 {
			return err
		}
		if err := t.exec("UPDATE agenda_items SET position = ? WHERE id = ?", other[0].Position, item); err != nil {
			return err
		}
		if err := t.exec("UPDATE agenda_items SET position = ? WHERE id = ?", row.Position, other[0].ID); err != nil {
			return err
		}
		return t.agendaChanged(room, item, "agenda.move", nil)
	})
}

// DeleteAgendaItem takes an item off the agenda and returns the id that takes
// this back. An item in which something was said stays.
func (s *Store) DeleteAgendaItem(ctx context.Context, v models.Viewer, room, item models.ID) (undo models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		r, row, err := t.itemFor(room, item, models.EditRoundtable)
		if err != nil {
			return err
		}
		var said int
		if err := t.get(&said, "SELECT count(*) FROM (SELECT 1 FROM insights WHERE item_id = ? LIMIT 1) i", item); err != nil {
			return err
		}
		if said > 0 {
			return models.Invalid("", "Insights were captured in this item, so it stays on the agenda.")
		}
		if r.CurrentItem == item {
			if err := t.exec("UPDATE roundtables SET current_item = 0 WHERE id = ?", room); err != nil {
				return err
			}
		}
		if err := t.exec("DELETE FROM agenda_items WHERE id = ?", item); err != nil {
			return err
		}
		if undo, err = t.undoable("agenda.delete", "Deleted an agenda item", room, row); err != nil {
			return err
		}
		return t.agendaChanged(room, item, "agenda.delete", nil)
	})
	return undo, err
}

func init() {
	undoVerbs["agenda.delete"] = func(t *tx, u undoRow) error {
		var row agendaRow
		if err := json.Unmarshal([]byte(u.Payload), &row); err != nil {
			return err
		}
		if _, err := t.roomFor(u.RoundtableID, models.EditRoundtable); err != nil {
			return err
		}
		if err := t.insert(&row); err != nil {
			return err
		}
		return t.recomputeRoom(u.RoundtableID)
	}
}

// StartAgendaItem puts an item in force: what is captured from now on belongs
// to it. The one before ends.
func (s *Store) StartAgendaItem(ctx context.Context, v models.Viewer, room, item models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		r, row, err := t.itemFor(room, item, models.CaptureInsight)
		if err != nil {
			return err
		}
		if !r.model().InSession(t.now) {
			return models.Invalid("", "Start the session first.")
		}
		if r.CurrentItem == item {
			return nil
		}
		if err := t.endItem(&r, t.now); err != nil {
			return err
		}
		started := row.StartedMs
		if started == 0 {
			started = t.now
		}
		if err := t.exec("UPDATE agenda_items SET started_ms = ?, ended_ms = 0 WHERE id = ?", started, item); err != nil {
			return err
		}
		if err := t.exec("UPDATE roundtables SET current_item = ? WHERE id = ?", item, room); err != nil {
			return err
		}
		return t.agendaChanged(room, item, "agenda.start", nil)
	})
}

// EndAgendaItem ends the item in force; nothing is in force afterwards.
func (s *Store) EndAgendaItem(ctx context.Context, v models.Viewer, room models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		r, err := t.roomFor(room, models.CaptureInsight)
		if err != nil || r.CurrentItem == 0 {
			return err
		}
		item := r.CurrentItem
		if err := t.endItem(&r, t.now); err != nil {
			return err
		}
		if err := t.exec("UPDATE roundtables SET current_item = 0 WHERE id = ?", room); err != nil {
			return err
		}
		return t.agendaChanged(room, item, "agenda.end", nil)
	})
}

// endItem ends the item in force and takes it off the row, which the caller
// saves.
func (t *tx) endItem(r *roundtableRow, at models.Instant) error {
	if r.CurrentItem == 0 {
		return nil
	}
	item := r.CurrentItem
	r.CurrentItem = 0
	return t.exec("UPDATE agenda_items SET ended_ms = ? WHERE id = ?", at, item)
}

// copyAgenda gives a copied roundtable the items of its model, not yet begun.
func (t *tx) copyAgenda(from, to models.ID) error {
	var rows []agendaRow
	if err := t.list(&rows, "SELECT * FROM agenda_items WHERE roundtable_id = ? ORDER BY position, id", from); err != nil || len(rows) == 0 {
		return err
	}
	for i := range rows {
		rows[i].ID, rows[i].RoundtableID = t.s.newID(), to
		rows[i].StartedMs, rows[i].EndedMs, rows[i].LeadPersonID = 0, 0, 0 // who leads is not a guest there yet
	}
	return t.insert(&rows)
}

// LeadCandidates lists the guests of a roundtable that can open an item, by
// name, for who edits its agenda.
func (s *Store) LeadCandidates(ctx context.Context, v models.Viewer, room models.ID) ([]models.Choice, error) {
	if _, err := s.Roundtable(ctx, v, room); err != nil {
		return nil, err
	}
	if !models.CanIn(v, models.EditRoundtable, room) {
		return nil, models.ErrForbidden
	}
	var out []models.Choice
	err := s.list(ctx, &out, `SELECT p.id, p.full_name AS name FROM guests g JOIN people p ON p.id = g.person_id
		WHERE g.roundtable_id = ? AND g.state NOT IN ('withdrawn', 'declined') ORDER BY p.sort_fold, p.id`, room)
	return out, err
}

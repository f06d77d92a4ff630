package store

import (
	"context"
	"slices"
	"strings"

	"rotunda/models"
)

// activityCursor is the purpose under which places in the log are sealed.
const activityCursor = 'a'

const activityPage = 50

// Activity reads what was done in a roundtable, newest first, for its team;
// others who know the roundtable get models.ErrForbidden. On the first page
// without a filter stands what the viewer may take back.
func (s *Store) Activity(ctx context.Context, v models.Viewer, room models.ID, f models.ActivityFilter) (models.ActivityPage, error) {
	var page models.ActivityPage
	r, err := s.Roundtable(ctx, v, room)
	if err != nil {
		return page, err
	}
	if !r.IsTeam() {
		return page, models.ErrForbidden
	}
	before, paged := s.keys.open(activityCursor, f.After)
	rows, err := s.activityRows(ctx, room, f, before)
	if err != nil {
		return page, err
	}
	if len(rows) > activityPage {
		rows = rows[:activityPage]
		page.Next = s.keys.seal(activityCursor, rows[activityPage-1].Seq)
	}
	for _, row := range rows {
		words := models.ActivityWords(row.Action, row.Detail)
		page.Lines = append(page.Lines, models.Activity{
			At: row.AtMs, Actor: actorName(row.Actor, row.Name, row.Action), About: models.ActivityAbout(words, row.About), Words: words, Deleted: row.Deleted,
		})
	}
	if err := s.list(ctx, &page.People, `SELECT c.id, c.name FROM accounts c WHERE c.id IN (SELECT l.account_id FROM audit l WHERE l.roundtable_id = ?)
		ORDER BY c.name, c.id`, room); err != nil {
		return page, err
	}
	if paged || f.Filtered() {
		return page, nil
	}
	var undos []undoRow
	err = s.list(ctx, &undos, `SELECT * FROM undos WHERE roundtable_id = ? AND account_id = ? AND done_ms = 0 AND expires_ms > ?
		ORDER BY created_ms DESC, id LIMIT 20`, room, v.Account(), s.Now())
	for _, u := range undos {
		page.Undos = append(page.Undos, models.UndoLine{ID: u.ID, Label: u.Label, At: u.CreatedMs})
	}
	return page, err
}

// activityRow is one line of the log, with the names of who did it and to what.
type activityRow struct {
	Seq    int64
	AtMs   models.Instant
	Actor  string
	Action string
	Detail string
	Name   string
	About  string
	// Deleted is the insight of the line where it is deleted and not struck.
	Deleted models.ID
}

// activityRows reads one line more than a page of them, before a place in the
// log, or the newest.
func (s *Store) activityRows(ctx context.Context, room models.ID, f models.ActivityFilter, before int64) ([]activityRow, error) {
	w := where{}
	w.add("l.roundtable_id = ?", room)
	if f.Account != 0 {
		w.add("l.account_id = ?", f.Account)
	}
	if kind, ok := auditKinds[f.Kind]; ok {
		w.add(kind)
	}
	if before != 0 {
		w.add("l.seq < ?", before)
	}
	var rows []activityRow
	err := s.list(ctx, &rows, `SELECT l.seq, l.at_ms, l.actor, l.action, l.detail, COALESCE(c.name, '') AS name,
		COALESCE(o.name, h.name, '“' || i.title || '”', '“' || k.name || '”', p.full_name, '') AS about,
		COALESCE(d.id, 0) AS deleted FROM audit l
		LEFT JOIN accounts c ON c.id = l.account_id
		LEFT JOIN accounts o ON l.object_kind = 'account' AND o.id = l.object_id AND o.id <> l.account_id
		LEFT JOIN organisations h ON l.object_kind = 'organisation' AND h.id = l.object_id
		LEFT JOIN agenda_items i ON l.object_kind = 'agenda item' AND i.id = l.object_id
		LEFT JOIN codes k ON l.object_kind = 'code' AND k.id = l.object_id
		LEFT JOIN insights d ON l.action = 'insight.deleted' AND d.id = l.object_id AND d.deleted_ms <> 0 AND d.state <> ?
		LEFT JOIN guests g ON l.object_kind = 'guest' AND g.id = l.object_id
		LEFT JOIN people p ON p.id = g.person_id`+w.text()+" ORDER BY l.seq DESC LIMIT ?", slices.Concat([]any{models.Struck}, w.args, []any{activityPage + 1})...)
	return rows, err
}

// actorName names who did something; those who came by a link stay without.
func actorName(actor, name, action string) string {
	switch {
	case name != "":
		return name
	case actor == "guest" && strings.HasPrefix(action, "panel."):
		return "An evaluator"
	case actor == "guest":
		return "A guest"
	}
	return "Rotunda"
}

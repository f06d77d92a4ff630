package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"rotunda/models"
)

const undoBook = "codebook"

func init() { undoVerbs[undoBook] = takeBackBook }

// bookUndo is how a change of the codebook is taken back.
type bookUndo struct {
	What string
	// Rows are the codes as they were; each has one revision more since.
	Rows []codeRow `json:",omitempty"`
	// Created is a code that did not exist.
	Created models.ID `json:",omitempty"`
	// Order is how the codes of a kind stood, and Since how they were put.
	Order, Since []models.ID   `json:",omitempty"`
	Merge        *mergeUndo    `json:",omitempty"`
	Split        []splitBefore `json:",omitempty"`
}

// changeBook runs a change of the codebook for who may edit it. f says in words
// what it did, which becomes the new version, and how to take it back; where it
// says nothing, nothing was done.
func (s *Store) changeBook(ctx context.Context, v models.Viewer, action string, f func(*tx, models.Codebook, *bookUndo) (models.ID, error)) (models.ID, error) {
	if !models.Can(v, models.EditCodebook) {
		return 0, models.ErrForbidden
	}
	var undo models.ID
	err := s.transact(ctx, v, func(t *tx) error {
		book, err := loadCodebook(t)
		if err != nil {
			return err
		}
		var back bookUndo
		code, err := f(t, book, &back)
		if err != nil || back.What == "" {
			return err
		}
		if undo, err = t.undoable(undoBook, back.What, 0, back); err != nil {
			return err
		}
		if err := t.bookChanged(back.What); err != nil {
			return err
		}
		if err := t.tellRooms(toldOf[action], back); err != nil {
			return err
		}
		return t.audit(auditRow{Action: action, ObjectKind: "code", Object: code})
	})
	return undo, err
}

// CreateCode adds a front, a forum or a tag and returns its id and the id that
// TakeBack wants. Who edits the codebook may. Bad input is a
// *models.InvalidError.
func (s *Store) CreateCode(ctx context.Context, v models.Viewer, in models.CodeInput) (id, undo models.ID, err error) {
	undo, err = s.changeBook(ctx, v, "codebook.create", func(t *tx, book models.Codebook, back *bookUndo) (models.ID, error) {
		if in.Kind == models.CodeNone || in.Kind.Fixed() {
			return 0, models.Invalid("kind", "Choose a tag, a front or a forum.")
		}
		e, err := in.Check(book, models.CodeEntry{})
		if err != nil {
			return 0, err
		}
		id = s.newID()
		back.Created, back.What = id, "Added the "+e.Kind.Word()+" “"+e.Name+"”"
		return id, t.appendCode(id, e.Code)
	})
	return id, undo, err
}

// EditCode changes a code's texts and returns the id that TakeBack wants, or
// zero where nothing changed. Who edits the codebook may. A revision that is no
// longer the newest is models.ErrConflict; bad input, and texts that
// codeStaysClean refuses, are an *models.InvalidError.
func (s *Store) EditCode(ctx context.Context, v models.Viewer, id models.ID, in models.CodeInput) (models.ID, error) {
	return s.changeBook(ctx, v, "codebook.edit", func(t *tx, book models.Codebook, back *bookUndo) (models.ID, error) {
		was, ok := book.Entry(id)
		if !ok || was.MergedInto != 0 {
			return 0, models.ErrNotFound
		}
		if in.Revision != was.Revision {
			return 0, models.ErrConflict
		}
		if was.Kind.Fixed() {
			in.Colour, in.Shortcut = was.Colour, was.Shortcut
		}
		now, err := in.Check(book, was)
		if err != nil || sameCode(now.Code, was.Code) {
			return id, err
		}
		if err := t.codeStaysClean(now, "", now.ID); err != nil {
			return id, err
		}
		back.What = "Edited the " + was.Kind.Word() + " “" + was.Name + "”"
		return id, t.updateCodes(back, now)
	})
}

func sameCode(a, b models.Code) bool {
	same := slices.Equal(a.Aliases, b.Aliases)
	a.Aliases, b.Aliases = nil, nil
	return same && a.Kind == b.Kind && a.Key == b.Key && a.Name == b.Name && a.Definition == b.Definition && a.UseWhen == b.UseWhen &&
		a.DoNotUseWhen == b.DoNotUseWhen && a.Example == b.Example && a.Pillar == b.Pillar && a.Colour == b.Colour && a.Shortcut == b.Shortcut
}

// updateCodes writes codes and notes what they were.
func (t *tx) updateCodes(back *bookUndo, codes ...models.CodeEntry) error {
	for _, e := range codes {
		var was codeRow
		if err := t.get(&was, "SELECT * FROM codes WHERE id = ?", e.ID); err != nil {
			return err
		}
		back.Rows = append(back.Rows, was)
		now := was
		var err error
		if now.Aliases, err = encodeAliases(e.Aliases); err != nil {
			return err
		}
		now.Name, now.Definition, now.UseWhen, now.NotWhen, now.Example = e.Name, e.Definition, e.UseWhen, e.DoNotUseWhen, e.Example
		now.Colour, now.Shortcut, now.MergedInto = e.Colour, e.Shortcut, e.MergedInto
		if e.Archived != (was.ArchivedMs != 0) {
			if now.ArchivedMs = 0; e.Archived {
				now.ArchivedMs = t.now
			}
		}
		if err := t.writeCode(now); err != nil {
			return err
		}
	}
	return nil
}

// writeCode writes a code over itself as its next revision.
func (t *tx) writeCode(r codeRow) error {
	return t.exec(`UPDATE codes SET name = ?, aliases = ?, definition = ?, use_when = ?, not_when = ?, example = ?, colour = ?,
		shortcut = ?, archived_ms = ?, merged_into = ?, revision = revision + 1 WHERE id = ?`,
		r.Name, r.Aliases, r.Definition, r.UseWhen, r.NotWhen, r.Example, r.Colour, r.Shortcut, r.ArchivedMs, r.MergedInto, r.ID)
}

// ArchiveCodes takes codes out of what is offered, or puts them back, and
// returns the id that TakeBack wants. Insights keep them. Who edits the codebook
// may. Pillars and strategic actions stay: an *models.InvalidError.
func (s *Store) ArchiveCodes(ctx context.Context, v models.Viewer, ids []models.ID, archived bool) (models.ID, error) {
	return s.changeBook(ctx, v, "codebook.archive", func(t *tx, book models.Codebook, back *bookUndo) (models.ID, error) {
		var changed []models.CodeEntry
		for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
			e, ok := book.Entry(id)
			if !ok || e.MergedInto != 0 {
				return 0, models.ErrNotFound
			}
			if e.Kind.Fixed() {
				return 0, models.Invalid("id", "Pillars and their strategic actions stay.")
			}
			if e.Archived != archived {
				e.Archived = archived
				changed = append(changed, e)
			}
		}
		if len(changed) == 0 {
			return 0, nil
		}
		word := "Restored "
		if archived {
			word = "Archived "
		}
		back.What = word + namesOf(changed)
		return changed[0].ID, t.updateCodes(back, changed...)
	})
}

// namesOf names a few codes in words.
func namesOf(codes []models.CodeEntry) string {
	out := ""
	for i, e := range codes {
		switch {
		case i == 3:
			return out + " and more"
		case i > 0:
			out += ", "
		}
		out += "“" + e.Name + "”"
	}
	return out
}

// MoveCode puts a code before another of its kind, or at the end where that is
// zero. It returns the id that TakeBack wants. Who edits the codebook may.
func (s *Store) MoveCode(ctx context.Context, v models.Viewer, id, before models.ID) (models.ID, error) {
	return s.changeBook(ctx, v, "codebook.move", func(t *tx, book models.Codebook, back *bookUndo) (models.ID, error) {
		e, ok := book.Entry(id)
		if !ok || e.MergedInto != 0 {
			return 0, models.ErrNotFound
		}
		if e.Kind.Fixed() {
			return 0, models.Invalid("id", "Pillars and their strategic actions stay where they are.")
		}
		order := orderOf(book, e.Kind)
		since, moved := models.Moved(order, id, before)
		if !moved {
			return 0, nil
		}
		back.What, back.Order, back.Since = "Moved the "+e.Kind.Word()+" “"+e.Name+"”", order, since
		return id, t.order(since)
	})
}

func orderOf(book models.Codebook, kind models.CodeKind) []models.ID {
	var out []models.ID
	for _, e := range book {
		if e.Kind == kind {
			out = append(out, e.ID)
		}
	}
	return out
}

// order gives the codes of one kind the positions of their list, in one
// statement.
func (t *tx) order(ids []models.ID) error {
	var args []any
	for i, id := range ids {
		args = append(args, id, i+1)
	}
	return t.exec("UPDATE codes SET position = CASE id "+sqlText("WHEN ? THEN CAST(? AS INTEGER)").repeat(len(ids), " ")+" ELSE position END WHERE id IN ?",
		append(args, ids)...)
}

// takeBackBook puts the codebook back as it was before a change, unless one of
// the codes was changed again since.
func takeBackBook(t *tx, u undoRow) error {
	var back bookUndo
	if err := json.Unmarshal([]byte(u.Payload), &back); err != nil {
		return err
	}
	if !models.Can(t.viewer, models.EditCodebook) {
		return models.ErrForbidden
	}
	for _, was := range back.Rows {
		var revision int
		if err := t.get(&revision, "SELECT revision FROM codes WHERE id = ?", was.ID); err != nil {
			return err
		}
		if revision != was.Revision+1 {
			return models.ErrConflict
		}
		if err := t.writeCode(was); err != nil {
			return err
		}
	}
	for _, step := range []func(*tx) error{back.uncreate, back.reorder, back.unmerge, back.unsplit} {
		if err := step(t); err != nil {
			return err
		}
	}
	if err := t.tellRooms("code.back", back); err != nil {
		return err
	}
	return t.bookChanged("Took back: " + back.What)
}

// uncreate deletes a code that was added, unless something carries it by now.
func (b bookUndo) uncreate(t *tx) error {
	if b.Created == 0 || len(b.Split) > 0 {
		return nil
	}
	return t.deleteUnused(b.Created)
}

func (t *tx) deleteUnused(code models.ID) error {
	var used int
	err := t.get(&used, `SELECT (SELECT count(*) FROM (SELECT 1 FROM insight_codes WHERE code_id = ? LIMIT 1) AS x)
		+ (SELECT count(*) FROM recommendation_codes WHERE code_id = ?) + (SELECT count(*) FROM codes WHERE merged_into = ?)`, code, code, code)
	if err != nil {
		return err
	}
	if used > 0 {
		return models.ErrConflict
	}
	return t.exec("DELETE FROM codes WHERE id = ?", code)
}

func (b bookUndo) reorder(t *tx) error {
	if len(b.Order) == 0 {
		return nil
	}
	book, err := loadCodebook(t)
	if err != nil {
		return err
	}
	e, ok := book.Entry(b.Order[0])
	if !ok || !slices.Equal(orderOf(book, e.Kind), b.Since) {
		return models.ErrConflict
	}
	return t.order(b.Order)
}

// bookChanged keeps a new version of the codebook and tells the rooms that are
// in session, whose capture pages complete its words.
func (t *tx) bookChanged(what string) error {
	if err := t.newVersion(what); err != nil {
		return err
	}
	var rooms []models.ID
	if err := t.list(&rooms, "SELECT id FROM roundtables WHERE starts_ms BETWEEN ? AND ? AND ends_ms > ? AND status <> ? ORDER BY id LIMIT 50",
		t.now.Add(-24*time.Hour), t.now.Add(time.Hour), t.now.Add(-time.Hour), models.Cancelled.Key()); err != nil {
		return err
	}
	for _, id := range rooms {
		if err := t.event(ChangeRoom, id, 0); err != nil {
			return err
		}
	}
	return nil
}

// newVersion keeps that the codebook changed. Its content is kept once a brief
// names the version: see freezeCodebook.
func (t *tx) newVersion(what string) error {
	return t.exec("INSERT INTO codebook_versions (version, at_ms, account_id, what) SELECT COALESCE(max(version), 0) + 1, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT) FROM codebook_versions",
		t.now, t.viewer.Account(), what)
}

// freezeCodebook keeps the whole codebook under its newest version, for a brief
// to name, and returns that version.
func (t *tx) freezeCodebook() (int, error) {
	var newest struct {
		Version int
		Content string
	}
	if err := t.get(&newest, "SELECT version, content FROM codebook_versions ORDER BY version DESC LIMIT 1"); err != nil || newest.Content != "" {
		return newest.Version, err
	}
	book, err := loadCodebook(t)
	if err != nil {
		return 0, err
	}
	raw, err := json.Marshal(book)
	if err != nil {
		return 0, err
	}
	return newest.Version, t.exec("UPDATE codebook_versions SET content = ? WHERE version = ?", string(raw), newest.Version)
}

package store

import (
	"context"
	"encoding/json"
	"slices"

	"rotunda/models"
)

// themeKind names themes in revisions.
const themeKind = "theme"

// themeWording is what the history keeps of a theme.
type themeWording struct {
	Series     models.ID `json:"series,omitempty"`
	Statement  string    `json:"statement"`
	Likelihood int       `json:"likelihood,omitempty"`
	Confidence int       `json:"confidence,omitempty"`
	Basis      string    `json:"basis,omitempty"`
	Dissent    string    `json:"dissent,omitempty"`
	Gaps       string    `json:"gaps,omitempty"`
	Memo       string    `json:"memo,omitempty"`
	Owner      models.ID `json:"owner,omitempty"`
}

func wordingOf(in models.ThemeInput) themeWording {
	return themeWording{
		Series: in.SeriesID, Statement: in.Statement, Likelihood: int(in.Likelihood), Confidence: int(in.Confidence),
		Basis: in.Basis, Dissent: in.Dissent, Gaps: in.Gaps, Memo: in.Memo, Owner: in.OwnerID,
	}
}

// checkTheme checks what the store alone can: that the series and the owner
// are there.
func (t *tx) checkTheme(in models.ThemeInput) error {
	if err := t.checkSeries(in.SeriesID); err != nil {
		return err
	}
	var bad models.InvalidError
	var n int
	if in.OwnerID != 0 {
		if err := t.get(&n, "SELECT count(*) FROM accounts WHERE id = ? AND role <> 'cohost'", in.OwnerID); err != nil {
			return err
		}
		bad.Check(n == 1, "owner", "Choose somebody from the list.")
	}
	return bad.Err()
}

// checkSeries checks that a series is there that was chosen; none may be.
func (t *tx) checkSeries(id models.ID) error {
	if id == 0 {
		return nil
	}
	var n int
	if err := t.get(&n, "SELECT count(*) FROM series WHERE id = ?", id); err != nil || n == 1 {
		return err
	}
	return models.Invalid("series", "Choose a series from the list.")
}

// CreateTheme writes a theme down that the insights support, if there are any;
// without an owner it is the viewer's. It needs the right to analyse, else
// models.ErrForbidden; bad input is an *models.InvalidError, and insights that do
// not fit are as in AddToTheme.
func (s *Store) CreateTheme(ctx context.Context, v models.Viewer, in models.ThemeInput, insights ...models.ID) (models.ID, error) {
	if !models.Can(v, models.Analyse) {
		return 0, models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	if len(insights) > 0 {
		if err := s.checkLinkable(ctx, v, insights); err != nil {
			return 0, err
		}
	}
	if in.OwnerID == 0 {
		in.OwnerID = v.Account()
	}
	id := s.newID()
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.checkTheme(in); err != nil {
			return err
		}
		var last int
		if err := t.get(&last, "SELECT COALESCE(max(position), 0) FROM themes"); err != nil {
			return err
		}
		row := themeRow{
			ID: id, SeriesID: in.SeriesID, Statement: in.Statement, Position: last + 1, Likelihood: in.Likelihood, Confidence: in.Confidence,
			Basis: in.Basis, Dissent: in.Dissent, Gaps: in.Gaps, Memo: in.Memo, OwnerID: in.OwnerID, Revision: 1,
			CreatedBy: v.Account(), CreatedMs: t.now, UpdatedMs: t.now,
		}
		if err := t.insert(&row); err != nil {
			return err
		}
		if err := t.keepRevision(themeKind, id, 1, "created", wordingOf(in)); err != nil {
			return err
		}
		if len(insights) > 0 {
			var links []linkChange
			for _, insight := range distinct(slices.Clone(insights)) {
				links = append(links, linkChange{Theme: id, Insight: insight, After: models.Supports})
			}
			if err := t.writeLinks(links, nil); err != nil {
				return err
			}
		}
		return t.audit(auditRow{Action: "theme.create", ObjectKind: themeKind, Object: id})
	})
	return id, err
}

// themeFor reads a theme that the viewer may change: models.ErrNotFound where it
// does not exist for them, models.ErrForbidden without the right.
func (t *tx) themeFor(id models.ID) (themeRow, error) {
	visible := visibleThemes(t.viewer, "t")
	q := "SELECT t.* FROM themes t WHERE t.id = ? AND " + visible.cond
	if t.s.dialect == postgresDialect {
		q += " FOR UPDATE OF t"
	}
	var row themeRow
	if err := t.get(&row, q, append([]any{id}, visible.args...)...); err != nil {
		return row, err
	}
	if !models.Can(t.viewer, models.Analyse) {
		return row, models.ErrForbidden
	}
	return row, nil
}

// UpdateTheme changes the words of a theme and returns the id that takes the
// edit back. A revision that is no longer the newest is models.ErrConflict; the
// rest as CreateTheme, and models.ErrNotFound where it does not exist for the
// viewer.
func (s *Store) UpdateTheme(ctx context.Context, v models.Viewer, id models.ID, in models.ThemeInput) (models.ID, error) {
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	var undo models.ID
	err = s.transact(ctx, v, func(t *tx) error {
		row, err := t.themeFor(id)
		if err != nil {
			return err
		}
		if row.Revision != in.Revision {
			return models.ErrConflict
		}
		if err := t.checkTheme(in); err != nil {
			return err
		}
		if err := t.rewordTheme(row, wordingOf(in), "edited"); err != nil {
			return err
		}
		if undo, err = t.undoable(undoTheme, "The edit of a theme", 0, themeBefore{ID: id, Revision: row.Revision, After: row.Revision + 1}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "theme.update", ObjectKind: themeKind, Object: id})
	})
	return undo, err
}

// rewordTheme writes the words of a theme anew and keeps them in its history.
func (t *tx) rewordTheme(row themeRow, w themeWording, what string) error {
	if err := t.exec(`UPDATE themes SET series_id = ?, statement = ?, likelihood = ?, confidence = ?, basis = ?, dissent = ?, gaps = ?, memo = ?,
		owner_id = ?, revision = revision + 1, updated_ms = ? WHERE id = ?`, w.Series, w.Statement, w.Likelihood, w.Confidence, w.Basis, w.Dissent,
		w.Gaps, w.Memo, w.Owner, t.now, row.ID); err != nil {
		return err
	}
	return t.keepRevision(themeKind, row.ID, row.Revision+1, what, w)
}

// ArchiveTheme takes a theme out of use, or back into it, and returns the id
// that takes this back. Rights as UpdateTheme. Its insights stay.
func (s *Store) ArchiveTheme(ctx context.Context, v models.Viewer, id models.ID, archived bool) (models.ID, error) {
	var undo models.ID
	err := s.transact(ctx, v, func(t *tx) error {
		row, err := t.themeFor(id)
		if err != nil || (row.ArchivedMs != 0) == archived {
			return err
		}
		if undo, err = t.undoable(undoTheme, "An archived theme", 0, themeBefore{ID: id, Archived: row.ArchivedMs, Moved: true}); err != nil {
			return err
		}
		at, action := models.Instant(0), "theme.restore"
		if archived {
			at, action = t.now, "theme.archive"
		}
		if err := t.exec("UPDATE themes SET archived_ms = ?, updated_ms = ? WHERE id = ?", at, t.now, id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: action, ObjectKind: themeKind, Object: id})
	})
	return undo, err
}

// themeBefore is a theme before an act: Revision and After for its words,
// which the history holds, Archived for its place.
type themeBefore struct {
	ID              models.ID
	Revision, After int
	Moved           bool
	Archived        models.Instant
}

const undoTheme = "theme"

func init() { undoVerbs[undoTheme] = undoThemeChange }

// undoThemeChange puts a theme back as it was, unless it was changed since.
func undoThemeChange(t *tx, u undoRow) error {
	var before themeBefore
	if err := json.Unmarshal([]byte(u.Payload), &before); err != nil {
		return err
	}
	row, err := t.themeFor(before.ID)
	if err != nil {
		return err
	}
	if before.Moved {
		return t.exec("UPDATE themes SET archived_ms = ?, updated_ms = ? WHERE id = ?", before.Archived, t.now, before.ID)
	}
	if row.Revision != before.After {
		return models.ErrConflict
	}
	var raw string
	if err := t.get(&raw, "SELECT content FROM revisions WHERE kind = ? AND object_id = ? AND revision = ?", themeKind, before.ID, before.Revision); err != nil {
		return err
	}
	var w themeWording
	if err := json.Unmarshal([]byte(raw), &w); err != nil {
		return err
	}
	return t.rewordTheme(row, w, "undone")
}

package store

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"gorm.io/gorm"

	"rotunda/models"
)

// codeRow is an entry of the codebook as the database keeps it.
type codeRow struct {
	ID         models.ID
	Kind       string
	Key        string
	Name       string
	Aliases    string // a JSON list
	Definition string
	UseWhen    string
	NotWhen    string
	Example    string
	Pillar     models.Pillar
	Position   int
	CreatedBy  models.ID
	CreatedMs  models.Instant
	ArchivedMs models.Instant
	Colour     string
	Shortcut   string
	MergedInto models.ID
	Revision   int
}

func (codeRow) TableName() string { return "codes" }

func (r codeRow) entry() models.CodeEntry {
	kind, _ := models.ParseCodeKind(r.Kind)
	e := models.CodeEntry{
		ID: r.ID, Archived: r.ArchivedMs != 0, MergedInto: r.MergedInto, AddedBy: r.CreatedBy, Revision: r.Revision,
		Code: models.Code{
			Kind: kind, Key: r.Key, Name: r.Name, Definition: r.Definition, UseWhen: r.UseWhen,
			DoNotUseWhen: r.NotWhen, Example: r.Example, Pillar: r.Pillar, Colour: r.Colour, Shortcut: r.Shortcut,
		},
	}
	if r.Aliases != "" {
		_ = json.Unmarshal([]byte(r.Aliases), &e.Aliases) // written by us; a broken list names nothing
	}
	return e
}

// reader is what can be read from: a transaction, or the readers' pool.
type reader interface {
	list(dest any, q sqlText, args ...any) error
	get(dest any, q sqlText, args ...any) error
}

// pooled reads from the readers' pool.
type pooled struct {
	s   *Store
	ctx context.Context //nolint:containedctx // lives for one call
}

func (p pooled) list(dest any, q sqlText, args ...any) error {
	return p.s.list(p.ctx, dest, q, args...)
}
func (p pooled) get(dest any, q sqlText, args ...any) error { return p.s.get(p.ctx, dest, q, args...) }

func (s *Store) reader(ctx context.Context) reader { return pooled{s, ctx} }

// loadCodebook reads the codebook in its order: by kind, then position.
func loadCodebook(r reader) (models.Codebook, error) {
	var rows []codeRow
	err := r.list(&rows, `SELECT * FROM codes ORDER BY
		CASE kind WHEN 'pillar' THEN 1 WHEN 'action' THEN 2 WHEN 'front' THEN 3 WHEN 'forum' THEN 4 ELSE 5 END, position, id`)
	out := make(models.Codebook, len(rows))
	for i, row := range rows {
		out[i] = row.entry()
	}
	return out, err
}

// Codebook returns the institute's codes in codebook order, archived ones
// included. Staff and co-hosts read it; others get models.ErrNotFound.
func (s *Store) Codebook(ctx context.Context, v models.Viewer) (models.Codebook, error) {
	if !v.IsAccount() && !v.IsSystem() {
		return nil, models.ErrNotFound
	}
	return s.codebook(ctx)
}

// keptBook is the codebook as it was in one state of the database. Nobody may
// write to it.
type keptBook struct {
	mu   sync.Mutex
	of   Generation
	book models.Codebook
}

// codebook is loadCodebook outside of a transaction, read anew only where there
// was a commit since: every page needs it, and it seldom changes.
func (s *Store) codebook(ctx context.Context) (models.Codebook, error) {
	g := s.Generation(ctx) // first: see there
	k := &s.book
	k.mu.Lock()
	of, book := k.of, k.book
	k.mu.Unlock()
	if g.Known() && of == g {
		return book, nil
	}
	book, err := loadCodebook(s.reader(ctx))
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if g.After(k.of) {
		k.of, k.book = g, book
	}
	return book, nil
}

// ensureCodebook gives a new institute the default codebook.
func (s *Store) ensureCodebook(ctx context.Context) error {
	return s.transact(ctx, models.System("migrate"), func(t *tx) error {
		var codes, versions int
		if err := t.get(&codes, "SELECT count(*) FROM codes"); err != nil {
			return err
		}
		if codes == 0 {
			for i, c := range models.DefaultCodes() {
				if err := t.insertCode(s.newID(), c, i+1); err != nil {
					return err
				}
			}
		}
		if err := t.get(&versions, "SELECT count(*) FROM codebook_versions"); err != nil || versions > 0 {
			return err
		}
		return t.newVersion("The first version")
	})
}

func (t *tx) insertCode(id models.ID, c models.Code, position int) error {
	aliases, err := encodeAliases(c.Aliases)
	if err != nil {
		return err
	}
	return t.insert(&codeRow{
		ID: id, Kind: c.Kind.Key(), Key: c.Key, Name: c.Name, Aliases: aliases, Definition: c.Definition,
		UseWhen: c.UseWhen, NotWhen: c.DoNotUseWhen, Example: c.Example, Pillar: c.Pillar, Position: position,
		Colour: c.Colour, Shortcut: c.Shortcut, CreatedBy: t.viewer.Account(), CreatedMs: t.now, Revision: 1,
	})
}

// encodeAliases writes other spellings as the column keeps them.
func encodeAliases(aliases []string) (string, error) {
	if len(aliases) == 0 {
		return "", nil
	}
	raw, err := json.Marshal(aliases)
	return string(raw), err
}

// appendCode adds a code at the end of the book.
func (t *tx) appendCode(id models.ID, c models.Code) error {
	var last int
	if err := t.get(&last, "SELECT COALESCE(max(position), 0) FROM codes"); err != nil {
		return err
	}
	err := t.insertCode(id, c, last+1)
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return models.ErrConflict
	}
	return err
}

// CreateTag adds a tag to the codebook and returns its entry; where one of
// that word exists, it returns that. Who tags insights of some roundtable may,
// and who edits the codebook. Bad input is a *models.InvalidError.
func (s *Store) CreateTag(ctx context.Context, v models.Viewer, room models.ID, in models.TagInput) (models.CodeEntry, error) {
	if !models.Can(v, models.EditCodebook) && !models.CanIn(v, models.TagInsight, room) {
		return models.CodeEntry{}, models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return models.CodeEntry{}, err
	}
	var entry models.CodeEntry
	err = s.transact(ctx, v, func(t *tx) error {
		book, err := loadCodebook(t)
		if err != nil {
			return err
		}
		var known bool
		if entry, known = book.Resolve(models.CodeTag, in.Key()); known {
			if entry.Archived {
				return models.Invalid("name", "“"+entry.Name+"” is archived in the codebook. Restore it there, or choose another word.")
			}
			return nil
		}
		id := s.newID()
		if err := t.appendCode(id, models.Code{Kind: models.CodeTag, Key: in.Key(), Name: in.Name, Definition: in.Definition}); err != nil {
			return err
		}
		if err := t.bookChanged("Added the tag “" + in.Name + "”"); err != nil {
			return err
		}
		if err := t.audit(auditRow{Action: "codebook.tag", ObjectKind: "code", Object: id, Roundtable: room}); err != nil {
			return err
		}
		var row codeRow
		err = t.get(&row, "SELECT * FROM codes WHERE id = ?", id)
		entry = row.entry()
		return err
	})
	return entry, err
}

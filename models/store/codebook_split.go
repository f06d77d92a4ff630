package store

import (
	"context"
	"slices"

	"rotunda/models"
)

// mostSplit is how many insights one split changes.
const mostSplit = 5000

// splitBefore is what an insight carried before a split, and its revision since.
type splitBefore struct {
	ID    models.ID
	After int
	Codes string
}

// PreviewSplit says what a split of a code would change, as the viewer sees it.
// Who edits the codebook may ask. Bad input is an *models.InvalidError.
func (s *Store) PreviewSplit(ctx context.Context, v models.Viewer, id models.ID, in models.SplitInput) (models.SplitPreview, error) {
	if !models.Can(v, models.EditCodebook) {
		return models.SplitPreview{}, models.ErrForbidden
	}
	d, err := s.finder(ctx, v)
	if err != nil {
		return models.SplitPreview{}, err
	}
	e, ok := d.book.Entry(id)
	if !ok || e.MergedInto != 0 || e.Kind.Fixed() {
		return models.SplitPreview{}, models.ErrNotFound
	}
	if _, _, err := splitName(d.book, e, in); err != nil {
		return models.SplitPreview{}, err
	}
	filter, err := in.Filter(e)
	if err != nil {
		return models.SplitPreview{}, err
	}
	n, err := d.countTo(ctx, filter, mostSplit)
	if err != nil {
		return models.SplitPreview{}, err
	}
	page, err := s.Insights(ctx, v, filter, Cursor{})
	return models.SplitPreview{
		Count: models.CodeCount{N: min(n, mostSplit), Capped: n > mostSplit}, Examples: page.Insights[:min(len(page.Insights), 12)],
	}, err
}

// SplitCode gives those insights of a code that the viewer reads and the rule
// chooses another one, which is made where it does not exist. It returns how
// many changed, and the id that TakeBack wants. Who edits the codebook may. Bad
// input, and more than 5,000 insights, is an *models.InvalidError.
func (s *Store) SplitCode(ctx context.Context, v models.Viewer, id models.ID, in models.SplitInput) (changed int, undo models.ID, err error) {
	ids, err := s.splitOff(ctx, v, id, in)
	if err != nil {
		return 0, 0, err
	}
	undo, err = s.changeBook(ctx, v, "codebook.split", func(t *tx, book models.Codebook, back *bookUndo) (models.ID, error) {
		e, ok := book.Entry(id)
		if !ok || e.MergedInto != 0 || e.Kind.Fixed() {
			return 0, models.ErrNotFound
		}
		into, err := t.splitInto(book, e, in, back)
		if err != nil {
			return 0, err
		}
		if err := t.codeStaysClean(into, "name", e.ID); err != nil {
			return 0, err
		}
		changed, err = t.recode(ids, e.ID, into.ID, in.Both, back)
		back.What = "Split “" + into.Name + "” off “" + e.Name + "”"
		return e.ID, err
	})
	return changed, undo, err
}

// splitOff lists the insights that a split's rule chooses.
func (s *Store) splitOff(ctx context.Context, v models.Viewer, id models.ID, in models.SplitInput) ([]models.ID, error) {
	preview, err := s.PreviewSplit(ctx, v, id, in)
	if err != nil {
		return nil, err
	}
	switch {
	case preview.Count.Capped:
		return nil, models.Invalid("words", "The rule chooses more than 5,000 insights. Narrow it.")
	case preview.Count.N == 0:
		return nil, models.Invalid("words", "The rule chooses no insight.")
	}
	d, err := s.finder(ctx, v)
	if err != nil {
		return nil, err
	}
	e, _ := d.book.Entry(id)
	filter, err := in.Filter(e)
	if err != nil {
		return nil, err
	}
	w, ok := d.find(filter)
	if !ok {
		return nil, models.ErrNotFound
	}
	var ids []models.ID
	err = s.list(ctx, &ids, "SELECT i.id FROM insight_search f JOIN insights i ON i.pos = "+d.pos()+w.text()+" LIMIT ?", append(w.args, mostSplit)...)
	return ids, err
}

// splitName finds the code that a split gives, or checks the name of a new one.
func splitName(book models.Codebook, from models.CodeEntry, in models.SplitInput) (e models.CodeEntry, found bool, err error) {
	if e, ok := book.Resolve(from.Kind, models.TagInput{Name: in.Name}.Key()); ok {
		if e.ID == from.ID || e.Archived {
			return e, true, models.Invalid("name", "Choose another name: “"+e.Name+"” cannot be split off.")
		}
		return e, true, nil
	}
	e, err = models.CodeInput{Kind: from.Kind, Name: in.Name}.Check(book, models.CodeEntry{})
	return e, false, err
}

// splitInto finds or makes the code that a split gives.
func (t *tx) splitInto(book models.Codebook, from models.CodeEntry, in models.SplitInput, back *bookUndo) (models.CodeEntry, error) {
	e, found, err := splitName(book, from, in)
	if err != nil || found {
		return e, err
	}
	e.ID = t.s.newID()
	back.Created = e.ID
	return e, t.appendCode(e.ID, e.Code)
}

// recode puts a code on insights, and takes another off unless both stay.
func (t *tx) recode(ids []models.ID, from, to models.ID, both bool, back *bookUndo) (int, error) {
	for part := range slices.Chunk(ids, mostInsights) {
		c, err := t.changing(part...)
		if err != nil {
			return 0, err
		}
		c.codesOnly = true
		for _, id := range part {
			if _, there := c.held[id]; !there {
				continue // struck meanwhile
			}
			if err := c.change(id, "tagged", func(ch *insightChange) error {
				if !slices.Contains(ch.codes, from) || slices.Contains(ch.codes, to) && both {
					return errUnchanged
				}
				codes := slices.DeleteFunc(slices.Clone(ch.codes), func(code models.ID) bool { return code == to || code == from && !both })
				ch.codes = append(codes, to)
				return nil
			}); err != nil {
				return 0, err
			}
		}
		for _, b := range c.undo {
			back.Split = append(back.Split, splitBefore{ID: b.ID, After: b.After, Codes: b.Codes})
		}
		if err := c.finish(); err != nil {
			return 0, err
		}
	}
	return len(back.Split), nil
}

// unsplit gives insights back the codes they had before a split, but those that
// were changed since, and removes the code that was made for it.
func (b bookUndo) unsplit(t *tx) error {
	for part := range slices.Chunk(b.Split, mostInsights) {
		ids := make([]models.ID, len(part))
		for i, before := range part {
			ids[i] = before.ID
		}
		c, err := t.changing(ids...)
		if err != nil {
			return err
		}
		c.codesOnly = true
		for _, before := range part {
			if held, there := c.held[before.ID]; !there || held.row.Revision != before.After {
				continue
			}
			if err := c.change(before.ID, "undone", func(ch *insightChange) error {
				ch.codes = decodeCodes(before.Codes)
				return nil
			}); err != nil {
				return err
			}
		}
		if err := c.finish(); err != nil {
			return err
		}
	}
	if len(b.Split) == 0 || b.Created == 0 {
		return nil
	}
	return t.deleteUnused(b.Created)
}

package store

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"rotunda/models"
)

// importBatch is how many rows are judged, and written, at once.
const importBatch = 1000

// importKept is how long a file's rows are kept: as long as its import can be
// taken back.
const importKept = undoKept

type importRow struct {
	ID          models.ID
	AccountID   models.ID
	FileName    string
	State       models.ImportState
	Columns     string
	Notes       string
	Sector      models.Sector
	Counts      string
	CreatedMs   models.Instant
	CommittedMs models.Instant
}

func (importRow) TableName() string { return "imports" }

func (r importRow) model() (models.Import, error) {
	i := models.Import{
		ID: r.ID, ImportFile: models.ImportFile{Name: r.FileName, Sector: r.Sector},
		State: r.State, CreatedAt: r.CreatedMs, CommittedAt: r.CommittedMs,
	}
	return i, errors.Join(fromJSON(r.Columns, &i.Columns), fromJSON(r.Notes, &i.Notes), fromJSON(r.Counts, &i.Counts))
}

func fromJSON(text string, dest any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), dest)
}

func toJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own plain types always have a text
	}
	return string(raw)
}

// StageImport keeps the rows of a file of people and judges them, row by row:
// it holds one batch in memory, never the file. Nothing reaches the directory.
// next returns io.EOF after the last row; any other error drops the import and
// is returned as it is. progress, where not nil, hears how many rows were read.
// Only who may import people may; others get models.ErrForbidden.
func (s *Store) StageImport(ctx context.Context, v models.Viewer, file models.ImportFile, next func() (models.RawRow, error), progress func(rows int)) (models.ID, error) {
	if !models.Can(v, models.ImportPeople) {
		return 0, models.ErrForbidden
	}
	id := s.newID()
	err := s.transact(ctx, v, func(t *tx) error {
		if err := t.exec("DELETE FROM imports WHERE created_ms < ?", t.now.Add(-importKept)); err != nil {
			return err
		}
		return t.insert(&importRow{
			ID: id, AccountID: v.Account(), FileName: file.Name, State: models.ImportReading,
			Columns: toJSON(file.Columns), Notes: toJSON(file.Notes), Sector: file.Sector, CreatedMs: t.now,
		})
	})
	if err != nil {
		return 0, err
	}
	if err := s.stageRows(ctx, v, id, file, next, progress); err != nil {
		dropped := s.DropImport(context.WithoutCancel(ctx), v, id)
		return 0, errors.Join(err, dropped)
	}
	return id, nil
}

func (s *Store) stageRows(ctx context.Context, v models.Viewer, id models.ID, file models.ImportFile, next func() (models.RawRow, error), progress func(int)) error {
	j, state := newImportJudge(file, id), models.ImportReady
	if j == nil {
		state = models.ImportMapping
	}
	var counts models.ImportCounts
	rows := make([]models.RawRow, 0, importBatch)
	read := 0
	for end := false; !end; {
		rows = rows[:0]
		for len(rows) < importBatch && !end {
			row, err := next()
			switch {
			case errors.Is(err, io.EOF):
				end = true
			case err != nil:
				return err
			default:
				rows = append(rows, row)
			}
		}
		if err := s.stageBatch(ctx, v, id, j, rows, &counts); err != nil {
			return err
		}
		if read += len(rows); progress != nil {
			progress(read)
		}
	}
	return s.transact(ctx, v, func(t *tx) error {
		return t.exec("UPDATE imports SET state = ?, counts = ? WHERE id = ?", state, toJSON(counts), id)
	})
}

func (s *Store) stageBatch(ctx context.Context, v models.Viewer, id models.ID, j *importJudge, rows []models.RawRow, counts *models.ImportCounts) error {
	judged := make([]judgedRow, len(rows))
	for i := range judged {
		judged[i].verdict = -1
	}
	if j != nil {
		var err error
		if judged, err = j.judge(rows, func(dest any, q sqlText, args ...any) error { return s.list(ctx, dest, q, args...) }); err != nil {
			return err
		}
	}
	return s.transact(ctx, v, func(t *tx) error {
		b := t.bulk("INSERT INTO import_rows (import_id, line, verdict, person_id, cells, detail, unread) VALUES ", "(?,?,?,?,?,?,?)")
		for i, row := range rows {
			g := judged[i]
			if g.verdict >= 0 {
				counts.Add(g.verdict, len(g.problems))
			} else if row.Problem != "" {
				g.problems = []models.RowProblem{{Line: row.Line, Column: row.Column, Reason: row.Problem}}
			}
			if err := b.add(int64(id), row.Line, int(g.verdict), int64(g.person), toJSON(row.Cells), g.detail(), row.Problem != ""); err != nil {
				return err
			}
		}
		return b.flush()
	})
}

// MapImport judges the rows of an import again, with other columns or another
// sector for people without one. Columns that cannot be used are a
// *models.InvalidError; an import that is already saved is models.ErrConflict.
// Rights as StageImport.
func (s *Store) MapImport(ctx context.Context, v models.Viewer, id models.ID, columns []models.ImportColumn, sector models.Sector) error {
	if !models.Can(v, models.ImportPeople) {
		return models.ErrForbidden
	}
	if _, err := models.NewColumnMapping(columns); err != nil {
		return err
	}
	file := models.ImportFile{Columns: columns, Sector: sector}
	return s.transact(ctx, v, func(t *tx) error {
		i, err := t.openImport(id)
		if err != nil {
			return err
		}
		if len(i.Columns) != len(columns) {
			return models.ErrConflict
		}
		var counts models.ImportCounts
		j := newImportJudge(file, id)
		err = t.eachStaged(id, func(rows []stagedRow) error {
			judged, err := j.judge(rawRows(rows), t.list)
			if err != nil {
				return err
			}
			args := make([]any, 0, 5*len(rows))
			for i, g := range judged {
				counts.Add(g.verdict, len(g.problems))
				args = append(args, id, rows[i].Line, int(g.verdict), g.person, g.detail())
			}
			return t.insertMany("INSERT INTO import_rows (import_id, line, verdict, person_id, cells, detail) VALUES ", "(?, ?, ?, ?, '', ?)", 5,
				" ON CONFLICT (import_id, line) DO UPDATE SET verdict = excluded.verdict, person_id = excluded.person_id, detail = excluded.detail, chosen = FALSE", args)
		})
		if err != nil {
			return err
		}
		return t.exec("UPDATE imports SET state = ?, columns = ?, sector = ?, counts = ? WHERE id = ?",
			models.ImportReady, toJSON(columns), sector, toJSON(counts), id)
	})
}

// ChooseDuplicates notes which of an import's possible duplicates among lines
// are to be created: those in chosen. Errors and rights as MapImport.
func (s *Store) ChooseDuplicates(ctx context.Context, v models.Viewer, id models.ID, lines, chosen []int) error {
	if !models.Can(v, models.ImportPeople) {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.openImport(id); err != nil {
			return err
		}
		if len(lines) > 0 {
			if err := t.exec("UPDATE import_rows SET chosen = FALSE WHERE import_id = ? AND line IN ?", id, lines); err != nil {
				return err
			}
		}
		if len(chosen) == 0 {
			return nil
		}
		return t.exec("UPDATE import_rows SET chosen = TRUE WHERE import_id = ? AND verdict = ? AND line IN ?", id, int(models.RowDuplicate), chosen)
	})
}

// openImport returns an import that waits to be saved.
func (t *tx) openImport(id models.ID) (models.Import, error) {
	var r importRow
	if err := t.get(&r, "SELECT * FROM imports WHERE id = ?", id); err != nil {
		return models.Import{}, err
	}
	if r.State != models.ImportReady && r.State != models.ImportMapping {
		return models.Import{}, models.ErrConflict
	}
	return r.model()
}

// DropImport forgets an import that was not saved. An unknown one is no error.
func (s *Store) DropImport(ctx context.Context, v models.Viewer, id models.ID) error {
	if !models.Can(v, models.ImportPeople) {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		return t.exec("DELETE FROM imports WHERE id = ? AND committed_ms = 0", id)
	})
}

// Import returns one import with its counts. Only who may import people reads
// imports; others get models.ErrForbidden.
func (s *Store) Import(ctx context.Context, v models.Viewer, id models.ID) (models.Import, error) {
	if !models.Can(v, models.ImportPeople) {
		return models.Import{}, models.ErrForbidden
	}
	var r importRow
	if err := s.get(ctx, &r, "SELECT * FROM imports WHERE id = ?", id); err != nil {
		return models.Import{}, err
	}
	return r.model()
}

// Imports lists the newest imports that were saved or taken back, at most n.
func (s *Store) Imports(ctx context.Context, v models.Viewer, n int) ([]models.Import, error) {
	if !models.Can(v, models.ImportPeople) {
		return nil, models.ErrForbidden
	}
	var rows []importRow
	if err := s.list(ctx, &rows, "SELECT * FROM imports WHERE committed_ms > 0 ORDER BY committed_ms DESC, id LIMIT ?", n); err != nil {
		return nil, err
	}
	out := make([]models.Import, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.model(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// importPage is how many rows a page of a preview holds.
const importPage = 50

// ImportRows returns a page of an import's rows by line, and the line after
// which the next page begins, zero at the end. Rights as Import.
func (s *Store) ImportRows(ctx context.Context, v models.Viewer, id models.ID, f models.ImportRowFilter) ([]models.ImportRow, int, error) {
	i, err := s.Import(ctx, v, id)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = importPage
	}
	var w where
	w.add("import_id = ?", id)
	w.add("line > ?", f.After)
	if f.Only != nil {
		w.add("verdict = ?", int(*f.Only))
	}
	var staged []stagedRow
	if err := s.list(ctx, &staged, "SELECT * FROM import_rows"+w.text()+" ORDER BY line LIMIT ?", append(w.args, limit+1)...); err != nil {
		return nil, 0, err
	}
	after := 0
	if len(staged) > limit {
		staged = staged[:limit]
		after = staged[limit-1].Line
	}
	known, err := s.knownPeople(ctx, staged)
	if err != nil {
		return nil, 0, err
	}
	mapping, invalid := models.NewColumnMapping(i.Columns)
	out := make([]models.ImportRow, len(staged))
	for n, r := range staged {
		if out[n], err = r.model(mapping, invalid == nil, known); err != nil {
			return nil, 0, err
		}
	}
	return out, after, nil
}

func (s *Store) knownPeople(ctx context.Context, rows []stagedRow) (map[models.ID]models.PersonInput, error) {
	var ids []models.ID
	for _, r := range rows {
		if r.PersonID != 0 {
			ids = append(ids, r.PersonID)
		}
	}
	out := map[models.ID]models.PersonInput{}
	if len(ids) == 0 {
		return out, nil
	}
	var people []personRow
	if err := s.list(ctx, &people, "SELECT * FROM people WHERE id IN ?", ids); err != nil {
		return nil, err
	}
	for _, p := range people {
		out[p.ID] = p.input()
	}
	return out, nil
}

// ImportProblems returns what is wrong with the rows of an import, in the order
// of the file, from the rows after a line; the second result is where to go on,
// zero at the end. Rights as Import.
func (s *Store) ImportProblems(ctx context.Context, v models.Viewer, id models.ID, after int) ([]models.RowProblem, int, error) {
	bad := models.RowError
	rows, next, err := s.ImportRows(ctx, v, id, models.ImportRowFilter{Only: &bad, After: after, Limit: importBatch})
	var out []models.RowProblem
	for _, r := range rows {
		out = append(out, r.Problems...)
	}
	return out, next, err
}

package store

import (
	"encoding/json"

	"rotunda/models"
)

// stagedRow is one row of an import as the database keeps it.
type stagedRow struct {
	ImportID models.ID
	Line     int
	Verdict  models.Verdict
	PersonID models.ID
	Cells    string
	Detail   string
	Unread   bool
	Chosen   bool
	Before   string
}

// rowDetail is what a verdict says beside itself.
type rowDetail struct {
	Problems []models.RowProblem  `json:"p,omitempty"`
	Changes  []models.FieldChange `json:"c,omitempty"`
	Notes    []models.FieldNote   `json:"n,omitempty"`
	Earlier  int                  `json:"l,omitempty"`
}

// raw returns the row as it stood in the file.
func (r stagedRow) raw() (models.RawRow, error) {
	row := models.RawRow{Line: r.Line}
	if r.Unread {
		var d rowDetail
		if err := fromJSON(r.Detail, &d); err != nil {
			return row, err
		}
		row.Problem = "The row cannot be read."
		if len(d.Problems) > 0 {
			row.Column, row.Problem = d.Problems[0].Column, d.Problems[0].Reason
		}
	}
	return row, json.Unmarshal([]byte(r.Cells), &row.Cells)
}

func (r stagedRow) model(m *models.ColumnMapping, mapped bool, known map[models.ID]models.PersonInput) (models.ImportRow, error) {
	out := models.ImportRow{Line: r.Line, Verdict: r.Verdict, Person: r.PersonID, Chosen: r.Chosen, Known: known[r.PersonID]}
	var d rowDetail
	if err := fromJSON(r.Detail, &d); err != nil {
		return out, err
	}
	out.Problems, out.Changes, out.Notes, out.Earlier = d.Problems, d.Changes, d.Notes, d.Earlier
	raw, err := r.raw()
	if err != nil || !mapped {
		return out, err
	}
	raw.Problem = "" // shown beside what could be read
	out.Said, _, _ = m.Person(raw)
	return out, nil
}

func rawRows(staged []stagedRow) []models.RawRow {
	out := make([]models.RawRow, len(staged))
	for i, r := range staged {
		row, err := r.raw()
		if err != nil {
			row.Problem = "The row cannot be read."
		}
		out[i] = row
	}
	return out
}

// eachStaged hands over the rows of an import in batches, by line.
func (t *tx) eachStaged(id models.ID, f func([]stagedRow) error) error {
	for after := -1; ; {
		var rows []stagedRow
		if err := t.list(&rows, "SELECT * FROM import_rows WHERE import_id = ? AND line > ? ORDER BY line LIMIT ?", id, after, importBatch); err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		if err := f(rows); err != nil {
			return err
		}
		after = rows[len(rows)-1].Line
	}
}

// importJudge judges the rows of one import, batch after batch.
type importJudge struct {
	mapping *models.ColumnMapping
	matcher *models.Matcher
	id      models.ID // of the import, whose own people do not count as known
}

// newImportJudge returns nil where the columns cannot be used yet.
func newImportJudge(file models.ImportFile, id models.ID) *importJudge {
	m, err := models.NewColumnMapping(file.Columns)
	if err != nil {
		return nil
	}
	return &importJudge{m, models.NewMatcher(m.Fields, file.Sector), id}
}

// judgedRow is a row with its verdict. known is the row of the person that it
// updates.
type judgedRow struct {
	verdict  models.Verdict
	person   models.ID
	result   models.PersonInput
	known    personRow
	earlier  int
	problems []models.RowProblem
	changes  []models.FieldChange
	notes    []models.FieldNote
}

func (g judgedRow) detail() string {
	if len(g.problems) == 0 && len(g.changes) == 0 && len(g.notes) == 0 && g.earlier == 0 {
		return ""
	}
	return toJSON(rowDetail{g.problems, g.changes, g.notes, g.earlier})
}

// judge reads and judges one batch. Rows must come in the order of the file.
func (j *importJudge) judge(rows []models.RawRow, list lister) ([]judgedRow, error) {
	out := make([]judgedRow, len(rows))
	read := make([]models.PersonInput, len(rows))
	var names, externals []string
	for i, row := range rows {
		read[i], out[i].notes, out[i].problems = j.mapping.Person(row)
		if len(out[i].problems) > 0 {
			out[i].verdict = models.RowError
			continue
		}
		k := read[i].Keys()
		names = append(names, k.Name)
		if k.External != "" {
			externals = append(externals, k.External)
		}
	}
	known, err := j.candidates(names, externals, list)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		if out[i].verdict == models.RowError {
			continue
		}
		g := j.matcher.Judge(row.Line, read[i])
		out[i].verdict, out[i].person, out[i].result, out[i].changes, out[i].earlier = g.Verdict, g.Person, g.Result, g.Changes, g.Line
		if g.Verdict == models.RowUpdates {
			out[i].known = known[g.Person]
		}
	}
	return out, nil
}

// candidates loads everybody whom the rows might mean: every rule but that of
// the external id asks for the same name.
func (j *importJudge) candidates(names, externals []string, list lister) (map[models.ID]personRow, error) {
	var people []personRow
	for from := 0; from < len(names); from += importBatch / 2 {
		const q sqlText = "SELECT * FROM people WHERE import_id <> ? AND name_fold IN ? ORDER BY created_ms, id"
		if err := appendRows(&people, list, q, j.id, filled(names[from:min(from+importBatch/2, len(names))])); err != nil {
			return nil, err
		}
	}
	for from := 0; from < len(externals); from += importBatch / 2 {
		const q sqlText = "SELECT * FROM people WHERE import_id <> ? AND external_id IN ? ORDER BY created_ms, id"
		if err := appendRows(&people, list, q, j.id, filled(externals[from:min(from+importBatch/2, len(externals))])); err != nil {
			return nil, err
		}
	}
	byID := make(map[models.ID]personRow, len(people))
	load := make([]models.Candidate, 0, len(people))
	for _, p := range people {
		if _, ok := byID[p.ID]; ok {
			continue
		}
		byID[p.ID] = p
		load = append(load, models.Candidate{ID: p.ID, Person: p.input()})
	}
	j.matcher.Load(load)
	return byID, nil
}

// filled repeats the last value until a list has one of few lengths, so that
// the database sees few different statements.
func filled(values []string) []string {
	size := 1
	for size < len(values) {
		size *= 8
	}
	out := make([]string, size)
	n := copy(out, values)
	for ; n < size; n++ {
		out[n] = values[len(values)-1]
	}
	return out
}

func appendRows(people *[]personRow, list lister, q sqlText, args ...any) error {
	var more []personRow
	if err := list(&more, q, args...); err != nil {
		return err
	}
	*people = append(*people, more...)
	return nil
}

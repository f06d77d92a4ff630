package store

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"rotunda/models"
)

// stagedRow is one row of an import as the database keeps it.
type stagedRow struct {
	ImportID models.ID
	Line     int
	Verdict  models.RowVerdict
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
	out.Cells = raw.Cells
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
	verdict  models.RowVerdict
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
	var w wanted
	for i, row := range rows {
		read[i], out[i].notes, out[i].problems = j.mapping.Person(row)
		if len(out[i].problems) > 0 {
			out[i].verdict = models.RowError
			continue
		}
		w.add(read[i].Keys())
	}
	known, err := j.candidates(w, list)
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

// wanted gathers the keys by which a batch of rows looks for known people.
type wanted struct {
	externals, emails, named  []string // of rows that have one; named are the names of rows with an e-mail
	bare, bareNames, nameOrgs []string // of rows with neither, and of the others
}

func (w *wanted) add(k models.Keys) {
	if k.External != "" {
		w.externals = append(w.externals, k.External)
	}
	if len(k.Emails) > 0 {
		w.emails = append(w.emails, k.Emails...)
		w.named = append(w.named, k.Name)
	}
	if k.Bare() {
		w.bare, w.bareNames = append(w.bare, k.NameOrg), append(w.bareNames, k.Name)
	} else {
		w.nameOrgs = append(w.nameOrgs, k.NameOrg)
	}
}

// candidates loads everybody whom the rows might mean, as the Matcher asks for
// it, and returns them by id.
func (j *importJudge) candidates(w wanted, list lister) (map[models.ID]personRow, error) {
	if slices.Contains(j.mapping.Fields, models.FieldOrganisation) {
		w.bareNames = nil // the organisation is compared too
	}
	byID := map[models.ID]personRow{}
	for _, look := range []struct {
		q    sqlText
		keys []string
	}{
		{"external_id IN ? AND external_id <> ''", w.externals},
		{"email_fold IN ? AND email_fold <> ''", w.emails},
		{"name_fold IN ? AND other_emails <> ''", w.named},
		{"name_org IN ?", w.bare},
		{"name_org IN ? AND external_id = '' AND email_fold = ''", w.nameOrgs},
		{"name_fold IN ? AND email_fold = ''", w.bareNames},
	} {
		if len(look.keys) == 0 {
			continue
		}
		var people []personRow
		if err := list(&people, "SELECT * FROM people WHERE "+look.q+" AND import_id <> ?", filled(look.keys), j.id); err != nil {
			return nil, err
		}
		for _, p := range people {
			byID[p.ID] = p
		}
	}
	rows := slices.SortedFunc(maps.Values(byID), func(a, b personRow) int {
		return cmp.Or(cmp.Compare(a.CreatedMs, b.CreatedMs), cmp.Compare(a.ID, b.ID))
	})
	load := make([]models.Candidate, len(rows))
	for i, p := range rows {
		load[i] = models.Candidate{ID: p.ID, Person: p.input()}
	}
	j.matcher.Load(load)
	return byID, nil
}

// filled repeats the last value until a list has one of few lengths, so that
// the database sees few different statements.
func filled(values []string) []string {
	size := 1
	for size < len(values) {
		size *= 2
	}
	out := make([]string, size)
	n := copy(out, values)
	for ; n < size; n++ {
		out[n] = values[len(values)-1]
	}
	return out
}

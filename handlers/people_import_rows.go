package handlers

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

var verdictKinds = map[models.RowVerdict]string{
	models.RowNew: "yes", models.RowUpdates: "swap", models.RowUnchanged: "none", models.RowDuplicate: "wait", models.RowError: "no",
}

func (s *Server) fillImportRows(c echo.Context, p *views.ImportPage, i models.Import) error {
	filter := models.ImportRowFilter{}
	filter.After, _ = strconv.Atoi(c.QueryParam("after"))
	only := c.QueryParam("only")
	if v, ok := models.ParseRowVerdict(only); ok {
		filter.Only = &v
	} else {
		only = ""
	}
	rows, next, err := s.Store.ImportRows(c.Request().Context(), web.Viewer(c), i.ID, filter)
	if err != nil {
		return err
	}
	here := urls.Import(i.ID)
	p.Back = c.Request().URL.RequestURI()
	p.Verdicts = []ui.SegmentItem{{Label: "All " + ui.Thousands(i.Counts.Rows()), Href: here + "#rows", Current: only == ""}}
	for _, v := range models.RowVerdicts {
		if n := i.Counts.Of(v); n > 0 {
			p.Verdicts = append(p.Verdicts, ui.SegmentItem{Label: v.Name() + " " + ui.Thousands(n), Href: urls.With(here, "only", v.Key()) + "#rows", Current: only == v.Key()})
		}
	}
	var fields []models.PersonField
	labels := map[string]models.PersonField{}
	for _, col := range i.Columns {
		if col.Field == "" {
			continue
		}
		labels[col.Label] = col.Field
		if !slices.Contains(fields, col.Field) { // the notes may be made of several
			fields = append(fields, col.Field)
			p.Heads = append(p.Heads, col.Field.Name())
		}
	}
	if i.Sector != models.SectorNone && !slices.Contains(fields, models.FieldSector) {
		fields = append(fields, models.FieldSector)
		p.Heads = append(p.Heads, models.FieldSector.Name())
	}
	for _, r := range rows {
		row := importRowView(r, fields, labels, i.Sector)
		p.HasDuplicates = p.HasDuplicates || row.Choose
		p.Rows = append(p.Rows, row)
	}
	if next > 0 {
		p.Next = urls.With(here, "only", only, "after", strconv.Itoa(next)) + "#rows"
	}
	if filter.After > 0 {
		p.First = urls.With(here, "only", only) + "#rows"
	}
	p.ChoicesURL = urls.ImportChoices(i.ID)
	p.Commit = importCommitForm(i)
	return nil
}

func importRowView(r models.ImportRow, fields []models.PersonField, labels map[string]models.PersonField, sector models.Sector) views.ImportRowView {
	row := views.ImportRowView{
		Line: strconv.Itoa(r.Line), Kind: verdictKinds[r.Verdict], Verdict: r.Verdict.Name(), Dim: r.Verdict == models.RowUnchanged,
		Bad: r.Verdict == models.RowError, Choose: r.Verdict == models.RowDuplicate, Chosen: r.Chosen,
	}
	problems := map[models.PersonField]string{}
	for _, problem := range r.Problems {
		if f, ok := labels[problem.Column]; ok {
			problems[f] = problem.Reason
		} else {
			row.Remarks = append(row.Remarks, problem.Reason)
		}
	}
	old := map[models.PersonField]models.FieldChange{}
	for _, change := range r.Changes {
		old[change.Field] = change
	}
	for _, f := range fields {
		cell := views.ImportCell{Value: r.Said.Value(f), Problem: problems[f]}
		if f == models.FieldSector && cell.Value == "" && r.Verdict == models.RowNew {
			cell.Value = models.PersonInput{Sector: sector}.Value(f)
		}
		if change, ok := old[f]; ok {
			cell.Value, cell.Old = change.To, change.From
		}
		row.Cells = append(row.Cells, cell)
	}
	for _, note := range r.Notes {
		row.Remarks = append(row.Remarks, note.Message)
	}
	row.Match = matchWords(r)
	if r.Person != 0 {
		row.MatchHref, row.MatchName = urls.Person(r.Person), r.Known.FullName()
		if r.Known.DoNotContact {
			row.Remarks = append(row.Remarks, "Do not contact.")
		}
	}
	return row
}

func matchWords(r models.ImportRow) string {
	switch {
	case r.Verdict == models.RowError:
		return ""
	case r.Verdict == models.RowDuplicate && r.Person != 0:
		return "Same name and organization as"
	case r.Verdict == models.RowDuplicate:
		return fmt.Sprintf("Same name and organization as line %d", r.Earlier)
	case r.Verdict == models.RowNew:
		return "New person"
	case r.Earlier > 0:
		return fmt.Sprintf("The same as line %d", r.Earlier)
	}
	return "Known:"
}

func importCommitForm(i models.Import) views.ImportCommitForm {
	good := i.Counts.New + i.Counts.Updated
	f := views.ImportCommitForm{
		Action: urls.ImportCommit(i.ID), DropURL: urls.ImportDrop(i.ID), SkipErrors: i.Counts.BadRows > 0,
		Words: fmt.Sprintf("Importing adds %s.", ui.Count(i.Counts.New, "person", "people")),
	}
	if n := i.Counts.Updated; n > 0 {
		f.Words = fmt.Sprintf("Importing adds %s and changes %s.", ui.Count(i.Counts.New, "person", "people"), ui.Count(n, "person", "people"))
	}
	if n := i.Counts.BadRows; n > 0 {
		f.ProblemsHref = urls.ImportProblems(i.ID)
		f.Words += fmt.Sprintf(" %s left out.", ui.Count(n, "row with errors is", "rows with errors are"))
	}
	if n := i.Counts.Duplicates; n > 0 {
		f.Words += fmt.Sprintf(" %s left out unless chosen.", ui.Count(n, "possible duplicate is", "possible duplicates are"))
		f.AskDuplicates = "Create all possible duplicates"
	}
	switch {
	case good > 0 && i.Counts.BadRows > 0:
		f.Label = "Import the " + ui.Count(good, "good row", "good rows")
	case good > 0:
		f.Label = "Import " + ui.Count(good, "row", "rows")
	case i.Counts.Duplicates > 0:
		f.Label = "Import the chosen rows"
	default:
		f.Words = "There is nothing to import: every row is known already."
		if i.Counts.BadRows > 0 {
			f.Words = "There is nothing to import: no row is both new and free of errors."
		}
		if i.Counts.Rows() == 0 {
			f.Words = "The file names its columns and holds no rows."
		}
	}
	return f
}

func importDone(i models.Import) *views.ImportDone {
	n := i.Counts
	d := &views.ImportDone{
		Title: "Imported", PeopleHref: urls.PeoplePath, Text: importWords(n),
		Facts: []ui.Fact{{Term: "New", Value: ui.Thousands(n.New)}, {Term: "Updated", Value: ui.Thousands(n.Updated)}, {Term: "Unchanged", Value: ui.Thousands(n.Unchanged)},
			{Term: "Possible duplicates", Value: ui.Thousands(n.Duplicates)}, {Term: "With errors", Value: ui.Thousands(n.BadRows)}},
	}
	if i.State == models.ImportCommitted {
		d.UndoURL = urls.ImportUndo(i.ID)
		if n.BadRows > 0 {
			d.ProblemsHref = urls.ImportProblems(i.ID)
		}
		return d
	}
	d.Title, d.Undone = "Import taken back", true
	d.Text = "Everybody it added was removed, and everybody it changed is as they were before."
	if n.Kept > 0 {
		d.Text = fmt.Sprintf("%s stayed as they are, because they are on a guest list or were changed since. The rest is as it was before.", ui.Count(n.Kept, "person", "people"))
	}
	d.Facts = append(d.Facts, ui.Fact{Term: "Removed", Value: ui.Thousands(n.Removed)}, ui.Fact{Term: "Restored", Value: ui.Thousands(n.Restored)}, ui.Fact{Term: "Left as they are", Value: ui.Thousands(n.Kept)})
	return d
}

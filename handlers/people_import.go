package handlers

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/intake"
	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// maxImport is how large an uploaded file of people may be.
const (
	maxImport      = 32 << 20
	maxImportWords = "32 MB"
	earlierImports = 10
)

// importForm answers GET /people/import.
func (s *Server) importForm(c echo.Context) error {
	return s.importFormPage(c, http.StatusOK, "", nil)
}

func (s *Server) importFormPage(c echo.Context, status int, sector string, wrong map[string]string) error {
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	earlier, err := s.Store.Imports(c.Request().Context(), web.Viewer(c), earlierImports)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Import people", "people")
	if err != nil {
		return err
	}
	p := views.ImportFormPage{Page: page, Sector: sector, Sectors: sectorOptions("Leave it empty"), Limit: maxImportWords, Errors: wrong}
	p.Failed = len(wrong) > 0
	for _, i := range earlier {
		e := views.EarlierImport{File: i.Name, Href: urls.Import(i.ID), When: models.FormatDay(i.CommittedAt, zone), Words: importWords(i.Counts)}
		if i.State == models.ImportUndone {
			e.Words = "Taken back."
		}
		p.Earlier = append(p.Earlier, e)
	}
	return web.Render(c, status, views.ImportForm(p))
}

func importWords(n models.ImportCounts) string {
	return fmt.Sprintf("%s new, %s updated, %s unchanged.", ui.Thousands(n.New), ui.Thousands(n.Updated), ui.Thousands(n.Unchanged))
}

// importUpload answers POST /people/import: it reads the file as it comes in,
// never keeping the whole of it.
func (s *Server) importUpload(c echo.Context) error {
	web.LimitBody(c, maxImport+(1<<20))
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	sector := ""
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return s.importFormPage(c, http.StatusUnprocessableEntity, sector, map[string]string{"file": "Choose a file."})
		}
		if err != nil {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		switch part.FormName() {
		case "sector":
			raw, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return echo.NewHTTPError(http.StatusBadRequest)
			}
			sector = web.CleanText(string(raw))
		case "file":
			return s.importFile(c, part, sector)
		}
	}
}

// importFile stages an uploaded file and leads to its preview.
func (s *Server) importFile(c echo.Context, part *multipart.Part, sector string) error {
	id, err := s.stageFile(c, part, sector)
	var why *intake.FileError
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &why):
		return s.importFormPage(c, http.StatusUnprocessableEntity, sector, map[string]string{"file": why.Message})
	case errors.As(err, &tooLong):
		return s.importFormPage(c, http.StatusUnprocessableEntity, sector, map[string]string{"file": "The file is larger than " + maxImportWords + ", the most that can be imported at once. Split it and import the parts."})
	case err != nil:
		return err
	}
	return web.SeeOther(c, urls.Import(id))
}

func (s *Server) stageFile(c echo.Context, part *multipart.Part, sector string) (models.ID, error) {
	name := web.CleanText(part.FileName())
	if name == "" {
		return 0, &intake.FileError{Message: "Choose a file."}
	}
	table, err := intake.Open(name, part, intake.Limits{Bytes: maxImport})
	if err != nil {
		return 0, err
	}
	defer func() { _ = table.Close() }()
	file, rows, err := intake.Begin(name, table, "")
	if err != nil {
		return 0, err
	}
	file.Sector, _ = models.ParseSector(sector)
	return s.Store.StageImport(c.Request().Context(), web.Viewer(c), file, rows, nil)
}

// importPreview answers GET /people/import/:id: what the import would do, row
// by row, or what it did.
func (s *Server) importPreview(c echo.Context) error { return s.importPage(c, http.StatusOK, nil, nil) }

// importPage shows an import; columns and wrong are those of a refused form.
func (s *Server) importPage(c echo.Context, status int, columns []models.ImportColumn, wrong map[string]string) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	i, err := s.Store.Import(ctx, v, id)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Import people", "people")
	if err != nil {
		return err
	}
	p := views.ImportPage{Page: page, File: i.Name, Errors: wrong}
	p.Failed = len(wrong) > 0
	if i.State == models.ImportCommitted || i.State == models.ImportUndone {
		p.Done = importDone(i)
		return web.Render(c, status, views.Import(p))
	}
	if columns != nil {
		i.Columns = columns
	}
	fillImport(&p, i)
	if i.State == models.ImportReady && columns == nil {
		if err := s.fillImportRows(c, &p, i); err != nil {
			return err
		}
	}
	return web.Render(c, status, views.Import(p))
}

// fillImport fills what is known of the file and its columns.
func fillImport(p *views.ImportPage, i models.Import) {
	p.Sub = fmt.Sprintf("%s. Nothing is saved until you import.", i.Name)
	if i.State == models.ImportReady {
		p.Sub = fmt.Sprintf("%s, %s. Nothing is saved until you import.", i.Name, ui.Count(i.Counts.Rows(), "row", "rows"))
	}
	p.Notes, p.ColumnsURL = i.Notes, urls.ImportColumns(i.ID)
	p.Sector, p.Sectors = i.Sector.Key(), sectorOptions("Leave it empty")
	p.Fields = []ui.Option{{Label: "Leave out"}}
	for _, f := range models.PersonFields() {
		p.Fields = append(p.Fields, ui.Option{Value: string(f), Label: f.Name()})
	}
	counts := map[string]int{}
	for _, col := range i.Columns {
		how := col.How
		if col.Field == "" {
			how = ""
		}
		counts[how]++
		p.Columns = append(p.Columns, views.ImportColumnRow{Label: col.Label, Sample: col.Sample, Field: string(col.Field), Reason: col.Reason})
	}
	var notes []string
	for _, how := range []struct{ key, words string }{{"name", "matched by name"}, {"content", "by content"}, {"hand", "changed by you"}, {"", "left out"}} {
		if counts[how.key] > 0 {
			notes = append(notes, fmt.Sprintf("%d %s", counts[how.key], how.words))
		}
	}
	p.ColumnsNote = strings.Join(notes, ", ")
}

var verdictKinds = map[models.Verdict]string{
	models.RowNew: "yes", models.RowUpdates: "swap", models.RowUnchanged: "none", models.RowDuplicate: "wait", models.RowError: "no",
}

func (s *Server) fillImportRows(c echo.Context, p *views.ImportPage, i models.Import) error {
	filter := models.ImportRowFilter{}
	filter.After, _ = strconv.Atoi(c.QueryParam("after"))
	only := c.QueryParam("only")
	if v, ok := models.ParseVerdict(only); ok {
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
	for _, v := range models.Verdicts {
		if n := i.Counts.Of(v); n > 0 {
			p.Verdicts = append(p.Verdicts, ui.SegmentItem{Label: v.Name() + " " + ui.Thousands(n), Href: urls.With(here, "only", v.Key()) + "#rows", Current: only == v.Key()})
		}
	}
	var fields []models.PersonField
	labels := map[string]models.PersonField{}
	for _, col := range i.Columns {
		if col.Field != "" {
			fields = append(fields, col.Field)
			labels[col.Label] = col.Field
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

// importColumns answers POST /people/import/:id/columns.
func (s *Server) importColumns(c echo.Context) error {
	var form struct {
		Fields []string `form:"field"`
		Sector string   `form:"sector"`
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	i, err := s.Store.Import(ctx, v, id)
	if err != nil {
		return err
	}
	if len(form.Fields) != len(i.Columns) {
		return models.ErrConflict
	}
	columns := slices.Clone(i.Columns)
	for n, word := range form.Fields {
		field, _ := models.ParsePersonField(word)
		if field != columns[n].Field {
			columns[n].Field, columns[n].How, columns[n].Reason = field, "hand", "Changed by you"
		}
	}
	sector, _ := models.ParseSector(form.Sector)
	err = s.Store.MapImport(ctx, v, id, columns, sector)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.importPage(c, http.StatusUnprocessableEntity, columns, invalid.Fields)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, urls.Import(id))
}

// importChoices answers POST /people/import/:id/choices.
func (s *Server) importChoices(c echo.Context) error {
	var form struct {
		Lines  []int  `form:"line"`
		Create []int  `form:"create"`
		Back   string `form:"back"`
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	if err := s.Store.ChooseDuplicates(c.Request().Context(), web.Viewer(c), id, form.Lines, form.Create); err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "Choices kept. Nothing is saved until you import."}); err != nil {
		return err
	}
	if back := web.SafeNext(form.Back); strings.HasPrefix(back, urls.Import(id)) {
		return web.SeeOther(c, back)
	}
	return web.SeeOther(c, urls.Import(id))
}

// importCommit answers POST /people/import/:id/commit.
func (s *Server) importCommit(c echo.Context) error {
	var form struct {
		SkipErrors string `form:"skip_errors"`
		Duplicates string `form:"create_duplicates"`
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	choice := models.ImportChoice{SkipErrors: form.SkipErrors == "1", CreateDuplicates: form.Duplicates == "1"}
	_, err = s.Store.CommitImport(c.Request().Context(), web.Viewer(c), id, choice, nil)
	if errors.Is(err, models.ErrImportBlocked) {
		return s.importPage(c, http.StatusUnprocessableEntity, nil, map[string]string{"": "Nothing was imported: some rows have errors. Fix them, or import the good rows only."})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, urls.Import(id))
}

// importUndo answers POST /people/import/:id/undo.
func (s *Server) importUndo(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if _, err := s.Store.UndoImport(c.Request().Context(), web.Viewer(c), id); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Import(id))
}

// importDrop answers POST /people/import/:id/drop.
func (s *Server) importDrop(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Store.DropImport(c.Request().Context(), web.Viewer(c), id); err != nil {
		return err
	}
	return web.SeeOther(c, urls.PeoplePath)
}

// importProblems answers GET /people/import/:id/rows-to-fix.csv: the rows with
// errors as they were, with their lines and what is wrong.
func (s *Server) importProblems(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	i, err := s.Store.Import(ctx, v, id)
	if err != nil {
		return err
	}
	var header []string
	for _, col := range i.Columns {
		header = append(header, col.Label)
	}
	bad := models.RowError
	rows := func(yield func([]string, error) bool) {
		for after, more := 0, true; more; more = after > 0 {
			page, next, err := s.Store.ImportRows(ctx, v, id, models.ImportRowFilter{Only: &bad, After: after, Limit: 1000})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range page {
				if !yield(problemRow(r, len(header)), nil) {
					return
				}
			}
			after = next
		}
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("Rows to fix", "csv")))
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	return files.WriteCSV(c.Response(), true, append(header, "Line", "Problem"), rows)
}

// problemRow returns the cells of a row, its line and its problems.
func problemRow(r models.ImportRow, width int) []string {
	cells := make([]string, width, width+2)
	copy(cells, r.Cells)
	var reasons []string
	for _, p := range r.Problems {
		reasons = append(reasons, (&intake.RowError{Line: p.Line, Column: p.Column, Reason: p.Reason}).Error())
	}
	return append(cells, strconv.Itoa(r.Line), strings.Join(reasons, "; "))
}

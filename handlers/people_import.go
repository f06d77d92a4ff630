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
	if counts[""] > 1 {
		p.ColumnsNote += ". Several columns may go to Notes: each becomes a line there"
	}
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
	// Imported already, by a second click or the Back button: the page tells.
	if err != nil && !errors.Is(err, models.ErrConflict) {
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
	// Taken back already, or too old for it: the page tells.
	if _, err := s.Store.UndoImport(c.Request().Context(), web.Viewer(c), id); err != nil && !errors.Is(err, models.ErrConflict) {
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

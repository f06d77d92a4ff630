package handlers

import (
	"bufio"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// exportAudiences are those a file can be for, from the widest.
var exportAudiences = []models.Audience{models.Public, models.Partner, models.Staff, models.Team}

// mayExport reports whether the viewer may export for anybody at all.
func mayExport(v models.Viewer) bool {
	for _, a := range exportAudiences {
		if mayExportFor(v, a) {
			return true
		}
	}
	return false
}

func mayExportFor(v models.Viewer, a models.Audience) bool {
	right := models.ExportRight(a)
	if models.Can(v, right) {
		return true
	}
	for _, room := range v.Reach().Team {
		if models.CanIn(v, right, room) {
			return true
		}
	}
	return false
}

// exportForm is what the export's form sends.
type exportForm struct {
	Audience   string `form:"audience"`
	Roundtable string `form:"roundtable"`
	Format     string `form:"format"`
	Grouping   string `form:"group"`
	// Filter is the address of a list of insights: what comes after its ?.
	Filter string `form:"filter"`
	BOM    bool   `form:"bom"`
}

// input reads the form: the first audience that the viewer may export for,
// where none is chosen.
func (f exportForm) input(v models.Viewer) store.ExportInput {
	in := store.ExportInput{Roundtable: idOr(f.Roundtable), BOM: f.BOM, Grouping: models.ByPillar}
	in.Format, _ = models.ParseExportFormat(f.Format)
	if values, err := url.ParseQuery(f.Filter); err == nil {
		in.Filter = models.ParseInsightFilter(values)
	}
	in.Audience, _ = models.ParseAudience(f.Audience)
	for _, a := range exportAudiences {
		if !in.Audience.Valid() && mayExportFor(v, a) {
			in.Audience = a
		}
	}
	if g := models.Grouping(f.Grouping); slices.Contains(models.GroupingsFor(in.Audience), g) {
		in.Grouping = g
	}
	return in
}

// insightsExport answers GET /insights/export for every account: for whom the
// file is, and what it will hold.
func (s *Server) insightsExport(c echo.Context) error {
	v := web.Viewer(c)
	if !mayExport(v) {
		return models.ErrForbidden
	}
	in := exportForm{
		Audience: c.QueryParam("audience"), Roundtable: c.QueryParam("roundtable"), Format: c.QueryParam("format"),
		Grouping: c.QueryParam("group"), Filter: c.QueryParam("filter"),
	}.input(v)
	return s.exportPage(c, http.StatusOK, in, "")
}

// exportPage shows the form for an export, with what is wrong with it.
func (s *Server) exportPage(c echo.Context, status int, in store.ExportInput, wrong string) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	page, err := s.Page(c, "Export insights", "insights")
	if err != nil {
		return err
	}
	p := views.ExportPage{
		Page: page, Audience: in.Audience.Key(), Sentence: models.ExportSentence(in.Audience),
		Columns: strings.Join(models.ExportColumns(in.Audience), ", "), Format: string(in.Format), FormatName: in.Format.Name(),
		Document: in.Format.Document(), Group: string(in.Grouping), CSV: in.Format == models.FormatCSV, Error: wrong,
	}
	if !in.Filter.Empty() {
		p.Filter, p.Filtered = in.Filter.Values().Encode(), urls.With(urls.InsightsPath)+"?"+in.Filter.Values().Encode()
	}
	for _, f := range models.ExportFormats {
		p.Formats = append(p.Formats, ui.Option{Value: string(f), Label: f.Name(), Hint: f.Hint()})
	}
	for _, g := range models.GroupingsFor(in.Audience) {
		p.Groups = append(p.Groups, ui.Option{Value: string(g), Label: g.Name()})
	}
	for _, a := range exportAudiences {
		if mayExportFor(v, a) {
			p.Audiences = append(p.Audiences, ui.Option{Value: a.Key(), Label: a.Name(), Hint: models.ExportSentence(a)})
		}
	}
	rooms, err := s.Store.ExportRooms(ctx, v, in.Audience)
	if err != nil {
		return err
	}
	p.Rooms = []ui.Option{{Label: "All of them"}}
	for _, r := range rooms {
		p.Rooms = append(p.Rooms, ui.Option{Value: r.Key, Label: r.Name})
		if r.Key == in.Roundtable.String() {
			p.Roundtable = r.Key
		}
	}
	if p.Roundtable == "" && in.Audience != models.Staff {
		in.Roundtable = 0
	}
	plan, err := s.Store.PlanExport(ctx, v, in)
	if err != nil {
		return err
	}
	if in.Audience == models.Staff && in.Roundtable != 0 {
		p.Roundtable = in.Roundtable.String()
		p.Rooms = []ui.Option{{Label: "All public roundtables"}, {Value: p.Roundtable, Label: "The one you came from"}}
	}
	p.Total = ui.Count(plan.Total, "insight", "insights") + " from " + ui.Count(plan.Rooms, "roundtable", "roundtables")
	for _, r := range plan.Rules {
		p.Rules = append(p.Rules, views.ExportLine{Regime: r.Regime, Count: ui.Thousands(r.Named + r.Described + r.Bare), Words: ruleCounts(r)})
	}
	if web.IsFragment(c) {
		return web.Render(c, status, views.ExportBody(p))
	}
	return web.Render(c, status, views.Export(p))
}

// ruleCounts says what the rows under one rule tell of their speakers.
func ruleCounts(r store.ExportRule) string {
	var parts []string
	for _, part := range []struct {
		n     int
		words string
	}{{r.Named, "name, title, organization"}, {r.Described, "sector, group or description"}, {r.Bare, "nothing about the speaker"}} {
		if part.n > 0 {
			parts = append(parts, ui.Thousands(part.n)+" with "+part.words)
		}
	}
	return strings.Join(parts, "; ")
}

// exportTime is how long one download may take.
const exportTime = 10 * time.Minute

// insightsDownload answers POST /insights/export for every account: the file,
// row by row as it is read.
func (s *Server) insightsDownload(c echo.Context) error {
	v := web.Viewer(c)
	var form exportForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in := form.input(v)
	w := &lateWriter{c: c, name: files.FileName("Insights for "+strings.ToLower(in.Audience.Name()), string(in.Format)), media: files.MediaType(in.Format)}
	out := bufio.NewWriterSize(w, 64<<10)
	if err := http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(exportTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	_, err := files.WriteInsights(c.Request().Context(), s.Store, v, in, out)
	var invalid *models.InvalidError
	switch {
	case errors.As(err, &invalid) && !w.begun:
		return s.exportPage(c, http.StatusUnprocessableEntity, in, invalid.Error())
	case errors.Is(err, files.ErrTooManyRows) && !w.begun:
		return s.exportPage(c, http.StatusUnprocessableEntity, in, "A sheet holds 1,048,575 rows. Narrow the set down, or choose CSV or JSON.")
	case err != nil && !w.begun:
		return err
	case err != nil:
		s.Log.Error("an export broke off", "route", urls.InsightsExportPath, "error", err.Error())
		panic(http.ErrAbortHandler) // a file that ends early must not look whole
	}
	return out.Flush()
}

// lateWriter sends the head of the answer with its first bytes: until then an
// error is still a page.
type lateWriter struct {
	c     echo.Context
	name  string
	media string
	begun bool
}

func (w *lateWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.begun = true
		h := w.c.Response().Header()
		h.Set(echo.HeaderContentType, w.media)
		h.Set(echo.HeaderContentDisposition, files.Attachment(w.name))
		w.c.Response().WriteHeader(http.StatusOK)
	}
	return w.c.Response().Write(b)
}

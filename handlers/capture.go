package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// captureShow answers GET /roundtables/:id/capture for the roundtable's team:
// the capture page, or the parts of it that change with the room.
func (s *Server) captureShow(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	p, err := s.capturePage(c, id, captureForm{Item: c.QueryParam("item")})
	if err != nil {
		return err
	}
	if web.IsFragment(c) {
		return web.Render(c, http.StatusOK, views.CaptureParts(p))
	}
	return web.Render(c, http.StatusOK, views.Capture(p))
}

// captureForm is what the line's form sends.
type captureForm struct {
	Line        string   `form:"line"`
	ClientID    string   `form:"client_id"`
	Contradicts string   `form:"contradicts"`
	Item        string   `form:"item"`
	Speaker     string   `form:"speaker"`
	Kind        string   `form:"kind"`
	Primary     string   `form:"primary"`
	Pillars     []string `form:"pillars"`
	Codes       []string `form:"codes"`
	Flag        string   `form:"flag"`
}

func (f captureForm) input(room models.ID, current models.ID) models.CaptureInput {
	in := models.CaptureInput{
		Roundtable: room, ClientID: f.ClientID, Line: f.Line, Item: current,
		Contradicts: idOr(f.Contradicts), Speaker: idOr(f.Speaker), Codes: idsOf(f.Codes),
		Pillars: pillarsOf(f.Primary, f.Pillars),
	}
	if item, err := models.ParseID(f.Item); err == nil {
		in.Item = item
	}
	in.Kind, in.KindSet = models.ParseKind(f.Kind)
	in.Flag, _ = models.ParseRegime(f.Flag)
	return in
}

// idOr reads an id; what cannot be read is zero.
func idOr(s string) models.ID {
	id, _ := models.ParseID(s)
	return id
}

func idsOf(list []string) []models.ID {
	var out []models.ID
	for _, s := range list {
		if id := idOr(s); id != 0 {
			out = append(out, id)
		}
	}
	return out
}

// pillarsOf reads pillars by their letters, the primary one first.
func pillarsOf(primary string, others []string) []models.Pillar {
	var out []models.Pillar
	for _, letter := range append([]string{primary}, others...) {
		for _, p := range models.Pillars {
			if p.Letter() == strings.ToUpper(letter) {
				out = append(out, p)
			}
		}
	}
	return out
}

// insightCreate answers POST /roundtables/:id/insights for those who capture:
// one line becomes one insight. A program that asks for JSON gets 201 once the
// insight is on disk, with its line of the stream.
func (s *Server) insightCreate(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form captureForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	room, err := s.Store.Roundtable(ctx, v, id)
	if err != nil {
		return err
	}
	i, err := s.Store.CaptureInsight(ctx, v, form.input(id, room.CurrentItem))
	var invalid *models.InvalidError
	switch {
	case errors.As(err, &invalid) && !web.WantsJSON(c):
		return s.captureRefused(c, id, form, invalid)
	case err != nil:
		return err
	case web.WantsJSON(c) && i.ID() == 0: // struck since it was first sent: the device lets go of it
		return c.JSON(http.StatusCreated, map[string]any{"client_id": form.ClientID})
	case web.WantsJSON(c):
		html, err := web.RenderString(ctx, views.StreamLine(views.StreamItemOf(i, room.Regime)))
		if err != nil {
			return err
		}
		return c.JSON(http.StatusCreated, map[string]any{
			"id": i.ID().String(), "client_id": i.ClientID(), "text": i.Text(), "kind": i.Kind().Key(),
			"regime": i.Regime().Key(), "html": html,
		})
	}
	return web.SeeOther(c, urls.Capture(id))
}

func (s *Server) captureRefused(c echo.Context, id models.ID, form captureForm, invalid *models.InvalidError) error {
	p, err := s.capturePage(c, id, form)
	if err != nil {
		return err
	}
	p.Failed, p.Form.Errors = true, invalid.Fields
	return web.Render(c, http.StatusUnprocessableEntity, views.Capture(p))
}

// capturePreview answers POST /roundtables/:id/capture/preview for those who
// capture: how the line would be kept. It keeps nothing.
func (s *Server) capturePreview(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form captureForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	room, err := s.Store.Roundtable(ctx, v, id)
	if err != nil {
		return err
	}
	preview, err := s.Store.PreviewCapture(ctx, v, form.input(id, room.CurrentItem))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.CapturePreviewLine(previewOf(preview)))
}

// captureWords answers GET /roundtables/:id/capture/words for those who
// capture: what the marks of a line can be completed to.
func (s *Server) captureWords(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	board, err := s.Store.CaptureBoard(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	vocabulary := board.Codebook.Vocabulary(board.Seats)
	type word struct {
		Insert string `json:"insert"`
		Label  string `json:"label"`
		Detail string `json:"detail,omitempty"`
		Sector string `json:"sector,omitempty"`
		Find   string `json:"find"`
	}
	words := map[string][]word{}
	for _, sign := range []string{"@", "#", "!", "=", "^", "%", "+"} {
		for _, w := range models.Completions(sign, vocabulary) {
			words[sign] = append(words[sign], word{
				Insert: w.Insert, Label: w.Label, Detail: w.Detail, Sector: sectorMark(w.Sector),
				Find: models.IndexText(w.Insert + " " + w.Label),
			})
		}
	}
	return c.JSON(http.StatusOK, words)
}

func sectorMark(s models.Sector) string {
	if s == models.SectorNone {
		return ""
	}
	return s.Mark()
}

// captureTag answers POST /roundtables/:id/capture/tags for those who tag: a
// word typed after + becomes a tag.
func (s *Server) captureTag(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Name string `form:"name"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	tag, err := s.Store.CreateTag(c.Request().Context(), web.Viewer(c), id, models.TagInput{Name: form.Name})
	if err != nil {
		return err
	}
	if web.WantsJSON(c) {
		return c.JSON(http.StatusCreated, map[string]string{"key": tag.Key, "name": tag.Name})
	}
	return web.SeeOther(c, urls.Capture(id))
}

// captureNext answers POST /roundtables/:id/capture/next for those who
// capture: the next item of the agenda is in force from now on.
func (s *Server) captureNext(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	items, err := s.Store.Agenda(ctx, v, id)
	if err != nil {
		return err
	}
	if next := nextItem(items); next >= 0 {
		if err := s.Store.StartAgendaItem(ctx, v, id, items[next].ID); err != nil {
			return s.captureFailed(c, id, err)
		}
	}
	return web.SeeOther(c, urls.Capture(id))
}

// captureFailed goes back to the capture page with what was wrong.
func (s *Server) captureFailed(c echo.Context, id models.ID, err error) error {
	var invalid *models.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: invalid.Error(), Error: true}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Capture(id))
}

// nextItem returns the index of the item after the one in force, or of the
// first that was not talked about yet; -1 where there is none.
func nextItem(items []models.AgendaItem) int {
	for n := range items {
		if items[n].Current {
			if n+1 < len(items) {
				return n + 1
			}
			return -1
		}
	}
	for n := range items {
		if items[n].Started == 0 {
			return n
		}
	}
	return -1
}

// roundtableStream answers GET /roundtables/:id/stream for the roundtable's
// team.
func (s *Server) roundtableStream(c echo.Context) error {
	return s.live.Stream(c, s.streams.stopping())
}

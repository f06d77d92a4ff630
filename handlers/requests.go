package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// requestForm is the form as it stands on the page, with nothing in it.
func (s *Server) requestForm(room models.ID) *views.PublicRequest {
	p := views.PublicRequest{Action: urls.PublicRequest(room), Stamp: s.Store.FormStamp(), Sectors: []ui.Option{{Label: "Choose one, if you like"}}}
	for _, sector := range models.Sectors {
		p.Sectors = append(p.Sectors, ui.Option{Value: sector.Key(), Label: sector.Name()})
	}
	return &p
}

// publicRequest answers POST /public/roundtables/:id/request. Who is known here
// and who is not get the same answer.
func (s *Server) publicRequest(c echo.Context) error {
	var f views.PublicRequestForm
	if err := s.Form(c, &f); err != nil {
		return err
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	sector, ok := models.ParseSector(f.Sector)
	if !ok {
		sector = models.SectorNone
	}
	err = s.Store.RequestInvitation(c.Request().Context(), web.Network(c), id, models.RequestInput{
		Name: f.Name, Email: f.Email, Position: f.Position, Organisation: f.Organisation, Sector: sector, Why: f.Why,
		Trap: f.Website, Shown: s.Store.ReadFormStamp(f.Stamp),
	})
	if errs, status := s.refused(c, err); status != 0 {
		return s.publicRequestAgain(c, id, f, errs, status)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, urls.PublicRequested(id))
}

// publicRequestAgain shows the form once more, with all that was typed.
func (s *Server) publicRequestAgain(c echo.Context, id models.ID, f views.PublicRequestForm, errs map[string]string, status int) error {
	r, err := s.Store.PublicRoundtable(c.Request().Context(), id)
	if err != nil {
		return err
	}
	p, err := s.publicRoomPage(c, r)
	if err != nil {
		return err
	}
	p.Request, p.Failed = s.requestForm(id), true
	p.Request.Form, p.Request.Errors = f, errs
	if s.Store.ReadFormStamp(f.Stamp) != 0 && errs[""] == "" {
		p.Request.Stamp = f.Stamp // the time that was taken counts on
	}
	return web.Render(c, status, views.PublicRoundtable(p))
}

// publicRequested answers GET /public/roundtables/:id/requested.
func (s *Server) publicRequested(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	r, err := s.Store.PublicRoundtable(c.Request().Context(), id)
	if err != nil {
		return err
	}
	frame, _, err := s.publicFrame(c, r.Title, "roundtables", urls.PublicRequested(id))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.PublicRequested(views.PublicRequestedPage{PublicFrame: frame, Back: urls.PublicRoom(id)}))
}

// guestRequests lists who asks to be invited and has no answer yet.
func (s *Server) guestRequests(c echo.Context, w models.Workspace) ([]views.GuestRequestRow, error) {
	list, err := s.Store.InvitationRequests(c.Request().Context(), web.Viewer(c), w.ID)
	rows := make([]views.GuestRequestRow, len(list))
	for i, r := range list {
		rows[i] = views.GuestRequestRow{
			Action: urls.GuestRequest(w.ID, r.ID), Name: r.Name, Email: r.Email, Position: r.Position, Organisation: r.Organisation, Why: r.Why,
			Day: models.FormatDay(r.At, w.Schedule.Zone), Sector: r.Sector,
		}
	}
	return rows, err
}

// guestRequest answers POST /roundtables/:id/requests/:request.
func (s *Server) guestRequest(c echo.Context) error {
	var form struct {
		Act string `form:"act"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	id, err := web.ID(c, "request")
	if err != nil {
		return err
	}
	flash := views.Flash{Text: "Not now. Nothing was sent."}
	if form.Act == "approve" {
		flash.Text = "On the guest list, not yet invited."
	}
	undo, err := s.Store.DecideRequest(c.Request().Context(), web.Viewer(c), room, id, form.Act == "approve")
	var invalid *models.InvalidError
	switch {
	case errors.Is(err, models.ErrConflict):
		flash = views.Flash{Text: "Somebody answered this request already.", Error: true}
	case errors.As(err, &invalid):
		for _, message := range invalid.Fields {
			flash = views.Flash{Text: message, Error: true}
		}
	case err != nil:
		return err
	default:
		flash.UndoURL = urls.Undo(undo)
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Guests(room))
}

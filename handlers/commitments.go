package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/urls"
)

// commitments answers GET /commitments: what was promised in the roundtables
// of the reader's teams.
func (s *Server) commitments(c echo.Context) error {
	found, err := s.Store.Commitments(c.Request().Context(), web.Viewer(c), 0)
	if err != nil {
		return err
	}
	p := views.CommitmentsPage{Rows: commitmentRows(found, s.Store.Now()), Download: urls.CommitmentsExportPath}
	if p.Page, err = s.Page(c, "Commitments", "commitments"); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Commitments(p))
}

// commitmentsExport answers GET /commitments/export: the same list as CSV.
func (s *Server) commitmentsExport(c echo.Context) error {
	found, err := s.Store.Commitments(c.Request().Context(), web.Viewer(c), 0)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("Commitments", "csv")))
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	w := files.NewCSV(c.Response(), c.QueryParam("bom") == "1")
	if err := w.Row("Roundtable", "Promise", "By", "Due", "State", "Outcome"); err != nil {
		return err
	}
	for _, p := range found {
		if err := w.Row(p.Roundtable, p.What, p.Owner, p.DueOn, p.State.Name(), p.Outcome); err != nil {
			return err
		}
	}
	return w.Flush()
}

func commitmentRows(found []models.Promise, now models.Instant) []views.CommitmentRow {
	out := make([]views.CommitmentRow, len(found))
	for n, p := range found {
		r := views.CommitmentRow{
			ID: p.ID.String(), What: p.What, Room: p.Roundtable, RoomHref: urls.RoomCommitments(p.Room), Owner: p.Owner,
			State: p.State.Name(), Outcome: p.Outcome, Late: p.Late(now), Open: p.State == models.CommitmentOpen, Due: "No date",
		}
		if r.Owner == "" {
			r.Owner = "Not on record"
		}
		if day, err := time.Parse(time.DateOnly, p.DueOn); err == nil {
			r.Due = day.Format("Jan 2, 2006")
		}
		if r.Late {
			r.Due += ", overdue"
		}
		if r.Open {
			r.Remind = "Remind who follows up: " + p.What
		}
		if p.Insight != 0 {
			r.Href = urls.Insight(p.Insight)
		}
		out[n] = r
	}
	return out
}

// commitmentForm adds a promise or, where Commitment is set, says what became
// of one.
type commitmentForm struct {
	Commitment string `form:"commitment"`
	State      string `form:"state"`
	Outcome    string `form:"outcome"`
	What       string `form:"what"`
	Owner      string `form:"owner"`
	Due        string `form:"due"`
}

// roomCommitments answers GET /roundtables/:id/commitments for the team.
func (s *Server) roomCommitments(c echo.Context) error {
	return s.roomCommitmentsPage(c, http.StatusOK, commitmentForm{}, nil)
}

func (s *Server) roomCommitmentsPage(c echo.Context, status int, form commitmentForm, errs map[string]string) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	room, err := s.Store.Roundtable(ctx, v, id)
	if err != nil {
		return err
	}
	found, err := s.Store.Commitments(ctx, v, id)
	if err != nil {
		return err
	}
	p := views.CommitmentsPage{
		Rows: commitmentRows(found, s.Store.Now()), RoomHref: urls.Roundtable(id), Room: room.Title,
		What: form.What, Owner: form.Owner, Due: form.Due, Errors: errs,
	}
	if models.CanIn(v, models.TagInsight, id) {
		p.Action = urls.RoomCommitments(id)
	}
	if p.Page, err = s.Page(c, "What was promised", "roundtables"); err != nil {
		return err
	}
	p.Failed = len(errs) > 0
	return web.Render(c, status, views.Commitments(p))
}

// commitmentAct answers POST /roundtables/:id/commitments for who may tag: a
// promise is added, or its state changed.
func (s *Server) commitmentAct(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form commitmentForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	flash := views.Flash{Text: "Added."}
	if form.Commitment != "" && form.State == "remind" {
		err := s.Store.RemindCommitment(ctx, v, room, idOr(form.Commitment))
		var bad *models.InvalidError
		switch {
		case errors.As(err, &bad):
			flash = views.Flash{Error: true, Text: firstMessage(bad)}
		case errors.Is(err, models.ErrNotFound):
			flash = views.Flash{Error: true, Text: "Nobody on the team follows this up any more."}
		case err != nil:
			return err
		default:
			flash = views.Flash{Text: "A reminder is on its way."}
		}
	} else if form.Commitment != "" {
		undo, err := s.Store.SetCommitmentState(ctx, v, room, idOr(form.Commitment), models.CommitmentState(form.State), form.Outcome)
		var bad *models.InvalidError
		switch {
		case errors.As(err, &bad):
			flash = views.Flash{Error: true, Text: firstMessage(bad)}
		case err != nil:
			return err
		default:
			flash = views.Flash{Text: "Saved.", UndoURL: urls.Undo(undo)}
		}
	} else {
		_, err := s.Store.CreateCommitment(ctx, v, room, models.CommitmentInput{What: form.What, Owner: form.Owner, DueOn: form.Due})
		var bad *models.InvalidError
		if errors.As(err, &bad) {
			return s.roomCommitmentsPage(c, http.StatusUnprocessableEntity, form, bad.Fields)
		}
		if err != nil {
			return err
		}
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.RoomCommitments(room))
}

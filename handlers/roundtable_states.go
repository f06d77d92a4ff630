package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// act answers a button of a roundtable: it does one thing to it and returns to
// its overview. What stands in the way is said there.
func (s *Server) act(c echo.Context, done string, do func(context.Context, models.Viewer, models.ID) error) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return s.acted(c, urls.Roundtable(id), done, do(c.Request().Context(), web.Viewer(c), id))
}

// changedMeanwhile is what a form says that was saved over another's change.
func changedMeanwhile(what string) map[string]string {
	return map[string]string{"": "Somebody else changed " + what + " meanwhile. Below is what you typed; open it again in another tab to compare, then save once more."}
}

// acted tells how an act of one button ended, and goes on to the address.
func (s *Server) acted(c echo.Context, next, done string, err error) error {
	return s.actedUndoably(c, next, done, 0, err)
}

// actedUndoably is acted with the way to take it back, where there is one.
func (s *Server) actedUndoably(c echo.Context, next, done string, undo models.ID, err error) error {
	flash := views.Flash{Text: done}
	if undo != 0 {
		flash.UndoURL = urls.Undo(undo)
	}
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		flash, err = views.Flash{Error: true, Text: firstMessage(bad)}, nil
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, next)
}

// roundtableSchedule answers POST /roundtables/:id/schedule.
func (s *Server) roundtableSchedule(c echo.Context) error {
	return s.act(c, "Scheduled. Guests can be invited now.", s.Store.ScheduleRoundtable)
}

// roundtableUncancel answers POST /roundtables/:id/uncancel.
func (s *Server) roundtableUncancel(c echo.Context) error {
	return s.act(c, "Back on. Guests who were invited get a new invitation.", s.Store.UncancelRoundtable)
}

// roundtableStart answers POST /roundtables/:id/start. Whoever starts the session
// from the capture page goes on to type there.
func (s *Server) roundtableStart(c echo.Context) error {
	var form struct {
		Next string `form:"next"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	next := urls.Roundtable(id)
	if form.Next == urls.Capture(id) {
		next = form.Next
	}
	return s.acted(c, next, "The session has started.", s.Store.OpenSession(c.Request().Context(), web.Viewer(c), id))
}

// roundtableFinish answers POST /roundtables/:id/finish.
func (s *Server) roundtableFinish(c echo.Context) error {
	return s.act(c, "The session has ended. Record who attended, then review what was captured.", s.Store.FinishSession)
}

// roundtableHold answers POST /roundtables/:id/hold.
func (s *Server) roundtableHold(c echo.Context) error {
	return s.act(c, "Marked as held.", s.Store.HoldRoundtable)
}

// roundtableClose answers POST /roundtables/:id/close.
func (s *Server) roundtableClose(c echo.Context) error {
	return s.act(c, "Closed. Attribution levels stand from now on.", s.Store.CloseRoundtable)
}

// roundtableJoin answers POST /roundtables/:id/join.
func (s *Server) roundtableJoin(c echo.Context) error {
	return s.act(c, "You are on the team as an observer. Its lead sees that you joined.", s.Store.JoinTeam)
}

// roundtableDuplicate answers POST /roundtables/:id/duplicate.
func (s *Server) roundtableDuplicate(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	copied, err := s.Store.DuplicateRoundtable(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	return s.acted(c, urls.RoundtableEdit(copied), "This is the copy, a draft: give it a title and a date of its own.", nil)
}

// roundtableCancelForm answers GET /roundtables/:id/cancel.
func (s *Server) roundtableCancelForm(c echo.Context) error {
	return s.cancelPage(c, http.StatusOK, "", nil)
}

func (s *Server) cancelPage(c echo.Context, status int, reason string, errs map[string]string) error {
	frame, w, err := s.workspace(c, "")
	if err != nil {
		return err
	}
	frame.Failed = len(errs) > 0
	p := views.CancelPage{WorkspacePage: frame, Action: urls.RoundtableCancel(w.ID), Reason: reason, Errors: errs,
		Effect: "Nobody was invited yet, so nobody is told."}
	if w.Status == models.Scheduled {
		p.Effect = "Everybody who was invited gets one mail with the reason, and the entry leaves their calendar. Answers are kept."
	}
	return web.Render(c, status, views.CancelRoundtable(p))
}

// roundtableCancel answers POST /roundtables/:id/cancel.
func (s *Server) roundtableCancel(c echo.Context) error {
	var form struct {
		Reason string `form:"reason"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	err = s.Store.CancelRoundtable(c.Request().Context(), web.Viewer(c), id, models.CancelInput{Reason: form.Reason})
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.cancelPage(c, http.StatusUnprocessableEntity, form.Reason, bad.Fields)
	}
	return s.acted(c, urls.Roundtable(id), "Canceled. The guests are told why.", err)
}

package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// briefAct answers the buttons of a brief's page.
func (s *Server) briefAct(c echo.Context, done string, act func(id models.ID) error) error {
	return s.briefStep(c, done, func(id models.ID) (models.ID, error) { return 0, act(id) })
}

// briefStep answers the buttons whose act can be taken back.
func (s *Server) briefStep(c echo.Context, done string, act func(id models.ID) (undo models.ID, err error)) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	undo, err := act(id)
	return s.briefDone(c, id, done, undo, err)
}

// briefDone goes back to the brief and says what was done, with the way back.
func (s *Server) briefDone(c echo.Context, id models.ID, done string, undo models.ID, err error) error {
	if err != nil || undo == 0 {
		return s.acted(c, urls.Brief(id), done, err)
	}
	if err := web.Flash(c, views.Flash{Text: done, UndoURL: urls.Undo(undo)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Brief(id))
}

// briefForm answers a form of a brief's page. What is refused stands on the page
// again, with what was typed.
func (s *Server) briefForm(c echo.Context, part string, form briefActForm, done string, act func(id models.ID) (undo models.ID, err error)) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	undo, err := act(id)
	typed := views.BriefTyped{Part: part, Note: form.Note, Why: form.Why, Passage: form.Passage, Text: form.Text, Account: form.Account}
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		typed.Errors = bad.Fields
		return s.showBrief(c, http.StatusUnprocessableEntity, typed)
	case errors.Is(err, models.ErrConflict):
		typed.Errors = map[string]string{"": "Somebody changed the brief while you read it. Read it again first."}
		return s.showBrief(c, http.StatusConflict, typed)
	}
	return s.briefDone(c, id, done, undo, err)
}

// briefFormShown reports whether the form of what was typed is on the page and
// tells what is wrong with it.
func briefFormShown(p views.BriefPage) bool {
	switch p.Typed.Part {
	case "comment":
		return p.CanComment
	case "publish":
		return p.CanPublish
	case "withdraw":
		return p.CanWithdraw
	case "review":
		return p.CanEdit && len(p.Colleagues) > 1 && p.Typed.Errors["account"] != ""
	}
	return false
}

// briefNotSaved is what was typed, to be copied from a page without its form.
func briefNotSaved(typed views.BriefTyped) *views.NotSaved {
	n := &views.NotSaved{Why: firstMessage(&models.InvalidError{Fields: typed.Errors})}
	for _, f := range []ui.Fact{
		{Term: "About these words", Value: typed.Passage}, {Term: "Comment", Value: typed.Text},
		{Term: "What this version corrects", Value: typed.Note}, {Term: "Reason", Value: typed.Why},
	} {
		if f.Value != "" {
			n.Words = append(n.Words, f)
		}
	}
	return n
}

// briefSubmit answers POST /briefs/:id/submit.
func (s *Server) briefSubmit(c echo.Context) error {
	return s.briefStep(c, "The brief is up for review.", func(id models.ID) (models.ID, error) {
		return s.Store.SubmitBrief(c.Request().Context(), web.Viewer(c), id)
	})
}

type briefActForm struct {
	Revision string `form:"revision"`
	Account  string `form:"account"`
	Note     string `form:"note"`
	Why      string `form:"why"`
	Passage  string `form:"passage"`
	Text     string `form:"text"`
}

// briefApprove answers POST /briefs/:id/approve.
func (s *Server) briefApprove(c echo.Context) error {
	var form briefActForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	revision, _ := strconv.Atoi(form.Revision)
	return s.briefForm(c, "approve", form, "The brief was approved. It can be published now.", func(id models.ID) (models.ID, error) {
		return s.Store.ApproveBrief(c.Request().Context(), web.Viewer(c), id, revision)
	})
}

// briefPublish answers POST /briefs/:id/publish.
func (s *Server) briefPublish(c echo.Context) error {
	var form briefActForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	return s.briefForm(c, "publish", form, "Published: it stands on the public pages now.", func(id models.ID) (models.ID, error) {
		_, err := s.Store.PublishBrief(c.Request().Context(), web.Viewer(c), id, form.Note)
		return 0, err
	})
}

// briefWithdraw answers POST /briefs/:id/withdraw.
func (s *Server) briefWithdraw(c echo.Context) error {
	var form briefActForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	return s.briefForm(c, "withdraw", form, "The brief was withdrawn from the public.", func(id models.ID) (models.ID, error) {
		return s.Store.WithdrawBrief(c.Request().Context(), web.Viewer(c), id, form.Why)
	})
}

// briefReview answers POST /briefs/:id/review.
func (s *Server) briefReview(c echo.Context) error {
	var form briefActForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	account, _ := models.ParseID(form.Account)
	return s.briefForm(c, "review", form, "Your colleague was asked to read it.", func(id models.ID) (models.ID, error) {
		return 0, s.Store.AskBriefReview(c.Request().Context(), web.Viewer(c), id, account)
	})
}

// briefReviewed answers POST /briefs/:id/reviewed.
func (s *Server) briefReviewed(c echo.Context) error {
	return s.briefAct(c, "Thank you: noted that you have read it.", func(id models.ID) error {
		return s.Store.FinishBriefReview(c.Request().Context(), web.Viewer(c), id)
	})
}

// briefComment answers POST /briefs/:id/comments.
func (s *Server) briefComment(c echo.Context) error {
	var form briefActForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	return s.briefForm(c, "comment", form, "Comment added.", func(id models.ID) (models.ID, error) {
		return 0, s.Store.CommentBrief(c.Request().Context(), web.Viewer(c), id, form.Passage, form.Text)
	})
}

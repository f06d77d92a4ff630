package handlers

import (
	"errors"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
)

// undo answers POST /undo/:id for whoever did it, and returns to the page the
// button stood on.
func (s *Server) undo(c echo.Context) error {
	var form struct {
		Next string `form:"next"`
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	done, err := s.Store.TakeBack(c.Request().Context(), web.Viewer(c), id)
	flash := views.Flash{Text: "Undone: " + done.Label}
	var bad *models.InvalidError
	switch {
	case errors.Is(err, models.ErrConflict):
		flash, err = views.Flash{Text: "It was changed again since, so it stays as it is.", Error: true}, nil
	case errors.As(err, &bad):
		flash, err = views.Flash{Text: "It stays as it is. " + firstMessage(bad), Error: true}, nil
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, s.Back(c, form.Next))
}

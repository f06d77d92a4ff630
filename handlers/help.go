package handlers

import (
	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/views/urls"
)

// hintDrop answers POST /hints for every account: a hint of the first days is
// put away for good.
func (s *Server) hintDrop(c echo.Context) error {
	var form struct {
		Hint string `form:"hint"`
		Next string `form:"next"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	if err := s.Store.DropHint(c.Request().Context(), web.Viewer(c), form.Hint); err != nil {
		return err
	}
	next := web.SafeNext(form.Next)
	if next == "" {
		next = urls.HomePath
	}
	return web.SeeOther(c, next)
}

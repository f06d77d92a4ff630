package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/views/urls"
)

// settings answers GET /settings: its first page.
func (s *Server) settings(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, urls.StaffPath)
}

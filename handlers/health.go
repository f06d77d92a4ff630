package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// health answers GET /healthz: the process runs.
func (s *Server) health(c echo.Context) error {
	return c.String(http.StatusOK, "ok\n")
}

// ready answers GET /readyz: the database answers and fits this program.
func (s *Server) ready(c echo.Context) error {
	if err := s.Store.Ping(c.Request().Context()); err != nil {
		return c.String(http.StatusServiceUnavailable, "the database does not answer\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

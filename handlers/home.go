package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/views"
	"rotunda/views/urls"
)

// home shows an account's first page.
func (s *Server) home(c echo.Context) error {
	v := web.Viewer(c)
	h, err := s.Store.Home(c.Request().Context(), v)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Home", "home")
	if err != nil {
		return err
	}
	if err := s.hint(c, "home", &page); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Home(views.NewHomePage(page, h, v)))
}

// exampleRemovePage asks whether the example programme is to go.
func (s *Server) exampleRemovePage(c echo.Context) error {
	page, err := s.Page(c, "Remove the example", "settings")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.ExampleRemove(page))
}

// removeExample deletes the example programme.
func (s *Server) removeExample(c echo.Context) error {
	if err := s.Store.RemoveExample(c.Request().Context(), web.Viewer(c)); err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "The example is gone. What you added yourself is still here."}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.HomePath)
}

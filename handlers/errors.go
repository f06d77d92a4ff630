package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
)

// statusClientGone is noted for a client that went away before its answer; no
// one reads it.
const statusClientGone = 499

// status maps every error to the answer's status, once. What is not known is
// 500, and says nothing of itself to the client.
func status(err error) int {
	var he *echo.HTTPError
	var invalid *models.InvalidError
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &he):
		return he.Code
	case errors.Is(err, models.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, models.ErrForbidden):
		return http.StatusForbidden
	case errors.Is(err, models.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, models.ErrGone):
		return http.StatusGone
	case errors.Is(err, models.ErrTooMany):
		return http.StatusTooManyRequests
	case errors.Is(err, models.ErrUnavailable):
		return http.StatusServiceUnavailable
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity
	case errors.Is(err, context.Canceled):
		return statusClientGone
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	case errors.As(err, &tooLong):
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusInternalServerError
}

// fail writes the answer to a request that failed: a page, a note for a
// fragment, or JSON for a program.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	// The request's time may have run out; telling so must not fail with it.
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(c.Request().Context())))
	code := status(err)
	id, _ := c.Get("request.id").(string)
	if code >= 500 {
		s.Log.Error("a request failed", "id", id, "route", c.Path(), "status", code, "error", err.Error())
	}
	if code == http.StatusTooManyRequests {
		c.Response().Header().Set("Retry-After", "60")
	}
	if c.Request().Method == http.MethodHead {
		_ = c.NoContent(code)
		return
	}
	if web.WantsJSON(c) || web.WantsStream(c) {
		_ = c.JSON(code, map[string]any{"error": http.StatusText(code), "fields": fieldsOf(err), "id": id})
		return
	}
	page := views.ErrorPage{Page: s.ErrorFrame(c), Status: code, Code: id, Retry: code >= 500 && c.Request().Method == http.MethodGet}
	if form := s.Back(c, ""); form != "/" && c.Request().Method == http.MethodPost && mendable(code) {
		page.Back, page.BackTo = form, "Back to the form"
	}
	component := views.Error(page)
	switch {
	case code == http.StatusGone:
		component = views.LinkGone(page)
	case web.IsFragment(c):
		component = views.ErrorNote(page)
	}
	if err := web.Render(c, code, component); err != nil {
		s.Log.Error("the error page failed", "id", id, "error", err.Error())
		_ = c.String(http.StatusInternalServerError, "Something broke on our side. Your work is safe.\n")
	}
}

// mendable reports whether a refused form may be sent again in another shape.
func mendable(code int) bool {
	switch code {
	case http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

func fieldsOf(err error) map[string]string {
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return invalid.Fields
	}
	return nil
}

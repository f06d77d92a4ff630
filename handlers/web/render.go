package web

import (
	"bytes"
	"context"
	"net/http"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"rotunda/models"
	"rotunda/views"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a component as the whole answer. It renders into memory
// first: a component that fails gives a clean error page, never half a page.
func Render(c echo.Context, status int, component templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer buffers.Put(b)
	if err := component.Render(c.Request().Context(), b); err != nil {
		return err
	}
	if kept, ok := c.Get(keptKey).(*keptPage); ok && status == http.StatusOK {
		kept.body = bytes.Clone(b.Bytes())
	}
	return c.HTMLBlob(status, b.Bytes())
}

// RenderString renders a component for a stream or a message.
func RenderString(ctx context.Context, component templ.Component) (string, error) {
	var b bytes.Buffer
	err := component.Render(ctx, &b)
	return b.String(), err
}

// Page gathers what the frame around a page shows: who is signed in, where
// they may go, and the messages that wait for them, which it takes.
func (w *Web) Page(c echo.Context, title, current string) (views.Page, error) {
	p := w.framed(c, title, current)
	if IsFragment(c) {
		return p, nil // the messages wait for a whole page
	}
	var err error
	p.Flash, err = takeFlashes(c)
	return p, err
}

// FailedPage is Page for a form that was refused.
func (w *Web) FailedPage(c echo.Context, title, current string) (views.Page, error) {
	p, err := w.Page(c, title, current)
	p.Failed = true
	return p, err
}

// framed fills a page's frame without touching the session.
func (w *Web) framed(c echo.Context, title, current string) views.Page {
	kept := keptSession(c)
	v := kept.Viewer
	p := views.Page{Title: title, Current: current, Theme: kept.Theme, KeysOff: kept.KeysOff, Path: c.Request().URL.RequestURI()}
	if institute, err := w.Store.Institute(c.Request().Context()); err == nil {
		p.Institute, p.Logo, p.Contact = institute.Name, institute.Logo, institute.Contact
	}
	if v.IsAccount() {
		p.Unfinished = Unfinished(c)
		p.Viewer = views.Viewer{Name: v.Name(), Role: v.Role().Name()}
		staff := models.Can(v, models.ReadAsStaff)
		p.Nav = views.Nav{Briefs: staff, Roundtables: true, People: staff, Insights: true, Themes: staff, Codebook: staff, Analysis: staff, Promises: staff, Recommendations: staff, Settings: models.Can(v, models.ManageSettings)}
	}
	return p
}

// SeeOther sends the browser on after a change. htmx is told to load the whole
// page where the answer to a fragment would be a different one.
func SeeOther(c echo.Context, address string) error {
	if c.Request().Header.Get("HX-Request") == "true" && c.Request().Header.Get("HX-Boosted") != "true" {
		c.Response().Header().Set("HX-Redirect", address)
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, address)
}

// ErrorFrame is the frame of an error page. It takes no message that waits for
// the next page, and asks the database for nothing that it does not have.
func (w *Web) ErrorFrame(c echo.Context) views.Page { return w.framed(c, "", "") }

// Package handlertest boots the real site over a fresh database for a test:
// the real router, real cookies, no listener.
package handlertest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rotunda/handlers"
	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// BaseURL is where the site of a test believes to be.
const BaseURL = "http://localhost:8080"

// Site is a site with its store and clock.
type Site struct {
	T       testing.TB
	Store   *store.Store
	Clock   *storetest.Clock
	Server  *handlers.Server
	Handler http.Handler
}

// New boots a site over a fresh database.
func New(t testing.TB) *Site {
	t.Helper()
	st, clock := storetest.Open(t)
	return Over(t, st, clock)
}

// Over boots a site over a store.
func Over(t testing.TB, st *store.Store, clock *storetest.Clock) *Site {
	t.Helper()
	base, err := web.ParseBaseURL(BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	srv := handlers.New(web.Config{BaseURL: base, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}, st)
	return &Site{T: t, Store: st, Clock: clock, Server: srv, Handler: srv.Handler()}
}

// Selection is what a page's Find returns.
type Selection = goquery.Selection

// Browser is one client with its cookies. The zero token is nobody.
type Browser struct {
	site  *Site
	token string
}

// Anonymous returns a browser that is not signed in.
func (s *Site) Anonymous() *Browser { return &Browser{site: s} }

// As returns a browser signed in as the account.
func (s *Site) As(v models.Viewer) *Browser {
	s.T.Helper()
	token, err := s.Store.StartSession(s.T.Context(), v.Account(), "test", "192.0.2.1")
	if err != nil {
		s.T.Fatal(err)
	}
	return &Browser{site: s, token: token}
}

// Holding returns a browser with the session's cookie.
func (s *Site) Holding(token string) *Browser { return &Browser{site: s, token: token} }

// Do sends a request as the browser would and keeps the cookie that comes back.
func (b *Browser) Do(r *http.Request) *http.Response {
	b.site.T.Helper()
	r.Host = strings.TrimPrefix(BaseURL, "http://")
	if b.token != "" {
		r.AddCookie(&http.Cookie{Name: "rotunda", Value: b.token})
	}
	rec := httptest.NewRecorder()
	b.site.Handler.ServeHTTP(rec, r)
	res := rec.Result()
	for _, c := range res.Cookies() {
		if c.Name == "rotunda" {
			b.token = c.Value
		}
	}
	return res
}

// Get fetches a path.
func (b *Browser) Get(path string) *http.Response {
	b.site.T.Helper()
	return b.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form, as the site's own page would.
func (b *Browser) Post(path string, form url.Values) *http.Response {
	b.site.T.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

// Page fetches a path, fails the test unless it answers with the status, and
// returns the parsed page.
func (b *Browser) Page(path string, status int) *goquery.Document {
	b.site.T.Helper()
	return b.site.Parse(b.Get(path), status)
}

// Parse reads an answer as a page; it fails the test on another status.
func (s *Site) Parse(res *http.Response, status int) *goquery.Document {
	s.T.Helper()
	if res.StatusCode != status {
		s.T.Fatalf("status %d, want %d: %s", res.StatusCode, status, clip(Body(res)))
	}
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	return doc
}

// Body reads the whole answer.
func Body(res *http.Response) string {
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func clip(s string) string {
	if len(s) > 600 {
		return s[:600] + "…"
	}
	return s
}

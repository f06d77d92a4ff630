// Package web is what every handler needs: the viewer of a request, access,
// cookies, reading forms, rendering pages and refusing well.
package web

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/go-playground/form/v4"
	"github.com/labstack/echo/v4"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views/urls"
)

// Config is how the site presents itself to the network.
type Config struct {
	// BaseURL is where people reach the site; every link in a mail starts with
	// it. http is allowed for localhost only.
	BaseURL *url.URL
	// TrustedProxies may say for whom they forward; nobody else is believed.
	TrustedProxies []netip.Prefix
	// SendsMail says that a mail server is configured. Without one an admin
	// hands one-time links on, and is shown them once.
	SendsMail bool
	// MaxStreams is how many event streams may be open; zero is 500.
	MaxStreams int
	// OtherScripts is a TrueType font for characters of a PDF that the
	// program's own fonts lack, or nil.
	OtherScripts []byte
	// Log takes one line per request and what went wrong.
	Log *slog.Logger
}

// Web holds what the helpers share.
type Web struct {
	Config
	Store    *store.Store
	sessions *sessionStore
	decoder  *form.Decoder
	pages    keptPages
}

// New returns the helpers for a site.
func New(c Config, st *store.Store) *Web {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	w := &Web{Config: c, Store: st, decoder: form.NewDecoder()}
	w.decoder.SetMode(form.ModeExplicit)
	w.decoder.SetMaxArraySize(5000)
	w.sessions = newSessionStore(st, c.BaseURL)
	return w
}

// Secure reports whether the site is reached by https.
func (c Config) Secure() bool { return c.BaseURL.Scheme == "https" }

// Absolute returns the address of a path as people outside see it.
func (c Config) Absolute(path string) string {
	return strings.TrimSuffix(c.BaseURL.String(), "/") + path
}

// SignInLink returns the address of a one-time sign-in link.
func (c Config) SignInLink(token string) string { return c.Absolute(urls.SignInLink(token)) }

// SignIn returns the sign-in page's address that leads back to where somebody
// wanted to go.
func (w *Web) SignIn(next string) string {
	if next == "/" {
		next = ""
	}
	return urls.With(urls.SignInPath, "next", SafeNext(next))
}

// SafeNext returns an address to go on to when it is one of this site's paths,
// else "". It never leads anywhere else.
func SafeNext(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\") {
		return ""
	}
	for _, r := range next {
		if r < ' ' || r == 0x7f {
			return ""
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	return next
}

// ID reads an id from the path. Rubbish is models.ErrNotFound.
func ID(c echo.Context, name string) (models.ID, error) {
	id, err := models.ParseID(c.Param(name))
	if err != nil {
		return 0, models.ErrNotFound
	}
	return id, nil
}

// maxForm is how long a form may be; uploads have their own limit.
const maxForm = 1 << 20

// Form reads the request's form into dest, a pointer to a struct whose fields
// carry `form` tags. Only forms are read, never JSON, and only tagged fields
// are filled.
func (w *Web) Form(c echo.Context, dest any) error {
	values, err := FormValues(c)
	if err != nil {
		return err
	}
	// No field of ours has a bracket in its name, and the decoder panics at one
	// that is not closed.
	maps.DeleteFunc(values, func(name string, _ []string) bool { return strings.ContainsAny(name, "[]") })
	if err := w.decoder.Decode(dest, values); err != nil {
		var bad form.DecodeErrors
		if !errors.As(err, &bad) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		invalid := &models.InvalidError{}
		for field := range bad {
			invalid.Add(field, "This cannot be read.")
		}
		return invalid
	}
	return nil
}

// FormValues reads the request's form, with NUL characters and invalid UTF-8
// taken out: neither database could keep them.
func FormValues(c echo.Context) (url.Values, error) {
	r := c.Request()
	switch media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(media) {
	case "application/x-www-form-urlencoded", "multipart/form-data":
	case "":
		if r.ContentLength > 0 {
			return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType)
		}
		return url.Values{}, nil
	default:
		return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	if r.MultipartForm == nil {
		r.Body = http.MaxBytesReader(c.Response(), r.Body, maxForm)
	}
	values, err := c.FormParams()
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return nil, echo.NewHTTPError(http.StatusRequestEntityTooLarge)
		}
		return nil, echo.NewHTTPError(http.StatusBadRequest)
	}
	for _, list := range values {
		for i := range list {
			list[i] = CleanText(list[i])
		}
	}
	return values, nil
}

// CleanText takes out what no database keeps: NUL and invalid UTF-8. Line ends
// become "\n".
func CleanText(s string) string {
	s = strings.ToValidUTF8(s, "")
	if strings.ContainsAny(s, "\x00\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(s, "\x00", ""), "\r\n", "\n"), "\r", "\n")
	}
	return s
}

// WantsJSON reports whether the client asked for JSON rather than a page.
func WantsJSON(c echo.Context) bool {
	return strings.HasPrefix(c.Request().Header.Get("Accept"), "application/json")
}

// WantsStream reports whether the client opens an event stream.
func WantsStream(c echo.Context) bool {
	return strings.HasPrefix(c.Request().Header.Get("Accept"), "text/event-stream")
}

// IsFragment reports whether htmx asks for a part of the page only.
func IsFragment(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-Boosted") != "true" && h.Get("HX-History-Restore-Request") != "true"
}

// LimitBody lets at most n bytes of the request through.
func LimitBody(c echo.Context, n int64) io.Reader {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, n)
	return r.Body
}

// ParseBaseURL reads the base URL of a site. http is allowed for this machine
// only: a cookie that travels in the clear protects nothing.
func ParseBaseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("the base URL %q must look like https://rotunda.example.org", s)
	}
	if strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("the base URL %q must not have a path", s)
	}
	if u.Scheme == "http" && !IsLoopback(u.Hostname()) {
		return nil, fmt.Errorf("the base URL %q must be https: plain http is for localhost only", s)
	}
	u.Path = ""
	return u, nil
}

// IsLoopback reports whether the host is a name of this machine.
func IsLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// Recovered is deferred in every goroutine: a panic there must not end the
// process.
func (w *Web) Recovered(doing string) {
	if r := recover(); r != nil {
		w.Log.Error("a panic was caught", "while", doing, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
	}
}

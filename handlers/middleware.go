package handlers

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/static"
)

// Guarded is one route's handler behind the session and its access row. Files
// and health need no session.
func (s *Server) Guarded(a web.Access, h echo.HandlerFunc) echo.HandlerFunc {
	guarded := s.Guard(a, h)
	if a.NeedsSession() {
		return formFirst(s.LoadSession(guarded))
	}
	return guarded
}

// formFirst reads a form before anybody asks who sends it: who sends it slowly
// shall not act with a right that ended meanwhile. Uploads are read by those
// who take them.
func formFirst(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if media, _, _ := strings.Cut(c.Request().Header.Get("Content-Type"), ";"); strings.TrimSpace(media) == "application/x-www-form-urlencoded" {
			if _, err := web.FormValues(c); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// observe gives the request an id and writes one line about it when it is
// done: the route's pattern, never the path, and nothing about the person.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		id := rand.Text()[:12]
		c.Response().Header().Set("X-Request-Id", id)
		c.Set("request.id", id)
		err := next(c)
		if err != nil {
			c.Error(err) // writes the error page, so that its status is known here
		}
		level := slog.LevelInfo
		if c.Response().Status >= 500 {
			level = slog.LevelError
		} else if c.Path() == "/static/*" || c.Path() == "/healthz" {
			level = slog.LevelDebug
		}
		s.Log.LogAttrs(c.Request().Context(), level, "request",
			slog.String("id", id), slog.String("method", c.Request().Method), slog.String("route", c.Path()),
			slog.Int("status", c.Response().Status), slog.Int64("bytes", c.Response().Size),
			slog.Duration("took", time.Since(start).Round(10*time.Microsecond)))
		return nil
	}
}

// recover turns a panic into an error page; the stack goes to the log alone.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch r := recover(); {
			case r == nil:
			case r == http.ErrAbortHandler: //nolint:errorlint // net/http compares it so
				panic(r)
			default:
				s.Log.Error("a panic was caught", "id", c.Get("request.id"), "route", c.Path(),
					"panic", fmt.Sprint(r), "stack", string(debug.Stack()))
				err = echo.NewHTTPError(http.StatusInternalServerError)
			}
		}()
		return next(c)
	}
}

// onlyOurHost refuses requests for another host: links, redirects and cookies
// belong to the one in the configuration.
func (s *Server) onlyOurHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.isOurHost(c.Request().Host) && c.Path() != "/healthz" && c.Path() != "/readyz" {
			return echo.NewHTTPError(http.StatusMisdirectedRequest)
		}
		return next(c)
	}
}

func (s *Server) isOurHost(host string) bool {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, ""
	}
	return sameHost(name, s.BaseURL.Hostname()) && s.portOr(port) == s.portOr(s.BaseURL.Port())
}

// sameHost compares host names; every name of this machine is the same.
func sameHost(a, b string) bool {
	return strings.EqualFold(a, b) || web.IsLoopback(a) && web.IsLoopback(b)
}

func (s *Server) portOr(port string) string {
	if port == "" {
		return s.defaultPort()
	}
	return port
}

func (s *Server) defaultPort() string {
	if s.Secure() {
		return "443"
	}
	return "80"
}

const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers sets what every answer carries. A handler may replace the policy of
// a page that shows a stored mail; nothing else does.
func (s *Server) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.setHeaders(c.Response().Header(), c.Request().URL.Path)
		return next(c)
	}
}

func (s *Server) setHeaders(h http.Header, path string) {
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	if s.Secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	if !strings.HasPrefix(path, static.Prefix) {
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	}
}

// fromElsewhere answers a form that another site sent.
func (s *Server) fromElsewhere(w http.ResponseWriter, r *http.Request) {
	s.setHeaders(w.Header(), r.URL.Path)
	http.Error(w, "This was sent from another site, so nothing was changed. Go back to Rotunda and try again there.", http.StatusForbidden)
}

var compressor = sync.OnceValue(func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(1), gzhttp.MinSize(1400),
		gzhttp.ContentTypes([]string{"text/html", "text/csv", "application/json", "text/calendar", "application/atom+xml"}))
	if err != nil {
		panic(err) // only for options that contradict each other
	}
	return wrap
})

// compress shrinks pages for browsers that ask for it. Streams and files that
// are compressed already pass through.
func (s *Server) compress(next echo.HandlerFunc) echo.HandlerFunc {
	wrap := compressor() // the router asks for the middleware anew at every request
	return func(c echo.Context) error {
		if web.WantsStream(c) || strings.HasPrefix(c.Request().URL.Path, static.Prefix) {
			return next(c)
		}
		var failed error
		wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			outer := c.Response().Writer
			c.Response().Writer = w
			c.SetRequest(r)
			failed = next(c)
			if failed != nil {
				c.Error(failed)
			}
			c.Response().Writer = outer
		})).ServeHTTP(c.Response().Writer, c.Request())
		return nil
	}
}

// handlerTime bounds what one request may take. Streams and exports set their
// own bound.
const handlerTime = 60 * time.Second

// limits gives a request its time.
func (s *Server) limits(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if web.WantsStream(c) {
			return next(c)
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), handlerTime)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// extractor says whose word on the client's address is believed: nobody's but
// that of the proxies in the configuration.
func extractor(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		options = append(options, echo.TrustIPRange(&net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

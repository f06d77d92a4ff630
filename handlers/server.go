// Package handlers says what happens when a request comes: read it, make one
// call to the store, show a view. routes.go is the table of every route.
package handlers

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/live"
	"rotunda/handlers/web"
	"rotunda/models/store"
	"rotunda/static"
)

// Server is the site: its routes over a store.
type Server struct {
	*web.Web
	echo    *echo.Echo
	streams streams
	live    *live.Hub
}

// New returns a site that is ready to serve.
func New(c web.Config, st *store.Store) *Server {
	s := &Server{Web: web.New(c, st), echo: echo.New()}
	s.live = live.New(st, s.Log, c.MaxStreams)
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.fail
	s.echo.IPExtractor = extractor(c.TrustedProxies)
	s.echo.Use(s.observe, s.recover, s.headers, s.onlyOurHost, s.limits, s.compress)
	for _, r := range routes() {
		h := s.Guarded(r.access, r.handle(s))
		s.echo.Add(r.method, r.path, h)
		if r.method == http.MethodGet { // who asks for the head alone, as mail scanners do, gets it
			s.echo.Add(http.MethodHead, r.path, h)
		}
	}
	return s
}

// Prepare makes what the first page would otherwise wait for: the addresses of
// styles and scripts, which carry hashes of their contents. Nobody has to call
// it.
func Prepare() { static.URL("css") }

// Handler returns the site as one handler: the cross-origin check comes before
// everything else.
func (s *Server) Handler() http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(s.fromElsewhere))
	return protection.Handler(s.echo)
}

// Serve answers on the listener until the context ends. Then open streams are
// told to go, running requests get ten seconds, and it returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          nil,
	}
	srv.RegisterOnShutdown(s.streams.close)
	failed := make(chan error, 1)
	go func() {
		defer s.Recovered("serving")
		failed <- srv.Serve(l)
	}()
	select {
	case err := <-failed:
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return err
	case <-ctx.Done():
	}
	s.streams.close()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return srv.Shutdown(stop)
}

// streams lets every open event stream know that the server stops.
type streams struct {
	once sync.Once
	mu   sync.Mutex
	done chan struct{}
}

// stopping returns a channel that is closed when the server stops.
func (s *streams) stopping() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done == nil {
		s.done = make(chan struct{})
	}
	return s.done
}

func (s *streams) close() {
	s.stopping()
	s.once.Do(func() { close(s.done) })
}

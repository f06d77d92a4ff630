package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
)

// sessionStore keeps gorilla's sessions in the database: the cookie carries a
// random token and nothing else.
type sessionStore struct {
	store  *store.Store
	cookie string
	secure bool
}

func newSessionStore(st *store.Store, base *url.URL) *sessionStore {
	s := &sessionStore{store: st, cookie: "rotunda"}
	if base.Scheme == "https" {
		s.cookie, s.secure = "__Host-rotunda", true
	}
	return s
}

const (
	sessionKey = "session" // the store's session within gorilla's values
	flashKey   = "flash"
)

// Get returns the request's session, from the registry after the first time.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session behind the cookie. A cookie that means nothing gives a
// fresh session without an error; only a database that fails gives one.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	session.IsNew = true
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value == "" {
		return session, nil
	}
	kept, err := s.store.SessionAt(r.Context(), generationOf(r), cookie.Value)
	if errors.Is(err, models.ErrNotFound) {
		return session, nil
	}
	if err != nil {
		return session, err
	}
	session.ID, session.IsNew = cookie.Value, false
	session.Values[sessionKey] = kept
	if kept.Data != "" {
		var flashes []views.Flash
		if json.Unmarshal([]byte(kept.Data), &flashes) == nil {
			session.Values[flashKey] = flashes
		}
	}
	return session, nil
}

// Save keeps what the session carries and sets the cookie. A session that was
// ended meanwhile is not revived: its cookie is cleared.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 || session.ID == "" {
		session.Options.MaxAge = -1
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	}
	if flashes, ok := session.Values[flashKey].([]views.Flash); ok {
		data := ""
		if len(flashes) > 0 {
			raw, err := json.Marshal(flashes)
			if err != nil {
				return err
			}
			data = string(raw)
		}
		err := s.store.KeepSessionData(r.Context(), session.ID, data)
		if errors.Is(err, models.ErrNotFound) {
			session.Options.MaxAge = -1
			http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
			return nil
		}
		if err != nil {
			return err
		}
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), session.ID, session.Options))
	return nil
}

const contextKey = "rotunda.session"

// LoadSession reads who is asking, once, before the handlers.
func (w *Web) LoadSession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		w.readGeneration(c) // before anything that is read and may be kept
		session, err := w.sessions.Get(c.Request(), w.sessions.cookie)
		if err != nil {
			return err
		}
		c.Set(contextKey, session)
		return next(c)
	}
}

func sessionOf(c echo.Context) *sessions.Session {
	s, _ := c.Get(contextKey).(*sessions.Session)
	return s
}

func keptSession(c echo.Context) store.Session {
	s := sessionOf(c)
	if s == nil {
		return store.Session{}
	}
	kept, _ := s.Values[sessionKey].(store.Session)
	return kept
}

// Viewer returns on whose behalf the request is made: Anonymous where nobody
// is signed in.
func Viewer(c echo.Context) models.Viewer { return keptSession(c).Viewer }

// SessionToken returns the token of the browser's session, or "".
func SessionToken(c echo.Context) string {
	if s := sessionOf(c); s != nil {
		return s.ID
	}
	return ""
}

// StartSession signs the browser in: the token of a session that the store has
// just started goes into the cookie, in place of any earlier one.
func (w *Web) StartSession(c echo.Context, token string) error {
	session := sessions.NewSession(w.sessions, w.sessions.cookie)
	session.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: w.sessions.secure, SameSite: http.SameSiteLaxMode}
	session.ID = token
	c.Set(contextKey, session)
	return session.Save(c.Request(), c.Response())
}

// EndSession ends the browser's session and clears its cookie.
func (w *Web) EndSession(c echo.Context) error {
	session := sessionOf(c)
	if session == nil {
		return nil
	}
	if session.ID != "" {
		if err := w.Store.EndSession(c.Request().Context(), Viewer(c), session.ID); err != nil {
			return err
		}
	}
	session.Options.MaxAge = -1
	return session.Save(c.Request(), c.Response())
}

// Flash keeps a message for the next page the browser loads.
func Flash(c echo.Context, f views.Flash) error {
	session := sessionOf(c)
	if session == nil || session.ID == "" {
		return nil
	}
	flashes, _ := session.Values[flashKey].([]views.Flash)
	session.Values[flashKey] = append(flashes, f)
	return session.Save(c.Request(), c.Response())
}

// takeFlashes returns the kept messages and forgets them.
func takeFlashes(c echo.Context) ([]views.Flash, error) {
	session := sessionOf(c)
	if session == nil {
		return nil, nil
	}
	flashes, _ := session.Values[flashKey].([]views.Flash)
	if len(flashes) == 0 {
		return nil, nil
	}
	session.Values[flashKey] = []views.Flash{}
	return flashes, session.Save(c.Request(), c.Response())
}

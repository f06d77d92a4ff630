package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/urls"
)

// signInForm answers GET /sign-in.
func (s *Server) signInForm(c echo.Context) error {
	next := web.SafeNext(c.QueryParam("next"))
	if web.Viewer(c).IsAccount() {
		return c.Redirect(http.StatusSeeOther, orHome(next))
	}
	page, err := s.Page(c, "Sign in", "")
	p := views.SignInPage{Page: page, Next: next}
	switch c.QueryParam("out") {
	case "":
	case "everywhere":
		p.Notice = "You are signed out everywhere: in every browser in which you were signed in."
	default:
		p.Notice = "You are signed out."
	}
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.SignIn(p))
}

// signIn answers POST /sign-in with e-mail and password.
func (s *Server) signIn(c echo.Context) error {
	var form struct {
		Email    string `form:"email"`
		Password string `form:"password"`
		Next     string `form:"next"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	token, err := s.Store.SignIn(c.Request().Context(), form.Email, form.Password, web.Browser(c))
	if errs, status := s.refused(c, err); status != 0 {
		page, err := s.FailedPage(c, "Sign in", "")
		if err != nil {
			return err
		}
		return web.Render(c, status, views.SignIn(views.SignInPage{Page: page, Email: form.Email, Next: web.SafeNext(form.Next), Errors: errs}))
	}
	if err != nil {
		return err
	}
	return s.signedIn(c, token, form.Next)
}

// refused returns what to show beside a form whose input was invalid or that
// was sent too often, and the answer's status; zero for any other outcome.
func (s *Server) refused(c echo.Context, err error) (errs map[string]string, status int) {
	var invalid *models.InvalidError
	var tooMany *models.TooManyError
	switch {
	case errors.As(err, &invalid):
		return invalid.Fields, http.StatusUnprocessableEntity
	case errors.As(err, &tooMany):
		wait := tooMany.Until.Time().Sub(s.Store.Now().Time())
		c.Response().Header().Set("Retry-After", strconv.Itoa(max(1, int(wait.Seconds()))))
		return map[string]string{"": "There were too many attempts. Try again " + inMinutes(wait) + "."}, http.StatusTooManyRequests
	}
	return nil, 0
}

func inMinutes(d time.Duration) string {
	if n := int(d.Round(time.Minute) / time.Minute); n > 1 {
		return fmt.Sprintf("in %d minutes", n)
	}
	return "in a minute"
}

func orHome(next string) string {
	if next == "" {
		return urls.HomePath
	}
	return next
}

// signedIn gives the browser its new session and sends it on.
func (s *Server) signedIn(c echo.Context, token, next string) error {
	if err := s.StartSession(c, token); err != nil {
		return err
	}
	return web.SeeOther(c, orHome(web.SafeNext(next)))
}

// signInLink answers GET /sign-in/:token: who, and one button. It uses nothing
// up, so that a mail scanner may open it.
func (s *Server) signInLink(c echo.Context) error {
	token := c.Param("token")
	link, err := s.Store.OneTimeLink(c.Request().Context(), token, web.Network(c))
	if err != nil {
		return err
	}
	switch link.Purpose {
	case store.InviteLink:
		return s.resetPage(c, link, urls.SignInLink(token), nil, http.StatusOK)
	case store.SignInLink:
	default:
		return models.ErrGone
	}
	page, err := s.Page(c, "Sign in", "")
	if err != nil {
		return err
	}
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.SignInLink(views.SignInLinkPage{
		Page: page, Name: link.Name, Email: link.Email, Action: urls.SignInLink(token), Expires: models.FormatInstant(link.Expires, zone),
	}))
}

// signInLinkUse answers POST /sign-in/:token. Without a body it signs in once;
// with a password, which an invitation's page asks for, it sets that first.
func (s *Server) signInLinkUse(c echo.Context) error {
	values, err := web.FormValues(c)
	if err != nil {
		return err
	}
	if values.Has("password") {
		return s.setByLink(c, urls.SignInLink(c.Param("token")), values.Get("password"))
	}
	session, err := s.Store.UseSignInLink(c.Request().Context(), c.Param("token"), web.Browser(c))
	if err != nil {
		return err
	}
	return s.signedIn(c, session, "")
}

// signOut answers POST /sign-out.
func (s *Server) signOut(c echo.Context) error {
	if err := s.EndSession(c); err != nil {
		return err
	}
	return web.SeeOther(c, urls.With(urls.SignInPath, "out", "1"))
}

// resetRequestForm answers GET /password-reset.
func (s *Server) resetRequestForm(c echo.Context) error {
	page, err := s.Page(c, "Forgot your password?", "")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.ResetRequest(views.ResetRequestPage{Page: page}))
}

// resetRequest answers POST /password-reset, the same for every address.
func (s *Server) resetRequest(c echo.Context) error {
	var form struct {
		Email string `form:"email"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	err := s.Store.RequestPasswordReset(c.Request().Context(), form.Email, web.Network(c))
	errs, status := s.refused(c, err)
	if err != nil && status == 0 {
		return err
	}
	page, err := s.Page(c, "Forgot your password?", "")
	if err != nil {
		return err
	}
	page.Failed = status != 0
	return web.Render(c, max(status, http.StatusOK), views.ResetRequest(views.ResetRequestPage{
		Page: page, Email: form.Email, Errors: errs, Sent: status == 0,
	}))
}

// resetForm answers GET /password-reset/:token.
func (s *Server) resetForm(c echo.Context) error {
	token := c.Param("token")
	link, err := s.Store.OneTimeLink(c.Request().Context(), token, web.Network(c))
	if err != nil {
		return err
	}
	if link.Purpose != store.ResetLink {
		return models.ErrGone
	}
	return s.resetPage(c, link, urls.ResetLink(token), nil, http.StatusOK)
}

// reset answers POST /password-reset/:token.
func (s *Server) reset(c echo.Context) error {
	var form struct {
		Password string `form:"password"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	return s.setByLink(c, urls.ResetLink(c.Param("token")), form.Password)
}

// setByLink sets the password of the link's account and signs in.
func (s *Server) setByLink(c echo.Context, action, password string) error {
	ctx, token := c.Request().Context(), c.Param("token")
	session, err := s.Store.SetPasswordByLink(ctx, token, password, web.Browser(c))
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		link, err := s.Store.OneTimeLink(ctx, token, web.Network(c))
		if err != nil {
			return err
		}
		return s.resetPage(c, link, action, invalid.Fields, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return s.signedIn(c, session, "")
}

func (s *Server) resetPage(c echo.Context, link store.OneTimeLink, action string, errs map[string]string, status int) error {
	invited := link.Purpose == store.InviteLink
	title := "Choose a new password"
	if invited {
		title = "Welcome"
	}
	page, err := s.Page(c, title, "")
	if err != nil {
		return err
	}
	page.Failed = len(errs) > 0
	return web.Render(c, status, views.Reset(views.ResetPage{Page: page, Action: action, Email: link.Email, Invited: invited, Errors: errs}))
}

// setUpForm answers GET /set-up for the first administrator.
func (s *Server) setUpForm(c echo.Context) error {
	if web.Unfinished(c) != urls.SetUpPath {
		return models.ErrNotFound
	}
	institute, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Set up Rotunda", "")
	if err != nil {
		return err
	}
	form := views.SetUpForm{Zone: institute.Zone}
	return web.Render(c, http.StatusOK, views.SetUp(views.SetUpPage{Page: page, Action: urls.SetUpPath, Zones: models.ZoneNames(), Form: form}))
}

// setUp answers POST /set-up.
func (s *Server) setUp(c echo.Context) error {
	var form struct {
		Institute string `form:"institute"`
		Zone      string `form:"zone"`
		Name      string `form:"name"`
		Email     string `form:"email"`
		Password  string `form:"password"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	session, err := s.Store.CompleteSetUp(c.Request().Context(), web.Viewer(c), models.SetUpInput(form), web.Browser(c))
	if errs, status := s.refused(c, err); status != 0 {
		page, err := s.FailedPage(c, "Set up Rotunda", "")
		if err != nil {
			return err
		}
		return web.Render(c, status, views.SetUp(views.SetUpPage{
			Page: page, Action: urls.SetUpPath, Zones: models.ZoneNames(), Errors: errs,
			Form: views.SetUpForm{Institute: form.Institute, Zone: form.Zone, Name: form.Name, Email: form.Email},
		}))
	}
	if err != nil {
		return err
	}
	return s.signedIn(c, session, "")
}

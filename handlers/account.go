package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// account answers GET /account: one's own name and password.
func (s *Server) account(c echo.Context) error {
	return s.accountPage(c, web.Viewer(c).Name(), nil, http.StatusOK)
}

func (s *Server) accountPage(c echo.Context, name string, errs map[string]string, status int) error {
	page, err := s.Page(c, "Your account", "")
	if err != nil {
		return err
	}
	page.Failed = len(errs) > 0
	v := web.Viewer(c)
	return web.Render(c, status, views.Account(views.AccountPage{
		Page: page, Name: name, Email: v.Email(), Role: v.Role().Name(), HasPassword: web.HasPassword(c), Errors: errs,
	}))
}

// accountName answers POST /account.
func (s *Server) accountName(c echo.Context) error {
	var form struct {
		Name string `form:"name"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	err := s.Store.UpdateName(c.Request().Context(), web.Viewer(c), form.Name)
	if errs, status := s.refused(c, err); status != 0 {
		return s.accountPage(c, form.Name, errs, status)
	}
	return s.done(c, err, "Your name is saved.", urls.AccountPath)
}

// done goes on to an address with a message, after a change that succeeded.
func (s *Server) done(c echo.Context, err error, message, address string) error {
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: message}); err != nil {
		return err
	}
	return web.SeeOther(c, address)
}

// accountPassword answers POST /account/password.
func (s *Server) accountPassword(c echo.Context) error {
	var form struct {
		Current  string `form:"current"`
		Password string `form:"password"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	session, err := s.Store.ChangePassword(c.Request().Context(), web.Viewer(c), form.Current, form.Password, web.Browser(c))
	if errs, status := s.refused(c, err); status != 0 {
		return s.accountPage(c, web.Viewer(c).Name(), errs, status)
	}
	if err != nil {
		return err
	}
	if err := s.StartSession(c, session); err != nil {
		return err
	}
	return s.done(c, nil, "Your password is saved. You are signed out everywhere else.", urls.AccountPath)
}

// sessions answers GET /account/sessions.
func (s *Server) sessions(c echo.Context) error {
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Sessions(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Where you are signed in", "")
	if err != nil {
		return err
	}
	p := views.SessionsPage{Page: page}
	for _, one := range all {
		p.Sessions = append(p.Sessions, views.SessionRow{
			Device: one.Device, Network: one.Network, Current: one.Current, End: urls.SessionDelete(one.ID),
			Started: models.FormatInstant(one.Started, zone), Seen: models.FormatInstant(one.Seen, zone),
		})
	}
	return web.Render(c, http.StatusOK, views.Sessions(p))
}

// sessionEnd answers POST /account/sessions/:id/end.
func (s *Server) sessionEnd(c echo.Context) error {
	err := s.Store.EndSessionOf(c.Request().Context(), web.Viewer(c), c.Param("id"))
	return s.done(c, err, "That browser is signed out.", urls.SessionsPath)
}

// signOutAll answers POST /account/sign-out-everywhere.
func (s *Server) signOutAll(c echo.Context) error {
	if err := s.Store.SignOutEverywhere(c.Request().Context(), web.Viewer(c)); err != nil {
		return err
	}
	if err := s.EndSession(c); err != nil {
		return err
	}
	return web.SeeOther(c, urls.With(urls.SignInPath, "out", "everywhere"))
}

// appearance answers GET /account/appearance.
func (s *Server) appearance(c echo.Context) error {
	p, err := s.Store.Profile(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	return s.appearancePage(c, p, nil, http.StatusOK)
}

func (s *Server) appearancePage(c echo.Context, p models.Profile, errs map[string]string, status int) error {
	institute, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Appearance and keyboard", "")
	if err != nil {
		return err
	}
	page.Failed = len(errs) > 0
	return web.Render(c, status, views.Appearance(views.AppearancePage{
		Page: page, Zone: p.Zone, InstituteZone: institute.Zone, Zones: models.ZoneNames(), Theme: p.Theme, Keys: !p.KeysOff, Errors: errs,
	}))
}

// appearanceUpdate answers POST /account/appearance.
func (s *Server) appearanceUpdate(c echo.Context) error {
	var form struct {
		Theme string `form:"theme"`
		Zone  string `form:"zone"`
		Keys  string `form:"keys"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	p := models.Profile{Zone: form.Zone, Theme: form.Theme, KeysOff: form.Keys == ""}
	err := s.Store.UpdateAppearance(c.Request().Context(), web.Viewer(c), p)
	if errs, status := s.refused(c, err); status != 0 {
		return s.appearancePage(c, p, errs, status)
	}
	return s.done(c, err, "Saved.", urls.AppearancePath)
}

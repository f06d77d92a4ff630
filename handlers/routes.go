package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/static"
	"rotunda/views/urls"
)

// route is one row of the table: what is asked, who answers, who may ask.
type route struct {
	method string
	path   string
	handle func(*Server) echo.HandlerFunc
	access web.Access
}

func get(path string, a web.Access, h func(*Server, echo.Context) error) route {
	return on(http.MethodGet, path, a, h)
}

func post(path string, a web.Access, h func(*Server, echo.Context) error) route {
	return on(http.MethodPost, path, a, h)
}

func on(method, path string, a web.Access, h func(*Server, echo.Context) error) route {
	return route{method, path, func(s *Server) echo.HandlerFunc {
		return func(c echo.Context) error { return h(s, c) }
	}, a}
}

// routes is THE table of every route.
func routes() []route {
	return []route{
		// Health and files
		get(urls.HealthPath, web.Open(), (*Server).health),
		get(urls.ReadyPath, web.Open(), (*Server).ready),
		{http.MethodGet, urls.StaticPath, func(*Server) echo.HandlerFunc { return echo.WrapHandler(static.Handler()) }, web.Open()},

		// Home
		get(urls.HomePath, web.SignedIn(), (*Server).home),
		get(urls.ExampleRemovePath, web.ByRole(models.ManageSettings), (*Server).exampleRemovePage),
		post(urls.ExampleRemovePath, web.ByRole(models.ManageSettings), (*Server).removeExample),

		// Signing in, one's own account
		get(urls.SignInPath, web.Open(), (*Server).signInForm),
		post(urls.SignInPath, web.Open(), (*Server).signIn),
		get(urls.SignInLinkPath, web.Open(), (*Server).signInLink),
		post(urls.SignInLinkPath, web.Open(), (*Server).signInLinkUse),
		post(urls.SignOutPath, web.Open(), (*Server).signOut),
		get(urls.ResetPath, web.Open(), (*Server).resetRequestForm),
		post(urls.ResetPath, web.Open(), (*Server).resetRequest),
		get(urls.ResetLinkPath, web.Open(), (*Server).resetForm),
		post(urls.ResetLinkPath, web.Open(), (*Server).reset),
		get(urls.SetUpPath, web.SignedIn(), (*Server).setUpForm),
		post(urls.SetUpPath, web.SignedIn(), (*Server).setUp),
		post(urls.UndoPath, web.SignedIn(), (*Server).undo),
		get(urls.AccountPath, web.SignedIn(), (*Server).account),
		post(urls.AccountPath, web.SignedIn(), (*Server).accountName),
		post(urls.AccountPassPath, web.SignedIn(), (*Server).accountPassword),
		get(urls.AppearancePath, web.SignedIn(), (*Server).appearance),
		post(urls.AppearancePath, web.SignedIn(), (*Server).appearanceUpdate),
		get(urls.SessionsPath, web.SignedIn(), (*Server).sessions),
		post(urls.SessionDeletePath, web.SignedIn(), (*Server).sessionEnd),
		post(urls.SignOutAllPath, web.SignedIn(), (*Server).signOutAll),

		// Settings
		get(urls.SettingsPath, web.ByRole(models.ManageSettings), (*Server).settings),
		get(urls.StaffPath, web.ByRole(models.ManageStaff), (*Server).staff),
		post(urls.StaffPath, web.ByRole(models.ManageStaff), (*Server).staffCreate),
		get(urls.StaffNewPath, web.ByRole(models.ManageStaff), (*Server).staffNew),
		get(urls.MemberPath, web.ByRole(models.ManageStaff), (*Server).member),
		post(urls.MemberRolePath, web.ByRole(models.ManageStaff), (*Server).memberRole),
		post(urls.MemberLinkPath, web.ByRole(models.ManageStaff), (*Server).memberLink),
		post(urls.MemberDisablePath, web.ByRole(models.ManageStaff), (*Server).memberDisable),
		post(urls.MemberEnablePath, web.ByRole(models.ManageStaff), (*Server).memberEnable),
		post(urls.MemberHandOverPath, web.ByRole(models.ManageStaff), (*Server).memberHandOver),

		// Series and roundtables

		// Agenda

		// Guests and invitations

		// The guest's own page

		// Capture and streams

		// Insights

		// People and organizations
	}
}

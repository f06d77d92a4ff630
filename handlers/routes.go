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

		// Settings

		// Series and roundtables

		// Agenda

		// Guests and invitations

		// The guest's own page

		// Capture and streams

		// Insights

		// People and organizations
	}
}

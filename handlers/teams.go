package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// team answers GET /roundtables/:id/team.
func (s *Server) team(c echo.Context) error {
	return s.teamPage(c, http.StatusOK, "", models.TeamRapporteur.Key(), nil)
}

func (s *Server) teamPage(c echo.Context, status int, account, role string, errs map[string]string) error {
	frame, w, err := s.workspace(c, "")
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	frame.Failed = len(errs) > 0
	p := views.TeamPage{
		WorkspacePage: frame, Action: urls.RoundtableTeam(w.ID), CanChange: models.CanIn(v, models.ManageTeam, w.ID),
		Errors: errs, Account: account, Role: role,
	}
	for _, r := range models.TeamRoles {
		p.Roles = append(p.Roles, ui.Option{Value: r.Key(), Label: r.Name()})
	}
	for _, m := range w.Members {
		row := views.TeamRow{
			Account: m.Account.String(), Name: m.Name, Email: m.Email, Role: m.Role.Key(), RoleName: m.Role.Name(),
			Face: views.FaceOf(m.Name), You: m.Account == v.Account(),
		}
		if m.Disabled {
			row.Note = "disabled: cannot sign in"
		}
		p.Members = append(p.Members, row)
	}
	if p.CanChange {
		candidates, err := s.Store.TeamCandidates(c.Request().Context(), v, w.ID)
		if err != nil {
			return err
		}
		for _, a := range candidates {
			p.Candidates = append(p.Candidates, ui.Option{Value: a.ID.String(), Label: a.Name + " (" + a.Role.Name() + ")"})
		}
	}
	return web.Render(c, status, views.Team(p))
}

// teamSet answers POST /roundtables/:id/team: an account with its role, or
// with none to take it off.
func (s *Server) teamSet(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Account string `form:"account"`
		Role    string `form:"role"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	account, _ := models.ParseID(form.Account)
	role, ok := models.ParseTeamRole(form.Role)
	if !ok && form.Role != "" {
		return s.teamPage(c, http.StatusUnprocessableEntity, form.Account, "", map[string]string{"role": "Choose a role."})
	}
	err = s.Store.SetTeamMember(c.Request().Context(), web.Viewer(c), room, account, role)
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.teamPage(c, http.StatusUnprocessableEntity, form.Account, form.Role, bad.Fields)
	}
	done, next := "Saved.", urls.RoundtableTeam(room)
	if role == models.TeamNone {
		done = "Taken off the team."
	}
	if account == web.Viewer(c).Account() && role == models.TeamNone {
		next = urls.RoundtablesPath // the room may no longer exist for who left
	}
	return s.acted(c, next, done, err)
}

// targets answers GET /roundtables/:id/targets.
func (s *Server) targets(c echo.Context) error {
	frame, w, err := s.workspace(c, "")
	if err != nil {
		return err
	}
	targets, err := s.Store.SectorTargets(c.Request().Context(), web.Viewer(c), w.ID)
	if err != nil {
		return err
	}
	words := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	p := views.TargetsPage{WorkspacePage: frame, Action: urls.RoundtableTargets(w.ID)}
	for _, sector := range models.Sectors {
		row := views.TargetRow{Sector: sector}
		for _, t := range targets {
			if t.Sector == sector {
				row.Minimum, row.Target, row.Maximum = words(t.Minimum), words(t.Target), words(t.Maximum)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return web.Render(c, http.StatusOK, views.Targets(p))
}

// targetsSet answers POST /roundtables/:id/targets.
func (s *Server) targetsSet(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	values, err := web.FormValues(c)
	if err != nil {
		return err
	}
	bad := &models.InvalidError{}
	number := func(field string) int {
		typed := strings.TrimSpace(values.Get(field))
		if typed == "" {
			return 0
		}
		n, err := strconv.Atoi(typed)
		bad.Check(err == nil, field, "Write a number, or leave it empty.")
		return n
	}
	var rows []views.TargetRow
	var in []models.SectorTarget
	for _, sector := range models.Sectors {
		key := sector.Key()
		rows = append(rows, views.TargetRow{Sector: sector, Minimum: values.Get("minimum." + key), Target: values.Get("target." + key), Maximum: values.Get("maximum." + key)})
		in = append(in, models.SectorTarget{Sector: sector, Minimum: number("minimum." + key), Target: number("target." + key), Maximum: number("maximum." + key)})
	}
	if err = bad.Err(); err == nil {
		err = s.Store.SetSectorTargets(c.Request().Context(), web.Viewer(c), room, in)
	}
	if errors.As(err, &bad) {
		frame, _, err := s.workspace(c, "")
		if err != nil {
			return err
		}
		frame.Failed = true
		return web.Render(c, http.StatusUnprocessableEntity, views.Targets(views.TargetsPage{
			WorkspacePage: frame, Action: urls.RoundtableTargets(room), Rows: rows, Errors: bad.Fields,
		}))
	}
	return s.acted(c, urls.Roundtable(room), "Targets saved.", err)
}

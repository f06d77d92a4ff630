package handlers

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

var roleHints = map[models.AccountRole]string{
	models.RoleAdmin:      "Keeps settings, staff and the audit log. Sees no private roundtable by role.",
	models.RoleConvener:   "Makes series and roundtables, keeps people, invites guests.",
	models.RoleRapporteur: "Captures in the roundtables whose team they are on.",
	models.RoleAnalyst:    "Keeps the codebook, writes themes and recommendations.",
	models.RoleReader:     "Reads reviewed insights.",
}

func roleOptions() []ui.Option {
	out := make([]ui.Option, len(models.AccountRoles))
	for i, r := range models.AccountRoles {
		out[i] = ui.Option{Value: r.Key(), Label: r.Name(), Hint: roleHints[r]}
	}
	return out
}

// staff answers GET /settings/staff for who manages staff.
func (s *Server) staff(c echo.Context) error {
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Accounts(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Staff and roles", "settings")
	if err != nil {
		return err
	}
	p := views.StaffPage{Page: page, Note: staffNote(all)}
	for _, a := range all {
		p.Staff = append(p.Staff, staffRow(a, zone, s.Store.Now()))
	}
	p.Within, p.Roles, p.Beside, p.Teams = rightsTables()
	return web.Render(c, http.StatusOK, views.Staff(p))
}

func staffNote(all []models.Account) string {
	counts := map[string]int{}
	for _, a := range all {
		counts[a.State()]++
	}
	note := fmt.Sprintf("%d active", counts["active"])
	for _, state := range []string{"invited", "disabled"} {
		if n := counts[state]; n > 0 {
			note += fmt.Sprintf(", %d %s", n, state)
		}
	}
	return note
}

func staffRow(a models.Account, zone string, now models.Instant) views.StaffRow {
	row := views.StaffRow{Name: a.Name, Email: a.Email, Role: a.Role.Name(), Href: urls.Member(a.ID), LastActive: "Not yet"}
	if a.SignedIn != 0 {
		row.LastActive = models.RelativeDay(a.SignedIn, now, zone)
	}
	row.StateKind, row.State = stateWords(a, zone)
	return row
}

func stateWords(a models.Account, zone string) (kind, words string) {
	switch a.State() {
	case "disabled":
		return "no", "Disabled"
	case "invited":
		return "none", "Invited " + models.FormatDay(a.Created, zone)
	}
	return "yes", "Active"
}

// rightsTables turns the one table of rights into the two that are shown: by
// account role, and by part in a roundtable's team.
func rightsTables() (roleHeads []string, roles []views.RightsRow, teamHeads []string, teams []views.RightsRow) {
	for _, r := range models.AccountRoles {
		roleHeads = append(roleHeads, r.Name())
	}
	for _, r := range models.TeamRoles {
		teamHeads = append(teamHeads, r.Name())
	}
	teamHeads = append(teamHeads, models.RoleCohost.Name())
	yes := func(ok bool) string {
		if ok {
			return "Yes"
		}
		return "No"
	}
	for _, right := range models.RightsTable() {
		if len(right.Accounts)+len(right.Members) > 0 {
			row := views.RightsRow{Right: right.Name}
			for _, r := range models.AccountRoles {
				cell := yes(right.ByRole(r))
				if cell == "No" && right.OnTeam(r) {
					cell = "On their teams"
				}
				row.Cells = append(row.Cells, cell)
			}
			roles = append(roles, row)
		}
		if len(right.Teams) > 0 || right.Cohosts {
			row := views.RightsRow{Right: right.Name}
			for _, r := range models.TeamRoles {
				row.Cells = append(row.Cells, yes(right.ByTeam(r)))
			}
			teams = append(teams, views.RightsRow{Right: right.Name, Cells: append(row.Cells, yes(right.Cohosts))})
		}
	}
	return roleHeads, roles, teamHeads, teams
}

// staffNew answers GET /settings/staff/new.
func (s *Server) staffNew(c echo.Context) error {
	return s.staffNewPage(c, views.StaffNewPage{Role: models.RoleRapporteur.Key()}, http.StatusOK)
}

func (s *Server) staffNewPage(c echo.Context, p views.StaffNewPage, status int) error {
	page, err := s.Page(c, "Invite a colleague", "settings")
	if err != nil {
		return err
	}
	page.Failed = len(p.Errors) > 0
	p.Page, p.Roles, p.SendsMail = page, roleOptions(), s.SendsMail
	return web.Render(c, status, views.StaffNew(p))
}

// staffCreate answers POST /settings/staff. Without a mail server the answer
// is the invitation's link itself: it is shown here and kept nowhere.
func (s *Server) staffCreate(c echo.Context) error {
	var form struct {
		Name  string `form:"name"`
		Email string `form:"email"`
		Role  string `form:"role"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	role, _ := models.ParseAccountRole(form.Role)
	in := models.AccountInput{Name: form.Name, Email: form.Email, Role: role}
	id, token, err := s.Store.InviteAccount(c.Request().Context(), web.Viewer(c), in)
	if errs, status := s.refused(c, err); status != 0 {
		return s.staffNewPage(c, views.StaffNewPage{Name: form.Name, Email: form.Email, Role: form.Role, Errors: errs}, status)
	}
	if err != nil {
		return err
	}
	if !s.SendsMail {
		return s.staffLink(c, id, token)
	}
	return s.done(c, nil, "The invitation is on its way to "+in.Name+".", urls.StaffPath)
}

// staffLink shows a one-time link once.
func (s *Server) staffLink(c echo.Context, id models.ID, token string) error {
	ctx := c.Request().Context()
	a, err := s.Store.Account(ctx, web.Viewer(c), id)
	if err != nil {
		return err
	}
	link, err := s.Store.OneTimeLink(ctx, token, web.Network(c))
	if err != nil {
		return err
	}
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "One-time link", "settings")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.StaffLink(views.StaffLinkPage{
		Page: page, Name: a.Name, Link: s.Absolute(urls.SignInLink(token)), Until: models.FormatInstant(link.Expires, zone),
		Invited: link.Purpose == store.InviteLink, Back: urls.StaffPath,
	}))
}

// member answers GET /settings/staff/:id.
func (s *Server) member(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return s.memberPage(c, id, nil, http.StatusOK)
}

func (s *Server) memberPage(c echo.Context, id models.ID, errs map[string]string, status int) error {
	v := web.Viewer(c)
	all, err := s.Store.Accounts(c.Request().Context(), v)
	if err != nil {
		return err
	}
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	var a models.Account
	var receivers []ui.Option
	for _, one := range all {
		switch {
		case one.ID == id:
			a = one
		case !one.Disabled && one.Role != models.RoleCohost:
			receivers = append(receivers, ui.Option{Value: one.ID.String(), Label: one.Name + " · " + one.Role.Name()})
		}
	}
	if a.ID == 0 {
		return models.ErrNotFound
	}
	page, err := s.Page(c, a.Name, "settings")
	if err != nil {
		return err
	}
	page.Failed = len(errs) > 0
	_, state := stateWords(a, zone)
	p := views.MemberPage{
		Page: page, Name: a.Name, Email: a.Email, Role: a.Role.Key(), RoleName: a.Role.Name(), State: state,
		Self: a.ID == v.Account(), Disabled: a.Disabled, Invited: a.Pending, SendsMail: s.SendsMail, Errors: errs,
		RoleURL: urls.MemberRole(id), LinkURL: urls.MemberLink(id), DisableURL: urls.MemberDisable(id),
		EnableURL: urls.MemberEnable(id), HandOverURL: urls.MemberHandOver(id), Facts: memberFacts(a, zone),
	}
	if a.Role != models.RoleCohost {
		p.Roles, p.Receivers = roleOptions(), receivers
	}
	return web.Render(c, status, views.Member(p))
}

func memberFacts(a models.Account, zone string) []ui.Fact {
	last := "Not yet"
	if a.SignedIn != 0 {
		last = models.FormatInstant(a.SignedIn, zone)
	}
	leads := "No roundtable that you may see"
	if a.Leads > 0 {
		leads = ui.Count(a.Leads, "roundtable that you may see", "roundtables that you may see")
	}
	return []ui.Fact{
		{Term: "E-mail", Value: a.Email}, {Term: "Added", Value: models.FormatDay(a.Created, zone)}, {Term: "Last signed in", Value: last},
		{Term: "Leads", Value: leads},
	}
}

// memberRole answers POST /settings/staff/:id/role.
func (s *Server) memberRole(c echo.Context) error {
	var form struct {
		Role string `form:"role"`
	}
	return s.memberChange(c, &form, "The role is changed.", func(id models.ID) error {
		role, _ := models.ParseAccountRole(form.Role)
		return s.Store.ChangeRole(c.Request().Context(), web.Viewer(c), id, role)
	})
}

// memberDisable answers POST /settings/staff/:id/disable.
func (s *Server) memberDisable(c echo.Context) error {
	return s.memberChange(c, &struct{}{}, "The account is disabled and signed out everywhere.", func(id models.ID) error {
		return s.Store.DisableAccount(c.Request().Context(), web.Viewer(c), id)
	})
}

// memberEnable answers POST /settings/staff/:id/enable.
func (s *Server) memberEnable(c echo.Context) error {
	return s.memberChange(c, &struct{}{}, "The account is enabled again.", func(id models.ID) error {
		return s.Store.EnableAccount(c.Request().Context(), web.Viewer(c), id)
	})
}

// memberHandOver answers POST /settings/staff/:id/hand-over.
func (s *Server) memberHandOver(c echo.Context) error {
	var form struct {
		To string `form:"to"`
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	var undo models.ID
	to, err := models.ParseID(form.To)
	if err != nil {
		err = models.Invalid("to", "Choose somebody.")
	} else {
		undo, err = s.Store.HandOver(c.Request().Context(), web.Viewer(c), id, to)
	}
	if errs, status := s.refused(c, err); status != 0 {
		return s.memberPage(c, id, errs, status)
	}
	if err != nil {
		return err
	}
	flash := views.Flash{Text: "There was no roundtable to hand over."}
	if undo != 0 {
		flash = views.Flash{Text: "The roundtables are handed over.", UndoURL: urls.Undo(undo)}
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Member(id))
}

// memberChange reads the form and the id, makes one change, and returns to the
// account's page.
func (s *Server) memberChange(c echo.Context, form any, message string, change func(models.ID) error) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Form(c, form); err != nil {
		return err
	}
	err = change(id)
	if errs, status := s.refused(c, err); status != 0 {
		return s.memberPage(c, id, errs, status)
	}
	return s.done(c, err, message, urls.Member(id))
}

// memberLink answers POST /settings/staff/:id/link: another invitation, or a
// way in for somebody who forgot their password. It goes by mail; without a
// mail server it is shown once.
func (s *Server) memberLink(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	token, err := s.Store.InviteAgain(ctx, v, id)
	if errors.Is(err, models.ErrNotFound) { // has signed in before
		if s.SendsMail {
			err = s.Store.MailResetLink(ctx, v, id)
		} else {
			token, err = s.Store.NewOneTimeLink(ctx, v, id, store.SignInLink)
		}
	}
	if err == nil && !s.SendsMail {
		return s.staffLink(c, id, token)
	}
	return s.done(c, err, "The link is on its way.", urls.Member(id))
}

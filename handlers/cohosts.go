package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// cohosts answers GET /roundtables/:id/cohosts.
func (s *Server) cohosts(c echo.Context) error {
	return s.cohostsPage(c, http.StatusOK, func(*views.CohostsPage) {})
}

// mostPartners is how many think tanks the field for a co-host proposes.
const mostPartners = 200

// cohostsPage shows the partners; refused notes what was typed and why it was
// refused.
func (s *Server) cohostsPage(c echo.Context, status int, refused func(*views.CohostsPage)) error {
	frame, w, err := s.workspace(c, "")
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	found, err := s.Store.Cohosts(c.Request().Context(), v, w.ID)
	if err != nil {
		return err
	}
	frame.Failed = status != http.StatusOK
	p := views.CohostsPage{WorkspacePage: frame, CanChange: models.CanIn(v, models.ManageTeam, w.ID), AddHref: urls.CohostAdd(w.ID)}
	for _, h := range found {
		row := views.CohostRow{
			ID: h.Organisation.String(), Name: h.Name, Sector: h.Sector,
			RemoveHref: urls.CohostRemove(w.ID, h.Organisation), AddHref: urls.CohostAccount(w.ID, h.Organisation),
		}
		for _, a := range h.Accounts {
			account := views.CohostAccountRow{Name: a.Name, Email: a.Email}
			switch {
			case a.Disabled:
				account.Note = "disabled"
			case a.Pending:
				account.Note = "has not signed in yet"
			}
			if p.CanChange {
				account.EndHref = urls.CohostAccountEnd(w.ID, a.Account)
			}
			row.Accounts = append(row.Accounts, account)
		}
		p.Cohosts = append(p.Cohosts, row)
	}
	if p.CanChange {
		tanks, err := s.Store.Organisations(c.Request().Context(), v, models.OrganisationFilter{Sector: models.ThinkTanks, Limit: mostPartners})
		if err != nil {
			return err
		}
		for _, o := range tanks.Organisations {
			p.Partners = append(p.Partners, o.Name)
		}
	}
	refused(&p)
	return web.Render(c, status, views.Cohosts(p))
}

// cohostAdd answers POST /roundtables/:id/cohosts/add.
func (s *Server) cohostAdd(c echo.Context) error {
	var form struct {
		Organisation string `form:"organisation"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	err = s.Store.AddCohost(c.Request().Context(), web.Viewer(c), room, form.Organisation)
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.cohostsPage(c, http.StatusUnprocessableEntity, func(p *views.CohostsPage) {
			p.Organisation, p.Errors = form.Organisation, bad.Fields
		})
	}
	return s.acted(c, urls.RoundtableCohosts(room), "Named as co-host. Now invite its people.", err)
}

// cohostRemove answers POST /roundtables/:id/cohosts/:organisation/remove.
func (s *Server) cohostRemove(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	organisation, err := web.ID(c, "organisation")
	if err != nil {
		return err
	}
	return s.acted(c, urls.RoundtableCohosts(room), "No longer a co-host. Its people have lost access.",
		s.Store.RemoveCohost(c.Request().Context(), web.Viewer(c), room, organisation))
}

// cohostAccount answers POST /roundtables/:id/cohosts/:organisation/accounts.
func (s *Server) cohostAccount(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	organisation, err := web.ID(c, "organisation")
	if err != nil {
		return err
	}
	var form struct {
		Name  string `form:"name"`
		Email string `form:"email"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	err = s.Store.AddCohostAccount(c.Request().Context(), web.Viewer(c), room, models.CohostInput{Organisation: organisation, Name: form.Name, Email: form.Email})
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.cohostsPage(c, http.StatusUnprocessableEntity, func(p *views.CohostsPage) {
			for i := range p.Cohosts {
				if row := &p.Cohosts[i]; row.ID == organisation.String() {
					row.PersonName, row.PersonEmail, row.Errors = form.Name, form.Email, bad.Fields
				}
			}
		})
	}
	return s.acted(c, urls.RoundtableCohosts(room), "Invited. The mail has a link to sign in.", err)
}

// cohostAccountEnd answers POST /roundtables/:id/cohosts/accounts/:account/end.
func (s *Server) cohostAccountEnd(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	account, err := web.ID(c, "account")
	if err != nil {
		return err
	}
	return s.acted(c, urls.RoundtableCohosts(room), "Access ended.",
		s.Store.RemoveCohostAccount(c.Request().Context(), web.Viewer(c), room, account))
}

package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// unlistedShown is how many names without an organisation the list offers.
const unlistedShown = 12

// organisations answers GET /organizations for staff.
func (s *Server) organisations(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	p := views.OrganisationsPage{Query: c.QueryParam("q"), Sector: c.QueryParam("sector"), Sectors: sectorOptions("All sectors"), CanEdit: models.Can(v, models.EditPeople)}
	sector, _ := models.ParseSector(p.Sector)
	found, err := s.Store.Organisations(ctx, v, models.OrganisationFilter{Query: p.Query, Sector: sector, After: models.ParsePersonCursor(c.QueryParam("after"))})
	if err != nil {
		return err
	}
	for _, o := range found.Organisations {
		p.Organisations = append(p.Organisations, views.OrganisationRow{
			Name: o.Name, Acronym: o.Acronym, Href: urls.Organisation(o.ID), Sector: o.Sector, Country: o.Country, People: ui.Thousands(o.People),
		})
	}
	if found.Next.ID != 0 {
		p.Next = urls.With(urls.OrganisationsPath, "q", p.Query, "sector", p.Sector, "after", found.Next.String())
	}
	if c.QueryParam("after") != "" {
		p.First = urls.With(urls.OrganisationsPath, "q", p.Query, "sector", p.Sector)
	}
	p.Filtered = p.Query != "" || p.Sector != ""
	unlisted, err := s.Store.UnlistedOrganisations(ctx, v, unlistedShown)
	if err != nil {
		return err
	}
	for _, u := range unlisted {
		p.Unlisted = append(p.Unlisted, views.UnlistedRow{
			Name: u.Name, People: ui.Count(u.People, "person", "people"),
			PeopleHref: urls.With(urls.PeoplePath, "organization", u.Name), AddHref: urls.With(urls.OrganisationNewPath, "name", u.Name),
		})
	}
	if p.Page, err = s.Page(c, "Organizations", "people"); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Organisations(p))
}

// organisation answers GET /organizations/:id for staff.
func (s *Server) organisation(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	o, err := s.Store.Organisation(ctx, v, id)
	if err != nil {
		return err
	}
	people, err := s.Store.People(ctx, v, models.PersonFilter{Organisation: o.Name})
	if err != nil {
		return err
	}
	page, err := s.Page(c, o.Name, "people")
	if err != nil {
		return err
	}
	p := views.OrganisationPage{
		Page: page, Name: o.Name, Acronym: o.Acronym, Sector: o.Sector, Country: o.Country, Aliases: o.Aliases, CanEdit: models.Can(v, models.EditPeople),
		Count: ui.Count(o.People, "person", "people"), EditHref: urls.OrganisationEdit(id),
		AllHref: urls.With(urls.PeoplePath, "organization", o.Name), AddHref: urls.With(urls.PersonNewPath, "organization", o.Name),
	}
	for _, person := range people.People {
		p.People = append(p.People, personRow(person))
	}
	p.More = people.Next.ID != 0
	return web.Render(c, http.StatusOK, views.Organisation(p))
}

// organisationForm is what the form of an organisation sends.
type organisationForm struct {
	Name    string `form:"name"`
	Acronym string `form:"acronym"`
	Aliases string `form:"aliases"`
	Sector  string `form:"sector"`
	Country string `form:"country"`
	Seen    string `form:"seen"`
}

func (f organisationForm) input() models.OrganisationInput {
	sector, ok := models.ParseSector(f.Sector)
	if !ok {
		sector = -1
	}
	return models.OrganisationInput{Name: f.Name, Acronym: f.Acronym, Aliases: strings.Split(f.Aliases, "\n"), Sector: sector, Country: f.Country, Seen: models.Seen(f.Seen)}
}

// organisationNew answers GET /organizations/new. The name may come with the
// address.
func (s *Server) organisationNew(c echo.Context) error {
	return s.organisationFormPage(c, http.StatusOK, 0, organisationForm{Name: c.QueryParam("name")}, nil)
}

func (s *Server) organisationFormPage(c echo.Context, status int, id models.ID, form organisationForm, invalid *models.InvalidError) error {
	title := "New organization"
	if id != 0 {
		title = "Edit organization"
	}
	page, err := s.Page(c, title, "people")
	if err != nil {
		return err
	}
	p := views.OrganisationFormPage{
		Page: page, Heading: title, Name: form.Name, Acronym: form.Acronym, Aliases: form.Aliases, Sector: form.Sector, Country: form.Country, Seen: form.Seen,
		Sectors: sectorOptions("No sector"), Action: urls.OrganisationsPath, Cancel: urls.OrganisationsPath,
	}
	if id != 0 {
		p.Action, p.Cancel = urls.Organisation(id), urls.Organisation(id)
	}
	if invalid != nil {
		p.Failed, p.Errors = true, invalid.Fields
	}
	return web.Render(c, status, views.OrganisationForm(p))
}

// organisationCreate answers POST /organizations.
func (s *Server) organisationCreate(c echo.Context) error {
	var form organisationForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	id, err := s.Store.CreateOrganisation(c.Request().Context(), web.Viewer(c), form.input())
	return s.organisationSaved(c, 0, id, form, err)
}

// organisationEdit answers GET /organizations/:id/edit.
func (s *Server) organisationEdit(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	o, err := s.Store.Organisation(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	form := organisationForm{Name: o.Name, Acronym: o.Acronym, Aliases: strings.Join(o.Aliases, "\n"), Sector: o.Sector.Key(), Country: o.Country, Seen: string(models.SeenOf(o.OrganisationInput))}
	return s.organisationFormPage(c, http.StatusOK, id, form, nil)
}

// organisationUpdate answers POST /organizations/:id.
func (s *Server) organisationUpdate(c echo.Context) error {
	var form organisationForm
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	return s.organisationSaved(c, id, id, form, s.Store.UpdateOrganisation(c.Request().Context(), web.Viewer(c), id, form.input()))
}

// organisationSaved shows the form again where it was refused; shown is the
// organisation that it edits, zero for a new one.
func (s *Server) organisationSaved(c echo.Context, shown, saved models.ID, form organisationForm, err error) error {
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.organisationFormPage(c, http.StatusUnprocessableEntity, shown, form, invalid)
	}
	if errors.Is(err, models.ErrConflict) {
		now, err := s.Store.Organisation(c.Request().Context(), web.Viewer(c), shown)
		if err != nil {
			return err
		}
		form.Seen = string(models.SeenOf(now.OrganisationInput))
		return s.organisationFormPage(c, http.StatusConflict, shown, form, &models.InvalidError{Fields: changedMeanwhile("this organization")})
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "Saved " + strings.TrimSpace(form.Name) + "."}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Organisation(saved))
}

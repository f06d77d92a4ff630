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
	"rotunda/views/files"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// peopleFilter reads what a directory's address asks for.
func peopleFilter(c echo.Context) (models.PersonFilter, views.PeopleFilters) {
	show := views.PeopleFilters{
		Query: c.QueryParam("q"), Sector: c.QueryParam("sector"), Organisation: c.QueryParam("organization"),
		Country: c.QueryParam("country"), Archived: c.QueryParam("archived") == "1", Sectors: sectorOptions("All sectors"),
	}
	sector, _ := models.ParseSector(show.Sector)
	return models.PersonFilter{
		Query: show.Query, Sector: sector, Organisation: strings.TrimSpace(show.Organisation), Country: show.Country,
		Archived: show.Archived, After: models.ParsePersonCursor(c.QueryParam("after")), Before: models.ParsePersonCursor(c.QueryParam("before")),
	}, show
}

// people answers GET /people for staff: the directory, or only its list for a
// search that is being typed.
func (s *Server) people(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	filter, show := peopleFilter(c)
	found, err := s.Store.People(ctx, v, filter)
	if err != nil {
		return err
	}
	list := peopleList(v, found, show)
	if web.IsFragment(c) {
		return web.Render(c, http.StatusOK, views.PeopleResults(list))
	}
	page, err := s.Page(c, "People", "people")
	if err != nil {
		return err
	}
	if err := s.hint(c, "people", &page); err != nil {
		return err
	}
	p := views.PeoplePage{
		Page: page, Filters: show, List: list,
		CanEdit: models.Can(v, models.EditPeople), CanImport: models.Can(v, models.ImportPeople),
	}
	countries, err := s.Store.PeopleCountries(ctx, v)
	if err != nil {
		return err
	}
	p.Filters.Countries = append(p.Filters.Countries, ui.Option{Label: "All countries"})
	for _, country := range countries {
		p.Filters.Countries = append(p.Filters.Countries, ui.Option{Value: country, Label: country})
	}
	return web.Render(c, http.StatusOK, views.People(p))
}

func peopleList(v models.Viewer, found models.PeoplePage, show views.PeopleFilters) views.PeopleList {
	list := views.PeopleList{
		Count: models.CappedCount(found.Count, found.More) + " people", Filtered: show.Any(), Archived: show.Archived, CanEdit: models.Can(v, models.EditPeople),
	}
	if models.Can(v, models.ExportStaff) {
		list.CSV, list.XLSX = show.Address(urls.PeopleExportPath, "format", "csv"), show.Address(urls.PeopleExportPath, "format", "xlsx")
	}
	if found.Count == 1 {
		list.Count = "1 person"
	}
	for _, p := range found.People {
		list.People = append(list.People, personRow(p))
	}
	if found.Prev.ID != 0 {
		list.Prev = show.Address(urls.PeoplePath, "before", found.Prev.String())
	}
	if found.Next.ID != 0 {
		list.Next = show.Address(urls.PeoplePath, "after", found.Next.String())
	}
	return list
}

func personRow(p models.Person) views.PersonRow {
	row := views.PersonRow{
		Name: p.ListName(), Href: urls.Person(p.ID), Position: p.Position, Organisation: p.Organisation,
		Sector: p.Sector, Country: p.Country, Email: p.Email, DoNotContact: p.DoNotContact,
	}
	if p.OrganisationID != 0 {
		row.OrganisationHref = urls.Organisation(p.OrganisationID)
	}
	return row
}

// peopleExport answers GET /people/export: the people whom the filters find, as
// CSV or XLSX.
func (s *Server) peopleExport(c echo.Context) error {
	filter, _ := peopleFilter(c)
	format := listFormat(c)
	people, err := s.Store.ExportPeople(c.Request().Context(), web.Viewer(c), filter, format)
	if err != nil {
		return err
	}
	rows := func(yield func([]string, error) bool) {
		for p, err := range people {
			if !yield(files.PersonRow(p), err) {
				return
			}
		}
	}
	h := c.Response().Header()
	if format == "xlsx" {
		h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("People", "xlsx")))
		h.Set(echo.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		return files.WriteXLSX(c.Response(), "People", files.PeopleColumns(), rows)
	}
	h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("People", "csv")))
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	return files.WriteCSV(c.Response(), c.QueryParam("bom") == "1", files.PeopleColumns(), rows)
}

// listFormat returns what sort of file a list is asked for as: "xlsx" or "csv".
func listFormat(c echo.Context) string {
	if c.QueryParam("format") == "xlsx" {
		return "xlsx"
	}
	return "csv"
}

// person answers GET /people/:id for staff.
func (s *Server) person(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	person, err := s.Store.Person(ctx, v, id)
	if err != nil {
		return err
	}
	history, err := s.Store.PersonHistory(ctx, v, id)
	if err != nil {
		return err
	}
	page, err := s.Page(c, person.FullName(), "people")
	if err != nil {
		return err
	}
	p := personPage(person, history)
	p.Page = page
	p.CanEdit = models.Can(v, models.EditPeople)
	return web.Render(c, http.StatusOK, views.Person(p))
}

func personPage(person models.Person, history models.PersonHistory) views.PersonPage {
	p := views.PersonPage{
		Name: person.FormalName(), ListName: person.ListName(), Position: person.Position, Organisation: person.Organisation,
		Sector: person.Sector, Notes: person.Notes, DoNotContact: person.DoNotContact, Archived: person.Archived,
		EditHref: urls.PersonEdit(person.ID), ArchiveURL: urls.PersonArchive(person.ID), RestoreURL: urls.PersonRestore(person.ID),
		Invited: ui.Thousands(history.Invited),
	}
	if person.OrganisationID != 0 {
		p.OrganisationHref = urls.Organisation(person.OrganisationID)
	}
	if p.Position != "" && p.Organisation != "" {
		p.Position += ","
	}
	p.Details = personFacts(person)
	attended := 0
	for _, r := range history.Teams {
		row := historyRow(r)
		row.StateKind, row.State, row.Note = guestStateKinds[r.State], r.State.Name(), r.Note
		if r.Insights > 0 {
			row.Insights = ui.Thousands(r.Insights)
		}
		if r.State == models.Attended {
			attended++
		}
		p.Teams = append(p.Teams, row)
	}
	if len(history.Teams) > 0 {
		p.Attended = strconv.Itoa(attended)
	}
	for _, r := range history.OnRecord {
		p.OnRecord = append(p.OnRecord, historyRow(r))
	}
	return p
}

var guestStateKinds = map[models.GuestState]string{
	models.Accepted: "yes", models.Attended: "yes", models.Declined: "no", models.NoShow: "no", models.Withdrawn: "no",
	models.Tentative: "wait", models.Waitlisted: "wait", models.Reconfirm: "wait", models.Delegated: "swap",
}

func historyRow(r models.PersonRoom) views.PersonHistoryRow {
	row := views.PersonHistoryRow{Title: r.Title, Href: urls.Roundtable(r.ID), Regime: r.Regime, Day: "No date yet"}
	if r.StartsAt != 0 {
		row.Day = models.FormatDay(r.StartsAt, r.Zone)
	}
	return row
}

// personFacts lists what is known of a person, without what is empty.
func personFacts(p models.Person) []ui.Fact {
	var out []ui.Fact
	add := func(term, value string) {
		if value != "" {
			out = append(out, ui.Fact{Term: term, Value: value})
		}
	}
	out = append(out, ui.Fact{Term: "Sector", Body: ui.SectorName(p.Sector)})
	add("E-mail", strings.Join(p.Emails(), ", "))
	add("Phone", p.Phone)
	add("Assistant", p.Assistant)
	add("Addressed as", p.Greeting())
	add("In lists", p.ListName())
	add("Country", p.Country)
	add("External ID", p.ExternalID)
	return out
}

// personForm is what the form of a person sends.
type personForm struct {
	ExternalID   string `form:"external_id"`
	Honorific    string `form:"honorific"`
	Given        string `form:"given"`
	Middle       string `form:"middle"`
	Family       string `form:"family"`
	PostNominals string `form:"post_nominals"`
	Full         string `form:"full_name"`
	Salutation   string `form:"salutation"`
	List         string `form:"list_name"`
	Email        string `form:"email"`
	OtherEmails  string `form:"other_emails"`
	Phone        string `form:"phone"`
	Position     string `form:"position"`
	Organisation string `form:"organisation"`
	Sector       string `form:"sector"`
	Country      string `form:"country"`
	Assistant    string `form:"assistant"`
	Notes        string `form:"notes"`
	DoNotContact string `form:"do_not_contact"`
	Seen         int64  `form:"seen"`
}

func (f personForm) input() models.PersonInput {
	sector, ok := models.ParseSector(f.Sector)
	if !ok {
		sector = -1 // no sector at all, which Clean refuses
	}
	return models.PersonInput{
		ExternalID: f.ExternalID, Honorific: f.Honorific, Given: f.Given, Middle: f.Middle, Family: f.Family, PostNominals: f.PostNominals,
		Full: f.Full, Salutation: f.Salutation, List: f.List, Email: strings.TrimSpace(f.Email), OtherEmails: strings.Split(f.OtherEmails, "\n"),
		Phone: f.Phone, Position: f.Position, Organisation: f.Organisation, Sector: sector, Country: f.Country,
		Assistant: f.Assistant, Notes: f.Notes, DoNotContact: f.DoNotContact == "1",
	}
}

// personNew answers GET /people/new. The organisation may come with the address.
func (s *Server) personNew(c echo.Context) error {
	in := models.PersonInput{Organisation: c.QueryParam("organization")}
	return s.personFormPage(c, http.StatusOK, 0, in, 0, nil)
}

// personFormPage shows the form of a person who is new where id is zero.
func (s *Server) personFormPage(c echo.Context, status int, id models.ID, in models.PersonInput, seen models.Instant, invalid *models.InvalidError) error {
	title := "New person"
	if id != 0 {
		title = "Edit " + in.FullName()
	}
	page, err := s.Page(c, title, "people")
	if err != nil {
		return err
	}
	p := views.PersonFormPage{Page: page, Heading: title, In: in, Sectors: sectorOptions("No sector"), Seen: strconv.FormatInt(int64(seen), 10), Action: urls.PeoplePath, Cancel: urls.PeoplePath}
	if id != 0 {
		p.Action, p.Cancel = urls.Person(id), urls.Person(id)
	}
	if invalid != nil {
		p.Failed, p.Errors = true, invalid.Fields
	}
	names, err := s.Store.OrganisationNames(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	p.Organisations = names
	return web.Render(c, status, views.PersonForm(p))
}

// personCreate answers POST /people.
func (s *Server) personCreate(c echo.Context) error {
	var form personForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in := form.input()
	id, undo, err := s.Store.CreatePerson(c.Request().Context(), web.Viewer(c), in)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.personFormPage(c, http.StatusUnprocessableEntity, 0, in, 0, invalid)
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "Added " + in.FullName() + ".", UndoURL: urls.With(urls.Undo(undo), "next", urls.PeoplePath)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Person(id))
}

// personEdit answers GET /people/:id/edit.
func (s *Server) personEdit(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	p, err := s.Store.Person(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	return s.personFormPage(c, http.StatusOK, id, p.PersonInput, p.UpdatedAt, nil)
}

// personUpdate answers POST /people/:id.
func (s *Server) personUpdate(c echo.Context) error {
	var form personForm
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in := form.input()
	undo, err := s.Store.UpdatePerson(c.Request().Context(), web.Viewer(c), id, in, models.Instant(form.Seen))
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.personFormPage(c, http.StatusUnprocessableEntity, id, in, models.Instant(form.Seen), invalid)
	}
	if errors.Is(err, models.ErrConflict) {
		return s.personStale(c, id, in)
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "Saved " + in.FullName() + ".", UndoURL: urls.Undo(undo)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Person(id))
}

// personStale shows what was typed over a person whom somebody else changed
// meanwhile. Saving once more is then a choice.
func (s *Server) personStale(c echo.Context, id models.ID, in models.PersonInput) error {
	now, err := s.Store.Person(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	return s.personFormPage(c, http.StatusUnprocessableEntity, id, in, now.UpdatedAt, &models.InvalidError{Fields: changedMeanwhile("this person")})
}

// personArchive answers POST /people/:id/archive.
func (s *Server) personArchive(c echo.Context) error {
	return s.setArchived(c, true, "Archived: no longer in the directory. The history stays.")
}

// personRestore answers POST /people/:id/restore.
func (s *Server) personRestore(c echo.Context) error {
	return s.setArchived(c, false, "Back in the directory.")
}

func (s *Server) setArchived(c echo.Context, archived bool, words string) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	undo, err := s.Store.ArchivePerson(c.Request().Context(), web.Viewer(c), id, archived)
	if err != nil {
		return err
	}
	flash := views.Flash{Text: words}
	if undo != 0 {
		flash.UndoURL = urls.Undo(undo)
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Person(id))
}

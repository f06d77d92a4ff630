package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// roundtableForm is what the form of a roundtable sends.
type roundtableForm struct {
	Revision      string `form:"revision"`
	Title         string `form:"title"`
	Objectives    string `form:"objectives"`
	KeyQuestions  string `form:"key_questions"`
	Series        string `form:"series"`
	Date          string `form:"date"`
	Start         string `form:"start"`
	End           string `form:"end"`
	Zone          string `form:"zone"`
	Twice         string `form:"twice"`
	Place         string `form:"place"`
	Room          string `form:"room"`
	Link          string `form:"link"`
	Silent        string `form:"silent"`
	Regime        string `form:"regime"`
	Visibility    string `form:"private"`
	Capacity      string `form:"capacity"`
	DeadlineDate  string `form:"deadline_date"`
	DeadlineTime  string `form:"deadline_time"`
	AutoPromote   string `form:"auto_promote"`
	ObserverSeats string `form:"observer_seats"`
	StaffK        string `form:"staff_k"`
	StaffL        string `form:"staff_l"`
	PublicK       string `form:"public_k"`
	PublicL       string `form:"public_l"`
	Then          string `form:"then"`
	// Hear is the sectors of the proposed guests, with commas; People are those
	// chosen.
	Hear   string   `form:"hear"`
	People []string `form:"person"`
}

var occurrences = map[string]models.Occurrence{"earlier": models.Earlier, "later": models.Later}

// input reads the form; numbers that are none are noted.
func (f roundtableForm) input() (models.RoundtableInput, *models.InvalidError) {
	bad := &models.InvalidError{}
	number := func(field, s string) int {
		if s = strings.TrimSpace(s); s == "" {
			return 0
		}
		n, err := strconv.Atoi(s)
		message := "Write a number of people or organizations, or leave it empty."
		if field == "capacity" {
			message = "Write the seats as a number, or leave it empty for no limit."
		}
		bad.Check(err == nil && n >= 0 && n <= models.CapacityMost, field, message)
		return n
	}
	in := models.RoundtableInput{
		Title: f.Title, Objectives: f.Objectives, KeyQuestions: f.KeyQuestions, Place: f.Place, Room: f.Room, Link: f.Link,
		Schedule:     models.Schedule{Date: f.Date, Start: f.Start, End: f.End, Zone: f.Zone, Twice: occurrences[f.Twice]},
		DeadlineDate: f.DeadlineDate, DeadlineTime: f.DeadlineTime, Private: f.Visibility == "private",
		Capacity: number("capacity", f.Capacity), AutoPromote: f.AutoPromote != "", ObserverSeats: f.ObserverSeats != "",
		Silent: f.Silent != "", Announce: f.Then == "schedule", Revision: number("", f.Revision),
	}
	var ok bool
	if in.Regime, ok = models.ParseRegime(f.Regime); !ok {
		bad.Add("regime", "Choose an attribution rule.")
	}
	if f.Series != "" {
		id, err := models.ParseID(f.Series)
		bad.Check(err == nil, "series", "Choose a series from the list.")
		in.Series = id
	}
	public := models.Threshold{K: number("public_k", f.PublicK), L: number("public_l", f.PublicL)}
	in.Thresholds = models.Thresholds{Staff: models.Threshold{K: number("staff_k", f.StaffK), L: number("staff_l", f.StaffL)}, Partner: public, Public: public}
	return in, bad
}

// checked reads and checks the form, so that one answer names every mistake.
func (f roundtableForm) checked() (models.RoundtableInput, error) {
	in, bad := f.input()
	_, _, err := in.Check()
	var more *models.InvalidError
	if errors.As(err, &more) {
		for field, message := range more.Fields {
			bad.Add(field, message)
		}
	}
	return in, bad.Err()
}

func (f roundtableForm) values() views.RoundtableValues {
	return views.RoundtableValues{
		Title: f.Title, Objectives: f.Objectives, KeyQuestions: f.KeyQuestions, Series: f.Series,
		Date: f.Date, Start: f.Start, End: f.End, Zone: f.Zone, Twice: f.Twice, Place: f.Place, Room: f.Room, Link: f.Link,
		DeadlineDate: f.DeadlineDate, DeadlineTime: f.DeadlineTime, Visibility: f.Visibility, Regime: f.Regime, Capacity: f.Capacity,
		AutoPromote: f.AutoPromote != "", ObserverSeats: f.ObserverSeats != "", Silent: f.Silent != "",
		StaffK: f.StaffK, StaffL: f.StaffL, PublicK: f.PublicK, PublicL: f.PublicL, Revision: f.Revision,
		Hear: f.Hear, People: append([]string{}, f.People...),
	}
}

// valuesOf fills the form from what there is.
func valuesOf(in models.RoundtableInput) views.RoundtableValues {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	out := views.RoundtableValues{
		Title: in.Title, Objectives: in.Objectives, KeyQuestions: in.KeyQuestions,
		Date: in.Schedule.Date, Start: in.Schedule.Start, End: in.Schedule.End, Zone: in.Schedule.Zone,
		Place: in.Place, Room: in.Room, Link: in.Link, DeadlineDate: in.DeadlineDate, DeadlineTime: in.DeadlineTime,
		Visibility: "public", Regime: in.Regime.Key(), Capacity: number(in.Capacity), AutoPromote: in.AutoPromote, ObserverSeats: in.ObserverSeats,
		StaffK: number(in.Thresholds.Staff.K), StaffL: number(in.Thresholds.Staff.L),
		PublicK: number(in.Thresholds.Public.K), PublicL: number(in.Thresholds.Public.L), Revision: strconv.Itoa(in.Revision),
	}
	if in.Private {
		out.Visibility = "private"
	}
	if in.Series != 0 {
		out.Series = in.Series.String()
	}
	for key, o := range occurrences {
		if o == in.Schedule.Twice {
			out.Twice = key
		}
	}
	return out
}

// roundtableNew answers GET /roundtables/new.
func (s *Server) roundtableNew(c echo.Context) error {
	institute, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return err
	}
	in := models.RoundtableInput{Regime: institute.Regime, Schedule: models.Schedule{Zone: institute.Zone}}
	in.Series, _ = models.ParseID(c.QueryParam("series"))
	in.Title, in.Objectives = c.QueryParam("title"), c.QueryParam("objectives")
	values := valuesOf(in)
	values.Hear = sectorKeys(sectorsToHear(c.QueryParam("hear")))
	return s.newForm(c, http.StatusOK, values, nil)
}

func (s *Server) newForm(c echo.Context, status int, values views.RoundtableValues, errs map[string]string) error {
	p := views.RoundtableForm{
		Heading: "New roundtable", Action: urls.RoundtableNewPath, CancelHref: urls.RoundtablesPath, Draft: true,
		Crumbs: []ui.Crumb{{Label: "Roundtables", Href: urls.RoundtablesPath}, {Label: "New"}}, Values: values,
		RuleNote: "Can be made stricter later. A looser one would need every guest’s consent.",
	}
	if err := s.proposeGuests(c, &p); err != nil {
		return err
	}
	return s.renderForm(c, status, p, errs)
}

// mostProposed is how many guests a new roundtable proposes.
const mostProposed = 12

// sectorsToHear reads sectors by their keys, with commas between them.
func sectorsToHear(keys string) []models.Sector {
	var out []models.Sector
	for _, key := range strings.Split(keys, ",") {
		if s, ok := models.ParseSector(key); ok && s != models.SectorNone && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func sectorKeys(sectors []models.Sector) string {
	keys := make([]string, len(sectors))
	for i, s := range sectors {
		keys[i] = s.Key()
	}
	return strings.Join(keys, ",")
}

// proposedWords say who a person is that may be heard.
func proposedWords(p models.Person, sector models.Sector, named bool) string {
	words := []string{p.Position, p.Organisation}
	if named {
		words = append(words, sector.Name())
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

// proposeGuests offers people of the sectors that are to be heard, the same
// number of each, all chosen unless the form comes back with a choice of its
// own.
func (s *Server) proposeGuests(c echo.Context, p *views.RoundtableForm) error {
	sectors := sectorsToHear(p.Values.Hear)
	var all []string
	for _, sector := range sectors { // ten at most
		found, err := s.Store.People(c.Request().Context(), web.Viewer(c), models.PersonFilter{Sector: sector})
		if err != nil {
			return err
		}
		of := 0
		for _, person := range found.People {
			if person.DoNotContact || of == max(1, mostProposed/len(sectors)) || len(p.Proposed) == mostProposed {
				continue
			}
			o := ui.Option{Value: person.ID.String(), Label: person.FullName(), Hint: proposedWords(person, sector, len(sectors) > 1)}
			p.Proposed, all, of = append(p.Proposed, o), append(all, o.Value), of+1
		}
	}
	if len(sectors) == 0 {
		return nil
	}
	if p.Values.People == nil {
		p.Values.People = all
	}
	return nil
}

// renderForm fills in what every form of a roundtable offers.
func (s *Server) renderForm(c echo.Context, status int, p views.RoundtableForm, errs map[string]string) (err error) {
	p.Errors, p.Zones = errs, models.ZoneNames()
	page := s.Page
	if len(errs) > 0 {
		page = s.FailedPage
	}
	if p.Page, err = page(c, p.Heading, "roundtables"); err != nil {
		return err
	}
	ctx := c.Request().Context()
	series, err := s.Store.Series(ctx, web.Viewer(c))
	if err != nil {
		return err
	}
	p.SeriesOptions = []ui.Option{{Label: "No series"}}
	for _, one := range series {
		if !one.Archived || one.ID.String() == p.Values.Series {
			p.SeriesOptions = append(p.SeriesOptions, ui.Option{Value: one.ID.String(), Label: one.Name})
		}
	}
	institute, err := s.Store.Institute(ctx)
	if err != nil {
		return err
	}
	p.StaffFloor = thresholdWords(institute.Thresholds.For(models.Staff))
	p.PublicFloor = thresholdWords(institute.Thresholds.For(models.Public))
	return web.Render(c, status, views.EditRoundtable(p))
}

func thresholdWords(t models.Threshold) string {
	return ui.Count(t.K, "person", "people") + " from " + ui.Count(t.L, "organization", "organizations")
}

// roundtableCreate answers POST /roundtables/new.
func (s *Server) roundtableCreate(c echo.Context) error {
	var form roundtableForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in, err := form.checked()
	var id models.ID
	if err == nil {
		people := guestIDs(form.People)
		if form.Hear == "" {
			people = nil
		}
		id, err = s.Store.CreateRoundtableFor(c.Request().Context(), web.Viewer(c), in, people[:min(len(people), mostProposed)])
	}
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.newForm(c, http.StatusUnprocessableEntity, form.values(), bad.Fields)
	}
	if err != nil {
		return err
	}
	text := "Saved as a draft. You lead this roundtable."
	if in.Announce {
		text = "Scheduled. You lead this roundtable."
	}
	if err := web.Flash(c, views.Flash{Text: text + s.zoneFound(form.Zone)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Roundtable(id))
}

// zoneFound says which zone was taken for a city that somebody typed. It is
// empty where a zone was written.
func (s *Server) zoneFound(typed string) string {
	if _, err := models.Zone(typed); err == nil {
		return ""
	}
	found := models.SearchZones(typed, 1)
	if len(found) == 0 {
		return ""
	}
	return " “" + typed + "” keeps the time of " + models.ZoneLabel(found[0], s.Store.Now()) + "."
}

// roundtableEdit answers GET /roundtables/:id/edit.
func (s *Server) roundtableEdit(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	r, err := s.Store.Roundtable(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	return s.editForm(c, http.StatusOK, r, valuesOf(r.Input()), nil)
}

func (s *Server) editForm(c echo.Context, status int, r models.Roundtable, values views.RoundtableValues, errs map[string]string) error {
	v := web.Viewer(c)
	p := views.RoundtableForm{
		Heading: "Edit roundtable", Action: urls.RoundtableEdit(r.ID), CancelHref: urls.Roundtable(r.ID),
		Crumbs: []ui.Crumb{{Label: "Roundtables", Href: urls.RoundtablesPath}, {Label: r.Title, Href: urls.Roundtable(r.ID)}, {Label: "Edit"}},
		Values: values, Scheduled: r.Status == models.Scheduled, Draft: r.Status == models.Draft,
		RuleNote: "Can be made stricter at once. A looser one needs every guest’s consent.",
	}
	if own := models.FormatSpanFor(r.Starts, r.Ends, r.Schedule.Zone, v.Zone()); own != "" {
		p.OwnZone = "As saved, for you: " + own + "."
	}
	if !models.CanIn(v, models.SetRegime, r.ID) {
		p.RuleLocked, p.RuleNote = true, "Only the lead sets it."
	}
	return s.renderForm(c, status, p, errs)
}

// roundtableUpdate answers POST /roundtables/:id/edit.
func (s *Server) roundtableUpdate(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form roundtableForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in, err := form.checked()
	var done store.Edited
	if err == nil {
		done, err = s.Store.UpdateRoundtable(c.Request().Context(), web.Viewer(c), id, in)
	}
	fields, stale := map[string]string{}, false
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		fields = bad.Fields
	case errors.Is(err, models.ErrConflict):
		stale = true
		fields = changedMeanwhile("this roundtable")
	case err != nil:
		return err
	}
	if len(fields) > 0 {
		r, err := s.Store.Roundtable(c.Request().Context(), web.Viewer(c), id)
		if err != nil {
			return err
		}
		if stale {
			form.Revision = strconv.Itoa(r.Revision)
		}
		return s.editForm(c, http.StatusUnprocessableEntity, r, form.values(), fields)
	}
	flash := views.Flash{Text: editedWords(done) + s.zoneFound(form.Zone)}
	if done.Undo != 0 {
		flash.UndoURL = urls.Undo(done.Undo)
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Roundtable(id))
}

func editedWords(done store.Edited) string {
	switch {
	case done.Moved && done.Asked > 0:
		return "Saved. " + ui.Count(done.Asked, "guest is", "guests are") + " asked whether they can still come."
	case done.Moved:
		return "Saved. Invited guests are told the new time."
	case done.Mailed:
		return "Saved. Invited guests get one mail about it within 30 minutes."
	}
	return "Saved."
}

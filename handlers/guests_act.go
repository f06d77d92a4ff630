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

// guestIDs reads ids that were ticked. One that cannot be read chooses nobody.
func guestIDs(keys []string) []models.ID {
	var out []models.ID
	for _, key := range keys {
		if id, err := models.ParseID(key); err == nil {
			out = append(out, id)
		}
	}
	return out
}

// guestsBulk answers POST /roundtables/:id/guests/bulk: one act on the guests
// that were ticked, or on the one whose menu was used.
func (s *Server) guestsBulk(c echo.Context) error {
	var form struct {
		Guests []string `form:"guest"`
		Act    string   `form:"act"`
		One    string   `form:"one"`
		Wave   string   `form:"wave"`
		Role   string   `form:"role"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if act, one, ok := strings.Cut(form.One, ":"); ok {
		form.Act, form.Guests = act, []string{one}
	}
	ids := guestIDs(form.Guests)
	if len(ids) == 0 {
		return s.guestsRefused(c, models.Invalid("", "Choose at least one guest."))
	}
	looks := map[string]string{"invite": urls.GuestsInvite(room), "remind": urls.GuestsRemind(room), "withdraw": urls.GuestsWithdraw(room)}
	if to := looks[form.Act]; to != "" {
		pairs := []string{}
		for _, id := range ids {
			pairs = append(pairs, "guest", id.String())
		}
		return web.SeeOther(c, urls.With(to, pairs...))
	}
	flash, err := s.guestsDo(c, room, ids, form.Act, form.Wave, form.Role)
	if err != nil {
		return s.guestsRefused(c, err)
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Guests(room))
}

// guestsDo does an act that needs no second look, and says what was done.
func (s *Server) guestsDo(c echo.Context, room models.ID, ids []models.ID, act, wave, role string) (views.Flash, error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	done := func(words string) func(n int, undo models.ID, err error) (views.Flash, error) {
		return func(n int, undo models.ID, err error) (views.Flash, error) {
			if undo == 0 {
				return views.Flash{Text: "Nothing to change."}, err
			}
			return views.Flash{Text: ui.Count(n, "guest", "guests") + " " + words, UndoURL: urls.Undo(undo)}, err
		}
	}
	switch act {
	case "attended":
		return done("marked as attended.")(s.Store.SetAttendance(ctx, v, room, ids, models.Attended))
	case "no_show":
		return done("marked as absent.")(s.Store.SetAttendance(ctx, v, room, ids, models.NoShow))
	case "wave":
		return done("moved to wave " + wave + ".")(s.Store.SetGuestWave(ctx, v, room, ids, wave))
	case "role":
		part, ok := models.ParseGuestRole(role)
		if !ok {
			return views.Flash{}, models.Invalid("", "Choose a role.")
		}
		return done("now " + strings.ToLower(part.Name()) + ".")(s.Store.SetGuestRole(ctx, v, room, ids, part))
	}
	return views.Flash{}, models.Invalid("", "Choose what to do with the guests.")
}

// sentWords says what became of messages.
func sentWords(sent models.Sent, one, many string) string {
	words := ui.Count(sent.Guests, one, many) + " on the way."
	if sent.NoEmail > 0 {
		words += " No e-mail address is known for " + ui.Count(sent.NoEmail, "guest", "guests") + "."
	}
	if sent.Recent > 0 {
		words += " " + ui.Count(sent.Recent, "guest has", "guests have") + " had one within the last hours."
	}
	return words
}

// guestsRefused shows the list with what was wrong.
func (s *Server) guestsRefused(c echo.Context, err error) error {
	var invalid *models.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	return s.guestsPage(c, invalid.Fields, http.StatusUnprocessableEntity)
}

// guestsAddForm answers GET /roundtables/:id/guests/add: the directory, to
// choose from.
func (s *Server) guestsAddForm(c echo.Context) error {
	return s.guestsAddPage(c, false, nil, http.StatusOK)
}

// walkInForm answers GET /roundtables/:id/guests/walk-in: the directory, to
// find who came without an invitation.
func (s *Server) walkInForm(c echo.Context) error {
	return s.guestsAddPage(c, true, nil, http.StatusOK)
}

func (s *Server) guestsAddPage(c echo.Context, walkIn bool, errs map[string]string, status int) error {
	frame, w, err := s.workspace(c, tabGuests)
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	f := models.PersonFilter{Query: web.CleanText(c.QueryParam("q"))}
	f.Sector, _ = models.ParseSector(c.QueryParam("sector"))
	f.After, f.Before = models.ParsePersonCursor(c.QueryParam("after")), models.ParsePersonCursor(c.QueryParam("before"))
	people, err := s.Store.People(ctx, v, f)
	if err != nil {
		return err
	}
	list, err := s.Store.Guests(ctx, v, w.ID, models.GuestFilter{})
	if err != nil {
		return err
	}
	frame.Failed = len(errs) > 0
	p := views.GuestsAddPage{
		WorkspacePage: frame, Action: urls.GuestsAdd(w.ID), Query: f.Query, Sector: f.Sector.Key(), SectorOptions: sectorOptions("Every sector"),
		PostHref: urls.GuestsAdd(w.ID), BackHref: urls.Guests(w.ID), WalkIn: walkIn, Wave: "A", Role: models.RoleParticipant.Key(),
		Waves: waveOptions(""), Roles: roleChoices(), Errors: errs, Words: ui.Count(people.Count, "person", "people"),
	}
	if people.More {
		p.Words = "More than " + ui.Thousands(people.Count) + " people"
	}
	if models.Can(v, models.EditPeople) {
		p.NewHref = urls.PersonNewPath
	}
	if walkIn {
		p.Action, p.PostHref, p.BackHref = urls.GuestsWalkIn(w.ID), urls.GuestsWalkIn(w.ID), urls.GuestsAttendance(w.ID)
	}
	if people.Prev.ID != 0 {
		p.PrevHref = urls.With(withQuery(c, "after", ""), "before", people.Prev.String())
	}
	if people.Next.ID != 0 {
		p.NextHref = urls.With(withQuery(c, "before", ""), "after", people.Next.String())
	}
	p.People = personPicks(people.People, list.Guests, walkIn)
	return web.Render(c, status, views.GuestsAdd(p))
}

// personPicks marks who is on the list already. A guest who comes without
// having answered may be chosen as a walk-in.
func personPicks(people []models.Person, guests []models.Guest, walkIn bool) []views.PersonPick {
	listed := map[models.ID]models.Guest{}
	for _, g := range guests {
		listed[g.Person] = g
	}
	out := make([]views.PersonPick, len(people))
	for i, person := range people {
		out[i] = views.PersonPick{ID: person.ID.String(), Name: person.FullName(), Position: person.Position, Organisation: person.Organisation, Sector: person.Sector}
		if g, ok := listed[person.ID]; ok {
			out[i].Note = "On the list: " + strings.ToLower(statusWords(g.State))
			out[i].Listed = !walkIn && g.State != models.Withdrawn || g.State == models.Attended
		} else if person.DoNotContact {
			out[i].Note, out[i].Listed = "Asked not to be contacted", !walkIn
		}
	}
	return out
}

// guestsAdd answers POST /roundtables/:id/guests/add with people from the
// directory.
func (s *Server) guestsAdd(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		People []string `form:"person"`
		Wave   string   `form:"wave"`
		Role   string   `form:"role"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	role, _ := models.ParseGuestRole(form.Role)
	added, err := s.Store.AddGuests(c.Request().Context(), web.Viewer(c), room, models.AddGuestsInput{People: guestIDs(form.People), Wave: form.Wave, Role: role})
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.guestsAddPage(c, false, invalid.Fields, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	words := ui.Count(len(added.Added), "guest", "guests") + " added."
	if added.Already > 0 {
		words += " " + strconv.Itoa(added.Already) + " on the list already."
	}
	if len(added.Refused) > 0 {
		words += " Left out, since they asked not to be contacted: " + strings.Join(added.Refused, ", ") + "."
	}
	if err := web.Flash(c, views.Flash{Text: words}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Guests(room))
}

// guestPropose answers POST /roundtables/:id/guests/propose for a co-host.
func (s *Server) guestPropose(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Name         string `form:"full_name"`
		Email        string `form:"email"`
		Position     string `form:"position"`
		Organisation string `form:"organisation"`
		Sector       string `form:"sector"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	sector, _ := models.ParseSector(form.Sector)
	err = s.Store.ProposeGuest(c.Request().Context(), web.Viewer(c), room, models.PersonInput{
		Full: form.Name, Email: form.Email, Position: form.Position, Organisation: form.Organisation, Sector: sector,
	})
	if err != nil {
		return s.guestsRefused(c, err)
	}
	if err := web.Flash(c, views.Flash{Text: "Thank you. The host sees your proposal."}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Guests(room))
}

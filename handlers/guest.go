package handlers

import (
	"errors"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// attendance answers GET /roundtables/:id/guests/attendance: everybody on the
// list, to be ticked off.
func (s *Server) attendance(c echo.Context) error { return s.attendancePage(c, "", http.StatusOK) }

func (s *Server) attendancePage(c echo.Context, notice string, status int) error {
	frame, w, err := s.workspace(c, tabGuests)
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	list, err := s.Store.Guests(c.Request().Context(), v, w.ID, models.GuestFilter{})
	if err != nil {
		return err
	}
	frame.Failed = status >= 400
	frame.Primary = views.WorkspaceAct{}
	p := views.AttendancePage{
		WorkspacePage: frame, Action: urls.GuestsAttendance(w.ID), BackHref: urls.Guests(w.ID), Notice: notice,
		Held: w.Status == models.Held || w.Status == models.Closed, Summary: attendanceWords(list.Counts),
	}
	if !s.attendanceOpen(w) && notice == "" {
		p.Notice = "Attendance can be taken from three hours before the start."
	} else if s.attendanceOpen(w) {
		p.WalkInHref = urls.GuestsWalkIn(w.ID)
	}
	// Who is expected first, then the others: anybody may turn up.
	for _, expected := range []bool{true, false} {
		for _, g := range list.Guests {
			coming := g.State == models.Accepted || g.State == models.Reconfirm || g.State == models.Attended || g.State == models.NoShow
			if coming == expected {
				p.Rows = append(p.Rows, guestRow(g, w, false, true))
			}
		}
	}
	return web.Render(c, status, views.Attendance(p))
}

// attendanceSet answers POST /roundtables/:id/guests/attendance.
func (s *Server) attendanceSet(c echo.Context) error {
	var form struct {
		Guests []string `form:"guest"`
		Act    string   `form:"act"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if form.Act != "no_show" {
		form.Act = "attended"
	}
	flash, err := s.guestsDo(c, room, guestIDs(form.Guests), form.Act, "", "")
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.attendancePage(c, invalid.Fields[""], http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.GuestsAttendance(room))
}

// walkIn answers POST /roundtables/:id/guests/walk-in.
func (s *Server) walkIn(c echo.Context) error {
	var form struct {
		Person string `form:"person"`
		Role   string `form:"role"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	person, err := models.ParseID(form.Person)
	if err != nil {
		return s.attendancePage(c, "Choose who came.", http.StatusUnprocessableEntity)
	}
	role, _ := models.ParseGuestRole(form.Role)
	_, err = s.Store.WalkIn(c.Request().Context(), web.Viewer(c), room, person, role)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.attendancePage(c, invalid.Fields[""], http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "On the list, and here."}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.GuestsAttendance(room))
}

// guest answers GET /guests/:id for the team of the guest's roundtable.
func (s *Server) guest(c echo.Context) error {
	return s.guestPage(c, views.GuestAnswerForm{Via: models.AnswerWays[0], Confirm: true}, nil, http.StatusOK)
}

func (s *Server) guestPage(c echo.Context, form views.GuestAnswerForm, errs map[string]string, status int) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	g, events, err := s.Store.Guest(ctx, v, id)
	if err != nil {
		return err
	}
	w, err := s.Store.Workspace(ctx, v, g.Roundtable)
	if err != nil {
		return err
	}
	page, err := s.Page(c, g.Name, "roundtables")
	if err != nil {
		return err
	}
	page.Failed = len(errs) > 0
	if form.Answer == "" && len(errs) == 0 {
		form.Diet, form.Access, form.Interpreter = g.Needs.Diet, g.Needs.Access, g.Needs.Interpreter
	}
	frame := workspaceOf(page, v, w, tabGuests, s.Store.Now())
	frame.Primary = views.WorkspaceAct{}
	p := views.GuestPage{
		WorkspacePage: frame, GuestName: g.Name, Sector: g.Sector, Facts: guestFacts(g, w.Schedule.Zone), History: guestHistory(events, w.Schedule.Zone),
		BackHref: urls.Guests(w.ID), PersonHref: urls.Person(g.Person), MailHref: urls.With(urls.RoundtableMail(w.ID), "guest", g.ID.String()),
		Form: form, Errors: errs,
	}
	if models.CanIn(v, models.Invite, w.ID) {
		guestPageActs(&p, g, w)
	}
	return web.Render(c, status, views.GuestShow(p))
}

func guestPageActs(p *views.GuestPage, g models.Guest, w models.Workspace) {
	row := guestRow(g, w, true, false)
	p.InviteHref, p.WithdrawHref = row.InviteHref, row.WithdrawHref
	invited := g.State != models.Shortlisted && g.State != models.Withdrawn
	if invited && w.Status == models.Scheduled {
		p.LinkHref, p.RevokeHref = urls.GuestLink(g.ID), urls.GuestLinkRevoke(g.ID)
	}
	if !invited || w.Status != models.Scheduled || g.State == models.Attended || g.State == models.NoShow {
		return
	}
	p.AnswerHref = urls.GuestAnswer(g.ID)
	p.Answers = []ui.Option{{Label: "Choose…"}}
	for _, a := range []models.GuestState{models.Accepted, models.Tentative, models.Declined, models.Waitlisted} {
		p.Answers = append(p.Answers, ui.Option{Value: a.Key(), Label: a.Name()})
	}
	p.Ways = nil
	for _, way := range models.AnswerWays {
		p.Ways = append(p.Ways, ui.Option{Value: way, Label: strings.ToUpper(way[:1]) + way[1:]})
	}
}

func guestFacts(g models.Guest, zone string) []ui.Fact {
	var out []ui.Fact
	add := func(term, value string) {
		if value != "" {
			out = append(out, ui.Fact{Term: term, Value: value})
		}
	}
	add("Status", statusWords(g.State))
	add("Seat", g.SeatCode())
	add("Role", g.Role.Name())
	add("Wave", g.Wave)
	add("Position", g.Position)
	add("Organization", g.Organisation)
	add("E-mail", g.Email)
	add("Food", g.Needs.Diet)
	add("Access", g.Needs.Access)
	add("Interpreter", g.Needs.Interpreter)
	add("Note", g.Note)
	if g.Preference != models.RegimeNone {
		add("Own words", g.Preference.Name()+", at the guest’s wish")
	}
	if g.NamedToPartners {
		add("Partners", "May see the name")
	}
	if g.RuleVersion != "" {
		add("Rule", "Acknowledged")
	}
	add("Invited", models.FormatInstant(g.Invited, zone))
	return out
}

var actorWords = map[models.Actor]string{models.ByGuest: "the guest", models.ByStaff: "staff", models.BySystem: "Rotunda"}

func guestHistory(events []models.GuestEvent, zone string) []ui.LogLine {
	out := make([]ui.LogLine, len(events))
	for i, e := range events {
		who := actorWords[e.By]
		if e.Account != "" {
			who = e.Account
		}
		text := e.To.Name() + ", by " + who
		if e.Via != "" {
			text += " (" + e.Via + ")"
		}
		if e.Note != "" {
			text += ": " + e.Note
		}
		out[i] = ui.LogLine{DateTime: e.At.Time().Format(time.RFC3339), When: shortInstant(e.At, zone), Text: text}
	}
	return out
}

func shortInstant(at models.Instant, zone string) string {
	loc, err := models.Zone(zone)
	if err != nil {
		return ""
	}
	return at.In(loc).Format("Jan 2, 3:04 PM")
}

// guestAnswer answers POST /guests/:id/answer: an answer by phone or letter.
func (s *Server) guestAnswer(c echo.Context) error {
	var form struct {
		Answer      string `form:"answer"`
		Via         string `form:"via"`
		Note        string `form:"note"`
		Diet        string `form:"diet"`
		Access      string `form:"access"`
		Interpreter string `form:"interpreter"`
		Confirm     bool   `form:"confirm"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	answer, _ := models.ParseGuestState(form.Answer)
	err = s.Store.RecordAnswer(c.Request().Context(), web.Viewer(c), id, models.RecordInput{
		Answer: answer, Via: form.Via, Note: form.Note, Confirm: form.Confirm,
		Needs: models.Needs{Diet: form.Diet, Access: form.Access, Interpreter: form.Interpreter},
	})
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.guestPage(c, views.GuestAnswerForm(form), invalid.Fields, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return s.backToGuest(c, id, "The answer is saved.")
}

func (s *Server) backToGuest(c echo.Context, id models.ID, words string) error {
	if err := web.Flash(c, views.Flash{Text: words}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Guest(id))
}

// guestLink answers POST /guests/:id/link: a new link, and the old one ends.
func (s *Server) guestLink(c echo.Context) error {
	return s.changeLink(c, "A new link is on its way; the old one no longer works.", func(id models.ID) error {
		return s.Store.ReissueLink(c.Request().Context(), web.Viewer(c), id)
	})
}

// guestLinkRevoke answers POST /guests/:id/link/revoke.
func (s *Server) guestLinkRevoke(c echo.Context) error {
	return s.changeLink(c, "The link no longer works.", func(id models.ID) error {
		return s.Store.RevokeLink(c.Request().Context(), web.Viewer(c), id)
	})
}

func (s *Server) changeLink(c echo.Context, words string, change func(models.ID) error) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	err = change(id)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.guestPage(c, views.GuestAnswerForm{Via: models.AnswerWays[0], Confirm: true}, invalid.Fields, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return s.backToGuest(c, id, words)
}

// guestsExport answers GET /roundtables/:id/guests/export for those of the team
// who export.
func (s *Server) guestsExport(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	w, err := s.Store.Workspace(ctx, v, room)
	if err != nil {
		return err
	}
	format := listFormat(c)
	guests, err := s.Store.ExportGuests(ctx, v, room, format)
	if err != nil {
		return err
	}
	rows := iter.Seq2[[]string, error](func(yield func([]string, error) bool) {
		for _, g := range guests {
			if !yield(files.GuestRow(g, w.Schedule.Zone), nil) {
				return
			}
		}
	})
	h := c.Response().Header()
	if format == "xlsx" {
		h.Set(echo.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("Guests "+w.Title, "xlsx")))
		return files.WriteXLSX(c.Response(), "Guests", files.GuestColumns(), rows)
	}
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("Guests "+w.Title, "csv")))
	return files.WriteCSV(c.Response(), true, files.GuestColumns(), rows)
}

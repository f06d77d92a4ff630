package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
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

// commitments answers GET /commitments: what was promised in the roundtables
// of the reader's teams.
func (s *Server) commitments(c echo.Context) error {
	found, err := s.Store.Commitments(c.Request().Context(), web.Viewer(c), 0)
	if err != nil {
		return err
	}
	p := views.CommitmentsPage{Rows: commitmentRows(found, s.Store.Now()), Download: urls.CommitmentsExportPath}
	if p.Page, err = s.Page(c, "Commitments", "commitments"); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Commitments(p))
}

// commitmentsExport answers GET /commitments/export: the same list as CSV, of
// the roundtables whose team the reader may export for.
func (s *Server) commitmentsExport(c echo.Context) error {
	found, err := s.Store.ExportCommitments(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, files.Attachment(files.FileName("Commitments", "csv")))
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	w := files.NewCSV(c.Response(), c.QueryParam("bom") == "1")
	if err := w.Row("Roundtable", "Commitment", "By", "Due", "State", "Outcome"); err != nil {
		return err
	}
	for _, p := range found {
		if err := w.Row(p.Roundtable, p.What, p.Owner, p.DueOn, p.State.Name(), p.Outcome); err != nil {
			return err
		}
	}
	return w.Flush()
}

func commitmentRows(found []models.Promise, now models.Instant) []views.CommitmentRow {
	out := make([]views.CommitmentRow, len(found))
	for n, p := range found {
		r := views.CommitmentRow{
			ID: p.ID.String(), EditHref: urls.EditCommitment(p.Room, p.ID), What: p.What, Room: p.Roundtable, RoomHref: urls.RoomCommitments(p.Room), Owner: p.Owner,
			State: p.State.Name(), Outcome: p.Outcome, Late: p.Late(now), Open: p.State == models.CommitmentOpen, Due: commitmentDay(p.DueOn),
		}
		if r.Owner == "" {
			r.Owner = "Not on record"
		}
		if r.Late {
			r.Due += ", overdue"
		}
		if r.Open {
			r.Remind = "Remind who follows up: " + p.What
		}
		if p.Insight != 0 {
			r.Href = urls.Insight(p.Insight)
		}
		out[n] = r
	}
	return out
}

// commitmentForm adds a promise or, where Commitment is set, says what became
// of one.
type commitmentForm struct {
	Commitment string `form:"commitment"`
	State      string `form:"state"`
	Outcome    string `form:"outcome"`
	What       string `form:"what"`
	By         string `form:"by"`
	Owner      string `form:"owner"`
	Due        string `form:"due"`
	Revision   string `form:"revision"`
}

func (f commitmentForm) input() models.CommitmentInput {
	in := models.CommitmentInput{What: f.What, Owner: f.Owner, DueOn: f.Due}
	if id, ok := strings.CutPrefix(f.By, byGuest); ok {
		in.Guest = idOr(id)
	} else if id, ok := strings.CutPrefix(f.By, byAccount); ok {
		in.Account = idOr(id)
	}
	return in
}

// roomCommitments answers GET /roundtables/:id/commitments for the team.
func (s *Server) roomCommitments(c echo.Context) error {
	return s.roomCommitmentsPage(c, http.StatusOK, commitmentForm{Commitment: c.QueryParam("edit")}, nil)
}

func (s *Server) roomCommitmentsPage(c echo.Context, status int, form commitmentForm, errs map[string]string) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	room, err := s.Store.Roundtable(ctx, v, id)
	if err != nil {
		return err
	}
	found, err := s.Store.Commitments(ctx, v, id)
	if err != nil {
		return err
	}
	p := views.CommitmentsPage{
		Rows: commitmentRows(found, s.Store.Now()), RoomHref: urls.Roundtable(id), Room: room.Title,
		What: form.What, By: form.By, Owner: form.Owner, Due: form.Due, Errors: errs,
	}
	if models.CanIn(v, models.TagInsight, id) {
		p.Action = urls.RoomCommitments(id)
		if p.Owners, err = s.promisers(c, id); err != nil {
			return err
		}
		for n, one := range found {
			if one.Email != "" && one.State == models.CommitmentOpen {
				p.Rows[n].Write = "mailto:" + one.Email
			}
		}
		if form.Commitment != "" {
			editCommitment(&p, found, form)
		}
	}
	if p.Page, err = s.Page(c, "Commitments", "roundtables"); err != nil {
		return err
	}
	p.Failed = len(errs) > 0
	return web.Render(c, status, views.Commitments(p))
}

// The keys of those who can have promised something: a guest, or somebody on
// the team.
const (
	byGuest   = "guest:"
	byAccount = "account:"
)

// promiserKey is the key of a promise's owner, empty for a name alone.
func promiserKey(p models.Promise) string {
	switch {
	case p.Guest != 0:
		return byGuest + p.Guest.String()
	case p.Account != 0:
		return byAccount + p.Account.String()
	}
	return ""
}

// promisers lists who can have promised something in a roundtable: those who
// were asked to it, and its team.
func (s *Server) promisers(c echo.Context, room models.ID) ([]ui.Option, error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	guests, err := s.Store.Guests(ctx, v, room, models.GuestFilter{})
	if err != nil {
		return nil, err
	}
	team, err := s.Store.Team(ctx, v, room)
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: "Somebody else, named below"}}
	for _, g := range guests.Guests {
		if g.State != models.Shortlisted && g.State != models.Withdrawn {
			out = append(out, ui.Option{Value: byGuest + g.ID.String(), Label: g.Name, Group: "Guests"})
		}
	}
	for _, m := range team {
		out = append(out, ui.Option{Value: byAccount + m.Account.String(), Label: m.Name, Group: "Team"})
	}
	return out, nil
}

// editCommitment fills the form for a promise with what was typed or, where
// nothing was, with what it says. A typed revision that is behind shows what
// stands now, and saving again puts the typed words in its place.
func editCommitment(p *views.CommitmentsPage, found []models.Promise, form commitmentForm) {
	for _, now := range found {
		if now.ID != idOr(form.Commitment) {
			continue
		}
		p.Edit, p.Captured, p.Revision = form.Commitment, now.Captured(), strconv.Itoa(now.Revision)
		switch form.Revision {
		case "":
			p.What, p.By, p.Due = now.What, promiserKey(now), now.DueOn
			if p.By == "" {
				p.Owner = now.Owner
			}
		case p.Revision:
		default:
			p.Theirs = now.What + " By " + now.Owner + ", " + commitmentDay(now.DueOn) + "."
		}
		if p.Captured {
			p.What, p.Owner = now.What, now.Owner
		}
		if key := promiserKey(now); key != "" && !slices.ContainsFunc(p.Owners, func(o ui.Option) bool { return o.Value == key }) {
			p.Owners = append(p.Owners, ui.Option{Value: key, Label: now.Owner}) // not asked any more, or off the team
		}
	}
}

// commitmentDay words the day until which something was promised.
func commitmentDay(due string) string {
	day, err := time.Parse(time.DateOnly, due)
	if err != nil {
		return "No date"
	}
	return day.Format("Jan 2, 2006")
}

// commitmentAct answers POST /roundtables/:id/commitments for who may tag: a
// promise is added, or its state changed.
func (s *Server) commitmentAct(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form commitmentForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ctx, v, id := c.Request().Context(), web.Viewer(c), idOr(form.Commitment)
	revision, _ := strconv.Atoi(form.Revision)
	flash := views.Flash{Text: "The commitment was saved."}
	var undo models.ID
	switch {
	case form.Commitment == "":
		flash.Text = "The commitment was added."
		_, err = s.Store.CreateCommitment(ctx, v, room, form.input())
	case form.State == "edit":
		undo, err = s.Store.EditCommitment(ctx, v, room, id, revision, form.input())
	case form.State == "remind":
		flash.Text = "A reminder is on its way."
		if err = s.Store.RemindCommitment(ctx, v, room, id); errors.Is(err, models.ErrNotFound) {
			flash, err = views.Flash{Error: true, Text: "Nobody on the team follows this up any more."}, nil
		}
	default:
		undo, err = s.Store.SetCommitmentState(ctx, v, room, id, models.CommitmentState(form.State), form.Outcome)
	}
	var bad *models.InvalidError
	switch typed := form.Commitment == "" || form.State == "edit"; {
	case typed && errors.As(err, &bad):
		return s.roomCommitmentsPage(c, http.StatusUnprocessableEntity, form, bad.Fields)
	case typed && errors.Is(err, models.ErrConflict):
		return s.roomCommitmentsPage(c, http.StatusConflict, form, nil)
	case errors.As(err, &bad):
		flash = views.Flash{Error: true, Text: firstMessage(bad)}
	case err != nil:
		return err
	case undo != 0:
		flash.UndoURL = urls.Undo(undo)
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.RoomCommitments(room))
}

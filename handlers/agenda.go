package handlers

import (
	"errors"
	"fmt"
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

// agendaForm is what the form of an agenda item sends.
type agendaForm struct {
	Title    string `form:"title"`
	Minutes  string `form:"minutes"`
	Lead     string `form:"lead"`
	Regime   string `form:"regime"`
	Reviewed string `form:"reviewed"`
	Earlier  string `form:"earlier"`
	Seen     string `form:"seen"`
}

// input reads the form. keep is the rule that stays where the form sends none.
func (f agendaForm) input(keep models.Regime, sent bool) (models.AgendaInput, error) {
	var bad models.InvalidError
	in := models.AgendaInput{Title: f.Title, TitleReviewed: f.Reviewed != "", Regime: keep, Earlier: sent && f.Earlier != "", Seen: models.Seen(f.Seen)}
	if s := strings.TrimSpace(f.Minutes); s != "" {
		n, err := strconv.Atoi(s)
		bad.Check(err == nil, "minutes", "Write the minutes as a number, or leave it empty.")
		in.Minutes = n
	}
	if sent {
		var ok bool
		if in.Regime, ok = models.ParseRegime(f.Regime); !ok {
			bad.Add("regime", "Choose an attribution rule.")
		}
	}
	if f.Lead != "" {
		id, err := models.ParseID(f.Lead)
		bad.Check(err == nil, "lead", "Choose the lead speaker from the guest list.")
		in.Lead = id
	}
	return in, bad.Err()
}

// agenda answers GET /roundtables/:id/agenda.
func (s *Server) agenda(c echo.Context) error {
	return s.agendaPage(c, http.StatusOK, agendaForm{}, nil)
}

func (s *Server) agendaPage(c echo.Context, status int, form agendaForm, errs map[string]string) error {
	frame, w, err := s.workspace(c, tabAgenda)
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	items, err := s.Store.Agenda(c.Request().Context(), v, w.ID)
	if err != nil {
		return err
	}
	frame.Failed = len(errs) > 0
	canEdit := models.CanIn(v, models.EditRoundtable, w.ID)
	canRun := w.InSession(s.Store.Now()) && models.CanIn(v, models.CaptureInsight, w.ID)
	p := views.AgendaPage{
		WorkspacePage: frame, Rows: agendaRows(w, items, canEdit, canRun), CanEdit: canEdit, CanRun: canRun, Columns: canEdit || canRun,
		EmptyFor: "Nothing of the agenda is open to readers outside the team.",
	}
	if w.IsTeam() {
		p.EmptyFor = "Add the parts of the meeting below, each with its minutes."
		p.Note, p.Warn = agendaNote(w, items)
	}
	if canRun && w.CurrentItem != 0 {
		p.EndHref = urls.AgendaEnd(w.ID)
	}
	if canEdit {
		if p.Form, err = s.itemForm(c, w, form, errs); err != nil {
			return err
		}
		p.Form.Title, p.Form.Action, p.Form.Submit = "Add an item", urls.Agenda(w.ID), "Add to the agenda"
	}
	return web.Render(c, status, views.Agenda(p))
}

func agendaRows(w models.Workspace, items []models.AgendaItem, canEdit, canRun bool) []views.AgendaRow {
	out := make([]views.AgendaRow, len(items))
	for i, item := range items {
		r := views.AgendaRow{
			ID: item.ID.String(), Title: item.Title, Lead: item.LeadName, Regime: item.Regime, Current: item.Current,
			Done: item.Ended != 0, First: i == 0, Last: i == len(items)-1,
		}
		if item.From != 0 {
			r.Clock = bareClock(item.From, w.Schedule.Zone)
		}
		if item.Minutes > 0 {
			r.Minutes = strconv.Itoa(item.Minutes)
		}
		if canEdit {
			r.EditHref, r.MoveHref, r.DeleteHref = urls.AgendaItem(w.ID, item.ID), urls.AgendaMove(w.ID, item.ID), urls.AgendaDelete(w.ID, item.ID)
		}
		if canRun && !item.Current {
			r.StartHref = urls.AgendaStart(w.ID, item.ID)
		}
		out[i] = r
	}
	return out
}

// bareClock is the time of day without its zone: "9:00 AM", or "15:00".
func bareClock(at models.Instant, zone string) string {
	words := strings.Fields(clockOf(at, zone))
	if len(words) > 1 && (words[1] == "AM" || words[1] == "PM") {
		return words[0] + " " + words[1]
	}
	return strings.Join(words[:min(len(words), 1)], "")
}

// agendaNote says how long the agenda is and whether it fits the meeting.
func agendaNote(w models.Workspace, items []models.AgendaItem) (note, warn string) {
	total, open := models.AgendaMinutes(items), 0
	for _, i := range items {
		if i.Minutes == 0 {
			open++
		}
	}
	switch {
	case open > 0 && total == 0:
		return "no item has its minutes yet", ""
	case open > 0:
		return minutesWords(total) + " and " + ui.Count(open, "item", "items") + " without minutes, after which no time is known", ""
	case total == 0:
		return "", ""
	}
	note = minutesWords(total)
	if w.Starts == 0 {
		return note, ""
	}
	switch slack := int((w.Ends-w.Starts)/60_000) - total; {
	case slack == 0:
		note += ", ends on time with no slack"
	case slack > 0:
		note += ", " + minutesWords(slack) + " to spare"
	default:
		warn = "The agenda is " + minutesWords(-slack) + " longer than the meeting."
	}
	return note, warn
}

func minutesWords(n int) string {
	switch {
	case n < 60:
		return fmt.Sprintf("%d min", n)
	case n%60 == 0:
		return fmt.Sprintf("%d h", n/60)
	}
	return fmt.Sprintf("%d h %d min", n/60, n%60)
}

// itemForm fills what the form of an item offers.
func (s *Server) itemForm(c echo.Context, w models.Workspace, form agendaForm, errs map[string]string) (views.AgendaForm, error) {
	v := web.Viewer(c)
	f := views.AgendaForm{
		Errors: errs, Name: form.Title, Minutes: form.Minutes, Regime: form.Regime, Lead: form.Lead, Reviewed: form.Reviewed != "", Seen: form.Seen,
		RuleLocked: !models.CanIn(v, models.SetRegime, w.ID),
		Rules:      []ui.Option{{Label: "As the roundtable: " + w.Regime.Name()}},
		Leads:      []ui.Option{{Label: "Nobody"}},
	}
	for _, r := range models.Regimes {
		if r > w.Regime {
			f.Rules = append(f.Rules, ui.Option{Value: r.Key(), Label: r.Name()})
		}
	}
	guests, err := s.Store.LeadCandidates(c.Request().Context(), v, w.ID)
	for _, g := range guests {
		f.Leads = append(f.Leads, ui.Option{Value: g.ID.String(), Label: g.Name})
	}
	return f, err
}

// agendaAdd answers POST /roundtables/:id/agenda.
func (s *Server) agendaAdd(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form agendaForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in, err := form.input(models.RegimeNone, true)
	if err == nil {
		_, err = s.Store.CreateAgendaItem(c.Request().Context(), web.Viewer(c), id, in)
	}
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.agendaPage(c, http.StatusUnprocessableEntity, form, bad.Fields)
	}
	return s.acted(c, urls.Agenda(id), "Added “"+clipped(in.Title, 70)+"”.", err)
}

// agendaItemForm answers GET /roundtables/:id/agenda/:item.
func (s *Server) agendaItemForm(c echo.Context) error {
	return s.agendaItemPage(c, http.StatusOK, nil, nil)
}

func (s *Server) agendaItemPage(c echo.Context, status int, form *agendaForm, errs map[string]string) error {
	frame, w, err := s.workspace(c, tabAgenda)
	if err != nil {
		return err
	}
	item, err := s.agendaItem(c, w.ID)
	if err != nil {
		return err
	}
	if form == nil {
		form = &agendaForm{Title: item.Title, Regime: item.Regime.Key(), Seen: string(models.SeenOf(item.Input()))}
		if item.Minutes > 0 {
			form.Minutes = strconv.Itoa(item.Minutes)
		}
		if item.Lead != 0 {
			form.Lead = item.Lead.String()
		}
		if item.TitleReviewed {
			form.Reviewed = "1"
		}
	}
	frame.Failed = len(errs) > 0
	p := views.AgendaItemPage{WorkspacePage: frame}
	if p.Form, err = s.itemForm(c, w, *form, errs); err != nil {
		return err
	}
	p.Form.Title, p.Form.Action, p.Form.Submit = "Edit the item", urls.AgendaItem(w.ID, item.ID), "Save item"
	p.Form.CancelHref = urls.Agenda(w.ID)
	p.Form.AskEarlier, p.Form.Earlier = item.Started != 0 && !p.Form.RuleLocked, form.Earlier != ""
	return web.Render(c, status, views.EditAgendaItem(p))
}

// agendaItem finds the item of ":item" on the roundtable's agenda.
func (s *Server) agendaItem(c echo.Context, room models.ID) (models.AgendaItem, error) {
	id, err := web.ID(c, "item")
	if err != nil {
		return models.AgendaItem{}, err
	}
	items, err := s.Store.Agenda(c.Request().Context(), web.Viewer(c), room)
	if err != nil {
		return models.AgendaItem{}, err
	}
	for _, item := range items {
		if item.ID == id {
			return item, nil
		}
	}
	return models.AgendaItem{}, models.ErrNotFound
}

// agendaItemSave answers POST /roundtables/:id/agenda/:item.
func (s *Server) agendaItemSave(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form agendaForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	item, err := s.agendaItem(c, room)
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	in, err := form.input(item.Regime, models.CanIn(v, models.SetRegime, room))
	if err == nil {
		err = s.Store.UpdateAgendaItem(c.Request().Context(), v, room, item.ID, in)
	}
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.agendaItemPage(c, http.StatusUnprocessableEntity, &form, bad.Fields)
	case errors.Is(err, models.ErrConflict):
		if item, err = s.agendaItem(c, room); err != nil {
			return err
		}
		form.Seen = string(models.SeenOf(item.Input()))
		return s.agendaItemPage(c, http.StatusConflict, &form, changedMeanwhile("this item"))
	}
	return s.acted(c, urls.Agenda(room), "Saved “"+clipped(in.Title, 70)+"”.", err)
}

// itemAct answers a button of an agenda item.
func (s *Server) itemAct(c echo.Context, done string, do func(room, item models.ID) error) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	item, err := web.ID(c, "item")
	if err != nil {
		return err
	}
	return s.acted(c, urls.Agenda(room), done, do(room, item))
}

// agendaMove answers POST /roundtables/:id/agenda/:item/move.
func (s *Server) agendaMove(c echo.Context) error {
	var form struct {
		By string `form:"by"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	by := 1
	if form.By == "up" {
		by = -1
	}
	return s.itemAct(c, "The agenda item was moved.", func(room, item models.ID) error {
		return s.Store.MoveAgendaItem(c.Request().Context(), web.Viewer(c), room, item, by)
	})
}

// agendaStart answers POST /roundtables/:id/agenda/:item/start.
func (s *Server) agendaStart(c echo.Context) error {
	return s.itemAct(c, "The agenda item has begun. Its rule is in force from now on.", func(room, item models.ID) error {
		return s.Store.StartAgendaItem(c.Request().Context(), web.Viewer(c), room, item)
	})
}

// agendaEnd answers POST /roundtables/:id/agenda/end.
func (s *Server) agendaEnd(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return s.acted(c, urls.Agenda(id), "The agenda item has ended.", s.Store.EndAgendaItem(c.Request().Context(), web.Viewer(c), id))
}

// agendaDelete answers POST /roundtables/:id/agenda/:item/delete.
func (s *Server) agendaDelete(c echo.Context) error {
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	item, err := web.ID(c, "item")
	if err != nil {
		return err
	}
	undo, err := s.Store.DeleteAgendaItem(c.Request().Context(), web.Viewer(c), room, item)
	var bad *models.InvalidError
	if err != nil && !errors.As(err, &bad) {
		return err
	}
	if bad != nil {
		return s.acted(c, urls.Agenda(room), "", bad)
	}
	if err := web.Flash(c, views.Flash{Text: "The agenda item was deleted.", UndoURL: urls.Undo(undo)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Agenda(room))
}

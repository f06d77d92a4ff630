package handlers

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// remindForm is what the page of reminders sends.
type remindForm struct {
	Guests []string `form:"guest"`
	Act    string   `form:"act"` // "send" or "preview"
}

// guestsRemindForm answers GET /roundtables/:id/guests/remind: the reminder as
// it will go out, to the guests named in the address or to all who owe an
// answer, and who is left out.
func (s *Server) guestsRemindForm(c echo.Context) error {
	return s.guestsRemindPage(c, guestIDs(c.QueryParams()["guest"]), nil, nil, http.StatusOK)
}

// guestsRemind answers POST /roundtables/:id/guests/remind.
func (s *Server) guestsRemind(c echo.Context) error {
	var form remindForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ids := guestIDs(form.Guests)
	if len(ids) == 0 {
		return s.guestsRemindPage(c, nil, nil, map[string]string{"": "Choose at least one guest."}, http.StatusUnprocessableEntity)
	}
	if form.Act == "preview" {
		return s.guestsRemindPage(c, nil, ids, nil, http.StatusOK)
	}
	sent, err := s.Store.RemindGuests(c.Request().Context(), web.Viewer(c), room, ids)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.guestsRemindPage(c, ids, nil, invalid.Fields, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: sentWords(sent, "reminder", "reminders")}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Guests(room))
}

// guestsRemindPage offers the guests named, or all who owe an answer; of these
// the ticked ones are chosen, all where ticked is empty.
func (s *Server) guestsRemindPage(c echo.Context, named, ticked []models.ID, errs map[string]string, status int) error {
	frame, w, err := s.workspace(c, tabGuests)
	if err != nil {
		return err
	}
	list, err := s.Store.Guests(c.Request().Context(), web.Viewer(c), w.ID, models.GuestFilter{})
	if err != nil {
		return err
	}
	frame.Failed, frame.Primary = len(errs) > 0, views.WorkspaceAct{}
	p := views.GuestsRemindPage{
		WorkspacePage: frame, Action: urls.GuestsRemind(w.ID), Errors: errs, BackHref: urls.Guests(w.ID), SendsMail: s.SendsMail,
	}
	var first models.ID
	chosen := 0
	for _, g := range list.Guests {
		if len(named) > 0 && !slices.Contains(named, g.ID) || len(named) == 0 && !models.OwesAnswer(g.State) {
			continue
		}
		if bar := models.BarToReminder(g, s.Store.Now()); bar != models.NoBar {
			p.LeftOut = append(p.LeftOut, g.Name+": "+bar.Sentence())
			continue
		}
		on := len(ticked) == 0 || slices.Contains(ticked, g.ID)
		p.Guests = append(p.Guests, views.Choice{Value: g.ID.String(), Label: g.Name, Hint: g.Email, Off: !on})
		if on {
			chosen++
			if first == 0 {
				first = g.ID
			}
		}
	}
	if len(p.Guests) == 0 && len(p.LeftOut) == 0 && len(errs) == 0 {
		if err := web.Flash(c, views.Flash{Text: "Nobody owes an answer."}); err != nil {
			return err
		}
		return web.SeeOther(c, urls.Guests(w.ID))
	}
	p.SendLabel = "Send " + ui.Count(chosen, "reminder", "reminders")
	if first != 0 {
		if p.Preview, err = s.mailPreview(c, first, models.MailReminder, ""); err != nil {
			return err
		}
	}
	return web.Render(c, status, views.GuestsRemind(p))
}

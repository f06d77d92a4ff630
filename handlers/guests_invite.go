package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/mail"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// inviteForm is what the invitation page sends.
type inviteForm struct {
	Guests []string `form:"guest"`
	Text   string   `form:"text"`
	Act    string   `form:"act"` // "send", "preview" or "byhand"
}

// guestsInviteForm answers GET /roundtables/:id/guests/invite: the invitation
// as it will go out, to the guests named in the address or to all who are
// shortlisted, of a wave if one is given.
func (s *Server) guestsInviteForm(c echo.Context) error {
	return s.guestsInvitePage(c, inviteForm{Guests: c.QueryParams()["guest"], Text: mail.DefaultInvitation}, nil, http.StatusOK)
}

// guestsInvite answers POST /roundtables/:id/guests/invite.
func (s *Server) guestsInvite(c echo.Context) error {
	var form inviteForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ids := guestIDs(form.Guests)
	if len(ids) == 0 {
		return s.guestsInvitePage(c, form, map[string]string{"": "Choose at least one guest."}, http.StatusUnprocessableEntity)
	}
	if err := mail.CheckText(form.Text, s.Absolute("")); err != nil {
		return s.guestsInvitePage(c, form, map[string]string{"text": textProblem(err)}, http.StatusUnprocessableEntity)
	}
	if form.Act == "preview" {
		return s.guestsInvitePage(c, form, nil, http.StatusOK)
	}
	in := models.InviteInput{Guests: ids, Text: form.Text, ByHand: form.Act == "byhand"}
	if strings.TrimSpace(form.Text) == mail.DefaultInvitation {
		in.Text = ""
	}
	sent, err := s.Store.InviteGuests(c.Request().Context(), web.Viewer(c), room, in)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.guestsInvitePage(c, form, invalid.Fields, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	words := sentWords(sent, "invitation", "invitations")
	if in.ByHand {
		words = ui.Count(sent.Guests, "guest", "guests") + " marked as invited."
	}
	if err := web.Flash(c, views.Flash{Text: words}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Guests(room))
}

// textProblem says in a sentence what is wrong with an invitation's text.
func textProblem(err error) string {
	var placeholder *mail.PlaceholderError
	switch {
	case errors.As(err, &placeholder):
		return placeholder.Error()
	case errors.Is(err, mail.ErrNoLink):
		return "The text needs {{link}}: without it nobody can answer."
	}
	return "The text holds a personal link. Take it out: {{link}} gives each guest their own."
}

func (s *Server) guestsInvitePage(c echo.Context, form inviteForm, errs map[string]string, status int) error {
	frame, w, err := s.workspace(c, tabGuests)
	if err != nil {
		return err
	}
	list, err := s.Store.Guests(c.Request().Context(), web.Viewer(c), w.ID, models.GuestFilter{})
	if err != nil {
		return err
	}
	frame.Failed = len(errs) > 0
	frame.Primary = views.WorkspaceAct{}
	p := views.GuestsInvitePage{
		WorkspacePage: frame, Action: urls.GuestsInvite(w.ID), Text: form.Text, Placeholders: mail.Placeholders, Errors: errs,
		BackHref: urls.Guests(w.ID), SendsMail: s.SendsMail,
	}
	p.Seats, _ = seatWords(list.Counts)
	if w.Deadline == 0 {
		p.DeadlineHref = urls.RoundtableEdit(w.ID) + "#deadline_date"
	}
	chosen, wave := guestIDs(form.Guests), c.QueryParam("wave")
	var first models.ID
	for _, g := range list.Guests {
		all := len(chosen) == 0 && g.State == models.Shortlisted && (wave == "" || g.Wave == wave)
		if !all && !slices.Contains(chosen, g.ID) || !models.MayBecome(g.State, models.Invited, models.ByStaff) || g.DoNotContact {
			continue
		}
		p.Guests = append(p.Guests, views.Choice{Value: g.ID.String(), Label: g.Name, Hint: g.Email})
		if g.Email == "" {
			p.NoEmail = append(p.NoEmail, g.Name)
		} else if first == 0 {
			first = g.ID
		}
	}
	if len(p.Guests) == 0 && len(errs) == 0 {
		if err := web.Flash(c, views.Flash{Text: "Nobody is waiting for an invitation."}); err != nil {
			return err
		}
		return web.SeeOther(c, urls.Guests(w.ID))
	}
	p.SendLabel = "Send " + ui.Count(len(p.Guests), "invitation", "invitations")
	if first != 0 && errs["text"] == "" {
		if p.Preview, err = s.mailPreview(c, first, models.MailInvitation, form.Text); err != nil {
			return err
		}
	}
	return web.Render(c, status, views.GuestsInvite(p))
}

// mailPreview writes the real message for one guest, with a stand-in for the
// link.
func (s *Server) mailPreview(c echo.Context, guest models.ID, kind models.MailKind, text string) (*views.MailPreview, error) {
	out, err := s.Store.PreviewMail(c.Request().Context(), web.Viewer(c), guest, kind)
	if err != nil {
		return nil, err
	}
	out.Text = text
	occasion, _ := mail.ParseKind(string(kind))
	m, err := mail.Render(occasion, mail.DataOf(out, s.Absolute("")), mail.LinkPlaceholder)
	if err != nil {
		return nil, nil //nolint:nilerr // what the text lacks is said beside it when it is sent
	}
	return &views.MailPreview{To: out.ToName, From: out.ToName + " <" + out.ToEmail + ">", Subject: m.Subject, Text: m.Text}, nil
}

// guestsWithdrawForm answers GET /roundtables/:id/guests/withdraw.
func (s *Server) guestsWithdrawForm(c echo.Context) error {
	return s.guestsWithdrawPage(c, c.QueryParams()["guest"], "", nil, http.StatusOK)
}

// guestsWithdraw answers POST /roundtables/:id/guests/withdraw.
func (s *Server) guestsWithdraw(c echo.Context) error {
	var form struct {
		Guests []string `form:"guest"`
		Reason string   `form:"reason"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	n, err := s.Store.WithdrawGuests(c.Request().Context(), web.Viewer(c), room, guestIDs(form.Guests), strings.TrimSpace(form.Reason))
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return s.guestsWithdrawPage(c, form.Guests, form.Reason, invalid.Fields, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: ui.Count(n, "guest", "guests") + " withdrawn."}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Guests(room))
}

func (s *Server) guestsWithdrawPage(c echo.Context, keys []string, reason string, errs map[string]string, status int) error {
	frame, w, err := s.workspace(c, tabGuests)
	if err != nil {
		return err
	}
	list, err := s.Store.Guests(c.Request().Context(), web.Viewer(c), w.ID, models.GuestFilter{})
	if err != nil {
		return err
	}
	frame.Failed = len(errs) > 0
	frame.Primary = views.WorkspaceAct{}
	p := views.GuestsWithdrawPage{WorkspacePage: frame, Action: urls.GuestsWithdraw(w.ID), BackHref: urls.Guests(w.ID), Reason: reason, Errors: errs}
	ids := guestIDs(keys)
	for _, g := range list.Guests {
		if slices.Contains(ids, g.ID) {
			p.Guests = append(p.Guests, views.Choice{Value: g.ID.String(), Label: g.Name, Hint: statusWords(g.State)})
		}
	}
	if len(p.Guests) == 0 && len(errs) == 0 {
		return web.SeeOther(c, urls.Guests(w.ID))
	}
	return web.Render(c, status, views.GuestsWithdraw(p))
}

package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/mail"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// mails answers GET /settings/mail: messages to accounts, and to the guests of
// the roundtables whose team the viewer is on.
func (s *Server) mails(c echo.Context) error {
	page, err := s.Page(c, "Mail", "settings")
	if err != nil {
		return err
	}
	return s.mailsPage(c, views.MailsPage{Page: page, Action: urls.MailPath, ShowRoom: true}, models.MailFilter{})
}

// roundtableMail answers GET /roundtables/:id/mail for the team.
func (s *Server) roundtableMail(c echo.Context) error {
	frame, w, err := s.workspace(c, tabGuests)
	if err != nil {
		return err
	}
	frame.Primary = views.WorkspaceAct{}
	f := models.MailFilter{Roundtable: w.ID}
	f.Guest, _ = models.ParseID(c.QueryParam("guest"))
	return s.mailsPage(c, views.MailsPage{Page: frame.Page, Workspace: &frame, Action: urls.RoundtableMail(w.ID), BackHref: urls.Guests(w.ID)}, f)
}

func (s *Server) mailsPage(c echo.Context, p views.MailsPage, f models.MailFilter) error {
	f.Text = web.CleanText(c.QueryParam("q"))
	f.State, _ = models.ParseMailState(c.QueryParam("state"))
	if c.QueryParam("state") == "" {
		f.State = ""
	}
	f.After, _ = models.ParseID(c.QueryParam("after"))
	found, err := s.Store.Mails(c.Request().Context(), web.Viewer(c), f)
	if err != nil {
		return err
	}
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	p.Query, p.State = f.Text, string(f.State)
	p.StateOptions = []ui.Option{{Label: "Every state"}}
	for _, state := range models.MailStates {
		if n := found.Counts[state]; n > 0 || state == f.State {
			p.StateOptions = append(p.StateOptions, ui.Option{Value: string(state), Label: state.Name() + " (" + ui.Thousands(n) + ")"})
		}
	}
	for _, m := range found.Mails {
		p.Rows = append(p.Rows, mailRow(m, zone))
		if m.State == models.MailFailed || m.State == models.MailBounced {
			p.RetryIDs = append(p.RetryIDs, m.ID.String())
		}
	}
	if len(p.RetryIDs) > 0 {
		p.RetryHref, p.RetryLabel = urls.MailPath, "Send "+ui.Count(len(p.RetryIDs), "failed message", "failed messages")+" again"
	}
	if found.Next != 0 {
		p.NextHref = withQuery(c, "after", found.Next.String())
	}
	if f.After != 0 {
		p.FirstHref = withQuery(c, "after", "")
	}
	p.Note = "No mail server is configured: messages are kept here, and their links work."
	if s.SendsMail {
		p.Note = "Messages as they were written, with a stand-in where the guest’s link was."
	}
	p.EmptyTitle, p.EmptyText = "No messages", "Invitations, reminders and confirmations appear here as they are written."
	return web.Render(c, http.StatusOK, views.Mails(p))
}

// mailKinds are the looks of a message's state.
var mailKinds = map[models.MailState]string{
	models.MailSent: "yes", models.MailKept: "yes", models.MailFailed: "no", models.MailBounced: "no", models.MailWithheld: "no",
	models.MailQueued: "wait", models.MailSending: "wait", models.MailRetrying: "wait",
}

func mailRow(m models.Mail, zone string) views.MailRow {
	return views.MailRow{
		Href: urls.MailShow(m.ID), Kind: m.Kind.Name(), To: m.ToName, Email: m.ToEmail, Subject: m.Subject, Room: m.RoundtableTitle,
		StateKind: mailKinds[m.State], State: m.State.Name(), Problem: m.Problem, When: models.FormatInstant(m.Created, zone),
	}
}

// mailOf reads the message of ":id". While no mail server is configured it
// carries the guest's link, for who may invite.
func (s *Server) mailOf(c echo.Context) (models.Mail, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return models.Mail{}, err
	}
	return s.Store.Mail(c.Request().Context(), web.Viewer(c), id, !s.SendsMail)
}

// othersLink stands where the link was of somebody who is no guest.
const othersLink = "[the receiver’s own link]"

// withLink puts the guest's link where its stand-in is, where it may be shown.
func (s *Server) withLink(m models.Mail, part string) string {
	switch {
	case m.Roundtable == 0:
		return strings.ReplaceAll(part, mail.LinkPlaceholder, othersLink)
	case m.Token == "":
		return part
	}
	return strings.ReplaceAll(part, mail.LinkPlaceholder, mail.GuestLink(s.Absolute(""), m.Token))
}

// mailShow answers GET /settings/mail/:id.
func (s *Server) mailShow(c echo.Context) error {
	m, err := s.mailOf(c)
	if err != nil {
		return err
	}
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	title, current := m.Subject, "settings"
	if title == "" {
		title = m.Kind.Name()
	}
	p := views.MailPage{ID: m.ID, Subject: title, Written: m.HTML != "", Text: s.withLink(m, m.Text), Calendar: m.Calendar, Problem: m.Problem, BackHref: urls.MailPath}
	if m.Roundtable != 0 {
		current, p.BackHref = "roundtables", urls.RoundtableMail(m.Roundtable)
	}
	if p.Page, err = s.Page(c, title, current); err != nil {
		return err
	}
	p.Facts = []ui.Fact{
		{Term: "To", Value: m.ToName + " <" + m.ToEmail + ">"}, {Term: "Message", Value: m.Kind.Name()}, {Term: "State", Value: m.State.Name()},
		{Term: "Written", Value: models.FormatInstant(m.Created, zone)},
	}
	if m.Sent != 0 {
		p.Facts = append(p.Facts, ui.Fact{Term: "Sent", Value: models.FormatInstant(m.Sent, zone)})
	}
	if m.RoundtableTitle != "" {
		p.Facts = append(p.Facts, ui.Fact{Term: "Roundtable", Value: m.RoundtableTitle})
	}
	if m.Calendar != "" {
		p.FileHref = urls.MailCalendar(m.ID)
	}
	may := m.Roundtable == 0 || models.CanIn(web.Viewer(c), models.Invite, m.Roundtable)
	if may && (m.State == models.MailFailed || m.State == models.MailBounced || m.State == models.MailKept && s.SendsMail) {
		p.RetryHref = urls.MailRetry(m.ID)
	}
	if m.Token != "" {
		p.LinkHref = urls.Invitation(m.Token)
	}
	signsIn := m.Kind == models.MailAccountInvitation || m.Kind == models.MailPasswordReset
	p.StaffNote = signsIn && !s.SendsMail && models.Can(web.Viewer(c), models.ManageStaff)
	return web.Render(c, http.StatusOK, views.MailShow(p))
}

// mailPolicy is the one exception to the site's policy: a message brings its
// own style, and can do nothing.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"

// mailBody answers GET /settings/mail/:id/body with the HTML part, for the
// frame on the message's page.
func (s *Server) mailBody(c echo.Context) error {
	m, err := s.mailOf(c)
	if err != nil {
		return err
	}
	if m.HTML == "" {
		return models.ErrNotFound
	}
	c.Response().Header().Set("Content-Security-Policy", mailPolicy)
	return c.HTML(http.StatusOK, s.withLink(m, m.HTML))
}

// mailCalendar answers GET /settings/mail/:id/invite.ics.
func (s *Server) mailCalendar(c echo.Context) error {
	m, err := s.mailOf(c)
	if err != nil {
		return err
	}
	if m.Calendar == "" {
		return models.ErrNotFound
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, files.Attachment("invite.ics"))
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(m.Calendar))
}

// mailRetry answers POST /settings/mail/:id/retry.
func (s *Server) mailRetry(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return s.retryMails(c, []models.ID{id}, urls.MailShow(id))
}

// mailsRetry answers POST /settings/mail with the messages to send again.
func (s *Server) mailsRetry(c echo.Context) error {
	var form struct {
		Mails []string `form:"mail"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ids := guestIDs(form.Mails)
	if len(ids) == 0 {
		return web.SeeOther(c, urls.MailPath)
	}
	m, err := s.Store.Mail(c.Request().Context(), web.Viewer(c), ids[0], false)
	if err != nil {
		return err
	}
	to := urls.MailPath
	if m.Roundtable != 0 {
		to = urls.RoundtableMail(m.Roundtable)
	}
	return s.retryMails(c, ids, to)
}

func (s *Server) retryMails(c echo.Context, ids []models.ID, to string) error {
	n, err := s.Store.RetryMail(c.Request().Context(), web.Viewer(c), ids)
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: ui.Count(n, "message", "messages") + " on the way again."}); err != nil {
		return err
	}
	return web.SeeOther(c, to)
}

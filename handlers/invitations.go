package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/urls"
)

// How many links that open nothing one network may try. A link that works is
// never refused for it.
const (
	wrongLinks       = 30
	wrongLinksWithin = 10 * time.Minute
)

// gone is the answer to a link that opens nothing: whatever the reason it is
// the same, unless the network has tried too many.
func (s *Server) gone(c echo.Context, err error) error {
	if !errors.Is(err, models.ErrGone) {
		return err
	}
	if limit := s.Store.Attempt(c.Request().Context(), "wrong link", web.Network(c), wrongLinks, wrongLinksWithin); limit != nil {
		return limit
	}
	return models.ErrGone
}

// invitation answers GET and HEAD /r/:token for whoever holds the link. It
// changes nothing, however often and by whatever program it is fetched.
func (s *Server) invitation(c echo.Context) error {
	_, inv, err := s.Store.GuestByToken(c.Request().Context(), c.Param("token"))
	if err != nil {
		return s.gone(c, err)
	}
	page, err := s.Page(c, inv.Title, "")
	if err != nil {
		return err
	}
	p := invitationPage(page, inv, c.Param("token"), s.Store.Now())
	p.OwnZone = c.QueryParam("zone")
	p.Own = models.FormatSpanFor(inv.Starts, inv.Ends, inv.Zone, p.OwnZone)
	if c.QueryParam("change") == "" && p.Result != nil && inv.State != models.Reconfirm {
		if len(p.Choices) > 0 {
			p.ChangeHref = urls.With(p.Action, "change", "1") + "#answer"
		}
		p.Choices = nil
	} else if len(p.Choices) > 0 {
		changeAnswer(&p)
	}
	return web.Render(c, http.StatusOK, views.Invitation(p))
}

// invitationAnswer answers POST /r/:token for whoever holds the link.
func (s *Server) invitationAnswer(c echo.Context) error {
	var form struct {
		Token        string `form:"token"`
		Answer       string `form:"answer"`
		Note         string `form:"note"`
		Diet         string `form:"diet"`
		Access       string `form:"access"`
		Interpreter  string `form:"interpreter"`
		Preference   string `form:"preference"`
		Named        bool   `form:"named"`
		Acknowledged bool   `form:"acknowledged"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	token := c.Param("token")
	if form.Token != "" && form.Token != token { // a form of another page
		return s.gone(c, models.ErrGone)
	}
	answer, chosen := models.ParseGuestState(form.Answer)
	preference, _ := models.ParseRegime(form.Preference)
	inv, err := s.Store.AnswerInvitation(c.Request().Context(), token, models.AnswerInput{
		Answer: answer, Chosen: chosen, Note: form.Note, Preference: preference, NamedToPartners: form.Named, Acknowledged: form.Acknowledged,
		Needs: models.Needs{Diet: form.Diet, Access: form.Access, Interpreter: form.Interpreter},
	})
	var invalid *models.InvalidError
	switch {
	case errors.As(err, &invalid):
	case err != nil:
		return s.gone(c, err)
	default:
		return c.Redirect(http.StatusSeeOther, urls.Invitation(token))
	}
	page, err := s.FailedPage(c, inv.Title, "")
	if err != nil {
		return err
	}
	p := invitationPage(page, inv, token, s.Store.Now())
	changeAnswer(&p)
	p.Errors = invalid.Fields
	p.Form = views.InvitationForm{
		Answer: form.Answer, Note: form.Note, Diet: form.Diet, Access: form.Access, Interpreter: form.Interpreter,
		Preference: form.Preference, Named: form.Named, Acknowledged: form.Acknowledged,
	}
	if len(p.Choices) == 0 {
		p.Notice = strings.TrimSpace(p.Notice + " " + invalid.Fields["answer"])
	}
	return web.Render(c, http.StatusUnprocessableEntity, views.Invitation(p))
}

// invitationCalendar answers GET /r/:token/invitation.ics for a guest who
// comes; for others there is no such file.
func (s *Server) invitationCalendar(c echo.Context) error {
	_, inv, err := s.Store.GuestByToken(c.Request().Context(), c.Param("token"))
	if err != nil {
		return s.gone(c, err)
	}
	if inv.State != models.Accepted || inv.Seats.Status == models.Cancelled || inv.Starts == 0 {
		return models.ErrNotFound
	}
	by := files.Organizer{Name: inv.Institute, Email: inv.HostEmail}
	ics, err := files.InvitationEvent(inv, by, s.Store.Now()).ICS()
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="invitation.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", ics)
}

// invitationPage fills the page with the form and with the answer there is;
// the caller chooses which of them is shown.
func invitationPage(page views.Page, inv models.Invitation, token string, now models.Instant) views.InvitationPage {
	page.Institute = inv.Institute
	page.Scripts = []string{"invitation.js"}
	day := models.FormatDay(inv.Starts, inv.Zone)
	p := views.InvitationPage{
		Page: page, Action: urls.Invitation(token), Token: token, To: inv.Greeting + ", you are invited to a roundtable",
		Title: inv.Title, Series: inv.Series, Day: day,
		Clock:    strings.TrimPrefix(models.FormatSpan(inv.Starts, inv.Ends, inv.Zone), day+", "),
		HostTime: strings.TrimPrefix(models.FormatSpanFor(inv.Starts, inv.Ends, inv.Zone, inv.HostZone), day+", "),
		StartISO: inv.Starts.Time().Format(time.RFC3339), EndISO: inv.Ends.Time().Format(time.RFC3339), Zone: inv.Zone,
		Place: inv.Place, Room: inv.Room, MeetingLink: inv.MeetingLink, MeetingHref: inv.MeetingLink,
		Regime: inv.Regime, Rule: inv.Regime.GuestSentence(), Name: inv.Name, HostName: inv.HostName, HostEmail: inv.HostEmail,
		Form: views.InvitationForm{
			Note: inv.Note, Diet: inv.Needs.Diet, Access: inv.Needs.Access, Interpreter: inv.Needs.Interpreter,
			Preference: inv.Preference.Key(), Named: inv.NamedToPartners, Acknowledged: inv.Acknowledged(),
		},
	}
	for _, r := range models.StricterThan(inv.Regime) {
		p.Preferences = append(p.Preferences, views.Choice{Value: r.Key(), Label: r.Name() + ": " + r.GuestSentence()})
	}
	offerAnswers(&p, inv, now)
	p.Result = answerGiven(inv)
	if p.Result != nil && inv.Email != "" && !inv.Silent && now < inv.Answered.Add(justAnswered) {
		p.Result.Text += " A confirmation is on its way to " + inv.Email + "."
	}
	if inv.State == models.Accepted && inv.Seats.Status == models.Scheduled {
		p.CalendarHref = urls.InvitationCalendar(token)
	}
	return p
}

// justAnswered is how long the page says that the confirmation is on its way.
const justAnswered = 10 * time.Minute

// changeAnswer shows the form in the answer's place, and above it in words what
// stands until the guest sends another.
func changeAnswer(p *views.InvitationPage) {
	if p.Result != nil && len(p.Choices) > 0 {
		p.Standing = p.Result.Heading
	}
	p.Result, p.CalendarHref = nil, ""
}

// choices are the answers as the page words them.
var choices = map[models.GuestState]views.Choice{
	models.Accepted:   {ID: "a-yes", Label: "Yes, I’ll attend"},
	models.Tentative:  {ID: "a-may", Label: "Perhaps", Hint: "We cannot keep a seat for you until you accept."},
	models.Waitlisted: {ID: "a-wait", Label: "Put me on the waiting list", Hint: "If a seat comes free for you, we write."},
	models.Declined:   {ID: "a-no", Label: "I can’t attend"},
}

// offerAnswers fills in what can be answered now, or why nothing can.
func offerAnswers(p *views.InvitationPage, inv models.Invitation, now models.Instant) {
	open := inv.OpenAnswers(now)
	for _, a := range []models.GuestState{models.Accepted, models.Waitlisted, models.Tentative, models.Declined} {
		if choice, ok := choices[a]; ok && slices.Contains(open, a) {
			choice.Value = a.Key()
			p.Choices = append(p.Choices, choice)
		}
	}
	deadline := models.FormatInstant(inv.Seats.Deadline, inv.Zone)
	full := slices.Contains(open, models.Waitlisted)
	switch {
	case inv.Seats.Status == models.Cancelled:
		p.To = inv.Greeting + ", this roundtable is canceled"
		p.Notice = "This roundtable is canceled. " + inv.CancelReason
	case len(p.Choices) == 0:
		p.Notice = "Replies have closed. To change anything, please write to the host."
	case full && inv.State != models.Waitlisted:
		p.To = inv.Greeting + ", the table is full for now"
		p.Notice, p.Question = "All seats are taken.", "Would you like to wait for a seat?"
	case inv.State == models.Reconfirm:
		p.To = inv.Greeting + ", the roundtable has moved"
		p.Notice, p.Question = "The time is a new one. Your seat is kept until you answer.", "Can you still come?"
	default:
		p.Question = "Will you join us?"
	}
	answered := answerGiven(inv) != nil && inv.State != models.Reconfirm
	switch {
	case len(p.Choices) == 0:
	case answered && deadline != "":
		p.Until = "You can change your answer until " + deadline + " with this link."
	case answered || deadline == "":
		p.Until = "You can change your answer with this link."
	default:
		p.Until = "Please answer by " + deadline + ". You can change it until then with this link."
	}
}

// answerGiven words the answer there is; nil where none was given.
func answerGiven(inv models.Invitation) *views.Result {
	r := map[models.GuestState]views.Result{
		models.Accepted:   {Kind: "yes", Heading: "You’re coming", Text: "Thank you, " + inv.Greeting + ". A seat is kept for you."},
		models.Tentative:  {Kind: "none", Heading: "You may be coming", Text: "Thank you, " + inv.Greeting + ". A seat is kept for you once you accept."},
		models.Declined:   {Kind: "no", Heading: "You can’t attend", Text: "Thank you for telling us, " + inv.Greeting + ". We are sorry to miss you."},
		models.Waitlisted: {Kind: "wait", Heading: "You are on the waiting list", Text: "Thank you, " + inv.Greeting + ". If a seat comes free for you, we write."},
		models.Delegated:  {Kind: "swap", Heading: "You are sending a delegate", Text: "Thank you, " + inv.Greeting + "."},
		models.Attended:   {Kind: "yes", Heading: "You are here", Text: "Welcome, " + inv.Greeting + "."},
	}[inv.State]
	if r.Heading == "" {
		return nil
	}
	add := func(term, words string) {
		if words != "" {
			r.Facts = append(r.Facts, views.Choice{Value: term, Label: words})
		}
	}
	add("Food", inv.Needs.Diet)
	add("Access", inv.Needs.Access)
	add("Interpreter", inv.Needs.Interpreter)
	if inv.State != models.Declined && inv.Acknowledged() {
		add("The rule", "Read and understood")
	}
	if inv.Preference != models.RegimeNone {
		add("My own words", inv.Preference.Name())
	}
	if inv.NamedToPartners {
		add("Partners", "May see my name")
	}
	add("Note", inv.Note)
	return &r
}

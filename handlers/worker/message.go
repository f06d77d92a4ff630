package worker

import (
	"bytes"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// maxAddress is the longest address that mail servers take.
const maxAddress = 254

var (
	messageID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	domain    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$`)
)

// message builds the MIME message: mixed(alternative(text, HTML, calendar),
// invite.ics), without the calendar where there is none.
func (s *SMTP) message(e Envelope) (*gomail.Msg, error) {
	refused := func(why string) (*gomail.Msg, error) { return nil, &SendError{Reason: why} }
	to := spoken(netmail.Address{Name: e.ToName, Address: e.ToEmail})
	from, replyTo := spoken(s.From), spoken(s.ReplyTo)
	switch {
	case !usable(to):
		return refused("The guest’s name or address cannot be used for mail.")
	case !usable(s.From) || s.ReplyTo.Address != "" && !usable(s.ReplyTo) || !domain.MatchString(s.Domain):
		return refused("The sender’s name or address in the mail settings cannot be used for mail.")
	case !messageID.MatchString(e.ID):
		return refused("The message has no usable id.")
	case e.Message.Subject == "" || breaks(e.Message.Subject):
		return refused("The message’s subject is empty or holds a line break.")
	case e.Message.Text == "" || e.Message.HTML == "":
		return refused("The message is empty.")
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&from)
	if s.ReplyTo.Address != "" {
		m.ReplyToMailAddress(&replyTo)
	}
	m.ToMailAddress(&to)
	m.Subject(e.Message.Subject)
	m.SetMessageIDWithValue(e.ID + "@" + s.Domain)
	if !e.Date.IsZero() {
		m.SetDateWithValue(e.Date.Time())
	}
	m.SetBodyString(gomail.TypeTextPlain, e.Message.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, e.Message.HTML)
	if e.Message.Calendar == nil {
		return m, nil
	}
	switch e.Message.CalendarMethod {
	case "REQUEST", "CANCEL", "PUBLISH":
	default:
		return refused("The message’s calendar entry says nothing that calendars know.")
	}
	m.AddAlternativeString(gomail.ContentType("text/calendar; method="+e.Message.CalendarMethod), string(e.Message.Calendar),
		gomail.WithPartEncoding(gomail.EncodingB64))
	// Not text/calendar again: a program that met two would enter both.
	err := m.AttachReader("invite.ics", bytes.NewReader(e.Message.Calendar), gomail.WithFileContentType("application/ics"))
	if err != nil {
		return refused("The calendar entry cannot be attached.")
	}
	return m, nil
}

// spoken gives the address a name that every program reads: beside letters that
// have to be encoded, a backslash would stand in the header as it is, and a
// strict reader then finds no receiver.
func spoken(a netmail.Address) netmail.Address {
	a.Name = strings.ReplaceAll(a.Name, `\`, "/")
	return a
}

// usable reports whether the address is one plain address without a name in
// it, and the name one line.
func usable(a netmail.Address) bool {
	if len(a.Address) > maxAddress || breaks(a.Name) || breaks(a.Address) { // lengths first: parsing is quadratic
		return false
	}
	parsed, err := netmail.ParseAddress(a.Address)
	return err == nil && parsed.Address == a.Address && parsed.Name == ""
}

func breaks(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}

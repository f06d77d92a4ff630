package worker

import (
	"bytes"
	netmail "net/mail"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// maxAddress is the longest address that mail servers take.
const maxAddress = 254

// isDomain reports whether a mail may name the domain as its sender's.
func isDomain(s string) bool { return len(s) <= 253 && isWord(s, ".-") }

// isMessageID reports whether a mail may be known by the id.
func isMessageID(s string) bool { return len(s) <= 64 && isWord(s, "._-") }

// isWord reports whether s is of ASCII letters and digits, and after the first
// of them also of the signs.
func isWord(s, signs string) bool {
	for i, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if digit := '0' <= c && c <= '9'; !letter && !digit && (i == 0 || strings.IndexByte(signs, c) < 0) {
			return false
		}
	}
	return s != ""
}

// message builds the MIME message: mixed(alternative(text, HTML, calendar),
// invite.ics), without the calendar where there is none.
func (s *SMTP) message(e Envelope) (*gomail.Msg, error) {
	refused := func(why string) (*gomail.Msg, error) { return nil, &SendError{Reason: why} }
	to := spoken(netmail.Address{Name: e.ToName, Address: e.ToEmail})
	from, replyTo := spoken(s.From), spoken(s.ReplyTo)
	switch {
	case !usable(to):
		return refused("The guest’s name or address cannot be used for mail.")
	case !usable(s.From) || s.ReplyTo.Address != "" && !usable(s.ReplyTo) || !isDomain(s.Domain):
		return refused("The sender’s name or address in the mail settings cannot be used for mail.")
	case !isMessageID(e.ID):
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

package mail

import (
	"context"
	"net/url"
	"strings"
)

// letter is a message before it is written down as text and as HTML.
type letter struct {
	subject string
	heading string
	blocks  []block
	footer  []string
}

// block is one of: a paragraph, a list of facts, the link.
type block struct {
	text   string
	facts  []fact
	button string // what the link leads to; the block is the link
	link   string
}

// fact is a line of "When: Thursday". href makes the value a link, was is what
// stood there before.
type fact struct{ label, value, href, was string }

// words is the line's right side as plain text.
func (f fact) words() string {
	if f.was == "" {
		return f.value
	}
	return f.value + " (was: " + f.was + ")"
}

func (l *letter) say(paragraphs ...string) {
	for _, p := range paragraphs {
		if p != "" {
			l.blocks = append(l.blocks, block{text: p})
		}
	}
}

func (l *letter) list(facts []fact) {
	if len(facts) > 0 {
		l.blocks = append(l.blocks, block{facts: facts})
	}
}

func (l *letter) give(link, what string) {
	l.blocks = append(l.blocks, block{link: link, button: what})
}

// quote adds what the host wrote, where they wrote something.
func (l *letter) quote(words string) {
	if words != "" {
		l.say("The host writes:")
		l.say(strings.Split(words, "\n\n")...)
	}
}

// text writes the letter down as plain text.
func (l letter) text() string {
	var parts []string
	if l.heading != "" {
		parts = append(parts, l.heading)
	}
	for _, b := range l.blocks {
		switch {
		case b.link != "":
			parts = append(parts, b.link)
		case b.facts != nil:
			var rows []string
			for _, f := range b.facts {
				rows = append(rows, f.label+": "+f.words())
			}
			parts = append(parts, strings.Join(rows, "\n"))
		default:
			parts = append(parts, b.text)
		}
	}
	// "-- " on a line of its own is how mail programs know a signature.
	parts = append(parts, "-- \n"+strings.Join(l.footer, "\n"))
	return strings.Join(parts, "\n\n") + "\n"
}

// html writes the letter down as a document.
func (l letter) html(link string) (string, error) {
	var out strings.Builder
	if err := page(l, link).Render(context.Background(), &out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// facts returns what a guest needs to know about the roundtable.
func (d Data) facts() []fact { return d.factsSince(Was{}) }

// factsSince tells beside each what it was before, where it changed.
func (d Data) factsSince(was Was) []fact {
	before := d
	before.Start, before.End = was.Start, was.End
	if was.Zone != "" {
		before.Zone = was.Zone
	}
	var out []fact
	out = addChanged(out, "Roundtable", d.Title, was.Title, "")
	out = add(out, "Series", d.Series)
	out = addChanged(out, "When", d.when(), before.when(), "to be announced")
	out = addChanged(out, "Our time", d.whenForUs(), before.whenForUs(), "")
	out = addChanged(out, "Where", d.Place, was.Place, "to be announced")
	if d.Accepted {
		out = addChanged(out, "Room", d.Room, was.Room, "to be announced")
		out = addChanged(out, "Video meeting", d.MeetingLink, was.MeetingLink, "none any more")
		if d.MeetingLink != "" {
			out[len(out)-1].href = webAddress(d.MeetingLink)
		}
	}
	if s := d.Regime.GuestSentence(); s != "" {
		out = append(out, fact{label: d.Regime.Name(), value: s})
	}
	return out
}

// addChanged adds a value with what it was. Where there is none any more, it
// says gone in its place, or leaves the line out.
func addChanged(facts []fact, label, value, was, gone string) []fact {
	switch {
	case value == was:
		was = ""
	case value == "":
		value = gone
	}
	if value == "" {
		return facts
	}
	return append(facts, fact{label: label, value: value, was: was})
}

func add(facts []fact, label, value string) []fact {
	if value == "" {
		return facts
	}
	return append(facts, fact{label: label, value: value})
}

// webAddress returns s where it is an address of the web, else nothing.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return s
}

func (d Data) greeting() string {
	if d.Greeting == "" {
		return "Hello"
	}
	return "Dear " + d.Greeting
}

// contact tells how to reach the host.
func (d Data) contact() string {
	var parts []string
	for _, s := range []string{d.HostName, d.HostEmail, d.HostPhone} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// pieces returns what stands before, between and after the links in a row.
func pieces(row, link string) []string {
	if link == "" {
		return []string{row}
	}
	return strings.Split(row, link)
}

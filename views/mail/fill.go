package mail

import (
	"fmt"
	"regexp"
	"strings"
)

// PlaceholderError names what a text asks for that cannot be filled in.
type PlaceholderError struct {
	Unknown []string // names between braces that do not exist, each once
	Open    bool     // there are braces that do not enclose a name
}

// Error is a sentence for the person who wrote the text.
func (e *PlaceholderError) Error() string {
	var parts []string
	if len(e.Unknown) > 0 {
		parts = append(parts, fmt.Sprintf("There is no placeholder {{%s}}.", strings.Join(e.Unknown, "}}, {{")))
	}
	if e.Open {
		parts = append(parts, "Two braces must enclose a name, as in {{title}}.")
	}
	return strings.Join(parts, " ")
}

var placeholder = regexp.MustCompile(`\{\{\s*([a-z_]+)\s*\}\}`)

// Fill returns the template with each {{name}} replaced by its value. It goes
// over the template once: braces within values mean nothing. The error is
// *PlaceholderError.
func Fill(template string, values map[string]string) (string, error) {
	var bad PlaceholderError
	var out strings.Builder
	seen := map[string]bool{}
	literal := func(s string) {
		bad.Open = bad.Open || strings.Contains(s, "{{") || strings.Contains(s, "}}")
		out.WriteString(s)
	}
	rest := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(template, -1) {
		literal(template[rest:m[0]])
		rest = m[1]
		name := template[m[2]:m[3]]
		value, ok := values[name]
		if !ok && !seen[name] {
			bad.Unknown = append(bad.Unknown, name)
		}
		seen[name] = true
		out.WriteString(value)
	}
	literal(template[rest:])
	if bad.Open || len(bad.Unknown) > 0 {
		return "", &bad
	}
	return out.String(), nil
}

// Placeholders lists the names that an invitation's text may use, in the order
// in which a form should offer them.
var Placeholders = []string{"greeting", "title", "series", "institute", "when", "where", "rule", "deadline", "link", "host", "contact"}

// DefaultInvitation is the text of an invitation until a host writes another.
// When, where, the attribution rule and the host's contact stand below every
// invitation and need not be said in its text.
const DefaultInvitation = `{{greeting}},

You are invited to a roundtable:

{{title}}

Please tell us by your link whether you can join:

{{link}}

We look forward to hearing from you.

{{host}}
{{institute}}`

// values returns what the placeholders of an invitation stand for.
func (d Data) values(link string) map[string]string {
	return map[string]string{
		"greeting": d.greeting(), "title": d.Title, "series": d.Series, "institute": d.Institute,
		"when": d.when(), "where": d.Place, "rule": d.Regime.GuestSentence(), "deadline": d.deadline(),
		"link": link, "host": d.HostName, "contact": d.contact(),
	}
}

// CheckText reports what is wrong with an invitation's text before anything is
// sent: a *PlaceholderError, ErrNoLink where {{link}} is missing, or
// ErrForeignLink. The base URL is this installation's.
func CheckText(text, baseURL string) error {
	filled, err := Fill(lines(text), Data{}.values(LinkPlaceholder))
	if err != nil {
		return err
	}
	if !strings.Contains(filled, LinkPlaceholder) {
		return ErrNoLink
	}
	if holdsForeignLink(filled, strings.TrimRight(baseURL, "/"), LinkPlaceholder) {
		return ErrForeignLink
	}
	return nil
}

package models

import "slices"

// CodeText is one of the texts of a code.
type CodeText struct {
	Field string // as the form has it
	Place string // in words
	Text  string
}

// Texts lists what a code says in words, as the leak lint reads it.
func (c Code) Texts() []CodeText {
	what := c.Kind.Word() + " “" + c.Name + "”"
	out := []CodeText{{"name", "the " + what, c.Name}}
	for _, alias := range c.Aliases {
		out = append(out, CodeText{"aliases", "the other spellings of the " + what, alias})
	}
	for _, t := range []CodeText{
		{"definition", "the definition of the ", c.Definition}, {"use_when", "when to use the ", c.UseWhen},
		{"not_when", "when not to use the ", c.DoNotUseWhen}, {"example", "the example of the ", c.Example},
	} {
		if t.Text != "" {
			out = append(out, CodeText{t.Field, t.Place + what, t.Text})
		}
	}
	return out
}

// LintCode returns what in a text of a code may tell who was in the room. That
// a front or a forum names a body says what was talked about: only in a free
// tag is an organisation a finding.
func (l *Linter) LintCode(kind CodeKind, text string) []Finding {
	found := l.Lint(text)
	if kind == CodeTag {
		return found
	}
	return slices.DeleteFunc(found, func(f Finding) bool { return f.Rule == LintOrganisation })
}

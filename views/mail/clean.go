package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// line returns s as one line of printable characters: runs of white space
// become one space; control and direction marks and broken UTF-8 go.
func line(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// lines returns s with its lines kept, ended by LF, and no more than one empty
// line at a time.
func lines(s string) string {
	s = printable(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s))
	var out []string
	for l := range strings.SplitSeq(s, "\n") {
		l = strings.TrimRight(l, " ")
		if l != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, l)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

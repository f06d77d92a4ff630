package models

import (
	"strings"
	"unicode/utf8"
)

// Line writes the capture as a line that says the same, for editing: its text
// with escapes where a word would be read as a token, then its tokens. Codes
// and people that the vocabulary does not hold are left out.
func (c Capture) Line(v Vocabulary) string {
	var parts []string
	if c.Contradicts {
		parts = append(parts, "~")
	}
	if c.Text != "" {
		parts = append(parts, escapeFor(c.Text, v, !c.Contradicts))
	}
	if c.Speaker != 0 && (c.Speaker != c.CommitmentBy || c.UnresolvedSpeaker != "") {
		parts = append(parts, v.sayGuest("@", c.Speaker)...)
	}
	if c.CommitmentBy != 0 {
		parts = append(parts, v.sayGuest(">>@", c.CommitmentBy)...)
	}
	if c.UnresolvedSpeaker != "" {
		for _, word := range strings.Split(c.UnresolvedSpeaker, ", ") {
			if strings.Contains(word, " ") {
				word = strings.Join(Tokens(word), "-")
			}
			parts = append(parts, "@"+word)
		}
	}
	for _, p := range c.Pillars {
		parts = append(parts, "#"+strings.ToLower(p.Letter()))
	}
	if c.KindSet && c.CommitmentBy == 0 {
		parts = append(parts, "!"+c.Kind.Key())
	}
	parts = append(parts, v.sayCodes('^', c.Fronts)...)
	parts = append(parts, v.sayCodes('%', c.Forums)...)
	parts = append(parts, v.sayCodes('+', c.Tags)...)
	for word, flag := range flagTokens {
		if flag == c.Flag {
			parts = append(parts, "="+word)
		}
	}
	return strings.Join(parts, " ")
}

// escapeFor writes the text so that it is read back, with a backslash only
// where this vocabulary would find a token. The ~ matters where the text
// starts the line.
func escapeFor(text string, v Vocabulary, startsLine bool) string {
	taken := map[int]bool{}
	for _, t := range ParseCapture(text, v).Tokens {
		if !t.Stays() && (t.Kind != TokenContradicts || startsLine) {
			taken[t.Start] = true
		}
	}
	var b strings.Builder
	for i, r := range text {
		n := runeLen(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+n:])
		if taken[i] || r == '\\' && escapable(next) {
			b.WriteByte('\\')
		}
		b.WriteString(text[i : i+n])
	}
	return b.String()
}

func (v Vocabulary) sayGuest(sign string, guest ID) []string {
	for _, s := range v.seats {
		if s.Guest != guest {
			continue
		}
		for _, word := range []string{s.Code, s.Name, s.Given, s.Family} {
			word = strings.Join(Tokens(word), "-")
			if found, ok := v.seat(word); ok && found.Guest == guest {
				return []string{sign + word}
			}
		}
	}
	return nil
}

func (v Vocabulary) sayCodes(sign rune, ids []ID) []string {
	var out []string
	for _, id := range ids {
		for _, code := range v.codes[sign] {
			if code.ID == id {
				out = append(out, string(sign)+code.Key)
				break
			}
		}
	}
	return out
}

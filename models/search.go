package models

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQueryTokens bounds the work that one query can ask for; what follows is
// not read.
const maxQueryTokens = 512

// Query is what somebody searches for: every Must term and no Not term. The
// empty query matches everything.
type Query struct {
	Must []Term
	Not  []Term
}

// Term is a word, or a phrase where it has several tokens. With Prefix its
// last token is the beginning of a word.
type Term struct {
	Tokens []string
	Prefix bool
}

// ParseQuery reads what was typed into a search field. Any text is a query:
// words (all must occur), "phrases" in straight or typographic quotes, a
// beginning*, and -word or -"phrase" for what must not occur. A hyphenated
// word is a phrase of its parts; a quote that is never closed runs to the end.
func ParseQuery(s string) Query {
	var q Query
	left := maxQueryTokens
	for s != "" && left > 0 {
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
		rest := strings.TrimLeft(s, "-−")
		negative := len(rest) < len(s)
		var t Term
		t, s = readTerm(rest)
		if len(t.Tokens) > left {
			t.Tokens = t.Tokens[:left]
		}
		left -= len(t.Tokens)
		switch {
		case len(t.Tokens) == 0:
		case negative:
			q.Not = append(q.Not, t)
		default:
			q.Must = append(q.Must, t)
		}
	}
	return q
}

// readTerm reads one phrase or word and returns what follows it.
func readTerm(s string) (Term, string) {
	if r, n := utf8.DecodeRuneInString(s); isQuote(r) {
		body, rest := s[n:], ""
		if i := strings.IndexFunc(body, isQuote); i >= 0 {
			_, n = utf8.DecodeRuneInString(body[i:])
			body, rest = body[:i], body[i+n:]
		}
		after := strings.TrimLeft(rest, "*")
		return newTerm(body, len(after) < len(rest)), after
	}
	end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isQuote(r) })
	if end < 0 {
		end = len(s)
	}
	return newTerm(s[:end], false), s[end:]
}

func newTerm(s string, prefix bool) Term {
	tail := strings.TrimRightFunc(s, func(r rune) bool {
		return r != '*' && !wordRune(r) && !unicode.IsMark(r)
	})
	return Term{Tokens: Tokens(s), Prefix: prefix || strings.HasSuffix(tail, "*")}
}

// isQuote reports whether the sign is a double quotation mark of some hand.
func isQuote(r rune) bool { return strings.ContainsRune(`"“”„‟«»＂`, r) }

// Empty reports whether the query asks for nothing and so matches everything.
func (q Query) Empty() bool { return len(q.Must) == 0 && len(q.Not) == 0 }

// Matches reports whether a text with these tokens answers the query.
func (q Query) Matches(tokens []string) bool {
	for _, t := range q.Must {
		if t.find(tokens) < 0 {
			return false
		}
	}
	for _, t := range q.Not {
		if t.find(tokens) >= 0 {
			return false
		}
	}
	return true
}

// find returns where the term first occurs among the tokens, or -1.
func (t Term) find(tokens []string) int {
	for i := 0; i+len(t.Tokens) <= len(tokens); i++ {
		if t.at(tokens[i:]) {
			return i
		}
	}
	return -1
}

func (t Term) at(tokens []string) bool {
	last := len(t.Tokens) - 1
	for i, want := range t.Tokens {
		if tokens[i] == want || i == last && t.Prefix && strings.HasPrefix(tokens[i], want) {
			continue
		}
		return false
	}
	return true
}

// Segment is a piece of a text; Hit says that a search found it.
type Segment struct {
	Text string
	Hit  bool
}

// Highlight cuts the text into pieces, with the words and phrases that the
// query asks for marked. The pieces joined are the text.
func Highlight(text string, q Query) []Segment {
	if len(q.Must) == 0 && text != "" {
		return []Segment{{Text: text}} // most lists: cutting words for nothing is a tenth of a page
	}
	words := wordsOf(text)
	tokens := make([]string, len(words))
	for i, w := range words {
		tokens[i] = w.token
	}
	until := make([]int, len(words)) // for the first word of a hit: one past its last word
	for _, t := range q.Must {
		for i := 0; i+len(t.Tokens) <= len(tokens); i++ {
			if t.at(tokens[i:]) {
				until[i] = max(until[i], i+len(t.Tokens))
			}
		}
	}
	var out []Segment
	done := 0
	for i := 0; i < len(words); i++ {
		if until[i] == 0 {
			continue
		}
		from, stop := words[i].start, until[i]
		for ; i+1 < stop; i++ { // phrases can overlap
			stop = max(stop, until[i+1])
		}
		to := words[stop-1].end
		if from = max(from, done); from > done {
			out = append(out, Segment{Text: text[done:from]})
		}
		if to > from {
			out = append(out, Segment{Text: text[from:to], Hit: true})
			done = to
		}
	}
	if done < len(text) {
		out = append(out, Segment{Text: text[done:]})
	}
	return out
}

// Score says how well a text answers the query: how often what is asked for
// stands in it, more than once counting less each time, and a short text
// before a long one. It depends on the text alone and on no other.
func (q Query) Score(tokens []string) float64 {
	score := 0.0
	for _, t := range q.Must {
		n := 0
		for i := range tokens {
			if i+len(t.Tokens) <= len(tokens) && t.at(tokens[i:]) {
				n++
			}
		}
		score += float64(n) / (float64(n) + 1)
	}
	return score / (1 + float64(len(tokens))/200)
}

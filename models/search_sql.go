package models

import (
	"slices"
	"strconv"
	"strings"
)

// PostgreSQL's limits: positions in a text vector, and how many of them one
// word may have.
const (
	maxVectorPosition = 16383
	maxWordPositions  = 255
)

// FTS5 returns the query as a MATCH expression over one column of an FTS5
// table that holds IndexText and is tokenized with "ascii". It holds quoted
// terms only, so no input is a syntax error. It is empty where the query names
// nothing that must occur: FTS5 cannot say "all but"; see FTS5Within and
// FTS5Not.
func (q Query) FTS5(column string) string { return q.FTS5Within(column, "") }

// FTS5Within is FTS5 inside the rows that the expression within matches, which
// may be empty. With it a query of only negatives can be said: within, but not
// these. It is empty where neither within nor the query has anything positive.
func (q Query) FTS5Within(column, within string) string {
	var all []string
	if len(q.Must) > 0 { // first: FTS5 walks the first list and looks its rows up in the others
		all = append(all, "{"+column+"} : ("+joinTerms(q.Must, " AND ", Term.fts5)+")")
	}
	if within != "" {
		all = append(all, "("+within+")")
	}
	if len(all) == 0 {
		return ""
	}
	expr := strings.Join(all, " AND ")
	if len(q.Not) == 0 {
		return expr
	}
	return "(" + expr + ") NOT (" + q.FTS5Not(column) + ")"
}

// Within returns the text that is found in the tokens of a row, written with
// spaces between, before and behind them, exactly where the term occurs.
func (t Term) Within() string {
	s := " " + strings.Join(t.Tokens, " ")
	if !t.Prefix {
		s += " "
	}
	return s
}

// FTS5Not returns the MATCH expression of the rows that the query rules out,
// or nothing.
func (q Query) FTS5Not(column string) string {
	if len(q.Not) == 0 {
		return ""
	}
	return "{" + column + "} : (" + joinTerms(q.Not, " OR ", Term.fts5) + ")"
}

func (t Term) fts5() string {
	s := `"` + strings.ReplaceAll(strings.Join(t.Tokens, " "), `"`, `""`) + `"`
	if t.Prefix {
		s += " *"
	}
	return s
}

// TSQuery returns the query as the text of a PostgreSQL tsquery, to be bound
// as a parameter and cast. It is empty for the empty query.
func (q Query) TSQuery() string {
	var all []string
	if len(q.Must) > 0 {
		all = append(all, joinTerms(q.Must, " & ", Term.tsquery))
	}
	if len(q.Not) > 0 {
		all = append(all, "!"+joinTerms(q.Not, " & !", Term.tsquery))
	}
	return strings.Join(all, " & ")
}

func (t Term) tsquery() string {
	words := make([]string, len(t.Tokens))
	for i, w := range t.Tokens {
		words[i] = quoteLexeme(w)
	}
	s := strings.Join(words, " <-> ")
	if t.Prefix {
		s += ":*"
	}
	if len(words) > 1 {
		s = "(" + s + ")"
	}
	return s
}

func joinTerms(terms []Term, by string, say func(Term) string) string {
	out := make([]string, len(terms))
	for i, t := range terms {
		out[i] = say(t)
	}
	return strings.Join(out, by)
}

// TSVector returns the tokens as the text of a PostgreSQL tsvector, to be
// bound as a parameter and cast. Positions past PostgreSQL's limit stay at the
// limit: the words are still found, their phrases not.
func TSVector(tokens []string) string {
	positions := make(map[string][]int, len(tokens))
	for i, t := range tokens {
		if at := min(i+1, maxVectorPosition); len(positions[t]) < maxWordPositions {
			positions[t] = append(positions[t], at)
		}
	}
	words := make([]string, 0, len(positions))
	for w := range positions {
		words = append(words, w)
	}
	slices.Sort(words)
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(quoteLexeme(w))
		for j, at := range slices.Compact(positions[w]) {
			b.WriteByte(":,"[min(j, 1)])
			b.WriteString(strconv.Itoa(at))
		}
	}
	return b.String()
}

func quoteLexeme(w string) string {
	w = strings.ReplaceAll(w, `\`, `\\`)
	return "'" + strings.ReplaceAll(w, "'", "''") + "'"
}

package store

import (
	"strconv"
	"strings"
)

// sqlText is SQL written by us: constants, joined by the methods below. No
// other string reaches the database as SQL; an analyzer keeps it so.
type sqlText string

// and returns the text followed by AND and more in brackets.
func (q sqlText) and(more sqlText) sqlText { return q + " AND (" + more + ")" }

// join returns the parts with q between them.
func (q sqlText) join(parts []sqlText) sqlText {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString(string(q))
		}
		b.WriteString(string(p))
	}
	return sqlText(b.String())
}

// repeat returns q n times with sep between: placeholders of a multi-row insert.
func (q sqlText) repeat(n int, sep sqlText) sqlText {
	if n <= 0 {
		return ""
	}
	return q + sqlText(strings.Repeat(string(sep+q), n-1))
}

// numbered returns the text with its placeholders as PostgreSQL writes them,
// for a statement that does not go through gorm. The text holds no other
// question mark.
func (q sqlText) numbered() sqlText {
	var b strings.Builder
	n := 0
	for _, r := range string(q) {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return sqlText(b.String())
}

// where collects conditions and their values in the order they are written.
type where struct {
	parts []sqlText
	args  []any
}

// add notes a condition that must hold, with the values of its placeholders.
func (w *where) add(condition sqlText, args ...any) {
	w.parts = append(w.parts, "("+condition+")")
	w.args = append(w.args, args...)
}

// text returns " WHERE …", or nothing where there is no condition.
func (w *where) text() sqlText {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + sqlText(" AND ").join(w.parts)
}

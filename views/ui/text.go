package ui

import (
	"fmt"
	"hash/fnv"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rotunda/models"
)

func num(n int) string { return strconv.Itoa(n) }

// Initials returns the first letters of a name's first and last words.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' })
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	out := string(unicode.ToUpper(first))
	if len(words) > 1 {
		last, _ := utf8.DecodeRuneInString(words[len(words)-1])
		out += string(unicode.ToUpper(last))
	}
	return out
}

// Tint picks one of the avatar's tints, 0 to 4, always the same for a name.
func Tint(name string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash does not fail
	return int(h.Sum32() % 5)
}

// Count writes a number with its word: "1 guest", "1,204 insights".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands writes a number with commas.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// FieldID is the id of the field with a form name, which labels, error
// summaries and scripts point at.
func FieldID(name string) string {
	return "f-" + strings.Trim(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, name), "-")
}

// fieldError is one line of an error summary.
type fieldError struct{ Href, Message string }

// fieldErrors sorts messages by the order in which the form shows its fields;
// what is not named there follows by name. The empty name has no field.
func fieldErrors(errs map[string]string, order []string) []fieldError {
	place := map[string]int{}
	for i, n := range order {
		place[n] = i + 1
	}
	names := make([]string, 0, len(errs))
	for n := range errs {
		names = append(names, n)
	}
	rank := func(n string) int {
		if n == "" {
			return -1
		}
		if p, ok := place[n]; ok {
			return p
		}
		return len(order) + 1
	}
	sort.Slice(names, func(i, j int) bool {
		if a, b := rank(names[i]), rank(names[j]); a != b {
			return a < b
		}
		return names[i] < names[j]
	})
	out := make([]fieldError, len(names))
	for i, n := range names {
		out[i] = fieldError{Message: errs[n]}
		if n != "" {
			out[i].Href = "#" + FieldID(n)
		}
	}
	return out
}

func errorTitle(n int) string {
	if n == 1 {
		return "One thing needs mending"
	}
	return fmt.Sprintf("%d things need mending", n)
}

var statusIcons = map[string]string{
	"yes": "circle-check", "swap": "arrow-left-right", "wait": "hourglass", "no": "circle-x", "none": "circle-dashed",
}

func statusKind(kind string) string {
	if _, ok := statusIcons[kind]; ok {
		return kind
	}
	return "none"
}

func statusIcon(kind string) string { return statusIcons[statusKind(kind)] }

// seatDot is one dot, or the stroke at the target, of a row of seats.
type seatDot struct {
	x            int
	open, stroke bool
}

const (
	seatStep    = 16
	seatDotsMax = 40 // more seats than this are told by the label alone
)

func seatDots(taken, open, target int) []seatDot {
	var out []seatDot
	x := 8
	total := min(taken+open, seatDotsMax)
	for i := 0; i <= max(total, min(target, seatDotsMax)); i++ {
		if i == target && target > 0 {
			out = append(out, seatDot{x: x - seatStep/2 + 2, stroke: true})
			x += 6
		}
		if i < total {
			out = append(out, seatDot{x: x, open: i >= taken})
		}
		x += seatStep
	}
	return out
}

func seatDotsWidth(taken, open, target int) int {
	return max(150, (min(max(taken+open, target), seatDotsMax)+1)*seatStep+10)
}

func seatDotsLabel(s models.Sector, taken, open, target int) string {
	label := fmt.Sprintf("%s: %d attending, %d not answered", s.Name(), taken, open)
	if target > 0 {
		label += fmt.Sprintf(", target %d", target)
	}
	return label
}

// share returns n of total as a percentage for a bar, 0 to 100.
func share(n, total int) int {
	if total <= 0 || n <= 0 {
		return 0
	}
	return min(100, n*100/total)
}

func has(values []string, v string) bool { return slices.Contains(values, v) }

package intake

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"rotunda/models"
)

// Confidence says how a column found its field.
type Confidence int

// The ways a column finds its field.
const (
	NoMatch   Confidence = iota // the column is left out
	ByContent                   // its cells look like the field
	ByName                      // its header names the field
	ByHand                      // somebody said so
)

// ColumnGuess is where one column of a file goes. Field is empty for a column
// that is left out. Reason says how that was found, for people.
type ColumnGuess struct {
	Column     string // the label of the column
	Field      models.PersonField
	Confidence Confidence
	Reason     string
}

// GuessColumns guesses the field of each column from its header, else from the
// sample rows. No field is given twice: the first column that names it has it,
// and the others say so.
func GuessColumns(header []string, sample [][]string) []ColumnGuess {
	out := make([]ColumnGuess, len(header))
	names := labels(header)
	taken := map[models.PersonField]string{}
	for i, h := range header {
		out[i] = ColumnGuess{Column: names[i], Reason: "No matching field"}
		field := fieldByName(h, header, column(sample, i))
		switch {
		case field == "":
		case taken[field] != "":
			out[i].Reason = fmt.Sprintf("Left out: “%s” goes to %s already", taken[field], field.Name())
		default:
			out[i].Field, out[i].Confidence, out[i].Reason = field, ByName, "By its name"
			taken[field] = names[i]
		}
	}
	for i := range header {
		if out[i].Field != "" || fieldByName(header[i], header, nil) != "" {
			continue
		}
		if field, reason := fieldByContent(column(sample, i)); field != "" && taken[field] == "" {
			out[i].Field, out[i].Confidence, out[i].Reason = field, ByContent, reason
			taken[field] = names[i]
		}
	}
	return out
}

func column(sample [][]string, i int) []string {
	var out []string
	for _, row := range sample {
		if i < len(row) && strings.TrimSpace(row[i]) != "" {
			out = append(out, strings.TrimSpace(row[i]))
		}
	}
	return out
}

func fieldByName(h string, header, cells []string) models.PersonField {
	for _, key := range headerKeys(h) {
		if nameWords()[key] {
			return nameField(header)
		}
		if field := fieldOfHeader()[key]; field != "" {
			// "Title" is "Senator" in one list and "Dr." in the next.
			if field == models.FieldPosition && mostly(cells, func(c string) bool { return honorifics()[headerKey(c)] }) {
				return models.FieldHonorific
			}
			// A "Group" or "Category" may be anything: its cells decide.
			if field == models.FieldSector && key != "sector" && len(cells) > 0 && !mostly(cells, isSector) {
				continue
			}
			return field
		}
	}
	return ""
}

// nameField says what a column called just "Name" holds, by the columns
// beside it.
func nameField(header []string) models.PersonField {
	var given, family bool
	for _, h := range header {
		for _, key := range headerKeys(h) {
			given = given || fieldOfHeader()[key] == models.FieldGiven
			family = family || fieldOfHeader()[key] == models.FieldFamily
		}
	}
	switch {
	case given && !family:
		return models.FieldFamily
	case family && !given:
		return models.FieldGiven
	}
	return models.FieldFullName
}

func fieldByContent(cells []string) (models.PersonField, string) {
	count := func(is func(string) bool) (n int) {
		for _, c := range cells {
			if is(c) {
				n++
			}
		}
		return n
	}
	isMail := func(c string) bool { return models.CheckEmail(c) == "" }
	if mostly(cells, isMail) {
		return models.FieldEmail, fmt.Sprintf("Content: %d of %d look like addresses", count(isMail), len(cells))
	}
	if mostly(cells, isSector) {
		return models.FieldSector, fmt.Sprintf("Content: %d of %d are sectors", count(isSector), len(cells))
	}
	return "", ""
}

func isSector(c string) bool {
	_, ok := models.FoldSector(c)
	return ok
}

// mostly reports whether at least four of five cells, and at least one, are so.
func mostly(cells []string, so func(string) bool) bool {
	n := 0
	for _, c := range cells {
		if so(c) {
			n++
		}
	}
	return n > 0 && n*5 >= len(cells)*4
}

// Ignored names the columns that are left out, in the order of the file.
func Ignored(guesses []ColumnGuess) []string {
	var out []string
	for _, g := range guesses {
		if g.Field == "" {
			out = append(out, g.Column)
		}
	}
	return out
}

// Warnings says in sentences what the header leaves open: columns without a
// name and columns that share one.
func (t *Table) Warnings() []string {
	out := slices.Clone(t.Notes)
	seen := map[string]bool{}
	for i, h := range t.Header {
		switch key := models.Fold(h); {
		case h == "":
			out = append(out, fmt.Sprintf("Column %d has no name. It is left out unless you choose a field for it.", i+1))
		case seen[key]:
			out = append(out, fmt.Sprintf("Two columns are called “%s”. The first is used; the second is shown as “%s”.", h, t.Labels[i]))
		default:
			seen[key] = true
		}
	}
	return out
}

// PeopleOnly returns a *FileError where the header is that of something else
// than a list of people: roundtables or insights.
func PeopleOnly(header []string) error {
	has := map[string]bool{}
	for _, h := range header {
		has[headerKey(h)] = true
	}
	person := false
	for _, g := range GuessColumns(header, nil) {
		switch g.Field {
		case models.FieldFullName, models.FieldGiven, models.FieldFamily, models.FieldListName, models.FieldEmail:
			person = true
		}
	}
	some := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return has[w] })
	}
	switch {
	case person:
		return nil
	case some("starts at", "start", "start time", "starts") && some("title", "roundtable", "session", "rule", "timezone", "time zone"):
		return refuse("This file holds roundtables, not people. Its columns are %s.", quoted(header))
	case some("text", "insight", "quotation", "statement") && some("pillar", "pillars", "front", "rule", "speaker", "regime"):
		return refuse("This file holds insights, not people. Its columns are %s.", quoted(header))
	}
	return nil
}

func quoted(header []string) string {
	const most = 6
	shown := header[:min(len(header), most)]
	s := "“" + strings.Join(shown, "”, “") + "”"
	if len(header) > most {
		s += " and more"
	}
	return s
}

// MapColumns changes guesses as somebody said, in the form
// 'Column=field,Other=field'. An empty field leaves the column out; a field
// given to one column is taken from the other. Names that hold a comma stand
// in quotation marks.
func MapColumns(guesses []ColumnGuess, text string) ([]ColumnGuess, error) {
	out := slices.Clone(guesses)
	if strings.TrimSpace(text) == "" {
		return out, nil
	}
	pairs, err := csv.NewReader(strings.NewReader(text)).Read()
	if err != nil {
		return nil, refuse("The mapping cannot be read. Write it as 'Column=field,Other column=field'.")
	}
	for _, pair := range pairs {
		at := strings.LastIndexByte(pair, '=')
		if at < 0 {
			return nil, refuse("“%s” has no =. Write the mapping as 'Column=field,Other column=field'.", pair)
		}
		field, ok := models.ParsePersonField(strings.TrimSpace(pair[at+1:]))
		if !ok && strings.TrimSpace(pair[at+1:]) != "" {
			return nil, refuse("“%s” is not a field. The fields are %s.", strings.TrimSpace(pair[at+1:]), fieldList())
		}
		if !assign(out, strings.TrimSpace(pair[:at]), field) {
			return nil, refuse("The file has no column “%s”.", strings.TrimSpace(pair[:at]))
		}
	}
	return out, nil
}

func assign(guesses []ColumnGuess, name string, field models.PersonField) bool {
	at := slices.IndexFunc(guesses, func(g ColumnGuess) bool { return g.Column == name })
	if at < 0 {
		at = slices.IndexFunc(guesses, func(g ColumnGuess) bool { return headerKey(g.Column) == headerKey(name) })
	}
	if at < 0 {
		return false
	}
	for i := range guesses {
		if field != "" && field != models.FieldNotes && guesses[i].Field == field {
			guesses[i] = ColumnGuess{Column: guesses[i].Column, Reason: fmt.Sprintf("Left out: “%s” goes to %s", guesses[at].Column, field.Name())}
		}
	}
	guesses[at].Field, guesses[at].Confidence, guesses[at].Reason = field, ByHand, "Changed by you"
	return true
}

func fieldList() string {
	var words []string
	for _, f := range models.PersonFields() {
		words = append(words, string(f))
	}
	return strings.Join(words, ", ")
}

// Columns returns the guesses as an import keeps them, each with the first
// value of its column in the sample.
func Columns(guesses []ColumnGuess, sample [][]string) []models.ImportColumn {
	out := make([]models.ImportColumn, len(guesses))
	how := [...]string{NoMatch: "", ByContent: "content", ByName: "name", ByHand: "hand"}
	for i, g := range guesses {
		out[i] = models.ImportColumn{Label: g.Column, Field: g.Field, How: how[g.Confidence], Reason: g.Reason}
		if values := column(sample, i); len(values) > 0 {
			out[i].Sample = firstLine(values[0])
		}
	}
	return out
}

func firstLine(s string) string {
	const most = 80
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

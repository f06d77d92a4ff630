package example

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strings"

	"rotunda/models"
)

//go:embed data
var files embed.FS

// table reads a file of the example whose first line names the columns.
func table(name string) ([]map[string]string, error) {
	f, err := files.Open("data/" + name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		out = append(out, row)
	}
	return out, nil
}

// remark is something that was said.
type remark struct {
	item       int // from 1
	speaker    string
	marks      string // kind, pillars, fronts, forums, tags and rule as a capture line writes them
	state      models.InsightState
	off        bool
	text       string
	paraphrase string
}

var remarkStates = map[string]models.InsightState{"c": models.Captured, "v": models.Reviewed, "r": models.Released}

// remarks reads a file of what was said; SOURCES.md says how it is written.
func remarks(name string) ([]remark, error) {
	raw, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, err
	}
	var out []remark
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		r, err := readRemark(line)
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, i+1, err)
		}
		out = append(out, r)
	}
	return out, nil
}

func readRemark(line string) (remark, error) {
	parts := strings.Split(line, " | ")
	f := strings.Fields(parts[0])
	if len(parts) < 2 || len(parts) > 3 || len(f) != 8 || len(f[0]) != 1 {
		return remark{}, fmt.Errorf("not eight words and the text: %q", line)
	}
	r := remark{item: int(f[0][0] - '0'), speaker: f[1], text: parts[1]}
	if len(parts) == 3 {
		r.paraphrase = parts[2]
	}
	state, rule, _ := strings.Cut(f[7], "=")
	var ok bool
	if r.state, ok = remarkStates[state]; !ok {
		return remark{}, fmt.Errorf("no state %q", state)
	}
	marks := []string{"!" + f[2]}
	if f[3] != "-" {
		for _, letter := range strings.ToLower(f[3]) {
			marks = append(marks, "#"+string(letter))
		}
	}
	for i, sign := range []string{"^", "%", "+"} {
		if f[4+i] != "-" {
			for _, word := range strings.Split(f[4+i], ",") {
				marks = append(marks, sign+word)
			}
		}
	}
	if rule != "" {
		marks, r.off = append(marks, "="+rule), true
	}
	r.marks = strings.Join(marks, " ")
	return r, nil
}

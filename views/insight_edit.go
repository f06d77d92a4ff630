package views

import (
	"slices"

	"rotunda/models"
	"rotunda/views/ui"
)

// InsightEditPage is the form that changes an insight: a page of its own, or
// in place in the stream.
type InsightEditPage struct {
	Page
	ID        string
	Element   string
	Room      models.ID
	Crumbs    []ui.Crumb
	Back      string
	Text      string
	Revision  string
	Theirs    string // what somebody else wrote meanwhile, or empty
	Kind      string
	Kinds     []ui.Option
	Item      string
	Items     []ui.Option
	Speaker   string
	Speakers  []ui.Option
	Off       bool // off the record: there is no speaker to choose
	Primary   string
	Mask      int
	Pillars   []ui.Option
	Codes     []ui.Option
	Chosen    []string
	Flag      string
	Flags     []ui.Option
	Rule      models.Regime
	Deep      bool // on deep background: others read the paraphrase
	Para      string
	Ready     bool
	Errors    map[string]string
	PostURL   string
	DeleteURL string
	ParaURL   string
}

type codeGroup struct {
	name    string
	options []ui.Option
}

func codeGroups(options []ui.Option) []codeGroup {
	var out []codeGroup
	for _, o := range options {
		if len(out) == 0 || out[len(out)-1].name != o.Group {
			out = append(out, codeGroup{name: o.Group})
		}
		last := &out[len(out)-1]
		last.options = append(last.options, o)
	}
	return out
}

func hasValue(values []string, v string) bool { return slices.Contains(values, v) }

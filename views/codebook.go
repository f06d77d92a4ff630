package views

import (
	"github.com/a-h/templ"

	"rotunda/models"
	"rotunda/views/ui"
)

// CodebookPage shows the codebook.
type CodebookPage struct {
	Page
	Sub     string
	CanEdit bool
	Pillars []PillarCard
	Fronts  []CodeRow
	Forums  []CodeRow
	Table   CodeTable
}

// PillarCard is a pillar with its strategic action.
type PillarCard struct {
	Tile                     templ.Component
	Name, Href               string
	Action, ActionHref       string
	Count, CountHref, Counts string
}

// CodeTable lists the codes of one kind.
type CodeTable struct {
	Kind, Heading, Note string
	Path                string // of the page it stands on
	Query               string
	CanEdit             bool
	Rows                []CodeRow
	Archived            []CodeRow
	Alike               []AlikePair
	NewHref             string
	Word, Words         string // "tag", "tags"
}

// AlikePair are two codes whose names look alike.
type AlikePair struct{ One, Other, MergeHref, Hint string }

// CodeRow is one code in a list.
type CodeRow struct {
	ID, Name, Href, Mark     string
	Colour, ColourName       string
	Meaning, Also            string
	Count, CountHref, Counts string // Counts is the number in words
	Author                   string
	EditHref, SplitHref      string
	Code                     models.ID
}

// CodePage shows one code.
type CodePage struct {
	Page
	Row          CodeRow
	Kind, KindUp string
	ListHref     string
	Archived     bool
	Merged       string // the name of what took its place
	MergedHref   string
	CanEdit      bool
	Fixed        bool
	Facts        []ui.Fact
}

// CodeForm makes or changes a code.
type CodeForm struct {
	Page
	Heading, Action, CancelHref string
	Kind                        string
	Kinds                       []ui.Option // for a new one; empty where the kind is settled
	Name, Definition, UseWhen   string
	NotWhen, Example, Aliases   string
	Colour, Shortcut            string
	Colours                     []ui.Option
	Sign                        string
	Revision                    string
	Fixed                       bool
	Errors                      map[string]string
	Theirs                      []ui.Fact // what somebody else saved meanwhile
}

// MergePage asks before codes become one.
type MergePage struct {
	Page
	Heading, Words string
	IDs            []string
	Keep           string
	Options        []ui.Option
	Spellings      bool
	Button         string
	Preview        string
	CancelHref     string
	Errors         map[string]string
}

// SplitPage asks which insights are split off, and shows what that does.
type SplitPage struct {
	Page
	Name, Href, Kind string
	Code             models.ID
	Form             SplitForm
	Pillars, Kinds   []ui.Option
	Previewed        bool
	Preview, Button  string
	Examples         []SplitExample
	Errors           map[string]string
}

// SplitForm is what was typed.
type SplitForm struct {
	Name, Words, Pillar, Kind string
	Both                      bool
}

// SplitExample is an insight that would change.
type SplitExample struct{ Text, Href, Where string }

// VersionsPage lists the codebook's versions.
type VersionsPage struct {
	Page
	Rows []VersionRow
}

// VersionRow is one version.
type VersionRow struct{ Number, When, ISO, Who, What, Href string }

// VersionPage shows the codebook as a brief froze it.
type VersionPage struct {
	Page
	Heading, Sub string
	Groups       []VersionGroup
}

// VersionGroup is one kind of a frozen codebook.
type VersionGroup struct {
	Heading string
	Rows    []CodeRow
}

package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// WorkspacePage is the frame of every page of one roundtable. A tab's page
// struct embeds it and its template begins with @Workspace(p.WorkspacePage).
type WorkspacePage struct {
	Page
	Name       string // the roundtable's title, the page's h1
	SeriesName string
	SeriesHref string
	When       string // in the roundtable's zone, or "No date yet"
	WhenISO    string
	WhenOwn    string // the same for the viewer, where it differs
	Place      string
	StageKind  string // as ui.Stage takes it
	StageWord  string
	Regime     models.Regime
	RuleWords  []string // what the rule means, sentence by sentence
	Private    bool
	Led        string // "Led by Ada Byron", or empty
	Team       []Face
	Banner     string // about the state of things, such as why it is canceled
	Tabs       []ui.TabItem
	// The buttons: each is left out where its address is empty.
	CaptureHref string
	Primary     WorkspaceAct
	Menu        []WorkspaceAct
}

// Face is an account as its initials.
type Face struct {
	Initials, Name string
	Tint           int
}

// FaceOf returns the face of a name.
func FaceOf(name string) Face {
	return Face{Initials: ui.Initials(name), Name: name, Tint: ui.Tint(name)}
}

// WorkspaceAct is one button of a workspace.
type WorkspaceAct struct {
	Label, Href, Icon string
	Posts             bool // the button posts instead of leading on
}

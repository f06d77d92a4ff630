package views

import "rotunda/views/ui"

// StrikePage asks whether an insight is to be struck, or tells what is left of
// one that was.
type StrikePage struct {
	Page
	Text           string // empty once it was struck
	Done           string // "It was struck by Jo Lead on …", empty before
	Room, RoomHref string
	Action, Back   string
	With           string // "One follow-up goes with it." or nothing
	Trail          TrailPart
	Copies         []StrikeCopy
	Errors         map[string]string
}

// StrikeCopy is something that left with the words before they were struck.
type StrikeCopy struct{ Text, Href, Note string }

func (p StrikePage) crumbs() []ui.Crumb {
	return []ui.Crumb{{Label: p.Room, Href: p.RoomHref}}
}

package views

import "rotunda/views/ui"

// CommitmentsPage lists what was promised: in one roundtable, where something
// can be added, or in all of the reader's teams.
type CommitmentsPage struct {
	Page
	Rows []CommitmentRow
	// Action is where a change is sent to, empty for who may not.
	Action           string
	Download         string // the list as a file
	RoomHref, Room   string
	What, Owner, Due string
	// By is who of Owners promised it; empty is whom Owner names.
	By     string
	Owners []ui.Option
	Errors map[string]string

	// Edit is the promise that is changed in place of adding one; of a captured
	// one only the day. Theirs is what somebody else made of it meanwhile.
	Edit, Revision, Theirs string
	Captured               bool
}

// CommitmentRow is one promise.
type CommitmentRow struct {
	ID, What, Href string // Href leads to its insight
	EditHref       string
	Room, RoomHref string
	Owner, Due     string
	Write          string // a mailto: address for the owner, empty for none
	State, Outcome string
	Late, Open     bool
	Remind         string // what the button does that reminds of it; empty is none
}

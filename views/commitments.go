package views

// CommitmentsPage lists what was promised: in one roundtable, where something
// can be added, or in all of the reader's teams.
type CommitmentsPage struct {
	Page
	Rows []CommitmentRow
	// Action is where a change is sent to, empty for who may not.
	Action           string
	RoomHref, Room   string
	What, Owner, Due string
	Errors           map[string]string
}

// CommitmentRow is one promise.
type CommitmentRow struct {
	ID, What, Href string // Href leads to its insight
	Room, RoomHref string
	Owner, Due     string
	State, Outcome string
	Late, Open     bool
}

package models

// PersonHistory is what a reader may know of a person's roundtables.
type PersonHistory struct {
	// Invited counts the invitations to roundtables that exist for the reader.
	Invited int
	// Teams are the roundtables whose team the reader is on, newest first.
	Teams []PersonRoom
	// OnRecord are other roundtables that were on the record throughout and
	// that the person attended: only the room is told.
	OnRecord []PersonRoom
}

// PersonRoom is one roundtable in a person's history. State, Note and Insights
// are filled for the team alone.
type PersonRoom struct {
	ID       ID
	Title    string
	StartsAt Instant
	Zone     string
	Regime   Regime
	State    GuestState
	Note     string // what the guest wrote to the host
	Insights int    // how many the person said
}

package models

import "slices"

// GuestState is how far a guest's invitation has come.
type GuestState int

// The states of a guest. Reconfirm means that the roundtable moved after the
// guest had said yes or perhaps.
const (
	Shortlisted GuestState = iota
	Invited
	Accepted
	Tentative
	Declined
	Waitlisted
	Delegated
	Lapsed
	Reconfirm
	Attended
	NoShow
	Withdrawn
)

// GuestStates lists the states in order.
var GuestStates = []GuestState{
	Shortlisted, Invited, Accepted, Tentative, Declined, Waitlisted,
	Delegated, Lapsed, Reconfirm, Attended, NoShow, Withdrawn,
}

// GuestAnswers lists the states that are answers to an invitation.
var GuestAnswers = []GuestState{Accepted, Tentative, Declined, Waitlisted, Delegated}

var guestStateWords = [...]struct{ key, name string }{
	{"shortlisted", "Shortlisted"},
	{"invited", "Invited"},
	{"accepted", "Accepted"},
	{"tentative", "Tentative"},
	{"declined", "Declined"},
	{"waitlisted", "Waiting list"},
	{"delegated", "Sends a delegate"},
	{"lapsed", "Lapsed"},
	{"reconfirm", "To reconfirm"},
	{"attended", "Attended"},
	{"no_show", "No-show"},
	{"withdrawn", "Withdrawn"},
}

// Key returns the word that forms and files use.
func (s GuestState) Key() string { return guestStateWords[s.read()].key }

// Name returns the name shown to staff.
func (s GuestState) Name() string { return guestStateWords[s.read()].name }

func (s GuestState) read() GuestState {
	if s < Shortlisted || s > Withdrawn {
		return Shortlisted
	}
	return s
}

// ParseGuestState reads a key as Key writes it.
func ParseGuestState(key string) (GuestState, bool) {
	for i, w := range guestStateWords {
		if w.key == key {
			return GuestState(i), true
		}
	}
	return Shortlisted, false
}

// GuestRole is the part that a guest has in the room.
type GuestRole int

// The roles. The first is the default.
const (
	RoleParticipant GuestRole = iota
	RoleChair
	RoleSpeaker
	RoleDiscussant
	RoleObserver
)

// GuestRoles lists the roles in the order in which they are offered.
var GuestRoles = []GuestRole{RoleChair, RoleSpeaker, RoleDiscussant, RoleParticipant, RoleObserver}

var guestRoleWords = [...]struct{ key, name string }{
	{"participant", "Participant"},
	{"chair", "Chair"},
	{"speaker", "Speaker"},
	{"discussant", "Discussant"},
	{"observer", "Observer"},
}

// Key returns the word that forms and files use.
func (r GuestRole) Key() string { return guestRoleWords[r.read()].key }

// Name returns the name shown to people.
func (r GuestRole) Name() string { return guestRoleWords[r.read()].name }

// Speaks reports whether the role takes part in the discussion, and so counts
// among the people who could have said something.
func (r GuestRole) Speaks() bool { return r.read() != RoleObserver }

func (r GuestRole) read() GuestRole {
	if r < RoleParticipant || r > RoleObserver {
		return RoleObserver
	}
	return r
}

// ParseGuestRole reads a key as Key writes it.
func ParseGuestRole(key string) (GuestRole, bool) {
	for i, w := range guestRoleWords {
		if w.key == key {
			return GuestRole(i), true
		}
	}
	return RoleParticipant, false
}

// HoldsSeat reports whether a guest in this state and role has one of the
// roundtable's seats: who comes, and who is there already. Host staff sit like
// observers: ask with RoleObserver.
func HoldsSeat(state GuestState, role GuestRole, observersTakeSeats bool) bool {
	if role == RoleObserver && !observersTakeSeats {
		return false
	}
	return state == Accepted || state == Reconfirm || state == Attended
}

// Actor says who causes a change of a guest's state.
type Actor int

// The actors: the guest or the guest's scheduler by a link, staff by hand, and
// the program by a rule that the host switched on.
const (
	ByGuest Actor = iota
	ByStaff
	BySystem
)

// guestMoves is the table of lawful changes: for each state and actor, what it
// may become. What holds from every state is in MayBecome.
var guestMoves = map[GuestState][3][]GuestState{
	Shortlisted: {ByStaff: {Invited}, BySystem: {Invited}},
	Invited:     {ByGuest: GuestAnswers, ByStaff: append([]GuestState{Lapsed}, GuestAnswers...), BySystem: {Lapsed}},
	Accepted:    {ByGuest: GuestAnswers, ByStaff: append([]GuestState{Reconfirm, NoShow}, GuestAnswers...), BySystem: {Reconfirm}},
	Tentative:   {ByGuest: GuestAnswers, ByStaff: append([]GuestState{Reconfirm, NoShow, Lapsed}, GuestAnswers...), BySystem: {Reconfirm, Lapsed}},
	Declined:    {ByGuest: GuestAnswers, ByStaff: append([]GuestState{Invited}, GuestAnswers...)},
	Waitlisted:  {ByGuest: GuestAnswers, ByStaff: append([]GuestState{Lapsed}, GuestAnswers...), BySystem: {Accepted}},
	Delegated:   {ByGuest: GuestAnswers, ByStaff: GuestAnswers},
	Lapsed:      {ByGuest: GuestAnswers, ByStaff: append([]GuestState{Invited}, GuestAnswers...)},
	Reconfirm:   {ByGuest: GuestAnswers, ByStaff: append([]GuestState{NoShow, Lapsed}, GuestAnswers...), BySystem: {Lapsed}},
	Attended:    {ByStaff: {NoShow}},
	NoShow:      {},
	Withdrawn:   {ByStaff: {Shortlisted, Invited}},
}

// MayBecome reports whether the actor may take a guest from one state to the
// other. Staff may withdraw anybody and mark anybody as attended. Staying the
// same is no change. Taking back a mark of attendance is an undo, which puts
// the state before it back, and is not asked here.
func MayBecome(from, to GuestState, by Actor) bool {
	if from == to || by < ByGuest || by > BySystem {
		return false
	}
	if by == ByStaff && (to == Withdrawn || to == Attended) {
		return true
	}
	return slices.Contains(guestMoves[from][by], to)
}

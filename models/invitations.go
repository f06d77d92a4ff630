package models

import "strconv"

// Invitation is what a guest's own link shows and what mail to the guest may
// say: the guest's invitation and answer, and nothing of any other guest.
type Invitation struct {
	Guest, Roundtable ID
	// Name is as it is spoken, Greeting how a letter opens.
	Name, Greeting, Email string
	// Silent is a guest who asked not to be written to.
	Silent bool
	State  GuestState
	Role   GuestRole
	// Answered is when the guest last answered, or zero.
	Answered Instant

	Title, Series string
	Starts, Ends  Instant
	Zone          string
	// Place is what everybody invited may know. Room and MeetingLink are empty
	// unless the guest holds a seat.
	Place, Room, MeetingLink string
	Regime                   Regime
	Private                  bool
	CancelReason             string
	// Seats is what an answer depends on; Taken is not the guest's to know and
	// is here to tell a full table from one that is not.
	Seats RoomSeats

	Note            string
	Needs           Needs
	Preference      Regime
	NamedToPartners bool
	RuleVersion     string

	CalendarUID string
	Sequence    int

	Institute, ShortName string
	// HostZone is the institute's: its time stands beside the roundtable's where
	// the clocks differ.
	HostZone string
	// HostName and HostEmail are whom to ask.
	HostName, HostEmail string
}

// HasSeat reports whether the guest is to be given room and meeting link.
func (i Invitation) HasSeat() bool {
	return i.State == Accepted || i.State == Reconfirm || i.State == Attended
}

// OpenAnswers returns the answers that the page offers now.
func (i Invitation) OpenAnswers(now Instant) []GuestState { return OpenAnswers(i.State, i.Seats, now) }

// Acknowledged reports whether the guest has acknowledged the rule in force in
// its present wording.
func (i Invitation) Acknowledged() bool { return i.RuleVersion == RuleVersion(i.Regime) }

// RuleVersion names the wording of a rule's sentence, as it is kept with an
// acknowledgement: "chatham/1".
func RuleVersion(r Regime) string { return r.Key() + "/" + strconv.Itoa(RegimeTextVersion) }

// StricterThan returns the rules that a guest may ask for instead of the
// room's, from the next stricter on.
func StricterThan(room Regime) []Regime {
	var out []Regime
	for _, r := range Regimes {
		if r > room {
			out = append(out, r)
		}
	}
	return out
}

// AnswerInput is what a guest's form says.
type AnswerInput struct {
	Answer GuestState
	// Chosen says that an answer was chosen at all.
	Chosen          bool
	Note            string
	Needs           Needs
	Preference      Regime
	NamedToPartners bool
	// Acknowledged: the box beside the attribution rule is ticked.
	Acknowledged bool
}

// Check returns the input trimmed, or an *InvalidError.
func (in AnswerInput) Check() (AnswerInput, error) {
	var bad InvalidError
	// A delegate has to be named, and no form asks for one: the word alone
	// would give the seat away.
	bad.Check(in.Chosen && in.Answer != Delegated, "answer", "Choose one of the answers.")
	bad.Check(in.Preference >= RegimeNone && in.Preference <= OffTheRecord, "preference", "Choose one of the rules.")
	in.Needs = in.Needs.check(&bad)
	in.Note = checkNote(in.Note, &bad)
	return in, bad.Err()
}

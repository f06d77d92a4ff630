package models

import (
	"strings"
	"time"
	"unicode/utf8"
)

// InvitationRequest is somebody from the public who asks to be invited.
type InvitationRequest struct {
	ID         ID
	Roundtable ID
	RequestInput
	At Instant
}

// RequestInput is what somebody says who asks to be invited.
type RequestInput struct {
	Name         string
	Email        string
	Position     string
	Organisation string
	Sector       Sector
	Why          string
	// Trap is a field that people do not see and leave empty.
	Trap string
	// Shown is when the form was made, zero where that cannot be read.
	Shown Instant
}

// How quickly nobody fills in the form, and how long one may lie open.
const (
	requestSoonest = 3 * time.Second
	requestLatest  = 24 * time.Hour
)

// RequestWhyMost is the most characters of why somebody wants to come.
const RequestWhyMost = 2000

// Check returns the input trimmed as it may be kept, or an *InvalidError.
// Programs that fill in forms are told from people by a field that only they
// see and by the time they take; both say so, so that a person can go on.
func (in RequestInput) Check(now Instant) (RequestInput, error) {
	var bad InvalidError
	bad.Check(strings.TrimSpace(in.Name) != "", "full_name", "Give your name.")
	person, _, err := in.person().Clean()
	bad.join(err)
	in.Name, in.Email, in.Position, in.Organisation = person.Full, person.Email, person.Position, person.Organisation
	bad.Check(in.Name != "", "full_name", "Give your name.")
	bad.Check(in.Email != "", "email", "Give your e-mail address.")
	bad.Check(in.Sector >= SectorNone && in.Sector <= ThinkTanks, "sector", "Choose one, or none.")
	why, _, ok := CleanText(in.Why)
	in.Why = why
	bad.Check(ok && utf8.ValidString(why) && utf8.RuneCountInString(why) <= RequestWhyMost, "why", "Write at most 2,000 characters.")
	bad.Check(in.Trap == "", "website", "Leave this field empty.")
	switch took := time.Duration(now-in.Shown) * time.Millisecond; {
	case in.Shown == 0 || took > requestLatest || took < -requestLatest:
		bad.Add("", "This form has been open for a day or more. Please send it once again.")
	case took < requestSoonest:
		bad.Add("", "That was very quick. Please look it over and send it once again.")
	}
	return in, bad.Err()
}

// person is who asks, as the directory writes people.
func (in RequestInput) person() PersonInput {
	return PersonInput{Full: in.Name, Email: in.Email, Position: in.Position, Organisation: in.Organisation, Sector: in.Sector}
}

// Person is what the directory keeps of who asked, once somebody said yes.
func (r InvitationRequest) Person() PersonInput { return r.person() }

// Package mail writes the messages Rotunda sends: for each occasion a subject,
// a text part and an HTML part that say the same. It is given what a message
// may say and decides nothing about who receives it or when.
package mail

import (
	"errors"
	"strings"

	"rotunda/models"
)

// Kind is the occasion of a message.
type Kind int

// The occasions.
const (
	Invitation Kind = iota + 1
	Reminder
	Confirmation // of the answer that the guest gave
	TimeChange   // start, end, date or zone moved: can you still come?
	PlaceChange  // place, link or title changed; answers stand
	Cancellation
	Withdrawal // this one guest's invitation is taken back
	Promotion  // from the waiting list to the table
	AccountInvitation
	PasswordReset
	RuleChange // the attribution rule changed; answers stand
	Evaluation // somebody is asked to evaluate a recommendation
	EvaluationDue
	FollowUp      // somebody wanted to come back to a recommendation today
	BriefReview   // a colleague is asked to read a brief
	CommitmentDue // somebody's promise is due
	Cohost        // a partner's person may see one more roundtable
)

// Kinds lists the occasions in order.
var Kinds = []Kind{
	Invitation, Reminder, Confirmation, TimeChange, PlaceChange, Cancellation, Withdrawal, Promotion,
	AccountInvitation, PasswordReset, RuleChange, Evaluation, EvaluationDue, FollowUp, BriefReview,
	CommitmentDue, Cohost,
}

var kindKeys = [...]string{
	"", "invitation", "reminder", "confirmation", "time_change", "place_change", "cancellation", "withdrawal",
	"promotion", "account_invitation", "password_reset", "rule_change", "evaluation", "evaluation_due",
	"follow_up", "brief_review", "commitment_due", "cohost",
}

// Key returns the word that jobs and logs use; it is empty for no kind.
func (k Kind) Key() string {
	if k < Invitation || k > Cohost {
		return ""
	}
	return kindKeys[k]
}

// ParseKind reads a key as Key writes it.
func ParseKind(key string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Key() == key {
			return k, true
		}
	}
	return 0, false
}

// hasLink reports whether a message of this kind must hold its receiver's
// link. A withdrawn guest's link is revoked, so that message has none.
func (k Kind) hasLink() bool { return k != Withdrawal }

// Answer is what the guest answered, for a confirmation.
type Answer int

// The answers.
const (
	AnswerAccepted Answer = iota + 1
	AnswerTentative
	AnswerDeclined
	AnswerWaitlisted
	AnswerDelegated
)

// Data is what a message may say. Texts are plain, names as the guest writes
// them. Empty fields are left out.
type Data struct {
	Institute string // who sends
	BaseURL   string // of this installation, without a slash at the end

	Greeting string // "Ms. Echeverry"; empty greets without a name
	Answer   Answer // of a Confirmation; of a Reminder the one so far
	Accepted bool   // the guest holds a seat: only then are Room and MeetingLink said

	Title, Series string
	Regime        models.Regime
	Start, End    models.Instant
	Zone          string         // IANA name of the roundtable's zone
	HostZone      string         // IANA name of the institute's; its time is told too where it differs
	Place         string         // what everybody invited may know: "Cannon Building, Washington"
	Room          string         // the exact room
	MeetingLink   string         // of the video meeting
	Deadline      models.Instant // until when to answer; of an account's link: until when it is valid
	Was           Was            // for TimeChange and PlaceChange

	Reason string // of a cancellation or withdrawal, in the host's words
	Text   string // for Invitation: the host's text with placeholders; empty is DefaultInvitation

	HostName, HostEmail, HostPhone string

	// Calendar is the file of the calendar part and CalendarMethod its METHOD;
	// both are passed through to the Message.
	Calendar       []byte
	CalendarMethod string
}

// Was holds former values. One that is empty, or is as it was, did not change.
// Room and MeetingLink are said to whom the present ones are said.
type Was struct {
	Start, End                      models.Instant
	Zone                            string
	Title, Place, Room, MeetingLink string
	Regime                          models.Regime // for RuleChange
}

// Message is a rendered message. Subject is one line; Text ends its lines with
// LF; HTML is a whole document that loads nothing.
type Message struct {
	Subject, Text, HTML string
	Calendar            []byte // nil where the message has no calendar part
	CalendarMethod      string
}

// LinkPlaceholder stands where the personal link was in messages that are kept
// and shown: pass it to Render as the link.
const LinkPlaceholder = "[the guest’s link]"

// ErrKind means that there is no such kind of message.
var ErrKind = errors.New("no such kind of message")

// Render writes the message. The link is the receiver's own and must lie under
// d.BaseURL, or be LinkPlaceholder; it is given here and not in Data so that
// it exists at the moment of sending only. Errors: *PlaceholderError for
// placeholders in d.Text that do not exist; ErrNoLink where the link or its
// place is missing; ErrForeignLink where any part of the message holds another
// personal link; ErrEarlyMeetingLink where somebody put the meeting link into
// the words of a message to a guest without a seat.
func Render(kind Kind, d Data, link string) (Message, error) {
	if kind.Key() == "" {
		return Message{}, ErrKind
	}
	d = d.clean()
	if kind.hasLink() {
		if err := checkLink(link, d.BaseURL); err != nil {
			return Message{}, err
		}
	}
	l, err := compose(kind, d, link)
	if err != nil {
		return Message{}, err
	}
	m := Message{Subject: line(l.subject), Text: l.text(), Calendar: d.Calendar, CalendarMethod: d.CalendarMethod}
	if m.HTML, err = l.html(link); err != nil {
		return Message{}, err
	}
	if kind.hasLink() && !strings.Contains(m.Text, link) {
		return Message{}, ErrNoLink
	}
	if err := m.check(d, link); err != nil {
		return Message{}, err
	}
	return m, nil
}

// clean returns the data with every value that belongs on one line on one
// line, so that no name can start a paragraph of its own.
func (d Data) clean() Data {
	d.BaseURL = strings.TrimRight(d.BaseURL, "/")
	for _, s := range []*string{
		&d.Institute, &d.Greeting, &d.Title, &d.Series, &d.Place, &d.Room, &d.MeetingLink,
		&d.HostName, &d.HostEmail, &d.HostPhone, &d.Was.Title, &d.Was.Place, &d.Was.Room, &d.Was.MeetingLink,
	} {
		*s = line(*s)
	}
	d.Reason, d.Text = lines(d.Reason), lines(d.Text)
	if !d.Accepted {
		d.Room, d.Was.Room, d.Was.MeetingLink = "", "", ""
	}
	return d
}

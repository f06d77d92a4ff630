package models

import "slices"

// MailState is how far a message has come.
type MailState string

// The states of a message. Kept messages were written while no mail server was
// configured: they are shown in the program instead of being sent.
const (
	MailQueued   MailState = "queued"
	MailSending  MailState = "sending"
	MailSent     MailState = "sent"
	MailRetrying MailState = "retrying"
	MailFailed   MailState = "failed"
	MailBounced  MailState = "bounced"
	MailWithheld MailState = "withheld"
	MailKept     MailState = "kept"
)

// MailStates lists the states in the order in which they are offered.
var MailStates = []MailState{MailQueued, MailSending, MailRetrying, MailSent, MailKept, MailFailed, MailBounced, MailWithheld}

var mailStateNames = map[MailState]string{
	MailQueued: "Queued", MailSending: "Sending", MailSent: "Sent", MailRetrying: "Trying again", MailFailed: "Failed",
	MailBounced: "Bounced", MailWithheld: "Withheld", MailKept: "Kept here",
}

// Name returns the state's name on screens.
func (s MailState) Name() string { return mailStateNames[s] }

// Ended reports whether nothing more happens to the message by itself.
func (s MailState) Ended() bool {
	return s == MailSent || s == MailFailed || s == MailBounced || s == MailWithheld || s == MailKept
}

// ParseMailState reads a state's key.
func ParseMailState(key string) (MailState, bool) {
	s := MailState(key)
	return s, slices.Contains(MailStates, s)
}

// MailKind is the occasion of a message, as jobs and logs write it.
type MailKind string

// The occasions, by the keys of the package that writes the messages.
const (
	MailInvitation        MailKind = "invitation"
	MailReminder          MailKind = "reminder"
	MailConfirmation      MailKind = "confirmation"
	MailTimeChange        MailKind = "time_change"
	MailPlaceChange       MailKind = "place_change"
	MailRuleChange        MailKind = "rule_change"
	MailCancellation      MailKind = "cancellation"
	MailWithdrawal        MailKind = "withdrawal"
	MailPromotion         MailKind = "promotion"
	MailAccountInvitation MailKind = "account_invitation"
	MailPasswordReset     MailKind = "password_reset"
	MailEvaluation        MailKind = "evaluation"
	MailEvaluationDue     MailKind = "evaluation_due"
	MailFollowUp          MailKind = "follow_up"
	MailBriefReview       MailKind = "brief_review"
	MailCommitmentDue     MailKind = "commitment_due"
	MailCohost            MailKind = "cohost"
)

var mailKindNames = map[MailKind]string{
	MailInvitation: "Invitation", MailReminder: "Reminder", MailConfirmation: "Confirmation", MailTimeChange: "New time",
	MailPlaceChange: "Changed details", MailRuleChange: "New attribution rule", MailCancellation: "Cancellation", MailWithdrawal: "Invitation withdrawn",
	MailPromotion: "Seat from the waiting list", MailAccountInvitation: "Account", MailPasswordReset: "Password reset",
	MailEvaluation: "Invitation to evaluate", MailEvaluationDue: "Reminder to evaluate", MailFollowUp: "Reminder of a recommendation", MailBriefReview: "Request to read a brief",
	MailCommitmentDue: "Reminder of a commitment", MailCohost: "One more roundtable of a co-host",
}

// Name returns the occasion's name on screens.
func (k MailKind) Name() string { return mailKindNames[k] }

// Valid reports whether k is one of the occasions.
func (k MailKind) Valid() bool { return mailKindNames[k] != "" }

// Was is how a roundtable stood before a change that its guests are told of.
// Room and Link are the seat-holders' to know, as the present ones are.
type Was struct {
	Starts, Ends             Instant
	Zone                     string
	Title, Place, Room, Link string
	// Regime is the attribution rule before it was changed.
	Regime Regime
}

// CalendarPart says what a message's calendar part asks for. Method is empty
// where the message has none.
type CalendarPart struct {
	Method   string // REQUEST or CANCEL
	PartStat string // NEEDS-ACTION, ACCEPTED, TENTATIVE, DECLINED
	UID      string
	Sequence int
}

// PartStatOf returns the answer that a calendar entry shows for a state.
func PartStatOf(s GuestState) string {
	switch s {
	case Accepted, Attended:
		return "ACCEPTED"
	case Tentative:
		return "TENTATIVE"
	case Declined, Delegated:
		return "DECLINED"
	}
	return "NEEDS-ACTION"
}

// Outgoing is a message that is about to be written and sent: whatever it may
// say, as its one receiver may know it.
type Outgoing struct {
	Mail      ID
	Kind      MailKind
	MessageID string // the local part of its Message-ID, the same at every attempt
	ToName    string
	ToEmail   string
	Queued    Instant
	// Invitation is the guest's own; of a message to an account only its
	// institute and greeting are set.
	Invitation Invitation
	// Token is the receiver's link, empty where the message has none.
	Token string
	// Expires is when an account's link ends, or an evaluation is due.
	Expires Instant
	// Recommendation is what an evaluator with an account is asked about, or
	// what its owner wanted to come back to.
	Recommendation ID
	// Room is where a commitment that is due was made, for its team, or which
	// roundtable a co-host was let into.
	Room     ID
	Brief    ID         // to read, for who is asked to
	Answer   GuestState // of a confirmation
	Reason   string     // of a withdrawal or cancellation
	Text     string     // of an invitation
	Was      Was
	Calendar CalendarPart
}

// Mail is a message as the mail list shows it. Its bodies hold a stand-in
// where the personal link was.
type Mail struct {
	ID              ID
	Kind            MailKind
	Roundtable      ID
	RoundtableTitle string
	Guest           ID
	Account         ID
	ToName, ToEmail string
	MessageID       string
	Subject         string
	Text, HTML      string
	Calendar        string
	State           MailState
	Attempts        int
	// Problem says in a sentence why the message was not sent.
	Problem string
	Created Instant
	Sent    Instant
	// Token is the guest's link where it may be shown: see Store.Mail.
	Token string
}

// MailFilter chooses messages of a list. Zero values choose all.
type MailFilter struct {
	State      MailState
	Roundtable ID
	Guest      ID
	// Text is found in the receiver's name and address and in the subject.
	Text  string
	After ID  // the last message of the page before
	Limit int // 50 where it is zero
}

// MailPage is one page of messages, newest first.
type MailPage struct {
	Mails  []Mail
	Counts map[MailState]int
	// Next is the last message of this page, zero where it is the last page.
	Next ID
}

// RenderedMail is a message as it is kept: with a stand-in for the link.
type RenderedMail struct{ Subject, Text, HTML, Calendar string }

package models

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// CommitmentState is how far a promise has come.
type CommitmentState string

// The states of a commitment.
const (
	CommitmentOpen    CommitmentState = "open"
	CommitmentDone    CommitmentState = "done"
	CommitmentDropped CommitmentState = "dropped"
)

// CommitmentStates lists the states in order.
var CommitmentStates = []CommitmentState{CommitmentOpen, CommitmentDone, CommitmentDropped}

// Name returns the state's name on screens.
func (s CommitmentState) Name() string {
	return map[CommitmentState]string{CommitmentOpen: "Open", CommitmentDone: "Done", CommitmentDropped: "Dropped"}[s]
}

// Promise is a commitment: a follow-up that somebody took on in a roundtable, for its
// team alone.
type Promise struct {
	ID         ID
	Room       ID
	Roundtable string
	// Insight is where it was captured, zero where it was written by hand.
	Insight ID
	What    string
	Owner   string
	// Guest and Account are the owner where they are on the guest list or on the
	// team; zero for a name alone, and where it was captured.
	Guest, Account ID
	// Email is the address of an owner who is a guest and may be written to.
	Email string
	// DueOn is the local day, 2006-01-02, or empty; Due is the end of it.
	DueOn   string
	Due     Instant
	State   CommitmentState
	Outcome string
	// Regime is that of the insight, none where it was written by hand.
	Regime Regime
	// Revision rises with every change.
	Revision int
}

// Captured reports whether the promise was made in a capture line: it reads as
// its insight does, and only its day is its own.
func (c Promise) Captured() bool { return c.Insight != 0 }

// Late reports whether an open commitment is overdue.
func (c Promise) Late(now Instant) bool {
	return c.State == CommitmentOpen && c.Due != 0 && c.Due <= now
}

// PromiseAhead is how long before its day a commitment shows on Home.
const PromiseAhead = 7 * 24 * time.Hour

// CommitmentInput is a commitment written by hand. Its owner is a guest of the
// roundtable, somebody on its team, or a name alone.
type CommitmentInput struct {
	What, Owner, DueOn string
	Guest, Account     ID
}

// Check returns the input trimmed and the end of its day in the zone, or an
// *InvalidError.
func (in CommitmentInput) Check(zone string) (CommitmentInput, Instant, error) {
	var bad InvalidError
	one := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	in.What, in.Owner, in.DueOn = one(in.What), one(in.Owner), strings.TrimSpace(in.DueOn)
	bad.Check(in.What != "", "what", "Say what was promised.")
	bad.Check(utf8.RuneCountInString(in.What) <= 1000, "what", "Please keep this under 1,000 characters.")
	if in.Guest != 0 || in.Account != 0 {
		in.Owner = ""
	} else {
		bad.Check(in.Owner != "", "owner", "Choose who promised it, or write their name.")
	}
	bad.Check(utf8.RuneCountInString(in.Owner) <= 200, "owner", "Please keep the name under 200 characters.")
	due := in.due(zone, &bad)
	return in, due, bad.Err()
}

// CheckDay does the same with the day alone, for a promise that was captured.
func (in CommitmentInput) CheckDay(zone string) (CommitmentInput, Instant, error) {
	var bad InvalidError
	in.DueOn = strings.TrimSpace(in.DueOn)
	due := in.due(zone, &bad)
	return in, due, bad.Err()
}

// due is the end of the day in the zone, zero where there is none.
func (in CommitmentInput) due(zone string, bad *InvalidError) Instant {
	if in.DueOn == "" {
		return 0
	}
	loc, err := Zone(zone)
	if err != nil {
		loc = time.UTC
	}
	day, err := time.ParseInLocation(time.DateOnly, in.DueOn, loc)
	bad.Check(err == nil, "due", "Write the day such as 2026-11-30, or leave it empty.")
	if err != nil {
		return 0
	}
	return Instant(day.AddDate(0, 0, 1).UnixMilli())
}

// CheckCommitmentState returns the outcome trimmed, or an *InvalidError.
func CheckCommitmentState(s CommitmentState, outcome string) (string, error) {
	var bad InvalidError
	outcome = strings.Join(strings.Fields(outcome), " ")
	bad.Check(slices.Contains(CommitmentStates, s), "state", "Choose a state.")
	bad.Check(utf8.RuneCountInString(outcome) <= 1000, "outcome", "Please keep the outcome under 1,000 characters.")
	return outcome, bad.Err()
}

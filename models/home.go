package models

import (
	"cmp"
	"slices"
	"time"
)

// Home is what an account's first page tells: what is going on, what needs
// them, what comes next and what is missing.
type Home struct {
	Now Instant
	// Zone is the reader's, or the institute's.
	Zone string
	// Live are the roundtables in session that the reader may know of.
	Live []LiveRoom
	// Needs is the reader's own work, most pressing first.
	Needs []Need
	// Next are the roundtables ahead, soonest first. More says that there are
	// others after them.
	Next []RoundtableLine
	More bool
	// Evaluations wait for the reader's scores, soonest due first.
	Evaluations []OwnEvaluation
	// Coverage is for the institute's own staff.
	Coverage Coverage
	// Fresh: no roundtable exists for the reader yet.
	Fresh bool
	// Example: the programme that came with the installation is still there.
	Example bool
}

// LiveRoom is a roundtable in session. Item and Items are zero for who is not
// on its team.
type LiveRoom struct {
	RoundtableLine
	Item, Items int
}

// NeedKind is a sort of work that waits.
type NeedKind int

// The sorts of work, most pressing first.
const (
	NeedSetUp NeedKind = iota
	NeedRapporteur
	NeedPromises
	NeedAnswers
	NeedSeats
	NeedRequests
	NeedHold
	NeedPillars
	NeedReview
	NeedClose
)

// Need is work that waits for the reader: how much of it, and where most.
type Need struct {
	Kind NeedKind
	// Count is how many guests, insights or roundtables wait, in all.
	Count int
	// Room is where to begin, with its title; Others is how many more
	// roundtables wait for the same.
	Room   ID
	Title  string
	Others int
	// Due is when Room's replies close or when it begins, in Zone; zero where
	// no time presses.
	Due  Instant
	Zone string
}

// RoomWork is what waits in one roundtable on whose team the reader is.
type RoomWork struct {
	ID            ID
	Title         string
	Zone          string
	Status        RoundtableStatus
	Starts, Ends  Instant
	Deadline      Instant
	Capacity      int
	Rapporteurs   int
	Unanswered    int // invited or to reconfirm
	Waitlisted    int
	Requests      int // who asks to be invited and has no answer
	Seated        int
	Untagged      int // insights without a pillar
	Unreviewed    int
	Promises      int // open commitments that are overdue or due within a week
	InSession     bool
	MayInvite     bool
	MayChooseTeam bool
	MayTag        bool
	MayReview     bool
	MayHold       bool
	MayClose      bool
}

// rapporteurAhead is how long before a roundtable somebody must be named to
// take down what is said.
const rapporteurAhead = 45 * 24 * time.Hour

// NeedsOf gathers what waits in the reader's roundtables, most pressing sort
// first, and of each sort the most pressing roundtable.
func NeedsOf(rooms []RoomWork, now Instant) []Need {
	var out []Need
	for _, rule := range needRules {
		var found []RoomWork
		total := 0
		for _, r := range rooms {
			if n := rule.count(r, now); n > 0 {
				found = append(found, r)
				total += n
			}
		}
		if len(found) == 0 {
			continue
		}
		slices.SortStableFunc(found, rule.order)
		need := Need{Kind: rule.kind, Count: total, Room: found[0].ID, Title: found[0].Title, Others: len(found) - 1, Zone: found[0].Zone}
		if rule.due != nil {
			need.Due = rule.due(found[0])
		}
		out = append(out, need)
	}
	return out
}

// needRule is one sort of work: how much of it a roundtable holds, which
// roundtable presses most, and until when.
type needRule struct {
	kind  NeedKind
	count func(RoomWork, Instant) int
	order func(a, b RoomWork) int
	due   func(RoomWork) Instant
}

var needRules = []needRule{
	{NeedRapporteur, lacksRapporteur, soonest, func(r RoomWork) Instant { return r.Starts }},
	{NeedPromises, func(r RoomWork, _ Instant) int { return r.Promises }, soonest, nil},
	{NeedAnswers, func(r RoomWork, now Instant) int { return when(r.MayInvite && r.ahead(now), r.Unanswered) }, soonest, RoomWork.repliesClose},
	{NeedSeats, freeSeats, soonest, func(r RoomWork) Instant { return r.Starts }},
	{NeedRequests, func(r RoomWork, now Instant) int { return when(r.MayInvite && r.ahead(now), r.Requests) }, soonest, func(r RoomWork) Instant { return r.Starts }},
	{NeedHold, func(r RoomWork, now Instant) int { return one(r.MayHold && r.over(now)) }, soonest, nil},
	{NeedPillars, func(r RoomWork, _ Instant) int { return when(r.MayTag, r.Untagged) },
		func(a, b RoomWork) int { return b.Untagged - a.Untagged }, nil},
	{NeedReview, func(r RoomWork, _ Instant) int { return when(r.MayReview && !r.InSession, r.Unreviewed) },
		func(a, b RoomWork) int { return b.Unreviewed - a.Unreviewed }, nil},
	{NeedClose, func(r RoomWork, _ Instant) int { return one(r.MayClose && r.Status == Held) }, soonest, nil},
}

func lacksRapporteur(r RoomWork, now Instant) int {
	return one(r.MayChooseTeam && r.ahead(now) && r.Rapporteurs == 0 && r.Starts < now.Add(rapporteurAhead))
}

// freeSeats counts the waiting guests for whom there is a seat.
func freeSeats(r RoomWork, now Instant) int {
	if !r.MayInvite || !r.ahead(now) {
		return 0
	}
	if r.Capacity == 0 {
		return r.Waitlisted
	}
	return max(0, min(r.Waitlisted, r.Capacity-r.Seated))
}

func (r RoomWork) ahead(now Instant) bool {
	return r.Status == Scheduled && !r.InSession && (r.Ends == 0 || r.Ends > now)
}

func (r RoomWork) over(now Instant) bool {
	return r.Status == Scheduled && !r.InSession && r.Ends != 0 && r.Ends <= now
}

func (r RoomWork) repliesClose() Instant {
	if r.Deadline != 0 {
		return r.Deadline
	}
	return r.Starts
}

func soonest(a, b RoomWork) int { return cmp.Compare(a.repliesClose(), b.repliesClose()) }

func when(ok bool, n int) int {
	if ok {
		return n
	}
	return 0
}

func one(ok bool) int { return when(ok, 1) }

package models

import "time"

// PublicRoundtable is a roundtable as everybody may know it.
type PublicRoundtable struct {
	ID     ID
	Title  string
	Series string
	// Objectives and Questions are empty where they would name somebody whom
	// the rule hides.
	Objectives string
	Questions  []string
	Place      string
	Starts     Instant
	Ends       Instant
	Zone       string
	Regime     Regime
	Cancelled  bool
	// Past: it is over.
	Past bool
	// Open: invitations can be asked for.
	Open bool
	// Agenda holds titles; no times, for they would tell what is left out.
	Agenda []AgendaItem
	// Cohosts names the partners of a roundtable on the record.
	Cohosts []string
	// Brief is the slug of what was published about it, or empty.
	Brief string
	// Sequence rises with every change that a calendar must know.
	Sequence int
	// Stamp is when the last of these was made, as near as it is known.
	Stamp Instant
}

// PublicRooms is what the public list of roundtables shows: those ahead, soonest
// first, and a page of those that are over, latest first.
type PublicRooms struct {
	Upcoming []PublicRoundtable
	Past     []PublicRoundtable
	// Next is the cursor of the page after, empty at the end.
	Next string
}

// PublicBrief is a line in the list of published briefs.
type PublicBrief struct {
	Slug       string
	Title      string
	BottomLine string
	Version    int
	Published  Instant
}

// PublicBriefs is one page of the published briefs, newest first.
type PublicBriefs struct {
	Lines []PublicBrief
	// Next is the cursor of the page after, empty at the end.
	Next string
}

// IsPublic reports whether everybody may know that the roundtable exists: it is
// open, under a rule that shows it, and was announced. A draft was not, nor was
// one that was cancelled before anybody was invited, which sequence zero says.
func (r Roundtable) IsPublic() bool {
	if r.Private || !ShowsRoundtable(r.Regime, Public) {
		return false
	}
	switch r.Status {
	case Scheduled, Held, Closed:
		return true
	case Cancelled:
		return r.Sequence > 0
	}
	return false
}

// TakesRequests reports whether somebody may still ask to be invited: until the
// deadline for replies, or the start where there is none.
func (r Roundtable) TakesRequests(now Instant) bool {
	if !r.IsPublic() || r.Status != Scheduled || r.Starts == 0 || r.Started != 0 || now >= r.Starts {
		return false
	}
	return r.Deadline == 0 || now < r.Deadline
}

// MatchesPublic reports whether a search finds the roundtable: in what everybody
// may read of its line, and in nothing else.
func (r PublicRoundtable) MatchesPublic(q Query) bool {
	return q.Empty() || q.Matches(Tokens(r.Title+"\n"+r.Series+"\n"+r.Place))
}

// FeedPast is how long a roundtable stays in the public calendar feed.
const FeedPast = 365 * 24 * time.Hour

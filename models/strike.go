package models

// Strike is an insight that is to be struck because whoever said it asked for
// that, or what is left of one that was: no words, only that it was there, and
// which copies left before.
type Strike struct {
	ID         ID
	Roundtable ID
	Title      string // of the roundtable
	Zone       string
	// Text is what is to be struck, as the team reads it; empty afterwards.
	Text string
	// Done: it was struck, by the one named and at that time.
	Done bool
	By   string
	At   Instant
	// Commitments counts the follow-ups that were captured in it and go with it.
	Commitments int
	Copies      []StrikeCopy
}

// StrikeCopy is something that left with the words, or may have, and that
// striking does not reach.
type StrikeCopy struct {
	// Brief is the published brief that holds the words, by title and version;
	// zero for a file. Marked: it waits for a correction; Withdrawn: nobody reads
	// it any more.
	Brief             ID
	Title             string
	Version           int
	Marked, Withdrawn bool
	// Of a file that was exported: the format and for whom it was. Its roundtable
	// or a filter chose what it holds, so it may or may not be this insight.
	Format   string
	Audience Audience
	// Who published or exported it, and when.
	Who string
	At  Instant
}

package models

// InsightRecord is an insight with what happened to it.
type InsightRecord struct {
	Insight
	// History is for the roundtable's team, newest first; others have none.
	History []InsightEvent
}

// InsightEvent is one change of an insight.
type InsightEvent struct {
	At   Instant
	Who  string
	What string // captured, edited, tagged, reviewed, released …
	// Text is the wording that the change brought, empty where it stayed.
	Text string
}

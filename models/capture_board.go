package models

// CaptureBoard is what the capture page of a roundtable shows to its team.
type CaptureBoard struct {
	// Insights holds the newest ones, oldest first; Earlier says that there
	// are more before them.
	Insights []Insight
	Earlier  bool
	// Pillars counts the roundtable's insights by pillar; the first count is
	// of those without one.
	Pillars [6]int
	// Authors says who captured how many.
	Authors []CaptureAuthor
	// Seats lists who a line can name.
	Seats []Seat
	// Room counts the people in the room by sector.
	Room     []SectorPresence
	Codebook Codebook
	// After names the newest event that the board holds, for the stream.
	After string
	// SectorsOnly: the institute keeps no more of a speaker than the sector.
	SectorsOnly bool
}

// CaptureAuthor is one who captures in a roundtable.
type CaptureAuthor struct {
	ID   ID
	Name string
	N    int
}

// SectorPresence is how many people of a sector are in the room, for the team,
// and how other staff see a speaker from it.
type SectorPresence struct {
	Sector Sector
	N      int
	Staff  Label
}

// CapturePreview is what would be kept of a line, before it is.
type CapturePreview struct {
	Capture Capture
	// Regime is the rule that would be in force, Stricter whether the line
	// itself or its speaker makes it stricter than the room's.
	Regime   Regime
	Stricter bool
	Sector   Sector // the speaker's
	// Staff and Public are how others would see who said it, once they may
	// read it at all.
	Staff, Public Label
	// SectorsOnly: only the sector would be kept.
	SectorsOnly bool
}

package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// GuestsPage is a roundtable's guest list.
type GuestsPage struct {
	WorkspacePage
	Rows     []GuestRow
	Segments []GuestSegment
	Sectors  []SectorLine
	// Filters, as typed.
	Action, Query, Segment, Sector, Wave string
	Needs, Filtered                      bool
	SectorOptions, WaveOptions           []ui.Option
	ClearHref                            string
	Seats                                string // "22 of 24 seats taken, 10 invitations open"
	Overbooked                           bool   // more invitations are open than seats
	// Offer is the guest who would get a seat that is free.
	Offer *GuestRow
	// What the viewer may do: addresses are empty otherwise.
	BulkHref, AddHref, AttendanceHref, MailHref string
	CSVHref, XLSXHref                           string
	CanAttend                                   bool
	Roles, Waves                                []ui.Option
	// Requests are those who ask to be invited and have no answer.
	Requests []GuestRequestRow
	// Partner is the list of a co-host, who may propose guests.
	Partner         bool
	ProposeHref     string
	Proposal        GuestProposal
	ProposalSectors []ui.Option
	Errors          map[string]string
	EmptyTitle      string
	EmptyText       string
}

// GuestRequestRow is somebody who asks to be invited.
type GuestRequestRow struct {
	Action, Name, Email, Position, Organisation, Why, Day string
	Sector                                                models.Sector
}

// GuestProposal is what a co-host typed of somebody they propose.
type GuestProposal struct{ Name, Email, Position, Organisation, Sector string }

// GuestSegment is a part of the list that is looked at on its own. Its ID keeps
// the focus where the segments are replaced.
type GuestSegment struct {
	ID, Label, Href string
	Current         bool
}

// GuestRow is a guest in the list.
type GuestRow struct {
	ID, Name, Href         string
	Sector                 models.Sector
	Position, Organisation string
	Wave, Role             string // Role only where it is not the usual one
	Seat                   string
	StatusKind, Status     string
	Needs                  string
	Heard, HeardWords      string // "Sep 22", "Answered Sep 22"
	Problem                string // of the last message, such as "Bounced"
	InviteHref             string
	WithdrawHref           string
	CanRemind              bool
	CanAttend              bool
}

// SectorLine is who comes from a sector, against its target.
type SectorLine struct {
	Sector      models.Sector
	Coming, Of  string // "2", "of 4"; Of is empty without a target
	Short, Over string // "2 short", "1 over"
}

// GuestsAddPage chooses people from the directory.
type GuestsAddPage struct {
	WorkspacePage
	Action, Query, Sector string
	SectorOptions         []ui.Option
	People                []PersonPick
	Words                 string // "31 people"
	PrevHref, NextHref    string
	WalkIn                bool // adds one who came without an invitation
	PostHref, BackHref    string
	Wave, Role            string
	Waves, Roles          []ui.Option
	Errors                map[string]string
	NewHref               string // adds somebody to the directory
}

// PersonPick is somebody of the directory who can be chosen.
type PersonPick struct {
	ID, Name, Position, Organisation string
	Sector                           models.Sector
	Note                             string // why they cannot be chosen
	Listed                           bool   // cannot be chosen
}

// GuestsInvitePage shows the invitation before it goes out.
type GuestsInvitePage struct {
	WorkspacePage
	Action       string
	Guests       []Choice // Value is the id, Label the name, Hint the address
	NoEmail      []string
	Text         string
	Placeholders []string
	Errors       map[string]string
	Preview      *MailPreview
	SendLabel    string // "Send 8 invitations"
	BackHref     string
	Seats        string
	DeadlineHref string // where a deadline for replies can be set; empty where there is one
	SendsMail    bool
}

// MailPreview is a message as one guest will read it.
type MailPreview struct{ To, From, Subject, Text string }

// GuestsWithdrawPage asks before guests are taken off the list.
type GuestsWithdrawPage struct {
	WorkspacePage
	Action   string
	Guests   []Choice
	Reason   string
	Errors   map[string]string
	BackHref string
}

// AttendancePage ticks off who came.
type AttendancePage struct {
	WorkspacePage
	Action, BackHref, WalkInHref string
	Rows                         []GuestRow
	Held                         bool   // the roundtable is over
	Notice                       string // why attendance cannot be taken yet
	Summary                      string
}

// GuestPage is one guest with every change.
type GuestPage struct {
	WorkspacePage
	GuestName    string
	Sector       models.Sector
	Facts        []ui.Fact
	History      []ui.LogLine
	PersonHref   string
	BackHref     string
	AnswerHref   string // empty where no answer can be recorded
	Answers      []ui.Option
	Ways         []ui.Option
	Form         GuestAnswerForm
	Errors       map[string]string
	LinkHref     string // gives a new link
	RevokeHref   string
	WithdrawHref string
	InviteHref   string
	MailHref     string
}

// GuestAnswerForm is what was typed. The form names are answer, via, note,
// diet, access, interpreter and confirm.
type GuestAnswerForm struct {
	Answer, Via, Note, Diet, Access, Interpreter string
	Confirm                                      bool
}

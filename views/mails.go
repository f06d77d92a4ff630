package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// MailsPage lists messages: those of one roundtable in its workspace, or all
// that the viewer may read under Settings.
type MailsPage struct {
	Page
	Workspace    *WorkspacePage // nil under Settings
	Action       string
	Query, State string
	StateOptions []ui.Option
	Rows         []MailRow
	NextHref     string
	FirstHref    string
	Note         string // whether a server is configured
	RetryHref    string // where failed messages are sent again; empty where nothing failed
	RetryIDs     []string
	RetryLabel   string
	EmptyTitle   string
	EmptyText    string
	BackHref     string
	ShowRoom     bool
}

// MailRow is a message in the list.
type MailRow struct {
	Href, Kind, To, Email, Subject, Room string
	StateKind, State, Problem, When      string
}

// MailPage is one message.
type MailPage struct {
	Page
	Subject   string
	Facts     []ui.Fact
	ID        models.ID
	Written   bool // the message has been written
	Text      string
	Calendar  string
	FileHref  string
	RetryHref string
	LinkHref  string // the guest's link, while no server is configured
	BackHref  string
	Problem   string
	StaffNote bool // says how somebody signs in without the mail
}

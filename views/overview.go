package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// OverviewPage is the first page of a roundtable. What only the team sees is
// there when Team is set.
type OverviewPage struct {
	// Promises are the first that are open.
	Promises                    []CommitmentRow
	PromisesTitle, PromisesHref string
	WorkspacePage
	InTeam       bool
	Notes        []string // what the lead should know, such as who joined
	Milestones   []ui.Milestone
	Funnel       []ui.FunnelStep
	GuestsHref   string
	BalanceTitle string
	Balance      []BalanceRow
	TargetsHref  string // empty where the viewer may not change them
	Warnings     []string
	Todo         []ui.TodoItem
	TodoNote     string // "3 of 8 done"
	Recent       []ui.LogLine
	ActivityHref string
	Questions    []string
	Objectives   string
	About        []ui.Fact
	// Withheld are the words for which the public page leaves objectives and key
	// questions out.
	Withheld   []FindingRow
	EditHref   string
	Agenda     []AgendaRow
	AgendaHref string
}

// BalanceRow is one sector against its target.
type BalanceRow struct {
	Sector                  models.Sector
	Attending, Open, Target int
	Wanted                  string // the target in figures, or empty
	Gap                     string
	Short                   bool
	Could                   string // "3 unanswered"
}

// AgendaPage is the agenda of a roundtable.
type AgendaPage struct {
	WorkspacePage
	Rows     []AgendaRow
	Note     string // "2 h 30 min, ends on time"
	Warn     string // what does not fit
	CanEdit  bool
	CanRun   bool // the session is open: items can be started
	EndHref  string
	Form     AgendaForm
	Columns  bool // the team's columns
	EmptyFor string
}

// AgendaRow is one item.
type AgendaRow struct {
	ID, Title, Clock, Minutes string
	Lead                      string
	Regime                    models.Regime // RegimeNone where the room's rule holds
	Current, Done             bool
	EditHref                  string
	MoveHref                  string
	DeleteHref                string
	StartHref                 string // empty where it cannot be started
	First, Last               bool
}

// AgendaForm adds or changes an item.
type AgendaForm struct {
	Title, Action, Submit string
	CancelHref            string
	Errors                map[string]string
	Name, Minutes         string
	Regime, Lead, Seen    string
	Reviewed              bool
	RuleLocked            bool
	AskEarlier, Earlier   bool // offers to raise what was said before too
	Rules                 []ui.Option
	Leads                 []ui.Option
}

// AgendaItemPage changes one item.
type AgendaItemPage struct {
	WorkspacePage
	Form AgendaForm
}

// ActivityPage is what was done in a roundtable.
type ActivityPage struct {
	WorkspacePage
	Undos     []UndoRow
	Days      []ActivityDay
	FirstHref string
	NextHref  string

	// FilterHref is where the filter is sent, Account and Kind what is chosen.
	FilterHref, Account, Kind string
	Accounts, Kinds           []ui.Option
	Filtered                  bool
}

// UndoRow is one act that can be taken back.
type UndoRow struct{ Label, When, Action string }

// ActivityDay is one day of activity.
type ActivityDay struct {
	ID, Name string
	Lines    []ui.LogLine
}

// leftOut names what the public page leaves out.
func (p OverviewPage) leftOut() string {
	switch {
	case len(p.Questions) == 0:
		return "The objectives are"
	case p.Objectives == "":
		return "The key questions are"
	}
	return "The objectives and the key questions are"
}

package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// RoundtablesPage is the list of roundtables.
type RoundtablesPage struct {
	Page
	RoundtableFilters
	Groups     []RoundtableGroup
	CanCreate  bool
	Filtered   bool   // a filter is on: an empty list says so
	FirstHref  string // to the first page, on a later one
	NextHref   string
	ClearHref  string
	EmptyTitle string
	EmptyText  string
}

// RoundtableFilters are what list and calendar are filtered by.
type RoundtableFilters struct {
	Action  string // where the form leads
	Query   string
	When    []ui.SegmentItem // empty in the calendar
	WhenKey string
	Views   []ui.SegmentItem
	Month   string // of the calendar, kept while filtering
	Series  string
	Stage   string
	Sector  string
	Mine    bool
	Staff   bool // filters that need a team are offered

	SeriesOptions, StageOptions, SectorOptions []ui.Option
}

// RoundtableGroup is a month of the list.
type RoundtableGroup struct {
	Name string
	Rows []RoundtableRow
}

// RoundtableRow is one roundtable of the list.
type RoundtableRow struct {
	Href, Title, Series  string
	Day, Clock           string // "Thu 22", "9:00 AM EDT"
	Place                string
	Private              bool
	Regime               models.Regime
	Seats                string // "22 of 24", empty where the viewer may not know
	SeatsN, SeatsOf      int
	Insights             string
	StageKind, StageWord string
	Lead                 Face
}

// CalendarPage is a month of roundtables.
type CalendarPage struct {
	Page
	RoundtableFilters
	Title              string // "October 2026"
	PrevHref, PrevName string
	NextHref, NextName string
	TodayHref          string
	Weeks              [][]CalendarDay
	CanCreate          bool
	Count              string // "3 roundtables this month"
}

// CalendarDay is one day of a month.
type CalendarDay struct {
	Label   string // "27", or "Oct 1"
	Spoken  string // "Thursday, October 1"
	Out     bool   // of another month
	Today   bool
	Entries []CalendarEntry
}

// CalendarEntry is a roundtable or a deadline on a day.
type CalendarEntry struct {
	Href, Label, Note string
	Deadline          bool
	Cancelled         bool
}

// RoundtableForm makes or changes a roundtable. Values are what was typed.
type RoundtableForm struct {
	Page
	Heading    string
	Crumbs     []ui.Crumb
	Action     string
	CancelHref string
	Errors     map[string]string
	Values     RoundtableValues
	// Scheduled: a change now reaches the guests.
	Scheduled bool
	// Draft: the form may schedule at once.
	Draft bool
	// LeadOnly: the rule is shown but not the viewer's to set.
	RuleLocked    bool
	RuleNote      string
	SeriesOptions []ui.Option
	Zones         []string
	OwnZone       string // "Berlin: 15:00–17:30" of a saved time, may be empty
	StaffFloor    string // "3 people from 2 organizations"
	PublicFloor   string
	// Proposed are people whom a new roundtable could hear.
	Proposed []ui.Option
}

// RoundtableValues are the form's fields as they were typed.
type RoundtableValues struct {
	Title, Objectives, KeyQuestions, Series string
	Date, Start, End, Zone, Twice           string
	Place, Room, Link                       string
	DeadlineDate, DeadlineTime              string
	Visibility, Regime, Capacity            string
	AutoPromote, ObserverSeats, Silent      bool
	StaffK, StaffL, PublicK, PublicL        string
	Hear                                    string   // the sectors of the proposed guests, with commas
	People                                  []string // those who are chosen
	Revision                                string
}

// roundtableFields is the order of the form, for the summary of errors.
var roundtableFields = []string{
	"title", "objectives", "key_questions", "series", "date", "start", "end", "twice", "zone", "place", "room", "link",
	"regime", "private", "capacity", "deadline_date", "deadline_time", "staff_k", "staff_l", "public_k", "public_l",
}

// regimeOptions offers the five rules with what each means to a guest.
func regimeOptions() []ui.Option {
	var out []ui.Option
	for _, r := range models.Regimes {
		out = append(out, ui.Option{Value: r.Key(), Hint: r.GuestSentence()})
	}
	return out
}

// CancelPage asks why a roundtable is called off.
type CancelPage struct {
	WorkspacePage
	Action string
	Reason string
	Errors map[string]string
	Effect string // what the guests will get
}

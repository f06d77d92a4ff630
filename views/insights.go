package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// InsightsPage is the explorer: filters, a list, and one insight beside it.
type InsightsPage struct {
	Page
	Find       FindForm
	List       InsightList
	ExportHref string
	BriefHref  string // empty where the account writes none, or nothing is chosen
}

// FindForm is what a list of insights is narrowed down by.
type FindForm struct {
	Action    string // where the form leads
	Query     string
	Best      bool // sorted by best match
	Facets    []FacetBox
	Since     string // 2026-09
	Until     string
	Also      []string // what must hold beside, as the address has it
	Chosen    string   // "Clear 4", empty where nothing is chosen
	ClearHref string
}

// FacetBox is one facet with its values.
type FacetBox struct {
	Name, Param string
	Open        bool
	Note        string // such as "of the newest 1,000"
	Options     []FacetOption
}

// FacetOption is one value of a facet.
type FacetOption struct {
	ID, Value, Label, Count string
	On                      bool
	Pillar                  models.Pillar
	Sector                  models.Sector
	Mark                    bool // a sector's mark stands before the label
}

// InsightList is a page of insights with what can be done to them.
type InsightList struct {
	Count      string // "92 insights"
	From       string // "from 9 roundtables"
	Chips      []Chip
	Rows       []InsightRow
	Prev, Next string
	EmptyTitle string
	EmptyText  string
	EmptyHref  string // the closest filter that finds something
	EmptyLink  string
	Bulk       BulkActs
	Panel      bool // rows open beside the list
}

// Chip is a filter that is on.
type Chip struct{ Label, HrefWithout string }

// InsightRow is one insight of a list.
type InsightRow struct {
	ID, Href, EditHref string
	Segments           []models.Segment
	Mask               int
	Kind               models.Kind
	Who                string
	Sector             models.Sector
	HasSector          bool
	Regime             models.Regime
	Fronts, Forums     []string
	Tags               []string
	Day, DayISO        string
	State              string // empty where it goes without saying
	Pick               bool
	Label              string // names the row
}

// BulkActs are what the viewer may do to chosen insights.
type BulkActs struct {
	Action, Next         string
	Tag, Review, Release bool
	Theme                bool // put into a theme
	// Actions are the strategic ones.
	Actions, Fronts, Forums, Tagged []ui.Option
}

// Any reports whether anything can be done.
func (b BulkActs) Any() bool { return b.Tag || b.Review || b.Release || b.Theme }

// InsightPage is one insight with its record.
type InsightPage struct {
	Page
	ID               string
	Href, Back, Edit string // empty where there is none
	State            string
	Text             string
	Regime           models.Regime
	RuleNote         string
	Pillars          []PillarButton
	CanTag           bool
	Facts            []ui.Fact
	Tags             []ui.Option // those it carries, by code
	NewTags          []ui.Option // those that can be added
	Bulk             BulkActs
	Note             string // what stands in the way of its release
	// Parts is the text cut at what the leak lint found in it; Findings lists
	// all that is open. Both are the team's alone.
	Parts       []TextPart
	Findings    []FindingRow
	ReviewDo    string // the next state's act, empty where there is none
	ReviewLabel string
	BackDo      string // one state back
	BackLabel   string
	History     []ui.LogLine
	Strike      string // where it is struck, empty for who may not
	Trail       TrailPart
}

// PillarButton switches one pillar of an insight.
type PillarButton struct {
	Pillar models.Pillar
	On     bool
}

// RoundtableInsightsPage is the list of insights of one roundtable.
type RoundtableInsightsPage struct {
	WorkspacePage
	Query, Action string
	States        []ui.SegmentItem
	Kept          [][2]string // parameters that stay while searching
	List          InsightList
	ExportHref    string
	BriefHref     string
	ExploreHref   string
	Note          string // what stands in the way of releasing
}

// ExportPage is the form for an export of insights.
type ExportPage struct {
	Page
	Audience   string
	Audiences  []ui.Option
	Roundtable string
	Rooms      []ui.Option
	Sentence   string
	Total      string
	Rules      []ExportLine
	Columns    string
	Error      string
	Formats    []ui.Option
	Format     string
	FormatName string
	CSV        bool
	// Document: the file is for reading, and Groups are its headings.
	Document bool
	Groups   []ui.Option
	Group    string
	// Filter is the filter as an address holds it, Filtered the list it leads to.
	Filter   string
	Filtered string
}

// ExportLine says what the file tells of the speakers under one rule.
type ExportLine struct {
	Regime models.Regime
	Count  string
	Words  string
}

func (p InsightPage) noPillar() bool {
	for _, b := range p.Pillars {
		if b.On {
			return false
		}
	}
	return true
}

func pillarDigit(p models.Pillar) string { return "12345"[p-1 : p] }

func dayAfter(day string) string {
	if day == "" {
		return ""
	}
	return ", " + day
}

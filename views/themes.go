package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// ThemesPage lists themes.
type ThemesPage struct {
	Page
	Faces           []ui.SegmentItem // list and board
	Filter          ThemeFilterForm
	Rows            []ThemeRow
	First, Next     string
	CanWrite        bool
	Archived        bool
	EmptyT, EmptyTx string
}

// ThemeFilterForm narrows themes down.
type ThemeFilterForm struct {
	Action                 string
	Series, Owner, Pillar  string
	SeriesList, OwnerList  []ui.Option
	PillarList             []ui.Option
	Archived               bool
	Query                  string // of insights that wait, on the board
	Clear                  string // empty where nothing is chosen
	ArchivedHref, Archives string
}

// ThemeRow is one theme of the list.
type ThemeRow struct {
	Href, Statement string
	Sub             string // series and owner
	Mask            int
	Counts          []string // "9 support", "2 qualify"
	Rooms           string   // "3 roundtables"
	Judgment        string   // "Likely, moderate confidence"
	Open            string   // what is missing before it can be used
}

// ThemePage is one theme.
type ThemePage struct {
	Page
	Statement, Sub string
	Mask           int
	Judgment       string
	Archived       bool
	CanWrite       bool
	EditHref       string
	ArchiveAction  string
	AddHref        string
	Missing        string // why it may not be used yet
	Action         string // where the list of insights is changed
	Groups         []ThemeGroup
	Empty          bool
	Dissent, Basis string
	Gaps, Memo     string
	Rooms          []ThemeRoomLine
	Heard          []ThemeHeard
	Unheard        []models.Sector
	Facts          []ui.Fact
	History        []ui.LogLine
	// Leaks are what the leak lint found, marked at the word: for who may know.
	Leaks    []models.BriefFinding
	Findings []FindingRow
}

// ThemeGroup is the insights of a theme in one relation to it.
type ThemeGroup struct {
	ID, Title, Note string
	Against         bool
	Rows            []InsightRow
}

// ThemeRoomLine is a roundtable that a theme was heard at.
type ThemeRoomLine struct{ Href, Title, Day, Count string }

// ThemeHeard is from whom a theme was heard.
type ThemeHeard struct {
	Sector models.Sector
	Name   string
}

// ThemeForm writes or changes a theme.
type ThemeForm struct {
	Page
	Heading, Action, CancelHref       string
	Revision                          string
	Statement, Basis, Dissent         string
	Gaps, Memo                        string
	Series, Owner                     string
	Likelihood, Confidence            string
	SeriesList, OwnerList             []ui.Option
	LikelihoodList, ConfidenceList    []ui.Option
	NoDissent                         bool
	Insights                          []string // ids that go in at once
	InsightsNote                      string
	Theirs, TheirDissent, TheirEditor string // what somebody else wrote meanwhile
	Errors                            map[string]string
}

// ThemeAddPage puts chosen insights into a theme.
type ThemeAddPage struct {
	Page
	Next      string
	Rows      []InsightRow
	Themes    []ui.Option
	Theme     string
	Statement string
	Relation  string
	Relations []ui.Option
	Private   bool // some come from a private roundtable
	Errors    map[string]string
}

// ThemeFindPage looks for insights to put into one theme.
type ThemeFindPage struct {
	Page
	Statement, Href, Action string
	Query                   string
	Rows                    []InsightRow
	Prev, Next              string
	Relations               []ui.Option
	Self                    string // this page with its query
}

// ThemeBoardPage is the synthesis board.
type ThemeBoardPage struct {
	Page
	Faces       []ui.SegmentItem
	Filter      ThemeFilterForm
	CanWrite    bool
	Self        string
	Unsorted    BoardColumn
	More        string // the next page of what waits
	Columns     []BoardColumn
	First, Next string
	Themes      []ui.Option // where a card can go
}

// BoardColumn is one theme on the board, or what waits.
type BoardColumn struct {
	ID, Href, Title, Count string
	Cards                  []BoardCard
	Hidden                 string // "12 more on its page"
	None                   string // what stands in place of cards
}

// BoardCard is one insight on the board.
type BoardCard struct {
	Pick     string // insight and theme
	Relation string // empty where it supports
	InsightRow
}

// TrailPart is what became of an insight.
type TrailPart struct {
	Shown           bool
	Themes          []TrailLine
	Recommendations []TrailLine
	Publications    []TrailLine
	AddHref         string // empty where the viewer may not
}

// TrailLine is one step of the trail.
type TrailLine struct{ Href, Text, Note string }

func (t TrailPart) none() bool {
	return len(t.Themes)+len(t.Recommendations)+len(t.Publications) == 0
}

// text is the insight's words without marks of a search.
func (r InsightRow) text() string {
	out := ""
	for _, s := range r.Segments {
		out += s.Text
	}
	return out
}

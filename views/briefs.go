package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// BriefsPage lists briefs.
type BriefsPage struct {
	Page
	CanWrite bool
	Rows     []BriefLine
}

// BriefLine is one brief of the list.
type BriefLine struct {
	Href, Title, From, State, Stage, Who string
	PublicHref                           string // where it is published
	Warn                                 string // that a rule was raised since
	Pillars                              int    // mask
}

// BriefNewPage begins a brief.
type BriefNewPage struct {
	Page
	Title, Scope, Roundtable, Series, Filter string
	Rooms, SeriesOptions                     []ui.Option
	Errors                                   map[string]string
}

// BriefPage is a brief as its readers see it.
type BriefPage struct {
	Page
	ID           models.ID
	Title        string
	Stage, State string
	From, Saved  string
	Body         BriefBody
	Obstacles    []models.BriefObstacle
	Findings     []FindingRow // of the leak lint
	TeamLooks    bool         // the findings are for the team alone
	// Changed is what differs from the newest published version.
	Changed             []models.DiffPart
	Themes, Recommended []TrailLine // what it is built on
	Manifest            []ui.Fact   // of the newest published version
	Reviews             []BriefReviewLine
	Comments            []BriefCommentLine
	History             []BriefCommentLine
	Colleagues          []ui.Option
	Facts               []ui.Fact
	Revision            string
	PublicHref          string
	// WordHref and PrintHref lead to the files as they would be published now;
	// Missing are the characters that the PDF cannot print.
	WordHref, PrintHref, DataHref, Missing string
	Violated                               bool
	Private                                bool
	Correction                             bool // it was published before
	AskedToRead                            bool
	CanEdit                                bool
	CanSubmit                              bool
	CanApprove                             bool
	CanPublish                             bool
	CanWithdraw                            bool
	CanComment                             bool
	ApprovalMissed                         string // why the viewer cannot approve
	// Typed is what a form of the page said that was refused; NotSaved the same
	// where that form is gone.
	Typed    BriefTyped
	NotSaved *NotSaved
}

// BriefTyped is what was typed into one of the forms of a brief's page, Part,
// and why it was refused.
type BriefTyped struct {
	Part                     string // "comment", "publish", "withdraw", "review", "approve"
	Note, Why, Passage, Text string
	Account                  string
	Errors                   map[string]string
}

// errors returns what was wrong in the form, if this is it.
func (t BriefTyped) errors(part string) map[string]string {
	if t.Part != part {
		return nil
	}
	return t.Errors
}

// BriefReviewLine is a named reader.
type BriefReviewLine struct {
	Name, When string
	Done       bool
}

// BriefCommentLine is a comment, or a revision.
type BriefCommentLine struct {
	Name, When, Passage, Text string
	ResolveHref               string
	Resolved                  bool
}

// BriefBody is what is typed, with what its citations stand for.
type BriefBody struct {
	models.BriefText
	Cited map[models.ID]Citation
	// Leaks are what the leak lint found, marked at the word.
	Leaks []models.BriefFinding
}

// BriefEditPage is where a brief is written.
type BriefEditPage struct {
	Page
	ID              models.ID
	Text            models.BriefText
	Revision        string
	Errors          map[string]string
	Conflict        *models.BriefText // what a colleague saved meanwhile
	Body            BriefBody
	Themes, Recs    []BriefOption
	Insights        BriefInsights
	PrivateReminder bool
}

// BriefOption is a theme or a recommendation that can be chosen. Place is its
// number in the order, empty where it is not chosen.
type BriefOption struct {
	Name, Text, Place string
}

// BriefInsights is the column of insights to cite.
type BriefInsights struct {
	ID    models.ID
	Query string
	Total string
	Rows  []BriefCite
}

// BriefCite is one insight to cite.
type BriefCite struct {
	Mark, Text, By, Note, Href string
}

// PublicBriefPage is a published brief, for everybody.
type PublicBriefPage struct {
	Frame PublicFrame // its name, logo and colour are those of today
	Page
	Content  models.BriefContent
	Cited    map[models.ID]Citation
	Day      string // of publication, in words
	Address  string // the absolute address of this version
	Citation string
	DataHref string
	Pillars  []models.Pillar
	Older    []BriefVersionLink
	// Changed is what differs from the version before, Before its number.
	Changed     []models.DiffPart
	Before      string
	NewerHref   string // where this is not the newest version
	Description string
	Schema      any
	Meetings    []PublicMeeting
	Method      []string
	DOCX, PDF   string
}

// BriefVersionLink leads to another version.
type BriefVersionLink struct{ Href, Words string }

// PublicMeeting is a roundtable of a published brief.
type PublicMeeting struct {
	models.BriefMeeting
	Day    string
	Regime models.Regime
}

// WithdrawnBriefPage stands where a brief was.
type WithdrawnBriefPage struct {
	Page
	Title, Day, Why string
	// NewerHref leads to the version that stands in its place, where it was not
	// the whole brief that was withdrawn.
	NewerHref string
}

// briefPlaces says under which theme of a publication each insight is listed
// first; zero for those that are only cited.
func briefPlaces(c models.BriefContent) map[models.ID]models.ID {
	out := map[models.ID]models.ID{}
	for _, t := range c.Themes {
		for _, i := range t.Insights {
			if _, ok := out[i.ID]; !ok {
				out[i.ID] = t.ID
			}
		}
	}
	return out
}

// citedAlone lists what is cited and stands under no theme.
func citedAlone(c models.BriefContent) []models.BriefInsight {
	places := briefPlaces(c)
	var out []models.BriefInsight
	for _, i := range c.Cited {
		if _, ok := places[i.ID]; !ok {
			out = append(out, i)
		}
	}
	return out
}

// verdictClass is the style of a verdict.
func verdictClass(key string) string { return "verdict verdict--" + key }

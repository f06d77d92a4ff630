package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// PublicFrame is what the frame around every public page shows. Public pages
// know no session and set no cookie: every reader gets the same bytes.
type PublicFrame struct {
	Title       string
	Description string
	Address     string // of the page, whole, for search engines and other sites
	Kind        string // for other sites: "website" or "article"
	Institute   string
	Short       string
	Contact     string
	Logo        string
	Picture     string // the whole address of the logo, for other sites; empty is none
	Accent      string // the version of the institute's colour; empty is the program's own
	Current     string // "roundtables", "briefs" or "method"
	Scripts     []string
	Failed      bool
	Schema      map[string]any // schema.org data, or none
}

func (p PublicFrame) windowTitle() string {
	title := p.Title + " · " + p.Institute
	if p.Failed {
		return "Error: " + title
	}
	return title
}

// PublicMethodPage says how the institute works. A sector is named from that
// many people of that many organizations on.
type PublicMethodPage struct {
	PublicFrame
	People, Organizations int
}

// PublicListPage is the list of public roundtables.
type PublicListPage struct {
	PublicFrame
	Query    string
	Upcoming []PublicLine
	Past     []PublicPast
	NextHref string
	Older    bool // a later page of the past: what is ahead stands on the first
	FeedHref string
}

// PublicLine is a roundtable ahead.
type PublicLine struct {
	Href, Title, Series, Place string
	Month, Day, Weekday, Clock string
	ISO                        string
	Regime                     models.Regime
	Cancelled, Open            bool
}

// PublicPast is a roundtable that is over.
type PublicPast struct{ Href, Title, Day, BriefHref string }

// PublicBriefsPage is the list of published briefs.
type PublicBriefsPage struct {
	PublicFrame
	Query    string
	Lines    []PublicBriefLine
	NextHref string
	Older    bool
	FeedHref string
}

// PublicBriefLine is a published brief.
type PublicBriefLine struct {
	Href, Title, BottomLine, Day string
	Version                      int
}

// PublicRoomPage is a public roundtable.
type PublicRoomPage struct {
	PublicFrame
	Series               string
	Notice               string // what stands in the way of coming: called off, over
	Objectives           []string
	Questions            []string
	Agenda               []models.AgendaItem
	When, Institutes     string // in the roundtable's zone, and in the institute's where that differs
	StartISO, EndISO     string
	Zone, Place          string
	Regime               models.Regime
	Rule                 string
	Cohosts              []string
	EventHref, BriefHref string
	Request              *PublicRequest // nil where nobody can ask
}

// PublicRequest is the form with which somebody asks to be invited.
type PublicRequest struct {
	Action  string
	Stamp   string
	Form    PublicRequestForm
	Sectors []ui.Option
	Errors  map[string]string
}

// PublicRequestForm holds what was typed, under the form's names.
type PublicRequestForm struct {
	Name         string `form:"full_name"`
	Email        string `form:"email"`
	Position     string `form:"position"`
	Organisation string `form:"organisation"`
	Sector       string `form:"sector"`
	Why          string `form:"why"`
	Website      string `form:"website"`
	Stamp        string `form:"stamp"`
}

// PublicRequestedPage says that a request has come.
type PublicRequestedPage struct {
	PublicFrame
	Back string
}

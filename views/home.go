package views

import (
	"strings"

	"rotunda/models"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// HomePage is an account's first page.
type HomePage struct {
	Page
	Day, Sub string // "Thursday, October 8"; what is going on, in a sentence
	// CanCreate and CanSearch show the two buttons of the head.
	CanCreate, CanSearch bool
	Live                 []HomeLive
	Needs                []HomeNeed
	Next                 []HomeRoom
	AllRooms             string // the words of the link to all of them; empty shows none
	Coverage             *HomeCoverage
	// Fresh: there is nothing yet; Cohost: the reader belongs to a partner.
	Fresh, Cohost bool
	// Example offers to remove the example programme.
	Example bool
	// SetUp leads to the settings, for who may change them.
	SetUp bool
}

// HomeLive is a roundtable in session.
type HomeLive struct {
	Title, Href       string
	When, Insights    string
	Action, ActionURL string
}

// HomeNeed is work that waits.
type HomeNeed struct {
	Count, Title       string
	Room, RoomHref     string
	Text, Due          string
	Late               bool
	Icon, Action, Href string
}

// HomeRoom is a roundtable ahead.
type HomeRoom struct {
	Month, Day, Weekday string // empty while no date is set
	Title, Href         string
	Line                string
	Seated, Seats       int // both zero show no bar
	BarLabel            string
}

// HomeCoverage is the table of pillars and sectors.
type HomeCoverage struct {
	Finding, Note string
	Heat          ui.Heat
	Gaps          []ui.Gap
	MoreGaps      string
	GapNote       string
	AllHref       string
	Empty         bool
}

// NewHomePage writes what Home tells as words. v is who reads it.
func NewHomePage(p Page, h models.Home, v models.Viewer) HomePage {
	out := HomePage{
		Page: p, Day: homeDay(h), Cohost: v.Role() == models.RoleCohost, Fresh: h.Fresh, Example: h.Example,
		CanCreate: models.Can(v, models.CreateRoundtable), CanSearch: models.Can(v, models.ReadAsStaff),
		SetUp: models.Can(v, models.ManageSettings),
	}
	for _, live := range h.Live {
		out.Live = append(out.Live, homeLive(live, h.Now, v))
	}
	for _, e := range h.Evaluations {
		out.Needs = append(out.Needs, homeEvaluation(e, h))
	}
	for _, n := range h.Needs {
		out.Needs = append(out.Needs, homeNeed(n, h.Now))
	}
	out.Sub = homeSub(h, len(out.Needs))
	for _, line := range h.Next {
		out.Next = append(out.Next, homeRoom(line))
	}
	if !h.Fresh {
		out.AllRooms = "All roundtables"
	}
	if models.Can(v, models.ReadAsStaff) && !h.Fresh {
		out.Coverage = homeCoverage(h.Coverage, out.CanCreate)
	}
	return out
}

// homeEvaluation is a recommendation that the reader has not evaluated yet.
func homeEvaluation(e models.OwnEvaluation, h models.Home) HomeNeed {
	href := urls.Recommendation(e.Recommendation)
	return HomeNeed{
		Count: "1", Title: "Recommendation to evaluate", Room: e.Title, RoomHref: href, Due: "due " + models.FormatDay(e.Due, h.Zone), Late: e.Due <= h.Now,
		Icon: "scale", Action: "Score", Href: href + "#yours",
	}
}

func homeDay(h models.Home) string {
	loc, err := models.Zone(h.Zone)
	if err != nil {
		return "Home"
	}
	return h.Now.In(loc).Format("Monday, January 2")
}

func homeSub(h models.Home, needs int) string {
	var parts []string
	switch n := len(h.Live); {
	case n == 1:
		parts = append(parts, "One roundtable is in session.")
	case n > 1:
		parts = append(parts, numberWord(n)+" roundtables are in session.")
	}
	switch n := needs; {
	case n == 1:
		parts = append(parts, "One thing needs you.")
	case n > 1:
		parts = append(parts, numberWord(n)+" things need you.")
	case !h.Fresh:
		parts = append(parts, "Nothing waits for you.")
	}
	return strings.Join(parts, " ")
}

var smallNumbers = []string{"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"}

func numberWord(n int) string {
	if n < len(smallNumbers) {
		return smallNumbers[n]
	}
	return ui.Thousands(n)
}

func homeLive(live models.LiveRoom, now models.Instant, v models.Viewer) HomeLive {
	out := HomeLive{Title: live.Title, Href: urls.Roundtable(live.ID)}
	began := live.Started
	if began == 0 {
		began = live.Starts
	}
	out.When = minutesWords(int((now-began)/60_000)) + " in"
	if live.Items > 0 && live.Item > 0 {
		out.When = "Item " + ui.Thousands(live.Item) + " of " + ui.Thousands(live.Items) + ", " + out.When
	}
	if live.IsTeam() {
		out.Insights = ui.Count(live.Insights, "insight", "insights")
	}
	if models.CanIn(v, models.CaptureInsight, live.ID) {
		out.Action, out.ActionURL = "Open capture", urls.Capture(live.ID)
	} else {
		out.Action, out.ActionURL = "Open", urls.Roundtable(live.ID)
	}
	return out
}

func minutesWords(n int) string {
	n = max(n, 0)
	if n < 60 {
		return ui.Count(n, "minute", "minutes")
	}
	words := ui.Thousands(n/60) + " h"
	if n%60 > 0 {
		words += " " + ui.Thousands(n%60) + " min"
	}
	return words
}

// homeNeeds says each sort of work: one, many, its button and where it leads.
var homeNeedWords = map[models.NeedKind]struct {
	one, many, icon, action string
	href                    func(models.ID) string
}{
	models.NeedSetUp:      {"Finish setting up", "Finish setting up", "settings", "Open settings", func(models.ID) string { return urls.InstitutePath }},
	models.NeedRapporteur: {"Roundtable has no rapporteur", "Roundtables have no rapporteur", "users", "Choose one", urls.RoundtableTeam},
	models.NeedAnswers:    {"Guest has not answered", "Guests have not answered", "send", "Review and chase", urls.Guests},
	models.NeedSeats:      {"Seat is free for somebody waiting", "Seats are free for guests waiting", "users", "See who waits", urls.Guests},
	models.NeedRequests:   {"Person asks to be invited", "People ask to be invited", "users", "Answer", urls.GuestRequests},
	models.NeedHold:       {"Roundtable is over, but not marked as held", "Roundtables are over, but not marked as held", "", "Mark as held", urls.Roundtable},
	models.NeedPillars:    {"Insight has no pillar", "Insights have no pillar", "tag", "Tag", func(id models.ID) string { return insightsIn(id, models.FacetPillar, models.NoPillar) }},
	models.NeedReview:     {"Insight waits for review", "Insights wait for review", "", "Review", func(id models.ID) string { return insightsIn(id, models.FacetState, models.Captured.Key()) }},
	models.NeedPromises:   {"Commitment is due", "Commitments are due", "", "Follow up", urls.RoomCommitments},
	models.NeedClose:      {"Roundtable was held, but not closed", "Roundtables were held, but not closed", "", "Close it", urls.Roundtable},
}

func homeNeed(n models.Need, now models.Instant) HomeNeed {
	w := homeNeedWords[n.Kind]
	out := HomeNeed{Count: ui.Thousands(n.Count), Title: w.many, Icon: w.icon, Action: w.action, Href: w.href(n.Room)}
	if n.Count == 1 {
		out.Title = w.one
	}
	if n.Kind == models.NeedSetUp {
		out.Text = "Name, time zone, default attribution rule and colleagues."
		return out
	}
	out.Room, out.RoomHref = n.Title, urls.Roundtable(n.Room)
	out.Text = "."
	if n.Others > 0 {
		out.Text = " and " + ui.Count(n.Others, "other roundtable", "others") + "."
	}
	if n.Due != 0 {
		verb := "Begins"
		if n.Kind == models.NeedAnswers {
			verb = "Replies close"
		}
		if n.Due <= now && n.Kind == models.NeedAnswers {
			verb, out.Late = "Replies closed", true
		}
		out.Due = verb + " " + models.RelativeDay(n.Due, now, n.Zone) + "."
	}
	return out
}

func homeRoom(l models.RoundtableLine) HomeRoom {
	out := HomeRoom{Title: l.Title, Href: urls.Roundtable(l.ID)}
	var line []string
	if loc, err := models.Zone(l.Schedule.Zone); err == nil && l.Starts != 0 {
		at := l.Starts.In(loc)
		out.Month, out.Day, out.Weekday = at.Format("Jan"), at.Format("2"), at.Format("Mon")
		line = append(line, models.FormatClock(l.Starts, l.Schedule.Zone))
	} else {
		line = append(line, "No date yet")
	}
	if l.Place != "" {
		line = append(line, l.Place)
	}
	if l.Status == models.Draft {
		line = append(line, "Draft")
	}
	out.Line = strings.Join(line, " · ")
	if l.IsTeam() && l.Capacity > 0 {
		out.Seated, out.Seats = l.Seated, l.Capacity
		out.BarLabel = ui.Thousands(l.Seated) + " attending, " + ui.Thousands(l.Waiting) + " unanswered, " + ui.Thousands(l.Capacity) + " seats"
	}
	return out
}

package handlers

import (
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// The tabs of a roundtable.
const (
	tabOverview = "overview"
	tabGuests   = "guests"
	tabAgenda   = "agenda"
	tabCapture  = "capture"
	tabInsights = "insights"
	tabActivity = "activity"
)

// workspace reads the roundtable of ":id" and fills the frame around one of
// its tabs.
func (s *Server) workspace(c echo.Context, tab string) (views.WorkspacePage, models.Workspace, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return views.WorkspacePage{}, models.Workspace{}, err
	}
	v := web.Viewer(c)
	w, err := s.Store.Workspace(c.Request().Context(), v, id)
	if err != nil {
		return views.WorkspacePage{}, w, err
	}
	page, err := s.Page(c, w.Title, "roundtables")
	return workspaceOf(page, v, w, tab, s.Store.Now()), w, err
}

func workspaceOf(page views.Page, v models.Viewer, w models.Workspace, tab string, now models.Instant) views.WorkspacePage {
	p := views.WorkspacePage{
		Page: page, Name: w.Title, SeriesName: w.SeriesName, Place: placeOf(w.Roundtable),
		When: "No date yet", Regime: w.Regime, RuleWords: ruleWords(w.Regime), Private: w.Private,
	}
	if w.Series != 0 && models.Can(v, models.ReadAsStaff) {
		p.SeriesHref = urls.Series(w.Series)
	} else {
		p.SeriesName = ""
	}
	if w.Starts != 0 {
		p.When = models.FormatSpan(w.Starts, w.Ends, w.Schedule.Zone)
		p.WhenISO = w.Starts.Time().Format(time.RFC3339)
		p.WhenOwn = models.FormatSpanFor(w.Starts, w.Ends, w.Schedule.Zone, v.Zone())
	}
	p.StageKind, p.StageWord = stageOf(w.Roundtable, now)
	if leads := w.Leads(); len(leads) > 0 {
		p.Led = "Led by " + strings.Join(leads, ", ")
	}
	for _, m := range w.Members {
		p.Team = append(p.Team, views.FaceOf(m.Name))
	}
	if w.Status == models.Cancelled && w.CancelReason != "" {
		p.Banner = "Canceled: " + w.CancelReason
	}
	p.Tabs = workspaceTabs(v, w, tab)
	p.CaptureHref, p.Primary, p.Menu = workspaceActs(v, w, now)
	if tab == tabCapture {
		p.CaptureHref = ""
	}
	return p
}

func placeOf(r models.Roundtable) string {
	if r.Room != "" && r.Place != "" {
		return r.Room + ", " + r.Place
	}
	return r.Room + r.Place
}

// ruleWords says what a rule means, to staff.
func ruleWords(r models.Regime) []string {
	out := []string{r.GuestSentence(), "Others read: " + r.Outside() + "."}
	if r == models.ChathamHouse {
		out = append(out, models.ChathamHouseRule)
	}
	return out
}

// stageKinds are the looks of ui.Stage.
var stageKinds = map[models.Stage]string{
	models.StageDraft: "draft", models.StageScheduled: "inviting", models.StageInSession: "live",
	models.StageHeld: "writing", models.StageClosed: "closed", models.StageCancelled: "closed",
}

func stageOf(r models.Roundtable, now models.Instant) (kind, word string) {
	stage := r.Stage(now)
	return stageKinds[stage], stage.Name()
}

// workspaceTabs are the pages of a roundtable that the viewer may enter.
func workspaceTabs(v models.Viewer, w models.Workspace, tab string) []ui.TabItem {
	count := func(n int) string {
		if !w.IsTeam() {
			return ""
		}
		return strconv.Itoa(n)
	}
	items := []ui.TabItem{{Label: "Overview", Href: urls.Roundtable(w.ID), Current: tab == tabOverview}}
	add := func(may bool, key, label, href, n string) {
		if may {
			items = append(items, ui.TabItem{Label: label, Href: href, Count: n, Current: tab == key})
		}
	}
	add(w.IsTeam() || models.CanIn(v, models.ProposeGuests, w.ID), tabGuests, "Guests", urls.Guests(w.ID), count(w.Guests))
	add(true, tabAgenda, "Agenda", urls.Agenda(w.ID), count(w.Items))
	add(models.CanIn(v, models.CaptureInsight, w.ID), tabCapture, "Capture", urls.Capture(w.ID), "")
	add(true, tabInsights, "Insights", urls.RoundtableInsights(w.ID), count(w.Insights))
	add(w.IsTeam(), tabActivity, "Activity", urls.Activity(w.ID), "")
	return items
}

// workspaceActs are the buttons of a roundtable: what comes next as the
// primary one, the rest in the menu.
func workspaceActs(v models.Viewer, w models.Workspace, now models.Instant) (capture string, primary views.WorkspaceAct, menu []views.WorkspaceAct) {
	may := func(r models.Right) bool { return models.CanIn(v, r, w.ID) }
	stage := w.Stage(now)
	edit := may(models.EditRoundtable)
	if may(models.CaptureInsight) && (stage == models.StageInSession || stage == models.StageHeld) {
		capture = urls.Capture(w.ID)
	}
	post := func(label, href, icon string) views.WorkspaceAct {
		return views.WorkspaceAct{Label: label, Href: href, Icon: icon, Posts: true}
	}
	switch {
	case stage == models.StageDraft && edit:
		primary = post("Schedule", urls.RoundtableSchedule(w.ID), "calendar-plus")
	case stage == models.StageScheduled && w.Over(now) && edit:
		primary = post("Mark as held", urls.RoundtableHold(w.ID), "check")
	case stage == models.StageInSession && w.Started == 0 && may(models.CaptureInsight):
		primary = post("Start session", urls.RoundtableStart(w.ID), "play")
	case stage == models.StageInSession && may(models.CaptureInsight):
		primary = post("End session", urls.RoundtableFinish(w.ID), "pause")
	case stage == models.StageScheduled && may(models.Invite):
		primary = views.WorkspaceAct{Label: "Invite guests", Href: urls.Guests(w.ID), Icon: "send"}
	case stage == models.StageHeld && may(models.ReleaseInsight):
		primary = post("Close roundtable", urls.RoundtableClose(w.ID), "check")
	case stage == models.StageCancelled && edit:
		primary = post("Put back on", urls.RoundtableUncancel(w.ID), "rotate-ccw")
	}
	add := func(ok bool, a views.WorkspaceAct) {
		if ok {
			menu = append(menu, a)
		}
	}
	add(edit, views.WorkspaceAct{Label: "Edit", Href: urls.RoundtableEdit(w.ID), Icon: "pencil"})
	add(w.IsTeam(), views.WorkspaceAct{Label: "Team", Href: urls.RoundtableTeam(w.ID), Icon: "users"})
	add(w.IsTeam(), views.WorkspaceAct{Label: "Co-hosts", Href: urls.RoundtableCohosts(w.ID), Icon: "building-2"})
	add(edit, views.WorkspaceAct{Label: "Sector targets", Href: urls.RoundtableTargets(w.ID), Icon: "gauge"})
	add(stage == models.StageScheduled && !w.Over(now) && may(models.CaptureInsight), post("Start session now", urls.RoundtableStart(w.ID), "play"))
	add(w.IsTeam() && models.Can(v, models.CreateRoundtable), post("Duplicate", urls.RoundtableDuplicate(w.ID), "copy"))
	add(!w.IsTeam() && models.Can(v, models.JoinTeams), post("Join the team", urls.RoundtableJoin(w.ID), "user-plus"))
	add((stage == models.StageDraft || stage == models.StageScheduled) && edit, views.WorkspaceAct{Label: "Cancel roundtable", Href: urls.RoundtableCancel(w.ID), Icon: "circle-x"})
	return capture, primary, menu
}

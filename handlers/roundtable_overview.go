package handlers

import (
	"cmp"
	"fmt"
	"net/http"
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

// roundtable answers GET /roundtables/:id, the overview.
func (s *Server) roundtable(c echo.Context) error {
	frame, w, err := s.workspace(c, tabOverview)
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	p := views.OverviewPage{
		WorkspacePage: frame, InTeam: w.IsTeam(), Questions: w.Questions(), Objectives: w.Objectives, About: aboutFacts(w, s.Store.Now()),
	}
	if models.CanIn(v, models.EditRoundtable, w.ID) {
		p.EditHref, p.TargetsHref = urls.RoundtableEdit(w.ID), urls.RoundtableTargets(w.ID)
	}
	if !w.IsTeam() {
		items, err := s.Store.Agenda(ctx, v, w.ID)
		if err != nil {
			return err
		}
		p.Agenda = agendaRows(w, items, false, false)
		return web.Render(c, http.StatusOK, views.Overview(p))
	}
	withheld, err := s.Store.WithheldFromPublic(ctx, v, w.ID)
	if err != nil {
		return err
	}
	p.Withheld = findingRows("", withheld)
	o, err := s.Store.Overview(ctx, v, w.ID)
	if err != nil {
		return err
	}
	lately, err := s.Store.Activity(ctx, v, w.ID, models.ActivityFilter{})
	if err != nil {
		return err
	}
	fillOverview(&p, w, o, s.Store.Now())
	promised, err := s.Store.Commitments(ctx, v, w.ID)
	if err != nil {
		return err
	}
	p.PromisesHref = urls.RoomCommitments(w.ID)
	for _, r := range commitmentRows(promised, s.Store.Now()) {
		if r.Open {
			p.Promises = append(p.Promises, r)
		}
	}
	p.PromisesTitle = ui.Count(len(p.Promises), "open commitment", "open commitments")
	p.Promises = p.Promises[:min(len(p.Promises), 3)]
	p.ActivityHref = urls.Activity(w.ID)
	for _, a := range lately.Lines[:min(len(lately.Lines), 5)] {
		p.Recent = append(p.Recent, logLine(a, zoneFor(v, w), models.RelativeDay(a.At, s.Store.Now(), zoneFor(v, w))))
	}
	return web.Render(c, http.StatusOK, views.Overview(p))
}

// zoneFor is the zone in which the viewer reads what happened: the own one,
// else the room's.
func zoneFor(v models.Viewer, w models.Workspace) string {
	if v.Zone() != "" {
		return v.Zone()
	}
	return w.Schedule.Zone
}

func fillOverview(p *views.OverviewPage, w models.Workspace, o models.Overview, now models.Instant) {
	p.GuestsHref = urls.Guests(w.ID)
	p.Milestones = milestones(w, o, now)
	p.Funnel = funnel(w, o.Replies)
	p.BalanceTitle, p.Warnings = models.BalanceTitle(o.Sectors), o.Warnings
	for _, b := range o.Sectors {
		p.Balance = append(p.Balance, balanceRow(b))
	}
	if thin := thinRoom(w, o); thin != "" {
		p.Warnings = append(p.Warnings, thin)
	}
	if w.Status == models.Cancelled { // nothing is left to mend or to do
		p.Warnings = nil
	}
	for _, j := range o.Joined {
		p.Notes = append(p.Notes, j.Name+", an administrator, joined this team on "+models.FormatDay(j.At, w.Schedule.Zone)+".")
	}
	targets := false
	for _, b := range o.Sectors {
		targets = targets || b.Minimum+b.Target+b.Maximum > 0
	}
	done := 0
	for _, line := range w.Tasks(o, targets, now) {
		p.Todo = append(p.Todo, todoItem(w, line))
		if line.Done {
			done++
		}
	}
	p.TodoNote = fmt.Sprintf("%d of %d done", done, len(p.Todo))
}

// thinRoom warns before the meeting that so few people hide each other.
func thinRoom(w models.Workspace, o models.Overview) string {
	seats := w.Capacity
	if seats == 0 || o.Replies.Attending > 0 && w.Status != models.Draft {
		seats = max(o.Replies.Attending+o.Replies.Open, o.Replies.Attending)
	}
	if w.Regime != models.ChathamHouse || seats == 0 || seats >= models.ThinRoom {
		return ""
	}
	return fmt.Sprintf("With %s in the room, partners and the public will read what was said without any attribution, not even a sector.",
		ui.Count(seats, "person", "people"))
}

func funnel(w models.Workspace, r models.Replies) []ui.FunnelStep {
	seats := ""
	if w.Capacity > 0 {
		seats = "of " + ui.Count(w.Capacity, "seat", "seats")
	}
	parts := func(words ...string) string {
		var out []string
		for _, s := range words {
			if s != "" {
				out = append(out, s)
			}
		}
		return strings.Join(out, ", ")
	}
	some := func(n int, word string) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n) + " " + word
	}
	attending := ui.FunnelStep{Label: "Attending", Value: strconv.Itoa(r.Attending), Small: seats, N: r.Attending, Of: max(r.Invited, 1), Note: parts(some(r.Tentative, "tentative"), some(r.Delegates, "send a delegate"))}
	if w.Capacity > 0 {
		attending.Of = w.Capacity
		if over := r.Attending + r.Open - w.Capacity; over > 0 && r.Open > 0 {
			attending.Note = parts(attending.Note, fmt.Sprintf("%d more than seats if all say yes", over))
		}
	}
	return []ui.FunnelStep{
		{Label: "Invited", Value: strconv.Itoa(r.Invited), N: r.Invited, Of: max(r.Listed, 1), Note: some(r.Shortlisted, "on the list, not invited")},
		{Label: "Answered", Value: strconv.Itoa(r.Answered), N: r.Answered, Of: max(r.Invited, 1), Note: parts(some(r.Declined, "declined"), some(r.Open, "unanswered"))},
		attending,
		{Label: "Waiting list", Value: strconv.Itoa(r.Waiting), N: r.Waiting, Of: max(r.Invited, 1)},
	}
}

func balanceRow(b models.SectorBalance) views.BalanceRow {
	row := views.BalanceRow{Sector: b.Sector, Attending: b.Attending, Open: b.Open + b.Likely, Target: b.Wanted(), Gap: b.Gap(), Short: b.Short() > 0, Could: "None"}
	if b.Wanted() > 0 {
		row.Wanted = strconv.Itoa(b.Wanted())
	}
	var could []string
	if b.Open > 0 {
		could = append(could, strconv.Itoa(b.Open)+" unanswered")
	}
	if b.Likely > 0 {
		could = append(could, strconv.Itoa(b.Likely)+" likely")
	}
	if len(could) > 0 {
		row.Could = strings.Join(could, ", ")
	}
	return row
}

// milestones tell how far the roundtable has come.
func milestones(w models.Workspace, o models.Overview, now models.Instant) []ui.Milestone {
	zone := w.Schedule.Zone
	short := func(at models.Instant) string {
		if at == 0 {
			return "not set"
		}
		loc, err := models.Zone(zone)
		if err != nil {
			return ""
		}
		return at.In(loc).Format("Jan 2")
	}
	planned := w.Status != models.Draft
	out := []ui.Milestone{{Label: "Scheduled", Note: "draft", Done: planned}}
	if planned {
		out[0].Note = "done"
	}
	for _, wave := range o.Waves {
		out = append(out, ui.Milestone{Label: "Wave " + wave.Wave, Note: short(wave.First) + ", " + ui.Count(wave.Guests, "guest", "guests"), Done: true})
	}
	if len(o.Waves) == 0 {
		out = append(out, ui.Milestone{Label: "Invitations", Note: "none sent"})
	}
	out = append(out,
		ui.Milestone{Label: "Replies close", Note: short(w.Deadline), Done: w.Deadline != 0 && w.Deadline <= now},
		ui.Milestone{Label: "The day", Note: short(w.Starts), Done: w.Status == models.Held || w.Status == models.Closed || w.Over(now)},
		ui.Milestone{Label: "Reviewed", Note: reviewNote(o), Done: o.Insights > 0 && o.Unreviewed == 0},
		ui.Milestone{Label: "Closed", Note: closedNote(w, short), Done: w.Status == models.Closed})
	if w.Status == models.Cancelled {
		return out
	}
	for i := range out {
		if !out[i].Done {
			out[i].Current = true
			break
		}
	}
	return out
}

func reviewNote(o models.Overview) string {
	if o.Insights == 0 {
		return "nothing captured"
	}
	return fmt.Sprintf("%d of %d insights", o.Insights-o.Unreviewed, o.Insights)
}

func closedNote(w models.Workspace, short func(models.Instant) string) string {
	if w.Closed == 0 {
		return "afterwards"
	}
	return short(w.Closed)
}

// taskWords say each task, done and not, and where it is done.
var taskWords = map[models.Task]struct {
	words string
	href  func(models.ID) string
}{
	models.TaskTime:       {"Set the date and the time", urls.RoundtableEdit},
	models.TaskAgenda:     {"Write the agenda", urls.Agenda},
	models.TaskTargets:    {"Set sector targets", urls.RoundtableTargets},
	models.TaskRapporteur: {"Name a rapporteur", urls.RoundtableTeam},
	models.TaskSchedule:   {"Schedule the roundtable", urls.Roundtable},
	models.TaskDeadline:   {"Set a deadline for replies", urls.RoundtableEdit},
	models.TaskGuests:     {"Put guests on the list", urls.Guests},
	models.TaskInvite:     {"Send the invitations", urls.Guests},
	models.TaskChase:      {"Chase unanswered invitations", urls.Guests},
	models.TaskAttendance: {"Record who attended", urls.Guests},
	models.TaskTag:        {"Tag every insight to a pillar", urls.RoundtableInsights},
	models.TaskReview:     {"Review what was captured", urls.RoundtableInsights},
	models.TaskClose:      {"Close the roundtable", urls.Roundtable},
}

func todoItem(w models.Workspace, line models.TaskLine) ui.TodoItem {
	t := taskWords[line.Task]
	item := ui.TodoItem{Label: t.words, Href: t.href(w.ID), Done: line.Done}
	if line.N > 0 {
		item.Note = strconv.Itoa(line.N)
	}
	return item
}

// aboutFacts lists what a roundtable is, for whoever reads it.
func aboutFacts(w models.Workspace, now models.Instant) []ui.Fact {
	var out []ui.Fact
	add := func(term, value string) {
		if value != "" {
			out = append(out, ui.Fact{Term: term, Value: value})
		}
	}
	add("Led by", strings.Join(w.Leads(), ", "))
	names := map[models.TeamRole][]string{}
	for _, m := range w.Members {
		names[m.Role] = append(names[m.Role], m.Name)
	}
	add("Rapporteurs", strings.Join(names[models.TeamRapporteur], ", "))
	add("Analysts", strings.Join(names[models.TeamAnalyst], ", "))
	add("Observers", strings.Join(names[models.TeamObserver], ", "))
	add("Place", w.Place)
	add("Room", w.Room)
	add("Meeting link", w.Link)
	if w.Capacity > 0 {
		add("Seats", strconv.Itoa(w.Capacity))
	}
	if w.Deadline != 0 {
		add("Replies close", models.FormatInstant(w.Deadline, w.Schedule.Zone))
	}
	add("Time zone", models.ZoneLabel(w.Schedule.Zone, cmp.Or(w.Starts, now)))
	return out
}

// logLine is one line of activity; when is empty for the time of day.
func logLine(a models.Activity, zone, when string) ui.LogLine {
	if when == "" {
		when = bareClock(a.At, zone)
	}
	text := a.Actor + " " + a.Words
	if a.About != "" {
		text += " " + a.About
	}
	return ui.LogLine{DateTime: a.At.Time().Format(time.RFC3339), When: when, Text: text + "."}
}

// activity answers GET /roundtables/:id/activity.
func (s *Server) activity(c echo.Context) error {
	frame, w, err := s.workspace(c, tabActivity)
	if err != nil {
		return err
	}
	v, f := web.Viewer(c), models.ActivityFilter{Kind: c.QueryParam("kind"), Account: idOr(c.QueryParam("account")), After: c.QueryParam("after")}
	found, err := s.Store.Activity(c.Request().Context(), v, w.ID, f)
	if err != nil {
		return err
	}
	zone := zoneFor(v, w)
	p := activityPage(frame, w, f, found.People)
	for _, u := range found.Undos {
		p.Undos = append(p.Undos, views.UndoRow{Label: u.Label, When: models.FormatInstant(u.At, zone), Action: urls.Undo(u.ID)})
	}
	for _, a := range found.Lines {
		name := models.FormatDay(a.At, zone)
		if n := len(p.Days); n == 0 || p.Days[n-1].Name != name {
			p.Days = append(p.Days, views.ActivityDay{ID: fmt.Sprintf("day-%d", n+1), Name: name})
		}
		last := &p.Days[len(p.Days)-1]
		line := logLine(a, zone, "")
		if a.Deleted != 0 && models.CanIn(v, models.StrikeInsight, w.ID) {
			line.Action, line.ActionHref = "Strike its words", urls.InsightStrike(a.Deleted)
		}
		last.Lines = append(last.Lines, line)
	}
	if f.After != "" {
		p.FirstHref = urls.With(urls.Activity(w.ID), "account", p.Account, "kind", p.Kind)
	}
	if found.Next != "" {
		p.NextHref = urls.With(urls.Activity(w.ID), "account", p.Account, "kind", p.Kind, "after", found.Next)
	}
	return web.Render(c, http.StatusOK, views.Activity(p))
}

// activityPage fills in what the record can be filtered by, and is.
func activityPage(frame views.WorkspacePage, w models.Workspace, f models.ActivityFilter, people []models.Choice) views.ActivityPage {
	p := views.ActivityPage{
		WorkspacePage: frame, FilterHref: urls.Activity(w.ID), Kind: f.Kind, Filtered: f.Filtered(),
		Accounts: []ui.Option{{Label: "Anyone"}}, Kinds: []ui.Option{{Label: "Any act"}},
	}
	if f.Account != 0 {
		p.Account = f.Account.String()
	}
	for _, a := range people {
		p.Accounts = append(p.Accounts, ui.Option{Value: a.ID.String(), Label: a.Name})
	}
	for _, k := range models.ActivityKinds {
		p.Kinds = append(p.Kinds, ui.Option{Value: k.Key, Label: k.Name})
	}
	return p
}

package handlers

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// guests answers GET /roundtables/:id/guests for the team, and for co-hosts
// what is theirs to see; for a filter being chosen, only the list.
func (s *Server) guests(c echo.Context) error { return s.guestsPage(c, nil, http.StatusOK) }

func (s *Server) guestsPage(c echo.Context, errs map[string]string, status int) error {
	frame, w, err := s.workspace(c, tabGuests)
	if err != nil {
		return err
	}
	f := guestFilter(c)
	list, err := s.Store.Guests(c.Request().Context(), web.Viewer(c), w.ID, f)
	if err != nil {
		return err
	}
	frame.Failed = len(errs) > 0
	p := views.GuestsPage{
		WorkspacePage: frame, Action: urls.Guests(w.ID), Query: f.Text, Segment: string(f.Segment), Sector: f.Sector.Key(), Wave: f.Wave, Needs: f.Needs,
		Filtered: f != models.GuestFilter{}, ClearHref: urls.Guests(w.ID), Partner: list.Partner, Errors: errs,
		SectorOptions: sectorOptions("Every sector"), WaveOptions: waveOptions("Every wave"),
	}
	p.EmptyTitle, p.EmptyText = emptyGuests(p.Filtered, list)
	s.guestActs(c, &p, w, list)
	if models.CanIn(web.Viewer(c), models.Invite, w.ID) && !web.IsFragment(c) {
		if p.Requests, err = s.guestRequests(c, w); err != nil {
			return err
		}
	}
	for _, g := range list.Guests {
		p.Rows = append(p.Rows, guestRow(g, w, models.CanIn(web.Viewer(c), models.Invite, w.ID), p.CanAttend))
	}
	p.Segments = guestSegments(c, list.Counts, f.Segment)
	if !list.Partner {
		p.Sectors = sectorLines(list.Counts)
		p.Seats, p.Overbooked = seatWords(list.Counts)
	}
	if web.IsFragment(c) {
		return web.Render(c, status, views.GuestResults(p))
	}
	return web.Render(c, status, views.Guests(p))
}

// guestFilter reads the filters of the address; what it cannot read chooses
// nothing.
func guestFilter(c echo.Context) models.GuestFilter {
	f := models.GuestFilter{
		Segment: models.ParseGuestSegment(c.QueryParam("show")), Text: web.CleanText(c.QueryParam("q")), Needs: c.QueryParam("needs") != "",
	}
	f.Sector, _ = models.ParseSector(c.QueryParam("sector"))
	if wave, ok := models.ParseWave(c.QueryParam("wave")); ok {
		f.Wave = wave
	}
	return f
}

// guestActs fills in what the viewer may do on the list.
func (s *Server) guestActs(c echo.Context, p *views.GuestsPage, w models.Workspace, list store.GuestList) {
	v := web.Viewer(c)
	if list.Partner {
		p.ProposeHref, p.ProposalSectors = urls.GuestsPropose(w.ID), sectorOptions("Not sure")
		p.Proposal = views.GuestProposal{ // what a refused proposal had typed
			Name: c.Request().PostFormValue("full_name"), Email: c.Request().PostFormValue("email"), Position: c.Request().PostFormValue("position"),
			Organisation: c.Request().PostFormValue("organisation"), Sector: c.Request().PostFormValue("sector"),
		}
		return
	}
	if models.CanIn(v, models.ExportTeam, w.ID) {
		p.CSVHref, p.XLSXHref = urls.With(urls.GuestsExport(w.ID), "format", "csv"), urls.With(urls.GuestsExport(w.ID), "format", "xlsx")
	}
	p.MailHref = urls.RoundtableMail(w.ID)
	if models.CanIn(v, models.RecordAttendance, w.ID) && s.attendanceOpen(w) {
		p.AttendanceHref, p.CanAttend = urls.GuestsAttendance(w.ID), true
	}
	if !models.CanIn(v, models.Invite, w.ID) {
		return
	}
	p.BulkHref, p.AddHref = urls.GuestsBulk(w.ID), urls.GuestsAdd(w.ID)
	p.Roles, p.Waves = roleChoices(), waveOptions("")
	if list.Next != 0 {
		for _, g := range list.Guests {
			if g.ID == list.Next {
				row := guestRow(g, w, true, false)
				p.Offer = &row
			}
		}
	}
	waiting, open := list.Counts.Segments[models.SegmentShortlisted], list.Counts.Outstanding+list.Counts.Segments[models.SegmentTentative]
	switch {
	case w.Status != models.Scheduled || w.Over(s.Store.Now()) || w.InSession(s.Store.Now()):
	case waiting > 0:
		p.Primary = views.WorkspaceAct{Label: "Invite " + ui.Count(waiting, "guest", "guests"), Href: urls.GuestsInvite(w.ID), Icon: "send"}
	case open > 0:
		p.Primary = views.WorkspaceAct{Label: "Remind " + ui.Count(open, "guest", "guests"), Href: urls.GuestsRemind(w.ID), Icon: "bell"}
	default:
		p.Primary = views.WorkspaceAct{}
	}
}

// attendanceOpen reports whether attendance can be taken.
func (s *Server) attendanceOpen(w models.Workspace) bool {
	switch w.Status {
	case models.Held, models.Closed:
		return true
	case models.Scheduled:
		return w.Started != 0 || s.Store.Now() >= w.Starts.Add(-store.AttendanceFrom)
	}
	return false
}

func emptyGuests(filtered bool, list store.GuestList) (title, text string) {
	switch {
	case filtered:
		return "No guest matches", "Nobody on the list fits what you searched for and chose above."
	case list.Partner:
		return "No guests to see yet", "You see the guests you proposed, and those who agreed to be named to partners."
	}
	return "Nobody is on the list yet", "Add people from the directory. Nobody hears of it until you invite them."
}

// guestSegments are the parts of the list that hold somebody, with counts.
func guestSegments(c echo.Context, counts models.GuestCounts, current models.GuestSegment) []views.GuestSegment {
	var out []views.GuestSegment
	for _, segment := range models.GuestSegments {
		n := counts.Segments[segment]
		if n == 0 && segment != models.SegmentAll && segment != current {
			continue
		}
		out = append(out, views.GuestSegment{
			ID: "segment-" + string(segment), Label: segment.Name() + " " + strconv.Itoa(n),
			Href: withQuery(c, "show", string(segment)), Current: segment == current,
		})
	}
	return out
}

func sectorLines(c models.GuestCounts) []views.SectorLine {
	var out []views.SectorLine
	of := "attending"
	if attendanceTaken(c) {
		of = "came"
	}
	for _, sector := range models.Sectors {
		coming, target := c.Coming[sector], c.Targets[sector]
		line := views.SectorLine{Sector: sector, Coming: strconv.Itoa(coming), Of: of}
		if target > 0 {
			line.Of = "of " + strconv.Itoa(target)
			if coming < target {
				line.Short = strconv.Itoa(target-coming) + " short"
			} else if coming > target {
				line.Over = strconv.Itoa(coming-target) + " over"
			}
		}
		out = append(out, line)
	}
	return out
}

// seatWords says how the seats stand. Open invitations are shown against them
// and never counted.
func seatWords(c models.GuestCounts) (words string, overbooked bool) {
	if attendanceTaken(c) {
		return attendanceWords(c), false
	}
	if c.Capacity == 0 {
		return "", false
	}
	words = fmt.Sprintf("%d of %s taken.", c.Seats, ui.Count(c.Capacity, "seat", "seats"))
	if c.Outstanding > 0 {
		words += " " + ui.Count(c.Outstanding, "invitation is", "invitations are") + " open."
	}
	return words, c.Outstanding > 0 && c.Seats+c.Outstanding > c.Capacity
}

// attendanceTaken reports whether anybody was marked as come or not, and nobody
// waits to be.
func attendanceTaken(c models.GuestCounts) bool {
	return c.Segments[models.SegmentAttended]+c.Segments[models.SegmentNoShow] > 0 && c.Segments[models.SegmentAttending] == 0
}

// attendanceWords says who came, and of how many nobody has said it yet.
func attendanceWords(c models.GuestCounts) string {
	words := ui.Count(c.Segments[models.SegmentAttended], "guest", "guests") + " came"
	if n := c.Segments[models.SegmentNoShow]; n > 0 {
		words += fmt.Sprintf(", %d did not", n)
	}
	if n := c.Segments[models.SegmentAttending]; n > 0 {
		words += "; " + ui.Count(n, "guest is", "guests are") + " not marked yet"
	}
	return words + "."
}

// statusKinds are the looks of ui.Status.
var statusKinds = map[models.GuestState]string{
	models.Accepted: "yes", models.Attended: "yes", models.Declined: "no", models.NoShow: "no", models.Withdrawn: "no",
	models.Waitlisted: "wait", models.Tentative: "wait", models.Delegated: "swap",
}

// statusWords is a guest's state as the list says it.
func statusWords(s models.GuestState) string {
	switch s {
	case models.Accepted:
		return "Attending"
	case models.Invited:
		return "No answer"
	case models.Shortlisted:
		return "Not invited yet"
	}
	return s.Name()
}

func guestRow(g models.Guest, w models.Workspace, mayInvite, mayAttend bool) views.GuestRow {
	row := views.GuestRow{
		ID: g.ID.String(), Name: g.Name, Sector: g.Sector, Position: g.Position, Organisation: g.Organisation, Wave: g.Wave, Seat: g.SeatCode(),
		StatusKind: statusKinds[g.State], Status: statusWords(g.State), Needs: g.Needs.Words(),
	}
	row.Heard, row.HeardWords = lastHeard(g, w.Schedule.Zone)
	if g.Role != models.RoleParticipant {
		row.Role = g.Role.Name()
	}
	if w.IsTeam() {
		row.Href = urls.Guest(g.ID)
	}
	if g.Mail == models.MailFailed || g.Mail == models.MailBounced {
		row.Problem = "Mail " + string(g.Mail)
	}
	row.CanAttend = mayAttend && models.MayBecome(g.State, models.Attended, models.ByStaff)
	if !mayInvite {
		return row
	}
	if w.Status == models.Scheduled && models.MayBecome(g.State, models.Invited, models.ByStaff) {
		row.InviteHref = urls.With(urls.GuestsInvite(w.ID), "guest", row.ID)
	}
	if models.MayBecome(g.State, models.Withdrawn, models.ByStaff) {
		row.WithdrawHref = urls.With(urls.GuestsWithdraw(w.ID), "guest", row.ID)
	}
	row.CanRemind = models.OwesAnswer(g.State)
	return row
}

// lastHeard says on which day something was last heard from or said to a
// guest, and what.
func lastHeard(g models.Guest, zone string) (day, words string) {
	at, what := g.Invited, "Invited "
	if g.Reminded > at {
		at, what = g.Reminded, "Reminded "
	}
	if g.Answered > 0 && g.Answered >= at {
		at, what = g.Answered, "Answered "
	}
	loc, err := models.Zone(zone)
	if err != nil || at == 0 {
		return "", ""
	}
	day = at.In(loc).Format("Jan 2")
	return day, what + day
}

func sectorOptions(all string) []ui.Option {
	out := []ui.Option{{Label: all}}
	for _, sector := range append(models.Sectors[:len(models.Sectors):len(models.Sectors)], models.HostStaff) {
		out = append(out, ui.Option{Value: sector.Key(), Label: sector.Name()})
	}
	return out
}

func waveOptions(all string) []ui.Option {
	var out []ui.Option
	if all != "" {
		out = append(out, ui.Option{Label: all})
	}
	for _, wave := range models.Waves {
		out = append(out, ui.Option{Value: wave, Label: "Wave " + wave})
	}
	return out
}

func roleChoices() []ui.Option {
	out := []ui.Option{{Value: models.RoleParticipant.Key(), Label: models.RoleParticipant.Name()}}
	for _, role := range models.GuestRoles {
		if role != models.RoleParticipant {
			out = append(out, ui.Option{Value: role.Key(), Label: role.Name()})
		}
	}
	return out
}

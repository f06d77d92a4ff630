package views_test

import (
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/views"
	"rotunda/views/viewtest"
)

func homeOf(t *testing.T, role models.AccountRole, h models.Home) string {
	t.Helper()
	v := models.AccountViewer(models.AccountIdentity{ID: 7, Name: "Ann Lee", Role: role, Teams: map[models.ID]models.TeamRole{3: models.TeamLead}})
	h.Now, h.Zone = 1_790_000_000_000, "America/New_York"
	html := viewtest.Render(t, views.Home(views.NewHomePage(views.Page{Title: "Home", Viewer: views.Viewer{Name: "Ann Lee"}}, h, v)))
	for _, p := range viewtest.Problems(html) {
		t.Error(p)
	}
	return html
}

func TestHome_markupIsSoundWhateverItShows(t *testing.T) {
	c := models.Coverage{Since: "2025-10", Gap: 5, Rooms: 2, Seeks: map[models.Sector]models.SectorSeek{models.Congress: {Room: 3, Starts: 1_791_000_000_000, Zone: "America/New_York", Target: 2}}}
	c.Add(models.Security, models.Label(models.Industry), 12)
	c.Add(models.PillarNone, models.LabelGovernment, 1)
	line := models.RoundtableLine{Roundtable: models.Roundtable{ID: 3, Title: "Cables", Starts: 1_789_999_000_000, Capacity: 9, Audience: models.Team, Schedule: models.Schedule{Zone: "Europe/Paris"}}, Seated: 4}
	full := models.Home{
		Live: []models.LiveRoom{{RoundtableLine: line, Item: 2, Items: 4}}, Next: []models.RoundtableLine{line},
		Needs:    []models.Need{{Kind: models.NeedAnswers, Count: 3, Room: 3, Title: "Cables", Others: 2, Due: 1_790_080_000_000, Zone: "Europe/Paris"}},
		Coverage: c, Example: true,
	}
	for _, role := range append([]models.AccountRole{models.RoleCohost}, models.AccountRoles...) {
		for _, h := range []models.Home{full, {Fresh: true}, {}} {
			homeOf(t, role, h)
		}
	}
	html := homeOf(t, models.RoleConvener, full)
	for _, want := range []string{"Item 2 of 4, 16 minutes in", "Guests have not answered", "and 2 others.", "Replies close tomorrow.", "Government", "seeks 2 from this sector"} {
		if !strings.Contains(html, want) {
			t.Errorf("Home does not say %q", want)
		}
	}
	if strings.Contains(homeOf(t, models.RoleCohost, full), `class="heat`) {
		t.Error("a partner is shown the table")
	}
}

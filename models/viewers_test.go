package models

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	roomA ID = 11
	roomB ID = 22
)

func staffAccount(role AccountRole, teams map[ID]TeamRole) Viewer {
	return AccountViewer(AccountIdentity{ID: 7, Name: "Zephyrine Canary", Email: "zephyrine@canary.test", Role: role, Session: "hash-canary", Teams: teams})
}

func cohostAccount(rooms ...ID) Viewer {
	return AccountViewer(AccountIdentity{ID: 8, Role: RoleCohost, Cohosts: rooms})
}

func TestViewers_audienceForARoundtable(t *testing.T) {
	lead := staffAccount(RoleConvener, map[ID]TeamRole{roomA: TeamLead})
	for _, c := range []struct {
		who     string
		v       Viewer
		room    ID
		private bool
		want    Audience
	}{
		{"team in a private room", lead, roomA, true, Team},
		{"team elsewhere", lead, roomB, false, Staff},
		{"team elsewhere, private", lead, roomB, true, 0},
		{"admin has no room by role", staffAccount(RoleAdmin, nil), roomA, true, 0},
		{"reader", staffAccount(RoleReader, nil), roomA, false, Staff},
		{"co-host", cohostAccount(roomA), roomA, true, Partner},
		{"co-host elsewhere", cohostAccount(roomA), roomB, false, 0},
		{"guest of the room", GuestViewer(3, roomA, "rsvp"), roomA, false, 0},
		{"anonymous", Anonymous(), roomA, false, Public},
		{"anonymous, private", Anonymous(), roomA, true, 0},
		{"job", System("reminders"), roomA, true, Team},
		{"team exporting for staff", lead.Capped(Staff), roomA, false, Staff},
		{"team exporting a private room for staff", lead.Capped(Staff), roomA, true, 0},
		{"team exporting a private room for partners", lead.Capped(Partner), roomA, true, Partner},
		{"team exporting a private room for the public", lead.Capped(Public), roomA, true, 0},
		{"a cap never widens", lead.Capped(Public).Capped(Team), roomA, false, Public},
		{"a cap gives a reader no more", staffAccount(RoleReader, nil).Capped(Team), roomA, false, Staff},
		{"job writing for the public", System("feed").Capped(Public), roomA, true, 0},
	} {
		got, ok := c.v.AudienceFor(c.room, c.private)
		if got != c.want || ok != (c.want != 0) {
			t.Errorf("%s: got %v %v, want %v", c.who, got, ok, c.want)
		}
	}
}

func TestViewers_disabledAndUnknownAccountsAreNobody(t *testing.T) {
	for _, a := range []AccountIdentity{
		{ID: 7, Role: RoleAdmin, Disabled: true, Teams: map[ID]TeamRole{roomA: TeamLead}},
		{ID: 7, Role: AccountRole(99)}, {ID: 7}, {Role: RoleAdmin},
	} {
		v := AccountViewer(a)
		if !v.IsAnonymous() || v.IsTeam(roomA) || v.Account() != 0 || Can(v, ReadAsStaff) {
			t.Errorf("%+v became a viewer", a)
		}
	}
}

func TestViewers_partnersAccountIsOnNoTeam(t *testing.T) {
	v := AccountViewer(AccountIdentity{ID: 8, Role: RoleCohost, Teams: map[ID]TeamRole{roomA: TeamLead}, Cohosts: []ID{roomB}})
	if v.IsTeam(roomA) || CanIn(v, ReadAsTeam, roomA) {
		t.Error("a co-host's account reads as team")
	}
}

func TestViewers_guestKnowsOnlyTheOwnRoundtable(t *testing.T) {
	g := GuestViewer(3, roomA, "rsvp")
	if !g.MayKnow(roomA, true) || g.MayKnow(roomB, false) || GuestViewer(3, 0, "rsvp").MayKnow(0, false) {
		t.Error("a guest's link opens its own roundtable and no other")
	}
}

// TestViewers_reachAgreesWithAudienceFor: a query over many roundtables and
// the answer for one may never differ.
func TestViewers_reachAgreesWithAudienceFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawViewer(t)
		room := ID(rapid.IntRange(1, 4).Draw(t, "room"))
		private := rapid.Bool().Draw(t, "private")
		r, want := v.Reach(), Audience(0)
		switch {
		case slices.Contains(r.Team, room):
			want = Team
		case slices.Contains(r.Partner, room):
			want = Partner
		case private:
			want = r.Closed
		default:
			want = r.Open
		}
		if private && (want == Staff || want == Public) {
			t.Fatalf("a private room is read as %v", want)
		}
		if got, _ := v.AudienceFor(room, private); got != want {
			t.Fatalf("AudienceFor %v, Reach %v (%+v)", got, want, r)
		}
	})
}

func TestViewers_capNeverWidens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawViewer(t)
		room := ID(rapid.IntRange(1, 4).Draw(t, "room"))
		private := rapid.Bool().Draw(t, "private")
		a := Audience(rapid.IntRange(-1, 6).Draw(t, "cap"))
		before, known := v.AudienceFor(room, private)
		after, still := v.Capped(a).AudienceFor(room, private)
		if still && (!known || after < before || after < min(a, Public)) {
			t.Fatalf("capped at %v: %v became %v", a, before, after)
		}
	})
}

func drawViewer(t *rapid.T) Viewer {
	ids := rapid.SliceOfDistinct(rapid.IntRange(1, 4), func(i int) int { return i })
	var v Viewer
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		v = Anonymous()
	case 1:
		v = System("test")
	case 2:
		v = GuestViewer(5, ID(rapid.IntRange(1, 4).Draw(t, "own room")), "rsvp")
	default:
		a := AccountIdentity{ID: 9, Role: AccountRole(rapid.IntRange(1, 6).Draw(t, "role")), Teams: map[ID]TeamRole{}}
		for _, i := range ids.Draw(t, "teams") {
			a.Teams[ID(i)] = TeamRole(rapid.IntRange(0, 5).Draw(t, "team role"))
		}
		for _, i := range ids.Draw(t, "cohosts") {
			a.Cohosts = append(a.Cohosts, ID(i))
		}
		v = AccountViewer(a)
	}
	if rapid.Bool().Draw(t, "capped") {
		v = v.Capped(Audience(rapid.IntRange(1, 4).Draw(t, "first cap")))
	}
	return v
}

func TestViewers_printNothingPersonal(t *testing.T) {
	v := staffAccount(RoleAdmin, nil)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, x := range []any{v, &v, []Viewer{v}, struct{ V Viewer }{v}} {
			out := fmt.Sprintf(verb, x)
			if strings.Contains(strings.ToLower(out), "canary") || !strings.Contains(out, v.Account().String()) {
				t.Errorf("%s prints %q", verb, out)
			}
		}
	}
}

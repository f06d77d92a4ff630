package models

import (
	"slices"
	"testing"
)

func TestAccess_everyRightHasOneRow(t *testing.T) {
	for i, row := range RightsTable() {
		if row.Right != Right(i+1) || row.Name == "" || row.Right.Name() != row.Name {
			t.Errorf("row %d holds right %d %q", i, row.Right, row.Name)
		}
		if len(row.Accounts)+len(row.Teams)+len(row.Members) == 0 && !row.Cohosts {
			t.Errorf("nobody may %q", row.Name)
		}
	}
	if n := len(RightsTable()); n != int(PublishBrief) {
		t.Errorf("%d rows for %d rights", n, PublishBrief)
	}
}

func TestAccess_tableIsACopy(t *testing.T) {
	RightsTable()[0].Accounts[0] = RoleReader
	if !Can(staffAccount(RoleAdmin, nil), ManageSettings) || Can(staffAccount(RoleReader, nil), ManageSettings) {
		t.Error("a caller changed who may do what")
	}
}

// may lists the rights that a viewer holds in roomA.
func may(v Viewer) []Right {
	var out []Right
	for _, row := range RightsTable() {
		if CanIn(v, row.Right, roomA) {
			out = append(out, row.Right)
		}
	}
	return out
}

func TestAccess_accountRolesWithoutATeam(t *testing.T) {
	for role, want := range map[AccountRole][]Right{
		RoleAdmin:      {ManageSettings, ManageStaff, ReadAudit, JoinTeams, CreateRoundtable, EditPeople, ImportPeople, EditCodebook, Analyse, ReadAsStaff, ExportStaff, WriteBrief, PublishBrief},
		RoleConvener:   {CreateRoundtable, EditPeople, ImportPeople, ReadAsStaff, ExportStaff, WriteBrief, PublishBrief},
		RoleRapporteur: {ReadAsStaff, ExportStaff},
		RoleAnalyst:    {EditCodebook, Analyse, ReadAsStaff, ExportStaff, WriteBrief, PublishBrief},
		RoleReader:     {ReadAsStaff},
	} {
		if got := may(staffAccount(role, map[ID]TeamRole{roomB: TeamLead})); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", role.Name(), got, want)
		}
	}
}

func TestAccess_teamRoles(t *testing.T) {
	reader := []Right{ReadAsStaff}
	for role, want := range map[TeamRole][]Right{
		TeamLead: {ReadAsStaff, EditRoundtable, ManageTeam, SetRegime, Invite, RecordAttendance, ReadGuests, CaptureInsight, EditInsight, TagInsight,
			ReviewInsight, ReleaseInsight, StrikeInsight, ReadAsTeam, ExportTeam, ExportPartner, ExportPublic},
		TeamRapporteur: append(slices.Clone(reader), RecordAttendance, ReadGuests, CaptureInsight, EditInsight, TagInsight, ReadAsTeam),
		TeamAnalyst:    append(slices.Clone(reader), ReadGuests, TagInsight, ReviewInsight, ReadAsTeam, ExportTeam),
		TeamObserver:   append(slices.Clone(reader), ReadGuests, ReadAsTeam),
	} {
		if got := may(staffAccount(RoleReader, map[ID]TeamRole{roomA: role})); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", role.Name(), got, want)
		}
	}
}

func TestAccess_convenerInvitesWhereOnTheTeamButNotAsObserver(t *testing.T) {
	if !CanIn(staffAccount(RoleConvener, map[ID]TeamRole{roomA: TeamAnalyst}), Invite, roomA) {
		t.Error("a convener on the team may not invite")
	}
	if CanIn(staffAccount(RoleConvener, map[ID]TeamRole{roomA: TeamObserver}), Invite, roomA) {
		t.Error("an observer invites")
	}
}

func TestAccess_cohostsGuestsAndStrangers(t *testing.T) {
	if got := may(cohostAccount(roomA)); !slices.Equal(got, []Right{ReadGuests, ReadAsPartner, ProposeGuests}) {
		t.Errorf("co-host: %v", got)
	}
	for name, v := range map[string]Viewer{"co-host elsewhere": cohostAccount(roomB), "guest": GuestViewer(3, roomA, "rsvp"), "anonymous": Anonymous()} {
		if got := may(v); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := may(System("reminders")); len(got) != len(RightsTable()) {
		t.Errorf("a job may only %v", got)
	}
	if Can(System("x"), 0) || Can(staffAccount(RoleAdmin, nil), Right(99)) {
		t.Error("a right that is not in the table was granted")
	}
}

func TestAccess_roleKeysReadBack(t *testing.T) {
	for r := RoleAdmin; r <= RoleCohost; r++ {
		if got, ok := ParseAccountRole(r.Key()); !ok || got != r {
			t.Errorf("%q reads as %v", r.Key(), got)
		}
	}
	for _, r := range TeamRoles {
		if got, ok := ParseTeamRole(r.Key()); !ok || got != r {
			t.Errorf("%q reads as %v", r.Key(), got)
		}
	}
	if _, ok := ParseAccountRole(""); ok {
		t.Error("the empty word is a role")
	}
	if _, ok := ParseTeamRole(""); ok {
		t.Error("the empty word is a team role")
	}
}

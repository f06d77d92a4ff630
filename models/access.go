package models

import "slices"

// AccountRole is what an account may do in the institute as a whole. It opens
// no roundtable: that is the TeamRole's part. Zero is none.
type AccountRole int

// The account roles.
const (
	RoleNone AccountRole = iota
	// RoleAdmin keeps settings, staff and the audit log.
	RoleAdmin
	// RoleConvener makes series and roundtables, and keeps people.
	RoleConvener
	// RoleRapporteur captures where on the team.
	RoleRapporteur
	// RoleAnalyst keeps the codebook and analyses.
	RoleAnalyst
	// RoleReader reads what staff may read.
	RoleReader
	// RoleCohost belongs to a partner: it reaches the roundtables it was
	// invited to co-host, and has none of the rights of the institute's roles.
	RoleCohost
)

// AccountRoles lists the roles the institute gives to its own staff.
var AccountRoles = []AccountRole{RoleAdmin, RoleConvener, RoleRapporteur, RoleAnalyst, RoleReader}

var accountRoleWords = [...]struct{ key, name string }{
	{"", "No role"}, {"admin", "Admin"}, {"convener", "Convener"}, {"rapporteur", "Rapporteur"},
	{"analyst", "Analyst"}, {"reader", "Reader"}, {"cohost", "Co-host"},
}

// Valid reports whether r is one of the roles.
func (r AccountRole) Valid() bool { return r > RoleNone && r <= RoleCohost }

// Key returns the word that forms, files and the command line use.
func (r AccountRole) Key() string { return r.words().key }

// Name returns the name shown to people.
func (r AccountRole) Name() string { return r.words().name }

func (r AccountRole) words() struct{ key, name string } {
	if !r.Valid() {
		r = RoleNone
	}
	return accountRoleWords[r]
}

// ParseAccountRole reads a key as Key writes it.
func ParseAccountRole(key string) (AccountRole, bool) {
	for r := RoleAdmin; r <= RoleCohost; r++ {
		if accountRoleWords[r].key == key {
			return r, true
		}
	}
	return RoleNone, false
}

// TeamRole is what an account may do in one roundtable. Zero: not on the team.
type TeamRole int

// The team roles.
const (
	TeamNone TeamRole = iota
	// TeamLead may do everything: regime, release and the team itself too.
	TeamLead
	// TeamRapporteur captures and edits.
	TeamRapporteur
	// TeamAnalyst tags, reviews and exports.
	TeamAnalyst
	// TeamObserver reads as the team.
	TeamObserver
)

// TeamRoles lists the team roles in order.
var TeamRoles = []TeamRole{TeamLead, TeamRapporteur, TeamAnalyst, TeamObserver}

var teamRoleWords = [...]struct{ key, name string }{
	{"", "Not on the team"}, {"lead", "Lead"}, {"rapporteur", "Rapporteur"}, {"analyst", "Analyst"}, {"observer", "Observer"},
}

// Valid reports whether r is one of the team roles.
func (r TeamRole) Valid() bool { return r > TeamNone && r <= TeamObserver }

// Key returns the word that forms and files use.
func (r TeamRole) Key() string { return r.words().key }

// Name returns the name shown to people.
func (r TeamRole) Name() string { return r.words().name }

func (r TeamRole) words() struct{ key, name string } {
	if !r.Valid() {
		r = TeamNone
	}
	return teamRoleWords[r]
}

// ParseTeamRole reads a key as Key writes it.
func ParseTeamRole(key string) (TeamRole, bool) {
	for _, r := range TeamRoles {
		if teamRoleWords[r].key == key {
			return r, true
		}
	}
	return TeamNone, false
}

// Right is one thing that somebody may do. RightsTable says who.
type Right int

// The rights, in the order of the table that the staff page shows.
const (
	ManageSettings Right = iota + 1
	ManageStaff
	ReadAudit
	JoinTeams
	CreateRoundtable
	EditPeople
	ImportPeople
	EditCodebook
	Analyse
	ReadAsStaff
	ExportStaff
	EditRoundtable
	ManageTeam
	SetRegime
	Invite
	RecordAttendance
	ReadGuests
	CaptureInsight
	EditInsight
	TagInsight
	ReviewInsight
	ReleaseInsight
	StrikeInsight
	ReadAsTeam
	ExportTeam
	ExportPartner
	ExportPublic
	ReadAsPartner
	ProposeGuests
	WriteBrief
	PublishBrief
)

// RightRow says who holds one right.
type RightRow struct {
	Right Right
	// Name says the right in plain words.
	Name string
	// Accounts hold the right everywhere, by account role alone.
	Accounts []AccountRole
	// Teams hold the right in the roundtables where they have that team role.
	Teams []TeamRole
	// Members hold the right in the roundtables whose team they are on, other
	// than as observer, whatever their team role.
	Members []AccountRole
	// Cohosts: co-host accounts hold it in the roundtables they co-host.
	Cohosts bool
}

// ByRole reports whether the role holds the right everywhere.
func (r RightRow) ByRole(role AccountRole) bool { return slices.Contains(r.Accounts, role) }

// OnTeam reports whether the role holds the right in the roundtables whose
// team it is on.
func (r RightRow) OnTeam(role AccountRole) bool { return slices.Contains(r.Members, role) }

// ByTeam reports whether the team role holds the right.
func (r RightRow) ByTeam(role TeamRole) bool { return slices.Contains(r.Teams, role) }

var (
	onlyAdmin   = []AccountRole{RoleAdmin}
	conveners   = []AccountRole{RoleAdmin, RoleConvener}
	convening   = []AccountRole{RoleConvener}
	analysts    = []AccountRole{RoleAdmin, RoleAnalyst}
	writers     = []AccountRole{RoleAdmin, RoleConvener, RoleAnalyst}
	allButRead  = []AccountRole{RoleAdmin, RoleConvener, RoleRapporteur, RoleAnalyst}
	onlyLead    = []TeamRole{TeamLead}
	leadCapture = []TeamRole{TeamLead, TeamRapporteur}
	leadAnalyst = []TeamRole{TeamLead, TeamAnalyst}
	// Editing an insight edits its tags, so whoever edits may tag.
	leadTaggers = []TeamRole{TeamLead, TeamRapporteur, TeamAnalyst}
)

// rightsTable is the one table of who may do what.
var rightsTable = []RightRow{
	{Right: ManageSettings, Name: "Change the institute's settings", Accounts: onlyAdmin},
	{Right: ManageStaff, Name: "Invite staff, change roles, disable accounts, hand over roundtables", Accounts: onlyAdmin},
	{Right: ReadAudit, Name: "Read the audit log", Accounts: onlyAdmin},
	{Right: JoinTeams, Name: "Join a roundtable's team (its lead is told)", Accounts: onlyAdmin},
	{Right: CreateRoundtable, Name: "Create series and roundtables", Accounts: conveners},
	{Right: EditPeople, Name: "Add and edit people and organizations", Accounts: conveners},
	{Right: ImportPeople, Name: "Import people", Accounts: conveners},
	{Right: EditCodebook, Name: "Edit the codebook", Accounts: analysts},
	{Right: Analyse, Name: "Write themes and recommendations", Accounts: analysts},
	{Right: ReadAsStaff, Name: "Read reviewed insights of other teams", Accounts: AccountRoles},
	{Right: ExportStaff, Name: "Export at staff level", Accounts: allButRead},
	{Right: EditRoundtable, Name: "Edit, schedule and cancel the roundtable", Teams: onlyLead, Members: convening},
	{Right: ManageTeam, Name: "Choose the team and the co-hosts", Teams: onlyLead},
	{Right: SetRegime, Name: "Set the attribution rule", Teams: onlyLead},
	{Right: Invite, Name: "Invite guests and record their answers", Teams: onlyLead, Members: convening},
	{Right: RecordAttendance, Name: "Record who attended", Teams: leadCapture, Members: convening},
	{Right: ReadGuests, Name: "Read the guest list (co-hosts: their own guests, and those named to partners)", Teams: TeamRoles, Cohosts: true},
	{Right: CaptureInsight, Name: "Capture insights", Teams: leadCapture},
	{Right: EditInsight, Name: "Edit insights", Teams: leadCapture},
	{Right: TagInsight, Name: "Tag insights", Teams: leadTaggers},
	{Right: ReviewInsight, Name: "Review insights", Teams: leadAnalyst},
	{Right: ReleaseInsight, Name: "Release insights", Teams: onlyLead},
	{Right: StrikeInsight, Name: "Strike insights", Teams: onlyLead},
	{Right: ReadAsTeam, Name: "Read everything said, with its speakers", Teams: TeamRoles},
	{Right: ExportTeam, Name: "Export at team level", Teams: leadAnalyst},
	{Right: ExportPartner, Name: "Export at partner level", Teams: onlyLead},
	{Right: ExportPublic, Name: "Export at public level", Teams: onlyLead},
	{Right: ReadAsPartner, Name: "Read released insights as a partner", Cohosts: true},
	{Right: ProposeGuests, Name: "Propose guests of their own", Cohosts: true},
	{Right: WriteBrief, Name: "Write briefs", Accounts: writers},
	{Right: PublishBrief, Name: "Approve and publish briefs that others wrote", Accounts: writers},
}

// RightsTable returns the table of who may do what, in order, for the staff
// page. It is the table that Can and CanIn decide by.
func RightsTable() []RightRow {
	out := slices.Clone(rightsTable)
	for i := range out {
		out[i].Accounts = slices.Clone(out[i].Accounts)
		out[i].Teams = slices.Clone(out[i].Teams)
		out[i].Members = slices.Clone(out[i].Members)
	}
	return out
}

// Name says the right in plain words.
func (r Right) Name() string {
	row, ok := rightRow(r)
	if !ok {
		return "Nothing"
	}
	return row.Name
}

func rightRow(r Right) (RightRow, bool) {
	i := slices.IndexFunc(rightsTable, func(row RightRow) bool { return row.Right == r })
	if i < 0 {
		return RightRow{}, false
	}
	return rightsTable[i], true
}

// Can reports whether the viewer holds the right by account role alone, in
// any roundtable or outside of one. Jobs of the system hold every right.
func Can(v Viewer, r Right) bool {
	row, ok := rightRow(r)
	if !ok {
		return false
	}
	switch v.kind {
	case systemViewer:
		return true
	case accountViewer:
		return slices.Contains(row.Accounts, v.role)
	}
	return false
}

// CanIn reports whether the viewer holds the right in the roundtable: by
// account role, by team role, or as its co-host. Whether the roundtable exists
// for the viewer at all is AudienceFor's answer and is asked first.
func CanIn(v Viewer, r Right, room ID) bool {
	if Can(v, r) {
		return true
	}
	row, ok := rightRow(r)
	if !ok || v.kind != accountViewer {
		return false
	}
	team := v.TeamRole(room)
	switch {
	case slices.Contains(row.Teams, team):
		return true
	case team != TeamNone && team != TeamObserver && slices.Contains(row.Members, v.role):
		return true
	}
	return row.Cohosts && v.IsCohost(room)
}

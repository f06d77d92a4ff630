// Package urls writes down every address once: the patterns that the router
// reads (echo's :name style), and the functions that views and mail use to
// build addresses from ids.
package urls

import (
	"net/url"
	"strings"

	"rotunda/models"
)

// Signing in and one's own account.
const (
	HomePath          = "/"
	SignInPath        = "/sign-in"
	SignInLinkPath    = "/sign-in/:token"
	SignOutPath       = "/sign-out"
	SignOutAllPath    = "/account/sign-out-everywhere"
	SetUpPath         = "/set-up"
	ResetPath         = "/password-reset"
	ResetLinkPath     = "/password-reset/:token"
	AccountPath       = "/account"
	AccountPassPath   = "/account/password"
	AppearancePath    = "/account/appearance"
	SessionsPath      = "/account/sessions"
	SessionDeletePath = "/account/sessions/:id/end"
	UndoPath          = "/undo/:id"
)

// Roundtables and series.
const (
	RoundtablesPath         = "/roundtables"
	CalendarPath            = "/roundtables/calendar"
	RoundtableNewPath       = "/roundtables/new"
	RoundtablePath          = "/roundtables/:id"
	RoundtableEditPath      = "/roundtables/:id/edit"
	RoundtableDuplicatePath = "/roundtables/:id/duplicate"
	RoundtableSchedulePath  = "/roundtables/:id/schedule"
	RoundtableCancelPath    = "/roundtables/:id/cancel"
	RoundtableUncancelPath  = "/roundtables/:id/uncancel"
	RoundtableStartPath     = "/roundtables/:id/start"
	RoundtableFinishPath    = "/roundtables/:id/finish"
	RoundtableJoinPath      = "/roundtables/:id/join"
	RoundtableHoldPath      = "/roundtables/:id/hold"
	RoundtableClosePath     = "/roundtables/:id/close"
	RoundtableTeamPath      = "/roundtables/:id/team"
	RoundtableTargetsPath   = "/roundtables/:id/targets"
	RoundtableCohostsPath   = "/roundtables/:id/cohosts"
	GuestsPath              = "/roundtables/:id/guests"
	GuestsBulkPath          = "/roundtables/:id/guests/bulk"
	GuestsAddPath           = "/roundtables/:id/guests/add"
	GuestsProposePath       = "/roundtables/:id/guests/propose"
	GuestsInvitePath        = "/roundtables/:id/guests/invite"
	GuestsRemindPath        = "/roundtables/:id/guests/remind"
	GuestsWithdrawPath      = "/roundtables/:id/guests/withdraw"
	GuestsAttendancePath    = "/roundtables/:id/guests/attendance"
	GuestsWalkInPath        = "/roundtables/:id/guests/walk-in"
	GuestsExportPath        = "/roundtables/:id/guests/export"
	RoundtableMailPath      = "/roundtables/:id/mail"
	GuestPath               = "/guests/:id"
	GuestAnswerPath         = "/guests/:id/answer"
	GuestLinkPath           = "/guests/:id/link"
	GuestLinkRevokePath     = "/guests/:id/link/revoke"
	AgendaPath              = "/roundtables/:id/agenda"
	CapturePath             = "/roundtables/:id/capture"
	RoundtableInsightsPath  = "/roundtables/:id/insights"
	StreamPath              = "/roundtables/:id/stream"
	CapturePreviewPath      = "/roundtables/:id/capture/preview"
	CaptureWordsPath        = "/roundtables/:id/capture/words"
	CaptureTagsPath         = "/roundtables/:id/capture/tags"
	CaptureNextPath         = "/roundtables/:id/capture/next"
	ActivityPath            = "/roundtables/:id/activity"
	AgendaItemPath          = "/roundtables/:id/agenda/:item"
	AgendaMovePath          = "/roundtables/:id/agenda/:item/move"
	AgendaDeletePath        = "/roundtables/:id/agenda/:item/delete"
	AgendaStartPath         = "/roundtables/:id/agenda/:item/start"
	AgendaEndPath           = "/roundtables/:id/agenda/end"
	CohostAddPath           = "/roundtables/:id/cohosts/add"
	CohostRemovePath        = "/roundtables/:id/cohosts/:organisation/remove"
	CohostAccountPath       = "/roundtables/:id/cohosts/:organisation/accounts"
	CohostAccountEndPath    = "/roundtables/:id/cohosts/accounts/:account/end"
	SeriesArchivePath       = "/series/:id/archive"
	SeriesListPath          = "/series"
	SeriesNewPath           = "/series/new"
	SeriesPath              = "/series/:id"
	SeriesEditPath          = "/series/:id/edit"
)

// People and organizations.
const (
	PeoplePath           = "/people"
	PersonNewPath        = "/people/new"
	PeopleImportPath     = "/people/import"
	PeopleExportPath     = "/people/export"
	PersonPath           = "/people/:id"
	PersonEditPath       = "/people/:id/edit"
	PersonArchivePath    = "/people/:id/archive"
	PersonRestorePath    = "/people/:id/restore"
	ImportPath           = "/people/import/:id"
	ImportColumnsPath    = "/people/import/:id/columns"
	ImportChoicesPath    = "/people/import/:id/choices"
	ImportCommitPath     = "/people/import/:id/commit"
	ImportUndoPath       = "/people/import/:id/undo"
	ImportDropPath       = "/people/import/:id/drop"
	ImportProblemsPath   = "/people/import/:id/rows-to-fix.csv"
	OrganisationsPath    = "/organizations"
	OrganisationNewPath  = "/organizations/new"
	OrganisationPath     = "/organizations/:id"
	OrganisationEditPath = "/organizations/:id/edit"
)

// Insights.
const (
	InsightsPath       = "/insights"
	InsightsBulkPath   = "/insights/bulk"
	InsightsExportPath = "/insights/export"
	InsightPath        = "/insights/:id"
	InsightEditPath    = "/insights/:id/edit"
	InsightDeletePath  = "/insights/:id/delete"
	InsightFlagPath    = "/insights/:id/flag"
	InsightParaPath    = "/insights/:id/paraphrase"
)

// Settings.
const (
	SettingsPath       = "/settings"
	InstitutePath      = "/settings/institute"
	InstituteLogoPath  = "/settings/institute/logo"
	StaffPath          = "/settings/staff"
	StaffNewPath       = "/settings/staff/new"
	MemberPath         = "/settings/staff/:id"
	MemberRolePath     = "/settings/staff/:id/role"
	MemberLinkPath     = "/settings/staff/:id/link"
	MemberDisablePath  = "/settings/staff/:id/disable"
	MemberEnablePath   = "/settings/staff/:id/enable"
	MemberHandOverPath = "/settings/staff/:id/hand-over"
	LogoPath           = "/logo"
	MailPath           = "/settings/mail"
	MailShowPath       = "/settings/mail/:id"
	MailBodyPath       = "/settings/mail/:id/body"
	MailCalendarPath   = "/settings/mail/:id/invite.ics"
	MailRetryPath      = "/settings/mail/:id/retry"
	AuditPath          = "/settings/audit"
	// ExampleRemovePath asks before the example goes, and removes it.
	ExampleRemovePath = "/settings/example/remove"
)

// What is reached without an account.
const (
	InvitationPath         = "/r/:token"
	InvitationCalendarPath = "/r/:token/invitation.ics"
	HealthPath             = "/healthz"
	ReadyPath              = "/readyz"
	StaticPath             = "/static/*"
)

// fill puts the values into a pattern's parameters, in order.
func fill(pattern string, values ...string) string {
	var b strings.Builder
	for i, part := range strings.Split(pattern, ":") {
		if i == 0 {
			b.WriteString(part)
			continue
		}
		b.WriteString(url.PathEscape(values[i-1]))
		if rest := strings.IndexByte(part, '/'); rest >= 0 {
			b.WriteString(part[rest:])
		}
	}
	return b.String()
}

// With adds query parameters, given as name and value in turn, to an address.
// Empty values are left out.
func With(address string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Add(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return address
	}
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	return address + sep + q.Encode()
}

// SignInLink is the address of a one-time link that signs in; an invitation
// may set the first password there.
func SignInLink(token string) string { return fill(SignInLinkPath, token) }

// ResetLink is the address where a new password is set.
func ResetLink(token string) string { return fill(ResetLinkPath, token) }

// Undo takes back what was done; it is posted to, with "next" to return to.
func Undo(id models.ID) string { return fill(UndoPath, id.String()) }

// SessionDelete ends one of the viewer's sessions.
func SessionDelete(id string) string { return fill(SessionDeletePath, id) }

// Member is the page of one account in Settings.
func Member(id models.ID) string { return fill(MemberPath, id.String()) }

// MemberRole gives an account another role.
func MemberRole(id models.ID) string { return fill(MemberRolePath, id.String()) }

// MemberLink sends an account a link to sign in with.
func MemberLink(id models.ID) string { return fill(MemberLinkPath, id.String()) }

// MemberDisable ends an account.
func MemberDisable(id models.ID) string { return fill(MemberDisablePath, id.String()) }

// MemberEnable lets a disabled account in again.
func MemberEnable(id models.ID) string { return fill(MemberEnablePath, id.String()) }

// MemberHandOver gives the roundtables of an account to another.
func MemberHandOver(id models.ID) string { return fill(MemberHandOverPath, id.String()) }

// Logo is the institute's logo; version changes with its picture.
func Logo(version string) string { return With(LogoPath, "v", version) }

// Roundtable is a roundtable's overview.
func Roundtable(id models.ID) string { return fill(RoundtablePath, id.String()) }

// RoundtableEdit is the form that changes a roundtable.
func RoundtableEdit(id models.ID) string { return fill(RoundtableEditPath, id.String()) }

// RoundtableDuplicate makes a draft from a roundtable.
func RoundtableDuplicate(id models.ID) string { return fill(RoundtableDuplicatePath, id.String()) }

// RoundtableSchedule turns a draft into a scheduled roundtable.
func RoundtableSchedule(id models.ID) string { return fill(RoundtableSchedulePath, id.String()) }

// RoundtableCancel calls a roundtable off.
func RoundtableCancel(id models.ID) string { return fill(RoundtableCancelPath, id.String()) }

// RoundtableUncancel takes a cancellation back.
func RoundtableUncancel(id models.ID) string { return fill(RoundtableUncancelPath, id.String()) }

// RoundtableStart opens the session.
func RoundtableStart(id models.ID) string { return fill(RoundtableStartPath, id.String()) }

// RoundtableFinish ends the session.
func RoundtableFinish(id models.ID) string { return fill(RoundtableFinishPath, id.String()) }

// RoundtableJoin puts an administrator on the team.
func RoundtableJoin(id models.ID) string { return fill(RoundtableJoinPath, id.String()) }

// RoundtableHold marks the roundtable as held.
func RoundtableHold(id models.ID) string { return fill(RoundtableHoldPath, id.String()) }

// RoundtableClose closes a held roundtable.
func RoundtableClose(id models.ID) string { return fill(RoundtableClosePath, id.String()) }

// RoundtableTeam lists and changes who works on a roundtable.
func RoundtableTeam(id models.ID) string { return fill(RoundtableTeamPath, id.String()) }

// RoundtableTargets sets how many seats each sector should have.
func RoundtableTargets(id models.ID) string { return fill(RoundtableTargetsPath, id.String()) }

// RoundtableCohosts names the partners of a roundtable.
func RoundtableCohosts(id models.ID) string { return fill(RoundtableCohostsPath, id.String()) }

// Guests is a roundtable's guest list.
func Guests(id models.ID) string { return fill(GuestsPath, id.String()) }

// Agenda is a roundtable's agenda.
func Agenda(id models.ID) string { return fill(AgendaPath, id.String()) }

// AgendaItem is the form that changes an item of an agenda.
func AgendaItem(room, item models.ID) string {
	return fill(AgendaItemPath, room.String(), item.String())
}

// AgendaMove moves an item up or down.
func AgendaMove(room, item models.ID) string {
	return fill(AgendaMovePath, room.String(), item.String())
}

// AgendaDelete takes an item off the agenda.
func AgendaDelete(room, item models.ID) string {
	return fill(AgendaDeletePath, room.String(), item.String())
}

// AgendaStart puts an item in force.
func AgendaStart(room, item models.ID) string {
	return fill(AgendaStartPath, room.String(), item.String())
}

// AgendaEnd ends the item in force.
func AgendaEnd(room models.ID) string { return fill(AgendaEndPath, room.String()) }

// CohostAdd names a partner.
func CohostAdd(room models.ID) string { return fill(CohostAddPath, room.String()) }

// CohostRemove takes a partner off.
func CohostRemove(room, organisation models.ID) string {
	return fill(CohostRemovePath, room.String(), organisation.String())
}

// CohostAccount gives a partner's person an account.
func CohostAccount(room, organisation models.ID) string {
	return fill(CohostAccountPath, room.String(), organisation.String())
}

// CohostAccountEnd ends a partner's person's access.
func CohostAccountEnd(room, account models.ID) string {
	return fill(CohostAccountEndPath, room.String(), account.String())
}

// Capture is where insights are taken down.
func Capture(id models.ID) string { return fill(CapturePath, id.String()) }

// RoundtableInsights lists a roundtable's insights.
func RoundtableInsights(id models.ID) string { return fill(RoundtableInsightsPath, id.String()) }

// Stream is the event stream of a roundtable's insights.
func Stream(id models.ID) string { return fill(StreamPath, id.String()) }

// CapturePreview says how a line will be kept.
func CapturePreview(id models.ID) string { return fill(CapturePreviewPath, id.String()) }

// CaptureWords lists the words that a line can name.
func CaptureWords(id models.ID) string { return fill(CaptureWordsPath, id.String()) }

// CaptureTags adds a tag while capturing.
func CaptureTags(id models.ID) string { return fill(CaptureTagsPath, id.String()) }

// CaptureNext puts the next agenda item in force.
func CaptureNext(id models.ID) string { return fill(CaptureNextPath, id.String()) }

// Activity is the record of what was done in a roundtable.
func Activity(id models.ID) string { return fill(ActivityPath, id.String()) }

// Series is a series and its roundtables.
func Series(id models.ID) string { return fill(SeriesPath, id.String()) }

// SeriesEdit is the form that changes a series.
func SeriesEdit(id models.ID) string { return fill(SeriesEditPath, id.String()) }

// SeriesArchive takes a series out of the lists, or puts it back.
func SeriesArchive(id models.ID) string { return fill(SeriesArchivePath, id.String()) }

// Person is a person's page.
func Person(id models.ID) string { return fill(PersonPath, id.String()) }

// PersonEdit is the form that changes a person.
func PersonEdit(id models.ID) string { return fill(PersonEditPath, id.String()) }

// PersonArchive takes a person out of the directory.
func PersonArchive(id models.ID) string { return fill(PersonArchivePath, id.String()) }

// PersonRestore brings an archived person back.
func PersonRestore(id models.ID) string { return fill(PersonRestorePath, id.String()) }

// Import is the preview of an import, and its result afterwards.
func Import(id models.ID) string { return fill(ImportPath, id.String()) }

// ImportColumns changes where an import's columns go.
func ImportColumns(id models.ID) string { return fill(ImportColumnsPath, id.String()) }

// ImportChoices says which possible duplicates are to be created.
func ImportChoices(id models.ID) string { return fill(ImportChoicesPath, id.String()) }

// ImportCommit saves an import.
func ImportCommit(id models.ID) string { return fill(ImportCommitPath, id.String()) }

// ImportUndo takes a saved import back.
func ImportUndo(id models.ID) string { return fill(ImportUndoPath, id.String()) }

// ImportDrop forgets an import that was not saved.
func ImportDrop(id models.ID) string { return fill(ImportDropPath, id.String()) }

// ImportProblems is a file of the rows that have errors.
func ImportProblems(id models.ID) string { return fill(ImportProblemsPath, id.String()) }

// Organisation is an organization's page.
func Organisation(id models.ID) string { return fill(OrganisationPath, id.String()) }

// OrganisationEdit is the form that changes an organization.
func OrganisationEdit(id models.ID) string { return fill(OrganisationEditPath, id.String()) }

// InsightEdit is the form that changes an insight.
func InsightEdit(id models.ID) string { return fill(InsightEditPath, id.String()) }

// InsightDelete takes an insight away.
func InsightDelete(id models.ID) string { return fill(InsightDeletePath, id.String()) }

// InsightFlag takes the author's own rule off an insight.
func InsightFlag(id models.ID) string { return fill(InsightFlagPath, id.String()) }

// InsightParaphrase writes what others read in place of an insight's words.
func InsightParaphrase(id models.ID) string { return fill(InsightParaPath, id.String()) }

// Insight is an insight with its history.
func Insight(id models.ID) string { return fill(InsightPath, id.String()) }

// Invitation is the page where a guest answers.
func Invitation(token string) string { return fill(InvitationPath, token) }

// InvitationCalendar is the calendar entry of a guest who comes.
func InvitationCalendar(token string) string { return fill(InvitationCalendarPath, token) }

// GuestsBulk changes many guests of a list at once.
func GuestsBulk(room models.ID) string { return fill(GuestsBulkPath, room.String()) }

// GuestsAdd chooses people from the directory for a roundtable.
func GuestsAdd(room models.ID) string { return fill(GuestsAddPath, room.String()) }

// GuestsPropose is where a co-host names a guest of its own.
func GuestsPropose(room models.ID) string { return fill(GuestsProposePath, room.String()) }

// GuestsInvite shows the invitation to be sent, and sends it.
func GuestsInvite(room models.ID) string { return fill(GuestsInvitePath, room.String()) }

// GuestsRemind shows the reminder to guests who owe an answer, and sends it.
func GuestsRemind(room models.ID) string { return fill(GuestsRemindPath, room.String()) }

// GuestsWithdraw asks before it takes guests off the list.
func GuestsWithdraw(room models.ID) string { return fill(GuestsWithdrawPath, room.String()) }

// GuestsAttendance is the list on which attendance is ticked off.
func GuestsAttendance(room models.ID) string { return fill(GuestsAttendancePath, room.String()) }

// GuestsWalkIn adds somebody who came without an invitation.
func GuestsWalkIn(room models.ID) string { return fill(GuestsWalkInPath, room.String()) }

// GuestsExport is the guest list as a file.
func GuestsExport(room models.ID) string { return fill(GuestsExportPath, room.String()) }

// RoundtableMail lists the messages to a roundtable's guests.
func RoundtableMail(room models.ID) string { return fill(RoundtableMailPath, room.String()) }

// Guest is one guest with every change of the answer.
func Guest(id models.ID) string { return fill(GuestPath, id.String()) }

// GuestAnswer records an answer given by phone or letter.
func GuestAnswer(id models.ID) string { return fill(GuestAnswerPath, id.String()) }

// GuestLink gives a guest a new link.
func GuestLink(id models.ID) string { return fill(GuestLinkPath, id.String()) }

// GuestLinkRevoke ends a guest's link.
func GuestLinkRevoke(id models.ID) string { return fill(GuestLinkRevokePath, id.String()) }

// MailShow is one message.
func MailShow(id models.ID) string { return fill(MailShowPath, id.String()) }

// MailBody is the HTML part of a message, to be shown in a frame.
func MailBody(id models.ID) string { return fill(MailBodyPath, id.String()) }

// MailCalendar is the calendar part of a message as a file.
func MailCalendar(id models.ID) string { return fill(MailCalendarPath, id.String()) }

// MailRetry sends a message again.
func MailRetry(id models.ID) string { return fill(MailRetryPath, id.String()) }

package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/static"
	"rotunda/views/urls"
)

// route is one row of the table: what is asked, who answers, who may ask.
type route struct {
	method string
	path   string
	handle func(*Server) echo.HandlerFunc
	access web.Access
}

func get(path string, a web.Access, h func(*Server, echo.Context) error) route {
	return on(http.MethodGet, path, a, h)
}

func post(path string, a web.Access, h func(*Server, echo.Context) error) route {
	return on(http.MethodPost, path, a, h)
}

func on(method, path string, a web.Access, h func(*Server, echo.Context) error) route {
	return route{method, path, func(s *Server) echo.HandlerFunc {
		return func(c echo.Context) error { return h(s, c) }
	}, a}
}

// routes is THE table of every route.
func routes() []route {
	return []route{
		// Health and files
		get(urls.HealthPath, web.Open(), (*Server).health),
		get(urls.ReadyPath, web.Open(), (*Server).ready),
		{http.MethodGet, urls.StaticPath, func(*Server) echo.HandlerFunc { return echo.WrapHandler(static.Handler()) }, web.Open()},

		// Home
		get(urls.HomePath, web.SignedIn(), (*Server).home),
		get(urls.ExampleRemovePath, web.ByRole(models.ManageSettings), (*Server).exampleRemovePage),
		post(urls.ExampleRemovePath, web.ByRole(models.ManageSettings), (*Server).removeExample),

		// Signing in, one's own account
		get(urls.SignInPath, web.Open(), (*Server).signInForm),
		post(urls.SignInPath, web.Open(), (*Server).signIn),
		get(urls.SignInLinkPath, web.Open(), (*Server).signInLink),
		post(urls.SignInLinkPath, web.Open(), (*Server).signInLinkUse),
		post(urls.SignOutPath, web.Open(), (*Server).signOut),
		get(urls.ResetPath, web.Open(), (*Server).resetRequestForm),
		post(urls.ResetPath, web.Open(), (*Server).resetRequest),
		get(urls.ResetLinkPath, web.Open(), (*Server).resetForm),
		post(urls.ResetLinkPath, web.Open(), (*Server).reset),
		get(urls.SetUpPath, web.SignedIn(), (*Server).setUpForm),
		post(urls.SetUpPath, web.SignedIn(), (*Server).setUp),
		post(urls.UndoPath, web.SignedIn(), (*Server).undo),
		get(urls.AccountPath, web.SignedIn(), (*Server).account),
		post(urls.AccountPath, web.SignedIn(), (*Server).accountName),
		post(urls.AccountPassPath, web.SignedIn(), (*Server).accountPassword),
		get(urls.AppearancePath, web.SignedIn(), (*Server).appearance),
		post(urls.AppearancePath, web.SignedIn(), (*Server).appearanceUpdate),
		get(urls.SessionsPath, web.SignedIn(), (*Server).sessions),
		post(urls.SessionDeletePath, web.SignedIn(), (*Server).sessionEnd),
		post(urls.SignOutAllPath, web.SignedIn(), (*Server).signOutAll),

		// Settings
		get(urls.SettingsPath, web.ByRole(models.ManageSettings), (*Server).settings),
		get(urls.InstitutePath, web.ByRole(models.ManageSettings), (*Server).institute),
		post(urls.InstitutePath, web.ByRole(models.ManageSettings), (*Server).instituteUpdate),
		post(urls.InstituteLogoPath, web.ByRole(models.ManageSettings), (*Server).instituteLogo),
		get(urls.LogoPath, web.Open(), (*Server).logo),
		get(urls.AuditPath, web.ByRole(models.ReadAudit), (*Server).audit),
		get(urls.MailPath, web.ByRole(models.ManageSettings), (*Server).mails),
		post(urls.MailPath, web.SignedIn(), (*Server).mailsRetry),
		get(urls.MailShowPath, web.SignedIn(), (*Server).mailShow),
		get(urls.MailBodyPath, web.SignedIn(), (*Server).mailBody),
		get(urls.MailCalendarPath, web.SignedIn(), (*Server).mailCalendar),
		post(urls.MailRetryPath, web.SignedIn(), (*Server).mailRetry),
		get(urls.StaffPath, web.ByRole(models.ManageStaff), (*Server).staff),
		post(urls.StaffPath, web.ByRole(models.ManageStaff), (*Server).staffCreate),
		get(urls.StaffNewPath, web.ByRole(models.ManageStaff), (*Server).staffNew),
		get(urls.MemberPath, web.ByRole(models.ManageStaff), (*Server).member),
		post(urls.MemberRolePath, web.ByRole(models.ManageStaff), (*Server).memberRole),
		post(urls.MemberLinkPath, web.ByRole(models.ManageStaff), (*Server).memberLink),
		post(urls.MemberDisablePath, web.ByRole(models.ManageStaff), (*Server).memberDisable),
		post(urls.MemberEnablePath, web.ByRole(models.ManageStaff), (*Server).memberEnable),
		post(urls.MemberHandOverPath, web.ByRole(models.ManageStaff), (*Server).memberHandOver),

		// Series and roundtables
		get(urls.RoundtablesPath, web.SignedIn(), (*Server).roundtables),
		get(urls.CalendarPath, web.SignedIn(), (*Server).calendar),
		get(urls.RoundtableNewPath, web.ByRole(models.CreateRoundtable), (*Server).roundtableNew),
		post(urls.RoundtableNewPath, web.ByRole(models.CreateRoundtable), (*Server).roundtableCreate),
		get(urls.RoundtablePath, web.KnowsRoom(), (*Server).roundtable),
		get(urls.RoundtableEditPath, web.InRoom(models.EditRoundtable), (*Server).roundtableEdit),
		post(urls.RoundtableEditPath, web.InRoom(models.EditRoundtable), (*Server).roundtableUpdate),
		post(urls.RoundtableDuplicatePath, web.InRoom(models.ReadAsTeam), (*Server).roundtableDuplicate),
		post(urls.RoundtableSchedulePath, web.InRoom(models.EditRoundtable), (*Server).roundtableSchedule),
		get(urls.RoundtableCancelPath, web.InRoom(models.EditRoundtable), (*Server).roundtableCancelForm),
		post(urls.RoundtableCancelPath, web.InRoom(models.EditRoundtable), (*Server).roundtableCancel),
		post(urls.RoundtableUncancelPath, web.InRoom(models.EditRoundtable), (*Server).roundtableUncancel),
		post(urls.RoundtableStartPath, web.InRoom(models.CaptureInsight), (*Server).roundtableStart),
		post(urls.RoundtableFinishPath, web.InRoom(models.CaptureInsight), (*Server).roundtableFinish),
		post(urls.RoundtableHoldPath, web.InRoom(models.EditRoundtable), (*Server).roundtableHold),
		post(urls.RoundtableClosePath, web.InRoom(models.ReleaseInsight), (*Server).roundtableClose),
		post(urls.RoundtableJoinPath, web.InRoom(models.JoinTeams), (*Server).roundtableJoin),
		get(urls.RoundtableTeamPath, web.InRoom(models.ReadAsTeam), (*Server).team),
		post(urls.RoundtableTeamPath, web.InRoom(models.ManageTeam), (*Server).teamSet),
		get(urls.RoundtableTargetsPath, web.InRoom(models.EditRoundtable), (*Server).targets),
		post(urls.RoundtableTargetsPath, web.InRoom(models.EditRoundtable), (*Server).targetsSet),
		get(urls.RoundtableCohostsPath, web.KnowsRoom(), (*Server).cohosts),
		post(urls.CohostAddPath, web.InRoom(models.ManageTeam), (*Server).cohostAdd),
		post(urls.CohostRemovePath, web.InRoom(models.ManageTeam), (*Server).cohostRemove),
		post(urls.CohostAccountPath, web.InRoom(models.ManageTeam), (*Server).cohostAccount),
		post(urls.CohostAccountEndPath, web.InRoom(models.ManageTeam), (*Server).cohostAccountEnd),
		get(urls.ActivityPath, web.InRoom(models.ReadAsTeam), (*Server).activity),
		get(urls.SeriesListPath, web.ByRole(models.ReadAsStaff), (*Server).seriesList),
		get(urls.SeriesNewPath, web.ByRole(models.CreateRoundtable), (*Server).seriesNew),
		post(urls.SeriesNewPath, web.ByRole(models.CreateRoundtable), (*Server).seriesCreate),
		get(urls.SeriesPath, web.ByRole(models.ReadAsStaff), (*Server).series),
		get(urls.SeriesEditPath, web.ByRole(models.CreateRoundtable), (*Server).seriesEdit),
		post(urls.SeriesEditPath, web.ByRole(models.CreateRoundtable), (*Server).seriesUpdate),
		post(urls.SeriesArchivePath, web.ByRole(models.CreateRoundtable), (*Server).seriesArchive),

		// Briefs
		get(urls.BriefsPath, web.ByRole(models.ReadAsStaff), (*Server).briefs),
		get(urls.BriefNewPath, web.ByRole(models.WriteBrief), (*Server).briefNew),
		post(urls.BriefNewPath, web.ByRole(models.WriteBrief), (*Server).briefCreate),
		get(urls.BriefPath, web.ByRole(models.ReadAsStaff), (*Server).brief),
		get(urls.BriefEditPath, web.ByRole(models.WriteBrief), (*Server).briefEdit),
		post(urls.BriefEditPath, web.ByRole(models.WriteBrief), (*Server).briefUpdate),
		post(urls.BriefPreviewPath, web.ByRole(models.WriteBrief), (*Server).briefPreview),
		get(urls.BriefMaterialPath, web.ByRole(models.WriteBrief), (*Server).briefMaterial),
		post(urls.BriefSubmitPath, web.ByRole(models.WriteBrief), (*Server).briefSubmit),
		post(urls.BriefApprovePath, web.ByRole(models.PublishBrief), (*Server).briefApprove),
		post(urls.BriefLintPath, web.ByRole(models.WriteBrief), (*Server).briefLint),
		post(urls.BriefPublishPath, web.ByRole(models.PublishBrief), (*Server).briefPublish),
		post(urls.BriefWithdrawPath, web.ByRole(models.PublishBrief), (*Server).briefWithdraw),
		post(urls.BriefReviewPath, web.ByRole(models.WriteBrief), (*Server).briefReview),
		post(urls.BriefReviewedPath, web.ByRole(models.ReadAsStaff), (*Server).briefReviewed),
		post(urls.BriefCommentPath, web.ByRole(models.ReadAsStaff), (*Server).briefComment),
		post(urls.BriefResolvePath, web.ByRole(models.WriteBrief), (*Server).briefResolve),
		get(urls.PublicBriefPath, web.Public(), (*Server).publicBrief),
		get(urls.PublicBriefVersionPath, web.Public(), (*Server).publicBrief),
		get(urls.PublicBriefDataPath, web.Public(), (*Server).publicBriefData),
		get(urls.PublicBriefWordPath, web.Public(), (*Server).publicBriefWord),
		get(urls.PublicBriefPrintPath, web.Public(), (*Server).publicBriefPrint),
		get(urls.BriefWordPath, web.ByRole(models.ReadAsStaff), (*Server).briefWordProof),
		get(urls.BriefPrintPath, web.ByRole(models.ReadAsStaff), (*Server).briefPrintProof),
		get(urls.BriefDataPath, web.ByRole(models.ReadAsStaff), (*Server).briefDataProof),

		// Public pages
		get(urls.RobotsPath, web.Public(), (*Server).robots),
		get(urls.PublicHomePath, web.Public(), (*Server).publicHome),
		get(urls.PublicAccentPath, web.Public(), (*Server).publicAccent),
		get(urls.PublicSitemapPath, web.Public(), (*Server).sitemap),
		get(urls.PublicMethodPath, web.Public(), (*Server).publicMethod),
		get(urls.PublicBriefsPath, web.Public(), (*Server).publicBriefs),
		get(urls.PublicAtomPath, web.Public(), (*Server).publicAtom),
		get(urls.PublicRoomsPath, web.Public(), (*Server).publicRoundtables),
		get(urls.PublicCalendarPath, web.Public(), (*Server).publicCalendar),
		get(urls.PublicRoomPath, web.Public(), (*Server).publicRoundtable),
		post(urls.PublicRequestPath, web.Public(), (*Server).publicRequest),
		get(urls.PublicRequestedPath, web.Public(), (*Server).publicRequested),
		get(urls.PublicRoomEventPath, web.Public(), (*Server).publicEvent),

		// Agenda
		get(urls.AgendaPath, web.KnowsRoom(), (*Server).agenda),
		post(urls.AgendaPath, web.InRoom(models.EditRoundtable), (*Server).agendaAdd),
		post(urls.AgendaEndPath, web.InRoom(models.CaptureInsight), (*Server).agendaEnd),
		get(urls.AgendaItemPath, web.InRoom(models.EditRoundtable), (*Server).agendaItemForm),
		post(urls.AgendaItemPath, web.InRoom(models.EditRoundtable), (*Server).agendaItemSave),
		post(urls.AgendaMovePath, web.InRoom(models.EditRoundtable), (*Server).agendaMove),
		post(urls.AgendaDeletePath, web.InRoom(models.EditRoundtable), (*Server).agendaDelete),
		post(urls.AgendaStartPath, web.InRoom(models.CaptureInsight), (*Server).agendaStart),

		// Guests and invitations
		get(urls.GuestsPath, web.InRoom(models.ReadGuests), (*Server).guests),
		post(urls.GuestsBulkPath, web.InRoom(models.ReadAsTeam), (*Server).guestsBulk),
		get(urls.GuestsAddPath, web.InRoom(models.Invite), (*Server).guestsAddForm),
		post(urls.GuestsAddPath, web.InRoom(models.Invite), (*Server).guestsAdd),
		post(urls.GuestsProposePath, web.InRoom(models.ProposeGuests), (*Server).guestPropose),
		get(urls.GuestsInvitePath, web.InRoom(models.Invite), (*Server).guestsInviteForm),
		post(urls.GuestsInvitePath, web.InRoom(models.Invite), (*Server).guestsInvite),
		get(urls.GuestsRemindPath, web.InRoom(models.Invite), (*Server).guestsRemindForm),
		post(urls.GuestsRemindPath, web.InRoom(models.Invite), (*Server).guestsRemind),
		get(urls.GuestsWithdrawPath, web.InRoom(models.Invite), (*Server).guestsWithdrawForm),
		post(urls.GuestsWithdrawPath, web.InRoom(models.Invite), (*Server).guestsWithdraw),
		get(urls.GuestsAttendancePath, web.InRoom(models.RecordAttendance), (*Server).attendance),
		post(urls.GuestsAttendancePath, web.InRoom(models.RecordAttendance), (*Server).attendanceSet),
		get(urls.GuestsWalkInPath, web.InRoom(models.RecordAttendance), (*Server).walkInForm),
		post(urls.GuestsWalkInPath, web.InRoom(models.RecordAttendance), (*Server).walkIn),
		get(urls.GuestsExportPath, web.InRoom(models.ExportTeam), (*Server).guestsExport),
		get(urls.RoundtableMailPath, web.InRoom(models.ReadAsTeam), (*Server).roundtableMail),
		post(urls.GuestRequestPath, web.InRoom(models.Invite), (*Server).guestRequest),
		get(urls.GuestPath, web.SignedIn(), (*Server).guest),
		post(urls.GuestAnswerPath, web.SignedIn(), (*Server).guestAnswer),
		post(urls.GuestLinkPath, web.SignedIn(), (*Server).guestLink),
		post(urls.GuestLinkRevokePath, web.SignedIn(), (*Server).guestLinkRevoke),

		// Recommendations and their evaluation
		get(urls.RecommendationsPath, web.ByRole(models.ReadAsStaff), (*Server).recommendations),
		get(urls.RecommendationNewPath, web.ByRole(models.Analyse), (*Server).recommendationNew),
		post(urls.RecommendationNewPath, web.ByRole(models.Analyse), (*Server).recommendationCreate),
		get(urls.RecommendationPath, web.ByRole(models.ReadAsStaff), (*Server).recommendation),
		get(urls.RecommendationEditPath, web.ByRole(models.Analyse), (*Server).recommendationEdit),
		post(urls.RecommendationEditPath, web.ByRole(models.Analyse), (*Server).recommendationUpdate),
		get(urls.RecommendationHistoryPath, web.ByRole(models.ReadAsStaff), (*Server).recommendationHistory),
		post(urls.RecommendationArchivePath, web.ByRole(models.Analyse), (*Server).recommendationArchive),
		post(urls.RecommendationDecidePath, web.ByRole(models.Analyse), (*Server).recommendationDecide),
		post(urls.RecommendationFollowUpPath, web.ByRole(models.Analyse), (*Server).recommendationFollowUp),
		post(urls.RecommendationPanelPath, web.ByRole(models.Analyse), (*Server).panelOpen),
		post(urls.RecommendationStagePath, web.ByRole(models.Analyse), (*Server).panelStage),
		post(urls.RecommendationEvaluatorPath, web.ByRole(models.Analyse), (*Server).panelInvite),
		post(urls.RecommendationEvaluatorXPath, web.ByRole(models.Analyse), (*Server).panelRemove),
		post(urls.RecommendationScorePath, web.ByRole(models.ReadAsStaff), (*Server).recommendationScore),
		post(urls.RecommendationLintPath, web.ByRole(models.WriteBrief), (*Server).recommendationLint),
		post(urls.RecommendationRemarkPath, web.ByRole(models.ReadAsStaff), (*Server).recommendationRemark),
		get(urls.EvaluatePath, web.GuestLink(), (*Server).evaluate),
		post(urls.EvaluatePath, web.GuestLink(), (*Server).evaluateScore),
		post(urls.EvaluateRemarkPath, web.GuestLink(), (*Server).evaluateRemark),

		// The guest's own page
		get(urls.InvitationPath, web.GuestLink(), (*Server).invitation),
		post(urls.InvitationPath, web.GuestLink(), (*Server).invitationAnswer),
		get(urls.InvitationCalendarPath, web.GuestLink(), (*Server).invitationCalendar),

		// Capture and streams
		get(urls.CapturePath, web.InRoom(models.ReadAsTeam), (*Server).captureShow),
		post(urls.RoundtableInsightsPath, web.InRoom(models.CaptureInsight), (*Server).insightCreate),
		post(urls.CapturePreviewPath, web.InRoom(models.CaptureInsight), (*Server).capturePreview),
		get(urls.CaptureWordsPath, web.InRoom(models.CaptureInsight), (*Server).captureWords),
		post(urls.CaptureTagsPath, web.InRoom(models.TagInsight), (*Server).captureTag),
		post(urls.CaptureNextPath, web.InRoom(models.CaptureInsight), (*Server).captureNext),
		get(urls.StreamPath, web.InRoom(models.ReadAsTeam), (*Server).roundtableStream),
		get(urls.InsightEditPath, web.SignedIn(), (*Server).insightEdit),
		post(urls.InsightEditPath, web.SignedIn(), (*Server).insightUpdate),
		post(urls.InsightDeletePath, web.SignedIn(), (*Server).insightDelete),
		post(urls.InsightFlagPath, web.SignedIn(), (*Server).insightFlag),
		post(urls.InsightParaPath, web.SignedIn(), (*Server).insightParaphrase),

		// What was promised
		get(urls.CommitmentsPath, web.SignedIn(), (*Server).commitments),
		get(urls.CommitmentsExportPath, web.ByRole(models.ReadAsStaff), (*Server).commitmentsExport),
		get(urls.RoomCommitmentsPath, web.InRoom(models.ReadAsTeam), (*Server).roomCommitments),
		post(urls.RoomCommitmentsPath, web.InRoom(models.TagInsight), (*Server).commitmentAct),

		// Leak lint
		post(urls.InsightLintPath, web.SignedIn(), (*Server).insightLint),
		get(urls.InsightStrikePath, web.SignedIn(), (*Server).insightStrikeForm),
		post(urls.InsightStrikePath, web.SignedIn(), (*Server).insightStrike),

		// Insights
		get(urls.InsightsPath, web.SignedIn(), (*Server).insightsKept),
		get(urls.RoundtableInsightsPath, web.KnowsRoom(), (*Server).roundtableInsights),
		post(urls.InsightsBulkPath, web.SignedIn(), (*Server).insightsBulk),
		get(urls.InsightsExportPath, web.SignedIn(), (*Server).insightsExport),
		post(urls.InsightsExportPath, web.SignedIn(), (*Server).insightsDownload),
		get(urls.InsightPath, web.SignedIn(), (*Server).insight),

		// Themes
		get(urls.ThemesPath, web.ByRole(models.ReadAsStaff), (*Server).themes),
		get(urls.ThemeBoardPath, web.ByRole(models.ReadAsStaff), (*Server).themeBoard),
		get(urls.ThemeNewPath, web.ByRole(models.Analyse), (*Server).themeNew),
		post(urls.ThemeNewPath, web.ByRole(models.Analyse), (*Server).themeCreate),
		get(urls.ThemeAddPath, web.ByRole(models.Analyse), (*Server).themeAdd),
		post(urls.ThemeAddPath, web.ByRole(models.Analyse), (*Server).themeAddTo),
		post(urls.ThemeMovePath, web.ByRole(models.Analyse), (*Server).themeMove),
		get(urls.ThemePath, web.ByRole(models.ReadAsStaff), (*Server).theme),
		get(urls.ThemeEditPath, web.ByRole(models.Analyse), (*Server).themeEdit),
		post(urls.ThemeEditPath, web.ByRole(models.Analyse), (*Server).themeUpdate),
		post(urls.ThemeArchivePath, web.ByRole(models.Analyse), (*Server).themeArchive),
		post(urls.ThemeLintPath, web.ByRole(models.WriteBrief), (*Server).themeLint),
		get(urls.ThemeInsightsPath, web.ByRole(models.Analyse), (*Server).themeFind),
		post(urls.ThemeInsightsPath, web.ByRole(models.Analyse), (*Server).themeInsights),

		// Analysis
		get(urls.AnalysisPath, web.ByRole(models.ReadAsStaff), (*Server).analysis),
		get(urls.UnheardPath, web.ByRole(models.ReadAsStaff), (*Server).unheard),
		get(urls.AnalysisExportPath, web.ByRole(models.ExportStaff), (*Server).analysisExport),

		// Codebook
		get(urls.CodebookPath, web.ByRole(models.ReadAsStaff), (*Server).codebook),
		post(urls.CodebookPath, web.ByRole(models.EditCodebook), (*Server).codeCreate),
		get(urls.CodeNewPath, web.ByRole(models.EditCodebook), (*Server).codeNew),
		get(urls.CodeMergePath, web.ByRole(models.EditCodebook), (*Server).codeMergeForm),
		post(urls.CodeMergePath, web.ByRole(models.EditCodebook), (*Server).codesMerge),
		post(urls.CodeArchivePath, web.ByRole(models.EditCodebook), (*Server).codesArchive),
		get(urls.CodebookExportPath, web.ByRole(models.ReadAsStaff), (*Server).codebookExport),
		get(urls.CodebookVersionsPath, web.ByRole(models.ReadAsStaff), (*Server).codebookVersions),
		get(urls.CodebookVersionPath, web.ByRole(models.ReadAsStaff), (*Server).codebookVersion),
		get(urls.CodePath, web.ByRole(models.ReadAsStaff), (*Server).code),
		get(urls.CodeEditPath, web.ByRole(models.EditCodebook), (*Server).codeEdit),
		post(urls.CodeEditPath, web.ByRole(models.EditCodebook), (*Server).codeUpdate),
		post(urls.CodeMovePath, web.ByRole(models.EditCodebook), (*Server).codeMove),
		get(urls.CodeSplitPath, web.ByRole(models.EditCodebook), (*Server).codeSplitForm),
		post(urls.CodeSplitPath, web.ByRole(models.EditCodebook), (*Server).codeSplit),

		// Help
		get(urls.HelpPath, web.SignedIn(), (*Server).help),
		get(urls.HelpTopicPath, web.SignedIn(), (*Server).helpTopic),
		post(urls.HintsPath, web.SignedIn(), (*Server).hintDrop),

		// People and organizations
		get(urls.PeoplePath, web.ByRole(models.ReadAsStaff), (*Server).people),
		post(urls.PeoplePath, web.ByRole(models.EditPeople), (*Server).personCreate),
		get(urls.PersonNewPath, web.ByRole(models.EditPeople), (*Server).personNew),
		get(urls.PeopleExportPath, web.ByRole(models.ExportStaff), (*Server).peopleExport),
		get(urls.PersonPath, web.ByRole(models.ReadAsStaff), (*Server).person),
		post(urls.PersonPath, web.ByRole(models.EditPeople), (*Server).personUpdate),
		get(urls.PersonEditPath, web.ByRole(models.EditPeople), (*Server).personEdit),
		post(urls.PersonArchivePath, web.ByRole(models.EditPeople), (*Server).personArchive),
		post(urls.PersonRestorePath, web.ByRole(models.EditPeople), (*Server).personRestore),
		get(urls.OrganisationsPath, web.ByRole(models.ReadAsStaff), (*Server).organisations),
		post(urls.OrganisationsPath, web.ByRole(models.EditPeople), (*Server).organisationCreate),
		get(urls.OrganisationNewPath, web.ByRole(models.EditPeople), (*Server).organisationNew),
		get(urls.OrganisationPath, web.ByRole(models.ReadAsStaff), (*Server).organisation),
		post(urls.OrganisationPath, web.ByRole(models.EditPeople), (*Server).organisationUpdate),
		get(urls.OrganisationEditPath, web.ByRole(models.EditPeople), (*Server).organisationEdit),

		// Import of people
		get(urls.PeopleImportPath, web.ByRole(models.ImportPeople), (*Server).importForm),
		post(urls.PeopleImportPath, web.ByRole(models.ImportPeople), (*Server).importUpload),
		get(urls.ImportPath, web.ByRole(models.ImportPeople), (*Server).importPreview),
		get(urls.ImportProblemsPath, web.ByRole(models.ImportPeople), (*Server).importProblems),
		post(urls.ImportColumnsPath, web.ByRole(models.ImportPeople), (*Server).importColumns),
		post(urls.ImportChoicesPath, web.ByRole(models.ImportPeople), (*Server).importChoices),
		post(urls.ImportCommitPath, web.ByRole(models.ImportPeople), (*Server).importCommit),
		post(urls.ImportUndoPath, web.ByRole(models.ImportPeople), (*Server).importUndo),
		post(urls.ImportDropPath, web.ByRole(models.ImportPeople), (*Server).importDrop),
	}
}

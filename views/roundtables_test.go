package views_test

import (
	"testing"

	"github.com/a-h/templ"

	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/viewtest"
)

func workspace(s string) views.WorkspacePage {
	return views.WorkspacePage{
		Page: page(s), Name: s, SeriesName: s, SeriesHref: s, When: s, WhenISO: "2026-10-22T13:00:00Z", WhenOwn: s, Place: s,
		StageKind: "live", StageWord: s, Regime: models.ChathamHouse, RuleWords: []string{s}, Private: true, Led: s,
		Team: []views.Face{views.FaceOf(s)}, Banner: s, Tabs: []ui.TabItem{{Label: "Overview", Href: s, Count: s, Current: true}},
		CaptureHref: s, Primary: views.WorkspaceAct{Label: "Schedule", Href: s, Icon: "check", Posts: true},
		Menu: []views.WorkspaceAct{{Label: "Edit", Href: s, Icon: "pencil"}, {Label: "Copy", Href: s, Icon: "copy", Posts: true}},
	}
}

func TestRoundtablePages_areSoundWhateverIsTyped(t *testing.T) {
	for _, s := range append([]string{"Trusted chips"}, viewtest.Hostile...) {
		w := workspace(s)
		options := []ui.Option{{Label: "Any"}, {Value: s, Label: s}}
		filters := views.RoundtableFilters{
			Action: s, Query: s, When: []ui.SegmentItem{{Label: "All", Href: s, Current: true}}, WhenKey: s, Month: s,
			Views: []ui.SegmentItem{{Label: "List", Href: s}}, Staff: true, SeriesOptions: options, StageOptions: options, SectorOptions: options,
		}
		row := views.RoundtableRow{Href: s, Title: s, Series: s, Day: "Thu 22", Clock: s, Place: s, Private: true, Seats: "2 of 4", SeatsN: 2, SeatsOf: 4, StageKind: "draft", StageWord: s, Lead: views.FaceOf(s)}
		list := views.RoundtablesPage{Page: page(s), RoundtableFilters: filters, Groups: []views.RoundtableGroup{{Name: s, Rows: []views.RoundtableRow{row}}}, CanCreate: true, NextHref: s, FirstHref: s}
		errs := map[string]string{"": s, "title": s, "regime": s, "private": s, "twice": s, "zone": s, "staff_k": s, "minutes": s, "lead": s,
			"role": s, "account": s, "minimum.congress": s, "organisation": s, "name": s, "email": s, "reason": s, "question": s}
		item := views.AgendaForm{Title: "Edit", Action: s, Submit: "Save", CancelHref: s, Errors: errs, Name: s, Minutes: s, Rules: options, Leads: options, AskEarlier: true}
		rows := []views.AgendaRow{{Title: s, Clock: s, Minutes: "5", Lead: s, Regime: models.OffTheRecord, Current: true, EditHref: s, MoveHref: s, DeleteHref: s, StartHref: s}}
		overview := views.OverviewPage{
			WorkspacePage: w, InTeam: true, Notes: []string{s}, Milestones: []ui.Milestone{{Label: "The day", Note: s, Current: true}},
			Funnel: []ui.FunnelStep{{Label: "Invited", Value: "1", N: 1, Of: 2, Note: s}}, GuestsHref: s, BalanceTitle: s, TargetsHref: s, Warnings: []string{s},
			Balance: []views.BalanceRow{{Sector: models.Congress, Attending: 1, Open: 2, Target: 3, Wanted: "3", Gap: "2 short", Short: true, Could: s}},
			Todo:    []ui.TodoItem{{Label: s, Href: s}}, TodoNote: s, Recent: []ui.LogLine{{When: s, Text: s}}, ActivityHref: s,
			Questions: []string{s}, Objectives: s, About: []ui.Fact{{Term: "Place", Value: s}}, EditHref: s,
		}
		outside := overview
		outside.InTeam, outside.Agenda = false, rows
		for name, c := range map[string]templ.Component{
			"Roundtables":   views.Roundtables(list),
			"NoRoundtables": views.Roundtables(views.RoundtablesPage{Page: page(s), RoundtableFilters: filters, Filtered: true, ClearHref: s, EmptyTitle: s, EmptyText: s}),
			"Calendar": views.Calendar(views.CalendarPage{Page: page(s), RoundtableFilters: filters, Title: s, PrevHref: s, PrevName: "Before", NextHref: s, NextName: "After", TodayHref: s,
				Weeks: [][]views.CalendarDay{{{Label: "1", Spoken: s, Today: true, Entries: []views.CalendarEntry{{Href: s, Label: s, Note: s}, {Href: s, Label: s, Deadline: true}}}}}}),
			"Form": views.EditRoundtable(views.RoundtableForm{Page: page(s), Heading: s, Crumbs: []ui.Crumb{{Label: s, Href: s}}, Action: s, CancelHref: s, Errors: errs,
				Values: views.RoundtableValues{Title: s, Objectives: s, Zone: s, Regime: s, StaffK: s}, Scheduled: true, Draft: true, SeriesOptions: options, Zones: []string{s}, OwnZone: s}),
			"Cancel":     views.CancelRoundtable(views.CancelPage{WorkspacePage: w, Action: s, Reason: s, Errors: errs, Effect: s}),
			"Overview":   views.Overview(overview),
			"Outside":    views.Overview(outside),
			"Agenda":     views.Agenda(views.AgendaPage{WorkspacePage: w, Rows: rows, Note: s, Warn: s, CanEdit: true, CanRun: true, Columns: true, EndHref: s, Form: item}),
			"NoAgenda":   views.Agenda(views.AgendaPage{WorkspacePage: w, EmptyFor: s}),
			"AgendaItem": views.EditAgendaItem(views.AgendaItemPage{WorkspacePage: w, Form: item}),
			"Activity": views.Activity(views.ActivityPage{WorkspacePage: w, Undos: []views.UndoRow{{Label: s, When: s, Action: s}},
				Days: []views.ActivityDay{{ID: "day-1", Name: s, Lines: []ui.LogLine{{When: s, Text: s}}}}, FirstHref: s, NextHref: s}),
			"Team": views.Team(views.TeamPage{WorkspacePage: w, Action: s, CanChange: true, Errors: errs, Roles: options, Candidates: options,
				Members: []views.TeamRow{{Account: s, Name: s, Email: s, Role: s, Face: views.FaceOf(s), Note: s, You: true}}}),
			"Targets": views.Targets(views.TargetsPage{WorkspacePage: w, Action: s, Errors: errs, Rows: []views.TargetRow{{Sector: models.Congress, Minimum: s}}}),
			"Cohosts": views.Cohosts(views.CohostsPage{WorkspacePage: w, CanChange: true, AddHref: s, Organisation: s, Errors: errs,
				Cohosts: []views.CohostRow{{ID: "a", Name: s, RemoveHref: s, AddHref: s, PersonName: s, Errors: errs, Accounts: []views.CohostAccountRow{{Name: s, Email: s, Note: s, EndHref: s}}}}}),
			"SeriesList": views.SeriesList(views.SeriesListPage{Page: page(s), CanCreate: true, Rows: []views.SeriesRow{{Href: s, Name: s, Question: s, Count: s, Archived: true}}}),
			"Series":     views.Series(views.SeriesPage{Page: page(s), Name: s, Question: s, Archived: true, CanEdit: true, EditHref: s, ArchiveHref: s, NewHref: s, List: list}),
			"SeriesForm": views.EditSeries(views.SeriesForm{Page: page(s), Heading: s, Action: s, CancelHref: s, Name: s, Question: s, Errors: errs}),
		} {
			t.Run(name, func(t *testing.T) { viewtest.Render(t, c) })
		}
	}
}

package store_test

import (
	"errors"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// workOn does to insights of the session what is noted in the log, and returns
// how many acts that were.
func workOn(s *session) int {
	s.t.Helper()
	a, b := s.capture("Said w1 @s4"), s.capture("Said w2 @s5")
	ids := []models.ID{a.ID(), b.ID()}
	acts := 2
	did := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
		acts++
	}
	ctx := s.t.Context()
	did(second(s.st.EditInsight(ctx, s.lead, a.ID(), models.InsightEdit{Text: "Said w3", KeepSpeaker: true})))
	did(second(s.st.ResolveSpeaker(ctx, s.lead, a.ID(), s.guests[5])))
	did(s.st.SetParaphrase(ctx, s.lead, a.ID(), "In our words", true))
	did(second(s.st.TagInsights(ctx, s.lead, ids, models.TagChange{Primary: models.Security})))
	did(second(s.st.SetInsightStates(ctx, s.lead, ids, models.Reviewed)))
	did(second(s.st.SetInsightStates(ctx, s.lead, ids, models.Released)))
	back, err := s.st.SetInsightStates(ctx, s.lead, ids, models.Captured)
	did(err)
	did(second(s.st.TakeBack(ctx, s.lead, back.Undo)))
	did(second(s.st.DeleteInsight(ctx, s.lead, b.ID())))
	return acts
}

func TestActivity_saysEveryActOnInsightsInWords(t *testing.T) {
	s := newSession(t, threeSectors...)
	acts := workOn(s)
	page, err := s.st.Activity(t.Context(), s.lead, s.room, models.ActivityFilter{})
	if err != nil || len(page.Lines) != acts {
		t.Fatalf("%d lines of %d acts, %v", len(page.Lines), acts, err)
	}
	for _, l := range page.Lines {
		if strings.HasPrefix(strings.TrimPrefix(l.Words, "took back: "), "insight") {
			t.Errorf("the log speaks its own language: %q", l.Words)
		}
	}
}

func TestAudit_whatOtherTeamsDoWithInsightsIsTheirs(t *testing.T) {
	s := newSession(t, threeSectors...)
	admin := storetest.Account(t, s.st, "Ada Byron", models.RoleAdmin)
	workOn(s)
	for _, line := range auditLines(t, s.st, admin, models.AuditFilter{Account: s.lead.Account()}) {
		if strings.Contains(line, "insight") {
			t.Errorf("an administrator of no team reads %q", line)
		}
	}
}

func TestTakeBack_aReleaseNeedsTheRightToRelease(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("Said w1 @s4")
	ids := []models.ID{i.ID()}
	if _, err := s.st.SetInsightStates(t.Context(), s.lead, ids, models.Released); err != nil {
		t.Fatal(err)
	}
	back, err := s.st.SetInsightStates(t.Context(), s.lead, ids, models.Reviewed)
	if err != nil {
		t.Fatal(err)
	}
	s.exec("UPDATE team_members SET role = 'analyst' WHERE account_id = ?", s.lead.Account())
	analyst := storetest.Viewer(t, s.st, s.lead.Email())
	if _, err := s.st.TakeBack(t.Context(), analyst, back.Undo); err == nil || s.all()[0].State != models.Reviewed {
		t.Errorf("who leads no more releases by an undo: %v, %v", s.all()[0].State, err)
	}
}

func TestTakeBack_ofAMoveFollowsTheRuleOfTheItem(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("Said w1 @s4") // in the first item
	undo, err := s.st.EditInsight(t.Context(), s.lead, i.ID(), models.InsightEdit{Text: "Said w1", KeepSpeaker: true, Item: s.items[1]})
	if err != nil {
		t.Fatal(err)
	}
	s.exec("UPDATE agenda_items SET regime = ? WHERE id = ?", models.DeepBackground, s.items[0])
	if _, err := s.st.TakeBack(t.Context(), s.lead, undo); err != nil {
		t.Fatal(err)
	}
	if k := s.all()[0]; k.Regime != models.DeepBackground {
		t.Errorf("back in an item on deep background: %v", k.Regime)
	}
}

func TestExport_aRoundtableOffTheRecordDoesNotExistForOtherStaff(t *testing.T) {
	s := newSession(t, threeSectors...)
	before, err := s.st.PlanExport(t.Context(), s.other, store.ExportInput{Audience: models.Staff})
	if err != nil || before.Rooms != 1 {
		t.Fatalf("%+v, %v", before, err)
	}
	s.exec("UPDATE roundtables SET regime = ?", models.OffTheRecord)
	if after, err := s.st.PlanExport(t.Context(), s.other, store.ExportInput{Audience: models.Staff}); err != nil || after.Rooms != 0 {
		t.Errorf("it is counted: %+v, %v", after, err)
	}
	if _, err := s.st.PlanExport(t.Context(), s.other, store.ExportInput{Audience: models.Staff, Roundtable: s.room}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("by its id: %v", err)
	}
}

func TestTakeBack_ofAPersonNeedsTheRightToEditPeople(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	grace := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	p := storetest.Person(t, st, grace, "Kenji Mizuhara", models.Diplomats, "Embassy")
	undo, err := st.ArchivePerson(t.Context(), grace, p.ID, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.ChangeRole(t.Context(), admin, grace.Account(), models.RoleReader); err != nil {
		t.Fatal(err)
	}
	reader := storetest.Viewer(t, st, grace.Email())
	if _, err := st.TakeBack(t.Context(), reader, undo); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a reader changes the directory by an undo: %v", err)
	}
}

func TestActivity_isFilteredByPersonAndKind(t *testing.T) {
	x := newTable(t)
	other := storetest.Team(t, x.st, x.lead, x.room, storetest.Account(t, x.st, "Ot Her", models.RoleConvener), models.TeamRapporteur)
	x.guest("Ada One", models.Industry)
	if _, err := x.st.AddGuests(t.Context(), other, x.room, models.AddGuestsInput{People: []models.ID{x.person("Ben Two", models.Industry).ID}, Wave: "A"}); err != nil {
		t.Fatal(err)
	}
	read := func(f models.ActivityFilter) models.ActivityPage {
		t.Helper()
		page, err := x.st.Activity(t.Context(), x.lead, x.room, f)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	all := read(models.ActivityFilter{})
	if len(all.People) != 2 || all.People[1].Name != "Ot Her" {
		t.Errorf("people: %+v", all.People)
	}
	if got := read(models.ActivityFilter{Account: other.Account()}); len(got.Lines) != 1 || got.Lines[0].Actor != "Ot Her" {
		t.Errorf("of one person: %+v", got.Lines)
	}
	guests := read(models.ActivityFilter{Kind: "guests"})
	if len(guests.Lines) != 2 || len(all.Lines) <= 2 || guests.Lines[0].Words != "added guests" {
		t.Errorf("about guests: %+v", guests.Lines)
	}
	if got := read(models.ActivityFilter{Kind: "guests", Account: x.lead.Account()}); len(got.Lines) != 1 {
		t.Errorf("of one person about guests: %+v", got.Lines)
	}
}

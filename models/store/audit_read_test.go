package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

func auditLines(t *testing.T, st *store.Store, v models.Viewer, f models.AuditFilter) []string {
	t.Helper()
	page, err := st.Audit(t.Context(), v, f)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range page.Entries {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s @%s", e.Actor, e.Words, e.About, e.Roundtable)))
	}
	return out
}

func TestAudit_isForAdminsAlone(t *testing.T) {
	st, _ := storetest.Open(t)
	for _, role := range append(models.AccountRoles[1:], models.RoleCohost) {
		v := storetest.Account(t, st, "The "+role.Key(), role)
		if _, err := st.Audit(t.Context(), v, models.AuditFilter{}); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s: %v", role.Name(), err)
		}
	}
}

func TestAudit_namesNoPrivateRoundtableOfOthers(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	lead := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	open, lead := storetest.Roundtable(t, st, lead, storetest.Titled("Open chips"))
	hidden, lead := storetest.Roundtable(t, st, lead, storetest.Titled("CANARY table"), storetest.Private())
	storetest.Team(t, st, lead, hidden, storetest.Account(t, st, "Canary Colleague", models.RoleAnalyst), models.TeamAnalyst)
	for room, partner := range map[models.ID]string{open: "Open Institute", hidden: "Canary Institute"} {
		if _, err := st.CreateOrganisation(t.Context(), lead, models.OrganisationInput{Name: partner, Sector: models.ThinkTanks}); err != nil {
			t.Fatal(err)
		}
		if err := st.AddCohost(t.Context(), lead, room, partner); err != nil {
			t.Fatal(err)
		}
	}

	all := auditLines(t, st, admin, models.AuditFilter{Account: lead.Account()})
	if text := strings.Join(all, "\n"); strings.Contains(strings.ToUpper(text), "CANARY") || !strings.Contains(text, "named as co-host Open Institute @Open chips") || !strings.Contains(text, "@A private roundtable") {
		t.Errorf("the admin reads:\n%s", text)
	}
	if got := auditLines(t, st, admin, models.AuditFilter{Roundtable: hidden}); len(got) != 0 {
		t.Errorf("filtered by a hidden roundtable: %q", got)
	}
	if got := auditLines(t, st, admin, models.AuditFilter{Roundtable: open}); len(got) == 0 {
		t.Error("filtered by an open roundtable: nothing")
	}
	rooms, err := st.AuditRoundtables(t.Context(), admin)
	if err != nil || len(rooms) != 1 || rooms[0].ID != open {
		t.Errorf("to choose from: %+v, %v", rooms, err)
	}
	storetest.Team(t, st, lead, hidden, admin, models.TeamObserver)
	if text := strings.Join(auditLines(t, st, admin, models.AuditFilter{}), "\n"); !strings.Contains(text, "CANARY table") || !strings.Contains(text, "Canary Colleague") {
		t.Errorf("on the team, the admin reads:\n%s", text)
	}
}

func TestAudit_filtersByKindPersonAndDay(t *testing.T) {
	st, clock := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	grace := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	if _, err := st.CreateSeries(t.Context(), grace, models.SeriesInput{Name: "Chips"}); err != nil {
		t.Fatal(err)
	}
	clock.Advance(48 * time.Hour)
	if err := st.ChangeRole(t.Context(), admin, grace.Account(), models.RoleAnalyst); err != nil {
		t.Fatal(err)
	}
	late := models.AuditFilter{From: models.At(storetest.Start.Add(time.Hour))}
	if got := auditLines(t, st, admin, late); !slices.Equal(got, []string{"Ada Byron changed the role to Analyst for Grace Hopper @"}) {
		t.Errorf("later: %q", got)
	}
	early := models.AuditFilter{Until: models.At(storetest.Start.Add(time.Hour)), Account: grace.Account()}
	if got := auditLines(t, st, admin, early); !slices.Equal(got, []string{"Grace Hopper created the series Chips @"}) {
		t.Errorf("earlier: %q", got)
	}
	if got := auditLines(t, st, admin, models.AuditFilter{Kind: "roundtables"}); len(got) != 1 {
		t.Errorf("roundtables: %q", got)
	}
	for _, kind := range models.AuditKinds { // every kind is known on both databases
		auditLines(t, st, admin, models.AuditFilter{Kind: kind.Key})
		if kind.Key != "roundtables" && kind.Key != "accounts" && len(auditLines(t, st, admin, models.AuditFilter{Kind: kind.Key})) != 0 {
			t.Errorf("%s holds something", kind.Key)
		}
	}
}

func TestAudit_pagesBothWaysWithoutGapOrRepeat(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	for i := range 120 {
		if _, err := st.CreateSeries(t.Context(), admin, models.SeriesInput{Name: fmt.Sprintf("S%03d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	var down, up []string
	f := models.AuditFilter{Account: admin.Account()}
	var last models.AuditPage
	for {
		page, err := st.Audit(t.Context(), admin, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			down = append(down, e.About)
		}
		if last = page; page.Older == "" {
			break
		}
		f.Before = page.Older
	}
	if len(down) != 120 || down[0] != "S119" || down[119] != "S000" {
		t.Fatalf("%d lines from %v to %v", len(down), down[0], down[len(down)-1])
	}
	up = []string{}
	for _, e := range last.Entries {
		up = append(up, e.About)
	}
	for f.Before = ""; last.Newer != ""; {
		f.After = last.Newer
		page, err := st.Audit(t.Context(), admin, f)
		if err != nil {
			t.Fatal(err)
		}
		var part []string
		for _, e := range page.Entries {
			part = append(part, e.About)
		}
		up, last = append(part, up...), page
	}
	if !slices.Equal(up, down) {
		t.Errorf("%d lines back up, %d down", len(up), len(down))
	}
}

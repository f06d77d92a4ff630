package store_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views/files"
)

// exported reads an export back as a table, with its header.
func exported(t *testing.T, st *store.Store, v models.Viewer, in store.ExportInput) ([]map[string]string, error) {
	t.Helper()
	var b bytes.Buffer
	head := files.NewCSV(&b, false)
	if err := errors.Join(head.Row(models.ExportColumns(in.Audience)...), head.Flush()); err != nil {
		t.Fatal(err)
	}
	n, err := st.ExportInsights(t.Context(), v, in, files.InsightRow(in.Audience), &b)
	if err != nil {
		return nil, err
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines)-1 != n {
		t.Errorf("%d rows were written and %d announced", len(lines)-1, n)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		out = append(out, row)
	}
	return out, nil
}

var allAudiences = []models.Audience{models.Team, models.Staff, models.Partner, models.Public}

func TestExportInsights_holdsWhatTheAudienceReads(t *testing.T) {
	w := newReadWorld(t, 400)
	for _, a := range allAudiences {
		rows, err := exported(t, w.st, w.lead, store.ExportInput{Audience: a})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]models.Insight{}
		for _, i := range w.everything(t, w.lead.Capped(a)) {
			leads := models.CanIn(w.lead, models.ExportRight(a), i.RoundtableID())
			if i.Audience() == a && leads && models.Exported(i.Regime()) {
				want[i.ID().String()] = i
			}
		}
		if len(rows) != len(want) || len(rows) == 0 {
			t.Errorf("%s: %d rows, %d insights may be exported", a.Key(), len(rows), len(want))
		}
		for _, row := range rows {
			i, ok := want[row["insight_id"]]
			if !ok {
				t.Fatalf("%s: %v is no row of this export", a.Key(), row)
			}
			if row["text"] != i.Text() || row["attribution"] != i.Attribution() || row["agenda_item"] != i.Item() || row["regime"] != i.Regime().Name() ||
				row["held_on"] != i.HeldOn() || row["state"] != i.State().Key() || row["kind"] != i.Kind().Key() || row["roundtable"] != i.Roundtable() {
				t.Errorf("%s: the file says %v, the store %q %q %q", a.Key(), row, i.Text(), i.Attribution(), i.Item())
			}
			if a == models.Team && (row["speaker_name"] != i.SpeakerName() || row["captured_at"] == "" || row["rapporteur"] != "Jo Lead") {
				t.Errorf("team: %v, the speaker is %q", row, i.SpeakerName())
			}
		}
		plan, err := w.st.PlanExport(t.Context(), w.lead, store.ExportInput{Audience: a})
		if err != nil || plan.Total != len(rows) {
			t.Errorf("%s: %d rows were foretold, %d written (%v)", a.Key(), plan.Total, len(rows), err)
		}
	}
}

func TestExportInsights_columnsOfTheTeamAreAbsentElsewhere(t *testing.T) {
	for _, a := range allAudiences[1:] {
		for _, column := range []string{"speaker_name", "speaker_title", "speaker_organisation", "speaker_sector", "rapporteur", "captured_at"} {
			if slices.Contains(models.ExportColumns(a), column) {
				t.Errorf("%s has a column %s", a.Key(), column)
			}
		}
	}
}

func TestExportInsights_whoMay(t *testing.T) {
	w := newReadWorld(t, 100)
	reader := w.account("Rea Der", models.RoleReader)
	for _, c := range []struct {
		who      string
		v        models.Viewer
		audience models.Audience
		room     models.ID
		want     error
		rows     bool
	}{
		{"a reader at staff level", reader, models.Staff, 0, models.ErrForbidden, false},
		{"a reader at team level, on no team", reader, models.Team, 0, nil, false},
		{"other staff at staff level", w.other, models.Staff, 0, nil, true},
		{"other staff at team level", w.other, models.Team, w.room, models.ErrForbidden, false},
		{"other staff for the public", w.other, models.Public, w.room, models.ErrForbidden, false},
		{"other staff for the public, in no room", w.other, models.Public, 0, nil, false},
		{"the lead for the public", w.lead, models.Public, w.room, nil, true},
		{"other staff of a private room", w.other, models.Staff, w.rooms[2], models.ErrNotFound, false},
		{"a co-host as partner", w.cohost, models.Partner, w.room, models.ErrForbidden, false},
		{"nobody", models.Anonymous(), models.Public, 0, models.ErrForbidden, false},
		{"an unknown room", w.lead, models.Staff, 12345, models.ErrNotFound, false},
	} {
		rows, err := exported(t, w.st, c.v, store.ExportInput{Audience: c.audience, Roundtable: c.room})
		if !errors.Is(err, c.want) || (len(rows) > 0) != c.rows {
			t.Errorf("%s: %d rows, %v", c.who, len(rows), err)
		}
	}
}

func TestExportInsights_observersTakeNothingWithThem(t *testing.T) {
	w := newReadWorld(t, 60)
	for role, want := range map[string]bool{"lead": true, "analyst": true, "rapporteur": false, "observer": false} {
		v := w.account("Mem "+role, models.RoleAnalyst)
		w.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, ?, 1)", w.room, v.Account(), role)
		v = w.viewer(v.Email())
		rows, err := exported(t, w.st, v, store.ExportInput{Audience: models.Team})
		if err != nil || (len(rows) > 0) != want {
			t.Errorf("%s: %d rows, %v", role, len(rows), err)
		}
	}
}

func TestExportInsights_isInTheAuditLogAndFormulasAreDefused(t *testing.T) {
	w := newReadWorld(t, 0)
	w.capture(`=HYPERLINK("http://example.org","x") @s1`)
	w.capture("two\nlines, \"quoted\"; and more @s1")
	w.exec("UPDATE people SET full_name = '+1 Person', position = '=1+1', organisation = '@SUM(A1)'")
	var b bytes.Buffer
	if _, err := w.st.ExportInsights(t.Context(), w.lead, store.ExportInput{Audience: models.Team, Format: "csv"}, files.InsightRow(models.Team), &b); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(b.String(), "\r\n") || strings.Contains(strings.ReplaceAll(b.String(), "\r\n", ""), "\r") {
		t.Error("lines do not end with CRLF alone")
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	for _, line := range lines {
		for _, cell := range line {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'insight.export' AND account_id = ?", w.lead.Account()); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}
}

func TestExportInsights_orderTellsNothing(t *testing.T) {
	w := newReadWorld(t, 400)
	rows, err := exported(t, w.st, w.lead, store.ExportInput{Audience: models.Staff})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(rows, func(a, b map[string]string) int { return strings.Compare(a["held_on"], b["held_on"]) }) {
		t.Error("the file does not follow the days")
	}
	captured := map[string]int{}
	for n, id := range w.all {
		captured[id.String()] = n
	}
	ups := 0
	for i := 1; i < len(rows); i++ {
		if rows[i]["held_on"] == rows[i-1]["held_on"] && captured[rows[i]["insight_id"]] > captured[rows[i-1]["insight_id"]] {
			ups++
		}
	}
	if ups < len(rows)/4 || ups > len(rows)*3/4 {
		t.Errorf("%d of %d neighbors stand in the order of capture", ups, len(rows))
	}
	team, err := exported(t, w.st, w.lead, store.ExportInput{Audience: models.Team, Roundtable: w.room})
	if err != nil || !slices.IsSortedFunc(team, func(a, b map[string]string) int { return captured[a["insight_id"]] - captured[b["insight_id"]] }) {
		t.Error("the team's file is not in the order of capture")
	}
}

func TestPlanExport_aNameWithoutASectorIsAName(t *testing.T) {
	s := newSession(t, models.Industry, models.SectorNone)
	s.capture("With a sector @s1")
	s.capture("Without one @s2")
	s.capture("Nobody said it")
	s.exec("DELETE FROM insight_speakers WHERE guest_id = ?", s.guests[0]) // as where sectors alone are kept
	s.capture("With a sector and a name @s1")
	plan, err := s.st.PlanExport(t.Context(), s.lead, store.ExportInput{Audience: models.Team})
	if err != nil || len(plan.Rules) != 1 {
		t.Fatalf("%+v, %v", plan, err)
	}
	if got := plan.Rules[0]; got.Named != 2 || got.Described != 1 || got.Bare != 1 {
		t.Errorf("named %d, described %d, bare %d", got.Named, got.Described, got.Bare)
	}
}

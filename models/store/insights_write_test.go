package store_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// kept is an insight as the tables hold it.
type kept struct {
	Seq             int64
	ID              models.ID
	Pos             int64
	Text            string
	Paraphrase      string
	ParaphraseReady bool
	State           models.InsightState
	Regime          models.Regime
	ShownStaff      models.Regime
	PrimaryPillar   models.Pillar
	PillarMask      int
	CodeIds         string
	LabelStaff      models.Label
	LabelPartner    models.Label
	LabelPublic     models.Label
	TeamSector      models.Sector
	DeletedMs       models.Instant
	Revision        int
}

func (s *session) all() []kept {
	s.t.Helper()
	var out []kept
	if err := s.st.Rows(s.t.Context(), &out, "SELECT * FROM insights ORDER BY seq"); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// checkTables fails where counts, codes or search differ from what the
// insights themselves say.
func (s *session) checkTables(private bool) {
	s.t.Helper()
	want, months := map[cell]int{}, map[cell]int{}
	live := 0
	for _, k := range s.all() {
		s.checkCodes(k)
		if k.State == models.Struck {
			continue // no words, and in no count
		}
		token := strings.Fields(k.Text)[1]
		inWords, inShown := s.searched("words", token), s.searched("shown", token)
		staff := k.State != models.Captured && k.LabelStaff != models.LabelWithheld && k.Regime != models.OffTheRecord && !private
		switch {
		case k.DeletedMs != 0:
			if inWords+inShown != 0 {
				s.t.Fatalf("%q is deleted and found", token)
			}
			continue
		case (inWords == 1) != (k.Regime != models.OffTheRecord):
			s.t.Fatalf("%q under %v: in words %d", token, k.Regime, inWords)
		case k.Regime >= models.DeepBackground && inShown != 0:
			s.t.Fatalf("%q under %v is shown to others", token, k.Regime)
		case staff && k.Regime < models.DeepBackground && inShown != 1:
			s.t.Fatalf("%q: in shown %d", token, inShown)
		}
		live++
		pillars := []int{0}
		if k.PillarMask != 0 {
			pillars = nil
			for p := 1; p <= 5; p++ {
				if k.PillarMask&(1<<(p-1)) != 0 {
					pillars = append(pillars, p)
				}
			}
		}
		team := models.LabelAt(models.SectorLevel, k.TeamSector)
		want[cell{0, 9, team}]++
		if k.State == models.Captured && k.Regime != models.OffTheRecord {
			want[cell{0, 10, team}]++
		}
		for _, p := range pillars {
			want[cell{0, p, team}]++
		}
		if !staff {
			continue
		}
		label := k.LabelStaff
		if label == models.LabelNamed {
			label = team
		}
		want[cell{1, 9, label}]++
		if k.ShownStaff != models.DeepBackground {
			for _, p := range pillars {
				want[cell{1, p, label}]++
			}
		}
	}
	for c, n := range want {
		if c.Scope == 1 {
			months[cell{0, c.Pillar, c.Label}] += n
		}
	}
	s.same("insight_cells", want, "SELECT scope, pillar, label, n FROM insight_cells WHERE n <> 0")
	s.same("month_cells", months, "SELECT 0 AS scope, pillar, label, sum(n) AS n FROM month_cells GROUP BY pillar, label HAVING sum(n) <> 0")
	if n := s.count("SELECT count(*) FROM insight_search"); n != live {
		s.t.Fatalf("%d search rows for %d insights", n, live)
	}
}

// cell is one cell of the tables of counts.
type cell struct {
	Scope, Pillar int
	Label         models.Label
}

// same fails unless the query's cells are the wanted ones.
func (s *session) same(name string, want map[cell]int, q string) {
	s.t.Helper()
	var rows []struct {
		Scope, Pillar int
		Label         models.Label
		N             int
	}
	if err := s.st.Rows(s.t.Context(), &rows, q); err != nil {
		s.t.Fatal(err)
	}
	got := map[cell]int{}
	for _, r := range rows {
		got[cell{r.Scope, r.Pillar, r.Label}] += r.N
	}
	if !maps.Equal(got, want) {
		s.t.Fatalf("%s holds %v, the insights say %v", name, got, want)
	}
}

func (s *session) checkCodes(k kept) {
	s.t.Helper()
	var joined []struct {
		ID     models.ID
		Kind   string
		Pillar models.Pillar
	}
	if err := s.st.Rows(s.t.Context(), &joined, "SELECT c.id, c.kind, c.pillar FROM insight_codes j JOIN codes c ON c.id = j.code_id WHERE j.insight_seq = ?", k.Seq); err != nil {
		s.t.Fatal(err)
	}
	mask, others := 0, 0
	for _, c := range joined {
		if c.Kind == "pillar" {
			mask |= c.Pillar.Mask()
			continue
		}
		others++
		if !strings.Contains(k.CodeIds, c.ID.String()) {
			s.t.Fatalf("code %v is joined and not in code_ids %q", c.ID, k.CodeIds)
		}
	}
	if mask != k.PillarMask || others != len(strings.Fields(k.CodeIds)) {
		s.t.Fatalf("mask %b and %q, joined %b and %d", k.PillarMask, k.CodeIds, mask, others)
	}
	if k.PrimaryPillar != models.PillarNone && k.PillarMask&k.PrimaryPillar.Mask() == 0 {
		s.t.Fatalf("the primary pillar %v is not in the mask %b", k.PrimaryPillar, k.PillarMask)
	}
}

// TestInsights_tablesFollowEveryChange does random things to a roundtable and
// its insights, and compares what is derived with what it is derived from.
func TestInsights_tablesFollowEveryChange(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newSession(t, append(threeSectors, models.Academia, models.HostStaff)...)
		defer s.close()
		book, err := s.st.Codebook(t.Context(), s.lead)
		if err != nil {
			rt.Fatal(err)
		}
		var ids []models.ID
		var undos []models.ID
		private := false
		pick := func(name string) models.ID { return rapid.SampledFrom(ids).Draw(rt, name) }
		n := 0
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			var undo models.ID
			var err error
			step := rapid.SampledFrom([]string{"capture", "capture", "edit", "delete", "tag", "state", "paraphrase", "speaker", "undo", "room", "flag"}).Draw(rt, "step")
			if len(ids) == 0 {
				step = "capture"
			}
			switch step {
			case "capture":
				n++
				line := fmt.Sprintf("Said w%d @s%d %s %s", n, rapid.IntRange(1, 14).Draw(rt, "seat"),
					rapid.SampledFrom([]string{"", "#s", "#t #e", "#d !dissent"}).Draw(rt, "pillars"),
					rapid.SampledFrom([]string{"", "", "%nato ^networks", "=deep", "=off", "+quad"}).Draw(rt, "marks"))
				var i models.Insight
				in := models.CaptureInput{Roundtable: s.room, Line: line, Item: rapid.SampledFrom(append(s.items, 0)).Draw(rt, "item")}
				if i, err = s.st.CaptureInsight(t.Context(), s.lead, in); err == nil {
					ids = append(ids, i.ID())
				}
			case "edit":
				n++
				in := models.InsightEdit{
					Text: fmt.Sprintf("Edited w%d", n), Kind: models.Proposal, Speaker: rapid.SampledFrom(append(s.guests, 0)).Draw(rt, "speaker"),
					KeepSpeaker: rapid.Bool().Draw(rt, "keep"), Item: rapid.SampledFrom(s.items).Draw(rt, "item"),
					Flag: rapid.SampledFrom([]models.Regime{0, 0, models.DeepBackground, models.OffTheRecord}).Draw(rt, "flag"),
				}
				if rapid.Bool().Draw(rt, "pillars") {
					in.Pillars = []models.Pillar{models.Alliances, models.Security}
				}
				undo, err = s.st.EditInsight(t.Context(), s.lead, pick("edited"), in)
			case "delete":
				undo, err = s.st.DeleteInsight(t.Context(), s.lead, pick("deleted"))
			case "tag":
				change := models.TagChange{AddCodes: []models.ID{rapid.SampledFrom(book.Of(models.CodeForum)).Draw(rt, "forum").ID}}
				if rapid.Bool().Draw(rt, "remove") {
					change.RemovePillars = []models.Pillar{models.Security, models.Technology}
				} else {
					change.AddPillars = []models.Pillar{models.Diplomacy}
				}
				r, e := s.st.TagInsights(t.Context(), s.lead, []models.ID{pick("tagged"), pick("tagged too")}, change)
				undo, err = r.Undo, e
			case "state":
				r, e := s.st.SetInsightStates(t.Context(), s.lead, []models.ID{pick("set"), pick("set too")}, rapid.SampledFrom(models.InsightStates).Draw(rt, "state"))
				undo, err = r.Undo, e
			case "paraphrase":
				err = s.st.SetParaphrase(t.Context(), s.lead, pick("paraphrased"), "In our voice", rapid.Bool().Draw(rt, "ready"))
			case "speaker":
				undo, err = s.st.ResolveSpeaker(t.Context(), s.lead, pick("resolved"), rapid.SampledFrom(append(s.guests, 0)).Draw(rt, "who"))
			case "flag":
				err = s.st.TakeBackFlag(t.Context(), s.lead, pick("flagged"))
			case "undo":
				if len(undos) > 0 {
					_, err = s.st.TakeBack(t.Context(), s.lead, rapid.SampledFrom(undos).Draw(rt, "act"))
				}
			case "room":
				private = s.changeRoom(rt, private)
			}
			var invalid *models.InvalidError
			if err != nil && !errors.Is(err, models.ErrConflict) && !errors.Is(err, models.ErrNotFound) && !errors.As(err, &invalid) {
				rt.Fatalf("%s: %v", step, err)
			}
			if undo != 0 {
				undos = append(undos, undo)
			}
			s.checkTables(private)
			s.checkAnalysed()
		}
	})
}

// changeRoom changes what the roundtable's insights are shown by.
func (s *session) changeRoom(rt *rapid.T, private bool) bool {
	guest := rapid.SampledFrom(s.guests).Draw(rt, "guest")
	switch rapid.SampledFrom([]string{"private", "date", "sector", "left", "preference", "regime", "item"}).Draw(rt, "room") {
	case "private":
		private = !private
		s.exec("UPDATE roundtables SET private = ?", private)
	case "date":
		s.exec("UPDATE roundtables SET starts_local = ?", rapid.SampledFrom([]string{"2026-09-24T09:00", "2026-10-02T09:00", ""}).Draw(rt, "date"))
	case "sector":
		s.exec("UPDATE guests SET sector = ? WHERE id = ?", rapid.SampledFrom(models.Sectors).Draw(rt, "sector"), guest)
	case "left":
		s.exec("UPDATE guests SET state = 'no_show' WHERE id = ?", guest)
	case "preference":
		s.exec("UPDATE guests SET preference = ? WHERE id = ?", rapid.SampledFrom(models.Regimes).Draw(rt, "preference"), guest)
	case "regime":
		s.exec("UPDATE roundtables SET regime = ?", rapid.SampledFrom(models.Regimes[:4]).Draw(rt, "rule"))
	case "item":
		s.exec("UPDATE agenda_items SET regime = ? WHERE id = ?", models.Background, s.items[0])
	}
	if err := s.st.RecomputeRoom(s.t.Context(), s.room); err != nil {
		rt.Fatal(err)
	}
	return private
}

func TestInsights_aRuleNeverFallsByAChange(t *testing.T) {
	s := newSession(t, threeSectors...)
	s.exec("UPDATE guests SET preference = ? WHERE id = ?", models.DeepBackground, s.guests[3])
	i := s.capture("Said w1 @s4")
	if i.Regime() != models.DeepBackground {
		t.Fatalf("the speaker's preference: %v", i.Regime())
	}
	if _, err := s.st.ResolveSpeaker(t.Context(), s.lead, i.ID(), s.guests[5]); err != nil {
		t.Fatal(err)
	}
	s.exec("UPDATE guests SET preference = 0")
	if err := s.st.RecomputeRoom(t.Context(), s.room); err != nil {
		t.Fatal(err)
	}
	if k := s.all()[0]; k.Regime != models.DeepBackground {
		t.Errorf("another speaker and another wish: %v", k.Regime)
	}
	if err := s.st.Exec(t.Context(), "UPDATE insights SET regime = 3"); err == nil {
		t.Error("the database let the rule fall")
	}
}

func TestInsights_theAuthorTakesTheirFlagBackWithinTwoMinutes(t *testing.T) {
	s := newSession(t, threeSectors...)
	soon, late := s.capture("Said w1 =deep @s4"), s.capture("Said w2 =deep")
	s.clock.Advance(time.Minute)
	if err := s.st.TakeBackFlag(t.Context(), s.lead, soon.ID()); err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(2 * time.Minute)
	if err := s.st.TakeBackFlag(t.Context(), s.lead, late.ID()); !errors.Is(err, models.ErrConflict) {
		t.Errorf("after two minutes: %v", err)
	}
	all := s.all()
	if all[0].Regime != models.ChathamHouse || all[1].Regime != models.DeepBackground {
		t.Errorf("regimes %v and %v", all[0].Regime, all[1].Regime)
	}
}

func TestInsights_offTheRecordForgetsTheSpeakerForGood(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("Said w1 @s4")
	undo, err := s.st.ResolveSpeaker(t.Context(), s.lead, i.ID(), s.guests[4])
	if err != nil {
		t.Fatal(err)
	}
	later, err := s.st.EditInsight(t.Context(), s.lead, i.ID(), models.InsightEdit{Text: "Said w1", KeepSpeaker: true, Flag: models.OffTheRecord})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []models.ID{undo, later} {
		_, _ = s.st.TakeBack(t.Context(), s.lead, u) // whatever it does, it brings nobody back
	}
	if n := s.count("SELECT count(*) FROM insight_speakers"); n != 0 {
		t.Error("the speaker is kept")
	}
	for _, g := range s.guests[3:5] {
		if n := s.count("SELECT count(*) FROM undos WHERE payload LIKE ?", fmt.Sprintf("%%%d%%", int64(g))); n != 0 {
			t.Error("the speaker is kept in an undo")
		}
	}
}

func TestInsights_closedLevelsOnlyFall(t *testing.T) {
	s := newSession(t, threeSectors[:9]...)
	s.capture("Said w1 @s4")
	for _, step := range []struct {
		status, state string
		want          models.Label
	}{
		{"held", "no_show", models.LabelNone},
		{"held", "attended", models.Label(models.Industry)},
		{"closed", "attended", models.Label(models.Industry)},
		{"closed", "no_show", models.LabelNone},
		{"closed", "attended", models.LabelNone},
	} {
		s.exec("UPDATE roundtables SET status = ?", step.status)
		s.exec("UPDATE guests SET state = ? WHERE id = ?", step.state, s.guests[5])
		if err := s.st.RecomputeRoom(t.Context(), s.room); err != nil {
			t.Fatal(err)
		}
		if got := s.all()[0].LabelStaff; got != step.want {
			t.Errorf("%s, guest 6 %s: staff see %q, want %q", step.status, step.state, got.Name(), step.want.Name())
		}
	}
}

func TestSetInsightStates_releaseIsTheLeads(t *testing.T) {
	s := newSession(t, threeSectors...)
	a, b, c := s.capture("Said w1 @s4"), s.capture("Said w2 =off"), s.capture("Said w3 =deep")
	r, err := s.st.SetInsightStates(t.Context(), s.lead, []models.ID{a.ID(), b.ID(), c.ID(), a.ID()}, models.Released)
	if err != nil || r.Changed != 1 || r.OffRecord != 1 || r.NoParaphrase != 1 || r.Undo == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	s.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'analyst', 1)", s.room, s.other.Account())
	analyst := storetest.Viewer(t, s.st, "ot.her@example.org")
	if _, err := s.st.SetInsightStates(t.Context(), analyst, []models.ID{a.ID()}, models.Reviewed); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("an analyst takes a release back: %v", err)
	}
	if _, err := s.st.SetInsightStates(t.Context(), analyst, []models.ID{b.ID()}, models.Reviewed); err != nil {
		t.Errorf("an analyst reviews: %v", err)
	}
	if _, err := s.st.EditInsight(t.Context(), analyst, a.ID(), models.InsightEdit{Text: "x"}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("an analyst edits: %v", err)
	}
	if _, err := s.st.TakeBack(t.Context(), s.lead, r.Undo); err != nil {
		t.Fatal(err)
	}
	if k := s.all()[0]; k.State != models.Captured {
		t.Errorf("after undo: %v", k.State)
	}
}

func TestEditInsight_anotherRevisionIsAConflict(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("Said w1 @s4")
	undo, err := s.st.EditInsight(t.Context(), s.lead, i.ID(), models.InsightEdit{Revision: 1, Text: "Said w2", KeepSpeaker: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.EditInsight(t.Context(), s.lead, i.ID(), models.InsightEdit{Revision: 1, Text: "Said w3"}); !errors.Is(err, models.ErrConflict) {
		t.Errorf("an old revision: %v", err)
	}
	if _, err := s.st.TakeBack(t.Context(), s.lead, undo); err != nil {
		t.Fatal(err)
	}
	if k := s.all()[0]; k.Text != "Said w1" || k.Revision != 3 {
		t.Errorf("after undo: %q at %d", k.Text, k.Revision)
	}
}

func TestInsights_anInstituteMayKeepSectorsAlone(t *testing.T) {
	s := newSession(t, threeSectors...)
	early := s.capture("Said w1 @s4")
	s.exec(`INSERT INTO settings (key, value) VALUES ('institute', '{"SectorsOnly":true}')`)
	if err := s.st.RecomputeRoom(t.Context(), s.room); err != nil {
		t.Fatal(err)
	}
	late := s.capture("Said w2 @s4 @nobody")
	if late.SpeakerName() != "" || late.SpeakerSector() != models.Industry || late.Unresolved() != "" {
		t.Errorf("kept of the speaker: %q %v %q", late.SpeakerName(), late.SpeakerSector(), late.Unresolved())
	}
	if n := s.count("SELECT count(*) FROM insight_speakers"); n != 1 {
		t.Errorf("%d speakers are kept, want the one from before", n)
	}
	if k := s.all()[1]; k.LabelStaff != models.Label(models.Industry) {
		t.Errorf("staff see %q", k.LabelStaff.Name())
	}
	if early.SpeakerName() == "" {
		t.Error("before the setting the name was kept")
	}
}

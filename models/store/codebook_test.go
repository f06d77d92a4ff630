package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

// tag makes a tag by name.
func (s *session) tag(name string) models.CodeEntry {
	s.t.Helper()
	id, _, err := s.st.CreateCode(s.t.Context(), s.other, models.CodeInput{Kind: models.CodeTag, Name: name})
	if err != nil {
		s.t.Fatal(err)
	}
	e, ok := s.book().Entry(id)
	if !ok {
		s.t.Fatalf("no code after making %q", name)
	}
	return e
}

func (s *session) book() models.Codebook {
	s.t.Helper()
	book, err := s.st.Codebook(s.t.Context(), s.lead)
	if err != nil {
		s.t.Fatal(err)
	}
	return book
}

// under counts what the team finds under a tag.
func (s *session) under(key string) int {
	s.t.Helper()
	n, _, err := s.st.CountInsights(s.t.Context(), s.lead, models.InsightFilter{}.With(models.FacetTag, key))
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// tagsOf returns the names of an insight's tags, sorted.
func (s *session) tagsOf(id models.ID) string {
	s.t.Helper()
	i, err := s.st.Insight(s.t.Context(), s.lead, id)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, tag := range i.Tags() {
		out = append(out, tag.Name)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// joined compares the join table with the ids that the rows hold.
func (s *session) joined() {
	s.t.Helper()
	for _, k := range s.all() {
		s.checkCodes(k)
	}
}

func (s *session) takeBack(undo models.ID) {
	s.t.Helper()
	if _, err := s.st.TakeBack(s.t.Context(), s.other, undo); err != nil {
		s.t.Fatal(err)
	}
}

func TestMergeCodes_retagsAndIsTakenBack(t *testing.T) {
	s := newSession(t, models.Academia, models.Industry, models.Congress)
	keep, gone, third := s.tag("cable repair"), s.tag("cable-repairs old"), s.tag("ships")
	one := s.capture("@s1 Crews are short +cable-repairs-old +ships")
	both := s.capture("@s2 Permits are slow +cable-repair +cable-repairs-old")
	two := s.capture("@s3 Splicing takes weeks +cable-repairs-old +ships")
	undo, err := s.st.MergeCodes(t.Context(), s.other, models.MergeInput{Codes: []models.ID{keep.ID, gone.ID, third.ID}, Keep: keep.ID, Spellings: true})
	if err != nil {
		t.Fatal(err)
	}
	s.joined()
	for _, i := range []models.Insight{one, both, two} {
		if got := s.tagsOf(i.ID()); got != "cable repair" {
			t.Errorf("after the merge an insight carries %q", got)
		}
		if now, _ := s.st.Insight(t.Context(), s.lead, i.ID()); now.Revision() != i.Revision()+1 {
			t.Errorf("the revision is %d, was %d", now.Revision(), i.Revision())
		}
	}
	if s.under("cable-repair") != 3 || s.under("ships") != 3 {
		t.Errorf("found under the kept key %d, under a merged one %d, want 3 and 3", s.under("cable-repair"), s.under("ships"))
	}
	after := s.capture("@s1 A fleet of their own +ships")
	if got := s.tagsOf(after.ID()); got != "cable repair" {
		t.Errorf("a line with the old key carries %q", got)
	}
	// One is changed since: it keeps what the merge gave it.
	if _, err := s.st.TagInsights(t.Context(), s.lead, []models.ID{two.ID()}, models.TagChange{DropCodes: []models.ID{keep.ID}}); err != nil {
		t.Fatal(err)
	}
	s.takeBack(undo)
	s.joined()
	for id, want := range map[models.ID]string{one.ID(): "cable-repairs old,ships", both.ID(): "cable repair,cable-repairs old", two.ID(): "", after.ID(): "cable repair"} {
		if got := s.tagsOf(id); got != want {
			t.Errorf("taken back, an insight carries %q, want %q", got, want)
		}
	}
	if s.under("cable-repair") != 2 || s.under("cable-repairs-old") != 2 || s.under("ships") != 1 {
		t.Errorf("taken back, found %d, %d and %d, want 2, 2 and 1", s.under("cable-repair"), s.under("cable-repairs-old"), s.under("ships"))
	}
}

func TestMergeCodes_isFoundAfterTheRoomWasIndexedAnew(t *testing.T) {
	s := newSession(t, models.Academia)
	keep, gone := s.tag("repair"), s.tag("mending")
	s.capture("@s1 Crews are short +mending")
	undo, err := s.st.MergeCodes(t.Context(), s.other, models.MergeInput{Codes: []models.ID{keep.ID, gone.ID}, Keep: keep.ID})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.st.RecomputeRoom(t.Context(), s.room); err != nil {
		t.Fatal(err)
	}
	if s.under("repair") != 1 {
		t.Error("indexed anew, the insight is not found under the kept tag")
	}
	s.takeBack(undo)
	if s.under("mending") != 1 || s.under("repair") != 0 {
		t.Errorf("taken back, found %d under the old tag and %d under the other, want 1 and 0", s.under("mending"), s.under("repair"))
	}
}

func TestMergeCodes_costsTheSameStatementsForManyAsForFew(t *testing.T) {
	sameStatements(t, func(t *testing.T, n int) (*store.Store, func() error) {
		s := newSession(t, models.Academia)
		keep, gone := s.tag("repair"), s.tag("mending")
		for i := range n {
			s.capture(fmt.Sprintf("@s1 Statement number %d +mending", i))
		}
		return s.st, func() error {
			return second(s.st.MergeCodes(t.Context(), s.other, models.MergeInput{Codes: []models.ID{keep.ID, gone.ID}, Keep: keep.ID, Spellings: true}))
		}
	})
}

func TestSplitCode_movesWhatTheRuleChoosesAndIsTakenBack(t *testing.T) {
	s := newSession(t, models.Academia, models.Industry)
	s.tag("supply")
	stock := s.capture("@s1 Stockpiles rot +supply #e")
	other := s.capture("@s2 Freight is dear +supply #s")
	in := models.SplitInput{Name: "stockpiles", Words: "stockpiles"}
	supply, _ := s.book().Resolve(models.CodeTag, "supply")
	if _, err := s.st.PreviewSplit(t.Context(), s.other, supply.ID, models.SplitInput{Name: "x"}); !invalidAt(err, "words") {
		t.Errorf("without a rule: %v", err)
	}
	for _, name := range []string{"", "supply"} {
		if _, err := s.st.PreviewSplit(t.Context(), s.other, supply.ID, models.SplitInput{Name: name, Words: "stockpiles"}); !invalidAt(err, "name") {
			t.Errorf("previewed under the name %q: %v", name, err)
		}
	}
	// The analyst is not on the team and reads nothing that is not reviewed.
	if p, err := s.st.PreviewSplit(t.Context(), s.other, supply.ID, in); err != nil || p.Count.N != 0 {
		t.Errorf("previewed %+v, %v; want none", p.Count, err)
	}
	if _, err := s.st.SetInsightStates(t.Context(), s.lead, []models.ID{stock.ID(), other.ID()}, models.Reviewed); err != nil {
		t.Fatal(err)
	}
	if p, err := s.st.PreviewSplit(t.Context(), s.other, supply.ID, in); err != nil || p.Count.N != 1 || len(p.Examples) != 1 {
		t.Errorf("previewed %+v, %v; want one", p, err)
	}
	n, undo, err := s.st.SplitCode(t.Context(), s.other, supply.ID, in)
	if err != nil || n != 1 {
		t.Fatalf("split %d, %v", n, err)
	}
	s.joined()
	if s.tagsOf(stock.ID()) != "stockpiles" || s.tagsOf(other.ID()) != "supply" || s.under("stockpiles") != 1 || s.under("supply") != 1 {
		t.Errorf("after the split: %q and %q", s.tagsOf(stock.ID()), s.tagsOf(other.ID()))
	}
	s.takeBack(undo)
	if _, there := s.book().Resolve(models.CodeTag, "stockpiles"); there || s.tagsOf(stock.ID()) != "supply" || s.under("supply") != 2 {
		t.Errorf("taken back: still there %t, carries %q, found %d", there, s.tagsOf(stock.ID()), s.under("supply"))
	}
}

func invalidAt(err error, field string) bool {
	var bad *models.InvalidError
	return errors.As(err, &bad) && bad.Fields[field] != ""
}

func TestEditCode_keepsOneMeaningPerSpellingAndRefusesAStaleForm(t *testing.T) {
	s := newSession(t)
	one, two := s.tag("repair"), s.tag("ships")
	in := models.CodeInput{Name: "Cable repair", Aliases: "mending, splicing", Colour: "teal", Shortcut: "r", Definition: "At sea.", Revision: one.Revision}
	undo, err := s.st.EditCode(t.Context(), s.other, one.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.EditCode(t.Context(), s.other, one.ID, in); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a stale form: %v", err)
	}
	for field, in := range map[string]models.CodeInput{
		"name": {Name: "Mending"}, "aliases": {Name: "ships", Aliases: "Splicing"}, "shortcut": {Name: "ships", Shortcut: "r"}, "colour": {Name: "ships", Colour: "red; x"},
	} {
		in.Revision = two.Revision
		if _, err := s.st.EditCode(t.Context(), s.other, two.ID, in); !invalidAt(err, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if got := s.capture("Crews are short +r"); s.tagsOf(got.ID()) != "Cable repair" {
		t.Errorf("the shortcut means %q", s.tagsOf(got.ID()))
	}
	s.takeBack(undo)
	if now, _ := s.book().Entry(one.ID); now.Name != "repair" || now.Shortcut != "" || len(now.Aliases) != 0 {
		t.Errorf("taken back: %+v", now)
	}
}

func TestCodebook_pillarsStayFive(t *testing.T) {
	s := newSession(t)
	security := s.book().Of(models.CodePillar)[0]
	if _, err := s.st.ArchiveCodes(t.Context(), s.other, []models.ID{security.ID}, true); !invalidAt(err, "id") {
		t.Errorf("archived: %v", err)
	}
	if _, _, err := s.st.CreateCode(t.Context(), s.other, models.CodeInput{Kind: models.CodePillar, Name: "Sixth"}); !invalidAt(err, "kind") {
		t.Errorf("a sixth: %v", err)
	}
	if _, err := s.st.EditCode(t.Context(), s.other, security.ID, models.CodeInput{Name: "Security", Definition: "Own words.", Aliases: "s, sec", Revision: security.Revision}); err != nil {
		t.Error(err)
	}
	if now, _ := s.book().Entry(security.ID); now.Definition != "Own words." || now.Pillar != models.Security {
		t.Errorf("edited: %+v", now)
	}
}

func TestCodebook_orderAndArchiveReachCaptureAtOnce(t *testing.T) {
	s := newSession(t)
	one, two := s.tag("repair"), s.tag("ships")
	i := s.capture("Crews are short +repair")
	first := func() string { return models.Completions("+", s.book().Vocabulary(nil))[0].Label }
	undo, err := s.st.MoveCode(t.Context(), s.other, two.ID, one.ID)
	if err != nil || first() != "ships" {
		t.Errorf("moved up, the first offered is %q, %v", first(), err)
	}
	s.takeBack(undo)
	if first() != "repair" {
		t.Errorf("taken back, the first offered is %q", first())
	}
	undo, err = s.st.ArchiveCodes(t.Context(), s.other, []models.ID{one.ID}, true)
	if err != nil || first() != "ships" || s.tagsOf(i.ID()) != "repair" || s.under("repair") != 1 {
		t.Errorf("archived: offered %q, carried %q, found %d, %v", first(), s.tagsOf(i.ID()), s.under("repair"), err)
	}
	if _, err := s.st.CreateTag(t.Context(), s.lead, s.room, models.TagInput{Name: "Repair"}); !invalidAt(err, "name") {
		t.Errorf("made again while archived: %v", err)
	}
	s.takeBack(undo)
	if first() != "repair" {
		t.Error("restored, it is not offered")
	}
}

func TestCodebook_everyChangeIsAVersionAndAnalystsAlonemake(t *testing.T) {
	s := newSession(t)
	before, err := s.st.CodebookVersions(t.Context(), s.lead)
	if err != nil {
		t.Fatal(err)
	}
	e := s.tag("repair")
	undo, err := s.st.ArchiveCodes(t.Context(), s.other, []models.ID{e.ID}, true)
	if err != nil {
		t.Fatal(err)
	}
	s.takeBack(undo)
	after, err := s.st.CodebookVersions(t.Context(), s.lead)
	if err != nil || len(after) != len(before)+3 || after[0].Version != before[0].Version+3 || after[1].What != "Archived “repair”" || after[1].Who != "Ot Her" {
		t.Errorf("%d versions after three changes of %d: %+v, %v", len(after), len(before), after[:2], err)
	}
	if _, _, err := s.st.CreateCode(t.Context(), s.lead, models.CodeInput{Kind: models.CodeTag, Name: "no"}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a convener: %v", err)
	}
	if _, err := s.st.CodebookPage(t.Context(), models.Anonymous()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

func TestFreezeCodebook_keepsTheBookOfTheVersionThatABriefNames(t *testing.T) {
	s := newSession(t)
	e := s.tag("repair")
	version, err := s.st.FreezeCodebook(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.EditCode(t.Context(), s.other, e.ID, models.CodeInput{Name: "mending", Revision: e.Revision}); err != nil {
		t.Fatal(err)
	}
	book, v, err := s.st.FrozenCodebook(t.Context(), s.lead, version)
	if was, ok := book.Entry(e.ID); err != nil || !ok || was.Name != "repair" || !v.Frozen {
		t.Errorf("frozen: %+v, %+v, %v", was, v, err)
	}
	if _, _, err := s.st.FrozenCodebook(t.Context(), s.lead, version+1); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a version that nothing names: %v", err)
	}
	if again, err := s.st.FreezeCodebook(t.Context()); err != nil || again != version+1 {
		t.Errorf("frozen again: %d, %v", again, err)
	}
}

func TestCodebookPage_countsWhatTheReaderSees(t *testing.T) {
	s := newSession(t, models.Academia)
	e := s.tag("repair")
	i := s.capture("@s1 Crews are short +repair #s")
	count := func(v models.Viewer) int {
		p, err := s.st.CodebookPage(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		return p.Counts[e.ID].N
	}
	if count(s.lead) != 1 || count(s.other) != 0 {
		t.Errorf("captured: the team counts %d, others %d", count(s.lead), count(s.other))
	}
	if _, err := s.st.SetInsightStates(t.Context(), s.lead, []models.ID{i.ID()}, models.Reviewed); err != nil {
		t.Fatal(err)
	}
	if count(s.other) != 1 {
		t.Errorf("reviewed: others count %d", count(s.other))
	}
}

package models

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawRegime(t *rapid.T, name string) Regime {
	return Regime(rapid.IntRange(int(RegimeNone), int(OffTheRecord)+1).Draw(t, name))
}

func drawInputs(t *rapid.T) RegimeInputs {
	return RegimeInputs{
		Room: drawRegime(t, "room"), Item: drawRegime(t, "item"), Flag: drawRegime(t, "flag"),
		Speaker: drawRegime(t, "speaker"), Raised: drawRegime(t, "raised"),
	}
}

func TestRegime_strictestHoldsAndAbsentConstrainsNothing(t *testing.T) {
	for _, c := range []struct {
		in   RegimeInputs
		want Regime
	}{
		{RegimeInputs{Room: ChathamHouse}, ChathamHouse},
		{RegimeInputs{Room: OnTheRecord, Item: Background}, Background},
		{RegimeInputs{Room: ChathamHouse, Item: OnTheRecord}, ChathamHouse},
		{RegimeInputs{Room: OnTheRecord, Flag: DeepBackground, Speaker: Background}, DeepBackground},
		{RegimeInputs{Room: OnTheRecord, Speaker: OffTheRecord}, OffTheRecord},
		{RegimeInputs{Room: OnTheRecord, Raised: ChathamHouse}, ChathamHouse},
		{RegimeInputs{Room: OnTheRecord, Item: Regime(42)}, OffTheRecord},
		{RegimeInputs{Room: Regime(-1)}, OffTheRecord},
		{RegimeInputs{}, OffTheRecord},
	} {
		if got := c.in.Effective(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.in, got.Name(), c.want.Name())
		}
	}
}

func TestRegime_laterChangesOnlyRaise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, in := drawRegime(t, "old"), drawInputs(t)
		got := Recompute(old, in)
		if got < old.read() || got < in.Effective() || got == RegimeNone || (got != old.read() && got != in.Effective() && old != RegimeNone) {
			t.Fatalf("%s became %s, inputs say %s", old.Name(), got.Name(), in.Effective().Name())
		}
	})
}

func TestRegime_ownFlagIsTakenBackByItsAuthorWithinTwoMinutes(t *testing.T) {
	set := Instant(1_000_000)
	in := RegimeInputs{Room: OnTheRecord, Flag: DeepBackground}
	for name, c := range map[string]struct {
		in         RegimeInputs
		author, by ID
		now        Instant
		want       Regime
		ok         bool
	}{
		"at once":         {in, 1, 1, set, OnTheRecord, true},
		"after 2 minutes": {in, 1, 1, set.Add(2 * time.Minute), OnTheRecord, true},
		"too late":        {in, 1, 1, set.Add(2*time.Minute + 1*time.Millisecond), DeepBackground, false},
		"somebody else":   {in, 1, 2, set, DeepBackground, false},
		"nobody":          {in, 0, 0, set, DeepBackground, false},
		"clock went back": {in, 1, 1, set - 1, DeepBackground, false},
		"no flag":         {RegimeInputs{Room: ChathamHouse}, 1, 1, set, ChathamHouse, false},
		"raised meanwhile": {RegimeInputs{Room: OnTheRecord, Flag: DeepBackground, Raised: ChathamHouse}, 1, 1, set,
			ChathamHouse, true},
	} {
		if got, ok := TakeBackFlag(c.in, c.author, c.by, set, c.now); got != c.want || ok != c.ok {
			t.Errorf("%s: %s %v", name, got.Name(), ok)
		}
	}
}

func TestRegime_fallsOnlyWithEveryConsent(t *testing.T) {
	if MayFall(0, 0) || MayFall(0, 1) || MayFall(2, 1) || !MayFall(1, 1) || !MayFall(2, 2) {
		t.Error("without a speaker never, with speakers only when all agreed")
	}
}

// TestShowTo_theTable is the table of regimes and audiences, cell by cell.
func TestShowTo_theTable(t *testing.T) {
	cells := SmallCells(table(Industry, 9, Congress, 9), true, DefaultThresholds)
	in := ShowInput{
		HasSpeaker: true, Sector: Industry, Cells: cells, Thresholds: DefaultThresholds, ParaphraseReady: true,
		Descriptor: DescriptorFacts{Text: "a senior engineer", Consented: true, Linted: true, Fits: 9},
	}
	industry := Label(Industry)
	for regime, want := range map[Regime][4]Label{
		OnTheRecord:    {LabelNamed, LabelNamed, LabelNamed, LabelNamed},
		Background:     {LabelNamed, LabelDescriptor, LabelDescriptor, LabelDescriptor},
		ChathamHouse:   {LabelNamed, industry, industry, industry},
		DeepBackground: {LabelNamed, LabelNone, LabelNone, LabelNone},
		OffTheRecord:   {LabelNone, LabelWithheld, LabelWithheld, LabelWithheld},
		RegimeNone:     {LabelNone, LabelWithheld, LabelWithheld, LabelWithheld},
		Regime(77):     {LabelNone, LabelWithheld, LabelWithheld, LabelWithheld},
	} {
		for a := Team; a <= Public; a++ {
			in.Regime = regime
			if got := ShowTo(a, in); got.Label != want[a-1] || got.Regime != orOff(regime.read()) {
				t.Errorf("%s to %s: %s under %s", regime.Name(), a.Name(), got.Label.Name(), got.Regime.Name())
			}
		}
	}
	if ShowTo(0, in).Label != LabelWithheld {
		t.Error("nobody sees a row")
	}
}

func TestShowTo_descriptorNeedsConsentLintAndCompany(t *testing.T) {
	full := DescriptorFacts{Text: "a senior engineer", Consented: true, Linted: true, Fits: 5}
	in := ShowInput{Regime: Background, HasSpeaker: true, Sector: Industry, Thresholds: DefaultThresholds,
		Cells: SmallCells(table(Industry, 9), true, DefaultThresholds)}
	for name, change := range map[string]func(*DescriptorFacts){
		"no consent": func(d *DescriptorFacts) { d.Consented = false },
		"lint":       func(d *DescriptorFacts) { d.Linted = false },
		"no words":   func(d *DescriptorFacts) { d.Text = "" },
		"too narrow": func(d *DescriptorFacts) { d.Fits = 4 },
	} {
		in.Descriptor = full
		change(&in.Descriptor)
		if got := ShowTo(Public, in).Label; got != Label(Industry) {
			t.Errorf("%s: shown as %s", name, got.Name())
		}
	}
	in.Descriptor = full
	in.Descriptor.Fits, in.Descriptor.NarrowConsented = 1, true
	if ShowTo(Public, in).Label != LabelDescriptor {
		t.Error("the speaker agreed to a narrower description")
	}
}

func TestShowTo_deepBackgroundWithoutAReadyParaphraseIsWithheld(t *testing.T) {
	in := ShowInput{Regime: DeepBackground, HasSpeaker: true, Sector: Industry}
	for _, a := range OuterAudiences {
		if ShowTo(a, in).Label != LabelWithheld {
			t.Errorf("%s sees it", a.Name())
		}
	}
}

func TestShowTo_rowsWithoutASpeakerHaveNoAttribution(t *testing.T) {
	for _, r := range []Regime{OnTheRecord, Background, ChathamHouse} {
		for a := Team; a <= Public; a++ {
			if got := ShowTo(a, ShowInput{Regime: r, Sector: Industry}); got.Label != LabelNone {
				t.Errorf("%s to %s: %s", r.Name(), a.Name(), got.Label.Name())
			}
		}
	}
}

func TestShowTo_aFewStricterPreferencesDoNotStandOut(t *testing.T) {
	in := ShowInput{
		Regime: ChathamHouse, Without: OnTheRecord, HasSpeaker: true, Sector: Industry,
		Cells: SmallCells(table(Industry, 9), true, DefaultThresholds), Thresholds: DefaultThresholds,
		StricterHolders: 4, // enough for staff (3), not for the others (5)
	}
	if got := ShowTo(Staff, in); got != (Shown{Label(Industry), ChathamHouse}) {
		t.Errorf("staff: %+v", got)
	}
	for _, a := range []Audience{Partner, Public} {
		if got := ShowTo(a, in); got != (Shown{LabelNone, OnTheRecord}) {
			t.Errorf("%s: %+v", a.Name(), got)
		}
		speakerless := ShowInput{Regime: OnTheRecord, Thresholds: DefaultThresholds}
		if ShowTo(a, speakerless) != ShowTo(a, in) {
			t.Error("the row differs from one without a speaker")
		}
	}
	if got := ShowTo(Team, in); got != (Shown{LabelNamed, ChathamHouse}) {
		t.Errorf("team: %+v", got)
	}
	in.Regime = OffTheRecord
	if ShowTo(Public, in).Label != LabelWithheld {
		t.Error("an off-the-record preference leaves the team")
	}
	if n := StricterHolders(ChathamHouse, []Regime{RegimeNone, ChathamHouse, OnTheRecord, DeepBackground, Regime(99)}); n != 2 {
		t.Errorf("%d hold a stricter preference", n)
	}
}

func drawShowInput(t *rapid.T) ShowInput {
	in := drawInputs(t)
	return ShowInput{
		Regime: in.Effective(), Without: in.WithoutSpeaker(), StricterHolders: rapid.IntRange(0, 9).Draw(t, "holders"),
		HasSpeaker: rapid.Bool().Draw(t, "has speaker"), Sector: Sector(rapid.IntRange(0, 8).Draw(t, "sector of speaker")),
		Cells: SmallCells(drawTable(t), rapid.Bool().Draw(t, "attendance"), DefaultThresholds), Thresholds: drawThresholds(t),
		Descriptor: DescriptorFacts{Text: "d", Consented: rapid.Bool().Draw(t, "consented"), Linted: true,
			Fits: rapid.IntRange(0, 9).Draw(t, "fits"), NarrowConsented: rapid.Bool().Draw(t, "narrow")},
		ParaphraseReady: rapid.Bool().Draw(t, "paraphrase"),
	}
}

// TestShowTo_lessTrustedAudiencesNeverSeeMore is T8.
func TestShowTo_lessTrustedAudiencesNeverSeeMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawShowInput(t)
		for a := Staff; a <= Public; a++ {
			more, less := ShowTo(a-1, in), ShowTo(a, in)
			if less.Label.Level() > more.Label.Level() || less.Regime > more.Regime {
				t.Fatalf("%s sees %+v, %s sees %+v", (a - 1).Name(), more, a.Name(), less)
			}
			if less.Label.Level() > ceiling(in.Regime) || less.Regime > in.Regime {
				t.Fatalf("%s under %s: %+v", a.Name(), in.Regime.Name(), less)
			}
		}
	})
}

func TestShowTo_strictnessNeverShowsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawShowInput(t)
		in.Without = RegimeNone
		stricter := in
		stricter.Regime = Recompute(in.Regime, drawInputs(t))
		for _, a := range OuterAudiences {
			if ShowTo(a, stricter).Label.Level() > ShowTo(a, in).Label.Level() {
				t.Fatalf("%s: %s shows more than %s", a.Name(), stricter.Regime.Name(), in.Regime.Name())
			}
		}
	})
}

func TestDerived_tableOfItems(t *testing.T) {
	item := ItemFacts{Reviewed: true, Present: 5}
	for regime, want := range map[Regime]struct {
		names, exists, item, verbatim bool
		people, totals                CountRule
	}{
		OnTheRecord:    {true, true, true, true, CountExact, CountExact},
		Background:     {false, true, true, true, CountByLabel, CountExact},
		ChathamHouse:   {false, true, true, true, CountByLabel, CountExact},
		DeepBackground: {false, true, false, false, CountTotal, CountTotal},
		OffTheRecord:   {false, false, false, false, CountNone, CountNone},
		RegimeNone:     {false, false, false, false, CountNone, CountNone},
	} {
		for _, a := range OuterAudiences {
			if NamesAttendees(regime, a) != want.names || ShowsRoundtable(regime, a) != want.exists ||
				ShowsItem(regime, a, item, DefaultThresholds) != want.item || CountsPeople(regime, a) != want.people ||
				CountsInsight(regime) != want.totals || (regime != RegimeNone && Verbatim(regime, a) != want.verbatim) {
				t.Errorf("%s to %s differs from the table", regime.Name(), a.Name())
			}
		}
		if !NamesAttendees(regime, Team) || !ShowsRoundtable(regime, Team) || !ShowsItem(regime, Team, ItemFacts{}, DefaultThresholds) || CountsPeople(regime, Team) != CountExact {
			t.Errorf("%s hides from the team", regime.Name())
		}
	}
}

func TestDerived_itemOfAnInsightNeedsReviewCompanyAndNoLead(t *testing.T) {
	for name, item := range map[string]ItemFacts{
		"not reviewed": {Present: 9},
		"a lead":       {Reviewed: true, HasLead: true, Present: 9},
		"four present": {Reviewed: true, Present: 4},
	} {
		if ShowsItem(ChathamHouse, Public, item, DefaultThresholds) || !ShowsItem(OnTheRecord, Public, item, DefaultThresholds) {
			t.Errorf("%s: wrong", name)
		}
	}
}

func TestDerived_mixedRoomTakesTheStrictestButAnOffItemHidesItself(t *testing.T) {
	if r := RoomRegime(OnTheRecord, []Regime{RegimeNone, ChathamHouse, OffTheRecord}); r != ChathamHouse {
		t.Errorf("%s", r.Name())
	}
	if r := RoomRegime(OffTheRecord, nil); r != OffTheRecord {
		t.Errorf("%s", r.Name())
	}
	if r := RoomRegime(RegimeNone, []Regime{OnTheRecord}); r != OffTheRecord {
		t.Errorf("a room without a rule is %s", r.Name())
	}
}

func TestDerived_headCountsHideSmallNumbers(t *testing.T) {
	c := SmallCells(table(Industry, 6, Academia, 6, Diplomats, 5), true, DefaultThresholds)
	got := c.HeadCounts(Public, DefaultThresholds)
	want := []HeadCount{{Label(Diplomats), "5"}, {Label(Academia), "6"}, {Label(Industry), "6"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	small := SmallCells(table(Industry, 2), true, DefaultThresholds).HeadCounts(Public, DefaultThresholds)
	if !slices.Equal(small, []HeadCount{{LabelNone, "<5"}}) {
		t.Errorf("%+v", small)
	}
	if CountWords(0, 5) != "0" || CountWords(4, 5) != "<5" || CountWords(5, 5) != "5" {
		t.Error("counts are written wrongly")
	}
}

func TestRegime_everyRuleHasItsSentences(t *testing.T) {
	for _, r := range Regimes {
		if r.GuestSentence() == "" || r.Outside() == "" {
			t.Errorf("%s says nothing", r.Name())
		}
	}
	if Regime(99).GuestSentence() != OffTheRecord.GuestSentence() {
		t.Error("a value that cannot be read is off the record")
	}
}

func TestKeptShown_aCorrectionAfterCloseNeverShowsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) ShowInput {
			return ShowInput{
				Regime: drawRegime(t, name), StricterHolders: rapid.IntRange(0, 9).Draw(t, name+" holders"), HasSpeaker: rapid.Bool().Draw(t, name+" speaker"),
				Sector: Industry, Cells: SmallCells(table(Industry, rapid.IntRange(0, 9).Draw(t, name+" people")), true, DefaultThresholds),
				Thresholds: DefaultThresholds, ParaphraseReady: rapid.Bool().Draw(t, name+" paraphrase"),
			}
		}
		was, is := draw("before"), draw("after")
		was.Without = Regime(rapid.IntRange(int(OnTheRecord), int(OffTheRecord)).Draw(t, "room"))
		is.Without, is.Regime = was.Without, Strictest(was.Regime, is.Regime)
		levels := map[Audience]Level{}
		for _, a := range OuterAudiences {
			before, now := ShowTo(a, was), ShowTo(a, is)
			kept := KeptShown(before, was.Regime, now, is.Without, is.Sector)
			levels[a] = kept.Label.Level()
			if most := max(before.Label.Level(), Content); levels[a] > most || levels[a] > now.Label.Level() {
				t.Fatalf("%s: %v became %v, where a new row would be %v", a.Name(), before, kept, now)
			}
			lowered := before.Label == LabelNone && before.Regime < was.Regime
			if lowered && kept.Label != LabelWithheld && kept.Regime > is.Without {
				t.Fatalf("%s: %v became %v, which tells of a preference", a.Name(), before, kept)
			}
			if again := KeptShown(kept, is.Regime, now, is.Without, is.Sector); again != kept {
				t.Fatalf("%s: %v became %v the second time", a.Name(), kept, again)
			}
		}
		if levels[Public] > levels[Partner] || levels[Partner] > levels[Staff] {
			t.Fatalf("a less trusted audience is shown more: %v", levels)
		}
	})
}

package models

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// canaryFacts returns facts in which every string is a canary that names its
// own field, and every number is set: a field added later is filled as well.
func canaryFacts() InsightFacts {
	var f InsightFacts
	fillCanaries(reflect.ValueOf(&f).Elem(), "")
	f.RoundtableID, f.State, f.Kind, f.EmbargoUntil = roomA, Released, Claim, 0
	f.PrimaryPillar, f.PillarMask = Technology, Technology.Mask()|Security.Mask()
	f.Speaker.Sector = Industry
	f.ItemFacts = ItemFacts{Reviewed: true, Present: 9}
	f.OwnFlag = RegimeNone
	return f
}

func fillCanaries(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("canary" + path)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7_000_001)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillCanaries(v.Index(0), path)
	case reflect.Struct:
		for i := range v.NumField() {
			fillCanaries(v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	default:
		panic("facts hold a " + v.Kind().String())
	}
}

// held lists every canary that a value holds, in unexported fields too.
func held(v reflect.Value, out map[string]bool) map[string]bool {
	switch v.Kind() {
	case reflect.String:
		if v.String() != "" {
			out[strings.TrimPrefix(v.String(), "canary.")] = true
		}
	case reflect.Slice:
		for i := range v.Len() {
			held(v.Index(i), out)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			held(v.Field(i), out)
		}
	}
	return out
}

func underRegime(f InsightFacts, r Regime) InsightFacts {
	f.Regime = r
	in := ShowInput{
		Regime: r, Without: r, HasSpeaker: f.Speaker.Known(), Sector: f.Speaker.Sector, Thresholds: DefaultThresholds,
		Cells:      SmallCells(table(Industry, 9), true, DefaultThresholds),
		Descriptor: DescriptorFacts{Text: f.Speaker.Descriptor, Consented: true, Linted: true, Fits: 9}, ParaphraseReady: f.ParaphraseReady,
	}
	f.ToStaff, f.ToPartner, f.ToPublic = ShowTo(Staff, in), ShowTo(Partner, in), ShowTo(Public, in)
	return f
}

func publicRoom(r Regime) RoomFacts {
	return RoomFacts{ID: roomA, Regime: r, Thresholds: DefaultThresholds}
}

var outsiders = map[Audience]Viewer{Staff: staffAccount(RoleAdmin, nil), Partner: cohostAccount(roomA), Public: Anonymous()}

func TestDisclose_holdsNothingButWhatIsDisclosed(t *testing.T) {
	always := "Roundtable Zone HeldOn Actions.Key Actions.Name Fronts.Key Fronts.Name Forums.Key Forums.Name Tags.Key Tags.Name"
	for regime, more := range map[Regime]string{
		OnTheRecord:    "Text Quotes Item Speaker.Name Speaker.Title Speaker.Organisation",
		Background:     "Text Quotes Item Speaker.Descriptor",
		ChathamHouse:   "Text Quotes Item",
		DeepBackground: "Paraphrase",
	} {
		for a, v := range outsiders {
			i, ok := Disclose(underRegime(canaryFacts(), regime), v, publicRoom(regime), 1)
			if !ok {
				t.Errorf("%s to %s: withheld", regime.Name(), a.Name())
				continue
			}
			got := held(reflect.ValueOf(i), map[string]bool{})
			want := map[string]bool{}
			for _, w := range strings.Fields(always + " " + more) {
				want[w] = true
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s to %s holds %v, want %v", regime.Name(), a.Name(), got, want)
			}
			outsideHasNoTeamColumn(t, i)
		}
	}
}

func outsideHasNoTeamColumn(t *testing.T, i Insight) {
	t.Helper()
	for _, c := range []Column{ColumnSpeakerRecord, ColumnRapporteur, ColumnCapturedAt, ColumnOrder, ColumnReason, ColumnHistory, ColumnParaphrase} {
		if i.Has(c) {
			t.Errorf("%s has column %b", i.Audience().Name(), c)
		}
	}
	by, _ := i.Rapporteur()
	released, _ := i.ReleasedBy()
	if i.Seq() != 0 || i.Pos() != 0 || i.CapturedAt() != 0 || i.Revision() != 0 || i.EditedAt() != 0 || i.ReleasedAt() != 0 ||
		by != 0 || released != 0 || i.SpeakerGuest() != 0 || i.SpeakerPerson() != 0 || i.OwnFlag() != RegimeNone || i.EmbargoUntil() != 0 {
		t.Errorf("%s holds a number of the team's", i.Audience().Name())
	}
}

func TestDisclose_teamHasEverythingButNoSpeakerOffTheRecord(t *testing.T) {
	v := staffAccount(RoleReader, map[ID]TeamRole{roomA: TeamObserver})
	i, ok := Disclose(underRegime(canaryFacts(), DeepBackground), v, publicRoom(DeepBackground), 1)
	if !ok || !i.Has(allColumns) || i.Label() != LabelNamed || i.Text() != "canary.Text" || i.Seat() == "" {
		t.Errorf("the team misses something: %v %v", ok, i.Attribution())
	}
	i, ok = Disclose(underRegime(canaryFacts(), OffTheRecord), v, publicRoom(OffTheRecord), 1)
	if !ok || i.Has(ColumnSpeakerName) || i.Has(ColumnSpeakerRecord) || i.Label() != LabelNone || i.Attribution() != "a participant" {
		t.Error("off the record keeps a speaker")
	}
	for h := range held(reflect.ValueOf(i), map[string]bool{}) {
		if strings.HasPrefix(h, "Speaker") {
			t.Errorf("off the record holds %s", h)
		}
	}
}

func TestDisclose_offTheRecordNeverLeavesTheTeam(t *testing.T) {
	f := underRegime(canaryFacts(), OffTheRecord)
	f.ToStaff = Shown{LabelNamed, OnTheRecord} // even where a stored label is wrong
	for _, v := range outsiders {
		if _, ok := Disclose(f, v, publicRoom(OnTheRecord), 1); ok {
			t.Errorf("%v reads it", v)
		}
	}
}

func TestDisclose_storedLabelAboveTheRegimeIsNotBelieved(t *testing.T) {
	for _, r := range []Regime{Background, ChathamHouse, DeepBackground} {
		f := underRegime(canaryFacts(), r)
		f.ToPublic.Label = LabelNamed
		i, ok := Disclose(f, Anonymous(), publicRoom(r), 1)
		if !ok || i.Label() != LabelNone || i.SpeakerName() != "" {
			t.Errorf("%s: %v", r.Name(), i.Attribution())
		}
	}
}

func TestDisclose_capturedWordsDoNotStandInForAMissingParaphrase(t *testing.T) {
	for name, change := range map[string]func(*InsightFacts){
		"not ready": func(f *InsightFacts) { f.ParaphraseReady = false },
		"empty":     func(f *InsightFacts) { f.Paraphrase = "" },
	} {
		f := underRegime(canaryFacts(), DeepBackground)
		change(&f) // after the label was stored
		for a, v := range outsiders {
			if _, ok := Disclose(f, v, publicRoom(DeepBackground), 1); ok {
				t.Errorf("%s: %s reads the row", name, a.Name())
			}
		}
	}
}

func TestDisclose_byState(t *testing.T) {
	room := publicRoom(OnTheRecord)
	viewers := maxViewers()
	for state, last := range map[InsightState]Audience{Captured: Team, Reviewed: Staff, Released: Public, Struck: 0, InsightState(-1): 0, InsightState(9): 0} {
		f := underRegime(canaryFacts(), OnTheRecord)
		f.State = state
		for a, v := range viewers {
			if _, ok := Disclose(f, v, room, 1); ok != (a <= last) {
				t.Errorf("state %d to %s: %v", state, a.Name(), ok)
			}
		}
	}
}

func maxViewers() map[Audience]Viewer {
	return map[Audience]Viewer{
		Team: staffAccount(RoleReader, map[ID]TeamRole{roomA: TeamObserver}), Staff: outsiders[Staff],
		Partner: outsiders[Partner], Public: outsiders[Public],
	}
}

func TestDisclose_embargoWithholdsUntilItsTime(t *testing.T) {
	f := underRegime(canaryFacts(), OnTheRecord)
	f.EmbargoUntil = 100
	for a, v := range maxViewers() {
		if _, ok := Disclose(f, v, publicRoom(OnTheRecord), 99); ok != (a == Team) {
			t.Errorf("%s before: %v", a.Name(), ok)
		}
		if _, ok := Disclose(f, v, publicRoom(OnTheRecord), 100); !ok {
			t.Errorf("%s after: withheld", a.Name())
		}
	}
}

func TestDisclose_privateRoundtableIsForTeamAndCohosts(t *testing.T) {
	room := publicRoom(OnTheRecord)
	room.Private = true
	for a, v := range maxViewers() {
		if _, ok := Disclose(underRegime(canaryFacts(), OnTheRecord), v, room, 1); ok != (a == Team || a == Partner) {
			t.Errorf("%s: %v", a.Name(), ok)
		}
	}
	if _, ok := Disclose(underRegime(canaryFacts(), OnTheRecord), GuestViewer(3, roomA, "rsvp"), room, 1); ok {
		t.Error("a guest's link opens insights")
	}
}

func TestDisclose_factsOfAnotherRoomAreRefused(t *testing.T) {
	f := canaryFacts()
	f.RoundtableID = roomB
	if _, ok := Disclose(f, System("test"), publicRoom(OnTheRecord), 1); ok {
		t.Error("facts and room do not belong together")
	}
}

func TestInsight_attributionWords(t *testing.T) {
	f := canaryFacts()
	f.Speaker = SpeakerFacts{Guest: 1, Name: "Ana Canary", Title: "", Organisation: "Acme", Sector: Industry, Descriptor: "a chip designer"}
	for r, want := range map[Regime]string{
		OnTheRecord: "Ana Canary, Acme", Background: "a chip designer", ChathamHouse: "a participant from Industry", DeepBackground: "a participant",
	} {
		i, _ := Disclose(underRegime(f, r), Anonymous(), publicRoom(r), 1)
		if i.Attribution() != want {
			t.Errorf("%s: %q, want %q", r.Name(), i.Attribution(), want)
		}
	}
	f.Speaker = SpeakerFacts{Sector: Industry} // sectors only are kept
	i, _ := Disclose(underRegime(f, ChathamHouse), maxViewers()[Team], publicRoom(ChathamHouse), 1)
	if i.Attribution() != "a participant from Industry" {
		t.Errorf("sector only, to the team: %q", i.Attribution())
	}
	f.Speaker = SpeakerFacts{Unresolved: "zed"}
	i, _ = Disclose(underRegime(f, OnTheRecord), Anonymous(), publicRoom(OnTheRecord), 1)
	if i.Attribution() != "a participant" || f.Speaker.Known() {
		t.Errorf("unresolved counts as no speaker: %q", i.Attribution())
	}
}

func TestInsight_printsAsItsID(t *testing.T) {
	i, _ := Disclose(underRegime(canaryFacts(), OnTheRecord), maxViewers()[Team], publicRoom(OnTheRecord), 1)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, x := range []any{i, &i, []Insight{i}} {
			if out := fmt.Sprintf(verb, x); strings.Contains(out, "canary") || !strings.Contains(out, i.ID().String()) {
				t.Errorf("%s prints %q", verb, out)
			}
		}
	}
}

// TestDisclose_exchangedSpeakersLookAlike is the two-world rule for one row:
// whatever is kept of a protected speaker of the same sector, every reader
// outside the team gets the same insight.
func TestDisclose_exchangedSpeakersLookAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawShowInput(t)
		if in.Regime == OnTheRecord || in.Regime == Background {
			in.Regime = ChathamHouse
		}
		f := canaryFacts()
		f.Regime, f.Speaker.Sector, f.ParaphraseReady = in.Regime, in.Sector, in.ParaphraseReady
		f.State = InsightState(rapid.IntRange(0, 3).Draw(t, "state"))
		f.ToStaff, f.ToPartner, f.ToPublic = ShowTo(Staff, in), ShowTo(Partner, in), ShowTo(Public, in)
		g := f
		g.Speaker = SpeakerFacts{Guest: 5, Name: "Other Canary", Organisation: "Elsewhere", Sector: in.Sector, Seat: "S9"}
		g.CapturedAt, g.Seq, g.CapturedByName, g.Revision, g.OwnFlag = 5, 5, "Somebody", 5, ChathamHouse
		for a, v := range outsiders {
			one, ok1 := Disclose(f, v, publicRoom(ChathamHouse), 1)
			two, ok2 := Disclose(g, v, publicRoom(ChathamHouse), 1)
			if ok1 != ok2 || !reflect.DeepEqual(one, two) {
				t.Fatalf("%s tells the two worlds apart", a.Name())
			}
		}
	})
}

// drawLowered draws a row whose speaker asked for more than its room's rule,
// where too few did so for the row to say it, and the same row of somebody who
// asked for nothing.
func drawLowered(t *rapid.T) (lowered, plain InsightFacts) {
	without := Regime(rapid.IntRange(int(OnTheRecord), int(ChathamHouse)).Draw(t, "room"))
	asked := Regime(rapid.IntRange(int(without)+1, int(DeepBackground)).Draw(t, "preference"))
	f := canaryFacts()
	f.Text = rapid.SampledFrom([]string{"Plain words", "They said “no” twice"}).Draw(t, "text")
	f.Quotes, f.Paraphrase, f.ParaphraseReady = Quotations(f.Text), f.Text, true
	f.ItemFacts = ItemFacts{
		Reviewed: rapid.Bool().Draw(t, "reviewed"), HasLead: rapid.Bool().Draw(t, "lead"), Present: rapid.IntRange(0, 9).Draw(t, "present"),
	}
	in := ShowInput{
		Regime: asked, Without: without, StricterHolders: rapid.IntRange(1, 2).Draw(t, "holders"), HasSpeaker: true, Sector: f.Speaker.Sector,
		Cells: SmallCells(table(Industry, 9), true, DefaultThresholds), Thresholds: DefaultThresholds, ParaphraseReady: true,
	}
	lowered, plain = f, f
	lowered.Regime = asked
	lowered.ToStaff, lowered.ToPartner, lowered.ToPublic = ShowTo(Staff, in), ShowTo(Partner, in), ShowTo(Public, in)
	in.Regime, in.HasSpeaker = without, false
	plain.Regime, plain.Speaker = without, SpeakerFacts{}
	plain.ToStaff, plain.ToPartner, plain.ToPublic = ShowTo(Staff, in), ShowTo(Partner, in), ShowTo(Public, in)
	return lowered, plain
}

func TestDisclose_aRowLoweredByAPreferenceLooksLikeTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lowered, plain := drawLowered(t)
		for a, v := range outsiders {
			one, ok := Disclose(lowered, v, publicRoom(plain.Regime), 1)
			other, same := Disclose(plain, v, publicRoom(plain.Regime), 1)
			if ok != same || !reflect.DeepEqual(one, other) {
				t.Fatalf("%s tell them apart:\n%+v %t %s %q\n%+v %t %s %q", a.Name(),
					one.columns, one.Verbatim(), one.Regime().Name(), one.Item(), other.columns, other.Verbatim(), other.Regime().Name(), other.Item())
			}
		}
	})
}

func TestDisclose_aLeadSpeakersItemStandsBesideNoRowWithoutASpeaker(t *testing.T) {
	f := canaryFacts()
	f.Regime, f.ItemFacts = OnTheRecord, ItemFacts{Reviewed: true, HasLead: true, Present: 9}
	f.Speaker = SpeakerFacts{}
	f.ToPublic = Shown{LabelNone, OnTheRecord}
	if i, ok := Disclose(f, Anonymous(), publicRoom(OnTheRecord), 1); !ok || i.Has(ColumnItem) || i.Item() != "" {
		t.Errorf("shown %t, item %q", ok, i.Item())
	}
}

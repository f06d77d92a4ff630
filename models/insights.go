package models

import (
	"fmt"
	"io"
	"strings"
)

// CodeRef is a code of the codebook as an insight carries it: a strategic
// action, a front, a forum or a tag.
type CodeRef struct {
	ID   ID
	Key  string
	Name string
}

// InsightFacts is everything that is kept of one insight. It is used in models
// and in the store only: whoever shows an insight has an Insight.
type InsightFacts struct {
	ID ID
	// Seq and Pos count and order the insights of the roundtable.
	Seq int64
	Pos int64

	RoundtableID ID
	Roundtable   string // title
	Zone         string // the roundtable's IANA zone
	HeldOn       string // local date, 2006-01-02

	ItemID    ID
	Item      string // title
	ItemFacts ItemFacts

	ClientID string
	Kind     Kind
	State    InsightState
	Text     string
	// Quotes are the words of Text that were said verbatim.
	Quotes          []string
	Paraphrase      string
	ParaphraseReady bool

	// Regime is the effective one, OwnFlag the author's for this insight.
	Regime       Regime
	OwnFlag      Regime
	EmbargoUntil Instant
	// Contradicts is the insight that this one speaks against, or zero.
	Contradicts ID

	PrimaryPillar Pillar
	PillarMask    int // the primary one included
	Actions       []CodeRef
	Fronts        []CodeRef
	Forums        []CodeRef
	Tags          []CodeRef

	// ToStaff, ToPartner and ToPublic are what ShowTo returned when the
	// insight or its room last changed.
	ToStaff, ToPartner, ToPublic Shown

	Speaker SpeakerFacts

	CapturedBy     ID
	CapturedByName string
	CapturedAt     Instant
	Revision       int
	EditedAt       Instant
	ReleasedBy     ID
	ReleasedByName string
	ReleasedAt     Instant
}

// SpeakerFacts is what is kept of who said something.
type SpeakerFacts struct {
	Guest        ID
	Person       ID
	Name         string
	Title        string
	Organisation string
	Sector       Sector
	Seat         string // S7
	// Unresolved is the unknown word after @, until somebody resolves it. It
	// counts as no speaker.
	Unresolved string
	// CommittedBy is the guest who promised it, where that is another one.
	CommittedBy ID
	// Descriptor is the description agreed with the speaker.
	Descriptor string
}

// Known reports whether a speaker is on record, by name or by sector alone.
func (s SpeakerFacts) Known() bool { return s.Guest != 0 || s.Name != "" || s.Sector != SectorNone }

// RoomFacts is what of a roundtable decides how its insights are shown.
type RoomFacts struct {
	ID      ID
	Private bool
	// Regime is the regime for facts about the whole roundtable: RoomRegime.
	Regime     Regime
	Thresholds Thresholds
}

// Column names a part of an insight that not every reader may see.
type Column uint32

// The columns that some readers never have. What is not listed (ids of insight
// and roundtable, kind, state, text, pillars, codes, regime, attribution) every
// reader of the row has.
const (
	ColumnItem Column = 1 << iota
	ColumnQuotes
	ColumnParaphrase
	ColumnSpeakerName // with title and organisation
	ColumnSpeakerSector
	ColumnSpeakerRecord // seat, guest, unresolved, descriptor
	ColumnRapporteur
	ColumnCapturedAt
	ColumnOrder
	ColumnReason // own flag, embargo: why the row is as strict as it is
	ColumnHistory
)

const allColumns = ColumnHistory<<1 - 1

// Insight is one captured statement as one reader may see it. It holds nothing
// else: what is not disclosed is not in it. It is made by Disclose alone and
// prints as its id.
type Insight struct {
	shown    InsightFacts
	audience Audience
	label    Label
	columns  Column
}

// Disclose returns the insight as the viewer may see it now, and false where
// the row does not exist for them: another room's, struck, not far enough,
// embargoed, or withheld.
func Disclose(f InsightFacts, v Viewer, room RoomFacts, now Instant) (Insight, bool) {
	if f.RoundtableID != room.ID {
		return Insight{}, false
	}
	a, ok := v.AudienceFor(room.ID, room.Private)
	if !ok || !StateVisible(f.State, a) || Embargoed(f.EmbargoUntil, now, a) {
		return Insight{}, false
	}
	if a == Team {
		return discloseToTeam(f), true
	}
	return discloseOutside(f, a, room)
}

func discloseToTeam(f InsightFacts) Insight {
	out := Insight{shown: f, audience: Team, columns: allColumns}
	switch {
	case orOff(f.Regime.read()) == OffTheRecord:
		out.shown.Speaker = SpeakerFacts{}
		out.columns &^= ColumnSpeakerName | ColumnSpeakerSector | ColumnSpeakerRecord
	case f.Speaker.Name != "":
		out.label = LabelNamed
	default:
		out.label = LabelAt(SectorLevel, f.Speaker.Sector)
	}
	return out
}

// discloseOutside copies what an outer audience may see, one by one: a column
// that is added to the facts stays behind until it is named here.
//
// The stored rule decides whether the row exists and which text is read. What
// stands beside the text follows from the label and the rule that are shown and
// from nothing else: a row that is lowered because its speaker asked for more
// looks like the rows that nobody asked anything for.
func discloseOutside(f InsightFacts, a Audience, room RoomFacts) (Insight, bool) {
	regime := orOff(f.Regime.read())
	shown := f.shownTo(a)
	if !ShowsRoundtable(room.Regime, a) || shown.Label.Level() == Withheld || regime == OffTheRecord {
		return Insight{}, false
	}
	if shown.Label.Level() > ceiling(regime) {
		shown.Label = LabelNone
	}
	if shown.Regime.read() == RegimeNone || shown.Label != LabelNone && shown.Regime < regime {
		shown.Regime = regime // only a row at L0 is shown under a looser rule
	}
	out := Insight{audience: a, label: shown.Label, shown: InsightFacts{
		ID: f.ID, RoundtableID: f.RoundtableID, Roundtable: f.Roundtable, Zone: f.Zone, HeldOn: f.HeldOn,
		Kind: f.Kind, State: f.State, Regime: shown.Regime, Text: f.Text,
		PrimaryPillar: f.PrimaryPillar, PillarMask: f.PillarMask,
		Actions: f.Actions, Fronts: f.Fronts, Forums: f.Forums, Tags: f.Tags,
	}}
	quotes := f.Quotes
	if ReadsParaphrase(regime, a) {
		if !f.ParaphraseReady || f.Paraphrase == "" {
			return Insight{}, false
		}
		out.shown.Text = f.Paraphrase
		quotes = Quotations(f.Paraphrase)
	}
	if Verbatim(shown.Regime, a) {
		out.columns |= ColumnQuotes
		out.shown.Quotes = quotes
	}
	if ShowsItemBeside(shown, a, f.ItemFacts, room.Thresholds) {
		out.columns |= ColumnItem
		out.shown.ItemID, out.shown.Item = f.ItemID, f.Item
	}
	out.discloseSpeaker(f.Speaker)
	return out, true
}

func (i *Insight) discloseSpeaker(s SpeakerFacts) {
	switch i.label.Level() {
	case Named:
		i.columns |= ColumnSpeakerName | ColumnSpeakerSector
		i.shown.Speaker = SpeakerFacts{Name: s.Name, Title: s.Title, Organisation: s.Organisation, Sector: s.Sector}
	case Descriptor:
		i.shown.Speaker.Descriptor = s.Descriptor
	case SectorLevel:
		i.columns |= ColumnSpeakerSector
		i.shown.Speaker.Sector = i.label.Sector()
	}
}

func (f InsightFacts) shownTo(a Audience) Shown {
	switch a {
	case Staff:
		return f.ToStaff
	case Partner:
		return f.ToPartner
	case Public:
		return f.ToPublic
	}
	return Shown{Label: LabelWithheld}
}

// Has reports whether the reader may have all of the columns. The accessors of
// a column the reader may not have return zero.
func (i Insight) Has(c Column) bool { return c != 0 && i.columns&c == c }

// Audience returns as which audience the insight was disclosed.
func (i Insight) Audience() Audience { return i.audience }

// Label returns what is told of the speaker. For the team it is the name, or
// the sector where only that is kept.
func (i Insight) Label() Label { return i.label }

// Attribution returns in words who is shown to have said it: "Name, Title,
// Organization", a description, "a participant from Industry", "a
// non-government participant" or "a participant".
func (i Insight) Attribution() string {
	s := i.shown.Speaker
	words := ""
	switch i.label.Level() {
	case Named:
		words = attributionWords(s.Name, s.Title, s.Organisation)
	case Descriptor:
		words = s.Descriptor
	}
	if words == "" {
		words = i.label.Words()
	}
	return words
}

func attributionWords(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}

// Format prints the insight's id under every verb: no log line holds its words.
func (i Insight) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "insight "+i.shown.ID.String())
}

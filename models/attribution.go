package models

import (
	"strconv"
	"time"
)

// ChathamHouseRule is the Rule, verbatim.
const ChathamHouseRule = "When a meeting, or part thereof, is held under the Chatham House Rule, " +
	"participants are free to use the information received, but neither the identity nor the affiliation " +
	"of the speaker(s), nor that of any other participant, may be revealed."

// RegimeTextVersion numbers the wording of GuestSentence. It is kept with every
// acknowledgement and raised when a sentence changes.
const RegimeTextVersion = 1

var regimeSentences = [...]struct{ guest, outside string }{
	{"", ""},
	{"Whatever you say may be quoted with your name and organization.", "name, title and organization"},
	{"We may quote what you say, described by the kind of work you do, never by name.", "an agreed description only, outside this team"},
	{"We may use what you say. We will never say that you said it, or whom you work for.", "sector only, outside this team"},
	{"We may use the substance in our own voice, without saying that anyone in the room said it.", "the substance in our own words, outside this team"},
	{"Nothing you say will be published, quoted or exported.", "nothing leaves this team, and no speaker is kept"},
}

// GuestSentence says the rule to a guest, in one sentence.
func (r Regime) GuestSentence() string { return regimeSentences[r.read()].guest }

// Outside says in a few words what of a speaker others see: "sector only,
// outside this team". It is for the team.
func (r Regime) Outside() string { return regimeSentences[r.read()].outside }

// RegimeInputs is what an insight's effective regime follows from. RegimeNone
// is absent and constrains nothing; a value that cannot be read is off the
// record.
type RegimeInputs struct {
	// Room is the roundtable's regime, Item that of the agenda item as in force
	// when the words were spoken.
	Room, Item Regime
	// Flag is what the author set on this insight alone.
	Flag Regime
	// Speaker is the speaker's own preference.
	Speaker Regime
	// Raised is what a later act raised this insight to.
	Raised Regime
}

// Effective returns the strictest of the inputs. Where nothing at all is set,
// a rule is missing that must exist: that is off the record.
func (in RegimeInputs) Effective() Regime {
	return orOff(Strictest(in.Room, in.Item, in.Flag, in.Speaker, in.Raised))
}

// WithoutSpeaker returns what would hold if the speaker had no preference.
func (in RegimeInputs) WithoutSpeaker() Regime {
	in.Speaker = RegimeNone
	return in.Effective()
}

func orOff(r Regime) Regime {
	if r == RegimeNone {
		return OffTheRecord
	}
	return r
}

// Recompute returns an insight's regime after a change: moved, merged, split,
// another speaker, an item raised. It may rise and never falls.
func Recompute(old Regime, in RegimeInputs) Regime { return Strictest(orOff(old), in.Effective()) }

// MayFall reports whether an insight's regime may be lowered at all: every
// affected speaker has consented, and there is at least one.
func MayFall(speakers, consents int) bool { return speakers > 0 && consents >= speakers }

// TakeBackWindow is how long an author may take back their own flag.
const TakeBackWindow = 2 * time.Minute

// TakeBackFlag returns the regime without the insight's own flag, and whether
// it may be taken back: by its author, within TakeBackWindow of setting it.
// Everything else that constrains the insight stays.
func TakeBackFlag(in RegimeInputs, author, by ID, set, now Instant) (Regime, bool) {
	if in.Flag == RegimeNone || author == 0 || author != by || now < set || now > set.Add(TakeBackWindow) {
		return in.Effective(), false
	}
	in.Flag = RegimeNone
	return in.Effective(), true
}

// DescriptorFacts is a description of the speaker in place of a name.
type DescriptorFacts struct {
	Text string
	// Consented: the speaker agreed to it, on record.
	Consented bool
	// Linted: the leak lint has no open finding on it.
	Linted bool
	// Fits is how many people of the room it could describe.
	Fits int
	// NarrowConsented: the speaker agreed to it although it fits fewer.
	NarrowConsented bool
}

// usable reports whether the description may stand for the speaker.
func (d DescriptorFacts) usable(k int) bool {
	return d.Text != "" && d.Consented && d.Linted && (d.Fits >= k || d.NarrowConsented)
}

// Shown is how one insight looks to one audience: the label of its speaker and
// the regime it is shown under.
type Shown struct {
	Label  Label
	Regime Regime
}

// ShowInput is everything that Shown follows from. None of it depends on a
// query or on who else is shown.
type ShowInput struct {
	// Regime is the insight's effective regime, as stored.
	Regime Regime
	// Without is what would hold without the speaker's own preference.
	Without Regime
	// StricterHolders counts the people of the room who hold a preference
	// stricter than the room's regime.
	StricterHolders int
	// HasSpeaker: a speaker is known; unresolved counts as none.
	HasSpeaker bool
	// Sector is the speaker's.
	Sector          Sector
	Cells           Cells
	Thresholds      Thresholds
	Descriptor      DescriptorFacts
	ParaphraseReady bool
}

// ShowTo returns how the insight looks to the audience: the table of regimes
// and audiences. State, embargo and privacy come on top, see Disclose. Where
// fewer than k people hold a stricter preference, their rows look like rows
// without a speaker under the regime that the others have.
func ShowTo(a Audience, in ShowInput) Shown {
	regime := orOff(in.Regime.read())
	if !a.Valid() {
		return Shown{LabelWithheld, regime}
	}
	if a == Team {
		if in.HasSpeaker && regime != OffTheRecord {
			return Shown{LabelNamed, regime}
		}
		return Shown{LabelNone, regime}
	}
	k := in.Thresholds.For(a).K
	out := Shown{labelUnder(regime, a, k, in), regime}
	without := in.Without.read()
	if without != RegimeNone && regime > without && in.StricterHolders < k && out.Label.Level() > Withheld {
		out = Shown{LabelNone, without}
	}
	return out
}

// KeptShown returns how an insight looks after a correction in a roundtable
// that is closed: never more than was shown before. A row that was lowered for
// its speaker's preference stays lowered under without, the rule that the
// others have, although more people may hold one now. Only a row that was
// withheld may appear, at L0: a paraphrase can be written later. stored is the
// insight's effective rule before the correction, sector the speaker's now.
func KeptShown(before Shown, stored Regime, now Shown, without Regime, sector Sector) Shown {
	if now.Label.Level() == Withheld {
		return now
	}
	most := max(before.Label.Level(), Content)
	if now.Label.Level() > most {
		now.Label = LabelAt(most, sector)
	}
	lowered := before.Label == LabelNone && before.Regime < stored
	if lowered && now.Regime > without {
		now = Shown{LabelNone, without}
	}
	return now
}

// labelUnder is one row of the table, for an outer audience.
func labelUnder(regime Regime, a Audience, k int, in ShowInput) Label {
	switch {
	case regime == OffTheRecord, regime == DeepBackground && !in.ParaphraseReady:
		return LabelWithheld
	case regime == DeepBackground, !in.HasSpeaker:
		return LabelNone
	case regime == OnTheRecord:
		return LabelNamed
	case regime == Background && in.Descriptor.usable(k):
		return LabelDescriptor
	}
	return in.Cells.Label(a, in.Sector)
}

// ceiling is the highest level the regime allows to anybody outside the team.
func ceiling(r Regime) Level {
	switch r.read() {
	case OnTheRecord:
		return Named
	case Background:
		return Descriptor
	case ChathamHouse:
		return SectorLevel
	case DeepBackground:
		return Content
	}
	return Withheld
}

// StricterHolders counts the people whose preference is stricter than the
// room's regime, for ShowInput.StricterHolders: one preference per person.
func StricterHolders(room Regime, preferences []Regime) int {
	n := 0
	for _, p := range preferences {
		if p.read() > room.read() {
			n++
		}
	}
	return n
}

// Verbatim reports whether an audience may quote the words as they were said.
func Verbatim(r Regime, a Audience) bool {
	switch r.read() {
	case OnTheRecord, Background, ChathamHouse:
		return a.Valid()
	case DeepBackground:
		return a == Team
	}
	return false
}

// ReadsParaphrase reports whether an audience reads the paraphrase in place of
// the captured words.
func ReadsParaphrase(r Regime, a Audience) bool { return r.read() == DeepBackground && a != Team }

// StateVisible reports whether an audience sees insights of the state at all.
func StateVisible(s InsightState, a Audience) bool {
	switch a {
	case Team:
		return s >= Captured && s < Struck
	case Staff:
		return s == Reviewed || s == Released
	case Partner, Public:
		return s == Released
	}
	return false
}

// Embargoed reports whether an embargo still withholds a row from an audience.
// The team that set it is not bound by it.
func Embargoed(until, now Instant, a Audience) bool { return a != Team && now < until }

// RoomRegime returns the regime for facts about a whole roundtable: the
// strictest of its own and its items', except that an off-the-record item
// hides itself and not the room.
func RoomRegime(room Regime, items []Regime) Regime {
	out := orOff(room.read())
	for _, item := range items {
		if item.read() != OffTheRecord {
			out = Strictest(out, item)
		}
	}
	return out
}

// NamesAttendees reports whether names and organisations of those who came, a
// lead speaker among them, may be shown.
func NamesAttendees(room Regime, a Audience) bool {
	return a == Team || (a.Valid() && room == OnTheRecord)
}

// ShowsRoundtable reports whether title, date and existence of a roundtable
// may be shown, given that it is not private to the audience.
func ShowsRoundtable(room Regime, a Audience) bool {
	return a == Team || (a.Valid() && orOff(room.read()) != OffTheRecord)
}

// ItemFacts is what the disclosure of an agenda item follows from.
type ItemFacts struct {
	// Reviewed: the leak lint and a person have passed the title.
	Reviewed bool
	// HasLead: a lead speaker is named for the item.
	HasLead bool
	// Present is how many people who may speak were there.
	Present int
}

// ShowsItem reports whether the agenda item of an insight may be shown, else
// the roundtable alone is.
func ShowsItem(insight Regime, a Audience, item ItemFacts, t Thresholds) bool {
	if a == Team {
		return true
	}
	switch orOff(insight.read()) {
	case OnTheRecord:
		return a.Valid()
	case Background, ChathamHouse:
		return a.Valid() && item.Reviewed && !item.HasLead && item.Present >= t.For(a).K
	}
	return false
}

// ShowsItemBeside reports whether the agenda item stands beside an insight that
// is shown like this. It follows from what is shown, never from the stored rule:
// rows at L0 can be rows of people who asked for more than the roundtable's
// rule, and must look like the others. So every row at L0 takes the condition
// of the Chatham House Rule: an item that names its lead speaker, or that few
// heard, stands beside none of them, even where the roundtable is on the
// record.
func ShowsItemBeside(shown Shown, a Audience, item ItemFacts, t Thresholds) bool {
	regime := shown.Regime
	if a != Team && shown.Label == LabelNone {
		regime = Strictest(regime, ChathamHouse)
	}
	return ShowsItem(regime, a, item, t)
}

// CountRule says how an audience may count people or rows.
type CountRule int

// The rules for counts, from none to exact.
const (
	// CountNone: not even a total.
	CountNone CountRule = iota
	// CountTotal: one total and no parts.
	CountTotal
	// CountByLabel: by disclosed label, see Cells.HeadCounts.
	CountByLabel
	// CountExact: by sector or pillar.
	CountExact
)

// CountsPeople returns how those who came to a roundtable may be counted.
func CountsPeople(room Regime, a Audience) CountRule {
	if a == Team {
		return CountExact
	}
	if !a.Valid() {
		return CountNone
	}
	switch orOff(room.read()) {
	case OnTheRecord:
		return CountExact
	case Background, ChathamHouse:
		return CountByLabel
	case DeepBackground:
		return CountTotal
	}
	return CountNone
}

// CountsInsight returns how an insight counts in public totals: by pillar, in
// the one total only, or not at all.
func CountsInsight(insight Regime) CountRule {
	switch orOff(insight.read()) {
	case OnTheRecord, Background, ChathamHouse:
		return CountExact
	case DeepBackground:
		return CountTotal
	}
	return CountNone
}

// HeadCount is one line of a head-count.
type HeadCount struct {
	Label Label
	// Words is the number, or "<5" where fewer than k are behind it.
	Words string
}

// HeadCounts returns the head-count of a room by disclosed label, in the order
// of Labels, without empty lines.
func (c Cells) HeadCounts(a Audience, t Thresholds) []HeadCount {
	var out []HeadCount
	for _, l := range Labels {
		if n := c.Behind(a, l); n > 0 {
			out = append(out, HeadCount{l, CountWords(n, t.For(a).K)})
		}
	}
	return out
}

// CountWords writes a count of people for an audience with the given k: "<5"
// for 1 to 4.
func CountWords(n, k int) string {
	if n > 0 && n < k {
		return "<" + strconv.Itoa(k)
	}
	return strconv.Itoa(n)
}

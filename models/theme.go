package models

import (
	"strings"
	"unicode/utf8"
)

// ThemeRelation is how an insight stands to a theme. Zero is none.
type ThemeRelation int

// The relations, in the order in which a theme shows them.
const (
	RelationNone ThemeRelation = iota
	Supports
	Qualifies
	Contradicts
)

// ThemeRelations lists the relations in order.
var ThemeRelations = []ThemeRelation{Supports, Qualifies, Contradicts}

var relationWords = [...]struct{ key, name string }{
	{"", "Not linked"}, {"supports", "Supports"}, {"qualifies", "Qualifies"}, {"contradicts", "Contradicts"},
}

// Valid reports whether r is one of the relations.
func (r ThemeRelation) Valid() bool { return r >= Supports && r <= Contradicts }

// Key returns the word that forms and files use.
func (r ThemeRelation) Key() string { return r.words().key }

// Name returns the word shown to people: "Supports".
func (r ThemeRelation) Name() string { return r.words().name }

func (r ThemeRelation) words() struct{ key, name string } {
	if !r.Valid() {
		r = RelationNone
	}
	return relationWords[r]
}

// ParseThemeRelation reads a key as Key writes it.
func ParseThemeRelation(key string) (ThemeRelation, bool) {
	for _, r := range ThemeRelations {
		if relationWords[r].key == key {
			return r, true
		}
	}
	return RelationNone, false
}

// Likelihood is a word of estimative probability, as ICD 203 fixes them. Zero
// is none: not every theme is a forecast.
type Likelihood int

// Confidence says how sound the basis of a judgment is, as ICD 203 has it. Zero
// is not yet said.
type Confidence int

// The three levels of confidence.
const (
	ConfidenceNone Confidence = iota
	LowConfidence
	ModerateConfidence
	HighConfidence
)

// Likelihoods lists the seven words of likelihood, least likely first.
var Likelihoods = []Likelihood{1, 2, 3, 4, 5, 6, 7}

// Confidences lists the levels of confidence, lowest first.
var Confidences = []Confidence{LowConfidence, ModerateConfidence, HighConfidence}

var likelihoodWords = [...]struct{ name, share string }{
	{"", ""}, {"almost no chance", "1–5 %"}, {"very unlikely", "5–20 %"}, {"unlikely", "20–45 %"}, {"roughly even chance", "45–55 %"},
	{"likely", "55–80 %"}, {"very likely", "80–95 %"}, {"almost certain", "95–99 %"},
}

var confidenceWords = [...]string{"", "low", "moderate", "high"}

// Valid reports whether l is one of the words, or none.
func (l Likelihood) Valid() bool { return l >= 0 && int(l) < len(likelihoodWords) }

// Words returns the words of the directive, "very likely"; empty for none.
func (l Likelihood) Words() string {
	if !l.Valid() {
		return ""
	}
	return likelihoodWords[l].name
}

// Share returns which chance the words stand for: "80–95 %".
func (l Likelihood) Share() string {
	if !l.Valid() {
		return ""
	}
	return likelihoodWords[l].share
}

// Valid reports whether c is one of the levels, or none.
func (c Confidence) Valid() bool { return c >= ConfidenceNone && c <= HighConfidence }

// Words returns "low", "moderate" or "high"; empty for none.
func (c Confidence) Words() string {
	if !c.Valid() {
		return ""
	}
	return confidenceWords[c]
}

// NoDissent is the dissent of a theme that nobody objected to: to say so is
// something else than to say nothing.
const NoDissent = "None recorded."

// Theme is one sentence over insights, as one reader may see it.
type Theme struct {
	ID         ID
	SeriesID   ID
	Series     string // name; empty for none
	Statement  string
	Likelihood Likelihood
	Confidence Confidence
	// Basis says what the confidence rests on.
	Basis   string
	Dissent string
	Gaps    string
	// Memo is for staff: it is in no export and no brief.
	Memo     string
	OwnerID  ID
	Owner    string
	Revision int
	Archived bool
	Updated  Instant
	Created  Instant
}

// Usable reports whether the theme may go into a recommendation or a brief:
// its dissent is stated, if only as NoDissent, and it is in use.
func (t Theme) Usable() bool { return t.Dissent != "" && !t.Archived }

// ThemeInput is what a form says of a theme.
type ThemeInput struct {
	// Revision is the one that the form was opened at; another one meanwhile
	// is ErrConflict.
	Revision   int
	SeriesID   ID
	Statement  string
	Likelihood Likelihood
	Confidence Confidence
	Basis      string
	Dissent    string
	Gaps       string
	Memo       string
	OwnerID    ID
}

// The most characters of a theme's texts.
const (
	MaxStatementRunes = 400
	MaxThemeTextRunes = 4000
)

// Check returns the input as it can be kept, or an *InvalidError. A statement
// is one line.
func (in ThemeInput) Check() (ThemeInput, error) {
	var bad InvalidError
	clean := func(field, name string, text *string, most int) {
		kept, _, ok := CleanText(strings.ToValidUTF8(*text, ""))
		bad.Check(ok, field, name+" holds a sign that cannot be kept.")
		*text = kept
		if utf8.RuneCountInString(kept) > most {
			bad.Add(field, tooLong(name, kept, most))
		}
	}
	in.Statement = strings.Join(strings.Fields(in.Statement), " ")
	clean("statement", "The statement", &in.Statement, MaxStatementRunes)
	bad.Check(in.Statement != "", "statement", "Write the theme as one sentence.")
	clean("basis", "The basis", &in.Basis, MaxThemeTextRunes)
	clean("dissent", "The dissent", &in.Dissent, MaxThemeTextRunes)
	clean("gaps", "This text", &in.Gaps, MaxThemeTextRunes)
	clean("memo", "The memo", &in.Memo, 5*MaxThemeTextRunes)
	bad.Check(in.Likelihood.Valid(), "likelihood", "Choose one of the words.")
	bad.Check(in.Confidence.Valid(), "confidence", "Choose low, moderate or high.")
	return in, bad.Err()
}

// ThemeFilter says which themes somebody looks for. The zero value is all that
// are in use.
type ThemeFilter struct {
	Series ID
	Owner  ID
	// Pillar keeps themes with an insight of the pillar that the reader sees.
	Pillar   Pillar
	Archived bool   // those out of use instead
	After    string // where the page begins: what Next said; sealed
}

// ThemeLink is an insight of a theme, as disclosed to the reader.
type ThemeLink struct {
	Insight  Insight
	Relation ThemeRelation
}

// ThemeLine is a theme of a list with the insights of it that the reader may
// see.
type ThemeLine struct {
	Theme
	Links []ThemeLink
}

// ThemePage is one page of a list of themes.
type ThemePage struct {
	Lines []ThemeLine
	Next  string // where the next page begins; sealed, empty for none
}

// Insights returns the insights that stand in the relation to the theme; for
// RelationNone all of them.
func (l ThemeLine) Insights(r ThemeRelation) []Insight {
	var out []Insight
	for _, link := range l.Links {
		if r == RelationNone || link.Relation == r {
			out = append(out, link.Insight)
		}
	}
	return out
}

// PillarMask returns the pillars that the theme's insights carry.
func (l ThemeLine) PillarMask() int {
	mask := 0
	for _, link := range l.Links {
		mask |= link.Insight.PillarMask()
	}
	return mask
}

// ThemeRecord is a theme with all that its page shows.
type ThemeRecord struct {
	ThemeLine
	// Present is how many people who could speak were at the roundtables heard;
	// zero where nobody knows. K is the smallest number behind "several".
	Present, K int
	History    []ThemeEvent
}

// Consensus says how many of those present stand in the relation to the theme:
// ConsensusWords of what the reader is shown.
func (r ThemeRecord) Consensus(relation ThemeRelation) string {
	insights := r.Insights(relation)
	a := Team
	for _, i := range insights {
		a = max(a, i.Audience())
	}
	return ConsensusWords(a, Speakers(insights), r.Present, r.K)
}

// ThemeRoom is a roundtable that a theme was heard at.
type ThemeRoom struct {
	ID     ID
	Title  string
	HeldOn string // local date, 2006-01-02; may be empty
	N      int    // insights of it
}

// RoomsHeard lists the roundtables that insights come from, latest first as the
// insights are.
func RoomsHeard(insights []Insight) []ThemeRoom {
	at := map[ID]int{}
	var out []ThemeRoom
	for _, i := range insights {
		n, ok := at[i.RoundtableID()]
		if !ok {
			n = len(out)
			at[i.RoundtableID()] = n
			out = append(out, ThemeRoom{ID: i.RoundtableID(), Title: i.Roundtable(), HeldOn: i.HeldOn()})
		}
		out[n].N++
	}
	return out
}

// ThemeEvent is one wording of a theme in its history.
type ThemeEvent struct {
	At   Instant
	Who  string
	What string // created, edited, archived, restored, undone
	// Statement and Dissent are the wording from then on.
	Statement, Dissent string
}

// Trail is what became of an insight, as far as the reader may know.
type Trail struct {
	Themes          []TrailTheme
	Recommendations []TrailRecommendation
	Publications    []TrailPublication
}

// Empty reports whether nothing became of the insight yet.
func (t Trail) Empty() bool { return len(t.Themes)+len(t.Recommendations)+len(t.Publications) == 0 }

// TrailTheme is a theme that an insight stands in.
type TrailTheme struct {
	ID        ID
	Statement string
	Relation  ThemeRelation
}

// TrailRecommendation is a recommendation drawn from one of the themes.
type TrailRecommendation struct {
	ID     ID
	Number int
	Title  string
	State  string
}

// TrailPublication is a published brief that holds the insight.
type TrailPublication struct {
	Slug, Title string
	Version     int
	Published   Instant
}

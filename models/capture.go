package models

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxInsightRunes is how many characters one insight may have.
const MaxInsightRunes = 4000

// CaptureInput is one line as somebody took it down, with what a form without
// scripts says beside it. What the line's tokens say and what the fields say
// is joined; a field is only asked where the line is silent.
type CaptureInput struct {
	Roundtable ID
	// ClientID is what the capturing device calls the line: sending it twice
	// keeps one insight. Empty: the store makes one.
	ClientID string
	// Line is in the capture grammar.
	Line string
	// Item is the agenda item, or zero.
	Item ID
	// Contradicts is the insight that a line beginning with ~ speaks against:
	// the newest that stood on the screen when the line began.
	Contradicts ID

	Speaker ID
	Kind    Kind
	KindSet bool
	Pillars []Pillar // the first is primary
	Codes   []ID     // actions, fronts, forums and tags
	Flag    Regime   // a stricter rule for this insight
}

// Check returns the input as it can be kept, or an *InvalidError for "line" or
// "client_id".
func (in CaptureInput) Check() (CaptureInput, error) {
	var bad InvalidError
	in.Line = strings.TrimSpace(cleanText(in.Line))
	bad.Check(in.Line != "", "line", "Type what was said.")
	bad.Check(utf8.RuneCountInString(in.Line) <= MaxInsightRunes, "line", "One insight may have at most 4,000 characters. Split it in two.")
	bad.Check(len(in.ClientID) <= 64 && strings.Trim(in.ClientID, clientIDSigns) == "", "client_id", "The line's number cannot be read.")
	bad.Check(in.Kind.valid(), "kind", "Choose a kind.")
	if _, known := ParseRegime(in.Flag.Key()); !known || in.Flag != in.Flag.read() {
		in.Flag = OffTheRecord
	}
	return in, bad.Err()
}

const clientIDSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

func (k Kind) valid() bool { return k >= Claim && k <= Commitment }

// Read parses the line and joins it with the fields. It returns an
// *InvalidError for "line" where nothing but tokens was typed.
func (in CaptureInput) Read(known Vocabulary) (Capture, error) {
	c := ParseCapture(in.Line, known)
	if c.Text == "" {
		return c, Invalid("line", "Type what was said, besides the marks.")
	}
	if c.Speaker == 0 {
		c.Speaker = in.Speaker
	}
	if !c.KindSet && in.KindSet {
		c.Kind, c.KindSet = in.Kind, true
	}
	for _, p := range in.Pillars {
		if p.read() != PillarNone {
			c.Pillars = addOnce(c.Pillars, p)
		}
	}
	c.Flag = Strictest(c.Flag, in.Flag)
	return c, nil
}

// InsightEdit is what an edit form says of an insight as a whole.
type InsightEdit struct {
	// Revision is the one that the form was opened at; another one meanwhile
	// is ErrConflict. Zero overwrites.
	Revision int
	Text     string
	Kind     Kind
	Item     ID
	Pillars  []Pillar // the first is primary
	Codes    []ID     // actions, fronts, forums and tags
	Speaker  ID
	// KeepSpeaker leaves the speaker as it is, unresolved words included.
	KeepSpeaker bool
	// Flag is the author's stricter rule for this insight. It can be raised
	// here and not lowered; see TakeBackFlag.
	Flag Regime
}

// Check returns the edit as it can be kept, or an *InvalidError for "text".
func (in InsightEdit) Check() (InsightEdit, error) {
	var bad InvalidError
	in.Text = strings.TrimSpace(cleanText(in.Text))
	bad.Check(in.Text != "", "text", "The insight has no words.")
	bad.Check(utf8.RuneCountInString(in.Text) <= MaxInsightRunes, "text", "One insight may have at most 4,000 characters.")
	bad.Check(in.Kind.valid(), "kind", "Choose a kind.")
	in.Flag = in.Flag.read()
	return in, bad.Err()
}

// TagChange says which tiles and codes go on or off many insights at once.
type TagChange struct {
	AddPillars, RemovePillars []Pillar
	// Primary makes one pillar the primary one, adding it where it is missing.
	Primary             Pillar
	AddCodes, DropCodes []ID
}

// Empty reports whether nothing is changed.
func (c TagChange) Empty() bool {
	return len(c.AddPillars) == 0 && len(c.RemovePillars) == 0 && c.Primary == PillarNone &&
		len(c.AddCodes) == 0 && len(c.DropCodes) == 0
}

// Pillars applies the change to a primary pillar and a mask. A primary pillar
// that goes leaves none: the next is for somebody to choose. The first pillar
// put on an insight without one becomes primary.
func (c TagChange) Pillars(primary Pillar, mask int) (Pillar, int) {
	for _, p := range c.RemovePillars {
		mask &^= p.Mask()
	}
	if mask&primary.Mask() == 0 {
		primary = PillarNone
	}
	for _, p := range c.AddPillars {
		if mask == 0 {
			primary = p.read()
		}
		mask |= p.Mask()
	}
	if c.Primary.read() != PillarNone {
		primary = c.Primary
		mask |= primary.Mask()
	}
	return primary, mask
}

// Codes applies the change to a list of codes.
func (c TagChange) Codes(codes []ID) []ID {
	out := slices.DeleteFunc(slices.Clone(codes), func(id ID) bool { return slices.Contains(c.DropCodes, id) })
	for _, id := range c.AddCodes {
		out = addOnce(out, id)
	}
	return out
}

// Quotations returns the words that stand in quotation marks in the text of an
// insight.
func Quotations(text string) []string {
	if !strings.ContainsFunc(text, func(r rune) bool { _, ok := quotePairs[r]; return ok }) {
		return nil
	}
	return ParseCapture(EscapeCapture(text), Vocabulary{}).Quotes
}

// ownOfficeWords are the titles of people who count as an organisation of
// their own.
var ownOfficeWords = []string{
	"sen", "senator", "rep", "representative", "congressman", "congresswoman", "congressmember", "member", "delegate", "speaker", "commissioner",
}

// OwnOffice reports whether a person counts as an organisation of their own
// under the small-cell rule, as a Member of Congress does and a committee's
// staff does not.
func OwnOffice(s Sector, honorific, position string) bool {
	if s != Congress {
		return false
	}
	words := Tokens(honorific + " " + position)
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(ownOfficeWords, w) }) &&
		!slices.ContainsFunc(words, func(w string) bool {
			return w == "staff" || w == "counsel" || w == "director" || w == "aide" || w == "to" || w == "for"
		})
}

// CodeEntry is one entry of the codebook with its id.
type CodeEntry struct {
	ID ID
	Code
	Archived bool
	// MergedInto is the code that took this one's place; zero where none did.
	MergedInto ID
	AddedBy    ID
	Revision   int
}

// Ref returns the entry as an insight carries it.
func (e CodeEntry) Ref() CodeRef { return CodeRef{ID: e.ID, Key: e.Key, Name: e.Name} }

// Codebook is the institute's codes in codebook order, archived ones included:
// insights keep what they were coded with.
type Codebook []CodeEntry

// Of lists the entries of a kind that are in use.
func (b Codebook) Of(kind CodeKind) []CodeEntry {
	var out []CodeEntry
	for _, e := range b {
		if e.Kind == kind && !e.Archived {
			out = append(out, e)
		}
	}
	return out
}

// Words lists the entries of a kind as a capture line names them.
func (b Codebook) Words(kind CodeKind) []CodeWord {
	var out []CodeWord
	for _, e := range b.Of(kind) {
		w := CodeWord{ID: e.ID, Key: e.Key, Name: e.Name, Aliases: e.Aliases}
		if e.Shortcut != "" {
			w.Aliases = append(slices.Clone(e.Aliases), e.Shortcut)
		}
		out = append(out, w)
	}
	return out
}

// Vocabulary prepares the codebook and a room's seats for ParseCapture.
func (b Codebook) Vocabulary(seats []Seat) Vocabulary {
	return NewVocabulary(seats, b.Words(CodeFront), b.Words(CodeForum), b.Words(CodeTag))
}

// TagInput is what somebody says of a new tag.
type TagInput struct {
	// Name is shown; the key that capture lines use follows from it.
	Name       string
	Definition string
}

// Check returns the input trimmed, or an *InvalidError for "name".
func (in TagInput) Check() (TagInput, error) {
	in.Name, in.Definition = strings.TrimSpace(cleanText(in.Name)), strings.TrimSpace(cleanText(in.Definition))
	var bad InvalidError
	bad.Check(in.Key() != "", "name", "Give the tag a name with letters in it.")
	bad.Check(utf8.RuneCountInString(in.Name) <= 60, "name", "A tag's name may have at most 60 characters.")
	bad.Check(utf8.RuneCountInString(in.Definition) <= 1000, "definition", "The definition may have at most 1,000 characters.")
	return in, bad.Err()
}

// Key returns the word that a capture line calls the tag: its words with
// hyphens between them.
func (in TagInput) Key() string { return strings.Join(Tokens(in.Name), "-") }

package models

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// CodeColour is a colour that a code can have: a key for the style sheet and a
// name for people. Every one of them is readable in light and dark.
type CodeColour struct{ Key, Name string }

// CodeColours is the palette, in the order in which it is offered.
var CodeColours = []CodeColour{
	{"slate", "Slate"}, {"blue", "Blue"}, {"teal", "Teal"}, {"green", "Green"}, {"olive", "Olive"},
	{"amber", "Amber"}, {"rust", "Rust"}, {"rose", "Rose"}, {"plum", "Plum"},
}

// ColourName returns the name of a colour by its key; empty for none.
func ColourName(key string) string {
	for _, c := range CodeColours {
		if c.Key == key {
			return c.Name
		}
	}
	return ""
}

// Fixed reports whether the framework gives the codes of the kind: their texts
// may be edited, but none is added, archived, moved, merged or split.
func (k CodeKind) Fixed() bool { return k == CodePillar || k == CodeAction }

// Sign returns the sign that a capture line names codes of the kind with;
// empty for actions, which it cannot name.
func (k CodeKind) Sign() string {
	switch k {
	case CodePillar:
		return "#"
	case CodeFront:
		return "^"
	case CodeForum:
		return "%"
	case CodeTag:
		return "+"
	}
	return ""
}

// CodeInput is what a form says of a code. The key of a new one follows from
// its name and stays: addresses and capture lines hold it.
type CodeInput struct {
	Kind         CodeKind
	Name         string
	Definition   string
	UseWhen      string
	DoNotUseWhen string
	Example      string
	Aliases      string // other spellings, with commas between
	Colour       string
	Shortcut     string
	// Revision is the one that the form showed; zero for a new code.
	Revision int
}

// Limits of a code's texts, in characters.
const (
	maxCodeName     = 100
	maxCodeText     = 1000
	maxCodeAliases  = 20
	maxCodeSpelling = 60
)

// Check returns the code that the input makes of the entry, which is empty for
// a new one, or an *InvalidError keyed by name, definition, use_when, not_when,
// example, aliases, colour and shortcut. No spelling may mean two codes of a
// kind.
func (in CodeInput) Check(book Codebook, was CodeEntry) (CodeEntry, error) {
	if was.ID == 0 {
		was.Kind = in.Kind
		was.Key = TagInput{Name: in.Name}.Key()
	}
	e := was
	var bad InvalidError
	e.Name = strings.Join(strings.Fields(cleanText(in.Name)), " ")
	bad.Check(TagInput{Name: e.Name}.Key() != "", "name", "Give it a name with letters in it.")
	bad.Check(utf8.RuneCountInString(e.Name) <= maxCodeName, "name", "A name may have at most 100 characters.")
	for _, text := range []struct {
		to        *string
		from, key string
	}{
		{&e.Definition, in.Definition, "definition"}, {&e.UseWhen, in.UseWhen, "use_when"},
		{&e.DoNotUseWhen, in.DoNotUseWhen, "not_when"}, {&e.Example, in.Example, "example"},
	} {
		*text.to = strings.TrimSpace(cleanText(text.from))
		bad.Check(utf8.RuneCountInString(*text.to) <= maxCodeText, text.key, "Use at most 1,000 characters.")
	}
	bad.Check(in.Colour == "" || ColourName(in.Colour) != "", "colour", "Choose a color from the list.")
	e.Colour = in.Colour
	e.Shortcut = strings.ToLower(strings.TrimSpace(in.Shortcut))
	bad.Check(e.Shortcut == "" || len(e.Shortcut) == 1 && e.Shortcut[0] >= 'a' && e.Shortcut[0] <= 'z', "shortcut", "A shortcut is one letter from a to z.")
	e.Aliases = in.aliases(&bad)
	if bad.Err() == nil {
		book.checkSpellings(e, &bad)
	}
	return e, bad.Err()
}

func (in CodeInput) aliases(bad *InvalidError) []string {
	var out []string
	for _, a := range strings.FieldsFunc(cleanText(in.Aliases), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if a = strings.Join(strings.Fields(a), " "); wordKey(a) == "" {
			continue
		}
		bad.Check(utf8.RuneCountInString(a) <= maxCodeSpelling, "aliases", "A spelling may have at most 60 characters.")
		out = addOnce(out, a)
	}
	bad.Check(len(out) <= maxCodeAliases, "aliases", "A code may have at most 20 other spellings.")
	return out
}

// checkSpellings notes where a spelling of the entry already means another
// code of its kind. Those that were merged away have none left.
func (b Codebook) checkSpellings(e CodeEntry, bad *InvalidError) {
	taken := map[string]string{}
	for _, other := range b {
		if other.Kind != e.Kind || other.ID == e.ID {
			continue
		}
		if other.MergedInto != 0 {
			if other.Key == e.Key {
				bad.Add("name", "“"+other.Name+"” was merged into another one. Take the merge back, or choose another name.")
			}
			continue
		}
		for _, word := range other.spellings() {
			taken[wordKey(word)] = other.Name
		}
	}
	for _, word := range []struct{ field, text string }{{"name", e.Name}, {"name", e.Key}, {"shortcut", e.Shortcut}} {
		if owner, ok := taken[wordKey(word.text)]; ok && wordKey(word.text) != "" {
			bad.Add(word.field, "“"+word.text+"” already stands for “"+owner+"”.")
		}
	}
	for _, alias := range e.Aliases {
		if owner, ok := taken[wordKey(alias)]; ok {
			bad.Add("aliases", "“"+alias+"” already stands for “"+owner+"”.")
		}
	}
}

// spellings lists every word that means the code.
func (e CodeEntry) spellings() []string {
	out := append([]string{e.Key, e.Name}, e.Aliases...)
	if e.Shortcut != "" {
		out = append(out, e.Shortcut)
	}
	return out
}

// Entry returns the entry of an id.
func (b Codebook) Entry(id ID) (CodeEntry, bool) {
	i := slices.IndexFunc(b, func(e CodeEntry) bool { return e.ID == id })
	if i < 0 || id == 0 {
		return CodeEntry{}, false
	}
	return b[i], true
}

// Resolve returns the entry that a key of the kind means now: where codes were
// merged, the one that took their place.
func (b Codebook) Resolve(kind CodeKind, key string) (CodeEntry, bool) {
	i := slices.IndexFunc(b, func(e CodeEntry) bool { return e.Kind == kind && e.Key == key })
	if i < 0 {
		return CodeEntry{}, false
	}
	e := b[i]
	for range b { // a chain of merges is never longer than the book
		into, ok := b.Entry(e.MergedInto)
		if !ok {
			return e, true
		}
		e = into
	}
	return e, true
}

// Merged lists the ids of the codes that were merged into the entry, straight
// or by way of others.
func (b Codebook) Merged(into ID) []ID {
	var out []ID
	for _, e := range b {
		if e.MergedInto == 0 {
			continue
		}
		if to, ok := b.Resolve(e.Kind, e.Key); ok && to.ID == into && e.ID != into {
			out = append(out, e.ID)
		}
	}
	return out
}

// MergeInput says which codes become one.
type MergeInput struct {
	Codes []ID
	// Keep is the one of them whose name stays.
	Keep ID
	// Spellings: the others' names go on as other spellings of the kept one.
	Spellings bool
}

// maxMerged is how many codes one merge takes.
const maxMerged = 20

// Check returns the kept entry as the merge leaves it, and those that go, or an
// *InvalidError for "id" or "keep".
func (in MergeInput) Check(book Codebook) (CodeEntry, []CodeEntry, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(in.Codes)))
	if len(ids) < 2 || len(ids) > maxMerged {
		return CodeEntry{}, nil, Invalid("id", "Choose two or more, and at most 20, of one kind.")
	}
	keep, ok := book.Entry(in.Keep)
	if !ok || !slices.Contains(ids, in.Keep) {
		return CodeEntry{}, nil, Invalid("keep", "Choose which name to keep.")
	}
	var gone []CodeEntry
	for _, id := range ids {
		e, ok := book.Entry(id)
		if !ok || e.MergedInto != 0 || e.Kind != keep.Kind || e.Kind.Fixed() {
			return CodeEntry{}, nil, Invalid("id", "Choose two or more, and at most 20, of one kind.")
		}
		if id != keep.ID {
			gone = append(gone, e)
		}
	}
	keep.Aliases = slices.Clone(keep.Aliases)
	for _, e := range gone {
		if in.Spellings {
			for _, word := range append([]string{e.Key, e.Name}, e.Aliases...) {
				known := slices.ContainsFunc(keep.spellings(), func(had string) bool { return wordKey(had) == wordKey(word) })
				if !known {
					keep.Aliases = append(keep.Aliases, word)
				}
			}
		}
		if keep.Definition == "" {
			keep.Definition, keep.UseWhen, keep.DoNotUseWhen, keep.Example = e.Definition, e.UseWhen, e.DoNotUseWhen, e.Example
		}
	}
	keep.Archived = false
	return keep, gone, nil
}

// Alike returns pairs of entries in use of a kind whose names differ by
// spelling alone: by signs, case, the order of words or a plural.
func (b Codebook) Alike(kind CodeKind) [][2]CodeEntry {
	first := map[string]CodeEntry{}
	var out [][2]CodeEntry
	for _, e := range b.Of(kind) {
		words := Tokens(e.Name)
		for i, w := range words {
			words[i] = stem(w)
		}
		slices.Sort(words)
		key := strings.Join(words, " ")
		if other, ok := first[key]; ok {
			out = append(out, [2]CodeEntry{other, e})
			continue
		}
		first[key] = e
	}
	return out
}

// stem takes the plural off a word.
func stem(word string) string {
	switch {
	case len(word) > 4 && strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss"):
		return word[:len(word)-1]
	}
	return word
}

// Matches reports whether every word of the query begins a word of the entry's
// name, key, spellings or definition.
func (e CodeEntry) Matches(query string) bool {
	words := Tokens(strings.Join(e.spellings(), " ") + " " + e.Definition)
	for _, q := range Tokens(query) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}

// Moved returns the ids with one of them put before another, or at the end
// where that is zero. It is false where that changes nothing.
func Moved(order []ID, id, before ID) ([]ID, bool) {
	rest := slices.DeleteFunc(slices.Clone(order), func(other ID) bool { return other == id })
	at := slices.Index(rest, before)
	if at < 0 {
		at = len(rest)
	}
	out := slices.Insert(rest, at, id)
	return out, len(out) == len(order) && !slices.Equal(out, order)
}

// CodebookVersion is one version of the codebook and what made it.
type CodebookVersion struct {
	Version int
	At      Instant
	// Who is the account's name; empty for the program itself.
	Who string
	// What says in words what changed.
	What string
	// Frozen: a brief names this version, and its content is kept.
	Frozen bool
}

// CodeCount is how many insights a reader sees under a code.
type CodeCount struct {
	N int
	// Capped: there are more than N.
	Capped bool
}

// CodebookPage is the codebook as one reader sees it.
type CodebookPage struct {
	Book    Codebook
	Version CodebookVersion
	// Counts are by the code's id, and hold what the reader may see alone.
	Counts map[ID]CodeCount
	// Authors names who added a code, by account.
	Authors map[ID]string
}

// SplitInput says which insights of a code get another one.
type SplitInput struct {
	// Name is of the code that they get; it is made where it does not exist.
	Name string
	// Words, Pillar and InsightKind choose the insights; at least one of them
	// must be set.
	Words       string
	Pillar      string
	InsightKind string
	// Both keeps the old code beside the new one.
	Both bool
}

// Filter returns the filter that the rule makes for a code, or an
// *InvalidError for "words".
func (in SplitInput) Filter(e CodeEntry) (InsightFilter, error) {
	f := InsightFilter{Text: cleanText(in.Words)}
	for facet := range FacetItem {
		if kind, ok := facet.Code(); ok && kind == e.Kind {
			f = f.With(facet, e.Key)
		}
	}
	if FacetPillar.knows(in.Pillar) {
		f = f.With(FacetPillar, in.Pillar)
	}
	if FacetKind.knows(in.InsightKind) {
		f = f.With(FacetKind, in.InsightKind)
	}
	if len([]rune(f.Text)) > 200 {
		return f, Invalid("words", "Use at most 200 characters.")
	}
	if f.Query().Empty() && len(f.On) == 1 {
		return f, Invalid("words", "Say which insights to split off: by words, a pillar or a kind.")
	}
	return f, nil
}

// SplitPreview is what a split would do, as the reader sees it.
type SplitPreview struct {
	// Count is how many insights would change.
	Count CodeCount
	// Examples are some of them.
	Examples []Insight
}

package models

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LintRule says what kind of words the leak lint found.
type LintRule string

// The rules of the leak lint.
const (
	LintName         LintRule = "name"
	LintOrganisation LintRule = "organisation"
	LintTitle        LintRule = "title"
	LintCountryRole  LintRule = "country"
	LintFormer       LintRule = "former"
	LintOffice       LintRule = "office"
)

var lintRuleWords = map[LintRule]string{
	LintName: "names a guest", LintOrganisation: "names a guest’s organization", LintTitle: "gives a guest’s title",
	LintCountryRole: "country and role point to one guest", LintFormer: "tells of a former office", LintOffice: "tells the speaker’s office",
}

// Words says in a few words what is wrong with what was found.
func (r LintRule) Words() string { return lintRuleWords[r] }

// tellsOffice reports whether speakers tell their own office by such words.
func (r LintRule) tellsOffice() bool { return r == LintFormer || r == LintOffice }

// Finding is a place in a text that may tell who was in the room.
type Finding struct {
	Rule LintRule
	// Place says which text it is where several are looked at together, such
	// as "the agenda title"; empty for the text itself.
	Place string
	// Start and End bound the words in the text, in bytes.
	Start, End int
	Words      string
	// Suggestion is what could stand there instead: "a participant from Industry".
	Suggestion string
	// Mark tells the finding from every other one of the object. It stays while
	// the words and those around them stay.
	Mark string
}

// Roster is who and what the lint looks for: the guests of a roundtable and
// their organisations.
type Roster struct {
	People        []RosterPerson
	Organisations []RosterOrganisation
}

// RosterPerson is a guest, with every name that would tell who it is.
type RosterPerson struct {
	FullName, Given, Family string
	Email                   string
	Position, Country       string
	// Label is what others may be told of the guest in place of the name.
	Label Label
}

// RosterOrganisation is an organisation that a guest comes from.
type RosterOrganisation struct {
	Name, Acronym string
	Aliases       []string
}

// Without returns the roster without an organisation that is named anyway, such
// as the institute.
func (r Roster) Without(name string) Roster {
	r.Organisations = slices.DeleteFunc(slices.Clone(r.Organisations), func(o RosterOrganisation) bool { return Fold(o.Name) == Fold(name) })
	return r
}

// Linter looks for the words of one roster. It is made by NewLinter once for
// many texts, and may be used by several goroutines at a time.
type Linter struct {
	root     lintNode
	patterns []lintPattern
	contexts []lintContext
}

// lintPattern is one wording that is looked for.
type lintPattern struct {
	rule       LintRule
	suggestion string
	want       lintWant
	single     bool // the wording is one word
	letters    int
	// beside are the folded words that may stand beside the wording without
	// making it another name.
	beside map[string]bool
}

// lintWant says when a wording counts.
type lintWant int

const (
	wantAnyCase lintWant = iota
	wantCapital          // with a capital, and not as part of another name
	wantTitled           // a common word: after a title, or with a capital inside a sentence
	wantUpper            // in capitals, as an acronym is
	wantDotted           // single capitals with dots, as initials are
	wantSaid             // with a capital beside a verb of saying
)

type lintNode struct {
	next map[rune]*lintNode
	hits []int
}

// Lint returns what in the text may tell who of the roster was in the room, in
// the order of the text. It finds names in any case, script and accents, with
// anything but letters between their parts and with a possessive. Names that
// are also common words count with a title or a capital only.
func Lint(text string, roster Roster) []Finding { return NewLinter(roster).Lint(text) }

// NewLinter prepares the search for a roster.
func NewLinter(roster Roster) *Linter {
	l := &Linter{}
	for _, p := range roster.People {
		l.addPerson(p)
	}
	for _, o := range roster.Organisations {
		l.addOrganisation(o)
	}
	l.contexts = append(countryContexts(roster.People), officeContexts()...)
	return l
}

// add looks for a wording under a rule. What has no letters is not looked for.
func (l *Linter) add(words string, rule LintRule, want lintWant, suggestion string) {
	l.addBeside(words, rule, want, suggestion, nil)
}

// addBeside is add for a part of a name, with what else is of that name.
func (l *Linter) addBeside(words string, rule LintRule, want lintWant, suggestion string, beside map[string]bool) {
	tokens := lintTokens(words)
	for n, key := range lintSpellings(tokens) {
		if key == "" || n > 0 && key == joinTokens(tokens) {
			continue
		}
		node := &l.root
		for _, r := range key {
			if node.next == nil {
				node.next = map[rune]*lintNode{}
			}
			if node.next[r] == nil {
				node.next[r] = &lintNode{}
			}
			node = node.next[r]
		}
		node.hits = append(node.hits, len(l.patterns))
		l.patterns = append(l.patterns, lintPattern{
			rule: rule, suggestion: suggestion, want: want, single: len(tokens) == 1 && !tokens[0].unspaced, letters: utf8.RuneCountInString(key), beside: beside,
		})
	}
}

func joinTokens(tokens []lintToken) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.fold)
	}
	return b.String()
}

// lintSpellings returns the letters of the words, first without accents, then
// as people write ä, ö, ü and å without them.
func lintSpellings(tokens []lintToken) []string {
	var plain, spelled strings.Builder
	for _, t := range tokens {
		plain.WriteString(t.fold)
		spelled.WriteString(t.spelled)
	}
	return []string{plain.String(), spelled.String()}
}

// Lint returns what in the text may tell who of the roster was in the room.
func (l *Linter) Lint(text string) []Finding {
	tokens := lintTokens(text)
	out := l.scan(text, tokens)
	if parts := camelTokens(text, tokens); parts != nil {
		for _, f := range l.scan(text, parts) {
			if !slices.ContainsFunc(out, func(o Finding) bool { return f.Start < o.End && o.Start < f.End }) {
				out = append(out, f)
			}
		}
	}
	out = l.inContext(text, out)
	slices.SortStableFunc(out, func(a, b Finding) int { return a.Start - b.Start })
	for i := range out {
		out[i].Words = text[out[i].Start:out[i].End]
		out[i].Mark = lintMark(text, out[i])
	}
	return out
}

// scan looks for the wordings in a text that is cut into words, in their order.
func (l *Linter) scan(text string, tokens []lintToken) []Finding {
	alike := slices.ContainsFunc(tokens, func(t lintToken) bool { return t.alike != "" })
	spelled := slices.ContainsFunc(tokens, func(t lintToken) bool { return t.spelled != t.fold })
	var out []Finding
	for i := 0; i < len(tokens); {
		p, n := l.longest(text, tokens, i, lintToken.folds)
		if n == 0 && spelled {
			p, n = l.longest(text, tokens, i, func(t lintToken) []rune { return []rune(t.spelled) })
		}
		if n == 0 && alike {
			p, n = l.longest(text, tokens, i, lintToken.seen)
		}
		for skip := 1; n == 0 && skip <= tokens[i].joined(); skip++ {
			p, n = l.longest(text, tokens, i, func(t lintToken) []rune {
				if t.start == tokens[i].start {
					return t.folds()[skip:]
				}
				return t.folds()
			})
		}
		if n == 0 {
			i++
			continue
		}
		out = append(out, Finding{Rule: p.rule, Start: tokens[i].start, End: tokens[i+n-1].end, Suggestion: p.suggestion})
		i += n
	}
	return out
}

// inContext adds the wordings that point to a person by what they say. One
// within words that were found already says nothing more; one that goes beyond
// them does, and whoever overrules the name has not overruled it.
func (l *Linter) inContext(text string, out []Finding) []Finding {
	folded, at := foldedWithPlaces(text)
	for _, c := range l.contexts {
		for _, m := range c.words.FindAllStringSubmatchIndex(folded, -1) {
			start := at[m[2]]
			end := start + len(strings.TrimRight(text[start:at[m[3]]], "*_ "))
			if c.but != nil && c.but.MatchString(folded[m[3]:]) {
				continue
			}
			if !slices.ContainsFunc(out, func(f Finding) bool {
				return f.Start <= start && end <= f.End || f.Rule.tellsOffice() && c.rule.tellsOffice() && f.Start < end && start < f.End
			}) {
				out = append(out, Finding{Rule: c.rule, Start: start, End: end, Suggestion: c.suggestion})
			}
		}
	}
	return out
}

// longest returns the wording that begins at token i and covers most tokens,
// and how many those are: none where there is no wording that counts. letters
// says how the words are spelled.
func (l *Linter) longest(text string, tokens []lintToken, i int, letters func(lintToken) []rune) (found lintPattern, n int) {
	node := &l.root
	for j := i; j < len(tokens) && node != nil; j++ {
		word := letters(tokens[j])
		for k, r := range word {
			if node = node.next[r]; node == nil {
				return found, n
			}
			rest := word[k+1:]
			for _, h := range node.hits {
				p := l.patterns[h]
				if endsWord(rest, p.letters) && p.counts(text, tokens, i, j) {
					found, n = p, j-i+1
				}
			}
		}
	}
	return found, n
}

// endsWord reports whether a wording ends where these letters of its last word
// remain: none, the s of a possessive, a number as file names have it, or the
// case endings of scripts whose names change with them.
func endsWord(rest []rune, letters int) bool {
	switch {
	case len(rest) == 0:
		return true
	case len(rest) == 1 && rest[0] == 's', unicode.IsDigit(rest[0]):
		return letters >= 4
	}
	return letters >= 5 && len(rest) <= 3 && inflects(rest[0])
}

// counts reports whether the wording counts as it stands at tokens i to j.
func (p lintPattern) counts(text string, tokens []lintToken, i, j int) bool {
	first := tokens[i]
	switch p.want {
	case wantUpper:
		return i == j && first.allUpper || dotted(text, tokens[i:j+1])
	case wantDotted:
		return dotted(text, tokens[i:j+1])
	}
	if p.single && j > i && !(first.upper && p.letters >= 5) {
		return false // two words that only together spell the name
	}
	titled := i > 0 && lintTitles()[tokens[i-1].fold]
	switch p.want {
	case wantSaid:
		return first.upper && !p.partOfOther(text, tokens, i, j) && saysBeside(tokens, i, j)
	case wantCapital:
		return titled || first.upper && !p.partOfOther(text, tokens, i, j)
	case wantTitled:
		return titled || first.upper && (p.follows(text, tokens, i) || (saysBeside(tokens, i, j) || !startsSentence(text, first.start)) && !p.partOfOther(text, tokens, i, j))
	}
	return true
}

// dotted reports whether the words are single capitals with dots between.
func dotted(text string, tokens []lintToken) bool {
	for n, t := range tokens {
		if !t.upper || utf8.RuneCountInString(t.fold) != 1 || n > 0 && strings.TrimSpace(text[tokens[n-1].end:t.start]) != "." {
			return false
		}
	}
	return len(tokens) > 1
}

// follows reports whether the words before token i are of the same name: a
// given name or an initial, with others' initials between at most.
func (p lintPattern) follows(text string, tokens []lintToken, i int) bool {
	for i--; i >= 0 && tokens[i].upper && strings.Trim(text[tokens[i].end:tokens[i+1].start], " .-\u00a0") == ""; i-- {
		if p.beside[tokens[i].fold] {
			return true
		}
		if utf8.RuneCountInString(tokens[i].fold) > 1 {
			return false
		}
	}
	return false
}

// partOfOther reports whether a word with a capital follows or goes before with
// nothing but a space between: the words belong to a longer name, and not to
// the one that is looked for.
func (p lintPattern) partOfOther(text string, tokens []lintToken, i, j int) bool {
	joined := func(a, b lintToken) bool { return strings.Trim(text[a.end:b.start], " -") == "" }
	if j+1 < len(tokens) && tokens[j+1].upper && joined(tokens[j], tokens[j+1]) && !p.beside[tokens[j+1].fold] {
		return true
	}
	return i > 0 && tokens[i-1].upper && !p.beside[tokens[i-1].fold] && !startsSentence(text, tokens[i-1].start) && joined(tokens[i-1], tokens[i])
}

func startsSentence(text string, start int) bool {
	before := strings.TrimRight(text[:start], " \t\r\"“‘'(*-–—•")
	if before == "" {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune(".!?:;\n…", last)
}

// lintMark names a finding by its rule, its words and those around them.
func lintMark(text string, f Finding) string {
	const around = 40
	from, to := max(0, f.Start-around), min(len(text), f.End+around)
	sum := sha256.Sum256([]byte(string(f.Rule) + "\x00" + Fold(f.Words) + "\x00" + strings.ToValidUTF8(Fold(text[from:to]), "")))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

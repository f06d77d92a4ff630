package models

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addPerson looks for a guest by every name, by e-mail and by title.
func (l *Linter) addPerson(p RosterPerson) {
	as := p.Label.Words()
	n := namesOf(p)
	for _, whole := range n.whole {
		l.addName(whole, as, len(lintTokens(whole)) > 1, n)
	}
	for _, given := range append([]string{n.given}, n.givens...) {
		if given != "" && n.family != "" {
			l.add(given+" "+n.family, LintName, wantAnyCase, as)
			l.add(n.family+" "+given, LintName, wantAnyCase, as)
		}
	}
	l.addFamily(n.family, as, n)
	if pieces := lintTokens(n.family); len(pieces) > 1 { // van der Leyen, García-López
		for _, t := range pieces {
			if utf8.RuneCountInString(t.fold) >= 4 && !t.unspaced {
				l.addFamily(t.fold, as, n)
			}
		}
	}
	for at, given := range n.givens {
		switch {
		case at > 0 && !n.called[given]:
		case utf8.RuneCountInString(given) >= 3 && !commonWord(given):
			l.addBeside(given, LintName, wantCapital, as, n.beside)
		default:
			l.addBeside(given, LintName, wantSaid, as, n.beside)
		}
	}
	for _, initials := range n.initials() {
		if !knownInitials()[strings.ReplaceAll(initials, " ", "")] {
			l.add(initials, LintName, wantDotted, as)
		}
	}
	l.add(p.Email, LintName, wantAnyCase, as)
	for part := range strings.FieldsFuncSeq(p.Position, func(r rune) bool { return strings.ContainsRune(",;/|(", r) }) {
		for _, title := range titleSpellings(part) {
			if tellingTitle(title) {
				l.add(title, LintTitle, wantAnyCase, as)
			}
		}
	}
}

// guestNames are the parts of a guest's name as the lint looks for them.
type guestNames struct {
	whole         []string // every name that is one, as it was written
	given, family string
	givens        []string // folded, one for each given name
	called        map[string]bool
	// beside are the words, folded, that may stand beside a part of the name
	// without making it another person's: the given names and all initials.
	beside map[string]bool
}

// namesOf takes a guest's names apart. What stands in brackets or quotation
// marks is what they are called, or the name in another script; what follows a
// comma is a degree, or the given name.
func namesOf(p RosterPerson) guestNames {
	n := guestNames{given: p.Given, family: p.Family, called: map[string]bool{}, beside: map[string]bool{}}
	bare, called := bracketed(p.FullName)
	n.whole = append([]string{bare}, called...)
	if first, rest, ok := strings.Cut(bare, ","); ok {
		n.whole = append(n.whole, first)
		if n.family == "" && len(lintTokens(first)) == 1 { // Doe, Jane
			n.family, n.given = first, rest
		}
		bare = first
	}
	if parts := lintTokens(bare); n.family == "" && len(parts) > 1 && !parts[0].unspaced {
		n.given, n.family = parts[0].fold, parts[len(parts)-1].fold
	}
	given, also := bracketed(n.given)
	n.given = strings.TrimSpace(given)
	for _, name := range append(called, also...) {
		n.called[firstToken(name)] = true
	}
	family := lintTokens(n.family)
	for _, t := range lintTokens(strings.Join(slices.Concat([]string{n.given}, called, also), " ")) {
		own := slices.ContainsFunc(family, func(f lintToken) bool { return f.fold == t.fold })
		if t.unspaced || own || slices.Contains(n.givens, t.fold) {
			continue
		}
		if n.besides(t.fold); utf8.RuneCountInString(t.fold) > 1 {
			n.givens = append(n.givens, t.fold)
		}
	}
	for _, t := range lintTokens(bare) { // the middle names
		n.besides(t.fold)
	}
	for _, t := range family {
		delete(n.beside, t.fold)
	}
	return n
}

// besides notes a part of a name with its initial.
func (n guestNames) besides(fold string) {
	first, _ := utf8.DecodeRuneInString(fold)
	n.beside[fold], n.beside[string(first)] = true, true
}

// initials returns the first letters of given and family name, with a space
// between: of all given names, and of the first alone.
func (n guestNames) initials() []string {
	var first []string
	for _, name := range []string{n.given, n.family} {
		for _, t := range lintTokens(name) {
			letter, _ := utf8.DecodeRuneInString(t.fold)
			if t.unspaced || !unicode.IsLetter(letter) {
				return nil
			}
			first = append(first, string(letter))
		}
	}
	family := len(lintTokens(n.family))
	if n.given == "" || family == 0 {
		return nil
	}
	short := append([]string{first[0]}, first[len(first)-family:]...)
	return slices.Compact([]string{strings.Join(first, " "), strings.Join(short, " ")})
}

// bracketed cuts what stands in brackets or quotation marks out of a name.
func bracketed(name string) (bare string, inside []string) {
	var b strings.Builder
	for rest := name; ; {
		at := strings.IndexAny(rest, "(（“\"")
		if at < 0 {
			return strings.TrimSpace(b.String() + rest), inside
		}
		_, open := utf8.DecodeRuneInString(rest[at:])
		end := strings.IndexAny(rest[at+open:], ")）”\"")
		if end < 0 {
			return strings.TrimSpace(b.String() + rest), inside
		}
		inside = append(inside, rest[at+open:at+open+end])
		b.WriteString(rest[:at])
		_, shut := utf8.DecodeRuneInString(rest[at+open+end:])
		rest = rest[at+open+end+shut:]
	}
}

// knownInitials are read as something else than a person.
var knownInitials = lintSet(`us uk un eu dc ai it id pm am eg ie ad bc la ny nj hq pr tv ok os ip rd st vs no mp phd usa uae`)

func firstToken(s string) string {
	if t := lintTokens(s); len(t) > 0 && !t[0].unspaced {
		return t[0].fold
	}
	return ""
}

// addName looks for a whole name. One that is a single word counts as a family
// name does.
func (l *Linter) addName(name, as string, several bool, n guestNames) {
	if several {
		l.add(name, LintName, wantAnyCase, as)
		return
	}
	l.addFamily(name, as, n)
}

// hanTitles follow a family name of one sign, which alone says nothing.
var hanTitles = []string{"先生", "女士", "小姐", "教授", "博士", "部长", "部長", "大使", "主任", "议员", "議員", "委员", "委員", "总裁", "總裁", "さん", "様", "氏", "씨", "교수", "박사", "대사", "장관", "의원"}

// addFamily looks for a family name by itself, where it is rare enough.
func (l *Linter) addFamily(name, as string, n guestNames) {
	tokens := lintTokens(name)
	if len(tokens) == 0 {
		return
	}
	key, letters := joinTokens(tokens), 0
	for _, t := range tokens {
		letters += utf8.RuneCountInString(t.fold)
	}
	switch {
	case tokens[0].unspaced && letters == 1:
		for _, title := range hanTitles {
			l.add(name+title, LintName, wantAnyCase, as)
		}
	case tokens[0].unspaced:
		l.add(name, LintName, wantAnyCase, as)
	case len(tokens) == 1 && (commonWord(key) || letters < 3):
		l.addBeside(name, LintName, wantTitled, as, n.beside)
	case len(tokens) == 1 && letters == 3:
		l.addBeside(name, LintName, wantCapital, as, n.beside)
	default:
		l.add(name, LintName, wantAnyCase, as)
		if stem := nameStem(key); len(tokens) == 1 && stem != "" {
			l.add(stem, LintName, wantAnyCase, as)
		}
	}
}

// nameEndings change with the case of the name, longest first. They are folded:
// й is written и.
var nameEndings = []string{"ии", "ыи", "ои", "ая", "яя", "а", "я", "и", "ь", "οσ", "ησ", "ασ", "ουσ", "ου", "α", "η"}

// nameStem returns what of a folded name stays in every case, empty where
// nothing changes or too little would stay.
func nameStem(key string) string {
	for _, end := range nameEndings {
		if stem, ok := strings.CutSuffix(key, end); ok {
			if utf8.RuneCountInString(stem) < 5 {
				return ""
			}
			return stem
		}
	}
	if stem, ok := strings.CutPrefix(key, "ال"); ok && utf8.RuneCountInString(stem) >= 4 {
		return stem
	}
	return ""
}

// joinedWords are the Arabic and Hebrew words of one letter, and the Arabic
// article, that are written together with the name they stand before.
var joinedWords = map[rune]bool{
	'و': true, 'ف': true, 'ب': true, 'ل': true, 'ك': true, 'ا': true, 'ו': true, 'ה': true, 'ב': true, 'ל': true, 'כ': true, 'ש': true, 'מ': true,
}

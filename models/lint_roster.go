package models

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

var legalForms = lazyRegexp(`(?i)[\s,]+(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|plc|gmbh|ag|sa|s\.a|nv|n\.v|bv|ab|asa|oyj|group|holdings?)\.?$`)

// openOrganisations tell no more than the sector, which is shown anyway.
var openOrganisations = map[string]bool{
	"congress": true, "uscongress": true, "unitedstatescongress": true, "senate": true, "ussenate": true, "unitedstatessenate": true,
	"house": true, "houseofrepresentatives": true, "ushouseofrepresentatives": true, "government": true, "usgovernment": true,
	"federalgovernment": true, "parliament": true, "university": true, "independent": true, "retired": true, "selfemployed": true,
	"none": true, "unknown": true, "na": true, "private": true,
}

// addOrganisation looks for an organisation by name, acronym and aliases.
func (l *Linter) addOrganisation(o RosterOrganisation) {
	names := append([]string{o.Name}, o.Aliases...)
	for _, name := range names {
		for _, variant := range organisationSpellings(name) {
			l.addOrganisationName(variant)
		}
	}
	l.addOrganisationName(o.Acronym)
}

// organisationSpellings returns how people say an organisation's name: without
// its legal form and article, without what stands after a comma or in brackets,
// and "State Department" for "Department of State".
func organisationSpellings(name string) []string {
	out := []string{name}
	short, _, _ := strings.Cut(name, ",")
	if bare, rest, ok := strings.Cut(short, "("); ok {
		short = bare
		out = append(out, strings.TrimRight(rest, ") "))
	}
	for bare := legalForms().ReplaceAllString(strings.TrimSpace(short), ""); bare != short; bare = legalForms().ReplaceAllString(short, "") {
		short = bare
	}
	for _, lead := range []string{"The ", "the ", "U.S. ", "US ", "United States "} {
		short = strings.TrimPrefix(short, lead)
	}
	out = append(out, short)
	for _, office := range []string{"Department", "Ministry"} {
		if of, ok := strings.CutPrefix(short, office+" of "); ok {
			out = append(out, strings.TrimPrefix(of, "the ")+" "+office)
		}
	}
	return otherHands(out)
}

// British words that Americans write otherwise, in names of offices.
var (
	toAmerican = strings.NewReplacer("Defence", "Defense", "Organisation", "Organization", "Centre", "Center", "Labour", "Labor", "Programme", "Program")
	toBritish  = strings.NewReplacer("Defense", "Defence", "Organization", "Organisation", "Center", "Centre", "Labor ", "Labour ")
)

// otherHands adds how American and British writers spell the names.
func otherHands(names []string) []string {
	for _, name := range names[:len(names):len(names)] {
		for _, other := range []string{toAmerican.Replace(name), toBritish.Replace(name)} {
			if other != name {
				names = append(names, other)
			}
		}
	}
	return names
}

var formerPost = lazyRegexp(`(?i)^(?:the )?(?:former|ex|previous|retired|acting|outgoing|then|past)[ -]+`)

// turnedPost is an office that is also named the other way round: the digital
// affairs minister.
var turnedPost = lazyRegexp(`^(.*?\b(?:Minister|Secretary|Commissioner|Envoy|Ambassador)) (?:of|for|to) (?:the )?(.+)$`)

// titleSpellings returns how people say an office: with and without "former",
// and with what it is for in front.
func titleSpellings(title string) []string {
	title = strings.TrimSpace(title)
	out := []string{title}
	if held := formerPost().ReplaceAllString(title, ""); held != title {
		out = append(out, held)
	}
	for _, t := range out[:len(out):len(out)] {
		if m := turnedPost().FindStringSubmatch(t); m != nil {
			out = append(out, m[2]+" "+m[1])
		}
	}
	return otherHands(out)
}

func (l *Linter) addOrganisationName(name string) {
	const as = "an organization, named by its sector"
	tokens := lintTokens(name)
	key := joinTokens(tokens)
	letters := utf8.RuneCountInString(key)
	switch {
	case letters < 2 || openOrganisations[key]:
	case len(tokens) > 1:
		l.add(name, LintOrganisation, wantAnyCase, as)
	case letters <= 3 && tokens[0].allUpper:
		l.add(name, LintOrganisation, wantUpper, as)
	case letters <= 3 || commonWord(key):
		l.add(name, LintOrganisation, wantTitled, as)
	default:
		l.add(name, LintOrganisation, wantAnyCase, as)
	}
}

// plainTitles are held by so many that they tell nobody.
var plainTitles = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for title := range strings.FieldsFuncSeq(`senior fellow|vice president|senior vice president|executive vice president|managing director|
		executive director|program director|senior advisor|senior adviser|program officer|program manager|research fellow|senior researcher|
		chief executive|chief executive officer|associate professor|assistant professor|deputy director|senior analyst|policy analyst|
		policy director|general counsel|board member|staff director|staff member|professional staff|foreign minister|defense minister|
		prime minister|member of congress|member of parliament|united states senator|united states representative|u.s. senator|
		u.s. representative|secretary general|chief of staff|head of policy|director of policy|visiting fellow|senior director|
		chief technology officer|chief economist|general manager|managing partner|public affairs|government affairs`, func(r rune) bool { return r == '|' }) {
		out[joinTokens(lintTokens(title))] = true
	}
	return out
})

// tellingTitle reports whether a position, or a part of one, points to a person.
func tellingTitle(part string) bool {
	tokens := lintTokens(part)
	words := slices.DeleteFunc(tokens, func(t lintToken) bool { return t.fold == "of" || t.fold == "the" || t.fold == "for" || t.fold == "and" })
	return len(words) >= 2 && !plainTitles()[joinTokens(lintTokens(part))]
}

// commonWord reports whether a folded name is also a word or a place that texts
// use without meaning a person.
func commonWord(fold string) bool { return lintCommon()[fold] }

// lintContext is a wording that points to a person by what it says.
type lintContext struct {
	rule       LintRule
	words      *regexp.Regexp // on the folded text; its first group is the finding
	suggestion string
	but        *regexp.Regexp // what follows where it says something else; nil for nothing
}

const lintOffices = `(?:committee|subcommittee|ministry|department|agency|bureau|embassy|delegation|commission|directorate|secretariat|cabinet|office|command|laboratory|lab|university|institute|company|firm|bank|party|constituents|district)`

const lintPosts = `(?:chair|chairman|chairwoman|chairperson|co-chair|minister|secretary|under ?secretary|ambassador|director|president|vice president|senator|congressman|congresswoman|commissioner|governor|mayor|general|admiral|ceo|chief executive|cto|head|dean|provost|judge|member of (?:congress|parliament)|ranking member|special envoy|envoy|attache|counsel|adviser|advisor|representative)`

// firmBelief is what "our firm" goes on with where it is no company.
var firmBelief = lazyRegexp(`^ (?:commitments?|beliefs?|convictions?|resolve|support|intentions?|intent|stance|stand|positions?|opposition|determination|view|foundation|understanding|policy|answer|response)\b`)

// officeContexts are wordings by which speakers tell their own office.
var officeContexts = sync.OnceValue(func() []lintContext {
	return []lintContext{
		{LintFormer, regexp.MustCompile(`\b(as (?:the |a |an )?(?:former|previous|ex-|onetime|one-time|retired|outgoing|then-)\s?(?:\w+[ -]){0,4}?` + lintPosts + `)\b`), "leave the former office out", nil},
		{LintFormer, regexp.MustCompile(`\b((?:when|while) i (?:was|served as|worked as) (?:the |a |an )?(?:\w+ ){0,3}?` + lintPosts + `)\b`), "leave the former office out", nil},
		{LintFormer, regexp.MustCompile(`\b((?:in|during) my (?:time|years|tenure|days) (?:as|at|in) (?:the )?\w+)\b`), "leave the former office out", nil},
		{LintOffice, regexp.MustCompile(`\b((?:speaking )?as (?:the )?(?:\w+ ){0,2}?` + lintPosts + `(?: of (?:the )?(?:\w+ ?){1,4})?,? (?:i|we|my))\b`), "leave the speaker’s office out", nil},
		{LintOffice, regexp.MustCompile(`\b(my (?:own )?(?:\w+ )?` + lintOffices + `)\b`), "leave the speaker’s office out", nil},
		{LintOffice, regexp.MustCompile(`\b(our (?:own )?(?:committee|subcommittee|ministry|department|agency|bureau|embassy|delegation|directorate|secretariat|laboratory|lab|company|firm|university))\b`), "leave the speaker’s office out", firmBelief()},
		{LintOffice, regexp.MustCompile(`\b((?:we )?(?:here )?at the (?:department|ministry|agency|bureau|embassy|commission|committee|white house|pentagon),? (?:we|i))\b`), "leave the speaker’s office out", nil},
		{LintOffice, regexp.MustCompile(`\b(we (?:here )?at the (?:department|ministry|agency|bureau|embassy|commission|committee|white house|pentagon))\b`), "leave the speaker’s office out", nil},
	}
})

// fewOfCountry is how many guests of a country make it point to nobody: k is
// never under it.
const fewOfCountry = 3

const lintRoles = `(?:ambassadors?|diplomats?|envoys?|ministers?|officials?|delegates?|delegation|representatives?|participants?|colleagues?|guests?|attaches?|counsell?ors?|senators?|lawmakers?|legislators?|mps?|generals?|admirals?|executives?|ceos?|professors?|academics?|scholars?|experts?|embassy|side of the table)`

// countryContexts look for a country beside a role, where few guests come from
// there.
func countryContexts(people []RosterPerson) []lintContext {
	count := map[string]int{}
	for _, p := range people {
		if p.Country != "" {
			count[countryKey(p.Country)]++
		}
	}
	var out []lintContext
	for key, n := range count {
		if n >= fewOfCountry {
			continue
		}
		var words []string
		for _, w := range countryWords(key) {
			words = append(words, regexp.QuoteMeta(w))
		}
		names := `(?:` + strings.Join(words, "|") + `)`
		out = append(out,
			lintContext{LintCountryRole, regexp.MustCompile(`\b(` + names + `(?:'s?)?[ -](?:[\w-]+ ){0,2}?` + lintRoles + `)\b`), "a participant", nil},
			lintContext{LintCountryRole, regexp.MustCompile(`\b(` + lintRoles + ` (?:of|from) (?:the )?` + names + `)\b`), "a participant", nil})
	}
	slices.SortFunc(out, func(a, b lintContext) int { return strings.Compare(a.words.String(), b.words.String()) })
	return out
}

// countryKey returns the folded name that a country is listed under.
func countryKey(name string) string {
	key := strings.TrimFunc(strings.ReplaceAll(Fold(name), ".", ""), func(r rune) bool { return !unicode.IsLetter(r) })
	for country, words := range lintCountries {
		if country == key || slices.Contains(words, key) {
			return country
		}
	}
	return key
}

func countryWords(key string) []string { return append([]string{key}, lintCountries[key]...) }

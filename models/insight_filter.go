package models

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Facet is one way to narrow a list of insights down.
type Facet int

// The facets, in the order in which they are shown.
const (
	FacetPillar Facet = iota
	FacetLabel
	FacetForum
	FacetFront
	FacetKind
	FacetRegime
	FacetRoundtable
	FacetState
	FacetTag
	FacetAction
	FacetItem
)

// Facets lists the facets that are counted, in order.
var Facets = []Facet{FacetPillar, FacetLabel, FacetForum, FacetFront, FacetKind, FacetRegime, FacetRoundtable, FacetState, FacetTag}

var facetWords = [...]struct{ param, name string }{
	{"pillar", "Pillar"}, {"from", "Sector of the speaker"}, {"forum", "Alliance or forum"}, {"front", "Front"},
	{"kind", "Kind"}, {"rule", "Attribution rule"}, {"roundtable", "Roundtable"}, {"state", "State"}, {"tag", "Tag"},
	{"action", "Strategic action"}, {"item", "Agenda item"},
}

// Param returns the name of the query parameter that narrows by the facet.
func (f Facet) Param() string { return facetWords[f].param }

// Name returns the facet's name shown to people.
func (f Facet) Name() string { return facetWords[f].name }

// Code returns the kind of code that the facet narrows by, and whether it does.
func (f Facet) Code() (CodeKind, bool) {
	switch f {
	case FacetForum:
		return CodeForum, true
	case FacetFront:
		return CodeFront, true
	case FacetTag:
		return CodeTag, true
	case FacetAction:
		return CodeAction, true
	}
	return 0, false
}

// NoPillar is the key of insights without a pillar.
const NoPillar = "none"

// InsightOrder is how a list of insights is sorted.
type InsightOrder int

// The orders. Within the rooms of a viewer's own team the newest insight comes
// first; elsewhere the newest roundtable does, and what was said there is
// shuffled: its order is the team's alone.
const (
	NewestFirst InsightOrder = iota
	BestMatch
)

// InsightFilter says which insights somebody looks for: within one facet any
// of the values will do, across facets all must hold. The zero filter is
// everything. Every condition is asked of the insight as it is disclosed to the
// reader.
type InsightFilter struct {
	// Text is what was typed into the search field. Any text is a query.
	Text string
	// On holds the chosen keys of each facet.
	On map[Facet][]string
	// Also lists what must hold beside: of two keys of one facet an insight then
	// carries both.
	Also []FacetKey
	// Since and Until bound the month of the roundtable, as 2026-09, both
	// inclusive. Empty does not bound.
	Since, Until string
	Order        InsightOrder
}

// FacetKey is one key of a facet.
type FacetKey struct {
	Facet Facet
	Key   string
}

const (
	maxFilterValues = 40
	maxFilterAlso   = 4
)

// alsoParam is the name of the query parameter of Also: facet:key.
const alsoParam = "also"

// ParseInsightFilter reads a filter from an address. What it cannot read is
// left out.
func ParseInsightFilter(values url.Values) InsightFilter {
	f := InsightFilter{Text: cleanText(values.Get("q")), Since: monthWord(values.Get("since")), Until: monthWord(values.Get("until"))}
	if len(f.Text) > 1000 {
		f.Text = cleanText(f.Text[:1000])
	}
	if values.Get("sort") == "best" {
		f.Order = BestMatch
	}
	for facet := FacetPillar; facet <= FacetItem; facet++ {
		for _, key := range values[facet.Param()] {
			if facet.knows(key) && len(f.On[facet]) < maxFilterValues {
				f = f.With(facet, key)
			}
		}
	}
	for _, also := range values[alsoParam] {
		param, key, _ := strings.Cut(also, ":")
		for facet := FacetPillar; facet <= FacetItem; facet++ {
			if facet.Param() == param && facet != FacetRoundtable && facet.knows(key) && len(f.Also) < maxFilterAlso {
				f = f.WithAlso(facet, key)
			}
		}
	}
	return f
}

// WithAlso returns the filter with one more key that must hold beside all
// others.
func (f InsightFilter) WithAlso(facet Facet, key string) InsightFilter {
	k := FacetKey{facet, key}
	if !slices.Contains(f.Also, k) {
		f.Also = append(slices.Clone(f.Also), k)
	}
	return f
}

// WithoutAlso returns the filter without such a key.
func (f InsightFilter) WithoutAlso(k FacetKey) InsightFilter {
	f.Also = slices.DeleteFunc(slices.Clone(f.Also), func(have FacetKey) bool { return have == k })
	return f
}

// AlsoWords writes Also as an address holds it.
func (f InsightFilter) AlsoWords() []string {
	var out []string
	for _, k := range f.Also {
		out = append(out, k.Facet.Param()+":"+k.Key)
	}
	return out
}

// knows reports whether the key can be one of the facet's. Codes are looked up
// in the codebook later.
func (f Facet) knows(key string) bool {
	ok := true
	switch f {
	case FacetPillar:
		_, ok = ParsePillar(key)
		ok = ok || key == NoPillar
	case FacetLabel:
		var l Label
		l, ok = ParseLabel(key)
		ok = ok && l != LabelNamed
	case FacetKind:
		_, ok = ParseKind(key)
	case FacetRegime:
		_, ok = ParseRegime(key)
	case FacetState:
		var s InsightState
		s, ok = ParseInsightState(key)
		ok = ok && s != Struck
	case FacetRoundtable, FacetItem:
		_, err := ParseID(key)
		ok = err == nil
	}
	return ok && key != "" && len(key) <= 200
}

// ParsePillar reads a pillar's letter, as Letter writes it.
func ParsePillar(letter string) (Pillar, bool) {
	for _, p := range Pillars {
		if p.Letter() == letter {
			return p, true
		}
	}
	return PillarNone, false
}

func monthWord(s string) string {
	if t, err := time.Parse("2006-01", s); err != nil || t.Year() < 1970 {
		return ""
	}
	return s
}

// Values writes the filter as an address holds it.
func (f InsightFilter) Values() url.Values {
	v := url.Values{}
	for facet := FacetPillar; facet <= FacetItem; facet++ {
		for _, key := range f.On[facet] {
			v.Add(facet.Param(), key)
		}
	}
	if len(f.Also) > 0 {
		v[alsoParam] = f.AlsoWords()
	}
	for _, p := range [][2]string{{"q", f.Text}, {"since", f.Since}, {"until", f.Until}} {
		if p[1] != "" {
			v.Set(p[0], p[1])
		}
	}
	if f.Order == BestMatch {
		v.Set("sort", "best")
	}
	return v
}

// Has reports whether the facet's key is chosen.
func (f InsightFilter) Has(facet Facet, key string) bool { return slices.Contains(f.On[facet], key) }

// With returns the filter with one more key chosen.
func (f InsightFilter) With(facet Facet, key string) InsightFilter {
	if f.Has(facet, key) {
		return f
	}
	return f.only(facet, append(slices.Clone(f.On[facet]), key))
}

// Without returns the filter with one key less.
func (f InsightFilter) Without(facet Facet, key string) InsightFilter {
	return f.only(facet, slices.DeleteFunc(slices.Clone(f.On[facet]), func(k string) bool { return k == key }))
}

// WithoutFacet returns the filter without any key of the facet.
func (f InsightFilter) WithoutFacet(facet Facet) InsightFilter { return f.only(facet, nil) }

func (f InsightFilter) only(facet Facet, keys []string) InsightFilter {
	on := make(map[Facet][]string, len(f.On)+1)
	for k, v := range f.On {
		if k != facet {
			on[k] = v
		}
	}
	if len(keys) > 0 {
		on[facet] = keys
	}
	f.On = on
	return f
}

// Chosen counts the chosen keys and bounds, the search text not among them.
func (f InsightFilter) Chosen() int {
	n := len(f.Also)
	for _, keys := range f.On {
		n += len(keys)
	}
	if f.Since != "" {
		n++
	}
	if f.Until != "" {
		n++
	}
	return n
}

// Empty reports whether the filter narrows nothing down.
func (f InsightFilter) Empty() bool { return f.Chosen() == 0 && ParseQuery(f.Text).Empty() }

// Query returns the search text as a query.
func (f InsightFilter) Query() Query { return ParseQuery(f.Text) }

// Days returns the first day the filter lets in and the first after the last
// one, as days since 1970; open ends are zero.
func (f InsightFilter) Days() (from, before int64) {
	day := func(t time.Time) int64 { return t.Unix() / 86400 }
	if t, err := time.Parse("2006-01", f.Since); err == nil {
		from = max(1, day(t))
	}
	if t, err := time.Parse("2006-01", f.Until); err == nil {
		before = max(1, day(t.AddDate(0, 1, 0)))
	}
	return from, before
}

// Matches reports whether the filter lets an insight through, as it is
// disclosed. It is what the store's search must agree with.
func (f InsightFilter) Matches(i Insight) bool { return f.Matcher()(i) }

// Matcher returns Matches for many insights: the query is read once. The
// function may be called from several goroutines.
func (f InsightFilter) Matcher() func(Insight) bool {
	if f.Empty() {
		return func(Insight) bool { return true }
	}
	query := f.Query()
	return func(i Insight) bool {
		if !query.Empty() || f.Text != "" {
			var tokens []string
			if i.Regime() != OffTheRecord { // those words are in no index
				tokens = Tokens(i.Text())
			}
			if !query.Matches(tokens) {
				return false
			}
		}
		return f.facetsMatch(i) && f.monthMatches(i)
	}
}

func (f InsightFilter) facetsMatch(i Insight) bool {
	for facet, keys := range f.On {
		if len(keys) > 0 && !slices.ContainsFunc(i.FacetKeys(facet), func(k string) bool { return slices.Contains(keys, k) }) {
			return false
		}
	}
	for _, k := range f.Also {
		if !slices.Contains(i.FacetKeys(k.Facet), k.Key) {
			return false
		}
	}
	return true
}

func (f InsightFilter) monthMatches(i Insight) bool {
	if f.Since == "" && f.Until == "" {
		return true
	}
	if len(i.HeldOn()) < len("2006-01") {
		return false
	}
	month := i.HeldOn()[:len("2006-01")]
	return (f.Since == "" || month >= f.Since) && (f.Until == "" || month <= f.Until)
}

// FacetKeys returns under which keys of a facet the insight is found.
func (i Insight) FacetKeys(facet Facet) []string {
	switch facet {
	case FacetPillar:
		return pillarKeys(i.PillarMask())
	case FacetLabel:
		return []string{i.TableLabel().Key()}
	case FacetForum:
		return codeKeys(i.Forums())
	case FacetFront:
		return codeKeys(i.Fronts())
	case FacetTag:
		return codeKeys(i.Tags())
	case FacetAction:
		return codeKeys(i.Actions())
	case FacetKind:
		return []string{i.Kind().Key()}
	case FacetRegime:
		return []string{i.Regime().Key()}
	case FacetState:
		return []string{i.State().Key()}
	case FacetRoundtable:
		return []string{i.RoundtableID().String()}
	case FacetItem:
		if i.ItemID() != 0 {
			return []string{i.ItemID().String()}
		}
	}
	return nil
}

// TableLabel returns the label that the insight counts under: its own or, of a
// speaker who is named, the sector.
func (i Insight) TableLabel() Label {
	if i.Label().Level() == Named {
		return LabelAt(SectorLevel, i.SpeakerSector())
	}
	return i.Label()
}

// CountedUnder returns the label that a row counts under, from what is stored
// of it: TableLabel without the insight. shown is its label for the audience,
// sector the speaker's.
func CountedUnder(a Audience, regime Regime, shown Label, sector Sector) Label {
	regime = orOff(regime.read())
	switch {
	case a == Team && regime == OffTheRecord:
		return LabelNone
	case a == Team, shown.Level() == Named && ceiling(regime) == Named:
		return LabelAt(SectorLevel, sector)
	case shown.Level() > ceiling(regime):
		return LabelNone
	}
	return shown
}

func pillarKeys(mask int) []string {
	var out []string
	for _, p := range PillarsOf(mask) {
		out = append(out, p.Letter())
	}
	if out == nil {
		out = []string{NoPillar}
	}
	return out
}

func codeKeys(codes []CodeRef) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = c.Key
	}
	return out
}

// MostMatches is up to how many insights a list and its facets are counted.
const MostMatches = 1000

// InsightFacets are the counts beside a list of insights: over all that match,
// or over the newest MostMatches of them.
type InsightFacets struct {
	Total  int
	Capped bool // there are more than Total
	Rooms  int  // how many roundtables they come from
	Groups []FacetGroup
}

// TotalWords writes the total: "92", or "1,000+".
func (f InsightFacets) TotalWords() string { return CappedWords(f.Total, f.Capped) }

// CappedWords writes a count that may be cut short: "1,204", "1,000+".
func CappedWords(n int, capped bool) string {
	s := Thousands(n)
	if capped {
		s += "+"
	}
	return s
}

// FacetGroup holds the counts of one facet. Where keys of it are chosen, they
// are counted as if none were: what choosing another one would add.
type FacetGroup struct {
	Facet  Facet
	Values []FacetValue
	Capped bool
}

// FacetValue is one key of a facet with its name and how many insights have it.
type FacetValue struct {
	Key, Name string
	N         int
	On        bool
}

// Value returns the count of a key.
func (g FacetGroup) Value(key string) int {
	for _, v := range g.Values {
		if v.Key == key {
			return v.N
		}
	}
	return 0
}

// TogglePillar returns the change that takes a pillar off insights that all
// carry it, and else puts it on those that do not.
func TogglePillar(insights []Insight, p Pillar) TagChange {
	for _, i := range insights {
		if i.PillarMask()&p.Mask() == 0 {
			return TagChange{AddPillars: []Pillar{p}}
		}
	}
	return TagChange{RemovePillars: []Pillar{p}}
}

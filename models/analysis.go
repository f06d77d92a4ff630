package models

import (
	"encoding/binary"
	"net/url"
	"slices"
	"time"
)

// Dimension is one way to divide insights up. The numbers of the first seven
// are kept in the database: they must stay as they are.
type Dimension int

// The dimensions. Months and roundtables follow from the roundtable of an
// insight, the others from the insight itself.
const (
	DimNone Dimension = iota
	DimPillar
	DimSector
	DimFront
	DimForum
	DimAction
	DimKind
	DimTag
	DimMonth
	DimRoundtable
)

// Dimensions lists the dimensions that insights carry themselves, in order.
var Dimensions = []Dimension{DimPillar, DimSector, DimFront, DimForum, DimAction, DimKind, DimTag}

var dimensionWords = [...]struct {
	key, name string
	facet     Facet
}{
	{"", "", 0},
	{"pillar", "STEAD pillar", FacetPillar}, {"from", "Sector of the speaker", FacetLabel}, {"front", "Strategic front", FacetFront},
	{"forum", "Alliance or forum", FacetForum}, {"action", "Strategic action", FacetAction}, {"kind", "Kind", FacetKind},
	{"tag", "Tag", FacetTag}, {"month", "Month", 0}, {"roundtable", "Roundtable", FacetRoundtable},
}

// Key returns the word that addresses use.
func (d Dimension) Key() string { return dimensionWords[d].key }

// Name returns the name shown to people.
func (d Dimension) Name() string { return dimensionWords[d].name }

// ParseDimension reads a key as Key writes it.
func ParseDimension(key string) (Dimension, bool) {
	for i, w := range dimensionWords {
		if i > 0 && w.key == key {
			return Dimension(i), true
		}
	}
	return DimNone, false
}

// OfRoom reports whether the dimension follows from the roundtable.
func (d Dimension) OfRoom() bool { return d == DimMonth || d == DimRoundtable }

// numbers returns under which keys an insight counts, as disclosed; zero is no
// pillar.
func (d Dimension) numbers(i Insight) []uint64 {
	var codes []CodeRef
	switch d {
	case DimPillar:
		var out []uint64
		for _, p := range PillarsOf(i.PillarMask()) {
			out = append(out, uint64(p))
		}
		if out == nil {
			out = []uint64{0}
		}
		return out
	case DimSector:
		return []uint64{uint64(i.TableLabel())}
	case DimKind:
		return []uint64{uint64(i.Kind())}
	case DimFront:
		codes = i.Fronts()
	case DimForum:
		codes = i.Forums()
	case DimAction:
		codes = i.Actions()
	case DimTag:
		codes = i.Tags()
	}
	out := make([]uint64, len(codes))
	for n, c := range codes {
		out[n] = uint64(c.ID)
	}
	return out
}

// Meeting is a pair of dimensions, the lower number first.
type Meeting struct{ A, B Dimension }

// MeetingOf returns the pair under which two dimensions are kept. A dimension
// of the roundtable needs no more than the other one with itself.
func MeetingOf(a, b Dimension) Meeting {
	if b.OfRoom() {
		return Meeting{a, a}
	}
	return Meeting{min(a, b), max(a, b)}
}

// Meetings lists all pairs that are kept.
func Meetings() []Meeting {
	var out []Meeting
	for i, a := range Dimensions {
		for _, b := range Dimensions[i:] {
			out = append(out, Meeting{a, b})
		}
	}
	return out
}

// MeetingCells counts the insights that carry a key of each of two dimensions.
// Where both are one dimension, a pair of keys stands once, the lower first.
type MeetingCells struct {
	// Insights is how many carry any key of both.
	Insights int
	N        map[[2]uint64]int
}

// Add counts one insight as it is disclosed.
func (c *MeetingCells) Add(m Meeting, i Insight) {
	as, bs := m.A.numbers(i), m.B.numbers(i)
	if len(as) == 0 || len(bs) == 0 {
		return
	}
	if c.N == nil {
		c.N = map[[2]uint64]int{}
	}
	c.Insights++
	for _, a := range as {
		for _, b := range bs {
			if m.A != m.B || a <= b {
				c.N[[2]uint64{a, b}]++
			}
		}
	}
}

// Encode writes the cells as one compact value, in one order.
func (c MeetingCells) Encode() []byte {
	keys := make([][2]uint64, 0, len(c.N))
	for k := range c.N {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	out := binary.AppendUvarint(nil, uint64(c.Insights))
	for _, k := range keys {
		out = binary.AppendUvarint(out, k[0])
		out = binary.AppendUvarint(out, k[1])
		out = binary.AppendUvarint(out, uint64(c.N[k]))
	}
	return out
}

// DecodeMeetingCells hands every cell that Encode wrote to each and returns
// how many insights there were. What is damaged ends it.
func DecodeMeetingCells(b []byte, each func(a, b uint64, n int)) (insights int) {
	take := func() (uint64, bool) {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return 0, false
		}
		b = b[n:]
		return v, true
	}
	total, _ := take()
	for {
		x, _ := take()
		y, _ := take()
		n, ok := take()
		if !ok {
			return int(total)
		}
		each(x, y, int(n))
	}
}

// Measure is what a cell of the analysis says.
type Measure int

// The measures.
const (
	CountInsights Measure = iota
	ShareOfRow
	ShareOfColumn
	// CountSpeakers counts the distinct people who spoke. It is for the team of
	// every roundtable that is counted, and for nobody else.
	CountSpeakers
)

var measureKeys = [...]string{"", "row", "column", "speakers"}

// Key returns the word that addresses use; empty for CountInsights.
func (m Measure) Key() string { return measureKeys[m] }

// IsShare reports whether the measure is a share in percent.
func (m Measure) IsShare() bool { return m == ShareOfRow || m == ShareOfColumn }

// AnalysisQuery says what is to be counted. Rows is never a dimension of the
// roundtable. Since and Until bound the roundtable's month, as 2026-09, both
// inclusive; empty does not bound, nor does a zero Series or Roundtable.
type AnalysisQuery struct {
	Rows, Columns      Dimension
	Measure            Measure
	Since, Until       string
	Series, Roundtable ID
}

// ParseAnalysisQuery reads a query from an address; what it cannot read is as
// in a new one: pillars by sectors, of everything.
func ParseAnalysisQuery(v url.Values) AnalysisQuery {
	q := AnalysisQuery{Rows: DimPillar, Columns: DimSector, Since: monthWord(v.Get("since")), Until: monthWord(v.Get("until"))}
	if d, ok := ParseDimension(v.Get("rows")); ok && !d.OfRoom() {
		q.Rows = d
	}
	if d, ok := ParseDimension(v.Get("columns")); ok {
		q.Columns = d
	}
	q.Measure = Measure(max(0, slices.Index(measureKeys[:], v.Get("measure"))))
	q.Series, _ = ParseID(v.Get("series"))
	q.Roundtable, _ = ParseID(v.Get("roundtable"))
	return q
}

// Values writes the query as an address holds it.
func (q AnalysisQuery) Values() url.Values {
	v := url.Values{"rows": {q.Rows.Key()}, "columns": {q.Columns.Key()}}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("measure", q.Measure.Key())
	set("since", q.Since)
	set("until", q.Until)
	if q.Series != 0 {
		set("series", q.Series.String())
	}
	if q.Roundtable != 0 {
		set("roundtable", q.Roundtable.String())
	}
	return v
}

// MonthsBack returns the month that begins a period of n months that ends with
// the month of now, as 2026-09.
func MonthsBack(now Instant, n int) string {
	t := now.In(time.UTC)
	return time.Date(t.Year(), t.Month()-time.Month(n-1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

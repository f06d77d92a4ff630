package models

import (
	"cmp"
	"slices"
	"time"
)

// MostOnAxis is how many keys a table shows along one side: of more, those
// with the most insights.
const MostOnAxis = 40

// CrossKey is one row or column of a table of the analysis. Key is what a
// filter of insights calls it.
type CrossKey struct {
	Number    uint64
	Key, Name string
	N         int // the sum of its cells
}

// Cross is a table of counts. Where an insight carries several keys it counts
// under each: Taggings is the sum of all cells, Insights how many there are.
type Cross struct {
	Query         AnalysisQuery
	Rows, Columns []CrossKey
	N             [][]int // by row, then column
	Insights      int
	Taggings      int
	// LeftOut is how many keys with fewer insights are not shown.
	LeftOut int
}

// CrossRoom is a roundtable that a table counts.
type CrossRoom struct {
	ID    ID
	Title string
	Month string // as 2026-09; empty has no date
}

// NewCross puts a table together from what was counted, by number of row and
// column. rooms are all that may have been counted.
func NewCross(q AnalysisQuery, counts map[[2]uint64]int, insights int, book Codebook, rooms []CrossRoom) Cross {
	if q.Rows == q.Columns {
		both := make(map[[2]uint64]int, 2*len(counts))
		for k, n := range counts {
			both[k], both[[2]uint64{k[1], k[0]}] = n, n
		}
		counts = both
	}
	sums := [2]map[uint64]int{{}, {}}
	for k, n := range counts {
		sums[0][k[0]] += n
		sums[1][k[1]] += n
	}
	c := Cross{Query: q, Insights: insights}
	var left [2]int
	c.Rows, left[0] = axis(q.Rows, sums[0], book, rooms)
	c.Columns, left[1] = axis(q.Columns, sums[1], book, rooms)
	c.LeftOut = left[0] + left[1]
	colSums := make([]int, len(c.Columns))
	for r := range c.Rows {
		line, sum := make([]int, len(c.Columns)), 0
		for k := range c.Columns {
			line[k] = counts[[2]uint64{c.Rows[r].Number, c.Columns[k].Number}]
			sum += line[k]
			colSums[k] += line[k]
		}
		c.Rows[r].N = sum
		c.Taggings += sum
		c.N = append(c.N, line)
	}
	for k := range c.Columns {
		c.Columns[k].N = colSums[k]
	}
	return c
}

// axis lists the keys of one side. Pillars, sectors, kinds, fronts and months
// always stand, the others where something was counted.
func axis(d Dimension, sums map[uint64]int, book Codebook, rooms []CrossRoom) ([]CrossKey, int) {
	var out []CrossKey
	add := func(number uint64, key, name string, always bool) {
		if always || sums[number] > 0 {
			out = append(out, CrossKey{Number: number, Key: key, Name: name})
		}
	}
	switch d {
	case DimPillar:
		for _, p := range Pillars {
			add(uint64(p), p.Letter(), p.Name(), true)
		}
		add(0, NoPillar, "No pillar", false)
	case DimSector:
		for _, s := range Sectors {
			add(uint64(s), Label(s).Key(), s.Name(), true)
		}
		for _, l := range []Label{LabelGovernment, LabelNonGovernment, LabelDescriptor, LabelNone} {
			add(uint64(l), l.Key(), l.Name(), false)
		}
	case DimKind:
		for k := range Kind(len(kindWords)) {
			add(uint64(k), k.Key(), k.Name(), false)
		}
	case DimMonth:
		out = monthAxis(rooms)
	case DimRoundtable:
		newest := slices.Clone(rooms)
		slices.SortFunc(newest, func(a, b CrossRoom) int { return cmp.Or(cmp.Compare(b.Month, a.Month), cmp.Compare(a.ID, b.ID)) })
		for _, r := range newest {
			add(uint64(r.ID), r.ID.String(), r.Title, false)
		}
	default:
		kind, _ := dimensionWords[d].facet.Code()
		for _, e := range book {
			if e.Kind == kind {
				add(uint64(e.ID), e.Key, e.Name, kind == CodeFront && !e.Archived)
			}
		}
	}
	if len(out) <= MostOnAxis || d == DimMonth {
		return out, 0
	}
	byCount := slices.Clone(out)
	slices.SortStableFunc(byCount, func(a, b CrossKey) int { return cmp.Compare(sums[b.Number], sums[a.Number]) })
	kept := map[uint64]bool{}
	for _, k := range byCount[:MostOnAxis] {
		kept[k.Number] = true
	}
	left := len(out) - MostOnAxis
	return slices.DeleteFunc(out, func(k CrossKey) bool { return !kept[k.Number] }), left
}

// monthAxis lists the months from the first roundtable to the last, up to
// three years back.
func monthAxis(rooms []CrossRoom) []CrossKey {
	first, last := "", ""
	for _, r := range rooms {
		if r.Month == "" {
			continue
		}
		if first == "" || r.Month < first {
			first = r.Month
		}
		last = max(last, r.Month)
	}
	to, err := time.Parse("2006-01", last)
	if err != nil {
		return nil
	}
	from, err := time.Parse("2006-01", first)
	if err != nil {
		return nil
	}
	if earliest := to.AddDate(0, -35, 0); from.Before(earliest) {
		from = earliest
	}
	var out []CrossKey
	for m := from; !m.After(to); m = m.AddDate(0, 1, 0) {
		out = append(out, CrossKey{Number: MonthNumber(m.Format("2006-01")), Key: m.Format("2006-01"), Name: m.Format("Jan 2006")})
	}
	return out
}

// MonthNumber returns the number under which a month such as 2026-09 is
// counted; what is no month is zero.
func MonthNumber(month string) uint64 {
	t, err := time.Parse("2006-01", month)
	if err != nil || t.Year() < 1 {
		return 0
	}
	return uint64(t.Year())*12 + uint64(t.Month()) - 1
}

// Filter returns which insights a cell counts, and whether a filter can say
// so: it names only so many roundtables. rooms are those of the query's series,
// empty where it has none.
func (c Cross) Filter(row, column int, rooms []ID) (InsightFilter, bool) {
	q, r, k := c.Query, c.Rows[row], c.Columns[column]
	f := InsightFilter{Since: q.Since, Until: q.Until}.With(dimensionWords[q.Rows].facet, r.Key)
	switch {
	case q.Columns == DimMonth:
		f.Since, f.Until = k.Key, k.Key
	case q.Rows == q.Columns && row != column: // either of two would do, not both
		f = f.WithAlso(dimensionWords[q.Columns].facet, k.Key)
	case q.Rows != q.Columns:
		f = f.With(dimensionWords[q.Columns].facet, k.Key)
	}
	if q.Columns == DimRoundtable {
		return f, true
	}
	return q.within(f, rooms)
}

// within narrows a filter down to the roundtables of the query.
func (q AnalysisQuery) within(f InsightFilter, rooms []ID) (InsightFilter, bool) {
	if q.Roundtable != 0 {
		rooms = []ID{q.Roundtable}
	}
	if (q.Series != 0 && q.Roundtable == 0) && (len(rooms) == 0 || len(rooms) > maxFilterValues) {
		return InsightFilter{}, false
	}
	for _, id := range rooms {
		f = f.With(FacetRoundtable, id.String())
	}
	return f, true
}

// Share returns a cell's share of its row or column in percent, rounded; zero
// where there is nothing.
func (c Cross) Share(row, column int) int {
	of := c.Rows[row].N
	if c.Query.Measure == ShareOfColumn {
		of = c.Columns[column].N
	}
	if of == 0 {
		return 0
	}
	return (200*c.N[row][column] + of) / (2 * of)
}

// CrossGap is a cell under the gap, with its letter.
type CrossGap struct {
	Letter      string
	Row, Column int
	N           int
}

// Gaps lists the cells of pillars, fronts and forums by sector that count
// fewer insights than the gap, in the order of the table. Other tables have no
// gaps: that two codes do not meet is nobody's silence.
func (c Cross) Gaps(gap int) []CrossGap {
	var out []CrossGap
	if c.Query.Measure == CountSpeakers || c.Query.Columns != DimSector || c.Query.Rows > DimForum || c.Query.Rows == DimSector || c.Insights == 0 {
		return nil
	}
	for r, row := range c.Rows {
		if c.Query.Rows == DimPillar && row.Number == 0 {
			continue
		}
		for k, column := range c.Columns {
			if Label(column.Number).Level() == SectorLevel && c.N[r][k] < gap {
				out = append(out, CrossGap{Letter: gapLetter(len(out)), Row: r, Column: k, N: c.N[r][k]})
			}
		}
	}
	return out
}

// SectorGap is a sector that was hardly heard, and on what.
type SectorGap struct {
	Sector Sector
	On     []SectorGapOn
}

// SectorGapOn is a pillar, front or forum, and how many insights of the sector
// count under it.
type SectorGapOn struct {
	Name string
	N    int
}

// SectorGaps lists by sector on which pillars, fronts and forums fewer
// insights than the gap are its own, those with most gaps first.
func (a Analysis) SectorGaps(gap int) []SectorGap {
	bySector := map[Sector][]SectorGapOn{}
	for _, c := range a.Unheard {
		for _, g := range c.Gaps(gap) {
			s := Label(c.Columns[g.Column].Number).Sector()
			bySector[s] = append(bySector[s], SectorGapOn{Name: c.Rows[g.Row].Name, N: g.N})
		}
	}
	var out []SectorGap
	for _, s := range Sectors {
		if on := bySector[s]; len(on) > 0 && s != HostStaff {
			out = append(out, SectorGap{Sector: s, On: on})
		}
	}
	slices.SortStableFunc(out, func(a, b SectorGap) int { return cmp.Compare(len(b.On), len(a.On)) })
	return out
}

// Largest returns the cell with the most insights, and false where all are
// empty. Of a dimension with itself the diagonal is left out.
func (c Cross) Largest() (row, column int, ok bool) {
	best := 0
	for r := range c.Rows {
		for k := range c.Columns {
			if (c.Query.Rows != c.Query.Columns || r != k) && c.N[r][k] > best {
				best, row, column, ok = c.N[r][k], r, k, true
			}
		}
	}
	return row, column, ok
}

// counts reports whether any cell counts an insight.
func (c Cross) counts() bool {
	return slices.ContainsFunc(c.N, func(row []int) bool { return slices.Max(append(row, 0)) > 0 })
}

// Finding says in a sentence what the table shows: where most is, and how many
// cells are gaps.
func (c Cross) Finding(gap int) string {
	r, k, ok := c.Largest()
	switch {
	case !ok && c.Query.Rows == c.Query.Columns && c.counts():
		return "No insight carries two of these yet"
	case !ok:
		return "Nothing has been counted here yet"
	}
	row, column := c.Rows[r].Name, c.Columns[k].Name
	out := row + " and " + column + " meet most"
	switch c.Query.Columns {
	case DimSector:
		out = "Most was said on " + row + " by " + column
	case DimMonth:
		out = row + " peaked in " + column
	case DimRoundtable:
		out = row + " was heard most at " + column
	}
	switch n := len(c.Gaps(gap)); n {
	case 0:
		return out
	case 1:
		return out + "; one cell has almost no one in it"
	default:
		return out + "; " + numberWord(n) + " cells have almost no one in them"
	}
}

// Analysis is the table that was asked for, with the pictures beside it: all
// of the same insights.
type Analysis struct {
	Cross                Cross
	Trend, Meet          Cross // pillars by month; pillars with each other
	Fronts, Forums, Kind Cross
	// Unheard are pillars, fronts and forums by sector: who has not spoken on
	// what.
	Unheard []Cross
	// Listed are the newest roundtables of the query in which something was
	// said.
	Listed []CrossRoom
	// SeriesRooms are the roundtables of the query's series, where it has one.
	SeriesRooms []ID
	// Rooms is how many roundtables were counted.
	Rooms int
	// SpeakersOffered says that the reader may ask how many people spoke: CountSpeakers.
	SpeakersOffered bool
}

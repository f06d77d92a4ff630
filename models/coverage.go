package models

import (
	"slices"
	"strings"
	"time"
)

// Coverage counts the insights of the last months by pillar and by the label
// that the reader is shown. An insight counts once under every pillar it
// carries, and under PillarNone where it has none.
type Coverage struct {
	// Since is the first month that is counted, as 2026-09.
	Since string
	// Rooms is how many roundtables were held in that time.
	Rooms int
	// Gap is the count under which a pillar is barely heard from a sector.
	Gap int
	// Seeks holds the next roundtable that wants a sector, for its team.
	Seeks map[Sector]SectorSeek

	counts map[Pillar]map[Label]int
}

// SectorSeek is a roundtable ahead that has a target for a sector.
type SectorSeek struct {
	Room   ID
	Starts Instant
	Zone   string
	Target int
}

// Add counts n more insights. Labels that no reader meets are left out.
func (c *Coverage) Add(p Pillar, l Label, n int) {
	if l.Level() == Withheld {
		return
	}
	if c.counts == nil {
		c.counts = map[Pillar]map[Label]int{}
	}
	if c.counts[p.read()] == nil {
		c.counts[p.read()] = map[Label]int{}
	}
	c.counts[p.read()][l] += n
}

// N returns the count of a cell.
func (c Coverage) N(p Pillar, l Label) int { return c.counts[p.read()][l] }

// Empty reports whether nothing was counted at all.
func (c Coverage) Empty() bool {
	for _, row := range c.counts {
		for _, n := range row {
			if n > 0 {
				return false
			}
		}
	}
	return true
}

// Pillars lists the rows: the five pillars, and PillarNone where insights have
// no pillar yet.
func (c Coverage) Pillars() []Pillar {
	rows := slices.Clone(Pillars)
	for _, n := range c.counts[PillarNone] {
		if n > 0 {
			return append(rows, PillarNone)
		}
	}
	return rows
}

// Columns lists the labels that are counted: the seven sectors, and after them
// those that tell less than a sector, where insights have them.
func (c Coverage) Columns() []Label {
	var out []Label
	for _, s := range Sectors {
		out = append(out, Label(s))
	}
	for _, l := range []Label{LabelGovernment, LabelNonGovernment, LabelDescriptor, LabelNone} {
		if slices.ContainsFunc(c.Pillars(), func(p Pillar) bool { return c.N(p, l) > 0 }) {
			out = append(out, l)
		}
	}
	return out
}

// CoverageGap is a pillar that is barely heard from a sector.
type CoverageGap struct {
	// Letter names it in the table: a, b, c.
	Letter string
	Pillar Pillar
	Sector Sector
	N      int
}

// Gaps lists the cells under the gap, in the order of the table.
func (c Coverage) Gaps() []CoverageGap {
	var out []CoverageGap
	for _, p := range Pillars {
		for _, s := range Sectors {
			if n := c.N(p, Label(s)); n < c.Gap {
				out = append(out, CoverageGap{Letter: gapLetter(len(out)), Pillar: p, Sector: s, N: n})
			}
		}
	}
	return out
}

// gapLetter names the gaps a to z, then aa to az, ba and so on.
func gapLetter(i int) string {
	letter := string(rune('a' + i%26))
	if i < 26 {
		return letter
	}
	return gapLetter(i/26-1) + letter
}

// Finding says in a sentence what the table shows.
func (c Coverage) Finding() string {
	if c.Empty() {
		return "Nothing has been captured yet"
	}
	quiet := c.quietSectors()
	if len(quiet) == 0 {
		return "Every sector is heard on every pillar"
	}
	if len(quiet) > 3 && len(quiet[3].pillars) > 2 {
		return "Most sectors are barely heard yet"
	}
	words := quiet[0].words(true)
	if len(quiet) > 1 {
		words += ", and " + quiet[1].words(false)
	}
	return words
}

// quietSector is a sector with the pillars on which it is barely heard.
type quietSector struct {
	sector  Sector
	pillars []Pillar
	n       int
}

// quietSectors lists the sectors that have gaps: those with most of them
// first, and of these the one that said least.
func (c Coverage) quietSectors() []quietSector {
	at := map[Sector]int{}
	var out []quietSector
	for _, g := range c.Gaps() {
		i, ok := at[g.Sector]
		if !ok {
			i, at[g.Sector] = len(out), len(out)
			out = append(out, quietSector{sector: g.Sector})
		}
		out[i].pillars = append(out[i].pillars, g.Pillar)
		out[i].n += g.N
	}
	slices.SortStableFunc(out, func(a, b quietSector) int {
		if d := len(b.pillars) - len(a.pillars); d != 0 {
			return d
		}
		return a.n - b.n
	})
	return out
}

func (q quietSector) words(first bool) string {
	name := q.sector.Name()
	if !first {
		if q.sector != Congress {
			name = strings.ToLower(name[:1]) + name[1:]
		}
		return name + " on " + pillarWordsOf(q.pillars)
	}
	verb := " is "
	if q.sector == Agencies || q.sector == Diplomats || q.sector == ThinkTanks {
		verb = " are "
	}
	if q.n == 0 {
		return name + verb + "not heard on " + pillarWordsOf(q.pillars)
	}
	return name + verb + "barely heard on " + pillarWordsOf(q.pillars)
}

func pillarWordsOf(pillars []Pillar) string {
	switch n := len(pillars); {
	case n == len(Pillars):
		return "any pillar"
	case n > 3:
		return "most pillars"
	case n == 3:
		return strings.ToLower(pillars[0].Name()) + ", " + pillarWordsOf(pillars[1:])
	case n == 2:
		return strings.ToLower(pillars[0].Name()) + " and " + strings.ToLower(pillars[1].Name())
	}
	return strings.ToLower(pillars[0].Name())
}

// coverageMonths is how far back the table reaches, this month included.
const coverageMonths = 12

// CoverageSince returns the first month of the table, as 2026-09, for a reader
// in the zone.
func CoverageSince(now Instant, zone string) string {
	loc, err := Zone(zone)
	if err != nil {
		loc = time.UTC
	}
	t := now.In(loc)
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 1-coverageMonths, 0).Format("2006-01")
}

package models

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

// Topic is a pillar, a front and a forum that stand in one insight.
type Topic struct {
	Pillar       Pillar
	Front, Forum ID
}

// Numbers of pillars and sectors are packed into one byte each way.
const (
	mostPillars = 8
	mostSectors = 16
)

// topicPair is a front with a forum.
type topicPair [2]ID

// topicCells counts by pillar and sector; sector zero is one that the reader is
// not told.
type topicCells [mostPillars][mostSectors]int

// TopicCells counts insights by topic and by the sector that they are disclosed
// as coming from. The zero value has counted nothing.
type TopicCells struct {
	// Insights is how many there were, with a topic or without.
	Insights int
	n        map[topicPair]*topicCells
}

// Add counts one insight as it is disclosed, under each of its topics.
func (c *TopicCells) Add(i Insight) {
	c.Insights++
	sector := SectorNone
	if l := i.TableLabel(); l.Level() == SectorLevel {
		sector = l.Sector()
	}
	for _, front := range i.Fronts() {
		for _, forum := range i.Forums() {
			for _, p := range PillarsOf(i.PillarMask()) {
				c.of(topicPair{front.ID, forum.ID})[p][sector]++
			}
		}
	}
}

func (c *TopicCells) of(pair topicPair) *topicCells {
	cells := c.n[pair]
	if cells == nil {
		if c.n == nil {
			c.n = map[topicPair]*topicCells{}
		}
		cells = new(topicCells)
		c.n[pair] = cells
	}
	return cells
}

// Sum adds what another one counted.
func (c *TopicCells) Sum(other TopicCells) {
	c.Insights += other.Insights
	for pair, cells := range other.n {
		into := c.of(pair)
		for p := range cells {
			for s, n := range cells[p] {
				into[p][s] += n
			}
		}
	}
}

// Encode writes the counts as one compact value, in one order: how many insights
// there were and, of each front with a forum, how many cells it has, and those.
func (c TopicCells) Encode() []byte {
	pairs := slices.SortedFunc(maps.Keys(c.n), func(a, b topicPair) int { return slices.Compare(a[:], b[:]) })
	out := binary.AppendUvarint(nil, uint64(c.Insights))
	for _, pair := range pairs {
		var cells []byte
		count := 0
		for p := range c.n[pair] {
			for s, n := range c.n[pair][p] {
				if n > 0 {
					cells = append(cells, byte(p*mostSectors+s))
					cells = binary.AppendUvarint(cells, uint64(n))
					count++
				}
			}
		}
		out = binary.AppendUvarint(out, uint64(pair[0]))
		out = binary.AppendUvarint(out, uint64(pair[1]))
		out = binary.AppendUvarint(out, uint64(count))
		out = append(out, cells...)
	}
	return out
}

// SumEncoded adds what Encode wrote. What is damaged ends it.
func (c *TopicCells) SumEncoded(b []byte) {
	ok := true
	take := func() uint64 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			ok, b = false, nil
			return 0
		}
		b = b[n:]
		return v
	}
	c.Insights += int(take())
	for ok && len(b) > 0 {
		front, forum, count := take(), take(), take()
		if !ok {
			return
		}
		cells := c.of(topicPair{ID(front), ID(forum)})
		for range count {
			if len(b) < 2 {
				return
			}
			at := int(b[0])
			b = b[1:]
			if n := take(); ok && at < mostPillars*mostSectors {
				cells[at/mostSectors][at%mostSectors] += int(n)
			}
		}
	}
}

// TopicGap is a topic of which much was heard, and sectors of which nothing was.
type TopicGap struct {
	Topic
	FrontName, ForumName string
	FrontKey, ForumKey   string
	N                    int      // insights
	Heard, Silent        []Sector // in the order of the sectors
}

// TopicGaps says on which topics somebody was not heard.
type TopicGaps struct {
	// Gaps are the topics with at least as many insights as asked for, of which
	// a sector said nothing: those with the most insights first.
	Gaps []TopicGap
	// Topics is how many topics the codebook makes possible, Untouched of how
	// many of them nothing was said.
	Topics, Untouched int
	// SeriesRooms and Rooms are as in an Analysis.
	SeriesRooms []ID
	Rooms       int
}

// Filter returns which insights the topic counts, and whether a filter can say
// so: it names only so many roundtables.
func (g TopicGap) Filter(q AnalysisQuery, rooms []ID) (InsightFilter, bool) {
	f := InsightFilter{Since: q.Since, Until: q.Until}.With(FacetPillar, g.Pillar.Letter()).With(FacetFront, g.FrontKey).With(FacetForum, g.ForumKey)
	return q.within(f, rooms)
}

// Gaps lists the topics of at least so many insights on which a sector was not
// heard. The host's own staff are not asked for.
func (c TopicCells) Gaps(book Codebook, atLeast int) TopicGaps {
	var out TopicGaps
	for _, front := range book {
		if front.Kind != CodeFront || front.Archived || front.MergedInto != 0 {
			continue
		}
		for _, forum := range book {
			if forum.Kind != CodeForum || forum.Archived || forum.MergedInto != 0 {
				continue
			}
			cells := c.n[topicPair{front.ID, forum.ID}]
			for _, p := range Pillars {
				out.Topics++
				g := TopicGap{
					Topic:     Topic{Pillar: p, Front: front.ID, Forum: forum.ID},
					FrontName: front.Name, ForumName: forum.Name, FrontKey: front.Key, ForumKey: forum.Key,
				}
				if cells == nil || !g.count(cells[p]) {
					out.Untouched++
				} else if g.N >= max(1, atLeast) && len(g.Silent) > 0 {
					out.Gaps = append(out.Gaps, g)
				}
			}
		}
	}
	slices.SortStableFunc(out.Gaps, func(a, b TopicGap) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(len(b.Silent), len(a.Silent)))
	})
	return out
}

// count fills in how much was heard and from whom, and reports whether anything
// was.
func (g *TopicGap) count(cells [mostSectors]int) bool {
	for _, n := range cells {
		g.N += n
	}
	for _, s := range Sectors {
		switch {
		case s == HostStaff:
		case cells[s] > 0:
			g.Heard = append(g.Heard, s)
		default:
			g.Silent = append(g.Silent, s)
		}
	}
	return g.N > 0
}

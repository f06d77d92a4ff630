package models

// Spoken is under what one insight counts, and who said it: for the team of its
// roundtable.
type Spoken struct {
	Person     ID
	PillarMask int
	Kind       Kind
	Sector     Sector
	Codes      []CodeEntry
	Room       CrossRoom
}

// numbersOf is numbers for an insight of which only its marks are known.
func (d Dimension) numbersOf(s Spoken) []uint64 {
	kind, isCode := dimensionWords[d].facet.Code()
	switch {
	case d == DimPillar:
		var out []uint64
		for _, p := range PillarsOf(s.PillarMask) {
			out = append(out, uint64(p))
		}
		if out == nil {
			out = []uint64{0}
		}
		return out
	case d == DimSector:
		return []uint64{uint64(LabelAt(SectorLevel, s.Sector))}
	case d == DimKind:
		return []uint64{uint64(s.Kind)}
	case d == DimMonth:
		return []uint64{MonthNumber(s.Room.Month)}
	case d == DimRoundtable:
		return []uint64{uint64(s.Room.ID)}
	case !isCode:
		return nil
	}
	var out []uint64
	for _, e := range s.Codes {
		if e.Kind == kind {
			out = append(out, uint64(e.ID))
		}
	}
	return out
}

// speakerSets are the people behind every cell, row and column of a table.
type speakerSets struct {
	cells         map[[2]uint64]map[ID]bool
	rows, columns map[uint64]map[ID]bool
	all           map[ID]bool
}

func put[K comparable](sets map[K]map[ID]bool, key K, person ID) {
	if sets[key] == nil {
		sets[key] = map[ID]bool{}
	}
	sets[key][person] = true
}

// NewSpeakerCross puts together how many distinct people are behind each cell.
// The sum of a row is the people behind the row: who speaks in two of its cells
// counts once. Insights is how many people there are in all.
func NewSpeakerCross(q AnalysisQuery, spoken []Spoken, book Codebook, rooms []CrossRoom) Cross {
	sets := speakerSets{cells: map[[2]uint64]map[ID]bool{}, rows: map[uint64]map[ID]bool{}, columns: map[uint64]map[ID]bool{}, all: map[ID]bool{}}
	for _, s := range spoken {
		if s.Person == 0 {
			continue
		}
		columns := q.Columns.numbersOf(s)
		for _, row := range q.Rows.numbersOf(s) {
			for _, column := range columns {
				put(sets.cells, [2]uint64{row, column}, s.Person)
				put(sets.rows, row, s.Person)
				put(sets.columns, column, s.Person)
				sets.all[s.Person] = true
			}
		}
	}
	counts := make(map[[2]uint64]int, len(sets.cells))
	for k, people := range sets.cells {
		counts[k] = len(people)
	}
	c := NewCross(q, counts, len(sets.all), book, rooms)
	for r := range c.Rows {
		c.Rows[r].N = len(sets.rows[c.Rows[r].Number])
	}
	for k := range c.Columns {
		c.Columns[k].N = len(sets.columns[c.Columns[k].Number])
	}
	c.Taggings = len(sets.all)
	return c
}

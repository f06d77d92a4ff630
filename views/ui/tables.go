package ui

import "rotunda/models"

// Heat is a table of counts by pillar and sector.
type Heat struct {
	Caption string
	Sectors []models.Sector
	Extra   []HeatExtra // columns after the sectors
	Rows    []HeatRow
	Totals  []string // of each column and, last, of all; empty shows no totals
	Tall    bool
}

// HeatExtra is the head of a column that is no sector.
type HeatExtra struct{ Mark, Name string }

// HeatRow is one pillar's row; Cells follow Heat.Sectors and Heat.Extra.
type HeatRow struct {
	Pillar models.Pillar
	Cells  []HeatCell
	Total  string
}

// HeatCell is one count. Label says it in a sentence, for those who hear the
// table: "Diplomacy, Congress: 3 insights, gap c".
type HeatCell struct {
	Value, Href, Label string
	Step               int    // 0 to 5: see HeatStep
	Gap                string // letter in GapList; empty is no gap
	Selected           bool
}

// Gap explains one gap of a HeatTable.
type Gap struct{ Letter, Text, Note, Action, Href string }

// HeatStep is the step of the color ramp for a count: 1, 8, 20, 35 and 50
// begin the five steps, and nothing has none.
func HeatStep(n int) int {
	step := 0
	for _, from := range []int{1, 8, 20, 35, 50} {
		if n >= from {
			step++
		}
	}
	return step
}

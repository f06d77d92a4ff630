package store

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestKeptTable_findsWhatAMapFinds puts cells into a table as readings do, and
// looks rows up in order and out of it.
func TestKeptTable_findsWhatAMapFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.Int64Range(-40, 40)
		model := map[int64]keptCell{}
		k := &keptTable{recent: map[int64]keptCell{}}
		for _, row := range rapid.SliceOfNDistinct(rows, 0, 60, rapid.ID[int64]).Draw(t, "at first") {
			c := keptCell{number: int64(len(model))}
			model[row], k.sorted = c, append(k.sorted, keptAt{row, c})
		}
		slices.SortFunc(k.sorted, func(a, b keptAt) int { return cmp.Compare(a.row, b.row) })
		for round := range rapid.IntRange(0, 3).Draw(t, "rounds") {
			for i, row := range rapid.SliceOfN(rows, 0, 20).Draw(t, "later") {
				c := keptCell{number: int64(1000*(round+1) + i)}
				model[row], k.recent[row] = c, c
			}
			if rapid.Bool().Draw(t, "settled") {
				k.settle()
			}
		}
		asked := rapid.SliceOfN(rows, 0, 60).Draw(t, "asked")
		if rapid.Bool().Draw(t, "in order") {
			slices.Sort(asked)
		}
		from := 0
		for _, row := range asked {
			want, known := model[row]
			got, at, ok := k.find(row, from)
			if ok != known || got != want {
				t.Fatalf("row %d from %d: %v %v, want %v %v", row, from, got, ok, want, known)
			}
			from = at
		}
	})
}

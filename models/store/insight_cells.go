package store

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"rotunda/models"
)

// The counts behind tables. insight_cells counts by roundtable, month_cells
// over all public roundtables by month; both by pillar and by the label that
// the reader is shown, so that no table tells more than its rows do. An insight
// counts once under every pillar it carries, under cellUntagged where it has
// none, and once under cellAll. Under cellUnreviewed it counts for the team
// until somebody has reviewed it, unless it is off the record. Under deep background it counts under cellAll
// alone for other staff.
const (
	scopeTeam      = 0
	scopeStaff     = 1
	cellUntagged   = 0
	cellAll        = 9
	cellUnreviewed = 10
)

// cellKey is one cell of insight_cells.
type cellKey struct {
	Room   models.ID
	Scope  int
	Pillar int
	Label  models.Label
}

// cellLabel returns the column that an insight counts in: its label, or the
// sector of a speaker who is named.
func cellLabel(i models.Insight) models.Label {
	if i.Label().Level() == models.Named {
		return models.LabelAt(models.SectorLevel, i.SpeakerSector())
	}
	return i.Label()
}

// countInto adds the cells of an insight, n times, to a set of changes.
func countInto(cells map[cellKey]int, f models.InsightFacts, room models.RoomFacts, now models.Instant, n int) {
	for scope, a := range []models.Audience{scopeTeam: models.Team, scopeStaff: models.Staff} {
		i, ok := models.Disclose(f, models.System("count").Capped(a), room, now)
		if !ok {
			continue
		}
		label := cellLabel(i)
		cells[cellKey{f.RoundtableID, scope, cellAll, label}] += n
		if a == models.Team && i.State() == models.Captured && i.Regime() < models.OffTheRecord {
			cells[cellKey{f.RoundtableID, scope, cellUnreviewed, label}] += n
		}
		if a != models.Team && models.CountsInsight(i.Regime()) != models.CountExact {
			continue
		}
		if i.PillarMask() == 0 {
			cells[cellKey{f.RoundtableID, scope, cellUntagged, label}] += n
		}
		for _, p := range models.PillarsOf(i.PillarMask()) {
			cells[cellKey{f.RoundtableID, scope, int(p), label}] += n
		}
	}
}

// addCells writes changes of counts; month tells the month of each roundtable.
func (t *tx) addCells(cells map[cellKey]int, month func(models.ID) int) error {
	if err := t.markAnalysis(cells); err != nil {
		return err
	}
	months := map[cellKey]int{} // Scope is the month
	var args []any
	for _, k := range inOrder(cells) {
		args = append(args, k.Room, k.Scope, k.Pillar, k.Label, cells[k])
		if k.Scope == scopeStaff {
			months[cellKey{Scope: month(k.Room), Pillar: k.Pillar, Label: k.Label}] += cells[k]
		}
	}
	if err := t.insertMany("INSERT INTO insight_cells (roundtable_id, scope, pillar, label, n) VALUES ", "(?, ?, ?, ?, ?)", 5,
		" ON CONFLICT (roundtable_id, scope, pillar, label) DO UPDATE SET n = insight_cells.n + excluded.n", args); err != nil {
		return err
	}
	args = args[:0]
	for _, k := range inOrder(months) {
		args = append(args, k.Scope, k.Pillar, k.Label, months[k])
	}
	return t.insertMany("INSERT INTO month_cells (month, pillar, label, n) VALUES ", "(?, ?, ?, ?)", 4,
		" ON CONFLICT (month, pillar, label) DO UPDATE SET n = month_cells.n + excluded.n", args)
}

// inOrder lists the cells that change, always in one order: transactions that
// run side by side must not wait for each other in a ring.
func inOrder(cells map[cellKey]int) []cellKey {
	keys := slices.DeleteFunc(slices.Collect(maps.Keys(cells)), func(k cellKey) bool { return cells[k] == 0 })
	slices.SortFunc(keys, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.Room, b.Room), cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Pillar, b.Pillar), cmp.Compare(a.Label, b.Label))
	})
	return keys
}

// replaceCells writes the counts of roundtables anew, taking what each counted
// before out of the month it was in. The months are those of the roundtables
// before and now.
func (t *tx) replaceCells(cells map[cellKey]int, monthBefore, monthNow map[models.ID]int) error {
	var had []struct {
		RoundtableID models.ID
		Scope        int
		Pillar       int
		Label        models.Label
		N            int
	}
	if err := t.list(&had, "SELECT roundtable_id, scope, pillar, label, n FROM insight_cells WHERE roundtable_id IN ?",
		slices.Sorted(maps.Keys(monthBefore))); err != nil {
		return err
	}
	before := map[cellKey]int{}
	for _, h := range had {
		k := cellKey{h.RoundtableID, h.Scope, h.Pillar, h.Label}
		if monthBefore[k.Room] == monthNow[k.Room] {
			cells[k] -= h.N
			continue
		}
		before[k] = -h.N
	}
	if err := t.addCells(before, func(room models.ID) int { return monthBefore[room] }); err != nil {
		return err
	}
	return t.addCells(cells, func(room models.ID) int { return monthNow[room] })
}

// monthOf returns the month in which a day lies, as month_cells counts it: the
// year times twelve and the month less one. Day zero, no date, is month zero.
func monthOf(day int64) int {
	if day == 0 {
		return 0
	}
	d := time.Unix(day*86400, 0).UTC()
	return d.Year()*12 + int(d.Month()) - 1
}

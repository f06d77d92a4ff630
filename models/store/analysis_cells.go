package store

import (
	"context"
	"slices"

	"rotunda/models"
)

// markAnalysis notes that the rooms of some changed counts have to be counted
// anew for the analysis. A change that leaves every count as it was is among
// them: another forum moves no cell of insight_cells.
func (t *tx) markAnalysis(cells map[cellKey]int) error {
	var rooms []models.ID
	for k := range cells {
		if !slices.Contains(rooms, k.Room) {
			rooms = append(rooms, k.Room)
		}
	}
	slices.Sort(rooms) // always in one order, as inOrder says
	args := make([]any, len(rooms))
	for i, id := range rooms {
		args[i] = id
	}
	return t.insertMany("INSERT INTO analysis_dirty (roundtable_id) VALUES ", "(?)", 1, " ON CONFLICT (roundtable_id) DO NOTHING", args)
}

// markAnalysed notes that the rooms in which insights carry one of the codes
// have to be counted anew: before the codes are taken from them, and after they
// were given back.
func (t *tx) markAnalysed(codes []models.ID) error {
	return t.exec(`INSERT INTO analysis_dirty (roundtable_id) SELECT DISTINCT i.roundtable_id FROM insight_codes k
		JOIN insights i ON i.seq = k.insight_seq WHERE k.code_id IN ? ON CONFLICT (roundtable_id) DO NOTHING`, codes)
}

// roomCells is what meets in one roundtable, by scope; nil counted nothing.
type roomCells [2]*scopeCells

// scopeCells are the pairs and the topics that were counted in one scope.
type scopeCells struct {
	meetings map[models.Meeting]*models.MeetingCells
	topics   models.TopicCells
}

// dimTopic stands for both dimensions where topics are kept. Meetings have
// numbers of their own.
const dimTopic = 100

// countMeetings counts the insights of some roundtables from their rows, as
// the team and as other staff are shown them.
func countMeetings(r reader, rooms []models.ID, meetings []models.Meeting, now models.Instant) (map[models.ID]*roomCells, error) {
	out := map[models.ID]*roomCells{}
	if len(rooms) == 0 {
		return out, nil
	}
	var rows []foundRow
	if err := r.list(&rows, "SELECT i.*, i.seq AS sp_insight_seq FROM insights i WHERE i.roundtable_id IN ? AND i.deleted_ms = 0 AND i.state <> ?",
		rooms, models.Struck); err != nil {
		return nil, err
	}
	book, err := loadCodebook(r)
	if err != nil {
		return nil, err
	}
	shown, err := loadShown(r, rows, false)
	if err != nil {
		return nil, err
	}
	audiences := [2]models.Viewer{models.System("count").Capped(models.Team), models.System("count").Capped(models.Staff)}
	for _, row := range rows {
		room := shown.byID[row.Row.RoundtableID]
		facts := room.insightFacts(row.Row, row.Speaker, book)
		cells := out[room.id]
		if cells == nil {
			cells = &roomCells{}
			out[room.id] = cells
		}
		for scope, v := range audiences {
			if i, ok := models.Disclose(facts, v, room.facts, now); ok {
				cells.add(scope, meetings, i)
			}
		}
	}
	return out, nil
}

func (c *roomCells) add(scope int, meetings []models.Meeting, i models.Insight) {
	if c[scope] == nil {
		c[scope] = &scopeCells{meetings: map[models.Meeting]*models.MeetingCells{}}
	}
	for _, m := range meetings {
		if c[scope].meetings[m] == nil {
			c[scope].meetings[m] = &models.MeetingCells{}
		}
		c[scope].meetings[m].Add(m, i)
	}
	c[scope].topics.Add(i)
}

// analysedAtOnce is how many roundtables are counted anew in one transaction.
const analysedAtOnce = 8

// RebuildAnalysis counts anew what changed in a few roundtables and reports
// whether more are left. Only jobs of the system do this; others get
// models.ErrForbidden.
func (s *Store) RebuildAnalysis(ctx context.Context, v models.Viewer) (more bool, err error) {
	if !v.IsSystem() {
		return false, models.ErrForbidden
	}
	// To look first costs no write where there is nothing to do.
	waiting, err := s.waitingForAnalysis(ctx)
	if err != nil || len(waiting) == 0 {
		return false, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		// Deleted before they are read: what is said meanwhile marks them again.
		if err := t.exec("DELETE FROM analysis_dirty WHERE roundtable_id IN ?", waiting); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM analysis_cells WHERE roundtable_id IN ?", waiting); err != nil {
			return err
		}
		counted, err := countMeetings(t, waiting, models.Meetings(), t.now)
		if err != nil {
			return err
		}
		var args []any
		for _, id := range waiting {
			if cells := counted[id]; cells != nil {
				args = cells.values(id, args)
			}
		}
		return t.insertMany("INSERT INTO analysis_cells (dim_a, dim_b, scope, roundtable_id, cells) VALUES ", "(?, ?, ?, ?, ?)", 5, "", args)
	})
	return len(waiting) == analysedAtOnce, err
}

// waitingForAnalysis lists a few roundtables that have to be counted: those that
// changed and, where none did, those that were counted before topics were.
func (s *Store) waitingForAnalysis(ctx context.Context) (waiting []models.ID, err error) {
	err = s.list(ctx, &waiting, "SELECT roundtable_id FROM analysis_dirty ORDER BY roundtable_id LIMIT ?", analysedAtOnce)
	if err != nil || len(waiting) > 0 {
		return waiting, err
	}
	err = s.list(ctx, &waiting, `SELECT c.roundtable_id FROM analysis_cells c WHERE c.dim_a = ? AND c.dim_b = ? AND c.scope = ? AND NOT EXISTS
		(SELECT 1 FROM analysis_cells t WHERE t.dim_a = ? AND t.dim_b = ? AND t.scope = c.scope AND t.roundtable_id = c.roundtable_id)
		ORDER BY c.roundtable_id LIMIT ?`, models.DimPillar, models.DimPillar, scopeTeam, dimTopic, dimTopic, analysedAtOnce)
	return waiting, err
}

// values appends the rows of a roundtable that count anything.
func (c *roomCells) values(room models.ID, args []any) []any {
	for scope := range c {
		if c[scope] == nil { // nothing is disclosed: that is noted, or it would be counted again and again
			c[scope] = &scopeCells{}
		}
		for _, m := range models.Meetings() {
			if cells := c[scope].meetings[m]; cells != nil && cells.Insights > 0 {
				args = append(args, m.A, m.B, scope, room, cells.Encode())
			}
		}
		args = append(args, dimTopic, dimTopic, scope, room, c[scope].topics.Encode())
	}
	return args
}

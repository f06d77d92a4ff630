package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"rotunda/models"
)

// analysedRoom is a roundtable that an analysis counts.
type analysedRoom struct {
	id    models.ID
	title string
	month string
	dirty bool
	scope int
}

// Analyse counts the insights that the viewer may read: in the rooms of their
// own teams as the team reads them, in others as other staff do. Every count is
// that of the list behind it. Only staff read it; others get
// models.ErrNotFound.
//
// What was said off the record counts for its team alone, under no attribution;
// it is in no count of anybody else's, nor in a file.
//
// It reads what was counted by roundtable and, of those that changed since,
// their rows: nothing is written. Distinct speakers are counted for who reads
// every one of the roundtables as its team; for others CountSpeakers counts
// insights.
func (s *Store) Analyse(ctx context.Context, v models.Viewer, q models.AnalysisQuery) (models.Analysis, error) {
	if !models.Can(v, models.ReadAsStaff) || !v.IsAccount() || v.Reach().Open != models.Staff {
		return models.Analysis{}, models.ErrNotFound
	}
	wanted := q.Measure
	if wanted == models.CountSpeakers { // until it is known that they may be asked for
		q.Measure = models.CountInsights
	}
	a := analysing{s: s, ctx: ctx, cells: map[models.Meeting]*roomSums{}}
	if err := a.rooms(v, q); err != nil {
		return models.Analysis{}, err
	}
	tables := []models.AnalysisQuery{q}
	for _, pair := range [][2]models.Dimension{
		{models.DimPillar, models.DimMonth}, {models.DimPillar, models.DimPillar}, {models.DimFront, models.DimFront},
		{models.DimForum, models.DimForum}, {models.DimKind, models.DimKind},
		{models.DimPillar, models.DimSector}, {models.DimFront, models.DimSector}, {models.DimForum, models.DimSector},
	} {
		beside := q
		beside.Rows, beside.Columns, beside.Measure = pair[0], pair[1], models.CountInsights
		tables = append(tables, beside)
	}
	if err := a.read(tables); err != nil {
		return models.Analysis{}, err
	}
	book, err := s.codebook(ctx)
	if err != nil {
		return models.Analysis{}, err
	}
	rooms := make([]models.CrossRoom, 0, len(a.order))
	heard := a.cells[models.MeetingOf(models.DimPillar, models.DimMonth)].byRoom
	out := models.Analysis{Rooms: len(heard)}
	for _, r := range a.order {
		if heard[r.id] == nil {
			continue // nothing was said there, or not yet
		}
		rooms = append(rooms, models.CrossRoom{ID: r.id, Title: r.title, Month: r.month})
		if q.Series != 0 {
			out.SeriesRooms = append(out.SeriesRooms, r.id)
		}
	}
	out.Listed = newestRooms(rooms)
	out.Unheard = make([]models.Cross, 3)
	crosses := []*models.Cross{&out.Cross, &out.Trend, &out.Meet, &out.Fronts, &out.Forums, &out.Kind, &out.Unheard[0], &out.Unheard[1], &out.Unheard[2]}
	for i, table := range tables {
		counts, insights := a.sum(table)
		*crosses[i] = models.NewCross(table, counts, insights, book, rooms)
	}
	out.SpeakersOffered = a.offersSpeakers()
	if wanted == models.CountSpeakers && out.SpeakersOffered {
		q.Measure = wanted
		people, err := a.spoken(book)
		if err != nil {
			return models.Analysis{}, err
		}
		out.Cross = models.NewSpeakerCross(q, people, book, rooms)
	}
	return out, nil
}

// mostListed is how many roundtables a page offers to choose from.
const mostListed = 100

// newestRooms returns the newest of some roundtables, the newest first.
func newestRooms(rooms []models.CrossRoom) []models.CrossRoom {
	out := slices.Clone(rooms)
	slices.SortFunc(out, func(a, b models.CrossRoom) int {
		return cmp.Or(cmp.Compare(b.Month, a.Month), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), mostListed)]
}

// analysing is one analysis while it is read.
type analysing struct {
	s     *Store
	ctx   context.Context //nolint:containedctx // lives for one call
	order []*analysedRoom
	byID  map[models.ID]*analysedRoom
	cells map[models.Meeting]*roomSums
}

// roomSums is what was counted of one pair of dimensions: in all, or room by
// room where the columns follow from the room.
type roomSums struct {
	insights int
	n        map[[2]uint64]int
	byRoom   map[models.ID]map[uint64]int // the pair of a dimension with itself
}

// analysedRooms returns the conditions under which a row of roundtables, r in
// the query, exists for the viewer and is counted.
func analysedRooms(v models.Viewer, q models.AnalysisQuery) where {
	var w where
	visible := visibleRooms(v, "r")
	w.add(visible.cond, visible.args...)
	if q.Since != "" {
		w.add("substr(r.starts_local, 1, 7) >= ?", q.Since)
	}
	if q.Until != "" {
		w.add("r.starts_local <> '' AND substr(r.starts_local, 1, 7) <= ?", q.Until)
	}
	if q.Series != 0 {
		w.add("r.series_id = ?", q.Series)
	}
	if q.Roundtable != 0 {
		w.add("r.id = ?", q.Roundtable)
	}
	return w
}

// rooms finds the roundtables that exist for the viewer.
func (a *analysing) rooms(v models.Viewer, q models.AnalysisQuery) error {
	w := analysedRooms(v, q)
	rows, err := a.s.rows(a.ctx, `SELECT r.id, r.private, r.title, substr(r.starts_local, 1, 7), CASE WHEN d.roundtable_id IS NULL THEN 0 ELSE 1 END
		FROM roundtables r LEFT JOIN analysis_dirty d ON d.roundtable_id = r.id`+w.text()+" ORDER BY r.id", w.args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	a.byID = map[models.ID]*analysedRoom{}
	for rows.Next() {
		r := &analysedRoom{scope: scopeStaff}
		var id int64
		var private bool
		var dirty int
		if err := rows.Scan(&id, &private, &r.title, &r.month, &dirty); err != nil {
			return err
		}
		r.id, r.dirty = models.ID(id), dirty == 1
		if as, ok := v.AudienceFor(r.id, private); ok && as == models.Team {
			r.scope = scopeTeam
		}
		a.order, a.byID[r.id] = append(a.order, r), r
	}
	return mapped(rows.Err())
}

// read sums what the tables need.
func (a *analysing) read(tables []models.AnalysisQuery) error {
	var meetings []models.Meeting
	for _, q := range tables {
		m := models.MeetingOf(q.Rows, q.Columns)
		if a.cells[m] == nil {
			a.cells[m] = &roomSums{n: map[[2]uint64]int{}}
			meetings = append(meetings, m)
		}
		if q.Columns.OfRoom() && a.cells[m].byRoom == nil {
			a.cells[m].byRoom = map[models.ID]map[uint64]int{}
		}
	}
	for _, m := range meetings {
		if err := a.stored(m); err != nil {
			return err
		}
	}
	var dirty []models.ID
	for _, r := range a.order {
		if r.dirty {
			dirty = append(dirty, r.id)
		}
	}
	return chunks(len(dirty), func(from, to int) error {
		counted, err := countMeetings(a.s.reader(a.ctx), dirty[from:to], meetings, a.s.Now())
		for id, cells := range counted {
			if cells[a.byID[id].scope] == nil {
				continue
			}
			for m, c := range cells[a.byID[id].scope].meetings {
				a.cells[m].insights += c.Insights
				for k, n := range c.N {
					a.cells[m].add(id, k[0], k[1], n)
				}
			}
		}
		return err
	})
}

// mostNamed is how many roundtables a statement names; of more, it reads all
// and takes what it wants.
const mostNamed = 500

// stored sums what was counted of two dimensions in the rooms that did not
// change since. Each room is read in its own scope only: to read both takes
// twice as long.
func (a *analysing) stored(m models.Meeting) error {
	var wanted [2][]models.ID
	for _, r := range a.order {
		if !r.dirty {
			wanted[r.scope] = append(wanted[r.scope], r.id)
		}
	}
	for scope, ids := range wanted {
		err := a.storedBlobs(m, scope, ids, func(r *analysedRoom, cells sql.RawBytes) {
			sums := a.cells[m]
			sums.insights += models.DecodeMeetingCells(cells, func(x, y uint64, n int) { sums.add(r.id, x, y, n) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// storedBlobs hands what is kept of two dimensions in some rooms to each; the
// bytes live until it returns.
func (a *analysing) storedBlobs(m models.Meeting, scope int, ids []models.ID, each func(*analysedRoom, sql.RawBytes)) error {
	if len(ids) == 0 {
		return nil
	}
	q := sqlText("SELECT c.roundtable_id, c.cells FROM analysis_cells c WHERE c.dim_a = ? AND c.dim_b = ? AND c.scope = ?")
	args := []any{m.A, m.B, scope}
	if len(ids) <= mostNamed {
		q += " AND c.roundtable_id IN ?"
		args = append(args, ids)
	}
	rows, err := a.s.rows(a.ctx, q, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var id int64
	var cells sql.RawBytes // lives until the next row
	for rows.Next() {
		if err := rows.Scan(&id, &cells); err != nil {
			return err
		}
		if r := a.byID[models.ID(id)]; r != nil && !r.dirty && r.scope == scope {
			each(r, cells)
		}
	}
	return mapped(rows.Err())
}

func (s *roomSums) add(room models.ID, x, y uint64, n int) {
	s.n[[2]uint64{x, y}] += n
	if s.byRoom == nil || x != y {
		return
	}
	if s.byRoom[room] == nil {
		s.byRoom[room] = map[uint64]int{}
	}
	s.byRoom[room][x] += n
}

// sum returns the counts of one table by row and column.
func (a *analysing) sum(q models.AnalysisQuery) (map[[2]uint64]int, int) {
	m := models.MeetingOf(q.Rows, q.Columns)
	sums := a.cells[m]
	if !q.Columns.OfRoom() {
		if m.A == q.Rows {
			return sums.n, sums.insights
		}
		turned := make(map[[2]uint64]int, len(sums.n))
		for k, n := range sums.n {
			turned[[2]uint64{k[1], k[0]}] = n
		}
		return turned, sums.insights
	}
	out := map[[2]uint64]int{}
	for id, cells := range sums.byRoom {
		column := uint64(id)
		if q.Columns == models.DimMonth {
			column = models.MonthNumber(a.byID[id].month)
		}
		for row, n := range cells {
			out[[2]uint64{row, column}] += n
		}
	}
	return out, sums.insights
}

package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rotunda/models"
)

// keptFacets is what every insight counts under, kept in memory: to look up one
// position in the database costs ten times as much, and a search asks for
// thousands of them.
//
// It is never behind what is counted. The statement that finds the positions
// also says how far the insights and their changes are numbered in the state it
// reads (see numbering), and what is missing up to there is read before anything
// is counted, whoever wrote it. It holds no words and no names, and says nothing
// of who may see an insight: that is the search index's to say.
//
// PostgreSQL has none, for its commits do not come in the order of their
// numbers, nor has a database of more than mostKept insights. There, and until
// everything is read for the first time, cells come from the database.
type keptFacets struct {
	mu      sync.RWMutex
	all     *keptTable // nil until everything is read
	reading bool

	closing context.Context // ends the reading in the background
	cancel  context.CancelFunc
	group   sync.WaitGroup
}

// keptTable is the cells in the state that known names, or a later one. What
// was deleted since stays, and is never found.
type keptTable struct {
	known numbering
	rooms names
	codes names

	sorted []keptAt           // by row
	recent map[int64]keptCell // by row, what came after: it goes before sorted
}

// keptAt is the cell of a row of the search index.
type keptAt struct {
	row int64 // the negative of the position: the newest come first, as matches do
	keptCell
}

// numbering is how far insights, and changes of them, are numbered. SQLite
// numbers in the order of the commits, without a gap.
type numbering struct{ Seq, Change int64 }

const (
	// mostKept is up to how many insights are kept, at 24 bytes each.
	mostKept = 2_000_000
	// mostAwaited is up to how many insights a search waits for to be read.
	// More than that are read in the background.
	mostAwaited = 5_000
	// keptAtOnce is how many insights one statement reads: a long one would hold
	// up the checkpoints of the log.
	keptAtOnce = 10_000
)

// keptCell is one insight: its roundtable and codes by their numbers in names;
// and the number that facetCells describes, with one rule and label for each
// outer audience.
type keptCell struct {
	number      int64
	room, codes uint32
}

// Bits of a number: what is the same for all, then rule and label.
const (
	commonBits = 23
	shownBits  = 12
)

// numberFor returns the number as facetCells has it.
func (c keptCell) numberFor(audience models.Audience) int64 {
	shift := commonBits
	switch audience {
	case models.Partner:
		shift += shownBits
	case models.Public:
		shift += 2 * shownBits
	}
	return c.number&(1<<commonBits-1) | c.number>>shift&(1<<shownBits-1)<<commonBits
}

// keptLines is facetCells for all audiences.
const keptLines sqlText = `SELECT COALESCE(string_agg(pos || ' ' || roundtable_id || ' ' ||
	((((((((((shown_public * 256 + label_public + 1) * 16 + shown_partner) * 256 + label_partner + 1) * 16 + shown_staff) * 256 + label_staff + 1)
	* 64 + team_sector) * 16 + regime) * 16 + state) * 16 + kind) * 32 + pillar_mask) || ' ' || code_ids, ';'), '') FROM insights`

// names numbers texts of which there are few.
type names struct {
	all []string
	at  map[string]uint32
}

func (n *names) number(s string) uint32 {
	at, ok := n.at[s]
	if !ok {
		at = uint32(len(n.all)) //nolint:gosec // at most mostKept
		s = strings.Clone(s)    // a part of a long text
		n.all, n.at[s] = append(n.all, s), at
	}
	return at
}

// numbered is how far the state that a statement reads is numbered.
const numbered sqlText = `COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'insights'), 0) AS seq,
	COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'insight_changes'), 0) AS change`

// keptCells reads what the newest matches count under, up to most of them, from
// memory. It is false where that cannot be done.
func (d finder) keptCells(ctx context.Context, w where, most int) ([]cells, bool, error) {
	if d.s.dialect != sqliteDialect || !d.s.keeps(ctx) {
		return nil, false, nil
	}
	var found struct {
		To        numbering `gorm:"embedded"`
		Positions string
	}
	if err := d.s.get(ctx, &found, "SELECT "+numbered+`, COALESCE((SELECT string_agg(position, ' ') FROM
		(SELECT f.rowid AS position FROM insight_search f`+w.text()+d.newest()+" LIMIT ?)), '') AS positions", append(w.args, most)...); err != nil {
		return nil, false, err
	}
	if err := d.s.keepUpTo(ctx, found.To); err != nil {
		return nil, false, err
	}
	k := &d.s.kept
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.all == nil {
		return nil, false, nil
	}
	out, ok := d.cellsAt(k.all, found.Positions)
	return out, ok, nil
}

// cellsAt looks up positions, which are the negatives of those that are
// written. It is false where one of them is missing.
func (d finder) cellsAt(k *keptTable, positions string) ([]cells, bool) {
	if positions == "" {
		return nil, true
	}
	r, audience, from := d.lineReader(), d.outer(), 0
	out := make([]cells, 0, strings.Count(positions, " ")+1)
	for word := range strings.SplitSeq(positions, " ") {
		row, _ := strconv.ParseInt(word, 10, 64) // written by the database, as the number
		c, at, ok := k.find(row, from)
		if !ok {
			return nil, false
		}
		from = at
		out = append(out, r.cells(-row, k.rooms.all[c.room], c.numberFor(audience), k.codes.all[c.codes]))
	}
	return out, true
}

// find looks a row up, and tells where it stands or would stand among the
// sorted ones. From there the next one is near: matches come in order, so the
// search goes out from it in steps that double.
func (k *keptTable) find(row int64, from int) (keptCell, int, bool) {
	if c, ok := k.recent[row]; ok {
		return c, from, true
	}
	if from >= len(k.sorted) || k.sorted[from].row > row {
		from = 0
	}
	to := from
	for step := 1; to < len(k.sorted) && k.sorted[to].row < row; step *= 2 {
		from, to = to, to+step
	}
	at, ok := slices.BinarySearchFunc(k.sorted[from:min(to+1, len(k.sorted))], row, func(c keptAt, row int64) int { return cmp.Compare(c.row, row) })
	if !ok {
		return keptCell{}, from, false
	}
	return k.sorted[from+at].keptCell, from + at, true
}

// settle brings what came after among the sorted ones.
func (k *keptTable) settle() {
	rows := slices.Sorted(maps.Keys(k.recent))
	all := make([]keptAt, 0, len(k.sorted)+len(rows))
	for _, c := range k.sorted {
		for ; len(rows) > 0 && rows[0] < c.row; rows = rows[1:] {
			all = append(all, keptAt{rows[0], k.recent[rows[0]]})
		}
		if len(rows) > 0 && rows[0] == c.row {
			c.keptCell, rows = k.recent[c.row], rows[1:]
		}
		all = append(all, c)
	}
	for _, row := range rows {
		all = append(all, keptAt{row, k.recent[row]})
	}
	k.sorted, k.recent = all, map[int64]keptCell{}
}

// mostKnown is mostWeighed where the cells are in memory, and firstKnown how
// many are read before it is judged whether there are more.
const (
	mostKnown  = 9_000
	firstKnown = 2_000
)

// allCells reads what the matches count under; it is false where those are not
// all of them, but the newest or none.
func (d finder) allCells(ctx context.Context, words models.InsightFilter) ([]cells, bool, error) {
	w, ok := d.find(words)
	if !ok {
		return nil, true, nil
	}
	rows, kept, err := d.keptCells(ctx, w, firstKnown)
	if err != nil || kept && len(rows) < firstKnown {
		return rows, true, err
	}
	if kept {
		if few, err := d.fewAfter(ctx, rows); !few || err != nil {
			return rows, false, err
		}
		d.bound(&w, rows[len(rows)-1].pos, false)
		const most = mostKnown - firstKnown
		rest, kept, err := d.keptCells(ctx, w, most+1)
		if err != nil || !kept {
			return rows, false, err
		}
		return append(rows, rest[:min(len(rest), most)]...), len(rest) <= most, nil
	}
	n, err := d.countTo(ctx, words, mostWeighed)
	if err != nil || n > mostWeighed {
		return nil, false, err
	}
	rows, err = d.halves(ctx, w, n)
	return rows, true, err
}

// fewAfter guesses, from how many years the newest matches reach back, whether
// all of them are few enough to be read. Where it is wrong, the same is counted
// in more time.
func (d finder) fewAfter(ctx context.Context, newest []cells) (bool, error) {
	var first int64 // of a roundtable with a date
	if err := d.s.get(ctx, &first, "SELECT COALESCE(min(pos), 0) FROM insights WHERE pos >= ?", firstPosition(1)); err != nil {
		return false, err
	}
	from, to := newest[0].pos, newest[len(newest)-1].pos
	return float64(from-to)*mostKnown*2 > float64(from-first)*float64(len(newest)), nil
}

// keeps reports whether the cells are in memory. Where they are not yet, it
// sees to that; where they are many, in the background.
func (s *Store) keeps(ctx context.Context) bool {
	k := &s.kept
	k.mu.RLock()
	ready, reading := k.all != nil, k.reading
	k.mu.RUnlock()
	if ready || reading {
		return ready
	}
	var to numbering
	if err := s.get(ctx, &to, "SELECT "+numbered); err != nil || to.Seq > mostKept {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.all != nil || k.reading:
	case to.Seq <= mostAwaited:
		k.all, _ = s.readKept(ctx, to) // nil where it fails; the next search tries again
	default:
		k.reading = true
		k.group.Go(func() {
			defer s.recovered("reading the facets")
			all, err := s.readKept(k.closing, to)
			if err != nil && k.closing.Err() == nil {
				s.log.Warn("the facets could not be kept in memory", "error", err.Error())
			}
			k.mu.Lock()
			defer k.mu.Unlock()
			k.all, k.reading = all, false
		})
	}
	return k.all != nil
}

// readKept reads the cells of all insights up to a numbering. What changes
// meanwhile is numbered higher.
func (s *Store) readKept(ctx context.Context, to numbering) (*keptTable, error) {
	k := &keptTable{known: to, rooms: names{at: map[string]uint32{}}, codes: names{at: map[string]uint32{}}, sorted: make([]keptAt, 0, to.Seq), recent: map[int64]keptCell{}}
	for from := int64(0); from < to.Seq; from += keptAtOnce {
		err := s.eachKept(ctx, k, func(c keptAt) { k.sorted = append(k.sorted, c) }, " WHERE seq > ? AND seq <= ?", from, min(from+keptAtOnce, to.Seq))
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(k.sorted, func(a, b keptAt) int { return cmp.Compare(a.row, b.row) })
	return k, nil
}

// eachKept reads the cells of some insights.
func (s *Store) eachKept(ctx context.Context, k *keptTable, add func(keptAt), which sqlText, args ...any) error {
	var lines string
	if err := s.get(ctx, &lines, keptLines+which, args...); err != nil || lines == "" {
		return err
	}
	for line := range strings.SplitSeq(lines, ";") {
		pos, room, number, codes := splitLine(line)
		add(keptAt{-pos, keptCell{number: number, room: k.rooms.number(room), codes: k.codes.number(codes)}})
	}
	return nil
}

// keepUpTo reads what is missing up to a numbering. Where that is much, or no
// longer known, nothing is kept until everything is read anew.
func (s *Store) keepUpTo(ctx context.Context, to numbering) error {
	k := &s.kept
	k.mu.RLock()
	done := k.all == nil || k.all.reaches(to)
	k.mu.RUnlock()
	if done {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || k.all.reaches(to) {
		return nil
	}
	known := k.all.known
	var changes int64
	if err := s.get(ctx, &changes, "SELECT count(*) FROM insight_changes WHERE n > ? AND n <= ?", known.Change, to.Change); err != nil {
		return err
	}
	if changes != to.Change-known.Change || changes+to.Seq-known.Seq > mostAwaited {
		k.all = nil
		return nil
	}
	add := func(c keptAt) { k.all.recent[c.row] = c.keptCell }
	if err := s.eachKept(ctx, k.all, add, " WHERE seq > ?", known.Seq); err != nil {
		return err
	}
	if changes > 0 {
		if err := s.eachKept(ctx, k.all, add, " WHERE seq IN (SELECT insight_seq FROM insight_changes WHERE n > ?)", known.Change); err != nil {
			return err
		}
	}
	if len(k.all.recent) > mostAwaited {
		k.all.settle()
	}
	k.all.known = to
	return nil
}

// reaches reports whether all up to a numbering is known.
func (k *keptTable) reaches(to numbering) bool {
	return k.known.Seq >= to.Seq && k.known.Change >= to.Change
}

// openKept prepares for reading in the background, which ends with the store.
func (s *Store) openKept() {
	k := &s.kept
	k.closing, k.cancel = context.WithCancel(context.Background())
	s.closers = append(s.closers, func() error {
		k.cancel()
		k.group.Wait()
		return nil
	})
}

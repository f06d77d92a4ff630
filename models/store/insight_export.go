package store

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"rotunda/models"
)

// ExportInput says what an export holds.
type ExportInput = models.ExportInput

const (
	// roomsAtOnce is how many roundtables one reader prepares and reads.
	roomsAtOnce = 10
	// exportReaders read side by side; the file stays in order.
	exportReaders = 2
	// blockSize is how much text a reader hands on at once, and blocksAhead how
	// many blocks it may be ahead: about one group, so that it never waits.
	blockSize = 64 << 10
	// insightsAtOnce is how many insights are a block where they are not text.
	insightsAtOnce = 256
	blocksAhead    = 48
)

// exportRooms lists the roundtables that an export for the audience may hold,
// in the order of their days: at team level those whose team the viewer may
// export for, for partners and the public those the viewer leads, for staff
// every public one. It is models.ErrForbidden where the viewer may not export
// for the audience at all, or not the roundtable asked for.
func (s *Store) exportRooms(ctx context.Context, v models.Viewer, in ExportInput) ([]models.ID, error) {
	right := models.ExportRight(in.Audience)
	if !in.Audience.Valid() || !v.IsAccount() && !v.IsSystem() {
		return nil, models.ErrForbidden
	}
	if in.Audience == models.Staff && !models.Can(v, right) {
		return nil, models.ErrForbidden
	}
	var rows []struct {
		ID      models.ID
		Private bool
	}
	var w where
	visible := visibleRooms(v, "r") // a room off the record exists for its team alone
	w.add(visible.cond, visible.args...)
	if in.Roundtable != 0 {
		w.add("r.id = ?", in.Roundtable)
	}
	if err := s.list(ctx, &rows, "SELECT r.id, r.private FROM roundtables r"+w.text()+" ORDER BY substr(r.starts_local, 1, 10), r.id", w.args...); err != nil {
		return nil, err
	}
	capped := v.Capped(in.Audience)
	var out []models.ID
	refused := models.ErrNotFound
	for _, r := range rows {
		if !v.MayKnow(r.ID, r.Private) {
			continue
		}
		refused = models.ErrForbidden
		a, ok := capped.AudienceFor(r.ID, r.Private)
		if ok && a == in.Audience && models.CanIn(v, right, r.ID) {
			out = append(out, r.ID)
		}
	}
	if in.Roundtable != 0 && len(out) == 0 {
		return nil, refused
	}
	return filteredRooms(out, in.Filter), nil
}

// filteredRooms leaves out the roundtables that the filter does not name, where
// it names any.
func filteredRooms(rooms []models.ID, f models.InsightFilter) []models.ID {
	if len(f.On[models.FacetRoundtable]) == 0 {
		return rooms
	}
	return slices.DeleteFunc(rooms, func(id models.ID) bool { return !f.Has(models.FacetRoundtable, id.String()) })
}

// ExportInsights writes every insight of an export to w, in order: encode
// appends one to a block and may be called from several goroutines. At team
// level the order is that of capture, elsewhere by the roundtable's day and
// then shuffled. What was said off the record is in no export. The export is in
// the audit log before its first row is written. It returns the number of rows.
//
// Roundtables are read in groups, each for itself: a slow reader of the file
// holds no snapshot of the database open.
func (s *Store) ExportInsights(ctx context.Context, v models.Viewer, in ExportInput, encode func([]byte, models.Insight) []byte, w io.Writer) (int, error) {
	rooms, err := s.beginExport(ctx, v, in)
	if err != nil {
		return 0, err
	}
	n := 0
	err = s.exported(ctx, v, in, rooms, encode, func(b block) error {
		n += b.rows
		_, err := w.Write(b.text)
		return err
	})
	return n, err
}

// ExportEach hands every insight of an export to take, one by one, in order.
// What an export is and who may take it is as for ExportInsights, of which this
// is the slower form, for files that are not made row by row. An error of take
// ends the export and comes back.
func (s *Store) ExportEach(ctx context.Context, v models.Viewer, in ExportInput, take func(models.Insight) error) (int, error) {
	rooms, err := s.beginExport(ctx, v, in)
	if err != nil {
		return 0, err
	}
	return s.exportEach(ctx, v, in, rooms, take)
}

func (s *Store) exportEach(ctx context.Context, v models.Viewer, in ExportInput, rooms []models.ID, take func(models.Insight) error) (int, error) {
	n := 0
	err := s.exported(ctx, v, in, rooms, nil, func(b block) error {
		n += b.rows
		for _, i := range b.insights {
			if err := take(i); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// beginExport returns the roundtables of an export and notes it in the audit
// log.
func (s *Store) beginExport(ctx context.Context, v models.Viewer, in ExportInput) ([]models.ID, error) {
	rooms, err := s.exportRooms(ctx, v, in)
	if err != nil {
		return nil, err
	}
	return rooms, s.transact(ctx, v, func(t *tx) error {
		return t.audit(auditRow{
			Action: "insight.export", ObjectKind: "roundtable", Object: in.Roundtable, Roundtable: in.Roundtable,
			Detail: map[string]any{"audience": in.Audience.Key(), "format": in.Format, "roundtables": len(rooms), "filtered": !in.Filter.Empty()},
		})
	})
}

// block is a piece of a file with the number of its rows.
type block struct {
	text     []byte
	insights []models.Insight // where nothing encodes them
	rows     int
	err      error
}

// exported reads groups of roundtables side by side and hands their blocks on
// in order.
func (s *Store) exported(ctx context.Context, v models.Viewer, in ExportInput, rooms []models.ID, encode func([]byte, models.Insight) []byte, take func(block) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e := &exporter{
		s: s, viewer: v.Capped(in.Audience), audience: in.Audience, encode: encode, matches: in.Filter.Matcher(), now: s.Now(),
		whole: in.Audience == models.Team && in.Format == models.FormatJSON,
	}
	if err := e.prepare(ctx); err != nil {
		return err
	}
	groups := make(chan chan block, exportReaders-1) // with the one being read: that many at once
	go func() {
		defer s.recovered("reading an export")
		defer close(groups)
		for ids := range slices.Chunk(rooms, roomsAtOnce) {
			blocks := make(chan block, blocksAhead)
			select {
			case groups <- blocks:
			case <-ctx.Done():
				return
			}
			go func() {
				defer s.recovered("reading an export")
				defer close(blocks)
				err := errExportStopped // stays where group panics: no file ends early in silence
				defer func() {
					if err != nil {
						e.hand(ctx, blocks, block{err: err})
					}
				}()
				err = e.group(ctx, ids, blocks)
			}()
		}
	}()
	for blocks := range groups {
		for b := range blocks {
			if b.err != nil {
				return b.err
			}
			if err := take(b); err != nil {
				return err
			}
			e.recycle(b)
		}
	}
	return ctx.Err()
}

var errExportStopped = errors.New("store: the export stopped")

// exporter reads the rows of an export.
type exporter struct {
	s        *Store
	viewer   models.Viewer
	audience models.Audience
	book     models.Codebook
	encode   func([]byte, models.Insight) []byte
	matches  func(models.Insight) bool
	whole    bool // with what only the team's JSON holds
	now      models.Instant

	institute models.Institute
	names     map[models.ID]string // of accounts
	blocks    sync.Pool            // texts that were written
}

// prepare reads what all groups share.
func (e *exporter) prepare(ctx context.Context) (err error) {
	r := e.s.reader(ctx)
	if e.book, err = loadCodebook(r); err != nil {
		return err
	}
	if e.institute, err = loadInstitute(r); err != nil {
		return err
	}
	var names []struct {
		ID   models.ID
		Name string
	}
	if err := r.list(&names, "SELECT id, name FROM accounts"); err != nil {
		return err
	}
	e.names = make(map[models.ID]string, len(names))
	for _, n := range names {
		e.names[n.ID] = n.Name
	}
	return nil
}

// newBlock returns an empty block, with the memory of one that was written.
func (e *exporter) newBlock() block {
	if text, ok := e.blocks.Get().(*[]byte); ok {
		return block{text: (*text)[:0]}
	}
	return block{text: make([]byte, 0, blockSize+8192)}
}

func (e *exporter) recycle(b block) { e.blocks.Put(&b.text) }

func (e *exporter) hand(ctx context.Context, to chan<- block, b block) {
	select {
	case to <- b:
	case <-ctx.Done():
	}
}

// group reads the insights of some roundtables, day by day.
func (e *exporter) group(ctx context.Context, ids []models.ID, to chan<- block) error {
	rooms, err := e.rooms(ctx, ids)
	if err != nil {
		return err
	}
	g := groupReader{exporter: e, rooms: rooms, codes: newCodeLists(e.book)}
	if err := g.readSpeakers(ctx, ids); err != nil {
		return err
	}
	b := e.newBlock()
	for _, day := range e.days(ids, rooms) {
		if err := g.day(ctx, day, func(i models.Insight) {
			if !e.matches(i) {
				return
			}
			if b.rows++; e.encode != nil {
				b.text = e.encode(b.text, i)
			} else {
				b.insights = append(b.insights, i)
			}
			if len(b.text) >= blockSize || len(b.insights) >= insightsAtOnce {
				e.hand(ctx, to, b)
				b = e.newBlock()
			}
		}); err != nil {
			return err
		}
	}
	if b.rows > 0 {
		e.hand(ctx, to, b)
	}
	return ctx.Err()
}

// days divides roundtables, in order, into those that are read together: for
// the team each alone, for others those of one day.
func (e *exporter) days(ids []models.ID, rooms shownRooms) [][]models.ID {
	var out [][]models.ID
	last := ""
	for _, id := range ids {
		room, ok := rooms.byID[id]
		if !ok {
			continue
		}
		if e.audience == models.Team || len(out) == 0 || room.heldOn != last {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], id)
		last = room.heldOn
	}
	return out
}

// rooms reads what disclosing the insights of roundtables needs of them.
func (e *exporter) rooms(ctx context.Context, ids []models.ID) (shownRooms, error) {
	r := e.s.reader(ctx)
	out := shownRooms{byID: map[models.ID]*roomState{}}
	var rows []roomRow
	if err := r.list(&rows, roomColumns+" WHERE r.id IN ?", ids); err != nil {
		return out, err
	}
	for _, row := range rows {
		out.byID[row.ID] = row.state(e.institute)
	}
	if err := out.addItems(r, " WHERE a.roundtable_id IN ?", ids); err != nil {
		return out, err
	}
	if needed := out.shyRooms(); e.audience != models.Team && len(needed) > 0 {
		return out, out.addPresent(r, " WHERE g.state = 'attended' AND g.roundtable_id IN ?", needed)
	}
	return out, nil
}

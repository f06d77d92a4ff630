package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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

// groupReader reads insights row by row: plain Scan, one row at a time, names
// from memory. Reflection would cost more than the database here.
type groupReader struct {
	*exporter
	rooms    shownRooms
	codes    codeLists
	speakers map[models.ID]models.SpeakerFacts

	// One row as the driver hands it over. Numbers go by any and text by
	// string: what database/sql passes on without reflection.
	numbers [11]any
	text    struct{ words, paraphrase, codes, unresolved, written string }
	into    []any
}

// readSpeakers reads who could have spoken.
func (g *groupReader) readSpeakers(ctx context.Context, ids []models.ID) error {
	rows, err := g.s.rows(ctx, `SELECT g.id, g.person_id, g.seat, g.descriptor, p.full_name, p.position, p.organisation
		FROM guests g JOIN people p ON p.id = g.person_id WHERE g.roundtable_id IN ?`, ids)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	g.speakers = make(map[models.ID]models.SpeakerFacts, 32*len(ids))
	for rows.Next() {
		var f models.SpeakerFacts
		var guest guestState
		if err := rows.Scan(&f.Guest, &f.Person, &guest.Seat, &f.Descriptor, &f.Name, &f.Title, &f.Organisation); err != nil {
			return mapped(err)
		}
		f.Seat = guest.seatCode()
		g.speakers[f.Guest] = f
	}
	return mapped(rows.Err())
}

// exportColumns packs the small numbers of a row into one: every column costs
// as much as a lookup. See unpack.
const exportColumns sqlText = `SELECT i.id, i.roundtable_id, i.item_id, i.text,
	CASE WHEN i.regime = 4 AND i.paraphrase_ready THEN i.paraphrase ELSE '' END, i.code_ids, COALESCE(sp.guest_id, 0), i.captured_by, i.captured_ms, i.embargo_ms,
	i.kind + 8 * i.state + 64 * i.regime + 512 * i.primary_pillar + 4096 * i.pillar_mask + 131072 * i.team_sector + CAST(2097152 AS BIGINT) * `

// shownColumns are what one audience is shown: its label, one up so that
// withheld is zero, and its rule.
var shownColumns = map[models.Audience]sqlText{
	models.Team: "0", models.Staff: "(i.label_staff + 1 + 64 * i.shown_staff)",
	models.Partner: "(i.label_partner + 1 + 64 * i.shown_partner)", models.Public: "(i.label_public + 1 + 64 * i.shown_public)",
}

// wholeColumns are what only the team's JSON holds beside the columns of every
// export. Its order is that of scan.
func (g *groupReader) wholeColumns() sqlText {
	if !g.whole {
		return ""
	}
	return ", CAST(2 AS BIGINT) * i.own_flag + CASE WHEN i.paraphrase_ready THEN 1 ELSE 0 END, COALESCE(sp.unresolved, ''), i.paraphrase, i.contradicts, COALESCE(sp.committed_by, 0)"
}

// day reads the insights of the roundtables of one day.
func (g *groupReader) day(ctx context.Context, ids []models.ID, take func(models.Insight)) error {
	var w where
	w.add("i.roundtable_id IN ?", ids)
	w.add("i.deleted_ms = 0 AND i.regime BETWEEN 1 AND 4") // off the record is exported to nobody
	order := sqlText(" ORDER BY i.pos")
	switch g.audience {
	case models.Team:
		order = " ORDER BY i.seq"
	case models.Staff:
		w.add("i.state >= 1")
	default:
		w.add("i.state = 2")
	}
	rows, err := g.s.rows(ctx, exportColumns+shownColumns[g.audience]+g.wholeColumns()+" FROM insights i"+withSpeaker+w.text()+order, w.args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		f, err := g.scan(rows)
		if err != nil {
			return mapped(err)
		}
		room := g.rooms.byID[f.RoundtableID]
		if i, ok := models.Disclose(f, g.viewer, room.facts, g.now); ok {
			take(i)
		}
	}
	return mapped(rows.Err())
}

// scan reads one row into the facts that an export can show.
func (g *groupReader) scan(rows *sql.Rows) (models.InsightFacts, error) {
	var f models.InsightFacts
	n := &g.numbers
	if g.into == nil {
		g.into = []any{&n[0], &n[1], &n[2], &g.text.words, &g.text.paraphrase, &g.text.codes, &n[3], &n[4], &n[5], &n[6], &n[7]}
		if g.whole {
			g.into = append(g.into, &n[8], &g.text.unresolved, &g.text.written, &n[9], &n[10])
		}
	}
	err := rows.Scan(g.into...)
	if err != nil {
		return f, err
	}
	number := func(i int) int64 {
		v, ok := n[i].(int64)
		if !ok {
			err = fmt.Errorf("store: a number of an export is a %T", n[i])
		}
		return v
	}
	f.ID, f.RoundtableID, f.ItemID = models.ID(number(0)), models.ID(number(1)), models.ID(number(2))
	f.Speaker.Guest, f.CapturedBy = models.ID(number(3)), models.ID(number(4))
	f.CapturedAt, f.EmbargoUntil = models.Instant(number(5)), models.Instant(number(6))
	f.Text, f.Paraphrase = g.text.words, g.text.paraphrase
	packed := number(7)
	next := func(bits int) int {
		v := int(packed & (1<<bits - 1))
		packed >>= bits
		return v
	}
	f.Kind, f.State, f.Regime = models.Kind(next(3)), models.InsightState(next(3)), models.Regime(next(3))
	f.PrimaryPillar, f.PillarMask = models.Pillar(next(3)), next(5)
	sector := models.Sector(next(4))
	shown := models.Shown{Label: models.Label(next(6) - 1), Regime: models.Regime(next(3))}
	f.ToStaff, f.ToPartner, f.ToPublic = shown, shown, shown // read for one audience alone
	f.ParaphraseReady = f.Paraphrase != ""
	if g.whole {
		flags := number(8)
		f.OwnFlag, f.ParaphraseReady = models.Regime(flags>>1), flags&1 == 1
		f.Paraphrase, f.Contradicts = g.text.written, models.ID(number(9))
	}
	if f.Speaker.Guest != 0 {
		f.Speaker = g.speakers[f.Speaker.Guest]
	}
	f.Speaker.Sector = sector
	if g.whole {
		f.Speaker.Unresolved, f.Speaker.CommittedBy = g.text.unresolved, models.ID(number(10))
	}
	f.Actions, f.Fronts, f.Forums, f.Tags = g.codes.of(g.text.codes)
	room := g.rooms.byID[f.RoundtableID]
	f.Roundtable, f.Zone, f.HeldOn = room.title, room.zone, room.heldOn
	f.CapturedByName = g.names[f.CapturedBy]
	if item := room.item(f.ItemID); item.ID != 0 {
		f.Item = item.Title
		f.ItemFacts = models.ItemFacts{Reviewed: item.TitleReviewed, HasLead: item.LeadPersonID != 0, Present: room.present[item.ID]}
	}
	return f, err
}

// codeLists turns code_ids into the codes of each kind. Insights share few
// combinations, so each is put together once.
type codeLists struct {
	byID  map[string]models.CodeEntry
	known map[string]*[4][]models.CodeRef
}

func newCodeLists(book models.Codebook) codeLists {
	c := codeLists{byID: map[string]models.CodeEntry{}, known: map[string]*[4][]models.CodeRef{}}
	for _, e := range book {
		c.byID[e.ID.String()] = e
	}
	return c
}

func (c codeLists) of(ids string) (actions, fronts, forums, tags []models.CodeRef) {
	lists, ok := c.known[ids]
	if !ok {
		lists = &[4][]models.CodeRef{}
		for id := range strings.FieldsSeq(ids) {
			if e, ok := c.byID[id]; ok && e.Kind >= models.CodeAction {
				at := e.Kind - models.CodeAction
				lists[at] = append(lists[at], e.Ref())
			}
		}
		c.known[strings.Clone(ids)] = lists
	}
	return lists[0], lists[1], lists[2], lists[3]
}

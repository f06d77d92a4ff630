package store

import (
	"encoding/json"
	"errors"
	"slices"

	"rotunda/models"
)

// insightChange is one insight while it is changed. codes are its actions,
// fronts, forums and tags; the pillars are in the row.
type insightChange struct {
	row     insightRow
	speaker speakerRow
	codes   []models.ID
	room    *roomState
}

// changes is the one path by which insights change after capture. It applies
// the rules again, keeps the history, and brings search and counts along.
// finish must follow.
type changes struct {
	batch     captureBatch
	held      map[models.ID]heldInsight
	writes    insightWrites
	revisions []any
	events    []any
	cells     map[cellKey]int
	gone      []int64 // pos of rows to take out of the index
	search    []searchRow
	undo      []insightBefore
	// codesOnly: nothing but codes of the codebook change; what they say was
	// looked at before, for all insights at once.
	codesOnly bool
}

// errUnchanged is what a change returns that has nothing to do for an insight.
var errUnchanged = errors.New("store: nothing to change")

// changing begins changes of the insights with these ids.
func (t *tx) changing(ids ...models.ID) (*changes, error) {
	book, err := loadCodebook(t)
	if err != nil {
		return nil, err
	}
	held, err := t.insightsBy(ids)
	return &changes{
		batch: captureBatch{tx: t, captureReads: captureReads{book: book, rooms: map[models.ID]*roomState{}}}, held: held, writes: insightWrites{t: t}, cells: map[cellKey]int{},
	}, err
}

// changeInsight changes one insight. what names the change in its history.
func (t *tx) changeInsight(id models.ID, what string, f func(*insightChange) error) (insightBefore, error) {
	c, err := t.changing(id)
	if err != nil {
		return insightBefore{}, err
	}
	if err := c.change(id, what, f); err != nil || len(c.undo) == 0 {
		return insightBefore{}, err
	}
	return c.undo[0], c.finish()
}

// change applies f to one of the insights, each once. Where f returns
// errUnchanged, nothing is written.
func (c *changes) change(id models.ID, what string, f func(*insightChange) error) error {
	t := c.batch.tx
	held, ok := c.held[id]
	if !ok {
		return models.ErrNotFound
	}
	row, sp := held.row, held.speaker
	room, err := c.batch.room(row.RoundtableID)
	if err != nil {
		return err
	}
	ch := insightChange{row: row, speaker: sp, codes: decodeCodes(row.CodeIds), room: room}
	before := beforeOf(row, sp)
	c.countRow(room, row, sp, -1)
	if err := f(&ch); err != nil {
		c.countRow(room, row, sp, 1)
		if errors.Is(err, errUnchanged) {
			return nil
		}
		return err
	}
	ch.row.Revision++
	before.After = ch.row.Revision
	ch.codes = currentCodes(ch.codes, c.batch.book)
	ch.row.CodeIds = encodeCodes(ch.codes, c.batch.book)
	ch.row.Pos = t.s.keys.position(room.day(), ch.row.ID)
	room.settle(&ch.row, &ch.speaker)
	if ch.speaker != sp || ch.row.Regime != row.Regime {
		room.keepLittle(ch.row, &ch.speaker)
	}
	if err := c.staysApproved(held, ch); err != nil {
		return err
	}
	if err := c.staysClean(row, &ch, what); err != nil {
		return err
	}
	if ch.row.Regime == models.OffTheRecord { // without undo
		before.Speaker, before.CommittedBy, before.Unresolved = 0, 0, ""
	}
	if err := c.write(row, sp, ch, what); err != nil {
		return err
	}
	c.undo = append(c.undo, before)
	c.countRow(room, ch.row, ch.speaker, 1)
	c.gone = append(c.gone, row.Pos)
	if ch.row.DeletedMs == 0 {
		c.search = append(c.search, indexRow(room.insightFacts(ch.row, ch.speaker, c.batch.book), room, t.now))
	}
	c.events = append(c.events, room.id, string(ChangeInsight), ch.row.ID, t.now)
	return nil
}

func (c *changes) countRow(room *roomState, row insightRow, sp speakerRow, n int) {
	if row.DeletedMs == 0 {
		countInto(c.cells, room.insightFacts(row, sp, c.batch.book), room.facts, c.batch.tx.now, n)
	}
}

// write notes a changed insight, its codes, speaker and revision.
func (c *changes) write(before insightRow, spBefore speakerRow, ch insightChange, what string) error {
	t := c.batch.tx
	c.writes.insight(ch.row)
	if before.CodeIds != ch.row.CodeIds || before.PillarMask != ch.row.PillarMask {
		c.writes.code(ch.row.Seq, joinedCodes(ch.row.PillarMask, ch.codes, c.batch.book))
	}
	c.writes.speaker(before.Regime, ch.row, spBefore, ch.speaker)
	text := ""
	if before.Text != ch.row.Text {
		text = ch.row.Text
	}
	detail, err := json.Marshal(revisionDetail{
		Kind: ch.row.Kind.Key(), Item: ch.row.ItemID, Primary: ch.row.PrimaryPillar, Pillars: ch.row.PillarMask,
		Codes: ch.row.CodeIds, State: ch.row.State.Key(), Regime: ch.row.Regime.Key(), Deleted: ch.row.DeletedMs != 0,
		Speaker: spBefore != ch.speaker,
	})
	if err != nil {
		return err
	}
	c.revisions = append(c.revisions, ch.row.Seq, ch.row.Revision, t.now, t.viewer.Account(), what, text, string(detail))
	return nil
}

// revisionDetail is what the history keeps of an insight beside its words. Who
// spoke is not in it, only that it changed: the history outlives a speaker.
type revisionDetail struct {
	Kind    string        `json:"kind"`
	Item    models.ID     `json:"item,omitempty"`
	Primary models.Pillar `json:"primary,omitempty"`
	Pillars int           `json:"pillars,omitempty"`
	Codes   string        `json:"codes,omitempty"`
	State   string        `json:"state"`
	Regime  string        `json:"regime"`
	Deleted bool          `json:"deleted,omitempty"`
	Speaker bool          `json:"speaker,omitempty"`
}

// finish writes what was changed, and brings search and counts up to it.
func (c *changes) finish() error {
	t := c.batch.tx
	if err := c.writes.flush(); err != nil {
		return err
	}
	if err := t.insertMany("INSERT INTO insight_revisions (insight_seq, revision, at_ms, account_id, what, text, detail) VALUES ",
		"(?, ?, ?, ?, ?, ?, ?)", 7, "", c.revisions); err != nil {
		return err
	}
	if err := t.events(c.events); err != nil {
		return err
	}
	if err := t.unindex(c.gone); err != nil {
		return err
	}
	if err := t.index(c.search); err != nil {
		return err
	}
	if err := t.addCells(c.cells, func(id models.ID) int { return monthOf(c.batch.rooms[id].day()) }); err != nil {
		return err
	}
	var changed []any
	for n := 0; n < len(c.revisions); n += 7 {
		changed = append(changed, c.revisions[n])
	}
	return chunks(len(changed), func(from, to int) error { return t.markViolations(ofInsights, changed[from:to]) })
}

// recomputedAtOnce is how many roundtables are brought along together: every
// insight of theirs is in memory meanwhile.
const recomputedAtOnce = 32

// recomputeRoom brings every insight of roundtables up to the rooms as they are
// now: regimes, which only rise, labels, search, counts. It must run in every
// transaction that changes who is on the guest list, their sector,
// organisation, role, presence or preference, the agenda's rules, times and
// reviewed titles, the roundtable's rule, date, privacy, numbers or status.
// Once a roundtable closed, the levels of the small-cell rule are kept and
// only fall.
func (t *tx) recomputeRoom(ids ...models.ID) error {
	for part := range slices.Chunk(ids, recomputedAtOnce) {
		rooms, err := loadRooms(t, part)
		if err != nil {
			return err
		}
		if len(rooms) < len(part) {
			return models.ErrNotFound
		}
		if err := t.keepCells(rooms); err != nil {
			return err
		}
		if err := t.recomputeInsights(part, rooms); err != nil {
			return err
		}
		if err := t.markViolations(ofRooms, part); err != nil {
			return err
		}
		if err := t.roomEvents(ChangeRoom, part, 0); err != nil {
			return err
		}
	}
	return nil
}

// keepCells notes that the rooms changed, and keeps the levels of those that
// closed.
func (t *tx) keepCells(rooms []*roomState) error {
	args := make([]any, 0, 2*len(rooms))
	for _, room := range rooms {
		cells := ""
		if room.status == models.Closed || room.kept != nil {
			var err error
			if cells, err = room.encodeCells(); err != nil {
				return err
			}
		}
		args = append(args, room.id, cells)
	}
	_, err := t.updateMany("WITH v(id, cells) AS (VALUES ", "(CAST(? AS BIGINT), CAST(? AS TEXT))", 2,
		") UPDATE roundtables SET room_revision = room_revision + 1, cells = v.cells FROM v WHERE roundtables.id = v.id", args)
	return err
}

// recomputeRoomsOf brings the rooms along in which people of the condition
// were, where anything was said there. condition is a constant of the caller
// about people p.
func (t *tx) recomputeRoomsOf(condition sqlText, args ...any) error {
	return t.recomputeRooms("id IN (SELECT g.roundtable_id FROM guests g JOIN people p ON p.id = g.person_id WHERE "+condition+")", args...)
}

// recomputeRooms brings the rooms of the condition along where anything was
// said there, or where a publication tells of them: all of them after the institute's own numbers changed.
func (t *tx) recomputeRooms(condition sqlText, args ...any) error {
	var rooms []models.ID
	if err := t.list(&rooms, `SELECT id FROM roundtables WHERE (EXISTS (SELECT 1 FROM insights i WHERE i.roundtable_id = roundtables.id)
		OR EXISTS (SELECT 1 FROM publication_rooms pr WHERE pr.roundtable_id = roundtables.id)) AND `+
		condition+" ORDER BY id", args...); err != nil {
		return err
	}
	return t.recomputeRoom(rooms...)
}

// recomputeInsights applies the rules to every insight of the roundtables: to
// the deleted ones too, which can come back and must not bring a speaker along.
func (t *tx) recomputeInsights(ids []models.ID, rooms []*roomState) error {
	var rows []insightRow
	if err := t.list(&rows, "SELECT * FROM insights WHERE roundtable_id IN ? AND state <> ? ORDER BY seq", ids, models.Struck); err != nil || len(rows) == 0 {
		return err
	}
	var speakers []speakerRow
	if err := t.list(&speakers, `SELECT s.* FROM insight_speakers s JOIN insights i ON i.seq = s.insight_seq
		WHERE i.roundtable_id IN ?`, ids); err != nil {
		return err
	}
	who := make(map[int64]speakerRow, len(speakers))
	for _, sp := range speakers {
		who[sp.InsightSeq] = sp
	}
	book, err := loadCodebook(t)
	if err != nil {
		return err
	}
	byID, before, now := make(map[models.ID]*roomState, len(rooms)), map[models.ID]int{}, map[models.ID]int{}
	for _, room := range rooms {
		byID[room.id] = room
	}
	cells, search, gone := map[cellKey]int{}, make([]searchRow, 0, len(rows)), make([]int64, 0, len(rows))
	writes := insightWrites{t: t}
	for _, was := range rows {
		room := byID[was.RoundtableID]
		if _, known := before[room.id]; !known {
			before[room.id], now[room.id] = monthOf(was.Pos>>44), monthOf(room.day())
		}
		row, sp := was, who[was.Seq]
		sp.InsightSeq = row.Seq
		spBefore := sp
		row.Pos = t.s.keys.position(room.day(), row.ID)
		room.settle(&row, &sp)
		if row != was || sp != spBefore {
			writes.insight(row)
			writes.speaker(was.Regime, row, spBefore, sp)
		}
		if row.DeletedMs != 0 {
			continue // neither counted nor found
		}
		facts := room.insightFacts(row, sp, book)
		countInto(cells, facts, room.facts, t.now, 1)
		gone = append(gone, was.Pos)
		search = append(search, indexRow(facts, room, t.now))
	}
	if err := writes.flush(); err != nil {
		return err
	}
	if err := t.unindex(gone); err != nil {
		return err
	}
	if err := t.index(search); err != nil {
		return err
	}
	return t.replaceCells(cells, before, now)
}

// raiseItem raises the rule of what was already said in an agenda item: the
// second act, after the item's own rule was raised from now on.
func (t *tx) raiseItem(room, item models.ID, to models.Regime) error {
	if err := t.exec("UPDATE insights SET base_regime = ? WHERE roundtable_id = ? AND item_id = ? AND base_regime < ?", to, room, item, to); err != nil {
		return err
	}
	return t.recomputeRoom(room)
}

// insightBefore is what an act on an insight can be taken back to. The words
// are not in it: they are read from the history.
type insightBefore struct {
	ID          models.ID
	After       int // the revision that the act made
	Revision    int
	Kind        models.Kind
	Item        models.ID
	Primary     models.Pillar
	Pillars     int
	Codes       string
	State       models.InsightState
	ReviewedBy  models.ID
	ReleasedBy  models.ID
	ReleasedMs  models.Instant
	DeletedMs   models.Instant
	EditedMs    models.Instant
	Speaker     models.ID
	CommittedBy models.ID
	Unresolved  string
}

// MarshalJSON writes the insight's id as text, so that what can be taken back
// is found by it when the speaker must be forgotten.
func (b insightBefore) MarshalJSON() ([]byte, error) {
	type plain insightBefore
	return json.Marshal(struct {
		plain
		Key string
	}{plain(b), b.ID.String()})
}

func beforeOf(row insightRow, sp speakerRow) insightBefore {
	return insightBefore{
		ID: row.ID, Revision: row.Revision, Kind: row.Kind, Item: row.ItemID, Primary: row.PrimaryPillar, Pillars: row.PillarMask,
		Codes: row.CodeIds, State: row.State, ReviewedBy: row.ReviewedBy, ReleasedBy: row.ReleasedBy, ReleasedMs: row.ReleasedMs,
		DeletedMs: row.DeletedMs, EditedMs: row.EditedMs, Speaker: sp.GuestID, CommittedBy: sp.CommittedBy, Unresolved: sp.Unresolved,
	}
}

const undoInsights = "insights"

func init() { undoVerbs[undoInsights] = undoInsightChanges }

// undoInsightChanges puts insights back as they were before an act, unless
// somebody changed one of them since. Rules that have risen stay risen.
func undoInsightChanges(t *tx, u undoRow) error {
	var acts []insightBefore
	if err := json.Unmarshal([]byte(u.Payload), &acts); err != nil {
		return err
	}
	ids := make([]models.ID, len(acts))
	for i, b := range acts {
		ids[i] = b.ID
	}
	c, err := t.changing(ids...)
	if err != nil {
		return err
	}
	texts, err := t.textsOf(acts, ids)
	if err != nil {
		return err
	}
	for _, b := range acts {
		text, ok := texts[b.ID]
		if !ok {
			return models.ErrNotFound
		}
		if err := c.change(b.ID, "undone", func(ch *insightChange) error {
			right := models.TagInsight
			if b.State != ch.row.State && (b.State == models.Released || ch.row.State == models.Released) {
				right = models.ReleaseInsight
			}
			if ch.row.Revision != b.After || !models.CanIn(t.viewer, right, ch.room.id) {
				return models.ErrConflict
			}
			b.restore(ch, text)
			return nil
		}); err != nil {
			return err
		}
	}
	return c.finish()
}

// textsOf reads from the history which words each of the insights had before
// an act.
func (t *tx) textsOf(acts []insightBefore, ids []models.ID) (map[models.ID]string, error) {
	until := make(map[models.ID]int, len(acts))
	for _, b := range acts {
		until[b.ID] = b.Revision
	}
	out := make(map[models.ID]string, len(acts))
	for part := range slices.Chunk(ids, 500) {
		var rows []struct {
			ID       models.ID
			Revision int
			Text     string
		}
		if err := t.list(&rows, `SELECT i.id, r.revision, r.text FROM insight_revisions r JOIN insights i ON i.seq = r.insight_seq
			WHERE i.id IN ? AND r.text <> '' AND r.what <> 'paraphrase' ORDER BY r.revision`, part); err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Revision <= until[r.ID] {
				out[r.ID] = r.Text
			}
		}
	}
	return out, nil
}

func (b insightBefore) restore(ch *insightChange, text string) {
	r := &ch.row
	if b.Item != r.ItemID { // back into an item whose rule may have risen meanwhile
		r.BaseRegime = models.Strictest(r.BaseRegime, ch.room.item(b.Item).Regime)
	}
	r.Text, r.Kind, r.ItemID, r.PrimaryPillar, r.PillarMask = text, b.Kind, b.Item, b.Primary, b.Pillars
	r.State, r.ReviewedBy, r.ReleasedBy, r.ReleasedMs = b.State, b.ReviewedBy, b.ReleasedBy, b.ReleasedMs
	r.DeletedMs, r.EditedMs = b.DeletedMs, b.EditedMs
	ch.codes = decodeCodes(b.Codes)
	if now := (speakerRow{ch.row.Seq, b.Speaker, b.CommittedBy, b.Unresolved}); now != ch.speaker {
		ch.name(now)
	}
}

// name sets who said it. Without a known speaker there is no sector either.
func (ch *insightChange) name(sp speakerRow) {
	sp.InsightSeq = ch.row.Seq
	ch.speaker = sp
	if _, ok := ch.room.guest(sp.GuestID); !ok {
		ch.speaker.GuestID = 0
		ch.row.TeamSector = models.SectorNone
	}
}

// codesKnown reports whether every id is a code that an insight may carry.
func codesKnown(ids []models.ID, book models.Codebook) bool {
	for _, id := range ids {
		if !slices.ContainsFunc(book, func(e models.CodeEntry) bool { return e.ID == id && e.Kind != models.CodePillar }) {
			return false
		}
	}
	return true
}

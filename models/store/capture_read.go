package store

import (
	"context"
	"errors"
	"slices"

	"rotunda/models"
)

// boardInsights is how many insights the capture page begins with.
const boardInsights = 200

// teamRoom reads a roundtable's state for a member of its team. Others get
// models.ErrForbidden, or ErrNotFound where it does not exist for them.
func (s *Store) teamRoom(ctx context.Context, v models.Viewer, id models.ID) (*roomState, error) {
	room, err := loadRoom(s.reader(ctx), id)
	if err != nil {
		return nil, err
	}
	if !room.knownTo(v) {
		return nil, models.ErrNotFound
	}
	if a, _ := v.AudienceFor(id, room.private); a != models.Team {
		return nil, models.ErrForbidden
	}
	return room, nil
}

// CaptureBoard returns what the capture page of a roundtable shows. The team
// reads it; others get models.ErrForbidden, or ErrNotFound where the roundtable
// does not exist for them.
func (s *Store) CaptureBoard(ctx context.Context, v models.Viewer, id models.ID) (models.CaptureBoard, error) {
	room, err := s.teamRoom(ctx, v, id)
	if err != nil {
		return models.CaptureBoard{}, err
	}
	r := s.reader(ctx)
	board := models.CaptureBoard{Seats: room.seatWords(), Room: room.presence(), SectorsOnly: room.sectorsOnly}
	// The event first: what commits meanwhile comes twice rather than never.
	var last int64
	if err := r.get(&last, "SELECT COALESCE(max(seq), 0) FROM events WHERE roundtable_id = ?", id); err != nil {
		return board, err
	}
	board.After = s.EventID(last)
	if board.Codebook, err = loadCodebook(r); err != nil {
		return board, err
	}
	if err := s.boardCounts(ctx, id, &board); err != nil {
		return board, err
	}
	board.Insights, err = s.teamInsights(ctx, v, room, board.Codebook,
		"deleted_ms = 0 ORDER BY seq DESC LIMIT ?", boardInsights+1)
	if len(board.Insights) > boardInsights {
		board.Insights, board.Earlier = board.Insights[:boardInsights], true
	}
	slices.Reverse(board.Insights)
	return board, err
}

func (s *Store) boardCounts(ctx context.Context, id models.ID, board *models.CaptureBoard) error {
	var pillars []struct{ Pillar, N int }
	if err := s.list(ctx, &pillars, "SELECT pillar, sum(n) AS n FROM insight_cells WHERE roundtable_id = ? AND scope = ? AND pillar <> ? GROUP BY pillar", id, scopeTeam, cellAll); err != nil {
		return err
	}
	for _, p := range pillars {
		if p.Pillar >= 0 && p.Pillar < len(board.Pillars) {
			board.Pillars[p.Pillar] = p.N
		}
	}
	return s.list(ctx, &board.Authors, `SELECT i.captured_by AS id, COALESCE(a.name, '') AS name, count(*) AS n FROM insights i
		LEFT JOIN accounts a ON a.id = i.captured_by WHERE i.roundtable_id = ? AND i.deleted_ms = 0
		GROUP BY i.captured_by, a.name ORDER BY n DESC, name`, id)
}

// presence counts the people in the room by sector; before attendance is
// recorded, those who have a seat.
func (room *roomState) presence() []models.SectorPresence {
	counts := map[models.Sector]int{}
	for _, seat := range room.seats(itemState{}) {
		if seat.Present || !room.recorded && seat.Accepted {
			counts[seat.Sector]++
		}
	}
	cells := room.cells(0)
	var out []models.SectorPresence
	for _, sector := range append(slices.Clone(models.Sectors), models.HostStaff, models.SectorNone) {
		if n := counts[sector]; n > 0 {
			out = append(out, models.SectorPresence{Sector: sector, N: n, Staff: cells.Label(models.Staff, sector)})
		}
	}
	return out
}

// teamInsights reads insights of a room as its team sees them. condition is a
// constant of the caller, and may end in an order.
func (s *Store) teamInsights(ctx context.Context, v models.Viewer, room *roomState, book models.Codebook, condition sqlText, args ...any) ([]models.Insight, error) {
	var rows []struct {
		Row         insightRow `gorm:"embedded"`
		Speaker     speakerRow `gorm:"embedded;embeddedPrefix:sp_"`
		CapturedTxt string
	}
	q := `SELECT x.*, COALESCE(sp.guest_id, 0) AS sp_guest_id, COALESCE(sp.committed_by, 0) AS sp_committed_by,
			COALESCE(sp.unresolved, '') AS sp_unresolved, COALESCE(a.name, '') AS captured_txt
		FROM (SELECT * FROM insights WHERE roundtable_id = ? AND state <> 3 AND ` + condition + `) x
		LEFT JOIN insight_speakers sp ON sp.insight_seq = x.seq LEFT JOIN accounts a ON a.id = x.captured_by ORDER BY x.seq DESC`
	if err := s.list(ctx, &rows, q, append([]any{room.id}, args...)...); err != nil {
		return nil, err
	}
	now := s.Now()
	out := make([]models.Insight, 0, len(rows))
	for _, row := range rows {
		f := room.insightFacts(row.Row, row.Speaker, book)
		f.CapturedByName = row.CapturedTxt
		if i, ok := models.Disclose(f, v, room.facts, now); ok {
			out = append(out, i)
		}
	}
	return out, nil
}

// TeamInsight returns one insight with its roundtable's board, for its edit
// form. Only the roundtable's team reads it so.
func (s *Store) TeamInsight(ctx context.Context, v models.Viewer, id models.ID) (models.Insight, models.CaptureBoard, error) {
	var where struct {
		RoundtableID models.ID
	}
	if err := s.get(ctx, &where, "SELECT roundtable_id FROM insights WHERE id = ? AND deleted_ms = 0 AND state <> ?", id, models.Struck); err != nil {
		return models.Insight{}, models.CaptureBoard{}, err
	}
	room, err := s.teamRoom(ctx, v, where.RoundtableID)
	if err != nil {
		if errors.Is(err, models.ErrForbidden) {
			err = models.ErrNotFound // the row itself may be none of theirs
		}
		return models.Insight{}, models.CaptureBoard{}, err
	}
	board := models.CaptureBoard{Seats: room.seatWords(), SectorsOnly: room.sectorsOnly}
	if board.Codebook, err = s.codebook(ctx); err != nil {
		return models.Insight{}, board, err
	}
	found, err := s.teamInsights(ctx, v, room, board.Codebook, "id = ?", id)
	if err != nil || len(found) == 0 {
		return models.Insight{}, board, errors.Join(err, models.ErrNotFound)
	}
	return found[0], board, nil
}

// PreviewCapture says what would be kept of a line and how others would see
// who said it. It keeps nothing. Who may capture there may ask.
func (s *Store) PreviewCapture(ctx context.Context, v models.Viewer, in models.CaptureInput) (models.CapturePreview, error) {
	room, err := s.teamRoom(ctx, v, in.Roundtable)
	if err != nil {
		return models.CapturePreview{}, err
	}
	if !models.CanIn(v, models.CaptureInsight, room.id) {
		return models.CapturePreview{}, models.ErrForbidden
	}
	book, err := s.codebook(ctx)
	if err != nil {
		return models.CapturePreview{}, err
	}
	c, err := in.Read(book.Vocabulary(room.seatWords()))
	var invalid *models.InvalidError
	if err != nil && !errors.As(err, &invalid) { // a line of marks alone has a preview too
		return models.CapturePreview{}, err
	}
	item := room.item(in.Item)
	before := models.RegimeInputs{Room: room.regime, Item: item.Regime}.Effective()
	row := insightRow{ItemID: item.ID, BaseRegime: before, OwnFlag: c.Flag}
	sp := speakerRow{GuestID: c.Speaker}
	if c.CommitmentBy != c.Speaker {
		sp.CommittedBy = c.CommitmentBy
	}
	room.settle(&row, &sp)
	return models.CapturePreview{
		Capture: c, Regime: row.Regime, Stricter: row.Regime > before, Sector: row.TeamSector,
		Staff: row.LabelStaff, Public: row.LabelPublic,
		SectorsOnly: room.sectorsOnly && row.Regime >= models.ChathamHouse && row.Regime < models.OffTheRecord,
	}, nil
}

// eventPurpose tells sealed event ids from other sealed numbers.
const eventPurpose = 'e'

// EventID seals the number of an event, so that whoever holds two of them
// learns nothing about what happened between.
func (s *Store) EventID(seq int64) string { return s.keys.seal(eventPurpose, seq) }

// mostReplayed is how many events a stream catches up on; after more, the page
// is read again.
const mostReplayed = 500

// overlap is how many events are told again on PostgreSQL, where an event with
// a lower number may be committed after one with a higher. Hearing of an insight
// twice changes nothing.
const overlap = 32

// EventsAfter returns what happened in a roundtable after the event that a
// stream saw last: the insights concerned, whether anything else of the room
// changed, and the newest event's number. ok is false where the id cannot be
// read or too much happened: the reader must look at everything again. Only
// the team asks.
func (s *Store) EventsAfter(ctx context.Context, v models.Viewer, room models.ID, after string) (insights []models.ID, other bool, last int64, ok bool, err error) {
	if _, err := s.teamRoom(ctx, v, room); err != nil {
		return nil, false, 0, false, err
	}
	seq, readable := s.keys.open(eventPurpose, after)
	from := seq
	if s.dialect == postgresDialect {
		from = max(0, seq-overlap)
	}
	var rows []struct {
		Seq      int64
		Kind     string
		ObjectID models.ID
	}
	err = s.list(ctx, &rows, "SELECT seq, kind, object_id FROM events WHERE roundtable_id = ? AND seq > ? ORDER BY seq LIMIT ?", room, from, mostReplayed+1)
	for _, row := range rows {
		last = row.Seq
		if row.Kind != string(ChangeInsight) {
			other = true
		} else if !slices.Contains(insights, row.ObjectID) {
			insights = append(insights, row.ObjectID)
		}
	}
	return insights, other, max(last, seq), readable && len(rows) <= mostReplayed, err
}

// RoomInsights returns the insights of the ids as the team of their roundtable
// sees them, in the order of capture. What is deleted or somewhere else is not
// among them.
func (s *Store) RoomInsights(ctx context.Context, v models.Viewer, room models.ID, ids []models.ID) ([]models.Insight, error) {
	state, err := s.teamRoom(ctx, v, room)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	book, err := s.codebook(ctx)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	found, err := s.teamInsights(ctx, v, state, book, "deleted_ms = 0 AND id IN ("+sqlText("?").repeat(len(ids), ", ")+")", args...)
	slices.Reverse(found)
	return found, err
}

// SameViewer reads a signed-in viewer's rights again without counting as use
// of the session. It is models.ErrNotFound once the session ended or its
// account is disabled.
func (s *Store) SameViewer(ctx context.Context, v models.Viewer) (models.Viewer, error) {
	var row accountRow
	now := s.Now()
	if err := s.get(ctx, &row, `SELECT a.* FROM sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.id_hash = ? AND s.expires_ms > ? AND s.seen_ms > ? AND a.disabled_ms = 0`, v.Session(), now, now.Add(-SessionIdle)); err != nil {
		return models.Anonymous(), err
	}
	return s.accountViewer(ctx, row, v.Session())
}

// RoomCounts is how much was captured in a roundtable, and its own rule.
type RoomCounts struct {
	Rule models.Regime
	// Pillars counts insights by pillar; the first count is of those without.
	Pillars [6]int
	Authors []models.CaptureAuthor
}

// RoomCounts returns how much was captured in a roundtable. Its team reads it.
func (s *Store) RoomCounts(ctx context.Context, v models.Viewer, id models.ID) (RoomCounts, error) {
	room, err := s.teamRoom(ctx, v, id)
	if err != nil {
		return RoomCounts{}, err
	}
	var board models.CaptureBoard
	err = s.boardCounts(ctx, id, &board)
	return RoomCounts{Rule: room.regime, Pillars: board.Pillars, Authors: board.Authors}, err
}

package store

import (
	"errors"
	"slices"

	"gorm.io/gorm"

	"rotunda/models"
)

// captureBatch is what the captures of one transaction share.
type captureBatch struct {
	captureReads
	tx *tx
}

func (b *captureBatch) room(id models.ID) (*roomState, error) {
	if room, ok := b.rooms[id]; ok {
		return room, nil
	}
	room, err := loadRoom(b.tx, id)
	if err != nil {
		return nil, err
	}
	b.rooms[id] = room
	return room, nil
}

func (b *captureBatch) vocabulary(room *roomState) models.Vocabulary {
	if v, ok := b.words[room.id]; ok {
		return v
	}
	v := b.book.Vocabulary(room.seatWords())
	b.words[room.id] = v
	return v
}

// prepare reads a job's line and settles what is to be kept of it.
func (b *captureBatch) prepare(job *captureJob) error {
	room, err := b.room(job.in.Roundtable)
	if err != nil {
		return err
	}
	switch {
	case !room.knownTo(job.viewer):
		return models.ErrNotFound
	case !models.CanIn(job.viewer, models.CaptureInsight, room.id):
		return models.ErrForbidden
	case room.status == models.Cancelled:
		return models.Invalid("line", "This roundtable was canceled. Nothing can be captured in it.")
	}
	c, err := job.in.Read(b.vocabulary(room))
	if err != nil {
		return err
	}
	t := b.tx
	item := room.item(job.in.Item)
	job.row = insightRow{
		ID: t.s.newID(), RoundtableID: room.id, ItemID: item.ID, ClientID: job.in.ClientID, Kind: c.Kind, Text: c.Text,
		BaseRegime: models.Strictest(room.regime, item.Regime), OwnFlag: c.Flag,
		CapturedBy: job.viewer.Account(), CapturedMs: t.now, Revision: 1,
	}
	if c.Flag != models.RegimeNone {
		job.row.FlagMs = t.now
	}
	if c.Contradicts && job.in.Contradicts != 0 {
		err := t.get(&job.row.Contradicts, "SELECT id FROM insights WHERE id = ? AND roundtable_id = ?", job.in.Contradicts, room.id)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	for i, p := range c.Pillars {
		if i == 0 {
			job.row.PrimaryPillar = p
		}
		job.row.PillarMask |= p.Mask()
	}
	job.codes = slices.Concat(c.Fronts, c.Forums, c.Tags, job.in.Codes)
	job.row.CodeIds = encodeCodes(job.codes, b.book)
	job.speaker = speakerRow{Unresolved: c.UnresolvedSpeaker}
	if g, ok := room.guest(c.Speaker); ok {
		job.speaker.GuestID = g.ID
	}
	if g, ok := room.guest(c.CommitmentBy); ok && g.ID != job.speaker.GuestID {
		job.speaker.CommittedBy = g.ID
	}
	job.promised = c.CommitmentBy != 0
	if job.load != nil {
		job.load.apply(&job.row, &job.speaker)
	}
	job.row.Pos = t.s.keys.position(room.day(), job.row.ID)
	room.settle(&job.row, &job.speaker)
	room.keepLittle(job.row, &job.speaker)
	return nil
}

const (
	insightColumns sqlText = `id, pos, roundtable_id, item_id, client_id, kind, state, text, paraphrase, paraphrase_ready,
		regime, base_regime, own_flag, flag_ms, embargo_ms, primary_pillar, pillar_mask, code_ids,
		shown_staff, shown_partner, shown_public, label_staff, label_partner, label_public, team_sector, contradicts,
		captured_by, captured_ms, edited_ms, reviewed_by, released_by, released_ms, deleted_ms, revision`
	insightWidth int = 34
)

func (r insightRow) values() []any {
	return []any{
		r.ID, r.Pos, r.RoundtableID, r.ItemID, r.ClientID, r.Kind, r.State, r.Text, r.Paraphrase, r.ParaphraseReady,
		r.Regime, r.BaseRegime, r.OwnFlag, r.FlagMs, r.EmbargoMs, r.PrimaryPillar, r.PillarMask, r.CodeIds,
		r.ShownStaff, r.ShownPartner, r.ShownPublic, r.LabelStaff, r.LabelPartner, r.LabelPublic, r.TeamSector, r.Contradicts,
		r.CapturedBy, r.CapturedMs, r.EditedMs, r.ReviewedBy, r.ReleasedBy, r.ReleasedMs, r.DeletedMs, r.Revision,
	}
}

// insert writes the insights. It returns those that are new, and those whose
// client id the roundtable holds already.
func (b *captureBatch) insert(jobs []*captureJob) (kept, again []*captureJob, err error) {
	args := make([]any, 0, insightWidth*len(jobs))
	for _, job := range jobs {
		args = append(args, job.row.values()...)
	}
	seqs, err := b.tx.insertNumbered("INSERT INTO insights ("+insightColumns+") VALUES ", "("+sqlText("?").repeat(insightWidth, ", ")+")", insightWidth,
		" ON CONFLICT (roundtable_id, client_id) DO NOTHING", "id", 0, args)
	if err != nil {
		return nil, nil, err
	}
	for i, job := range jobs {
		if seqs[i] == 0 {
			again = append(again, job)
			continue
		}
		job.row.Seq, job.speaker.InsightSeq = seqs[i], seqs[i]
		kept = append(kept, job)
	}
	return kept, again, nil
}

// insertParts writes what belongs to new insights: codes, speaker, first
// revision, search row, counts, event, audit.
func (b *captureBatch) insertParts(jobs []*captureJob) error {
	var codes, speakers, revisions, events, audits, promises []any
	var search []searchRow
	cells := map[cellKey]int{}
	t := b.tx
	for _, job := range jobs {
		room := b.rooms[job.row.RoundtableID]
		row := job.row
		for _, id := range joinedCodes(row.PillarMask, job.codes, b.book) {
			codes = append(codes, row.Seq, id)
		}
		if !job.speaker.empty() {
			speakers = append(speakers, row.Seq, job.speaker.GuestID, job.speaker.CommittedBy, job.speaker.Unresolved)
		}
		if job.promised && row.Regime != models.OffTheRecord {
			promises = append(promises, t.s.newID(), row.RoundtableID, row.Seq, "", string(models.CommitmentOpen), row.CapturedBy, row.CapturedMs)
		}
		revisions = append(revisions, row.Seq, 1, row.CapturedMs, row.CapturedBy, "captured", row.Text, "")
		job.facts = room.insightFacts(row, job.speaker, b.book)
		job.facts.CapturedByName = job.viewer.Name()
		search = append(search, indexRow(job.facts, room, t.now))
		countInto(cells, job.facts, room.facts, t.now, 1)
		if job.load == nil {
			events = append(events, row.RoundtableID, string(ChangeInsight), row.ID, t.now)
			audits = append(audits, t.now, job.viewer.Account(), actorOf(job.viewer), "insight.capture", "insight", row.ID, row.RoundtableID, "")
		}
		job.out, _ = models.Disclose(job.facts, job.viewer, room.facts, t.now)
	}
	for _, write := range []func() error{
		func() error {
			return t.insertMany("INSERT INTO insight_codes (insight_seq, code_id) VALUES ", "(?, ?)", 2, "", codes)
		},
		func() error {
			return t.insertMany("INSERT INTO insight_speakers (insight_seq, guest_id, committed_by, unresolved) VALUES ", "(?, ?, ?, ?)", 4, "", speakers)
		},
		func() error {
			return t.insertMany("INSERT INTO insight_revisions (insight_seq, revision, at_ms, account_id, what, text, detail) VALUES ", "(?, ?, ?, ?, ?, ?, ?)", 7, "", revisions)
		},
		func() error {
			return t.insertMany("INSERT INTO commitments (id, roundtable_id, insight_seq, what, state, created_by, created_ms) VALUES ", "(?, ?, ?, ?, ?, ?, ?)", 7, "", promises)
		},
		func() error { return t.index(search) },
		func() error {
			return t.addCells(cells, func(id models.ID) int { return monthOf(b.rooms[id].day()) })
		},
		func() error {
			return t.insertMany("INSERT INTO audit (at_ms, account_id, actor, action, object_kind, object_id, roundtable_id, detail) VALUES ", "(?, ?, ?, ?, ?, ?, ?, ?)", 8, "", audits)
		},
		func() error { return t.events(events) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// events keeps the events of a batch, one for each insight and four values
// each, and announces them.
func (t *tx) events(args []any) error {
	const width, room, object = 4, 0, 2
	seqs, err := t.insertNumbered("INSERT INTO events (roundtable_id, kind, object_id, at_ms) VALUES ", "(?, ?, ?, ?)", width, "", "object_id", object, args)
	if err != nil {
		return err
	}
	for i, seq := range seqs {
		row := args[i*width:]
		t.announce(Change{Kind: ChangeInsight, Roundtable: row[room].(models.ID), Object: row[object].(models.ID), Seq: seq})
	}
	return nil
}

// recall answers a job whose line is kept already.
func (b *captureBatch) recall(job *captureJob) error {
	row, sp, err := b.tx.insightBy("roundtable_id = ? AND client_id = ?", job.row.RoundtableID, job.in.ClientID)
	if errors.Is(err, models.ErrNotFound) {
		return models.ErrConflict // it was there a moment ago
	}
	if err != nil {
		return err
	}
	room := b.rooms[row.RoundtableID]
	facts := room.insightFacts(row, sp, b.book)
	if err := b.tx.get(&facts.CapturedByName, "SELECT name FROM accounts WHERE id = ?", row.CapturedBy); err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	job.out, _ = models.Disclose(facts, job.viewer, room.facts, b.tx.now)
	return nil
}

// insightBy reads an insight and its speaker, deleted ones too. condition is a
// constant of the caller.
func (t *tx) insightBy(condition sqlText, args ...any) (insightRow, speakerRow, error) {
	var row insightRow
	q := "SELECT * FROM insights WHERE " + condition
	if t.s.dialect == postgresDialect {
		q += " FOR UPDATE"
	}
	if err := t.get(&row, q, args...); err != nil {
		return row, speakerRow{}, err
	}
	sp := speakerRow{InsightSeq: row.Seq}
	err := t.get(&sp, "SELECT * FROM insight_speakers WHERE insight_seq = ?", row.Seq)
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return row, sp, err
}

// within runs f under a savepoint: where it fails, only what it did is undone.
func (t *tx) within(f func(*tx) error) error {
	sub := *t
	sub.changes = nil
	if err := t.db.Transaction(func(db *gorm.DB) error {
		sub.db = db
		return f(&sub)
	}); err != nil {
		return err
	}
	t.changes = append(t.changes, sub.changes...)
	return nil
}

package store

import (
	"slices"

	"rotunda/models"
)

// insightWrites gathers what an act writes about insights, so that it takes a
// few statements however many they are. Nothing is written before flush.
type insightWrites struct {
	t         *tx
	rows      []any
	recoded   []int64 // whose codes are written anew
	codes     []any
	speakers  []any
	silent    []int64     // whose speaker is deleted
	forgotten []models.ID // whose speaker nothing may bring back
}

// insight writes a row over the one with its seq.
func (w *insightWrites) insight(row insightRow) {
	w.rows = append(append(w.rows, row.Seq), row.values()...)
}

// code writes the codes of an insight anew.
func (w *insightWrites) code(seq int64, ids []models.ID) {
	w.recoded = append(w.recoded, seq)
	for _, id := range ids {
		w.codes = append(w.codes, seq, id)
	}
}

// speaker keeps who said an insight. Where it has gone off the record from the
// rule it had, the speaker is deleted from here and from what could bring back
// this one or an earlier one.
func (w *insightWrites) speaker(had models.Regime, row insightRow, before, now speakerRow) {
	if row.Regime == models.OffTheRecord && (had != models.OffTheRecord || !before.empty()) {
		w.forgotten = append(w.forgotten, row.ID)
	}
	switch {
	case before == now:
	case now.empty():
		w.silent = append(w.silent, row.Seq)
	default:
		w.speakers = append(w.speakers, row.Seq, now.GuestID, now.CommittedBy, now.Unresolved)
	}
}

// insightOver are the columns of an insight that can change after its capture.
const insightOver sqlText = ` ON CONFLICT (seq) DO UPDATE SET pos = excluded.pos, item_id = excluded.item_id, kind = excluded.kind,
	state = excluded.state, text = excluded.text, paraphrase = excluded.paraphrase, paraphrase_ready = excluded.paraphrase_ready,
	regime = excluded.regime, base_regime = excluded.base_regime, own_flag = excluded.own_flag, flag_ms = excluded.flag_ms,
	embargo_ms = excluded.embargo_ms, primary_pillar = excluded.primary_pillar, pillar_mask = excluded.pillar_mask,
	code_ids = excluded.code_ids, shown_staff = excluded.shown_staff, shown_partner = excluded.shown_partner,
	shown_public = excluded.shown_public, label_staff = excluded.label_staff, label_partner = excluded.label_partner,
	label_public = excluded.label_public, team_sector = excluded.team_sector, edited_ms = excluded.edited_ms,
	reviewed_by = excluded.reviewed_by, released_by = excluded.released_by, released_ms = excluded.released_ms,
	deleted_ms = excluded.deleted_ms, revision = excluded.revision`

// flush writes all that was gathered: the insights first, for whether a rule
// may fall is asked of the speakers as they were.
func (w *insightWrites) flush() error {
	t := w.t
	for _, step := range []func() error{
		// Many rows with values of their own go into one statement only as an
		// insert that finds each of them there.
		func() error {
			return t.insertMany("INSERT INTO insights (seq, "+insightColumns+") VALUES ",
				"("+sqlText("?").repeat(insightWidth+1, ", ")+")", insightWidth+1, insightOver, w.rows)
		},
		func() error { return t.deleteBySeq("DELETE FROM insight_codes WHERE insight_seq IN ?", w.recoded) },
		func() error {
			return t.insertMany("INSERT INTO insight_codes (insight_seq, code_id) VALUES ", "(?, ?)", 2, "", w.codes)
		},
		func() error { return t.forgetUndos(w.forgotten) },
		func() error { return t.deleteBySeq("DELETE FROM insight_speakers WHERE insight_seq IN ?", w.silent) },
		func() error {
			return t.insertMany("INSERT INTO insight_speakers (insight_seq, guest_id, committed_by, unresolved) VALUES ", "(?, ?, ?, ?)", 4,
				" ON CONFLICT (insight_seq) DO UPDATE SET guest_id = excluded.guest_id, committed_by = excluded.committed_by, unresolved = excluded.unresolved", w.speakers)
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	*w = insightWrites{t: t}
	return nil
}

// deleteBySeq runs a deletion of what belongs to insights, many at a time.
func (t *tx) deleteBySeq(q sqlText, seqs []int64) error {
	for part := range slices.Chunk(seqs, 500) {
		if err := t.exec(q, part); err != nil {
			return err
		}
	}
	return nil
}

// forgetUndos deletes what could take back an act on one of the insights.
func (t *tx) forgetUndos(insights []models.ID) error {
	for part := range slices.Chunk(insights, mostRows) {
		args := []any{undoInsights}
		for _, id := range part {
			args = append(args, "%"+id.String()+"%")
		}
		if err := t.exec("DELETE FROM undos WHERE verb = ? AND ("+sqlText("payload LIKE ?").repeat(len(part), " OR ")+")", args...); err != nil {
			return err
		}
	}
	return nil
}

// heldInsight is an insight with its speaker, as they are before an act.
type heldInsight struct {
	row     insightRow
	speaker speakerRow
}

// insightsBy reads insights with their speakers and keeps others from changing
// them until the transaction ends. Those that were struck are not there.
func (t *tx) insightsBy(ids []models.ID) (map[models.ID]heldInsight, error) {
	out := make(map[models.ID]heldInsight, len(ids))
	for part := range slices.Chunk(ids, 500) {
		q := sqlText("SELECT * FROM insights WHERE id IN ? AND state <> ? ORDER BY id")
		if t.s.dialect == postgresDialect {
			q += " FOR UPDATE"
		}
		var rows []insightRow
		if err := t.list(&rows, q, part, models.Struck); err != nil {
			return nil, err
		}
		var speakers []speakerRow
		if err := t.list(&speakers, "SELECT s.* FROM insight_speakers s JOIN insights i ON i.seq = s.insight_seq WHERE i.id IN ?", part); err != nil {
			return nil, err
		}
		who := make(map[int64]speakerRow, len(speakers))
		for _, sp := range speakers {
			who[sp.InsightSeq] = sp
		}
		for _, row := range rows {
			sp := who[row.Seq]
			sp.InsightSeq = row.Seq
			out[row.ID] = heldInsight{row, sp}
		}
	}
	return out, nil
}

package store

import "rotunda/models"

// toldOf names the acts on codes that the activity of a roundtable tells, by
// the act on the codebook. A split is told by the insights that it changes.
var toldOf = map[string]string{"codebook.edit": "code.edit", "codebook.archive": "code.archive", "codebook.merge": "code.merge"}

// tellRooms notes an act on codes in the log of every roundtable whose insights
// carry one of them now, for its team: whoever did it may know nothing of the
// roundtable, and nobody is told how many there are.
func (t *tx) tellRooms(action string, back bookUndo) error {
	var codes []models.ID
	for _, row := range back.Rows {
		codes = append(codes, row.ID)
	}
	if action == "" || len(codes) == 0 {
		return nil
	}
	return t.exec(`INSERT INTO audit (at_ms, account_id, actor, action, object_kind, object_id, roundtable_id, detail)
		SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), 'code', x.code_id, x.roundtable_id, '' FROM (
			SELECT DISTINCT i.roundtable_id, k.code_id FROM insight_codes k JOIN insights i ON i.seq = k.insight_seq
			WHERE k.code_id IN ? AND i.deleted_ms = 0) AS x
		ORDER BY x.roundtable_id, x.code_id`, t.now, t.viewer.Account(), actorOf(t.viewer), action, codes)
}

package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"rotunda/models"
)

// mayStrike returns an insight that the viewer may strike, or that was struck
// in a roundtable where the viewer may: models.ErrNotFound where it does not
// exist for the viewer, ErrForbidden where the right is missing.
func mayStrike(r reader, v models.Viewer, id models.ID) (insightRow, error) {
	var row insightRow
	if err := r.get(&row, "SELECT * FROM insights WHERE id = ?", id); err != nil {
		return row, err
	}
	var private bool
	if err := r.get(&private, "SELECT private FROM roundtables WHERE id = ?", row.RoundtableID); err != nil {
		return row, err
	}
	a, ok := v.AudienceFor(row.RoundtableID, private)
	switch {
	case ok && a == models.Team && models.CanIn(v, models.StrikeInsight, row.RoundtableID):
		return row, nil
	case !ok, a != models.Team && (!models.StateVisible(row.State, a) || row.DeletedMs != 0 || row.LabelStaff == models.LabelWithheld || a != models.Staff):
		return row, models.ErrNotFound
	case a == models.Team && (row.State == models.Struck || row.DeletedMs != 0):
		return row, models.ErrNotFound
	}
	return row, models.ErrForbidden
}

// StrikeOf says what striking an insight would do, or what it did, for those
// who may strike it.
func (s *Store) StrikeOf(ctx context.Context, v models.Viewer, id models.ID) (models.Strike, error) {
	r := s.reader(ctx)
	row, err := mayStrike(r, v, id)
	if err != nil {
		return models.Strike{}, err
	}
	out := models.Strike{ID: id, Roundtable: row.RoundtableID, Text: row.Text, Done: row.State == models.Struck}
	var room struct{ Title, Zone string }
	if err := r.get(&room, "SELECT title, zone FROM roundtables WHERE id = ?", row.RoundtableID); err != nil {
		return out, err
	}
	out.Title, out.Zone = room.Title, room.Zone
	if out.Done {
		var done struct {
			AtMs models.Instant
			Name string
		}
		if err := r.get(&done, `SELECT l.at_ms, COALESCE(a.name, '') AS name FROM audit l LEFT JOIN accounts a ON a.id = l.account_id
			WHERE l.action = 'insight.strike' AND l.object_id = ? ORDER BY l.seq DESC LIMIT 1`, id); err != nil && !errors.Is(err, models.ErrNotFound) {
			return out, err
		}
		out.By, out.At = done.Name, done.AtMs
	}
	if err := r.get(&out.Commitments, "SELECT count(*) FROM commitments WHERE insight_seq = ?", row.Seq); err != nil {
		return out, err
	}
	out.Copies, err = copiesOf(r, row, out.At)
	return out, err
}

// copiesOf lists what left with the words of an insight, or may have: what was
// published, and every file of its roundtable or of several from its capture
// until it was struck, zero for now.
func copiesOf(r reader, row insightRow, until models.Instant) ([]models.StrikeCopy, error) {
	var out []models.StrikeCopy
	var published []struct {
		BriefID     models.ID
		Title       string
		Version     int
		Name        string
		PublishedMs models.Instant
		WithdrawnMs models.Instant
		ViolatedMs  models.Instant
	}
	if err := r.list(&published, `SELECT p.brief_id, p.title, p.version, COALESCE(a.name, '') AS name, p.published_ms, p.withdrawn_ms, p.violated_ms
		FROM publication_insights pi JOIN publications p ON p.id = pi.publication_id LEFT JOIN accounts a ON a.id = p.published_by
		WHERE pi.insight_seq = ? ORDER BY p.published_ms, p.id`, row.Seq); err != nil {
		return nil, err
	}
	for _, p := range published {
		out = append(out, models.StrikeCopy{
			Brief: p.BriefID, Title: p.Title, Version: p.Version, Marked: p.ViolatedMs != 0, Withdrawn: p.WithdrawnMs != 0, Who: p.Name, At: p.PublishedMs,
		})
	}
	var exported []struct {
		AtMs   models.Instant
		Name   string
		Detail string
	}
	if until == 0 {
		until = row.CapturedMs
	}
	if err := r.list(&exported, `SELECT l.at_ms, COALESCE(a.name, '') AS name, l.detail FROM audit l LEFT JOIN accounts a ON a.id = l.account_id
		WHERE l.action = 'insight.export' AND l.roundtable_id IN (0, ?) AND l.at_ms >= ? AND (? OR l.at_ms <= ?) ORDER BY l.seq`,
		row.RoundtableID, row.CapturedMs, until == row.CapturedMs, until); err != nil {
		return nil, err
	}
	for _, e := range exported {
		var detail struct{ Audience, Format string }
		if err := json.Unmarshal([]byte(e.Detail), &detail); err != nil {
			return nil, err
		}
		audience, _ := models.ParseAudience(detail.Audience)
		out = append(out, models.StrikeCopy{Format: detail.Format, Audience: audience, Who: e.Name, At: e.AtMs})
	}
	return out, nil
}

// StrikeInsight takes what somebody said out for good, because they asked for
// it: the words, every wording before, what could bring them back, the
// follow-ups captured in them and the messages about those, their place in
// themes and in every search. Publications that hold them wait for a
// correction. It cannot be taken back. What the database's files still hold of
// the words is overwritten by a job: see FinishStrike. Errors as mayStrike; where it
// was struck already, nothing is done.
func (s *Store) StrikeInsight(ctx context.Context, v models.Viewer, id models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		row, err := mayStrike(t, v, id)
		if err != nil || row.State == models.Struck {
			return err
		}
		if _, err := t.changeInsight(id, "struck", func(ch *insightChange) error {
			r := &ch.row
			r.State, r.Text, r.Paraphrase, r.ParaphraseReady = models.Struck, "", "", false
			r.Regime, r.Kind, r.ItemID, r.PrimaryPillar, r.PillarMask = models.OffTheRecord, 0, 0, models.PillarNone, 0
			r.ReleasedBy, r.ReleasedMs, r.EditedMs, r.DeletedMs = 0, 0, t.now, t.now
			ch.codes = nil
			ch.name(speakerRow{})
			return nil
		}); err != nil {
			return err
		}
		for _, step := range []func(insightRow) error{t.strikeCommitments, t.strikeRest} {
			if err := step(row); err != nil {
				return err
			}
		}
		if err := t.enqueue(WipeJob, WipeJob+":"+id.String(), struct{}{}, t.now, wipeTries); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "insight.strike", ObjectKind: "insight", Object: id, Roundtable: row.RoundtableID})
	})
}

// strikeRest deletes what else holds words of an insight, or leads to it.
func (t *tx) strikeRest(row insightRow) error {
	if err := t.forgetUndos([]models.ID{row.ID}); err != nil {
		return err
	}
	for _, q := range []sqlText{
		"DELETE FROM insight_revisions WHERE insight_seq = ?",
		"DELETE FROM consents WHERE insight_seq = ?",
		// A theme stays one of the roundtable that its words were written on.
		`INSERT INTO theme_rooms (theme_id, roundtable_id) SELECT ti.theme_id, i.roundtable_id FROM theme_insights ti
			JOIN insights i ON i.seq = ti.insight_seq WHERE ti.insight_seq = ? ON CONFLICT DO NOTHING`,
		"DELETE FROM theme_insights WHERE insight_seq = ?",
		"UPDATE insights SET contradicts = 0 WHERE seq = ?",
	} {
		if err := t.exec(q, row.Seq); err != nil {
			return err
		}
	}
	if err := t.exec("DELETE FROM cleared_findings WHERE object_kind = ? AND object_id = ?", lintInsight, row.ID); err != nil {
		return err
	}
	if err := t.exec("UPDATE insights SET contradicts = 0 WHERE roundtable_id = ? AND contradicts = ?", row.RoundtableID, row.ID); err != nil {
		return err
	}
	// The newest tells the screens that show it.
	return t.exec(`DELETE FROM events WHERE roundtable_id = ? AND object_id = ? AND seq < (SELECT max(n.seq) FROM events n WHERE n.roundtable_id = ? AND n.object_id = ?)`,
		row.RoundtableID, row.ID, row.RoundtableID, row.ID)
}

// strikeCommitments deletes the follow-ups that were captured in an insight,
// with what waits to remind of them, and empties the messages that did.
func (t *tx) strikeCommitments(row insightRow) error {
	var ids []models.ID
	if err := t.list(&ids, "SELECT id FROM commitments WHERE insight_seq = ?", row.Seq); err != nil {
		return err
	}
	for _, id := range ids { // one or two
		if err := t.exec("DELETE FROM jobs WHERE kind = ? AND unique_key LIKE ?", NudgeJob, NudgeJob+":"+id.String()+":%"); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM undos WHERE verb IN (?, ?) AND payload LIKE ?", undoCommitment, undoCommitmentWords,
			"%"+strconv.FormatInt(int64(id), 10)+"%"); err != nil {
			return err
		}
		about := "%" + strings.TrimPrefix(toJSON(mailArgs{Commitment: id}), "{")
		var mails []models.ID
		if err := t.list(&mails, "SELECT id FROM mails WHERE kind = ? AND args LIKE ?", string(models.MailCommitmentDue), about); err != nil {
			return err
		}
		if err := t.emptyMails(mails); err != nil {
			return err
		}
	}
	return t.exec("DELETE FROM commitments WHERE insight_seq = ?", row.Seq)
}

// emptyMails takes what messages say out of them; what has not gone out yet
// does not go out.
func (t *tx) emptyMails(ids []models.ID) error {
	if len(ids) == 0 {
		return nil
	}
	keys := make([]string, len(ids))
	for n, id := range ids {
		keys[n] = SendMailJob + ":" + id.String()
	}
	if err := t.exec("DELETE FROM jobs WHERE unique_key IN ?", keys); err != nil {
		return err
	}
	const gone = "What this message was about was struck."
	return t.exec(`UPDATE mails SET args = '{}', subject = CASE WHEN subject = '' THEN '' ELSE CAST(? AS TEXT) END, text_body = '', html_body = '', last_error = ?,
		state = CASE WHEN state IN ('queued', 'sending', 'retrying') THEN 'withheld' ELSE state END WHERE id IN ?`, gone, gone, ids)
}

// WipeJob is the kind of the jobs that overwrite what was struck.
const WipeJob = "wipe"

const (
	wipeTries = 10
	// wipePause is how long overwriting waits while a roundtable is in session.
	wipePause = 5 * time.Minute
)

// FinishStrike rewrites what the database keeps on disk, so that nothing of what was
// struck stays in places that are free or overtaken: a deleted word stays in a
// search index until it is merged, and a deleted row in its page. It works
// beside readers; writers wait, and so it waits until no roundtable is in
// session: capture never stands still. It is the worker's.
func (s *Store) FinishStrike(ctx context.Context, v models.Viewer, j Job) error {
	if !v.IsSystem() {
		return models.ErrForbidden
	}
	busy, err := s.anyInSession(ctx)
	switch {
	case err != nil:
		return err
	case busy:
		return s.transact(ctx, v, func(t *tx) error { return t.postponeJob(j, wipePause) })
	}
	all := []sqlText{
		"VACUUM insights", "VACUUM insight_revisions", "VACUUM insight_search", "VACUUM insight_speakers", "VACUUM undos", "VACUUM mails",
		"VACUUM commitments", "VACUUM cleared_findings",
	}
	if s.dialect == sqliteDialect {
		all = []sqlText{"INSERT INTO insight_search(insight_search) VALUES('optimize')", "VACUUM"}
	}
	for _, q := range all {
		if err := s.write.WithContext(ctx).Exec(string(q)).Error; err != nil {
			return mapped(err)
		}
	}
	if s.dialect == sqliteDialect {
		var log struct{ Busy int }
		if err := s.write.WithContext(ctx).Raw("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&log).Error; err != nil {
			return mapped(err)
		}
		if log.Busy != 0 {
			return errors.New("store: a reader holds the log; the words are overwritten at the next try")
		}
	}
	return s.FinishJob(ctx, v, j)
}

// anyInSession reports whether any roundtable meets now.
func (s *Store) anyInSession(ctx context.Context) (bool, error) {
	now := s.Now()
	var rows []roundtableRow
	err := s.list(ctx, &rows, `SELECT r.* FROM roundtables r WHERE r.status = 'scheduled' AND r.ended_ms = 0
		AND (r.started_ms <> 0 OR (r.starts_ms <> 0 AND r.starts_ms <= ? AND r.ends_ms > ?))`, now, now)
	return slices.ContainsFunc(rows, func(r roundtableRow) bool { return r.model().InSession(now) }), err
}

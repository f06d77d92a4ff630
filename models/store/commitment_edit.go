package store

import (
	"context"
	"encoding/json"

	"rotunda/models"
)

// commitmentWords is what an edit of a commitment can be taken back to.
type commitmentWords struct {
	ID        models.ID
	After     int // the revision that the edit made
	What      string
	GuestID   models.ID
	AccountID models.ID
	OwnerName string
	DueOn     string
	DueMs     models.Instant
}

const undoCommitmentWords = "commitment_words"

func init() { undoVerbs[undoCommitmentWords] = takeBackCommitmentWords }

func takeBackCommitmentWords(t *tx, u undoRow) error {
	var b commitmentWords
	if err := json.Unmarshal([]byte(u.Payload), &b); err != nil {
		return err
	}
	if !models.CanIn(t.viewer, models.TagInsight, u.RoundtableID) {
		return models.ErrConflict
	}
	return t.writeCommitment(b, b.After)
}

// writeCommitment puts words and a day in place of those of a revision, and has
// the day reminded of. It is ErrConflict where there is a later revision.
func (t *tx) writeCommitment(w commitmentWords, revision int) error {
	n, err := t.affected("UPDATE commitments SET what = ?, guest_id = ?, account_id = ?, owner_name = ?, due_on = ?, due_ms = ?, revision = revision + 1 WHERE id = ? AND revision = ?",
		w.What, w.GuestID, w.AccountID, w.OwnerName, w.DueOn, w.DueMs, w.ID, revision)
	if err == nil && n == 0 {
		return models.ErrConflict
	}
	if err != nil {
		return err
	}
	var state string
	if err := t.get(&state, "SELECT state FROM commitments WHERE id = ?", w.ID); err != nil || state != string(models.CommitmentOpen) {
		return err
	}
	return t.nudgeAgain(w.ID)
}

// EditCommitment changes what was promised in the roundtable, by whom and until
// when, and returns the id that takes that back. A promise that was captured
// reads as its insight does: of that only the day changes. It is ErrConflict
// where the revision is no longer the newest. Rights as CreateCommitment.
func (s *Store) EditCommitment(ctx context.Context, v models.Viewer, room, id models.ID, revision int, in models.CommitmentInput) (models.ID, error) {
	var undo models.ID
	err := s.transact(ctx, v, func(t *tx) error {
		r, err := t.roomFor(room, models.TagInsight)
		if err != nil {
			return err
		}
		var was struct {
			Words      commitmentWords `gorm:"embedded"`
			InsightSeq int64
		}
		if err := t.get(&was, "SELECT id, revision + 1 AS after, what, guest_id, account_id, owner_name, due_on, due_ms, insight_seq FROM commitments WHERE id = ? AND roundtable_id = ?", id, room); err != nil {
			return err
		}
		check := in.Check
		if was.InsightSeq != 0 {
			check = in.CheckDay
		}
		in, due, err := check(r.Zone)
		if err != nil {
			return err
		}
		now := was.Words
		now.DueOn, now.DueMs = in.DueOn, due
		if was.InsightSeq == 0 {
			if err := t.checkPromiser(room, in); err != nil {
				return err
			}
			now.What, now.GuestID, now.AccountID, now.OwnerName = in.What, in.Guest, in.Account, in.Owner
		}
		if err := t.writeCommitment(now, revision); err != nil {
			return err
		}
		if undo, err = t.undoable(undoCommitmentWords, "A commitment", room, was.Words); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "commitment.edit", ObjectKind: "commitment", Object: id, Roundtable: room})
	})
	return undo, err
}

package store

import (
	"context"
	"encoding/json"
	"math"

	"rotunda/models"
)

// mostCommitments is how many a page lists.
const mostCommitments = 200

// Commitments lists what was promised in the roundtables on whose team the
// viewer is, or in one of them: the open ones first, by their day. A promise
// that was captured reads as its insight does now, and has no owner once that
// is off the record.
func (s *Store) Commitments(ctx context.Context, v models.Viewer, room models.ID) ([]models.Promise, error) {
	return s.commitments(ctx, v, room, mostCommitments)
}

// commitments lists up to so many of them.
func (s *Store) commitments(ctx context.Context, v models.Viewer, room models.ID, most int) ([]models.Promise, error) {
	q := sqlText(`SELECT c.id, c.roundtable_id AS room, r.title AS roundtable, COALESCE(i.id, 0) AS insight,
			CASE WHEN i.id IS NULL THEN c.what ELSE i.text END AS what,
			CASE WHEN i.id IS NOT NULL OR c.guest_id <> 0 THEN COALESCE(p.full_name, '') WHEN c.account_id <> 0 THEN COALESCE(a.name, '') ELSE c.owner_name END AS owner,
			c.guest_id AS guest, c.account_id AS account, CASE WHEN p.do_not_contact THEN '' ELSE COALESCE(p.email, '') END AS email, c.due_on, c.due_ms AS due, c.state, c.outcome, c.revision, COALESCE(i.regime, 0) AS regime
		FROM commitments c JOIN roundtables r ON r.id = c.roundtable_id
		JOIN team_members m ON m.roundtable_id = c.roundtable_id AND m.account_id = ?
		LEFT JOIN insights i ON i.seq = c.insight_seq AND c.insight_seq <> 0
		LEFT JOIN insight_speakers sp ON sp.insight_seq = i.seq
		LEFT JOIN guests g ON g.id = CASE WHEN i.id IS NULL THEN c.guest_id WHEN sp.committed_by <> 0 THEN sp.committed_by ELSE sp.guest_id END
		LEFT JOIN people p ON p.id = g.person_id
		LEFT JOIN accounts a ON a.id = c.account_id
		WHERE (c.insight_seq = 0 OR (i.id IS NOT NULL AND i.deleted_ms = 0))`)
	args := []any{v.Account()}
	if room != 0 {
		q, args = q+" AND c.roundtable_id = ?", append(args, room)
	}
	var rows []models.Promise
	err := s.list(ctx, &rows, q+` ORDER BY CASE WHEN c.state = 'open' THEN 0 ELSE 1 END, CASE WHEN c.due_ms = 0 THEN 1 ELSE 0 END,
		c.due_ms, c.created_ms DESC, c.id LIMIT ?`, append(args, most)...)
	out := rows[:0]
	for _, c := range rows { // a viewer capped to another audience is no team
		if a, ok := v.AudienceFor(c.Room, true); ok && a == models.Team {
			out = append(out, c)
		}
	}
	return out, err
}

// ExportCommitments lists what a file of commitments may hold: of roundtables
// for whose team the viewer may export, without what is off the record. That
// somebody took it is written down.
func (s *Store) ExportCommitments(ctx context.Context, v models.Viewer) ([]models.Promise, error) {
	found, err := s.commitments(ctx, v, 0, math.MaxInt32) // a file is of all
	if err != nil {
		return nil, err
	}
	out := found[:0]
	for _, c := range found {
		if models.CanIn(v, models.ExportTeam, c.Room) && c.Regime != models.OffTheRecord {
			out = append(out, c)
		}
	}
	return out, s.transact(ctx, v, func(t *tx) error {
		return t.audit(auditRow{Action: "commitments.export", ObjectKind: "account", Object: v.Account(), Detail: map[string]any{"format": "csv", "rows": len(out)}})
	})
}

// CreateCommitment writes down what somebody promised in a roundtable. Whoever
// may tag there may; bad input is an *models.InvalidError.
func (s *Store) CreateCommitment(ctx context.Context, v models.Viewer, room models.ID, in models.CommitmentInput) (models.ID, error) {
	id := s.newID()
	err := s.transact(ctx, v, func(t *tx) error {
		r, err := t.roomFor(room, models.TagInsight)
		if err != nil {
			return err
		}
		in, due, err := in.Check(r.Zone)
		if err != nil {
			return err
		}
		if err := t.checkPromiser(room, in); err != nil {
			return err
		}
		if err := t.exec(`INSERT INTO commitments (id, roundtable_id, what, guest_id, account_id, owner_name, due_on, due_ms, state, created_by, created_ms)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, room, in.What, in.Guest, in.Account, in.Owner, in.DueOn, due, string(models.CommitmentOpen), v.Account(), t.now); err != nil {
			return err
		}
		if err := t.nudgeCommitment(id, due); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "commitment.create", ObjectKind: "commitment", Object: id, Roundtable: room})
	})
	return id, err
}

// checkPromiser refuses an owner who is neither on the roundtable's guest list
// nor on its team.
func (t *tx) checkPromiser(room models.ID, in models.CommitmentInput) error {
	var known int
	switch {
	case in.Guest != 0 && in.Account != 0:
	case in.Guest != 0:
		if err := t.get(&known, "SELECT count(*) FROM guests WHERE id = ? AND roundtable_id = ?", in.Guest, room); err != nil {
			return err
		}
	case in.Account != 0:
		if err := t.get(&known, "SELECT count(*) FROM team_members WHERE account_id = ? AND roundtable_id = ?", in.Account, room); err != nil {
			return err
		}
	default:
		return nil
	}
	if known == 0 {
		return models.Invalid("by", "Choose somebody from the list, or write a name.")
	}
	return nil
}

// commitmentBefore is what a change of state can be taken back to.
type commitmentBefore struct {
	ID      models.ID
	After   int
	State   string
	Outcome string
	DoneMs  models.Instant
}

const undoCommitment = "commitment"

func init() { undoVerbs[undoCommitment] = undoCommitmentState }

func undoCommitmentState(t *tx, u undoRow) error {
	var b commitmentBefore
	if err := json.Unmarshal([]byte(u.Payload), &b); err != nil {
		return err
	}
	if !models.CanIn(t.viewer, models.TagInsight, u.RoundtableID) {
		return models.ErrConflict
	}
	n, err := t.affected("UPDATE commitments SET state = ?, outcome = ?, done_ms = ?, revision = revision + 1 WHERE id = ? AND revision = ?",
		b.State, b.Outcome, b.DoneMs, b.ID, b.After)
	if err == nil && n == 0 {
		return models.ErrConflict
	}
	if err != nil || b.State != string(models.CommitmentOpen) {
		return err
	}
	return t.nudgeAgain(b.ID)
}

// SetCommitmentState says what became of a commitment of the roundtable, and
// returns the id that takes that back. Rights as CreateCommitment.
func (s *Store) SetCommitmentState(ctx context.Context, v models.Viewer, room, id models.ID, to models.CommitmentState, outcome string) (models.ID, error) {
	outcome, err := models.CheckCommitmentState(to, outcome)
	if err != nil {
		return 0, err
	}
	var undo models.ID
	err = s.transact(ctx, v, func(t *tx) error {
		if _, err := t.roomFor(room, models.TagInsight); err != nil {
			return err
		}
		b := commitmentBefore{ID: id}
		if err := t.get(&b, "SELECT id, revision + 1 AS after, state, outcome, done_ms FROM commitments WHERE id = ? AND roundtable_id = ?", id, room); err != nil {
			return err
		}
		done := models.Instant(0)
		if to != models.CommitmentOpen {
			done = t.now
		}
		if err := t.exec("UPDATE commitments SET state = ?, outcome = ?, done_ms = ?, revision = revision + 1 WHERE id = ?", string(to), outcome, done, id); err != nil {
			return err
		}
		if to == models.CommitmentOpen {
			if err := t.nudgeAgain(id); err != nil {
				return err
			}
		}
		if undo, err = t.undoable(undoCommitment, "A commitment", room, b); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "commitment." + string(to), ObjectKind: "commitment", Object: id, Roundtable: room})
	})
	return undo, err
}

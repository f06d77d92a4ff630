package store

import (
	"context"
	"encoding/json"
	"errors"

	"rotunda/models"
)

// undoHandOver is the verb that takes a hand-over back.
const undoHandOver = "account.hand_over"

func init() { undoVerbs[undoHandOver] = takeHandOverBack }

// handedOver is what takes a hand-over back.
type handedOver struct {
	From, To models.ID
	Rooms    []handedRoom
}

// handedRoom is one roundtable of it: since when the leaver was on the team, and
// what the receiver was there before, if anything.
type handedRoom struct {
	RoundtableID models.ID
	AddedMs      models.Instant
	Role         string
	RoleMs       models.Instant
}

// HandOver makes another account the lead of every roundtable that one leads,
// private ones included, and takes the one off those teams. The receiver is an
// enabled account of the institute. It returns the id that takes all of it
// back, zero where nothing was led.
func (s *Store) HandOver(ctx context.Context, v models.Viewer, from, to models.ID) (undo models.ID, err error) {
	if !models.Can(v, models.ManageStaff) {
		return 0, models.ErrForbidden
	}
	if from == to {
		return 0, models.Invalid("to", "Choose somebody else.")
	}
	err = s.transact(ctx, v, func(t *tx) error {
		var receiver models.ID
		err := t.get(&receiver, "SELECT id FROM accounts WHERE id = ? AND disabled_ms = 0 AND role <> 'cohost'", to)
		if errors.Is(err, models.ErrNotFound) {
			return models.Invalid("to", "Choose somebody who can sign in.")
		}
		if err != nil {
			return err
		}
		done := handedOver{From: from, To: to}
		if err := t.list(&done.Rooms, `SELECT m.roundtable_id, m.added_ms, COALESCE(o.role, '') AS role, COALESCE(o.added_ms, 0) AS role_ms
			FROM team_members m LEFT JOIN team_members o ON o.roundtable_id = m.roundtable_id AND o.account_id = ?
			WHERE m.account_id = ? AND m.role = 'lead' ORDER BY m.roundtable_id`, to, from); err != nil {
			return err
		}
		for _, room := range done.Rooms {
			if err := t.handOver(room.RoundtableID, from, to); err != nil {
				return err
			}
		}
		if len(done.Rooms) > 0 {
			if undo, err = t.undoable(undoHandOver, "Handed roundtables over", 0, done); err != nil {
				return err
			}
		}
		return t.audit(auditRow{Action: "account.hand_over", ObjectKind: "account", Object: from})
	})
	return undo, err
}

func (t *tx) handOver(room, from, to models.ID) error {
	if err := t.exec("DELETE FROM team_members WHERE roundtable_id = ? AND account_id = ?", room, from); err != nil {
		return err
	}
	err := t.exec(`INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'lead', ?)
		ON CONFLICT (roundtable_id, account_id) DO UPDATE SET role = 'lead'`, room, to, t.now)
	if err != nil {
		return err
	}
	if err := t.teamHanded(room, from, to); err != nil {
		return err
	}
	return t.audit(auditRow{Action: "roundtable.handover", ObjectKind: "account", Object: to, Roundtable: room})
}

// teamHanded follows a change of who leads: the search index knows the team.
func (t *tx) teamHanded(room, from, to models.ID) error {
	if err := t.recomputeRoom(room); err != nil {
		return err
	}
	for _, account := range []models.ID{from, to} {
		if err := t.event(ChangeTeam, room, account); err != nil {
			return err
		}
	}
	return nil
}

// takeHandOverBack puts both accounts back on every team as they were. Where
// one of the teams was changed since, none is: models.ErrConflict.
func takeHandOverBack(t *tx, u undoRow) error {
	if !models.Can(t.viewer, models.ManageStaff) {
		return models.ErrForbidden
	}
	var done handedOver
	if err := json.Unmarshal([]byte(u.Payload), &done); err != nil {
		return err
	}
	for _, room := range done.Rooms {
		var as struct{ Leads, Back int }
		if err := t.get(&as, `SELECT count(*) FILTER (WHERE account_id = ? AND role = 'lead') AS leads, count(*) FILTER (WHERE account_id = ?) AS back
			FROM team_members WHERE roundtable_id = ?`, done.To, done.From, room.RoundtableID); err != nil {
			return err
		}
		if as.Leads == 0 || as.Back > 0 {
			return models.ErrConflict
		}
		if err := t.putBack(room, done); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putBack(room handedRoom, done handedOver) error {
	if err := t.exec("DELETE FROM team_members WHERE roundtable_id = ? AND account_id = ?", room.RoundtableID, done.To); err != nil {
		return err
	}
	const add = "INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, ?, ?)"
	if err := t.exec(add, room.RoundtableID, done.From, models.TeamLead.Key(), room.AddedMs); err != nil {
		return err
	}
	if room.Role != "" {
		if err := t.exec(add, room.RoundtableID, done.To, room.Role, room.RoleMs); err != nil {
			return err
		}
	}
	if err := t.teamHanded(room.RoundtableID, done.From, done.To); err != nil {
		return err
	}
	return t.audit(auditRow{Action: "roundtable.handover", ObjectKind: "account", Object: done.From, Roundtable: room.RoundtableID})
}

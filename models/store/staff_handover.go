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
		if len(done.Rooms) > 0 {
			if err := t.handOver(done); err != nil {
				return err
			}
			if undo, err = t.undoable(undoHandOver, "Handed roundtables over", 0, done); err != nil {
				return err
			}
		}
		return t.audit(auditRow{Action: "account.hand_over", ObjectKind: "account", Object: from})
	})
	return undo, err
}

// ids lists the roundtables that were handed over.
func (done handedOver) ids() []models.ID {
	out := make([]models.ID, len(done.Rooms))
	for i, room := range done.Rooms {
		out[i] = room.RoundtableID
	}
	return out
}

const (
	takeOffTeams sqlText = "DELETE FROM team_members WHERE account_id = ? AND roundtable_id IN ?"
	putOnTeams   sqlText = "INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES "
)

func (t *tx) handOver(done handedOver) error {
	rooms := done.ids()
	if err := t.exec(takeOffTeams, done.From, rooms); err != nil {
		return err
	}
	var leads []any
	for _, room := range rooms {
		leads = append(leads, room, done.To, models.TeamLead.Key(), t.now)
	}
	if err := t.insertMany(putOnTeams, "(?, ?, ?, ?)", 4, " ON CONFLICT (roundtable_id, account_id) DO UPDATE SET role = excluded.role", leads); err != nil {
		return err
	}
	return t.teamsHanded(done, done.To)
}

// teamsHanded follows a change of who leads: the search index knows the team.
func (t *tx) teamsHanded(done handedOver, leads models.ID) error {
	rooms := done.ids()
	if err := t.recomputeRoom(rooms...); err != nil {
		return err
	}
	for _, account := range []models.ID{done.From, done.To} {
		if err := t.roomEvents(ChangeTeam, rooms, account); err != nil {
			return err
		}
	}
	log := make([]auditRow, len(rooms))
	for i, room := range rooms {
		log[i] = auditRow{Action: "roundtable.handover", ObjectKind: "account", Object: leads, Roundtable: room}
	}
	return t.audit(log...)
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
	rooms := done.ids()
	var same int
	if err := t.get(&same, `SELECT count(*) FROM team_members m WHERE m.roundtable_id IN ? AND m.account_id = ? AND m.role = 'lead'
		AND NOT EXISTS (SELECT 1 FROM team_members o WHERE o.roundtable_id = m.roundtable_id AND o.account_id = ?)`, rooms, done.To, done.From); err != nil {
		return err
	}
	if same < len(rooms) {
		return models.ErrConflict
	}
	if err := t.exec(takeOffTeams, done.To, rooms); err != nil {
		return err
	}
	var members []any
	for _, room := range done.Rooms {
		members = append(members, room.RoundtableID, done.From, models.TeamLead.Key(), room.AddedMs)
		if room.Role != "" {
			members = append(members, room.RoundtableID, done.To, room.Role, room.RoleMs)
		}
	}
	if err := t.insertMany(putOnTeams, "(?, ?, ?, ?)", 4, "", members); err != nil {
		return err
	}
	return t.teamsHanded(done, done.From)
}

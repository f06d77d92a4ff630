package store

import (
	"encoding/json"
	"time"

	"rotunda/models"
)

// RoundtableMailJob is the kind of the jobs that tell a roundtable's guests of
// a change; the worker makes one mail for each guest of it.
const RoundtableMailJob = "mail.roundtable"

// The changes that guests are told of.
const (
	ChangeMoved       = "moved"
	ChangePlace       = "place" // place, link or title
	ChangeRule        = "rule"  // the attribution rule
	ChangeCancelled   = "cancelled"
	ChangeUncancelled = "uncancelled"
)

// RoundtableMail is what such a job holds. The mails say how things stand when
// they are written; Sequence is the one of the change.
type RoundtableMail struct {
	Roundtable models.ID `json:"roundtable"`
	Change     string    `json:"change"`
	Sequence   int       `json:"sequence"`
	// Was is how the roundtable stood when its guests last heard of it.
	Was *models.Was `json:"was,omitempty"`
}

// mergePlaces is how long changes of title, place and link are collected for
// one mail.
const mergePlaces = 30 * time.Minute

// roundtableMailAttempts is how often such a job is tried.
const roundtableMailAttempts = 10

// queueRoundtableMail tells the guests of a change. Changes of place wait for
// half an hour from the first one; any other mail says the new place too, and
// so takes their place. What the guests know is what stood before the first.
func (t *tx) queueRoundtableMail(m RoundtableMail) error {
	room := m.Roundtable.String()
	due := t.now
	key := RoundtableMailJob + ":" + m.Change + ":" + room + ":" + t.s.newID().String()
	if m.Change == ChangeRule { // says nothing else that is new
		return t.enqueue(RoundtableMailJob, key, m, due, roundtableMailAttempts)
	}
	pattern := RoundtableMailJob + ":place:" + room + ":%"
	var waiting []struct {
		RunAtMs models.Instant
		Args    string
	}
	if err := t.list(&waiting, "SELECT run_at_ms, args FROM jobs WHERE kind = ? AND state = 'waiting' AND unique_key LIKE ?", RoundtableMailJob, pattern); err != nil {
		return err
	}
	if len(waiting) > 0 {
		var first RoundtableMail
		if err := json.Unmarshal([]byte(waiting[0].Args), &first); err != nil {
			return err
		}
		if m.Was != nil {
			m.Was = first.Was
		}
		if err := t.exec("DELETE FROM jobs WHERE kind = ? AND state = 'waiting' AND unique_key LIKE ?", RoundtableMailJob, pattern); err != nil {
			return err
		}
	}
	if m.Change == ChangePlace {
		if due = t.now.Add(mergePlaces); len(waiting) > 0 {
			due = waiting[0].RunAtMs
		}
	}
	return t.enqueue(RoundtableMailJob, key, m, due, roundtableMailAttempts)
}

// tellGuests writes what a change of a scheduled roundtable causes: see
// DOMAIN, the table of changes. A new attribution rule, which that table does
// not name, is told to everybody who is asked or comes, in a mail of its own and
// never silently: what they may be quoted with is what they agreed to.
func (t *tx) tellGuests(was roundtableRow, is *roundtableRow, silent bool) (out Edited, err error) {
	before := models.Was{
		Starts: was.StartsMs, Ends: was.EndsMs, Zone: was.Zone, Title: was.Title, Place: was.Place, Room: was.Room, Link: was.Link,
	}
	if was.Regime != is.Regime {
		if err := t.queueRoundtableMail(RoundtableMail{
			Roundtable: is.ID, Change: ChangeRule, Sequence: is.IcsSequence, Was: &models.Was{Regime: was.Regime},
		}); err != nil {
			return out, err
		}
	}
	switch {
	case was.StartsMs != is.StartsMs || was.EndsMs != is.EndsMs:
		is.IcsSequence++
		out.Moved = true
		if out.Asked, err = t.askAgain(*is, "moved"); err != nil {
			return out, err
		}
		return out, t.queueRoundtableMail(RoundtableMail{Roundtable: is.ID, Change: ChangeMoved, Sequence: is.IcsSequence, Was: &before})
	case was.Title != is.Title || was.Place != is.Place || was.Room != is.Room || was.Link != is.Link || was.Zone != is.Zone:
		is.IcsSequence++
		if silent {
			return out, nil
		}
		out.Mailed = true
		return out, t.queueRoundtableMail(RoundtableMail{Roundtable: is.ID, Change: ChangePlace, Sequence: is.IcsSequence, Was: &before})
	}
	return out, nil
}

// askAgain turns accepted and tentative into "to reconfirm" after a move and
// returns how many. Who held a seat keeps it; the tentative get one while
// there are any.
func (t *tx) askAgain(room roundtableRow, via string) (int, error) {
	var guests []struct {
		ID     models.ID
		State  string
		Role   string
		Sector models.Sector
	}
	err := t.list(&guests, `SELECT id, state, role, sector FROM guests WHERE roundtable_id = ? AND state IN ('accepted', 'reconfirm', 'attended', 'tentative')
		ORDER BY CASE state WHEN 'tentative' THEN 1 ELSE 0 END, answered_ms, id`, room.ID)
	if err != nil {
		return 0, err
	}
	seats := room.model().Seats(0)
	var asked []models.ID
	var from []string
	for _, g := range guests {
		role, _ := models.ParseGuestRole(g.Role)
		if g.Sector == models.HostStaff {
			role = models.RoleObserver
		}
		state, _ := models.ParseGuestState(g.State)
		seats.Seatless = !models.HoldsSeat(models.Accepted, role, room.ObserverSeats)
		next := models.AfterMove(state, seats)
		if models.HoldsSeat(next, role, room.ObserverSeats) {
			seats.Taken++
		}
		if next != state {
			asked, from = append(asked, g.ID), append(from, g.State)
		}
	}
	return len(asked), t.moveGuests(room.ID, asked, from, models.Reconfirm.Key(), via)
}

// moveGuests gives the guests a new state and keeps the change of each, in two
// statements however many they are.
func (t *tx) moveGuests(room models.ID, ids []models.ID, from []string, to, via string) error {
	const most = 500 // keeps the number of values under every database's limit
	for start := 0; start < len(ids); start += most {
		end := min(start+most, len(ids))
		args := []any{to, t.now}
		events := make([]guestEventRow, 0, end-start)
		for i := start; i < end; i++ {
			args = append(args, ids[i])
			events = append(events, guestEventRow{
				GuestID: ids[i], RoundtableID: room, AtMs: t.now, FromState: from[i], ToState: to,
				ByKind: "staff", AccountID: t.viewer.Account(), Via: via,
			})
		}
		q := "UPDATE guests SET state = ?, state_ms = ?, revision = revision + 1 WHERE id IN (" + sqlText("?").repeat(end-start, ", ") + ")"
		if err := t.exec(q, args...); err != nil {
			return err
		}
		if err := t.insert(&events); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return t.event(ChangeGuests, room, 0)
}

// guestEventRow is one change of a guest's state.
type guestEventRow struct {
	Seq          int64 `gorm:"primaryKey;autoIncrement"`
	GuestID      models.ID
	RoundtableID models.ID
	AtMs         models.Instant
	FromState    string
	ToState      string
	ByKind       string
	AccountID    models.ID
	Via          string
	Note         string
}

func (guestEventRow) TableName() string { return "guest_events" }

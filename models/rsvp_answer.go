package models

import (
	"errors"
	"slices"
)

// RoomSeats is what an answer depends on besides the guest. It is read in the
// transaction that keeps the answer.
type RoomSeats struct {
	// Capacity is the number of seats; zero means that no limit is set.
	Capacity int
	// Taken counts the guests who hold a seat, this one among them.
	Taken int
	// Seatless says that this guest takes no seat (see HoldsSeat).
	Seatless bool
	// Deadline is the last instant for guests' answers, or zero.
	Deadline Instant
	// End is when the roundtable is over, or zero.
	End    Instant
	Status RoundtableStatus
}

// Full reports whether no seat is left for this guest.
func (r RoomSeats) Full() bool { return !r.Seatless && r.Capacity > 0 && r.Taken >= r.Capacity }

// TableFullError says that there was no seat left to accept. It is an
// InvalidError too; the waiting list can be offered with it.
type TableFullError struct{ invalid *InvalidError }

// Error returns the sentence shown to the guest.
func (e *TableFullError) Error() string { return e.invalid.Error() }

// Unwrap returns the InvalidError.
func (e *TableFullError) Unwrap() error { return e.invalid }

// IsTableFull reports whether the error says that the table is full.
func IsTableFull(err error) bool {
	var full *TableFullError
	return errors.As(err, &full)
}

// Answer returns the state that follows when a guest answers by the link. The
// same answer again is no change and no error. Everything that stands in the
// way is an InvalidError for the field "answer"; a full table is a
// TableFullError. For a guest who takes a delegate back, Taken must not count
// the delegate any more.
func Answer(current, wanted GuestState, room RoomSeats, now Instant) (GuestState, error) {
	if err := mayAnswer(current, room); err != nil {
		return current, err
	}
	switch {
	case current == wanted:
		return current, nil
	case !slices.Contains(GuestAnswers, wanted):
		return current, Invalid("answer", "Choose one of the answers.")
	case room.Deadline != 0 && now > room.Deadline:
		return current, Invalid("answer", "Replies have closed. Please write to the host.")
	case room.Status == Held, room.Status == Closed, room.End != 0 && now >= room.End:
		return current, Invalid("answer", "This roundtable is over.")
	case !MayBecome(current, wanted, ByGuest):
		return current, Invalid("answer", "This invitation takes no answer any more. Please write to the host.")
	}
	return seated(current, wanted, room)
}

// RecordAnswer returns the state that follows when staff record an answer
// given by phone or letter, or give a seat to somebody on the waiting list.
// The deadline does not bind staff; the seats do.
func RecordAnswer(current, wanted GuestState, room RoomSeats) (GuestState, error) {
	switch {
	case room.Status == Cancelled:
		return current, Invalid("answer", "This roundtable has been canceled. Its answers stay as they were.")
	case current == wanted:
		return current, nil
	case !slices.Contains(GuestAnswers, wanted):
		return current, Invalid("answer", "Choose one of the answers.")
	case current == Shortlisted, current == Withdrawn:
		return current, Invalid("answer", "Invite this guest first; then record the answer.")
	case !MayBecome(current, wanted, ByStaff):
		return current, Invalid("answer", "Attendance is marked already. Take the mark back first.")
	}
	return seated(current, wanted, room)
}

// mayAnswer says why a link shows its page but takes no answer at all.
func mayAnswer(current GuestState, room RoomSeats) error {
	switch {
	case current == Withdrawn:
		return Invalid("answer", "The host has withdrawn this invitation.")
	case room.Status == Cancelled:
		return Invalid("answer", "This roundtable has been canceled.")
	case room.Status == Draft, current == Shortlisted:
		return Invalid("answer", "Replies are not open yet.")
	}
	return nil
}

// seated decides over the seat that the wanted answer takes.
func seated(current, wanted GuestState, room RoomSeats) (GuestState, error) {
	holds := HoldsSeat(current, RoleParticipant, false)
	switch {
	case wanted == Accepted && !holds && room.Full():
		return current, &TableFullError{Invalid("answer", "The table is full for now. You can join the waiting list.")}
	case wanted == Waitlisted && holds:
		return current, Invalid("answer", "A seat is kept for you. Accept or decline it.")
	case wanted == Waitlisted && !room.Full():
		return current, Invalid("answer", "There is a seat free. You can accept.")
	}
	return wanted, nil
}

// OpenAnswers returns the answers that the guest's page offers now; none where
// the link takes no answer. The current answer is among them.
func OpenAnswers(current GuestState, room RoomSeats, now Instant) []GuestState {
	var out []GuestState
	for _, a := range GuestAnswers {
		next, err := Answer(current, a, room, now)
		if err == nil && next == a {
			out = append(out, a)
		}
	}
	if len(out) == 1 && out[0] == current {
		return nil // only the idempotent one is left: replies have closed
	}
	return out
}

// AfterMove returns what the state becomes when the start, the end or the date
// moves, or a canceled roundtable is put back: who accepted is asked again and
// keeps the seat. Who said perhaps is asked again too, and then holds a seat;
// where none is left the guest stays tentative. Call it for the guests who
// hold seats first and count Taken up.
func AfterMove(current GuestState, room RoomSeats) GuestState {
	switch {
	case current == Accepted, current == Tentative && !room.Full():
		return Reconfirm
	}
	return current
}

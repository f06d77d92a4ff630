package models

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var openRoom = RoomSeats{Capacity: 20, Taken: 3, Deadline: 1000, End: 5000, Status: Scheduled}

func TestGuestState_wordsAreReadBack(t *testing.T) {
	for _, s := range GuestStates {
		if got, ok := ParseGuestState(s.Key()); !ok || got != s {
			t.Errorf("%s is not read back", s.Key())
		}
	}
	for _, r := range GuestRoles {
		if got, ok := ParseGuestRole(r.Key()); !ok || got != r {
			t.Errorf("%s is not read back", r.Key())
		}
	}
	if _, ok := ParseGuestState("maybe"); ok {
		t.Error("an unknown word was read")
	}
	if GuestRole(99).Speaks() {
		t.Error("a role that cannot be read speaks")
	}
}

func TestHoldsSeat_onlyWhoComesOrIsThere(t *testing.T) {
	for _, s := range GuestStates {
		want := s == Accepted || s == Reconfirm || s == Attended
		if HoldsSeat(s, RoleSpeaker, false) != want || HoldsSeat(s, RoleObserver, true) != want || HoldsSeat(s, RoleObserver, false) {
			t.Errorf("%s", s.Key())
		}
	}
}

func TestMayBecome_keepsTheTable(t *testing.T) {
	for _, from := range GuestStates {
		for _, to := range GuestStates {
			for _, by := range []Actor{ByGuest, ByStaff, BySystem} {
				ok := MayBecome(from, to, by)
				switch {
				case from == to && ok:
					t.Errorf("%s stays and changes", from.Key())
				case by == ByGuest && ok && !slices.Contains(GuestAnswers, to):
					t.Errorf("a guest makes %s of %s", to.Key(), from.Key())
				case by == ByGuest && ok && slices.Contains([]GuestState{Shortlisted, Withdrawn, Attended, NoShow}, from):
					t.Errorf("a guest answers when %s", from.Key())
				case by == ByStaff && from != to && !ok && (to == Withdrawn || to == Attended):
					t.Errorf("staff cannot make %s of %s", to.Key(), from.Key())
				case by != ByStaff && ok && (to == Withdrawn || to == Attended || to == NoShow):
					t.Errorf("%s is made %s without staff", from.Key(), to.Key())
				}
			}
		}
	}
}

func TestAnswer_whatStandsInTheWay(t *testing.T) {
	with := func(change func(*RoomSeats)) RoomSeats {
		r := openRoom
		change(&r)
		return r
	}
	full := with(func(r *RoomSeats) { r.Taken = 20 })
	for name, c := range map[string]struct {
		current, wanted GuestState
		room            RoomSeats
		now             Instant
		want            string
	}{
		"accepts":                 {Invited, Accepted, openRoom, 1000, ""},
		"changes":                 {Declined, Accepted, openRoom, 10, ""},
		"after the deadline":      {Invited, Accepted, openRoom, 1001, "Replies have closed. Please write to the host."},
		"the same, late":          {Accepted, Accepted, openRoom, 1001, ""},
		"canceled":                {Accepted, Declined, with(func(r *RoomSeats) { r.Status = Cancelled }), 10, "This roundtable has been canceled."},
		"withdrawn":               {Withdrawn, Accepted, openRoom, 10, "The host has withdrawn this invitation."},
		"not invited":             {Shortlisted, Accepted, openRoom, 10, "Replies are not open yet."},
		"over":                    {Invited, Accepted, with(func(r *RoomSeats) { r.Deadline = 0 }), 5000, "This roundtable is over."},
		"attended":                {Attended, Declined, openRoom, 10, "This invitation takes no answer any more. Please write to the host."},
		"no answer":               {Invited, Lapsed, openRoom, 10, "Choose one of the answers."},
		"full":                    {Invited, Accepted, full, 10, "The table is full for now. You can join the waiting list."},
		"full, waits":             {Invited, Waitlisted, full, 10, ""},
		"full, has a seat":        {Reconfirm, Accepted, full, 10, ""},
		"full, observer":          {Invited, Accepted, with(func(r *RoomSeats) { r.Taken, r.Seatless = 20, true }), 10, ""},
		"waits beside free seats": {Invited, Waitlisted, openRoom, 10, "There is a seat free. You can accept."},
		"waits with a seat":       {Accepted, Waitlisted, full, 10, "A seat is kept for you. Accept or decline it."},
		"perhaps at a full table": {Invited, Tentative, full, 10, ""},
	} {
		next, err := Answer(c.current, c.wanted, c.room, c.now)
		if c.want == "" {
			if err != nil || next != c.wanted {
				t.Errorf("%s: %s, %v", name, next.Key(), err)
			}
			continue
		}
		var invalid *InvalidError
		if next != c.current || !errors.As(err, &invalid) || invalid.Fields["answer"] != c.want {
			t.Errorf("%s: %s, %v", name, next.Key(), err)
		}
		if IsTableFull(err) != (name == "full") {
			t.Errorf("%s: full is %v", name, IsTableFull(err))
		}
	}
}

func TestRecordAnswer_bindsStaffToSeatsNotToTheDeadline(t *testing.T) {
	if next, err := RecordAnswer(Invited, Accepted, openRoom); err != nil || next != Accepted {
		t.Errorf("%v", err)
	}
	full := openRoom
	full.Taken = full.Capacity
	if _, err := RecordAnswer(Waitlisted, Accepted, full); !IsTableFull(err) {
		t.Errorf("%v", err)
	}
	if _, err := RecordAnswer(Shortlisted, Accepted, openRoom); err == nil {
		t.Error("an answer without an invitation")
	}
}

func TestOpenAnswers_offersTheWaitingListOnlyAtAFullTable(t *testing.T) {
	full := openRoom
	full.Taken = full.Capacity
	for _, c := range []struct {
		current GuestState
		room    RoomSeats
		now     Instant
		want    []GuestState
	}{
		{Invited, openRoom, 1, []GuestState{Accepted, Tentative, Declined, Delegated}},
		{Invited, full, 1, []GuestState{Tentative, Declined, Waitlisted, Delegated}},
		{Accepted, full, 1, []GuestState{Accepted, Tentative, Declined, Delegated}},
		{Accepted, openRoom, 2000, nil},
		{Invited, openRoom, 2000, nil},
		{Withdrawn, openRoom, 1, nil},
	} {
		if got := OpenAnswers(c.current, c.room, c.now); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v", c.current.Key(), got)
		}
	}
}

// accepts weighs random answers, so that tables do fill up.
var accepts = slices.Repeat([]GuestState{Accepted}, 12)

func TestRSVP_anySequenceKeepsLawfulStatesAndSeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "guests")
		capacity := rapid.IntRange(1, 4).Draw(t, "seats")
		states, roles := make([]GuestState, n), make([]GuestRole, n)
		for i := range roles {
			roles[i] = rapid.SampledFrom(GuestRoles).Draw(t, "role")
			states[i] = rapid.SampledFrom([]GuestState{Invited, Shortlisted}).Draw(t, "state")
		}
		observers := rapid.Bool().Draw(t, "observers")
		room := func(i int) RoomSeats {
			r := RoomSeats{Capacity: capacity, Status: Scheduled, Deadline: 100, Seatless: !HoldsSeat(Accepted, roles[i], observers)}
			for j, s := range states {
				if HoldsSeat(s, roles[j], observers) {
					r.Taken++
				}
			}
			return r
		}
		for range 40 {
			i := rapid.IntRange(0, n-1).Draw(t, "guest")
			was, before := states[i], room(i).Taken
			by := rapid.SampledFrom([]Actor{ByGuest, ByStaff, BySystem}).Draw(t, "by")
			wanted := rapid.SampledFrom(slices.Concat(GuestStates, GuestAnswers, accepts)).Draw(t, "wanted")
			var err error
			switch {
			case by == ByGuest:
				states[i], err = Answer(was, wanted, room(i), Instant(rapid.IntRange(0, 120).Draw(t, "now")))
			case by == ByStaff && slices.Contains(GuestAnswers, wanted):
				states[i], err = RecordAnswer(was, wanted, room(i))
			case by == BySystem && wanted == Reconfirm:
				for j := range states {
					states[j] = AfterMove(states[j], room(j))
				}
				was = states[i]
			case wanted != Reconfirm && wanted != Accepted && MayBecome(was, wanted, by):
				states[i] = wanted
			}
			if err != nil && states[i] != was {
				t.Fatalf("refused, yet %s became %s", was.Key(), states[i].Key())
			}
			if states[i] != was && !MayBecome(was, states[i], by) {
				t.Fatalf("%s became %s", was.Key(), states[i].Key())
			}
			// Only who comes unasked finds a chair at a full table.
			if taken := room(i).Taken; taken > max(capacity, before) && states[i] != Attended {
				t.Fatalf("%d of %d seats taken", taken, capacity)
			}
		}
	})
}

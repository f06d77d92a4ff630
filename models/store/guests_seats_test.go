package store_test

import (
	"errors"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// Early guests are ticked off at the door, while others still answer.
func TestAnswer_whoSitsAtTheTableAlreadyKeepsTheSeat(t *testing.T) {
	x := newTable(t, storetest.Seats(1), storetest.At(storetest.Start.Add(time.Hour)),
		storetest.With(func(in *models.RoundtableInput) { in.AutoPromote = true }))
	early, first := x.invited("Ana Echeverry", models.Congress)
	late, second := x.invited("Miriam Stroud", models.Academia)
	_, third := x.invited("Kenji Mizuhara", models.Diplomats)
	storetest.Answer(t, x.st, first, models.Accepted)
	storetest.Answer(t, x.st, second, models.Waitlisted)
	if _, _, err := x.st.SetAttendance(t.Context(), x.lead, x.room, []models.ID{early}, models.Attended); err != nil {
		t.Fatal(err)
	}
	if _, err := x.st.AnswerInvitation(t.Context(), third, models.AnswerInput{Answer: models.Accepted, Chosen: true}); !models.IsTableFull(err) {
		t.Errorf("the only chair is taken: %v", err)
	}
	storetest.Answer(t, x.st, third, models.Declined)
	if s := x.read(late).State; s != models.Waitlisted {
		t.Errorf("who waits is %v although somebody sits there", s)
	}
	list, err := x.st.Guests(t.Context(), x.lead, x.room, models.GuestFilter{})
	if err != nil || list.Counts.Seats != 1 || list.Next != 0 {
		t.Errorf("%d seats taken, next is %v: %v", list.Counts.Seats, list.Next, err)
	}
}

func TestSetGuestRole_givesNoSeatThatIsNotThere(t *testing.T) {
	x := newTable(t, storetest.Seats(1))
	observer, first := x.invited("Ana Echeverry", models.Congress)
	_, second := x.invited("Miriam Stroud", models.Academia)
	if _, _, err := x.st.SetGuestRole(t.Context(), x.lead, x.room, []models.ID{observer}, models.RoleObserver); err != nil {
		t.Fatal(err)
	}
	storetest.Answer(t, x.st, first, models.Accepted)
	storetest.Answer(t, x.st, second, models.Accepted)
	_, _, err := x.st.SetGuestRole(t.Context(), x.lead, x.room, []models.ID{observer}, models.RoleSpeaker)
	invalidFor(t, err, "")
	if g := x.read(observer); g.Role != models.RoleObserver {
		t.Errorf("the table holds one, and now %v sits there too", g.Role)
	}
	if _, _, err := x.st.SetGuestRole(t.Context(), x.lead, x.room, []models.ID{x.guest("Kenji Mizuhara", models.Diplomats)}, models.RoleChair); err != nil {
		t.Errorf("who holds no seat takes none: %v", err)
	}
}

func TestSetGuestRole_aSeatThatBecomesFreeGoesToWhoWaits(t *testing.T) {
	x := newTable(t, storetest.Seats(1), storetest.With(func(in *models.RoundtableInput) { in.AutoPromote = true }))
	seated, first := x.invited("Ana Echeverry", models.Congress)
	waiting, second := x.invited("Miriam Stroud", models.Academia)
	storetest.Answer(t, x.st, first, models.Accepted)
	storetest.Answer(t, x.st, second, models.Waitlisted)
	_, undo, err := x.st.SetGuestRole(t.Context(), x.lead, x.room, []models.ID{seated}, models.RoleObserver)
	if err != nil {
		t.Fatal(err)
	}
	if s := x.read(waiting).State; s != models.Accepted {
		t.Errorf("who waits is %v although a seat is free", s)
	}
	if _, err := x.st.TakeBack(t.Context(), x.lead, undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("two on one seat: %v", err)
	}
}

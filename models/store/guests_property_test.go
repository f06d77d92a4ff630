package store_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// TestGuests_whateverIsDoneTheSeatsHold does random things to random guests
// and looks at the list after each.
func TestGuests_whateverIsDoneTheSeatsHold(t *testing.T) {
	st, clock := storetest.Open(t)
	account := storetest.Account(t, st, "Amara Lindgren", models.RoleConvener)
	var people []models.ID
	for i := range 6 {
		people = append(people, storetest.Person(t, st, account, "Guest "+string(rune('A'+i)), models.Sectors[i%3], "").ID)
	}
	rapid.Check(t, func(rt *rapid.T) {
		capacity := rapid.IntRange(1, 3).Draw(rt, "capacity")
		auto := rapid.Bool().Draw(rt, "auto")
		starts := clock.Now().AddDate(0, 0, 20).Truncate(24 * time.Hour).Add(14 * time.Hour)
		room, lead := storetest.Roundtable(t, st, account, storetest.At(starts), storetest.Seats(capacity),
			storetest.With(func(in *models.RoundtableInput) { in.AutoPromote = auto }))
		added, err := st.AddGuests(t.Context(), lead, room, models.AddGuestsInput{People: people, Wave: "A"})
		if err != nil {
			rt.Fatal(err)
		}
		tokens := storetest.Invite(t, st, lead, room)
		given := map[int]models.ID{}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			guest := rapid.SampledFrom(added.Added).Draw(rt, "guest")
			answer := rapid.SampledFrom([]models.GuestState{models.Accepted, models.Accepted, models.Tentative, models.Declined, models.Waitlisted}).Draw(rt, "answer")
			var err error
			switch rapid.IntRange(0, 5).Draw(rt, "act") {
			case 0, 1, 2:
				_, err = st.AnswerInvitation(t.Context(), tokens[guest], models.AnswerInput{Answer: answer, Chosen: true})
			case 3:
				err = st.RecordAnswer(t.Context(), lead, guest, models.RecordInput{Answer: answer, Via: "phone"})
			case 4:
				_, err = st.WithdrawGuests(t.Context(), lead, room, []models.ID{guest}, "")
			case 5:
				_, err = st.InviteGuests(t.Context(), lead, room, models.InviteInput{Guests: []models.ID{guest}})
				for _, m := range storetest.KeepMail(t, st) {
					tokens[m.Invitation.Guest] = m.Token
				}
			}
			var invalid *models.InvalidError
			if err != nil && !errors.As(err, &invalid) && !errors.Is(err, models.ErrGone) {
				rt.Fatal(err)
			}
			checkSeats(t, rt, st, lead, room, capacity, auto, given)
		}
	})
}

func checkSeats(t *testing.T, rt *rapid.T, st *store.Store, lead models.Viewer, room models.ID, capacity int, auto bool, given map[int]models.ID) {
	list, err := st.Guests(t.Context(), lead, room, models.GuestFilter{})
	if err != nil {
		rt.Fatal(err)
	}
	if list.Counts.Seats > capacity {
		rt.Fatalf("%d guests on %d seats", list.Counts.Seats, capacity)
	}
	if auto && list.Counts.Seats < capacity && list.Counts.Segments[models.SegmentWaiting] > 0 {
		rt.Fatal("a seat is free although somebody waits")
	}
	for _, g := range list.Guests {
		if g.State == models.Accepted && g.Seat == 0 {
			rt.Fatal("accepted without a seat code")
		}
		if g.Seat != 0 {
			if had, ok := given[g.Seat]; ok && had != g.ID {
				rt.Fatalf("S%d was given twice", g.Seat)
			}
			given[g.Seat] = g.ID
		}
	}
}
